"""The list of complaints: filtered, searched, sorted, a page at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import Case, CharField, Exists, F, OrderBy, OuterRef, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast, Lower

from cases.models import (
    CalendarEdition,
    Category,
    Complaint,
    PointOfComplaint,
    RoleGrant,
    ServiceArea,
    User,
)
from cases.models.complaints import COUNT_LIMIT, ComplaintQuerySet
from cases.models.procedures import edition
from cases.rules.calendars import WorkingCalendar
from cases.rules.customers import LetterFormat
from cases.rules.day_spans import DaySpan
from cases.rules.due_words import soon_until
from cases.rules.pages import READERS, Page
from cases.rules.roles import Role
from cases.selectors.counting import Compiled, Narrowing, compiled, count_each
from cases.selectors.days import happened_in
from cases.selectors.my_work import View, in_view, may_assign, theirs
from cases.selectors.prepared import KEPT, Prepared, Reader, reader_of
from cases.selectors.rows import COLUMNS, Row, listed, rows_by_key, rows_of
from cases.selectors.search import How, Searched, Topics, find
from cases.selectors.seen import Seen

PAGE_ROWS = 25
NOBODY = "nobody"
FOUND = "found"
MINE = "mine"
ANY_WORDS = "any"


class Openness(StrEnum):
    """Whether closed complaints are listed."""

    OPEN = "open"
    CLOSED = "closed"
    ALL = "all"


class Needs(StrEnum):
    """What customers need of us, as a list is narrowed by it."""

    ANY = "any"
    VULNERABLE = "vulnerable"
    FORMAT = "format"
    LANGUAGE = "language"
    UNSAFE = "unsafe"

    @property
    def words(self) -> str:
        """Return the needs for people."""
        return {
            "any": "Any need or mark",
            "vulnerable": "Vulnerable",
            "format": "Another format",
            "language": "Another language",
            "unsafe": "Unsafe contact",
        }[self.value]


_UNSAFE = (
    Q(customer__email_unsafe=True) | Q(customer__phone_unsafe=True) | Q(customer__post_unsafe=True)
)
_FORMAT = ~Q(customer__letter_format=LetterFormat.STANDARD.value)
_LANGUAGE = ~Q(customer__language="")
_VULNERABLE = Q(customer__is_vulnerable=True)
NEEDING: dict[Needs, Q] = {
    Needs.ANY: _VULNERABLE | _FORMAT | _LANGUAGE | _UNSAFE | ~Q(customer__needs=""),
    Needs.VULNERABLE: _VULNERABLE,
    Needs.FORMAT: _FORMAT,
    Needs.LANGUAGE: _LANGUAGE,
    Needs.UNSAFE: _UNSAFE,
}


# Answered without an outcome: put right without a formal answer, or brought in without one.
UNFOUND = "none"
UNFOUND_WORDS = "Put right without a formal answer, or not said"
_UNFOUND = Q(outcome="", answered_on__isnull=False)


@dataclass(frozen=True, slots=True)
class Filters:
    """What somebody asked the list for. Everything empty is every open complaint."""

    q: str = ""
    view: View = View.OPEN
    mine: bool = False
    openness: str = ""
    statuses: Sequence[str] = ()
    stages: Sequence[str] = ()
    officer: str = ""
    area: int | None = None
    category: int | None = None
    channel: str = ""
    register: str = ""
    level: str = ""
    needs: str = ""
    outcome: str = ""
    finding: str = ""
    due_before: date | None = None
    received_from: date | None = None
    received_to: date | None = None
    days: DaySpan | None = None
    sort: str = ""

    @property
    def reach(self) -> Openness:
        """Say whether closed ones are listed: when searching all are, unless told otherwise."""
        if self.openness:
            return Openness(self.openness)
        if self.view in (View.PROMISES, View.PROMISES_OVERDUE):
            # What the Ombudsman ordered is owed after the complaint is closed, too.
            return Openness.ALL
        if self.view is not View.OPEN:
            return Openness.OPEN
        return Openness.ALL if self.q or self.outcome or self.finding else Openness.OPEN

    @property
    def order(self) -> str:
        """Return the name of the order: the newest first when searching, else the soonest due."""
        if self.sort.removeprefix("-") in SORTS:
            return self.sort
        if self.view in (View.PROMISES, View.PROMISES_OVERDUE) and not self.q:
            return "due"
        return "due" if self.reach is Openness.OPEN and not self.q else "-received"


SORTS: dict[str, Callable[[], Any]] = {
    "due": lambda: F("next_due_on"),
    "received": lambda: F("received_on"),
    "reference": lambda: F("reference"),
    "customer": lambda: Lower("customer__name"),
    "officer": lambda: Lower("responsible_officer__name"),
}
# Orders that tell who somebody is: what may not be read has no place in them.
TELLING_SORTS = frozenset({"customer", "officer"})


def queue(
    user: User,
    filters: Filters,
    *,
    today: date,
    calendar: WorkingCalendar,
    only_readable: bool = False,
) -> ComplaintQuerySet:
    """Return the complaints that match all but the words, of those `user` may know of, unordered.

    What may not be read is not chosen by its words, its people or what it is about.
    """
    soon = soon_until(today, calendar)
    return _narrowed(user, filters, today=today, soon=soon, only_readable=only_readable)


def _narrowed(
    user: User, filters: Filters, *, today: date, soon: date, only_readable: bool = False
) -> ComplaintQuerySet:
    if only_readable or _asks_what_is_in_it(filters):
        found = Complaint.objects.readable_by(user)
    else:
        found = Complaint.objects.visible_to(user)
    if filters.view is not View.OPEN:
        found = found.filter(in_view(filters.view, today=today, soon=soon))
    if filters.mine:
        found = found.filter(theirs(user))
    return found.filter(_place(filters), _dates(filters), _content(filters))


def _asks_what_is_in_it(filters: Filters) -> bool:
    chosen = (filters.q, filters.category, filters.channel, filters.register, filters.level)
    more = (
        filters.needs,
        filters.outcome,
        filters.finding,
        filters.officer,
        filters.statuses,
        filters.area,
    )
    return any(chosen) or any(more) or filters.order.removeprefix("-") in TELLING_SORTS


def _place(filters: Filters) -> Q:
    found = Q()
    if filters.reach is not Openness.ALL:
        found &= Q(is_open=filters.reach is Openness.OPEN)
    if filters.statuses:
        found &= Q(status__in=filters.statuses)
    if filters.stages:
        found &= Q(stage__in=filters.stages)
    if filters.area is not None:
        below = ServiceArea.objects.filter(path__contains=f"/{filters.area}/")
        found &= Q(service_area__in=below.values("pk"))
    if filters.officer == NOBODY:
        found &= Q(responsible_officer__isnull=True)
    elif filters.officer:
        found &= Q(responsible_officer=int(filters.officer))
    return found


def _dates(filters: Filters) -> Q:
    found = Q()
    if filters.due_before:
        found &= Q(next_due_on__lt=filters.due_before)
    if filters.received_from:
        found &= Q(received_on__gte=filters.received_from)
    if filters.received_to:
        found &= Q(received_on__lte=filters.received_to)
    if filters.days:
        found &= happened_in(filters.days)
    return found


def _content(filters: Filters) -> Q:
    found = Q()
    if filters.category is not None:
        found &= Q(category=filters.category)
    if filters.needs:
        found &= NEEDING[Needs(filters.needs)]
    found &= _judged(filters)
    for column in ("channel", "register", "level"):
        if value := getattr(filters, column):
            found &= Q(**{column: value})
    return found


def _judged(filters: Filters) -> Q:
    found = Q()
    if UNFOUND in (filters.finding, filters.outcome):
        found &= _UNFOUND
    if filters.outcome not in ("", UNFOUND):
        found &= Q(outcome=filters.outcome)
    if filters.finding not in ("", UNFOUND):
        judged = PointOfComplaint.objects.filter(finding=filters.finding)
        # What was answered whole, without points, is one point found as the complaint was.
        pointed = Exists(PointOfComplaint.objects.filter(complaint=OuterRef("pk")))
        whole = Q(outcome=filters.finding, answered_on__isnull=False) & ~Q(pointed)
        found &= Q(pk__in=judged.values("complaint")) | whole
    return found


def in_order(complaints: ComplaintQuerySet, order: str) -> ComplaintQuerySet:
    """Put complaints in an order of SORTS, backwards with a minus, ties by their age.

    What has no date is due last.
    """
    return complaints.order_by(*_order(order))


def _order(order: str) -> tuple[OrderBy, str]:
    name = order.removeprefix("-")
    by, may_be_empty = SORTS[name](), name in ("due", "officer")
    if order.startswith("-"):
        return by.desc(nulls_first=may_be_empty or None), "-pk"
    return by.asc(nulls_last=may_be_empty or None), "pk"


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list, how many there are of it, and of each view.

    `has_more`: there are more than `count`. `newest_only`: only the newest were gone through.
    """

    rows: list[Row]
    count: int
    page: int
    tabs: dict[View, int]
    mine: int
    how: How = How.AS_WRITTEN
    has_more: bool = False
    newest_only: bool = False


