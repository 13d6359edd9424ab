"""Setting out the points of a complaint, and finding about each of them (Code 5.6, 5.7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, StoredFile, User
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind, Outcome
from cases.rules.letter_parts import defines_points
from cases.rules.points import (
    ALL_OURS,
    IS_ALL_OURS,
    MOST_POINTS,
    NOT_SAID,
    SOUGHT_UNSAID,
    new_matters_refused,
    next_number,
    outcome_of,
    says_what_is_ours,
    says_what_is_sought,
)
from cases.selectors.history import words_of

NO_POINT = "Write down at least one point of the complaint."
WHAT_IS_SOUGHT = "Say what the customer wants, or that they did not say."
WHAT_IS_OURS = (
    "Say whether we are responsible for all of it, or else what we are not responsible for."
)

NEVER_SAID_NOT_OURS = (
    "Point {place} cannot be found not our responsibility: the points do not say what we are not "
    "responsible for. Change the points first, so that the customer can be told."
)
NOT_ALL_NOT_OURS = (
    "A complaint is not our responsibility only where that was found about every point of it."
)


@dataclass(frozen=True, slots=True)
class Definition:
    """A complaint as we understand it.

    `points` are in their order: the number of a point known already, or None for a new one, and
    its words. `sought` is what the customer wants, if they said it; the others say what we answer
    for, in words where that is not all of it: then what is not ours must be among them.
    """

    points: Sequence[tuple[int | None, str]]
    sought: str = ""
    responsible: str = ""
    not_responsible: str = ""
    is_sought_unsaid: bool = False
    is_all_ours: bool = False

    @property
    def says_what_is_sought(self) -> bool:
        """Say whether it tells what the customer wants, or that they did not say (Code 5.6)."""
        return says_what_is_sought(sought=self.sought, is_unsaid=self.is_sought_unsaid)

    @property
    def says_what_is_ours(self) -> bool:
        """Say whether it tells what we are and are not responsible for (Code 5.7)."""
        return says_what_is_ours(not_responsible=self.not_responsible, is_all_ours=self.is_all_ours)

    @property
    def says_in_words_what_is_ours(self) -> bool:
        """Say whether it is told in words what of it is ours."""
        return bool(self.responsible.strip() or self.not_responsible.strip())


@dataclass(frozen=True, slots=True)
class PointFinding:
    """What was found about one point: why, on which files and entries, and what goes with it.

    `evidence` names files and entries as "file:12" and "entry:5"; `remedies` are codes; `turn_to`
    says who answers for what is not ours.
    """

    number: int
    finding: Outcome
    reason: str
    remedies: Sequence[str] = ()
    evidence: Sequence[str] = ()
    turn_to: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The findings about the points, and why the outcome is another than they give, if it is."""

    findings: Sequence[PointFinding] = field(default_factory=tuple)
    outcome_because: str = ""


def define_points(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    definition: Definition,
    on: date | None = None,
) -> Complaint:
    """Set out the points anew; those known keep their numbers and what was found about them.

    :raises ReasonMissing: if there is no point, or one without words; where the stage defines the
        complaint, if it does not say what is sought and what is ours.
    :raises ActionNotAllowed: as `add_definition` does.
    """
    with recording(
        complaint_id=complaint_id, act=Act.DEFINE_POINTS, by=by, now=now, seen=seen
    ) as case:
        if defines_points(case.terms.stage(case.state.stage)):
            check_whole(definition)
        add_definition(case, definition, on=on)
    return case.complaint


def definition_in_force(case: CaseFile) -> Definition:
    """Return the complaint as it was set out last, with no point where it never was."""
    points = case.state.points
    if not points:
        return Definition([])
    number = points[0].defined_by
    told = words_of(case.complaint, number)
    facts = case.facts_of(number)
    is_unsaid, is_all_ours = bool(facts.get(SOUGHT_UNSAID)), bool(facts.get(IS_ALL_OURS))
    return Definition(
        [(each.number, told.get(f"point_{each.number}", "")) for each in points],
        sought="" if is_unsaid else told.get("sought", ""),
        responsible="" if is_all_ours else told.get("responsible", ""),
        not_responsible=told.get("not_responsible", ""),
        is_sought_unsaid=is_unsaid,
        is_all_ours=is_all_ours,
    )


def check_defined(case: CaseFile, definition: Definition | None) -> None:
    """Refuse to go on where the complaint is to be defined now and is not (Code 5.6, 5.7).

    What was set out before counts as what is set out now.

    :raises ReasonMissing: if there is no point, or it is not said what is sought or what is ours.
    """
    check_whole(definition if definition is not None else definition_in_force(case))


def check_whole(definition: Definition) -> None:
    """Refuse a definition that lacks something the Code wants in it (5.6, 5.7).

    :raises ReasonMissing: if there is no point, or it is not said what is sought or what is ours.
    """
    if not definition.points:
        raise ReasonMissing(NO_POINT)
    if not definition.says_what_is_sought:
        raise ReasonMissing(WHAT_IS_SOUGHT)
    if not definition.says_what_is_ours:
        raise ReasonMissing(WHAT_IS_OURS)


def _check_consistent(definition: Definition) -> None:
    if definition.is_sought_unsaid and definition.sought.strip():
        raise ActionNotAllowed("The customer either said what they want, or did not.")
    if definition.is_all_ours and definition.says_in_words_what_is_ours:
        raise ActionNotAllowed("Either we are responsible for all of it, or say for what.")


