"""What a letter is made from: what its act tells, and what the record and the settings add."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TypedDict

from cases.models import Landlord, LetterTemplate, OutsideBodyDetails
from cases.operations.letterheads import how_to_reach, merged
from cases.operations.record import CaseFile
from cases.operations.telling import Telling
from cases.rules.attendance import Heard
from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_facts import EarlierComplaint, LetterFacts, LetterKind
from cases.rules.letter_parts import encloses_policy
from cases.rules.letter_templates import letter_of
from cases.rules.own_words import own_words
from cases.rules.points import IS_ALL_OURS, SOUGHT_UNSAID, in_words
from cases.selectors.letter_readers import complaining_too
from cases.selectors.letter_templates import template_in_force


class Told(TypedDict, total=False):
    """What an act gives its letter to tell, each as `LetterFacts` has it."""

    outcome: Outcome | None
    panel_decision: PanelDecision | None
    remedies: Sequence[str]
    amount: str
    heads: Sequence[tuple[str, str]]
    set_off: str
    promises: Sequence[str]
    promised_before: Sequence[str]
    promise: str
    offered: str
    new_due_on: date | None
    hearing_on: date | None
    hearing_instead_of: date | None
    hearing_place: str
    hearing_link: str
    heard: Heard | None
    panel: Sequence[str]
    ground: str
    earlier: EarlierComplaint | None
    enclosures: Sequence[str]
    speaker: str
    speakers_part: str


def facts_of(
    case: CaseFile,
    kind: LetterKind,
    telling: Telling,
    told: Told,
    *,
    heard_in: tuple[str, int] | None,
    landlord: Landlord | None,
) -> tuple[LetterFacts, LetterTemplate | None]:
    """Return what a letter is made from, and the landlord's own words for it, if there are any.

    `heard_in` is the stage and visit it tells of, when its event sent the complaint elsewhere.
    """
    bodies = {
        code: row.lines for code, row in OutsideBodyDetails.objects.all_on(case.today).items()
    }
    stage, visit = heard_in or (case.state.stage, case.state.visit)
    facts = LetterFacts(
        kind=kind,
        stage=stage,
        visit=visit,
        reference=case.complaint.reference,
        terms=case.terms,
        state=case.state,
        outside=bodies.get("ombudsman", ()),
        others=bodies,
        words=telling.words,
        late_because=case.late_because,
        reach=how_to_reach(landlord),
        told=own_words(case.complaint.summary),
        asked_because=_asked_because(case, stage, visit),
        says=telling.says,
        must_enclose_policy=kind is LetterKind.ACKNOWLEDGEMENT
        and encloses_policy(case.terms.stage(stage)),
        merged=merged(case, landlord),
        **told,
    )
    facts = _with_definition(case, _with_promises(case, facts, telling))
    if facts.heard is not None:
        is_for_several = any(each.gets_letters for each in complaining_too(case.complaint))
        facts = replace(facts, is_for_several=is_for_several)
    procedure_id = case.complaint.procedure_version.procedure_id
    template = template_in_force(procedure_id, letter_of(facts))
    return (replace(facts, template=template.text) if template else facts), template


def _with_promises(case: CaseFile, facts: LetterFacts, telling: Telling) -> LetterFacts:
    """Return them with all that is promised: by the act, with its letter, and what is late."""
    with_it = (each.sentence for each in telling.promises)
    return replace(facts, promises=[*facts.promises, *with_it, *case.new_days])


def _with_definition(case: CaseFile, facts: LetterFacts) -> LetterFacts:
    """Return them with the points in their words, and what was set out with these.

    One query, if there are any.
    """
    points = case.state.points
    if not points:
        return facts
    numbers = {number for each in points for number in (each.defined_by, each.found_by)}
    words = case.words_beside(number for number in numbers if number)
    defined = words.get(points[0].defined_by, {})
    chosen = case.facts_of(points[0].defined_by)
    return replace(
        facts,
        points=in_words(points, words),
        sought=defined.get("sought", ""),
        responsible=defined.get("responsible", ""),
        not_responsible=defined.get("not_responsible", ""),
        is_sought_unsaid=bool(chosen.get(SOUGHT_UNSAID)),
        is_all_ours=bool(chosen.get(IS_ALL_OURS)),
    )


def _asked_because(case: CaseFile, stage: str, visit: int) -> str:
    """Return with which words the customer asked for the stage that a letter tells of, if any.

    One query where they asked for it.
    """
    stay = next(e for e in case.state.visits if e.stage == stage and e.number == visit)
    if stay.asked_on is None:
        return ""
    return case.words_beside([stay.began_by]).get(stay.began_by, {}).get("reasons", "")
