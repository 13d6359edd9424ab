"""The names behind the keys in a complaint's record, and who of them is away."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import cast

from django.db.models import CharField, DateField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Coalesce

from cases.models import Absence, Category, Complaint, RoleGrant, ServiceArea, User
from cases.rules.events import Event, EventKind
from cases.rules.links import goes_on_in, other_of
from cases.rules.roles import Role
from cases.selectors.prepared import BLANK_DAY, Prepared, blank_keys, filling, room_for

Row = tuple[str, int, str, date | None, str]
# Most complaints have to do with fewer people than this.
FEW = 8


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away until a day, and who stands in."""

    until: date
    deputy: str


@dataclass(frozen=True, slots=True)
class Named:
    """Names by key, who is away, and the roles of those asked for.

    `untold` are the other complaints that the events link, of which the reader is told nothing.
    """

    people: dict[int, str] = field(default_factory=dict)
    areas: dict[int, str] = field(default_factory=dict)
    categories: dict[int, str] = field(default_factory=dict)
    away: dict[int, Away] = field(default_factory=dict)
    roles: dict[int, frozenset[Role]] = field(default_factory=dict)
    untold: set[int] = field(default_factory=set)


def named(
    events: Iterable[Event],
    *,
    reader: User,
    today: date,
    also: Iterable[int] = (),
    with_roles: Iterable[int] = (),
) -> Named:
    """Return the names of everybody and everything that the events mention, in one query.

    `also` are further people; `with_roles` are those whose roles are wanted too.
    """
    people = set(also)
    areas: set[int] = set()
    categories: set[int] = set()
    others: set[int] = set()
    for event in events:
        people |= _people_in(event)
        areas |= _keys(event.facts.get("area"))
        categories |= _keys(event.facts.get("category"))
        others |= _keys(other_of(event.facts)) | _keys(goes_on_in(event.facts))
    found = Named(untold=set(others))
    asked: tuple[set[int], ...] = (people, areas, categories, set(with_roles), others, {reader.pk})
    # Few complaints name others: then nothing is asked of those.
    rooms = tuple(
        0 if each is others and not others else room_for(each, at_once=FEW) for each in asked
    )
    keys: dict[int, int] = {}
    for place, (each, room) in enumerate(zip(asked, rooms, strict=True)):
        keys |= filling(place, each, room)
    for row in _asked(rooms).rows(keys=keys, day=today):
        _keep(found, cast(Row, row))
    return found


@lru_cache(maxsize=64)
def _asked(rooms: tuple[int, ...]) -> Prepared:
    """Return the query for as many people, areas, categories and holders of roles."""
    people, areas, categories, holders, others, readers = (
        blank_keys(place, room) for place, room in enumerate(rooms)
    )
    return Prepared(
        _people(people).union(
            _plain("area", ServiceArea.objects.filter(pk__in=areas), F("name")),
            _plain("category", Category.objects.filter(pk__in=categories), F("name")),
            _plain("role", RoleGrant.objects.filter(user__in=holders), F("role"), "user_id"),
            _plain(
                "told",
                Complaint.objects.filter(pk__in=others).not_closed_to(User(pk=readers[0])),
                F("reference"),
            ),
            all=True,
        )
    )


def _people_in(event: Event) -> set[int]:
    facts = event.facts
    named_in = [facts.get("officer"), facts.get("approver"), event.actor]
    if event.kind in (EventKind.HEARING_ARRANGED, EventKind.ACCESS_CHANGED):
        for name in ("members", "listed", "subjects", "conflicted"):
            named_in += facts.get(name, [])
        named_in += [facts.get("cover"), facts.get("uncovered")]
    if event.kind is EventKind.PAPERS_SENT:
        named_in += facts.get("sent_to", [])
    named_in += [int(who) for who, _ in facts.get("attendance", ()) if who.isdecimal()]
    return {key for key in named_in if isinstance(key, int)}


def _keys(value: object) -> set[int]:
    return {value} if isinstance(value, int) else set()


def _people(keys: list[int]) -> QuerySet[User, Row]:
    away = Absence.objects.on(BLANK_DAY).filter(user=OuterRef("pk")).order_by("-pk")
    return (
        User.everybody.filter(pk__in=keys)
        .order_by()
        .values_list(
            Value("person", output_field=CharField()),
            F("pk"),
            Cast(F("name"), CharField()),
            Subquery(away.values("last_day")[:1], output_field=DateField()),
            Coalesce(Subquery(away.values("deputy__name")[:1]), Value("")),
        )
    )


def _plain(
    sort: str,
    rows: "QuerySet[ServiceArea] | QuerySet[Category] | QuerySet[RoleGrant] | QuerySet[Complaint]",
    words: F,
    key: str = "pk",
) -> QuerySet[ServiceArea, Row]:
    return rows.order_by().values_list(  # type: ignore[return-value]  # the same shape for each
        Value(sort, output_field=CharField()),
        F(key),
        Cast(words, CharField()),
        Cast(Value(None), DateField()),
        Value("", output_field=CharField()),
    )


def _keep(found: Named, row: Row) -> None:
    sort, key, words, until, deputy = row
    match sort:
        case "person":
            found.people[key] = words
            if until is not None:
                found.away[key] = Away(until, deputy)
        case "area":
            found.areas[key] = words
        case "category":
            found.categories[key] = words
        case "role":
            found.roles[key] = found.roles.get(key, frozenset()) | {Role(words)}
        case "told":
            found.untold.discard(key)
