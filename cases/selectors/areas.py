"""The tree of service areas."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q

from cases.models import Complaint, RoleGrant, ServiceArea, User
from cases.models.complaints import COUNT_LIMIT


@dataclass(frozen=True, slots=True)
class AreaLine:
    """A service area as the tree shows it: how deep, and who leads it."""

    area: ServiceArea
    depth: int
    leaders: tuple[RoleGrant, ...]
    people: int


def area_tree(*, with_retired: bool = True) -> list[ServiceArea]:
    """Return every service area in the order of the tree, brothers by name, in one query.

    Each has `depth`, from 0 at the top.
    """
    areas = list(ServiceArea.objects.all())
    if not with_retired:
        areas = [area for area in areas if not area.is_retired]
    names = {area.pk: area.name.casefold() for area in areas}

    def place(area: ServiceArea) -> list[tuple[str, int]]:
        return [(names.get(key, ""), key) for key in area.ancestors[::-1]]

    return sorted(areas, key=place)


def area_lines() -> list[AreaLine]:
    """Return the tree with who holds a role in each area, in three queries."""
    tree = area_tree()
    grants = RoleGrant.objects.filter(area__isnull=False, user__is_active=True)
    leaders: dict[int, list[RoleGrant]] = {}
    for grant in grants.exclude(role="front_line").select_related("user").order_by("user__name"):
        leaders.setdefault(grant.area_id or 0, []).append(grant)
    counted = ServiceArea.objects.annotate(
        people=Count("grants__user", filter=Q(grants__user__is_active=True), distinct=True)
    )
    people = dict(counted.values_list("pk", "people"))
    return [
        AreaLine(area, depth_of(area), tuple(leaders.get(area.pk, ())), people[area.pk])
        for area in tree
    ]


def depth_of(area: ServiceArea) -> int:
    """Return how many areas are above this one."""
    return len(area.ancestors) - 1


def area_choices(areas: Iterable[ServiceArea]) -> list[tuple[str, str]]:
    """Return the areas for a list to choose from, each with those above it before its name.

    The areas are given in the order of the tree: "Homes / Repairs / Repairs north".
    """
    names: dict[int, str] = {}
    choices = []
    for area in areas:
        names[area.pk] = area.name
        above = [names[key] for key in area.ancestors[::-1] if key in names]
        choices.append((area.code, " / ".join(above)))
    return choices


def open_complaints_in(area: ServiceArea, viewer: User) -> str:
    """Return how many open complaints are in an area and below, in words; a bounded count.

    What is closed to whoever looks is not counted: a number would betray it.
    """
    held = Complaint.objects.not_closed_to(viewer).open()
    within = held.filter(service_area__path__startswith=area.path).values("pk")
    count = within[:COUNT_LIMIT].count()
    if count >= COUNT_LIMIT:
        return f"{COUNT_LIMIT:,}+ open complaints"
    return f"{count} open complaint{'' if count == 1 else 's'}" if count else ""
