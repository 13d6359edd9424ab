"""How long a procedure takes at most: everything done on its last day, every stage asked for."""

from collections.abc import Mapping, Sequence
from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.replay import replay
from cases.rules.state import CaseState, Deadline, Status
from cases.rules.terms import ProcedureTerms, Route

# No procedure has so many steps; what goes round in circles ends here.
MOST = 60
# Of what may keep a promise, what leads further.
_FURTHER = (EventKind.PASSED_ON, EventKind.ESCALATION_ACCEPTED)
_TO_HEAR = EventKind.HEARING_HELD


def on_its_last_days(
    terms: ProcedureTerms, begun: Sequence[Event], calendars: Mapping[int, WorkingCalendar]
) -> list[Event]:
    """Return the events with what follows if everybody takes all the time that they have.

    The landlord does each thing on the day it is due, and the customer asks for every further
    stage on the last day for it; where there is no last day, on the day of the answer.
    """
    events = list(begun)
    while len(events) < MOST:
        step = _next(terms, replay(terms, events, calendars), events[-1])
        if step is None:
            break
        events.append(step)
    return events


def _next(terms: ProcedureTerms, state: CaseState, last: Event) -> Event | None:
    stage = terms.stage(state.stage)
    live = [each for each in state.live_deadlines if each.due_on and each.timescale]
    is_pending = state.status is Status.AWAITING_DECISION
    hearing = next((each for each in live if _is_to_hear(each)), None)
    is_arranged = state.hearing is None or state.hearing.arranged_for is not None
    if hearing and hearing.due_on and not is_pending and not is_arranged:
        facts = {"hearing_on": hearing.due_on.isoformat()}
        return _event(last, EventKind.HEARING_ARRANGED, last.on, state, facts)
    if live:
        first = live[0]
        return _event(last, _kind(first), first.due_on or last.on, state)
    if is_pending:
        return _event(last, EventKind.ESCALATION_ACCEPTED, last.on, state)
    if state.answered_on is None:
        onwards = any(not route.by_customer for route in stage.routes)
        return _event(last, EventKind.PASSED_ON, last.on, state) if onwards else None
    return _asked(last, stage.customer_route, state, state.answered_on)


def _asked(last: Event, route: Route | None, state: CaseState, answered_on: date) -> Event | None:
    """Return that the customer asks for the next stage on the last day."""
    if route is None:
        return None
    window = state.deadline(state.stage, "escalate-by", state.visit)
    on = window.due_on if window and window.due_on else answered_on
    kind = EventKind.ESCALATION_REQUESTED
    return Event(last.number + 1, kind, on, None, route.to, 0, None, {"in_time": True})


def _is_to_hear(deadline: Deadline) -> bool:
    return deadline.timescale is not None and _TO_HEAR in deadline.timescale.met_by


def _kind(deadline: Deadline) -> EventKind:
    """Return what keeps the promise, what leads further first."""
    met_by = deadline.timescale.met_by if deadline.timescale else ()
    return next((kind for kind in _FURTHER if kind in met_by), met_by[0])


def _event(
    last: Event, kind: EventKind, on: date, state: CaseState, facts: Mapping[str, str] | None = None
) -> Event:
    # What is passed on begins the stage after, which the procedure names.
    stage, visit = ("", 0) if kind is EventKind.PASSED_ON else (state.stage, state.visit)
    return Event(last.number + 1, kind, on, None, stage, visit, None, dict(facts or {}))