def listing(
    user: User, filters: Filters, *, page: int, today: date, key: int, topics: Topics
) -> Listing:
    """Return one page of the list, under the calendar edition `key`.

    `topics` are what complaints can be about. Two queries; a search takes up to eight.
    """
    calendar = edition(key)
    reader, soon = reader_of(user), soon_until(today, calendar)
    if filters.q:
        asked = _Page(page, today, calendar, topics)
        return _searched(reader, filters, asked)
    counts = _counts(reader, filters, today=today, soon=soon)
    count = counts.pop(FOUND)
    number = _within(page, count)
    rows = []
    if count:
        start = (number - 1) * PAGE_ROWS
        ordered = _ordered(
            reader, filters, today=today, soon=soon, start=start, is_few=count <= COUNT_LIMIT
        )
        shown = ordered.rows()
        rows = rows_of(shown, today=today, calendar=calendar)
    return Listing(
        rows=rows,
        count=count,
        page=number,
        mine=counts.pop(MINE),
        tabs={View(name): number for name, number in counts.items()},
    )


def _counts(reader: Reader, filters: Filters | None, *, today: date, soon: date) -> dict[str, int]:
    """Return how many there are in each view, and how many match if there are filters.

    One query, two for the first time in a day that somebody is found to see more than is counted.
    """
    found = _seen(reader, filters, today=today, soon=soon).picked()
    if found is not None:
        return found.counts
    lists = dict(_tab_lists(reader, today=today, soon=soon))
    if filters is not None:
        lists[FOUND] = _counted(reader, filters, today=today, soon=soon)
    return count_each(lists)


