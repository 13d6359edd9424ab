"""Promises whose day has passed: which an act keeps late, and which still wait (HH-29)."""

from dataclasses import dataclass
from datetime import date

from cases.rules.events import EventKind
from cases.rules.promises import is_new_day, is_to_customer
from cases.rules.state import CaseState, Deadline, DeadlineState


@dataclass(frozen=True, slots=True)
class Lateness:
    """Why an act comes late, and whether that could have been avoided.

    `done_by` is when what stays overdue after it will be done.
    """

    because: str = ""
    avoidable: bool | None = None
    done_by: date | None = None


NOT_ASKED = Lateness()

# Acts whose letter tells the customer why they are late.
TOLD = frozenset(
    {
        EventKind.ACKNOWLEDGED,
        EventKind.RESOLVED,
        EventKind.RESPONDED,
        EventKind.INVITATION_SENT,
        EventKind.PAPERS_SENT,
        EventKind.OUTCOME_SENT,
        EventKind.ESCALATION_ACCEPTED,
        EventKind.ESCALATION_REFUSED,
    }
)


# What the customer is told of something that is late and will be done, by what keeps it.
_WHAT = {
    EventKind.CONTACTED: "We get in touch with you",
    EventKind.MANAGER_CONTACTED: "A manager gets in touch with you",
    EventKind.ACKNOWLEDGED: "We confirm that we are looking into your complaint",
    EventKind.RESPONDED: "We give you our answer",
    EventKind.RESOLVED: "We put it right with you, or pass it on to the next stage",
    EventKind.PASSED_ON: "We pass it on to the next stage",
    EventKind.ESCALATION_ACCEPTED: "We tell you whether we take it to the next stage",
    EventKind.INVITATION_SENT: "We invite you to the hearing",
    EventKind.PAPERS_SENT: "We send you the papers for the hearing",
    EventKind.HEARING_HELD: "We hold the hearing",
    EventKind.OUTCOME_SENT: "We tell you what was decided at the hearing",
}


def told_of(deadline: Deadline) -> str:
    """Return in words for the customer what a promise of the procedure is."""
    kinds = deadline.timescale.met_by if deadline.timescale else ()
    return next((_WHAT[kind] for kind in _WHAT if kind in kinds), "We do what is late")


def overdue_promises(state: CaseState, day: date) -> list[Deadline]:
    """Return what the customer was promised and is overdue on a day, the soonest due first.

    What is owed to the Ombudsman, and what colleagues are to do, is no promise to the customer; a
    new day told for something overdue is no second thing that is.
    """
    return [
        each
        for each in state.live_deadlines
        if each.due_on is not None
        and day > each.due_on
        and (each.promise is None or (is_to_customer(each) and not is_new_day(each)))
    ]


def kept_late_by(state: CaseState, number: int) -> list[Deadline]:
    """Return what the event of that number kept after its day: promises, and what was owed.

    What colleagues have to do among themselves nobody outside was promised.
    """
    return [
        each
        for each in state.deadlines
        if each.met_by == number
        and each.state is DeadlineState.MET_LATE
        and not each.is_internal
        and not is_new_day(each)
    ]


def without_a_day(state: CaseState, day: date) -> list[Deadline]:
    """Return what is overdue and for which no new day, still to come, was told the customer."""
    told = {
        each.about
        for each in state.live_deadlines
        if is_new_day(each) and each.due_on is not None and each.due_on >= day
    }
    return [each for each in overdue_promises(state, day) if key_of(each) not in told]


def key_of(deadline: Deadline) -> tuple[str, int, str]:
    """Return what a deadline is known by in its complaint."""
    return deadline.stage, deadline.visit, deadline.code
