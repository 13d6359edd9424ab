"""Taking a list with personal data out of the system, of which a trace is kept."""

from datetime import datetime

from cases.errors import NotEntitled, ReasonMissing
from cases.models import ListExport, User
from cases.rules.roles import Role

# A longer list is for a report, not for a spreadsheet on a desk.
EXPORT_LIMIT = 10_000


def record_export(*, by: User, now: datetime, reason: str, filters: str, rows: int) -> ListExport:
    """Record who takes which list, and why (roles: row 35).

    :raises NotEntitled: if they are no coordinator.
    :raises ReasonMissing: if it is not said why.
    """
    if not by.has_role(Role.COMPLAINTS_COORDINATOR):
        raise NotEntitled("Complaints coordinators take lists with personal data away.")
    if not reason.strip():
        raise ReasonMissing("Say why you need the list.")
    return ListExport.objects.create(by=by, at=now, reason=reason, filters=filters, rows=rows)
