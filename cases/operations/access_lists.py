"""The access list of a restricted complaint: it never runs empty (roles: no orphan)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import AccessEntry, Complaint, Level, RoleGrant, User
from cases.operations.alerts import tell_let_in
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.roles import Role

SENIOR = (Role.COMPLAINTS_COORDINATOR.value, Role.DIRECTOR.value)
ENOUGH = 2


def eligible(role: Role, shut_out: Collection[int]) -> set[int]:
    """Return who holds the role, can sign in, and is not shut out."""
    grants = RoleGrant.objects.filter(role=role.value, user__is_active=True)
    return set(grants.exclude(user_id__in=shut_out).values_list("user_id", flat=True))


def can_handle(listed: Collection[int]) -> bool:
    """Say whether these are enough to handle a restricted complaint. Two queries."""
    active = set(User.objects.filter(pk__in=listed, is_active=True).values_list("pk", flat=True))
    senior = RoleGrant.objects.filter(user__in=active, role__in=SENIOR)
    return len(active) >= ENOUGH and senior.exists()


def fill_up(case: CaseFile) -> None:
    """Let in the coordinators, else the directors, if too few are left to handle the complaint.

    They are told. One coordinator or director alone is enough where there is nobody else, as when
    a complaint is taken in. A complaint that is not restricted is left as it is.

    :raises ActionNotAllowed: if no coordinator and no director is left to whom it is open.
    """
    complaint = case.complaint
    if complaint.level != Level.RESTRICTED:
        return
    entries = complaint.access_list.filter(as_panel_member=False)
    listed = set(entries.values_list("user_id", flat=True))
    if can_handle(listed):
        return
    shut_out = set(complaint.exclusions.values_list("user_id", flat=True))
    handlers = listed & _seniors(shut_out) | eligible(Role.COMPLAINTS_COORDINATOR, shut_out)
    if len(handlers) < ENOUGH:
        handlers |= eligible(Role.DIRECTOR, shut_out)
    if not handlers:
        raise ActionNotAllowed(
            f"Nobody would be left to handle the restricted complaint {complaint.reference}. Name "
            "another coordinator or director first."
        )
    seated = complaint.access_list.filter(as_panel_member=True).values_list("user_id", flat=True)
    new = sorted(handlers - listed - set(seated))
    if not new:
        return
    AccessEntry.objects.bulk_create(AccessEntry(complaint=complaint, user_id=key) for key in new)
    case.add(
        EventKind.ACCESS_CHANGED,
        facts={"listed": sorted(listed | set(new))},
        words={"reason": "Too few people were left on its list to handle it."},
    )
    for person in User.objects.filter(pk__in=new).order_by("pk"):
        tell_let_in(case, person)


def _seniors(shut_out: Collection[int]) -> set[int]:
    return eligible(Role.COMPLAINTS_COORDINATOR, shut_out) | eligible(Role.DIRECTOR, shut_out)


@transaction.atomic
def fill_up_lists_of(user: User, *, now: datetime) -> None:
    """Fill up the lists on which somebody stands who has left or lost a role just now.

    :raises ActionNotAllowed: if a complaint would be left without anybody to handle it.
    """
    restricted = Complaint.objects.filter(level=Level.RESTRICTED.value, access_list__user=user)
    for key in restricted.order_by("pk").values_list("pk", flat=True):
        with recording(
            complaint_id=key, act=Act.CHANGE_ACCESS, by=None, now=now, seen=None
        ) as case:
            fill_up(case)
