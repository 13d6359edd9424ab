"""The compulsory parts of each letter: what it must say under its procedure and in its stage.

A letter without one of them is not issued: `missing_parts` is asked where letters are made.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_facts import LetterFacts, LetterKind
from cases.rules.letter_sentences import (
    ALL_OURS,
    HEARD_BY,
    NOT_RESPONSIBLE,
    OFFER,
    RESPONSIBLE,
    SET_OFF,
    SOUGHT,
    SOUGHT_NOT_SAID,
    WELCOME,
    YES_OR_NO,
)
from cases.rules.parts import Part
from cases.rules.points import one_line, says_what_is_ours
from cases.rules.terms import Stage

_CODES = frozenset(part.value for part in Part)
# What turns the customer away: told in writing whatever the procedure, for its reasons and for the
# way to the Ombudsman (Code 2.4, 5.11; KF-14, LV-9, HH-6).
IN_WRITING = frozenset(
    {LetterKind.NOT_ACCEPTED, LetterKind.REFERRED, LetterKind.ESCALATION_REFUSED}
)
ANSWERING = frozenset({LetterKind.RESPONSE, LetterKind.OUTCOME})
# Outcomes that leave nothing to be put right.
NOTHING_TO_PUT_RIGHT = frozenset({Outcome.NOT_UPHELD, Outcome.NOT_OURS})
# What each letter says under every procedure.
_ALWAYS: Mapping[LetterKind, tuple[Part, ...]] = {
    LetterKind.ACKNOWLEDGEMENT: (Part.STAGE, Part.DEFINITION, Part.OMBUDSMAN),
    # Put right at first contact it is closed with a resolution (HH-7, HH-11), and can still be
    # handled as a complaint (LV-5).
    LetterKind.RESOLUTION: (Part.PUT_RIGHT, Part.FURTHER, Part.OMBUDSMAN),
    LetterKind.RESPONSE: (Part.STAGE, Part.DECISION, Part.REASONS, Part.OMBUDSMAN),
    # A panel that finds that something went wrong says what puts it right (Code 6.19, 7.1).
    LetterKind.OUTCOME: (Part.STAGE, Part.DECISION, Part.REASONS, Part.REMEDY, Part.OMBUDSMAN),
    LetterKind.EXTENSION: (Part.STAGE, Part.REASONS, Part.NEW_DAY, Part.OMBUDSMAN),
    LetterKind.ESCALATION_ACCEPTED: (Part.STAGE, Part.OMBUDSMAN),
    LetterKind.ESCALATION_REFUSED: (Part.STAGE, Part.REASONS, Part.OMBUDSMAN),
    LetterKind.WINDOW_EXTENDED: (Part.NEW_DAY, Part.OMBUDSMAN),
    LetterKind.INVITATION: (Part.HEARING, Part.PLACE, Part.TAKING_PART),
    LetterKind.PAPERS: (Part.HEARING,),
    LetterKind.PROMISE_MOVED: (Part.REASONS, Part.NEW_DAY, Part.OMBUDSMAN),
    LetterKind.PROMISE_WITHDRAWN: (Part.REASONS, Part.OMBUDSMAN),
    LetterKind.OFFER_OPEN: (Part.NEW_DAY, Part.OMBUDSMAN),
    LetterKind.OFFER_WITHDRAWN: (Part.REASONS, Part.OMBUDSMAN),
    LetterKind.DELAY: (Part.REASONS, Part.NEW_DAY, Part.OMBUDSMAN),
    LetterKind.NOT_ACCEPTED: (Part.REASONS, Part.OMBUDSMAN),
    LetterKind.REFERRED: (Part.REASONS, Part.OMBUDSMAN),
    LetterKind.CLOSING: (Part.FURTHER, Part.OMBUDSMAN),
    LetterKind.COMPENSATION: (Part.AMOUNT, Part.BASIS),
    LetterKind.UPDATE: (Part.MESSAGE,),
    # It goes to the customer's own address, and is of no stage (HH-4, KF-1).
    LetterKind.CONSENT_REQUEST: (Part.SPEAKER, Part.ANSWER),
}


@dataclass(frozen=True, slots=True)
class Must:
    """Something that a letter must say; without a part it is what only its writer can vouch for."""

    part: Part | None
    words: str
    where_from: str

    @property
    def code(self) -> str:
        """Return what names it in a form."""
        return self.part.value if self.part else self.words


def encloses_policy(stage: Stage) -> bool:
    """Say whether the acknowledgement of a stage goes with the policy (HH-14)."""
    return stage.letters.acknowledgement_encloses_policy


def defines_points(stage: Stage) -> bool:
    """Say whether the complaint is defined as the stage is acknowledged (Code 5.6, 5.7)."""
    return stage.letters.acknowledgement_defines


def to_vouch_for(kind: LetterKind, stage: Stage) -> tuple[str, ...]:
    """Return what the procedure wants said that only the writer of the letter can vouch for."""
    if kind not in ANSWERING:
        return ()
    return stage.letters.answer_says


def compulsory_parts(
    kind: LetterKind,
    stage: Stage,
    *,
    with_policy: bool = False,
    is_sent_back: bool = False,
    with_money: bool = False,
    is_late: bool = False,
) -> tuple[Part, ...]:
    """Return the parts that a letter must have, in the order of `Part`.

    `is_sent_back`: the panel sent the complaint back, and there is no way further yet.
    `with_money`: it offers compensation, whatever letter it is (Code 7.1). `is_late`: it keeps
    something after its day, for which it apologises with the reason (HH-29).
    """
    wanted = {*_ALWAYS.get(kind, ()), Part.REACH}
    if kind in ANSWERING:
        wanted |= set(stage.letters.answer_parts)
        wanted |= {Part.FURTHER} if stage.routes else set()
        if is_sent_back:
            wanted -= {Part.FURTHER, Part.APPEAL, Part.REMEDY, Part.ACTIONS}
    if kind is LetterKind.ACKNOWLEDGEMENT and defines_points(stage):
        # Code 5.6, 5.7
        wanted |= {Part.SOUGHT, Part.RESPONSIBLE}
    if with_policy:
        wanted.add(Part.POLICY)
    if with_money:
        wanted |= {Part.AMOUNT, Part.BASIS}
    if is_late and kind is not LetterKind.DELAY:
        wanted.add(Part.LATENESS)
    return tuple(part for part in Part if part in wanted)


def checklist(
    kind: LetterKind,
    stage: Stage,
    *,
    is_sent_back: bool = False,
    with_money: bool = False,
    is_late: bool = False,
) -> list[Must]:
    """Return what a letter must say, as its writer is told before writing it and meanwhile.

    `is_sent_back`, `with_money` and `is_late` as in `compulsory_parts`, as far as is known yet.
    """
    parts = compulsory_parts(
        kind,
        stage,
        with_policy=kind is LetterKind.ACKNOWLEDGEMENT and encloses_policy(stage),
        is_sent_back=is_sent_back,
        with_money=with_money,
        is_late=is_late,
    )
    return [
        *(Must(part, part.words, part.where_from) for part in parts),
        *(Must(None, phrase, "your words") for phrase in to_vouch_for(kind, stage)),
    ]


def parts_of_money(kind: LetterKind) -> list[Must]:
    """Return what a letter must say besides, where it offers compensation and does not have to."""
    if kind not in (*ANSWERING, LetterKind.RESOLUTION):
        return []
    return [
        Must(part, f"{part.words}, if any is offered", part.where_from)
        for part in (Part.AMOUNT, Part.BASIS)
    ]


def parts_asked_of(facts: LetterFacts) -> tuple[Part, ...]:
    """Return the parts that this letter must have."""
    return compulsory_parts(
        facts.kind,
        facts.the_stage,
        with_policy=facts.must_enclose_policy,
        is_sent_back=facts.panel_decision is PanelDecision.RE_INVESTIGATE,
        with_money=bool(facts.amount),
        is_late=bool(facts.late_told),
    )


def parts_to_vouch_for(facts: LetterFacts) -> tuple[str, ...]:
    """Return what the writer of this letter vouches for, where it was written elsewhere."""
    parts = tuple(part.value for part in parts_asked_of(facts))
    return (*parts, *to_vouch_for(facts.kind, facts.the_stage))


def words_to_vouch_for(code: str) -> str:
    """Return what is vouched for in words: a part by its code, or words of the procedure."""
    return Part(code).words if code in _CODES else code


def missing_parts(facts: LetterFacts, sections: Mapping[str, list[str]]) -> list[Part]:
    """Return the compulsory parts that a letter lacks, given its paragraphs by section."""
    return [part for part in parts_asked_of(facts) if not _HAS[part](facts, sections)]


def missing_phrases(facts: LetterFacts) -> list[str]:
    """Return what nobody vouches for though the procedure wants it said."""
    wanted = to_vouch_for(facts.kind, facts.the_stage)
    return [phrase for phrase in wanted if phrase not in facts.says]


Sections = Mapping[str, list[str]]


def _all(sections: Sections) -> str:
    return "\n".join(text for paragraphs in sections.values() for text in paragraphs)


def _has_stage(facts: LetterFacts, sections: Sections) -> bool:
    return facts.say(facts.the_stage.name) in _all(sections)


def _has_definition(_facts: LetterFacts, sections: Sections) -> bool:
    return any(sections.get(name) for name in ("definition", "points")) or bool(
        _facts.kind not in ANSWERING and sections.get("words")
    )


def _has_lateness(facts: LetterFacts, sections: Sections) -> bool:
    return bool(facts.late_told) and facts.late_told in _all(sections)


def _has_sought(facts: LetterFacts, sections: Sections) -> bool:
    return any(each in _all(sections) for each in sought_told(facts))


def _has_responsible(facts: LetterFacts, sections: Sections) -> bool:
    if not says_what_is_ours(not_responsible=facts.not_responsible, is_all_ours=facts.is_all_ours):
        return False
    return all(each in _all(sections) for each in ours_told(facts))


def sought_told(facts: LetterFacts) -> list[str]:
    """Return what a letter says of what the customer wants, nothing where nobody knows."""
    if facts.is_sought_unsaid:
        return [facts.say(SOUGHT_NOT_SAID)]
    return [facts.say(SOUGHT, what=one_line(facts.sought))] if facts.sought else []


def ours_told(facts: LetterFacts) -> list[str]:
    """Return what a letter says of what we are and are not responsible for."""
    if facts.is_all_ours:
        return [facts.say(ALL_OURS)]
    named = ((RESPONSIBLE, facts.responsible), (NOT_RESPONSIBLE, facts.not_responsible))
    return [facts.say(words, what=one_line(text)) for words, text in named if text]


def _has_decision(facts: LetterFacts, sections: Sections) -> bool:
    is_decided = facts.outcome is not None or facts.panel_decision is not None
    return is_decided and bool(sections.get("decision"))


def _has_reasons(facts: LetterFacts, sections: Sections) -> bool:
    if facts.kind is LetterKind.DELAY:
        return bool(sections.get("decision"))
    if sections.get("words"):
        return True
    if facts.kind in ANSWERING:
        return bool(sections.get("points")) and all(each.reason.strip() for each in facts.points)
    return bool(facts.ground_told and facts.ground_told in _all(sections))


def _has_remedy(facts: LetterFacts, sections: Sections) -> bool:
    if facts.outcome is None or facts.outcome in NOTHING_TO_PUT_RIGHT:
        return True
    shown = sections.get("remedies"), sections.get("points")
    return facts.puts_right and any(shown)


def _has_words(_facts: LetterFacts, sections: Sections) -> bool:
    return bool(sections.get("words"))


def _has_amount(facts: LetterFacts, sections: Sections) -> bool:
    return bool(facts.amount) and facts.say(OFFER, amount=facts.amount) in _all(sections)


def _has_basis(facts: LetterFacts, sections: Sections) -> bool:
    is_named = all(head for head, _ in facts.heads) or bool(sections.get("words"))
    whole = _all(sections)
    is_told = all(each in whole for each in facts.heads_told)
    if facts.set_off:
        is_told = is_told and facts.say(SET_OFF, amount=facts.set_off) in whole
    return bool(facts.heads) and is_named and is_told


def _has_actions(facts: LetterFacts, sections: Sections) -> bool:
    shown = sections.get("remedies"), sections.get("points") if facts.puts_right else []
    return any(shown)


def _has_new_day(facts: LetterFacts, sections: Sections) -> bool:
    return _has_day(facts, facts.new_due_on, sections)


def _has_hearing(facts: LetterFacts, sections: Sections) -> bool:
    return _has_day(facts, facts.hearing_on, sections)


def _has_day(facts: LetterFacts, day: date | None, sections: Sections) -> bool:
    if day is None:
        return False
    return any(
        told in _all(sections) for told in (facts.tongue.plain_day(day), facts.tongue.day(day))
    )


def _has_place(facts: LetterFacts, sections: Sections) -> bool:
    told = [words for words in (facts.hearing_place.strip(), facts.hearing_link.strip()) if words]
    return bool(told) and all(words in _all(sections) for words in told)


def _has_taking_part(facts: LetterFacts, sections: Sections) -> bool:
    return facts.say(WELCOME) in _all(sections)


def _has_speaker(facts: LetterFacts, sections: Sections) -> bool:
    return bool(facts.speaker.strip()) and facts.speaker.strip() in _all(sections)


def _has_answer(facts: LetterFacts, sections: Sections) -> bool:
    return facts.say(YES_OR_NO) in _all(sections)


def _has_further(facts: LetterFacts, sections: Sections) -> bool:
    shown = sections.get("next", [])
    return any(not facts.outside or facts.outside[0] not in text for text in shown) or bool(
        not facts.the_stage.routes and shown
    )


def _has_appeal(facts: LetterFacts, sections: Sections) -> bool:
    route = facts.the_stage.customer_route
    panel = facts.terms.stage(route.to).panel if route else None
    if panel is None:
        return False
    return facts.say(HEARD_BY, who=facts.say(panel.make_up)) in _all(sections)


def _has_ombudsman(facts: LetterFacts, sections: Sections) -> bool:
    return bool(facts.outside) and all(line in _all(sections) for line in facts.outside)


def _has_policy(facts: LetterFacts, sections: Sections) -> bool:
    policies = [facts.tongue.typed(each) for each in facts.enclosures if "policy" in each]
    return any(each in text for each in policies for text in sections.get("enclosures", []))


def _has_reach(facts: LetterFacts, sections: Sections) -> bool:
    return bool(facts.reach) and facts.reach in _all(sections)


_HAS = {
    Part.STAGE: _has_stage,
    Part.DEFINITION: _has_definition,
    Part.SOUGHT: _has_sought,
    Part.RESPONSIBLE: _has_responsible,
    Part.LATENESS: _has_lateness,
    Part.DECISION: _has_decision,
    Part.REASONS: _has_reasons,
    Part.REMEDY: _has_remedy,
    Part.PUT_RIGHT: _has_words,
    Part.MESSAGE: _has_words,
    Part.AMOUNT: _has_amount,
    Part.BASIS: _has_basis,
    Part.ACTIONS: _has_actions,
    Part.NEW_DAY: _has_new_day,
    Part.HEARING: _has_hearing,
    Part.PLACE: _has_place,
    Part.TAKING_PART: _has_taking_part,
    Part.SPEAKER: _has_speaker,
    Part.ANSWER: _has_answer,
    Part.FURTHER: _has_further,
    Part.APPEAL: _has_appeal,
    Part.OMBUDSMAN: _has_ombudsman,
    Part.POLICY: _has_policy,
    Part.REACH: _has_reach,
}
