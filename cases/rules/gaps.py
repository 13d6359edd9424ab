"""What a procedure demands and the record of a complaint lacks."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from cases.rules.events import ANSWERS, EventKind
from cases.rules.letter_parts import defines_points
from cases.rules.promises import is_to_ombudsman
from cases.rules.state import CaseState, Deadline, DeadlineState
from cases.rules.terms import ProcedureTerms

# What is told in writing whatever the procedure (Code 2.4, 5.11).
_TURNING_AWAY = frozenset(
    {EventKind.REFUSED, EventKind.REFERRED_ELSEWHERE, EventKind.ESCALATION_REFUSED}
)
_HEARD_AFTER = (
    (EventKind.INVITATION_SENT, "no invitation to it is recorded"),
    (EventKind.PAPERS_SENT, "it is not recorded that the papers were sent beforehand"),
)


def gaps_of(
    state: CaseState, terms: ProcedureTerms, *, today: date, documented: Collection[int]
) -> list[str]:
    """Return what is missing, late or does not fit, a sentence each.

    `documented` are the numbers of the events of which a letter or its copy is kept.
    """
    return [
        *_promises(state.deadlines, terms, today),
        *_hearings(state, terms),
        *_answers(state, terms, documented),
        *_points(state),
        *(f"Entry {number} does not fit the procedure: {why}" for number, why in state.irregular),
    ]


def _promises(deadlines: Iterable[Deadline], terms: ProcedureTerms, today: date) -> Iterator[str]:
    for each in deadlines:
        if each.is_window or each.is_internal or each.due_on is None:
            continue
        what, due = _named(each, terms), f"{each.due_on:%-d %B %Y}"
        if each.state is DeadlineState.NEVER_DONE:
            yield f"{what} was due on {due} and is not recorded."
        elif each.state is DeadlineState.MET_LATE and each.met_on:
            yield f"{what} was due on {due} and was done late, on {each.met_on:%-d %B %Y}."
        elif each.state is DeadlineState.OPEN and each.due_on < today:
            yield f"{what} was due on {due} and is not done yet."
        elif each.state is DeadlineState.OPEN and is_to_ombudsman(each):
            yield f"{what} is due on {due}, and no proof that it was done is recorded yet."


def _named(deadline: Deadline, terms: ProcedureTerms) -> str:
    words = deadline.words
    return f"{terms.stage(deadline.stage).name}: {words[:1].lower()}{words[1:]}"


def undefined(
    state: CaseState,
    terms: ProcedureTerms,
    *,
    is_sought_said: bool,
    is_ours_said: bool,
    are_words_erased: bool = False,
) -> list[str]:
    """Return what of its definition lacks, where it was to be defined (Code 5.6, 5.7).

    `is_sought_said`: it is recorded what the customer wants, or that they did not say;
    `is_ours_said`: what the landlord answers for and what it does not. Of words that were erased
    nobody knows what they said.
    """
    # What was taken over from elsewhere may name no stage.
    defined = (
        (stage, event)
        for event in state.events
        if event.kind is EventKind.ACKNOWLEDGED
        and (stage := terms.by_code.get(event.stage))
        and defines_points(stage)
    )
    stage, event = next(defined, (None, None))
    if stage is None or event is None:
        return []
    told = f"{stage.name}: acknowledged on {event.on:%-d %B %Y}"
    if not state.points:
        return [f"{told}, and no point of the complaint is set out."]
    lacking = {
        "what the customer wants": is_sought_said,
        "what of the complaint is ours to answer for, and what is not": is_ours_said,
    }
    lacks = "it is not recorded"
    if are_words_erased:
        lacks = "the words that set it out were erased: it cannot be seen whether they said"
    return [f"{told}, and {lacks} {what}." for what, is_said in lacking.items() if not is_said]


def _hearings(state: CaseState, terms: ProcedureTerms) -> Iterator[str]:
    before: dict[tuple[str, int], set[EventKind]] = {}
    held: dict[tuple[str, int], date] = {}
    seated: set[tuple[str, int]] = set()
    for event in state.events:
        stay = (event.stage, event.visit)
        done = before.setdefault(stay, set())
        if event.kind is EventKind.HEARING_ARRANGED and event.facts.get("members"):
            seated.add(stay)
        if event.kind is EventKind.HEARING_HELD:
            name = terms.stage(event.stage).name
            held[stay] = event.on
            yield from (
                f"{name}: the hearing was held on {event.on:%-d %B %Y}, and {lack}."
                for kind, lack in _HEARD_AFTER
                if kind not in done
            )
            if not event.facts.get("attendance"):
                yield f"{name}: it is not recorded who took part in the hearing."
        done.add(event.kind)
    for stay, day in held.items():
        # Who sat may have been entered afterwards.
        if stay not in seated and (stage := terms.stage(stay[0])).panel:
            yield (
                f"{stage.name}: the hearing was held on {day:%-d %B %Y}, and it is not recorded "
                "who sat on the panel."
            )


def _answers(state: CaseState, terms: ProcedureTerms, documented: Collection[int]) -> Iterator[str]:
    for event in state.events:
        if event.kind in ANSWERS and event.number not in documented:
            yield (
                f"{terms.stage(event.stage).name}: of the answer of {event.on:%-d %B %Y} no letter "
                "and no copy of one is kept."
            )
        elif event.kind in _TURNING_AWAY and event.number not in documented:
            yield f"{event.kind.words}, {event.on:%-d %B %Y}: no letter that says so is kept."


def _points(state: CaseState) -> Iterator[str]:
    # What was put right without a formal answer (HH-11) needs no finding.
    formal = ANSWERS - {EventKind.RESOLVED}
    is_answered = any(event.kind in formal for event in state.events)
    for place, point in enumerate(state.points, 1):
        if is_answered and not point.ended_as:
            yield f"Point {place} of the complaint has no finding."
        elif point.finding is not None and not point.evidence:
            yield f"Point {place} of the complaint: it is not named on what its finding rests."
