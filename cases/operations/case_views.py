"""Keeping a line of every page of a complaint that an auditor opens."""

from datetime import datetime

from cases.models import CaseView, Complaint, User
from cases.rules.roles import Role


def note_view(complaint: Complaint, *, page: str, by: User, now: datetime) -> None:
    """Note that somebody opens a page of a complaint, if they are an auditor."""
    if by.has_role(Role.AUDITOR):
        CaseView.objects.create(at=now, user=by, complaint=complaint, page=page)
