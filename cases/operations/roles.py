"""Giving people roles and taking them away; auditors are told of every role given."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import OutboundMessage, RoleGrant, ServiceArea, SettingsChange, Thing, User
from cases.operations.access_lists import fill_up_lists_of
from cases.operations.alerts import address_of
from cases.operations.settings_changes import moved, note_change
from cases.rules.roles import AREA_ROLES, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and the service area in which it counts where the role has one."""

    role: Role
    area_id: int | None = None


@transaction.atomic
def give_role(*, user_id: int, grant: Grant, by: User | None, now: datetime) -> RoleGrant:
    """Give somebody a role, and tell the auditors. It counts from their next request on.

    :raises NotEntitled: if it would be one's own role.
    :raises ActionNotAllowed: if the role lacks its service area, has one it does not need, is
        held already, or the person has left.
    """
    user = _somebody_else(user_id, by)
    if not user.is_active:
        raise ActionNotAllowed(f"{user.name} has left. Let them come back first.")
    needs_area = grant.role in AREA_ROLES
    if needs_area != (grant.area_id is not None):
        verb = "needs" if needs_area else "has no"
        raise ActionNotAllowed(f"The role of {grant.role.words} {verb} a service area.")
    area = ServiceArea.objects.get(pk=grant.area_id) if grant.area_id else None
    if area is not None and area.is_retired:
        raise ActionNotAllowed(f"{area.name} is no longer in use. Choose another service area.")
    row, is_new = RoleGrant.objects.get_or_create(user=user, role=grant.role.value, area=area)
    if not is_new:
        raise ActionNotAllowed(f"{user.name} has this role already.")
    change = note_change(
        thing=Thing.PERSON,
        act="Role given",
        by=by,
        now=now,
        person=user,
        changes=moved("Role", "", row),
    )
    _tell_auditors(change, user, now=now)
    return row


@transaction.atomic
def take_role(*, user_id: int, grant: Grant, by: User, now: datetime) -> None:
    """Take a role from somebody. It ends with their next request.

    :raises NotEntitled: if it is one's own role.
    :raises ActionNotAllowed: if they do not have it, or a restricted complaint would be left
        without anybody to handle it.
    """
    user = _somebody_else(user_id, by)
    row = (
        user.grants.select_related("area")
        .filter(role=grant.role.value, area_id=grant.area_id)
        .first()
    )
    if row is None:
        raise ActionNotAllowed(f"{user.name} does not have this role any more.")
    words = str(row)
    row.delete()
    note_change(
        thing=Thing.PERSON,
        act="Role taken away",
        by=by,
        now=now,
        person=user,
        changes=moved("Role", words, ""),
    )
    fill_up_lists_of(user, now=now)


def _somebody_else(user_id: int, by: User | None) -> User:
    if by is not None and user_id == by.pk:
        raise NotEntitled("Nobody changes their own roles. Ask another administrator.")
    return User.objects.select_for_update(of=("self",)).get(pk=user_id)


def _tell_auditors(change: SettingsChange, user: User, *, now: datetime) -> None:
    """Queue a message to every auditor who can sign in: a role given is worth a look."""
    auditors = User.objects.filter(is_active=True, grants__role=Role.AUDITOR.value)
    path = reverse("cases:person", args=[user.code])
    OutboundMessage.objects.bulk_create(
        OutboundMessage(
            key=f"role-given:{change.pk}:{auditor.pk}",
            kind="role-given",
            to_user=auditor,
            to_address=auditor.email,
            subject="A colleague was given a role",
            body=(
                "A colleague was given a role in the complaints system. Sign in to see which, and "
                f"by whom:\n\n{address_of(path)}\n"
            ),
            created_at=now,
            next_try_at=now,
        )
        for auditor in auditors.distinct().order_by("pk")
    )
