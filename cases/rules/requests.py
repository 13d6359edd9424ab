"""Requests for the next stage: in time or late, and on what grounds one may be refused."""

from datetime import date

from cases.rules.state import CaseState
from cases.rules.terms import ProcedureTerms
from cases.rules.windows import WINDOW

LATE = "late"


def refusal_grounds(state: CaseState, terms: ProcedureTerms) -> tuple[str, ...]:
    """Return the grounds on which the waiting request may be refused; none if it may not be.

    They are the grounds of the route the customer took, and that the request came late.
    """
    earlier = stage_before(state)
    if not earlier:
        return ()
    route = terms.stage(earlier).customer_route
    grounds = route.grounds if route else ()
    return (*grounds, LATE) if state.current.request_in_time is False else grounds


def stage_before(state: CaseState) -> str:
    """Return the stage whose answer the waiting request wants reviewed; nothing where none is."""
    stays = [visit.stage for visit in state.visits if not visit.is_void and not visit.is_pending]
    return stays[-1] if stays else ""


def refusal_is_approved(state: CaseState, terms: ProcedureTerms) -> bool:
    """Say whether a second person approves that the waiting request is refused (KF-14)."""
    before = stage_before(state)
    route = terms.stage(before).customer_route if before else None
    return route is not None and route.refusal_approved


def request_is_in_time(state: CaseState, day: date) -> bool:
    """Say whether a request on that day comes within the customer's window, if there is one."""
    window = state.deadline(state.stage, WINDOW, state.visit)
    return window is None or window.due_on is None or day <= window.due_on