@lru_cache(maxsize=KEPT)
def _seen(reader: Reader, filters: Filters | None, *, today: date, soon: date) -> Seen:
    others = {}
    if filters is not None:
        others[FOUND] = _counted(reader, filters, today=today, soon=soon)
    visible = Complaint.objects.visible_to(reader.user)
    return Seen(visible, _tab_conditions(reader.user, today=today, soon=soon), others=others)


@lru_cache(maxsize=KEPT)
def _counted(reader: Reader, filters: Filters, *, today: date, soon: date) -> Compiled:
    """Return the query of the keys of what matches, one more than is counted."""
    found = _narrowed(reader.user, filters, today=today, soon=soon)
    return compiled(found.values("pk")[: COUNT_LIMIT + 1])


@lru_cache(maxsize=KEPT)
def _ordered(
    reader: Reader, filters: Filters, *, today: date, soon: date, start: int, is_few: bool
) -> Prepared:
    """Return the query of a page of what matches, from its row `start` on.

    The page is chosen by keys alone, and what is told of each is read for these. Few are put in
    order after they are found, for the database would else go through everything in order.
    """
    found = _narrowed(reader.user, filters, today=today, soon=soon)
    by, key = _order(filters.order)
    if is_few:
        few = compiled(found.annotate(place=by.expression).values("pk", "place")[: COUNT_LIMIT + 1])
        ends = f"{_ending(by)}, pk {'DESC' if by.descending else 'ASC'}"
        page = Compiled(
            f"SELECT few.pk FROM ({few.sql}) AS few ORDER BY few.place {ends} "  # noqa: S608  Django's own
            f"LIMIT {PAGE_ROWS:d} OFFSET {start:d}",
            few.params,
        )
    else:
        page = compiled(found.order_by(by, key).values("pk")[start : start + PAGE_ROWS])
    chosen = Complaint.objects.filter(pk__in=RawSQL(page.sql, page.params))  # noqa: S611  Django's own
    shown = chosen.with_readable(reader.user)
    rows = in_order(shown, filters.order).values_list(*COLUMNS)
    return Prepared(rows, is_planned_once=True)


