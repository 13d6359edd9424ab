"""Who is told of which area's complaints in a weekly or monthly report."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from cases.models import RoleGrant, ServiceArea, User
from cases.rules.roles import AREA_ROLES, Role
from cases.selectors.absences import follow
from cases.selectors.reminders import Colleagues
from reporting.models.kept import TOLD
from reporting.rules.weekly import NO_AREA_NAME

_MANAGING = AREA_ROLES - {Role.FRONT_LINE}


class Area(NamedTuple):
    """A service area, as far as a report needs it."""

    key: int
    name: str


Tree = dict[str, Area]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody who is told, the area that gives the report its name, and all areas it tells of.

    Without `area` it tells of what has no service area yet.
    """

    recipient: int
    area: int | None
    name: str
    areas: frozenset[int]
    instead_of: int | None = None
    is_unmanaged: bool = False


def addressees(people: Colleagues) -> list[Addressee]:
    """Return who is told of every service area this week, in the order of the tree. Two queries.

    Line managers are told of their areas and everything below; while they are away, their
    deputies, if they may see the area themselves. Of areas inside one another somebody is told
    once, of the outer. What then reaches nobody goes to the head of service above it, and where
    there is none who can be reached, to the complaints coordinators; and so does what has no
    service area yet.
    """
    told, tree = _told(Role.LINE_MANAGER, people)
    reached = {area for each in told for area in each.areas}
    return [*told, *_unmanaged(tree, reached, people), *_unplaced(people)]


def heads_told(people: Colleagues) -> list[Addressee]:
    """Return which head of service is told of which area and all below it. Two queries.

    While they are away their deputies; where a service has no head who can be reached, the
    complaints coordinators.
    """
    told, tree = _told(Role.HEAD_OF_SERVICE, people)
    reached = {area for each in told for area in each.areas}
    return [*told, *_unmanaged(tree, reached, people)]


def answering_for(people: Colleagues) -> Callable[[int | None], frozenset[int]]:
    """Return a function that says who answers for an area today: whoever heads it, or the nearest
    area around it, while they are away their deputies, else the coordinators. Two queries.
    """
    told = heads_told(people)
    coordinators = _present(people.holders.get(Role.COMPLAINTS_COORDINATOR, set()), "", people)

    def answer(area: int | None) -> frozenset[int]:
        near = [each for each in told if area in each.areas]
        smallest = min((len(each.areas) for each in near), default=0)
        heads = frozenset(each.recipient for each in near if len(each.areas) == smallest)
        return heads or coordinators

    return answer


def told_when_sent() -> list[tuple[User, Role]]:
    """Return to whom a quarter or a year goes, and as what, each person once. One query a role."""
    told: dict[int, tuple[User, Role]] = {}
    for role in (*TOLD, Role.COMPLAINTS_COORDINATOR):
        people = User.objects.filter(is_active=True, grants__role=role.value).distinct()
        for person in people.order_by("pk"):
            told.setdefault(person.pk, (person, role))
    return list(told.values())


def _told(role: Role, people: Colleagues) -> tuple[list[Addressee], Tree]:
    """Return who of a role is told of which areas, or stands in for them, and all areas."""
    rows = ServiceArea.objects.order_by("path").values_list("path", "pk", "name")
    tree = {path: Area(key, name) for path, key, name in rows}
    grants = RoleGrant.objects.filter(role=role.value)
    # A deputy has the role too, but is told as a deputy.
    own = set(grants.values_list("area__path", "user"))
    managed = [each for path in tree for each in _managers(path, role, tree, people, own)]
    return _without_inner(managed, tree), tree


def _managers(
    path: str,
    role: Role,
    tree: Tree,
    people: Colleagues,
    own: Collection[tuple[str | None, int]],
) -> Iterator[Addressee]:
    """Yield who has the role for one area, or those who stand in for them."""
    below = frozenset(area.key for each, area in tree.items() if each.startswith(path))
    told: set[int] = set()
    known = people.area_holders.get((role, path), set())
    holders = [each for each in known if (path, each) in own]
    # Those who are there come first, so that a deputy who is a manager too is told as manager.
    for holder in sorted(holders, key=lambda each: (each in people.deputies, each)):
        present = follow(people.deputies, holder)
        if present is None or present in told or not _may_see(present, path, people):
            continue
        told.add(present)
        instead_of = None if present == holder else holder
        yield Addressee(present, *tree[path], below, instead_of=instead_of)


def _may_see(person: int, path: str, people: Colleagues) -> bool:
    viewer = people.viewers.get(person)
    return viewer is not None and (
        Role.COMPLAINTS_COORDINATOR in viewer.roles or viewer.covers(_MANAGING, path)
    )


def _without_inner(managed: Iterable[Addressee], tree: Tree) -> list[Addressee]:
    """Leave out what somebody is told of in the report of an area around it."""
    paths: dict[int | None, str] = {area.key: path for path, area in tree.items()}
    kept: list[Addressee] = []
    tops: dict[int, list[str]] = defaultdict(list)
    for each in managed:
        path = paths[each.area]
        if not any(path.startswith(top) for top in tops[each.recipient]):
            tops[each.recipient].append(path)
            kept.append(each)
    return kept


def _unmanaged(tree: Tree, reached: set[int], people: Colleagues) -> list[Addressee]:
    """Return who is told of the areas that reach no line manager, neighbours taken together."""
    groups: dict[str, tuple[frozenset[int], set[int]]] = {}
    top_of: dict[str, str] = {}
    for path, area in tree.items():
        if area.key in reached:
            continue
        told = _instead(path, people)
        above = top_of.get(_parent(path), "")
        top = above if above and groups[above][0] == told else path
        top_of[path] = top
        groups.setdefault(top, (told, set()))[1].add(area.key)
    return [
        Addressee(person, *tree[top], frozenset(keys), is_unmanaged=True)
        for top, (told, keys) in groups.items()
        for person in sorted(told)
    ]


def _unplaced(people: Colleagues) -> list[Addressee]:
    coordinators = _present(people.holders.get(Role.COMPLAINTS_COORDINATOR, set()), "", people)
    return [
        Addressee(person, None, NO_AREA_NAME, frozenset(), is_unmanaged=True)
        for person in sorted(coordinators)
    ]


def _instead(path: str, people: Colleagues) -> frozenset[int]:
    """Return the heads of service nearest above, or else the coordinators."""
    above = path
    while above.strip("/"):
        heads = people.area_holders.get((Role.HEAD_OF_SERVICE, above), set())
        if found := _present(heads, path, people):
            return found
        above = _parent(above)
    return _present(people.holders.get(Role.COMPLAINTS_COORDINATOR, set()), path, people)


def _present(holders: Iterable[int], path: str, people: Colleagues) -> frozenset[int]:
    present = (follow(people.deputies, each) for each in holders)
    return frozenset(each for each in present if each is not None and _may_see(each, path, people))


def _parent(path: str) -> str:
    return path.rstrip("/").rpartition("/")[0] + "/"
