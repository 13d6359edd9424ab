"""What each letter to a customer says besides what the officer writes."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from itertools import chain

from cases.rules import letter_sentences as said
from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_endings import what_next
from cases.rules.letter_facts import (
    FOR_THE_CUSTOMER_ALONE,
    STOPPED,
    SUBJECT,
    WITHOUT_COPIES,
    LetterFacts,
    LetterKind,
    subject_of,
)
from cases.rules.letter_parts import (
    ANSWERING,
    missing_parts,
    missing_phrases,
    ours_told,
    parts_asked_of,
    sought_told,
)
from cases.rules.letter_templates import (
    GAP,
    PARTS,
    filled,
    letter_of,
    pieces_of,
    shipped,
    unfilled,
    values_of,
)
from cases.rules.panels import offers_of
from cases.rules.parts import Part
from cases.rules.points import PointWords, one_line
from cases.rules.remedies import Remedy

__all__ = [
    "FOR_THE_CUSTOMER_ALONE",
    "STOPPED",
    "SUBJECT",
    "WITHOUT_COPIES",
    "LetterFacts",
    "LetterKind",
    "letter_paragraphs",
    "subject_of",
    "untranslated",
    "what_is_missing",
]


def letter_paragraphs(facts: LetterFacts) -> list[str]:
    """Return the letter between the greeting and the signature, a paragraph each.

    A paragraph may have several lines. What the letter must say and does not is named in its place:
    "[missing: the reasons]".
    """
    sections = letter_sections(facts)
    for part in missing_parts(facts, sections):
        sections.setdefault(_PLACES[part], []).append(f"[missing: {part.words}]")
    return [paragraph for paragraphs in sections.values() for paragraph in paragraphs]


def letter_sections(facts: LetterFacts) -> dict[str, list[str]]:
    """Return the paragraphs of the letter by section, in the order of its template.

    Paragraphs of the template are sections too: “opening”, and then “text 2” and so on.
    """
    values = values_of(facts)
    sections: dict[str, list[str]] = {}
    texts = 0
    for piece in pieces_of(template_of(facts)):
        if piece.part:
            name = PARTS[piece.part][0]
            sections[name] = _SECTIONS[name](facts)
        else:
            texts += 1
            name = "opening" if texts == 1 else f"text {texts}"
            sections[name] = [filled(piece.text, values)]
    return sections


def template_of(facts: LetterFacts) -> str:
    """Return the template that a letter is made with: the landlord’s own, or else the shipped."""
    return facts.template or shipped(letter_of(facts))


def what_is_missing(facts: LetterFacts) -> list[str]:
    """Return what the letter must say and does not, in words; nothing of a whole letter."""
    sections = letter_sections(facts)
    parts = missing_parts(facts, sections)
    found = [
        *(part.words for part in parts),
        *missing_phrases(facts),
        *unfilled(template_of(facts), values_of(facts)),
        *(untranslated(chain(*sections.values())) if facts.tongue.name else ()),
    ]
    return list(dict.fromkeys(found))


def untranslated(paragraphs: Iterable[str]) -> list[str]:
    """Return the sentences that nobody translated yet, as far as the letter would say them."""
    marks = (mark for text in paragraphs for mark in GAP.findall(text) if "missing" in mark)
    return [mark.removeprefix("[missing: ").removesuffix("]") for mark in marks]


# Where a part is named that is missing.
_PLACES = {
    Part.STAGE: "opening",
    Part.HEARING: "opening",
    Part.PLACE: "place",
    Part.TAKING_PART: "taking_part",
    Part.SPEAKER: "opening",
    Part.ANSWER: "next",
    Part.NEW_DAY: "opening",
    Part.DEFINITION: "definition",
    Part.SOUGHT: "definition",
    Part.RESPONSIBLE: "definition",
    Part.LATENESS: "decision",
    Part.DECISION: "decision",
    Part.REASONS: "words",
    Part.REMEDY: "remedies",
    Part.PUT_RIGHT: "words",
    Part.MESSAGE: "words",
    Part.AMOUNT: "remedies",
    Part.BASIS: "remedies",
    Part.ACTIONS: "remedies",
    Part.FURTHER: "next",
    Part.APPEAL: "next",
    Part.OMBUDSMAN: "next",
    Part.POLICY: "enclosures",
    Part.REACH: "reach",
}


def _place(facts: LetterFacts) -> list[str]:
    named = (
        (said.AT, facts.hearing_place),
        (said.JOIN, facts.hearing_link),
    )
    before = facts.hearing_instead_of
    instead = [facts.say(said.INSTEAD_OF, day=facts.tongue.day(before))] if before else []
    return [*instead, *(facts.say(words, where=where) for words, where in named if where)]


def _taking_part(facts: LetterFacts) -> list[str]:
    offers = " ".join(map(facts.say, offers_of(facts.the_stage)))
    return [facts.say(said.WELCOME), *([offers] if offers else [])]


# Letters that say back what the complaint is (Code 5.6, 5.7).
_SAYING_BACK = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.ESCALATION_ACCEPTED})


def _definition(facts: LetterFacts) -> list[str]:
    if facts.kind in ANSWERING:
        return _answered_definition(facts)
    if facts.kind not in _SAYING_BACK:
        return []
    if not facts.points:
        return [*([] if paragraphs_of(facts.words) else _as_told(facts)), *_asked_because(facts)]
    return [
        _as_understood(facts),
        *sought_told(facts),
        *ours_told(facts),
        *_asked_because(facts),
        facts.say(said.MISUNDERSTOOD),
    ]


def _answered_definition(facts: LetterFacts) -> list[str]:
    """Say what is answered, where the procedure wants it and no point says it, and why again."""
    if Part.DEFINITION not in parts_asked_of(facts):
        return _asked_because(facts)
    if not facts.points:
        return [*_as_told(facts), *_asked_because(facts)]
    understood = [] if _point_by_point(facts) else [_as_understood(facts)]
    return [*understood, *_asked_because(facts)]


def _as_told(facts: LetterFacts) -> list[str]:
    words = paragraphs_of(facts.told)
    return [facts.say(said.TOLD, what=words[0]), *words[1:]] if words else []


def _asked_because(facts: LetterFacts) -> list[str]:
    """Say back why the customer asked for this stage, if they told us; nobody has to."""
    words = paragraphs_of(facts.asked_because)
    if not words:
        return []
    stage = facts.say(facts.the_stage.name)
    return [facts.say(said.ASKED_BECAUSE, stage=stage, what=words[0]), *words[1:]]


def _as_understood(facts: LetterFacts) -> str:
    lines = "\n".join(f"{each.place}. {one_line(each.text)}" for each in facts.points)
    return f"{facts.say(said.UNDERSTOOD)}\n{lines}"


def _point_by_point(facts: LetterFacts) -> list[str]:
    """Say of every point what was found, why, and what goes with it."""
    if facts.outcome is None:
        return []
    return [
        paragraph
        for each in facts.points
        if each.point.finding is not None
        for paragraph in _about(facts, each)
    ]


def _told_of_points(facts: LetterFacts) -> frozenset[str]:
    """Return what the letter says beside the points to put them right, in English."""
    if facts.outcome is None:
        return frozenset()
    found = (each for each in facts.points if each.point.finding is not None)
    return frozenset(sentence for each in found for sentence in each.remedy_sentences)


def _shared_by_points(facts: LetterFacts) -> list[str]:
    """Return what puts more than one point right: it is said once, of the whole, in English.

    Only what the letter does by saying it: deeds and money stand with the whole already, and their
    points lead there.
    """
    if facts.outcome is None:
        return []
    found = (each.point for each in facts.points if each.point.finding is not None)
    named = Counter(code for each in found for code in dict.fromkeys(each.remedies))
    kinds = (Remedy(code) for code, count in named.items() if count > 1)
    return [kind.told for kind in kinds if not kind.is_deed and kind is not Remedy.FINANCIAL]


def _about(facts: LetterFacts, point: PointWords) -> list[str]:
    finding = point.point.finding.words.lower() if point.point.finding else ""
    found = facts.say(said.FINDING_ON_POINT, finding=facts.say(finding))
    head = f"{point.place}. {one_line(point.text)}\n{found}"
    shared = _shared_by_points(facts)
    alone = [sentence for sentence in point.remedy_sentences if sentence not in shared]
    lines = "\n".join(f"- {facts.say(sentence)}" for sentence in alone)
    turn_to = one_line(point.turn_to)
    return [
        head,
        *paragraphs_of(point.reason),
        *([facts.say(said.TURN_TO, who=turn_to)] if turn_to else []),
        *([f"{facts.say(said.POINT_RIGHT)}\n{lines}"] if lines else []),
    ]


def paragraphs_of(text: str) -> list[str]:
    """Return what somebody wrote, a paragraph each."""
    plain = text.replace("\r\n", "\n")
    return [part.strip() for part in plain.split("\n\n") if part.strip()]


_PANEL_DECISIONS = {
    PanelDecision.CHANGED: said.CHANGED,
    PanelDecision.UPHELD: said.AGREED,
    PanelDecision.RE_INVESTIGATE: said.AGAIN,
}
_FINDINGS = {
    Outcome.UPHELD: said.UPHELD,
    Outcome.PARTLY_UPHELD: said.PARTLY,
    Outcome.NOT_UPHELD: said.NOT_UPHELD,
    Outcome.NOT_OURS: said.NOT_OURS,
}


def _heard(facts: LetterFacts) -> list[str]:
    """Say when and how it was heard, by whom, and how the customer took part, as it is recorded.

    How one of several took part is of no concern to those who complain with them, who get the same
    letter.
    """
    heard = facts.heard
    if heard is None or heard.mode not in said.HEARD_SO:
        return []
    found = [facts.say(said.HEARD_SO[heard.mode], day=facts.tongue.day(heard.on))]
    # Of what was heard in their absence it is said already.
    is_told = not facts.is_for_several and heard.mode != "in_absence"
    if is_told and heard.customer is not None:
        found.append(facts.say(said.TOOK_PART[heard.customer]))
    if heard.has_companion and not facts.is_for_several:
        found.append(facts.say(said.WITH_YOU))
    if facts.panel:
        found.append(facts.say(said.SAT, who="; ".join(facts.panel)))
    return [" ".join(found)]


def _decision(facts: LetterFacts) -> list[str]:
    found = []
    if facts.kind is LetterKind.DELAY:
        return paragraphs_of(facts.late_because)
    if facts.late_told:
        found.append(facts.late_told)
    found += _heard(facts)
    if facts.panel_decision is not None:
        found.append(facts.say(_PANEL_DECISIONS[facts.panel_decision]))
    if facts.outcome is not None:
        found.append(facts.say(_FINDINGS[facts.outcome]))
    return found


def _money(facts: LetterFacts) -> list[str]:
    """Return what is offered, for what, whether it is paid out, and that we await an answer."""
    found = [facts.say(said.OFFER, amount=facts.amount)]
    if facts.heads_told:
        found.append(facts.say(said.BASIS, heads=", ".join(facts.heads_told)))
    if facts.set_off:
        found.append(facts.say(said.SET_OFF, amount=facts.set_off))
    # A letter that does nothing else asks at its beginning.
    if facts.kind is not LetterKind.COMPENSATION:
        found.append(facts.say(said.ACCEPT))
    return found


def _remedies(facts: LetterFacts) -> list[str]:
    found = []
    told = _told_of_points(facts)
    # What a point says of itself is not said a second time of the whole.
    remedies = [
        *(facts.tongue.typed(e) for e in dict.fromkeys(facts.remedies) if e not in told),
        *(facts.say(each) for each in _shared_by_points(facts)),
    ]
    if remedies:
        lines = "\n".join(f"- {sentence}" for sentence in remedies)
        found.append(f"{facts.say(said.PUT_RIGHT)}\n{lines}")
    found += _money(facts) if facts.amount else []
    if facts.promises:
        lines = "\n".join(f"- {sentence}" for sentence in facts.promises)
        found.append(f"{facts.say(said.WILL_DO)}\n{lines}")
    if facts.promised_before:
        lines = "\n".join(f"- {sentence}" for sentence in facts.promised_before)
        found.append(f"{facts.say(said.PROMISED)}\n{lines}")
    is_owed = bool(facts.promises or facts.promised_before)
    if not is_owed and Part.ACTIONS in parts_asked_of(facts):
        found.append(facts.say(said.NOTHING_BESIDES if facts.puts_right else said.NOTHING_MORE))
    return found


def _enclosures(facts: LetterFacts) -> list[str]:
    named = ", ".join(facts.tongue.typed(each) for each in facts.enclosures)
    return [facts.say(said.ENCLOSED, what=named)] if named else []


# What stands in each section that is not text of the template.
_SECTIONS: Mapping[str, Callable[[LetterFacts], list[str]]] = {
    "ground": lambda facts: [facts.ground_told] if facts.ground_told else [],
    "place": _place,
    "taking_part": _taking_part,
    "definition": _definition,
    "decision": _decision,
    "points": _point_by_point,
    "words": lambda facts: paragraphs_of(facts.words),
    "remedies": _remedies,
    "next": what_next,
    "enclosures": _enclosures,
    "reach": lambda facts: [facts.reach] if facts.reach else [],
}
