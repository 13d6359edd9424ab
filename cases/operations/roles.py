"""Giving people roles and taking them away; auditors are told of every role given."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    OutboundMessage,
    ProposedRole,
    RoleGrant,
    ServiceArea,
    SettingsChange,
    Thing,
    User,
)
from cases.operations.access_lists import fill_up_lists_of
from cases.operations.alerts import address_of
from cases.operations.settings_changes import moved, note_change
from cases.rules.roles import APPROVING_ROLES, AREA_ROLES, WEIGHTY_ROLES, Role


@dataclass(frozen=True, slots=True)
class Grant:
    """A role, and the service area in which it counts where the role has one."""

    role: Role
    area_id: int | None = None


@transaction.atomic
def give_role(
    *, user_id: int, grant: Grant, by: User | None, now: datetime
) -> RoleGrant | ProposedRole:
    """Give somebody a role, and tell the auditors. It counts from their next request on.

    A weighty one only waits for a second person, wherever there is one (roles: row 41).

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
    if by is not None and grant.role in WEIGHTY_ROLES and _approvers(user, by).exists():
        return _propose(user, grant, area, by=by, now=now)
    return _give(user, grant, area, by=by, now=now)


def _give(
    user: User,
    grant: Grant,
    area: ServiceArea | None,
    *,
    by: User | None,
    now: datetime,
    act: str = "Role given",
) -> RoleGrant:
    row, is_new = RoleGrant.objects.get_or_create(user=user, role=grant.role.value, area=area)
    if not is_new:
        raise ActionNotAllowed(f"{user.name} has this role already.")
    change = note_change(
        thing=Thing.PERSON, act=act, by=by, now=now, person=user, changes=moved("Role", "", row)
    )
    _tell_auditors(change, user, now=now)
    return row


def _propose(
    user: User, grant: Grant, area: ServiceArea | None, *, by: User, now: datetime
) -> ProposedRole:
    role = grant.role.value
    if user.grants.filter(role=role, area=area).exists():
        raise ActionNotAllowed(f"{user.name} has this role already.")
    if user.proposed_roles.filter(role=role, area=area, decided_at__isnull=True).exists():
        raise ActionNotAllowed("This role waits for approval already.")
    proposal = ProposedRole.objects.create(
        user=user, role=role, area=area, proposed_at=now, proposed_by=by
    )
    note_change(
        thing=Thing.PERSON,
        act="Role proposed",
        by=by,
        now=now,
        person=user,
        changes=moved("Role", "", proposal),
    )
    page = address_of(reverse("cases:role-approvals"))
    OutboundMessage.objects.bulk_create(
        OutboundMessage(
            key=f"role-proposed:{proposal.code}:{each.pk}",
            kind="role-proposed",
            to_user=each,
            to_address=each.email,
            subject="A role waits for a second person",
            body=(
                "A colleague is to be given a role that nobody gives alone. Sign in to see which, "
                f"and decide:\n\n{page}\n"
            ),
            created_at=now,
            next_try_at=now,
        )
        for each in _approvers(user, by)
    )
    return proposal


def _approvers(user: User, by: User) -> QuerySet[User]:
    """Return who may be the second person: neither who gives the role nor who gets it.

    Where there is nobody, as on the first day, the role counts at once; auditors are told as ever.
    """
    holding = RoleGrant.objects.filter(role__in=sorted(role.value for role in APPROVING_ROLES))
    people = User.objects.filter(
        Q(pk__in=holding.values("user")) | Q(is_superuser=True), is_active=True
    )
    return people.exclude(pk__in=[user.pk, by.pk]).order_by("pk")


@transaction.atomic
def approve_role(*, code: str, by: User, now: datetime) -> RoleGrant:
    """Be the second person who gives a weighty role: it counts from their next request on.

    :raises NotEntitled: if this person proposed it, would get it, or may not approve.
    :raises ActionNotAllowed: if it was decided already, could no longer be given, or whoever
        proposed it has left.
    """
    proposal = _decide(code, by=by, now=now)
    user = _somebody_else(proposal.user_id, by)
    if not user.is_active:
        raise ActionNotAllowed(f"{user.name} has left. Let them come back first.")
    if not proposal.proposed_by.is_active:
        raise ActionNotAllowed(
            f"{proposal.proposed_by.name} proposed it and has left. Do not approve it; whoever "
            "still wants it proposes it again."
        )
    area = proposal.area
    if area is not None and area.is_retired:
        raise ActionNotAllowed(f"{area.name} is no longer in use. Choose another service area.")
    grant = Grant(Role(proposal.role), proposal.area_id)
    act = f"Role given, proposed by {proposal.proposed_by.name}"[:80]
    return _give(user, grant, area, by=by, now=now, act=act)


@transaction.atomic
def refuse_role(*, code: str, by: User, now: datetime) -> ProposedRole:
    """Do not approve a weighty role.

    :raises NotEntitled: if this person would get it, or may not approve.
    :raises ActionNotAllowed: if it was decided already.
    """
    proposal = _decide(code, by=by, now=now)
    note_change(
        thing=Thing.PERSON,
        act="Role not approved",
        by=by,
        now=now,
        person=proposal.user,
        changes=moved("Role", proposal, ""),
    )
    return proposal


def _decide(code: str, *, by: User, now: datetime) -> ProposedRole:
    """Return a proposal that waits, locked, as decided by this person."""
    waiting = ProposedRole.objects.filter(code=code, decided_at__isnull=True)
    # Two answers at once: the second finds nothing that waits.
    found = waiting.select_for_update(of=("self",)).select_related("user", "area", "proposed_by")
    proposal = found.first()
    if proposal is None:
        raise ActionNotAllowed("This role was decided on already.")
    if not by.scope.own & APPROVING_ROLES:
        raise NotEntitled("This is for a coordinator or an administrator.")
    if by.pk in (proposal.user_id, proposal.proposed_by_id):
        raise NotEntitled("Somebody else decides: neither who proposed it nor who would get it.")
    proposal.decided_at, proposal.decided_by = now, by
    proposal.save(update_fields=["decided_at", "decided_by"])
    return proposal


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
