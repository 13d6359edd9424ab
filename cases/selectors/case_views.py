"""What auditors opened, for those who answer for it."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, F, QuerySet, TextField, Value, When

from cases.models import CaseView, Complaint, User
from cases.rules.roles import Role


@dataclass(frozen=True, slots=True)
class Viewed:
    """A line of what was opened; the reference for those alone who may read the complaint."""

    at: datetime
    who: str
    page: str
    reference: str


def case_views(user: User) -> QuerySet[CaseView, tuple[datetime, str, str, str]]:
    """Return what auditors opened, the newest first, as somebody may know of it.

    A coordinator is told of no complaint that is closed to them. An administrator, who sees no
    complaint, is told that one was opened and not which.
    """
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        rows = CaseView.objects.filter(complaint__in=Complaint.objects.readable_by(user))
        named: F | Value = F("complaint__reference")
    else:
        rows, named = CaseView.objects.all(), Value("")
    reference = Case(
        When(pk__isnull=False, then=named), default=Value(""), output_field=TextField()
    )
    return rows.order_by("-pk").values_list("at", "user__name", "page", reference)


def viewed(row: tuple[datetime, str, str, str]) -> Viewed:
    """Return a line for the page."""
    at, who, page, reference = row
    return Viewed(at, who, page.replace("-", " ").capitalize(), reference)
