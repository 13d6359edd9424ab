"""Staff: inviting, roles, leaving, absence; and the tree of service areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import Absence, Complaint, OutboundMessage, RoleGrant, ServiceArea, User
from cases.operations.alerts import address_of
from cases.rules.roles import AREA_ROLES, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and the service area in which it counts where the role has one."""

    role: Role
    area_id: int | None = None


@transaction.atomic
def invite(*, email: str, name: str, job_title: str, phone: str, now: datetime) -> User:
    """Add somebody to the staff, who cannot sign in until they have chosen a password.

    :raises ActionNotAllowed: if somebody has this e-mail address already.
    """
    address = email.strip().lower()
    if User.objects.filter(email=address).exists():
        raise ActionNotAllowed(f"Somebody has the e-mail address {address} already.")
    return User.objects.create_user(
        address, None, name=name.strip(), job_title=job_title, phone=phone, invited_at=now
    )


def send_link(*, user: User, kind: str, subject: str, words: str, path: str, now: datetime) -> None:
    """Queue a message with a one-time link to somebody on the staff."""
    OutboundMessage.objects.create(
        key=f"{kind}:{user.pk}:{now.isoformat()}",
        kind=kind,
        to_user=user,
        to_address=user.email,
        subject=subject,
        body=f"{words}\n\n{address_of(path)}\n",
        created_at=now,
        next_try_at=now,
    )


@transaction.atomic
def set_roles(*, user_id: int, grants: Sequence[Grant], by: User) -> User:
    """Replace somebody's roles.

    :raises NotEntitled: if it would change one's own roles.
    :raises ActionNotAllowed: if a role lacks its service area, or has one it does not need.
    """
    if user_id == by.pk:
        raise NotEntitled("Nobody changes their own roles. Ask another administrator.")
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    for grant in grants:
        needs_area = grant.role in AREA_ROLES
        if needs_area != (grant.area_id is not None):
            verb = "needs" if needs_area else "has no"
            raise ActionNotAllowed(f"The role of {grant.role.words} {verb} a service area.")
    wanted = {(grant.role.value, grant.area_id) for grant in grants}
    held = {(row.role, row.area_id): row for row in user.grants.all()}
    RoleGrant.objects.filter(
        pk__in=[row.pk for key, row in held.items() if key not in wanted]
    ).delete()
    RoleGrant.objects.bulk_create(
        RoleGrant(user=user, role=role, area_id=area) for role, area in wanted - held.keys()
    )
    return user


@transaction.atomic
def leave(*, user_id: int, by: User, today: date) -> User:
    """Switch a leaver off at once: the next request of theirs is refused, their roles end.

    Their open complaints stay theirs by name until somebody is assigned; alerts go to those who
    stand above (a leaver is told nothing).

    :raises NotEntitled: if somebody would switch themselves off.
    """
    if user_id == by.pk:
        raise NotEntitled("Nobody switches themselves off. Ask another administrator.")
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    user.is_active = False
    user.left_on = today
    user.set_unusable_password()
    user.save(update_fields=["is_active", "left_on", "password"])
    user.grants.all().delete()
    user.absences.all().delete()
    return user


@transaction.atomic
def come_back(*, user_id: int) -> User:
    """Let somebody who had left sign in again once they have chosen a password."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    user.is_active = True
    user.left_on = None
    user.save(update_fields=["is_active", "left_on"])
    return user


def held_open(user: User) -> int:
    """Return how many open complaints are somebody's."""
    return Complaint.objects.open().filter(responsible_officer=user).count()


@transaction.atomic
def record_absence(*, user_id: int, deputy_id: int, first_day: date, last_day: date) -> Absence:
    """Record that somebody is away and who stands in.

    :raises ActionNotAllowed: if the days are the wrong way round, the deputy is the same person,
        cannot sign in, or is away themselves in those days.
    """
    if last_day < first_day:
        raise ActionNotAllowed("The last day comes before the first.")
    if deputy_id == user_id:
        raise ActionNotAllowed("Choose somebody else to stand in.")
    deputy = User.objects.get(pk=deputy_id)
    if not deputy.is_active:
        raise ActionNotAllowed(f"{deputy.name} can no longer sign in.")
    away = deputy.absences.filter(first_day__lte=last_day, last_day__gte=first_day)
    if away.exists():
        raise ActionNotAllowed(f"{deputy.name} is away in those days too.")
    return Absence.objects.create(
        user_id=user_id, deputy_id=deputy_id, first_day=first_day, last_day=last_day
    )


@transaction.atomic
def save_area(
    *, area_id: int | None, code: str, name: str, parent_id: int | None, is_retired: bool
) -> ServiceArea:
    """Add or change a service area, and move what hangs below it along.

    :raises ActionNotAllowed: if an area would come to hang below itself.
    """
    parent = ServiceArea.objects.get(pk=parent_id) if parent_id else None
    area = (
        ServiceArea.objects.select_for_update(of=("self",)).get(pk=area_id)
        if area_id
        else ServiceArea()
    )
    old_path = area.path
    if parent is not None and old_path and parent.path.startswith(old_path):
        raise ActionNotAllowed("A service area cannot be part of itself.")
    area.code, area.name, area.parent, area.is_retired = code, name, parent, is_retired
    area.save()
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    area.save(update_fields=["path"])
    if old_path and old_path != area.path:
        for part in ServiceArea.objects.filter(path__startswith=old_path).exclude(pk=area.pk):
            part.path = area.path + part.path.removeprefix(old_path)
            part.save(update_fields=["path"])
    return area
