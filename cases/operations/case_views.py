"""Keeping who opened a complaint, and who took something of it away."""

from collections.abc import Collection
from datetime import datetime

from cases.models import CaseLook, CaseView, Complaint, Look, StoredFile, User
from cases.rules.periods import london_day
from cases.rules.roles import Role


def note_view(complaint: Complaint, *, page: str, by: User, now: datetime) -> None:
    """Note that somebody opens a complaint: once a day, of auditors every page.

    No query where it is noted already, which the selectors that load a complaint say with it.
    """
    if by.has_role(Role.AUDITOR):
        CaseView.objects.create(at=now, user=by, complaint=complaint, page=page)
    if not getattr(complaint, "is_opened_today", False):
        note_taken([complaint.pk], what=Look.OPENED, by=by, now=now)


def note_taken(
    complaint_ids: Collection[int],
    *,
    what: Look,
    by: User,
    now: datetime,
    file: StoredFile | None = None,
) -> None:
    """Note that somebody takes something of complaints away, once a day for each thing.

    One query for some hundred complaints. Two who are as quick write one row.
    """
    rows = [
        CaseLook(complaint_id=key, user=by, day=london_day(now), at=now, what=what.value, file=file)
        for key in complaint_ids
    ]
    CaseLook.objects.bulk_create(rows, ignore_conflicts=True)
