"""Promises whose day has passed: which an act would keep late, and which still wait (HH-29)."""

from datetime import date

from cases.rules.events import EventKind
from cases.rules.promises import is_to_customer
from cases.rules.state import CaseState, Deadline


def overdue_promises(state: CaseState, day: date) -> list[Deadline]:
    """Return what the customer was promised and is overdue on a day, the soonest due first.

    What is owed to the Ombudsman, and what colleagues are to do, is no promise to the customer.
    """
    return [
        each
        for each in state.live_deadlines
        if each.due_on is not None
        and day > each.due_on
        and (each.promise is None or is_to_customer(each))
    ]


def kept_late(state: CaseState, kind: EventKind, day: date) -> Deadline | None:
    """Return the promise of the current stay that an event of that day would keep late, if any."""
    here = (state.stage, state.visit)
    return next(
        (
            each
            for each in overdue_promises(state, day)
            if each.timescale is not None
            and kind in each.timescale.met_by
            and (each.stage, each.visit) == here
        ),
        None,
    )
