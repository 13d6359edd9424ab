"""Taking a list with personal data out of the system, of which a trace is kept."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cases.errors import NotEntitled, ReasonMissing
from cases.models import ListExport, Look, User
from cases.operations.case_views import note_taken
from cases.rules.roles import Role

# A longer list is for a report, not for a spreadsheet on a desk.
EXPORT_LIMIT = 10_000


@transaction.atomic
def record_export(
    *, by: User, now: datetime, reason: str, filters: str, complaint_ids: Collection[int]
) -> ListExport:
    """Record who takes which list, and why (roles: row 35).

    :raises NotEntitled: if they are no coordinator.
    :raises ReasonMissing: if it is not said why.
    """
    if not by.has_role(Role.COMPLAINTS_COORDINATOR):
        raise NotEntitled("Complaints coordinators take lists with personal data away.")
    if not reason.strip():
        raise ReasonMissing("Say why you need the list.")
    note_taken(complaint_ids, what=Look.LIST, by=by, now=now)
    rows = len(complaint_ids)
    return ListExport.objects.create(by=by, at=now, reason=reason, filters=filters, rows=rows)
