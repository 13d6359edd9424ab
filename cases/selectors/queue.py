"""The list of complaints: filtered, searched, sorted, a page at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import CharField, F, Q, Value
from django.db.models.functions import Cast, Lower

from cases.models import CalendarEdition, Category, Complaint, ServiceArea, User
from cases.models.complaints import COUNT_LIMIT, ComplaintQuerySet
from cases.models.procedures import edition
from cases.rules.calendars import WorkingCalendar
from cases.rules.customers import LetterFormat
from cases.rules.due_words import soon_until
from cases.rules.roles import Role
from cases.selectors.counting import count_up_to
from cases.selectors.my_work import View, in_view, may_assign, theirs
from cases.selectors.rows import Row, listed
from cases.selectors.search import containing, spelt_alike, words_sought

PAGE_ROWS = 25
NOBODY = "nobody"


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
    due_before: date | None = None
    received_from: date | None = None
    received_to: date | None = None
    sort: str = ""

    @property
    def reach(self) -> Openness:
        """Say whether closed ones are listed: when searching all are, unless told otherwise."""
        if self.openness:
            return Openness(self.openness)
        if self.view is not View.OPEN:
            return Openness.OPEN
        return Openness.ALL if self.q or self.outcome else Openness.OPEN

    @property
    def order(self) -> str:
        """Return the name of the order: the newest first when searching, else the soonest due."""
        if self.sort.removeprefix("-") in SORTS:
            return self.sort
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
    """Return the complaints that match, of those `user` may know of, in no order.

    What may not be read is not chosen by its words, its people or what it is about.
    """
    if only_readable or _asks_what_is_in_it(filters):
        found = Complaint.objects.readable_by(user)
    else:
        found = Complaint.objects.visible_to(user)
    soon = soon_until(today, calendar)
    if filters.view is not View.OPEN:
        found = in_view(found, filters.view, today=today, soon=soon)
    if filters.mine:
        found = theirs(found, user)
    found = found.filter(_place(filters), _dates(filters), _content(filters))
    if filters.q and (words := words_sought(filters.q, user)):
        found = containing(found, words)
    elif filters.q:
        found = found.none()
    return found


def _asks_what_is_in_it(filters: Filters) -> bool:
    chosen = (filters.q, filters.category, filters.channel, filters.register, filters.level)
    more = (filters.needs, filters.outcome, filters.officer, filters.statuses, filters.area)
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
    return found


def _content(filters: Filters) -> Q:
    found = Q()
    if filters.category is not None:
        found &= Q(category=filters.category)
    if filters.needs:
        found &= NEEDING[Needs(filters.needs)]
    for column in ("channel", "register", "level", "outcome"):
        if value := getattr(filters, column):
            found &= Q(**{column: value})
    return found


def in_order(complaints: ComplaintQuerySet, order: str) -> ComplaintQuerySet:
    """Put complaints in an order of SORTS, backwards with a minus, ties by their age.

    What has no date is due last.
    """
    name = order.removeprefix("-")
    by, may_be_empty = SORTS[name](), name in ("due", "officer")
    if order.startswith("-"):
        return complaints.order_by(by.desc(nulls_first=may_be_empty or None), "-pk")
    return complaints.order_by(by.asc(nulls_last=may_be_empty or None), "pk")


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of the list, and how many there are of it and of each view."""

    rows: list[Row]
    count: int
    page: int
    pages: int
    tabs: dict[View, int]
    mine: int
    spelt_alike: bool = False

    @property
    def is_cut(self) -> bool:
        """Say whether there are more than were counted."""
        return self.count > COUNT_LIMIT

    @property
    def first(self) -> int:
        """Return the number of the first row shown."""
        return (self.page - 1) * PAGE_ROWS + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """Return the number of the last row shown."""
        return self.first + len(self.rows) - 1 if self.rows else 0


