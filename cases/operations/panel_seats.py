"""The seats of a panel: its members read the complaint until some time after their stage ended."""

from datetime import timedelta

from cases.models import AccessEntry, Complaint
from cases.rules.state import CaseState
from cases.rules.terms import ProcedureTerms

# A panel member reads the complaint until so many days after the decision (roles, scope).
READS_ON_FOR = timedelta(days=28)


def set_end_of_seats(complaint: Complaint, state: CaseState, terms: ProcedureTerms) -> None:
    """Let the seats end once the panel's stage has ended, however it did; else let them last.

    What undid the end, such as an outcome struck out, lets those of this stay read on. One query.
    """
    seats = AccessEntry.objects.filter(complaint=complaint, as_panel_member=True)
    is_at_work = state.is_open and state.answered_on is None
    if is_at_work and terms.stage(state.stage).panel is not None:
        seats.filter(visit=state.visit, ends_on__isnull=False).update(ends_on=None)
        return
    ended_on = state.answered_on or state.closed_on or state.current.began_on
    seats.filter(ends_on__isnull=True).update(ends_on=ended_on + READS_ON_FOR)
