"""The landlord's people: who they are, their roles, what is theirs, when they are away."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from cases.models import (
    Absence,
    CommitteePost,
    Complaint,
    ProposedRole,
    RoleGrant,
    ServiceArea,
    User,
)
from cases.models.complaints import COUNT_LIMIT
from cases.rules.roles import Role

# Those who have left are kept for what they did, and shown when asked for.
HERE, INVITED, LEFT, ALL = "here", "invited", "left", "all"


@dataclass(frozen=True, slots=True)
class PeopleFilter:
    """Who is wanted: by words in name or address, by role, in an area and below, here or left."""

    words: str = ""
    role: Role | None = None
    area: ServiceArea | None = None
    state: str = HERE


def people(wanted: PeopleFilter, *, today: date) -> QuerySet[User]:
    """Return the people who match, by name, each with `roles_held` and `is_away`.

    Three queries for a page of any length: the people, their roles, the areas of these.
    """
    found = _in_state(wanted.state)
    for word in wanted.words.split():
        found = found.filter(
            Q(name__icontains=word) | Q(email__icontains=word) | Q(job_title__icontains=word)
        )
    if wanted.role or wanted.area:
        grants = RoleGrant.objects.filter(user=OuterRef("pk"))
        if wanted.role:
            grants = grants.filter(role=wanted.role.value)
        if wanted.area:
            grants = grants.filter(area__path__startswith=wanted.area.path)
        found = found.filter(Exists(grants))
    away = Absence.objects.on(today).filter(user=OuterRef("pk"))
    held = Prefetch("grants", _grants(), to_attr="roles_held")
    return found.annotate(is_away=Exists(away)).prefetch_related(held).order_by("name", "pk")


def _in_state(state: str) -> QuerySet[User]:
    if state == ALL:
        return User.objects.all()
    found = User.objects.filter(is_active=state != LEFT)
    return found.filter(last_login__isnull=True) if state == INVITED else found


def _grants() -> QuerySet[RoleGrant]:
    return RoleGrant.objects.select_related("area").order_by("role", "area__name", "pk")


def grants_of(user: User) -> list[RoleGrant]:
    """Return somebody's roles with their areas, in one query."""
    return list(_grants().filter(user=user))


def posts_of(user: User) -> list[CommitteePost]:
    """Return which committees somebody leads, in one query."""
    posts = CommitteePost.objects.filter(user=user).select_related("area")
    return list(posts.order_by("committee"))


def proposed_roles(user: User | None = None) -> list[ProposedRole]:
    """Return the roles that wait for a second person, of somebody or of everybody. One query."""
    waiting = ProposedRole.objects.filter(decided_at__isnull=True, user__is_active=True)
    if user is not None:
        waiting = waiting.filter(user=user)
    return list(waiting.select_related("user", "area", "proposed_by").order_by("pk"))


def absences_to_come(user: User, *, today: date) -> list[Absence]:
    """Return when somebody is away now or later, the earliest first, in one query."""
    mine = Absence.objects.filter(user=user, last_day__gte=today).select_related("deputy")
    return list(mine.order_by("first_day", "pk"))


def stands_in(user: User, *, today: date) -> list[Absence]:
    """Return for whom somebody stands in now or later, the earliest first, in one query."""
    theirs = Absence.objects.filter(deputy=user, last_day__gte=today, user__is_active=True)
    return list(theirs.select_related("user").order_by("first_day", "pk"))


def held_open(user: User, viewer: User) -> int:
    """Return how many open complaints are somebody's, up to COUNT_LIMIT and one. One query.

    A number without anything about them: administrators see no complaint. What is closed to
    whoever looks is not counted: even a number would betray it.
    """
    held = Complaint.objects.not_closed_to(viewer).open().filter(responsible_officer=user)
    return held.values("pk")[: COUNT_LIMIT + 1].count()