def add_definition(case: CaseFile, definition: Definition, *, on: date | None = None) -> None:
    """Add the event that sets out the points, within another act.

    :raises ReasonMissing: if there is no point, or one without words.
    :raises ActionNotAllowed: if there are too many, or a new one is for a complaint of its own, or
        it says two things at once of what is sought or of what is ours.
    """
    _check_consistent(definition)
    points = [(number, text.strip()) for number, text in definition.points]
    if not points or not all(text for _, text in points):
        raise ReasonMissing(NO_POINT)
    if len(points) > MOST_POINTS:
        raise ActionNotAllowed(f"A complaint has at most {MOST_POINTS} points.")
    known = {point.number for point in case.state.points}
    refusal = new_matters_refused(case.terms.stage(case.state.stage)) if known else ""
    if refusal and any(number not in known for number, _ in points):
        raise ActionNotAllowed(refusal)
    free = next_number(case.state.events)
    numbered: dict[int, str] = {}
    for number, text in points:
        if number in known and number is not None:
            numbered[number] = text
        else:
            numbered[free] = text
            free += 1
    case.add(
        EventKind.POINTS_DEFINED,
        on=on,
        facts={
            "points": list(numbered),
            **({SOUGHT_UNSAID: True} if definition.is_sought_unsaid else {}),
            **({IS_ALL_OURS: True} if definition.is_all_ours else {}),
        },
        words={
            **{f"point_{number}": text for number, text in numbered.items()},
            "sought": NOT_SAID if definition.is_sought_unsaid else definition.sought.strip(),
            "responsible": (ALL_OURS if definition.is_all_ours else definition.responsible.strip()),
            "not_responsible": definition.not_responsible.strip(),
        },
    )


def check_judgement(
    case: CaseFile, judgement: Judgement, outcome: Outcome | None
) -> Outcome | None:
    """Return the outcome: the one given, or what the findings give.

    :raises ReasonMissing: if a point has no finding or no reason, or what is not ours has nobody to
        turn to, or the outcome is another than the findings give and nobody says why.
    :raises ActionNotAllowed: if a point is found not ours of which the customer was not told so,
        or the complaint where some of it is ours.
    """
    places = {point.number: place for place, point in enumerate(case.state.points, start=1)}
    found = {each.number: each for each in judgement.findings}
    for number, place in places.items():
        if number not in found:
            raise ReasonMissing(f"Say what was found about point {place}.")
        if not found[number].reason.strip():
            raise ReasonMissing(f"Say why: the reason for the finding about point {place}.")
    _check_not_ours(case, {place: found[number] for number, place in places.items()})
    worked_out = outcome_of([found[number].finding for number in places])
    given = outcome or worked_out
    if given is Outcome.NOT_OURS and worked_out is not given:
        raise ActionNotAllowed(NOT_ALL_NOT_OURS)
    if worked_out and given is not worked_out and not judgement.outcome_because.strip():
        raise ReasonMissing(
            f"The findings make the complaint {worked_out.words.lower()}. Say why the outcome is "
            "another."
        )
    return given


def _check_not_ours(case: CaseFile, found: Mapping[int, PointFinding]) -> None:
    """Refuse to find not ours what the points never called so, or to turn nobody to (Code 5.7).

    One query if any is found so.
    """
    places = [place for place, each in found.items() if each.finding is Outcome.NOT_OURS]
    if places and not definition_in_force(case).not_responsible.strip():
        raise ActionNotAllowed(NEVER_SAID_NOT_OURS.format(place=places[0]))
    for place in places:
        if not found[place].turn_to.strip():
            raise ReasonMissing(f"Say who answers for point {place}, and how to reach them.")


def evidence_facts(case: CaseFile, codes: Sequence[str]) -> dict[str, Any]:
    """Return the files and entries on which a refusal rests as its event carries them.

    `codes` name them as "file:12" and "entry:5". One query if any is a file.

    :raises ValueError: if there is no such entry, or the file is not one of the complaint.
    """
    if not codes:
        return {}
    named = {code.partition(":")[::2] for code in codes}
    files = {int(key) for kind, key in named if kind == "file"}
    known = {f"entry:{event.number}" for event in case.state.events}
    if files:
        ours = StoredFile.objects.filter(complaint=case.complaint, pk__in=files)
        known |= {f"file:{key}" for key in ours.values_list("pk", flat=True)}
    if unknown := set(codes) - known:
        raise ValueError(f"{sorted(unknown)} are not of this complaint.")
    return {"rests_on": list(codes)}


def judgement_facts(judgement: Judgement) -> dict[str, Any]:
    """Return the facts of the findings as the event of an answer carries them; none of none."""
    if not judgement.findings:
        return {}
    return {
        "findings": {
            str(each.number): {
                "finding": each.finding.value,
                "remedies": list(each.remedies),
                "evidence": list(each.evidence),
            }
            for each in judgement.findings
        }
    }


def judgement_words(judgement: Judgement) -> Mapping[str, str]:
    """Return the words of the findings as they are kept beside the answer."""
    return {
        **{f"finding_{each.number}": each.reason.strip() for each in judgement.findings},
        **{
            f"turn_to_{each.number}": each.turn_to.strip()
            for each in judgement.findings
            if each.finding is Outcome.NOT_OURS
        },
        "outcome_because": judgement.outcome_because.strip(),
    }