def listing(user: User, filters: Filters, *, page: int, today: date, key: int) -> Listing:
    """Return one page of the list, under the calendar edition `key`. At most five queries."""
    calendar = edition(key)
    found = queue(user, filters, today=today, calendar=calendar)
    counts = count_up_to({"found": found} | _tab_lists(user, today=today, calendar=calendar))
    count = counts.pop("found")
    alike: list[int] = []
    if filters.q and not count:
        unworded = replace(filters, q="", openness=filters.reach.value)
        others = queue(user, unworded, today=today, calendar=calendar, only_readable=True)
        alike = spelt_alike(others, filters.q, limit=PAGE_ROWS)
        count = len(alike)
        found = Complaint.objects.readable_by(user).filter(pk__in=alike)
    pages = max(1, -(-min(count, COUNT_LIMIT) // PAGE_ROWS))
    number = min(max(page, 1), pages)
    start = (number - 1) * PAGE_ROWS
    ordered = in_order(_settled(found, count).with_readable(user), filters.order)
    shown = ordered[start : start + PAGE_ROWS]
    rows = listed(shown, today=today, calendar=calendar) if count else []
    return Listing(
        rows=sorted(rows, key=lambda row: alike.index(row.pk)) if alike else rows,
        count=count,
        page=number,
        pages=pages,
        mine=counts.pop("mine"),
        tabs={View(name): number for name, number in counts.items()},
        spelt_alike=bool(alike),
    )


def _settled(found: ComplaintQuerySet, count: int) -> ComplaintQuerySet:
    """Return the same complaints, chosen before they are put in order where they are few.

    Left to itself the database may go through everything in order, looking for the few.
    """
    if count > COUNT_LIMIT:
        return found
    return Complaint.objects.filter(pk__in=found.order_by().values("pk")[: COUNT_LIMIT + 1])


def _tab_lists(user: User, *, today: date, calendar: WorkingCalendar) -> dict[str, Any]:
    visible = Complaint.objects.visible_to(user)
    soon = soon_until(today, calendar)
    views = [View.OPEN, View.OVERDUE, View.TODAY, View.SOON, View.WAITING]
    if may_assign(user):
        views.append(View.UNASSIGNED)
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        views.append(View.UNTRIAGED)
    lists: dict[str, Any] = {
        view.value: in_view(visible, view, today=today, soon=soon) for view in views
    }
    lists["mine"] = theirs(visible, user).open()
    return lists


Choice = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the filters offer: people, areas in their tree, categories, and the calendar's key."""

    officers: Sequence[Choice]
    areas: Sequence[Choice]
    categories: Sequence[Choice]
    calendar: int | None


def filter_choices() -> Choices:
    """Return what the filters offer, and the calendar edition in force, in one query.

    Everybody who can sign in is offered: whom a complaint was given to says nothing of it.
    """
    text = CharField()
    nothing = Value("", text)
    people = User.objects.filter(is_active=True).values_list(
        Value("officer", text), Cast("pk", text), "name", nothing
    )
    areas = ServiceArea.objects.values_list(Value("area", text), Cast("pk", text), "name", "path")
    categories = Category.objects.values_list(
        Value("category", text), Cast("pk", text), "name", Cast("position", text)
    )
    calendars = CalendarEdition.objects.values_list(
        Value("calendar", text), Cast("pk", text), nothing, nothing
    )
    found: dict[str, list[tuple[str, str, str]]] = {}
    for kind, key, name, place in people.union(areas, categories, calendars, all=True):
        found.setdefault(kind, []).append((key, name, place))
    return Choices(
        officers=[
            (k, n) for k, n, _ in sorted(found.get("officer", ()), key=lambda e: e[1].lower())
        ],
        areas=_in_tree(found.get("area", [])),
        categories=[
            (k, n) for k, n, _ in sorted(found.get("category", ()), key=lambda e: int(e[2]))
        ],
        calendar=max((int(key) for key, _, _ in found.get("calendar", ())), default=None),
    )


def _in_tree(areas: list[tuple[str, str, str]]) -> list[Choice]:
    """Return the areas below those they are part of, each level indented."""
    names = {key: name for key, name, _ in areas}

    def place(path: str) -> list[str]:
        return [names.get(key, "") for key in path.strip("/").split("/")]

    ordered = sorted(areas, key=lambda each: place(each[2]))
    return [(key, "\N{EN SPACE}" * (path.count("/") - 2) + name) for key, name, path in ordered]