def _ending(by: OrderBy) -> str:
    """Return how an order goes on after its column."""
    nulls = "NULLS FIRST" if by.nulls_first else "NULLS LAST" if by.nulls_last else ""
    return f"{'DESC' if by.descending else 'ASC'} {nulls}".rstrip()


@dataclass(frozen=True, slots=True)
class _Page:
    """Which page of a search, on which day, and what complaints can be about."""

    number: int
    today: date
    calendar: WorkingCalendar
    topics: Topics


def _searched(reader: Reader, filters: Filters, asked: _Page) -> Listing:
    user, today, calendar = reader.user, asked.today, asked.calendar
    soon = soon_until(today, calendar)
    # Whatever the words are, and in whatever order they are shown, they are looked for among these.
    others = _searchable(reader, replace(filters, q=ANY_WORDS, sort=""), today=today, soon=soon)
    needed = max(asked.number, 1) * PAGE_ROWS + 1
    found = find(others, filters.q, user, needed=needed, limit=COUNT_LIMIT, topics=asked.topics)
    counts = _counts(reader, None, today=today, soon=soon)
    # Where there are many, one more than is shown was asked for.
    is_many = found.has_more and len(found.keys) == needed
    keys = found.keys[:-1] if is_many else found.keys
    number = _within(asked.number, len(keys))
    start = (number - 1) * PAGE_ROWS
    if filters.sort and not found.has_more:
        complaints = Complaint.objects.filter(pk__in=keys).with_readable(user)
        shown = in_order(complaints, filters.order)[start : start + PAGE_ROWS]
        rows = listed(shown, today=today, calendar=calendar) if keys else []
    else:
        some = keys[start : start + PAGE_ROWS]
        by_key = rows_by_key(reader, some, today=today, calendar=calendar)
        rows = [by_key[key] for key in some if key in by_key]
    return Listing(
        rows=rows,
        count=len(keys),
        page=number,
        mine=counts.pop(MINE),
        tabs={View(name): count for name, count in counts.items()},
        how=found.how,
        has_more=found.has_more,
        newest_only=found.newest_only,
    )


@lru_cache(maxsize=KEPT)
def _searchable(reader: Reader, filters: Filters, *, today: date, soon: date) -> Searched:
    """Return the complaints among which words are looked for."""
    found = _narrowed(reader.user, filters, today=today, soon=soon, only_readable=True)
    return Searched(found)


