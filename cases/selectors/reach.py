"""What the roles of whoever is signed in reach today, read once for each request."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import BooleanField, CharField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from cases.models import Absence, Cover, RoleGrant, ServiceArea, User
from cases.models.people import Held, scope_from
from cases.rules.roles import MANAGING_ROLES, Role
from cases.selectors.absences import deputies_of
from cases.selectors.prepared import BLANK, BLANK_DAY, Prepared

Row = tuple[str, int, int, int | None, str, bool]


def take_up(user: User, day: date) -> None:
    """Let somebody stand in for who is away on that day, and know what their roles reach.

    One query, of the people who are away, of what is covered for them, of a person's roles and of
    the tree of areas.
    """
    found: dict[str, list[tuple[Any, ...]]] = {"away": [], "role": [], "area": [], "covers": []}
    for sort, *row in _asked().rows(blank=user.pk, day=day):
        found[sort].append(tuple(row))
    user.stands_in_for = frozenset(
        person
        for person, deputy in deputies_of(
            (person, deputy, is_active)
            for _, person, deputy, _, is_active in sorted(found["away"], key=lambda each: each[0])
        ).items()
        if deputy == user.pk
    )
    user.covers = frozenset(complaint for _, complaint, *_ in found["covers"])
    tree = {key: path for key, _, _, path, _ in found["area"]}
    user.know_scope(scope_from(user, _held(user, found["role"], tree), tree.items()))


def _held(user: User, grants: Iterable[tuple[Any, ...]], tree: dict[int, str]) -> Iterable[Held]:
    for _, person, area, role, _ in grants:
        is_theirs = person == user.pk
        if is_theirs or (person in user.stands_in_for and Role(role) in MANAGING_ROLES):
            yield Held(person, Role(role), tree[area] if area is not None else None)


@lru_cache(maxsize=1)
def _asked() -> Prepared:
    """Return the query for the person whose key is BLANK, on BLANK_DAY."""
    nobody, text = Cast(Value(None), IntegerField()), CharField()
    yes = Value(True, output_field=BooleanField())
    away = Absence.objects.on(BLANK_DAY)
    absences: QuerySet[Any, Any] = away.filter(user__is_active=True).values_list(
        Value("away", text), "pk", "user_id", "deputy_id", Value("", text), "deputy__is_active"
    )
    counting = Q(user=BLANK) | Q(user__in=away.values("user"))
    grants = RoleGrant.objects.filter(counting).values_list(
        Value("role", text), "pk", "user_id", "area_id", Cast(F("role"), text), yes
    )
    areas = ServiceArea.objects.values_list(
        Value("area", text), "pk", F("pk"), nobody, Cast(F("path"), text), yes
    )
    covers = (
        Cover.objects.in_force(BLANK_DAY)
        .filter(user=BLANK)
        .values_list(Value("covers", text), "pk", "complaint_id", nobody, Value("", text), yes)
    )
    return Prepared(absences.union(grants, areas, covers, all=True))
