"""The list of requests that are not complaints, and one of them."""

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import F, Q
from django.db.models.functions import Lower

from cases.errors import ReferenceUnreadable
from cases.models import CalendarEdition, Complaint, ServiceArea, ServiceRequest, User
from cases.models.complaints import COUNT_LIMIT
from cases.models.procedures import edition
from cases.models.service_requests import ServiceRequestQuerySet
from cases.rules.references import parse_reference
from cases.selectors.counting import compiled, count_each
from cases.selectors.customer_search import MOST_WORDS

PAGE_ROWS = 25
FOUND = "found"


class RequestView(StrEnum):
    """Which requests are listed."""

    WAITING = "waiting"
    DONE = "done"
    ALL = "all"

    @property
    def words(self) -> str:
        """Return the view for people."""
        return {"waiting": "To be done", "done": "Done", "all": "All"}[self.value]


@dataclass(frozen=True, slots=True)
class RequestFilters:
    """What somebody asked the list for. Everything empty is all that is to be done."""

    view: RequestView = RequestView.WAITING
    q: str = ""
    kind: str = ""
    area: int | None = None
    mine: bool = False
    received_from: date | None = None
    received_to: date | None = None
    sort: str = ""

    @property
    def order(self) -> str:
        """Return the name of the order: what waits longest first, else the latest."""
        if self.sort.removeprefix("-") in SORTS:
            return self.sort
        return "received" if self.view is RequestView.WAITING else "-received"


SORTS: dict[str, Callable[[], Any]] = {
    "received": lambda: F("received_on"),
    "customer": lambda: Lower("customer__name"),
    "kind": lambda: F("kind"),
}


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request as the list shows it."""

    request: ServiceRequest
    waiting_days: int | None
    complaint: str = ""

    @property
    def waiting_words(self) -> str:
        """Return for how many working days it has been waiting, or since when; nothing if done."""
        if self.waiting_days is None:
            return ""
        if self.waiting_days == 0:
            return f"Since {self.request.received_on:%a %-d %b}"
        return "1 working day" if self.waiting_days == 1 else f"{self.waiting_days} working days"


@dataclass(frozen=True, slots=True)
class RequestListing:
    """A page of the list, how many there are of it, and of each view."""

    rows: list[RequestRow]
    count: int
    page: int
    tabs: dict[RequestView, int]


def requests_listing(
    user: User, filters: RequestFilters, *, page: int, today: date
) -> RequestListing:
    """Return one page of the list. At most four queries."""
    visible = ServiceRequest.objects.visible_to(user)
    lists = {
        view.value: compiled(_in_view(visible, view).values("pk")[: COUNT_LIMIT + 1])
        for view in RequestView
    }
    found = _narrowed(_in_view(visible, filters.view), filters, user)
    lists[FOUND] = compiled(found.values("pk")[: COUNT_LIMIT + 1])
    counts = count_each(lists)
    count = counts.pop(FOUND)
    number = min(max(page, 1), max(1, -(-min(count, COUNT_LIMIT) // PAGE_ROWS)))
    start = (number - 1) * PAGE_ROWS
    by = SORTS[filters.order.removeprefix("-")]()
    is_down = filters.order.startswith("-")
    ordered = found.order_by(by.desc() if is_down else by.asc(), "-pk" if is_down else "pk")
    rows = list(ordered.select_related("customer", "service_area")[start : start + PAGE_ROWS])
    return RequestListing(
        rows=_rows(rows, user, today) if rows else [],
        count=count,
        page=number,
        tabs={RequestView(name): each for name, each in counts.items()},
    )


def _in_view(requests: ServiceRequestQuerySet, view: RequestView) -> ServiceRequestQuerySet:
    if view is RequestView.WAITING:
        return requests.waiting()
    return requests if view is RequestView.ALL else requests.filter(done_on__isnull=False)


def _narrowed(
    requests: ServiceRequestQuerySet, filters: RequestFilters, user: User
) -> ServiceRequestQuerySet:
    if filters.kind:
        requests = requests.filter(kind=filters.kind)
    if filters.area is not None:
        below = ServiceArea.objects.filter(path__contains=f"/{filters.area}/")
        requests = requests.filter(service_area__in=below.values("pk"))
    if filters.mine:
        requests = requests.filter(logged_by__in=user.own_keys)
    if filters.received_from:
        requests = requests.filter(received_on__gte=filters.received_from)
    if filters.received_to:
        requests = requests.filter(received_on__lte=filters.received_to)
    return requests.filter(_words(filters.q)) if filters.q else requests


def _words(text: str) -> Q:
    """Return the condition that a request has the reference, or all of the first words."""
    spellings = {text.strip(), text.strip().upper()}
    with contextlib.suppress(ReferenceUnreadable):
        spellings.add(parse_reference(text))
    every = Q()
    for word in text.split()[:MOST_WORDS]:
        every &= (
            Q(customer__name__icontains=word)
            | Q(customer__address__icontains=word)
            | Q(customer__postcode__icontains=word)
            | Q(words__icontains=word)
            | Q(passed_to__icontains=word)
        )
    return Q(reference__in=spellings) | every


def _rows(requests: Sequence[ServiceRequest], user: User, today: date) -> list[RequestRow]:
    newest = CalendarEdition.objects.order_by("-pk").values_list("pk", flat=True).first()
    calendar = edition(newest) if newest else None
    complaints = open_complaints_of(requests, user)
    return [
        RequestRow(
            each,
            calendar.working_days_between(each.received_on, today)
            if calendar and each.done_on is None
            else None,
            complaints.get(each.complaint_id or 0, ""),
        )
        for each in requests
    ]


def open_complaints_of(requests: Sequence[ServiceRequest], user: User) -> dict[int, str]:
    """Return the references of the complaints that were made of them and that `user` may read.

    One query, none where none was made.
    """
    keys = [each.complaint_id for each in requests if each.complaint_id]
    if not keys:
        return {}
    complaints = Complaint.objects.readable_by(user).filter(pk__in=keys)
    return dict(complaints.values_list("pk", "reference"))


def is_known_as_complaint(asked: ServiceRequest, user: User) -> bool:
    """Say whether a complaint was made of it that is not closed to `user`, or that they made.

    To everybody else it is as if there were none. At most two queries, none where none was made.
    """
    if asked.complaint_id is None:
        return False
    made_of_it = Complaint.objects.filter(pk=asked.complaint_id)
    theirs = made_of_it.filter(logged_by=user)
    return made_of_it.not_closed_to(user).exists() or theirs.exists()