def _within(page: int, count: int) -> int:
    """Return the number of the page, at most that of the last one."""
    return min(max(page, 1), max(1, -(-min(count, COUNT_LIMIT) // PAGE_ROWS)))


def rows_to_take(
    user: User, filters: Filters, *, today: date, calendar: WorkingCalendar, limit: int
) -> tuple[list[Row], bool]:
    """Return the rows of the list as filtered, and whether it was cut. At most eight queries."""
    found = matching(user, filters, today=today, calendar=calendar, limit=limit + 1)
    ordered = in_order(found.with_readable(user), filters.order)
    rows = listed(ordered[: limit + 1], today=today, calendar=calendar)
    return rows[:limit], len(rows) > limit


def matching(
    user: User, filters: Filters, *, today: date, calendar: WorkingCalendar, limit: int
) -> ComplaintQuerySet:
    """Return all that matches, words included, those with the words at most `limit`."""
    found = queue(user, filters, today=today, calendar=calendar, only_readable=bool(filters.q))
    if not filters.q:
        return found
    result = find(Searched(found), filters.q, user, needed=limit, limit=limit)
    return Complaint.objects.filter(pk__in=result.keys)


@lru_cache(maxsize=KEPT)
def _tab_lists(reader: Reader, *, today: date, soon: date) -> Mapping[str, Compiled]:
    """Return the lists of the views, each by its own index."""
    visible = Narrowing(Complaint.objects.visible_to(reader.user))
    conditions = _tab_conditions(reader.user, today=today, soon=soon)
    return {name: visible.to(each, limit=COUNT_LIMIT + 1) for name, each in conditions.items()}


def _tab_conditions(user: User, *, today: date, soon: date) -> dict[str, Q]:
    views = [View.OPEN, View.OVERDUE, View.TODAY, View.SOON, View.WAITING, View.PROMISES]
    if may_assign(user):
        views.append(View.UNASSIGNED)
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        views.append(View.UNTRIAGED)
    conditions = {view.value: in_view(view, today=today, soon=soon) for view in views}
    return conditions | {MINE: theirs(user) & Q(is_open=True)}


Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: people, areas in their tree, categories, and the calendar's key.

    `others` are people whom only an address names: no complaint can be given to them any more.
    """

    officers: tuple[Choice, ...]
    others: tuple[Choice, ...]
    areas: tuple[Choice, ...]
    categories: tuple[Choice, ...]
    calendar: int | None


def filter_choices() -> Choices:
    """Return what the filters offer, and the calendar edition in force, in one query.

    Everybody is offered who may be given complaints, the front line too, which decides the first
    stage of some procedures: whether they were says nothing of any.
    """
    found: dict[str, list[tuple[str, str, str]]] = {}
    for kind, key, name, place in _offered().rows():
        found.setdefault(kind, []).append((key, name, place))
    return Choices(
        officers=_by_name(found.get("officer", [])),
        others=_by_name(found.get("other", [])),
        areas=tuple(_in_tree(found.get("area", []))),
        categories=tuple(
            (k, n) for k, n, _ in sorted(found.get("category", ()), key=lambda e: int(e[2]))
        ),
        calendar=max((int(key) for key, _, _ in found.get("calendar", ())), default=None),
    )


@lru_cache(maxsize=1)
def _offered() -> Prepared:
    """Return the query of what the filters offer: its kind, key, name and place."""
    text = CharField()
    nothing = Value("", text)
    handling = RoleGrant.objects.filter(
        user=OuterRef("pk"), role__in=[role.value for role in READERS[Page.LOG]]
    )
    kind = Case(
        When(Exists(handling), is_active=True, then=Value("officer")),
        default=Value("other"),
        output_field=text,
    )
    people = User.objects.values_list(kind, Cast("pk", text), "name", nothing)
    areas = ServiceArea.objects.values_list(Value("area", text), Cast("pk", text), "name", "path")
    categories = Category.objects.values_list(
        Value("category", text), Cast("pk", text), "name", Cast("position", text)
    )
    calendars = CalendarEdition.objects.values_list(
        Value("calendar", text), Cast("pk", text), nothing, nothing
    )
    return Prepared(people.union(areas, categories, calendars, all=True))


def _by_name(people: list[tuple[str, str, str]]) -> tuple[Choice, ...]:
    return tuple((key, name) for key, name, _ in sorted(people, key=lambda each: each[1].lower()))


def _in_tree(areas: list[tuple[str, str, str]]) -> list[Choice]:
    """Return the areas below those they are part of, each level indented."""
    names = {key: name for key, name, _ in areas}

    def place(path: str) -> list[str]:
        return [names.get(key, "") for key in path.strip("/").split("/")]

    ordered = sorted(areas, key=lambda each: place(each[2]))
    return [(key, "\N{EN SPACE}" * (path.count("/") - 2) + name) for key, name, path in ordered]
