"""Whose saved views somebody finds, and how many complaints each lists for them."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import SavedView, ServiceArea, User
from cases.models.complaints import COUNT_LIMIT
from cases.rules.calendars import WorkingCalendar
from cases.rules.roles import Role
from cases.selectors.counting import compiled, count_each
from cases.selectors.prepared import KEPT, Prepared, Reader
from cases.selectors.queue import Filters, queue


def views_of(user: User) -> list[SavedView]:
    """Return somebody's own views, and those shared with where they work, by name. One query.

    A view of somebody who has left is not shared any more.
    """
    return list(_found_by(user).select_related("owner", "area"))


def named_views(reader: Reader) -> list[tuple[str, str]]:
    """Return the names of the same views, each with its filters. One query."""
    return [(name, query) for name, query in _named(reader).rows()]


@lru_cache(maxsize=KEPT)
def _named(reader: Reader) -> Prepared:
    return Prepared(_found_by(reader.user).values_list("name", "query"))


def _found_by(user: User) -> QuerySet[SavedView]:
    found = Q(owner=user.pk)
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        found |= Q(area__isnull=False)
    else:
        # Shared with where they work, or with a part above it.
        reached = {area for areas in user.scope.areas.values() for area in areas}
        below = ServiceArea.objects.filter(pk__in=reached, path__startswith=OuterRef("area__path"))
        found |= Q(Exists(below), area__isnull=False)
    return SavedView.objects.filter(found, owner__is_active=True).order_by("name", "pk")


def areas_to_share_with(user: User) -> QuerySet[ServiceArea]:
    """Return the areas with which somebody may share a view: those that they answer for."""
    areas = ServiceArea.objects.filter(is_retired=False).order_by("path")
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        return areas
    return areas.filter(pk__in=user.scope.managed_areas)


def counts_of(
    asked: Mapping[int, Filters], *, user: User, today: date, calendar: WorkingCalendar
) -> dict[int, int]:
    """Return for each view how many complaints it lists for `user`. One query for all of them.

    Views that search for words are left out: each would be a search.
    """
    lists = {
        str(key): compiled(
            queue(user, filters, today=today, calendar=calendar)
            .order_by()
            .values("pk")[: COUNT_LIMIT + 1]
        )
        for key, filters in asked.items()
        if not filters.q
    }
    return {int(key): count for key, count in count_each(lists).items()}
