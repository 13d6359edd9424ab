"""The list of complaints: its views, its filters, and taking it away."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.forms.queue import ExportForm, QueueFilter
from cases.models import User
from cases.models.complaints import COUNT_LIMIT
from cases.models.procedures import edition
from cases.operations.list_export import EXPORT_LIMIT, record_export
from cases.rules.numbers import number_in
from cases.rules.pages import CHANGERS, Page
from cases.rules.references import may_be_reference
from cases.rules.roles import Role
from cases.rules.spreadsheets import inert
from cases.selectors.counting import in_words
from cases.selectors.elsewhere import address_of_reference
from cases.selectors.my_work import View
from cases.selectors.prepared import reader_of
from cases.selectors.queue import (
    PAGE_ROWS,
    Choices,
    Filters,
    Listing,
    filter_choices,
    listing,
    rows_to_take,
)
from cases.selectors.rows import Row
from cases.selectors.saved_views import named_views
from cases.selectors.search import How, by_reference
from cases.templatetags.parts import Column, Link, Tab
from cases.views.access import StaffPage, user_of
from cases.views.own_signing_in import ProvedLately

COLUMNS = (
    Column("Reference", sort="reference"),
    Column("Customer", sort="customer"),
    Column("About"),
    Column("Stage"),
    Column("Next"),
    Column("Due", sort="due"),
    Column("Received", sort="received"),
    Column("Officer", sort="officer"),
)
EXPORTED = (
    "Reference",
    "Customer",
    "About",
    "Service area",
    "Stage",
    "Status",
    "Next",
    "Due",
    "Received",
    "Closed",
    "Officer",
    "Level",
)


def asked_for(query: QueryDict, choices: Choices) -> tuple[QueueFilter, Filters]:
    """Return the filter form and the filters in an address; what is not understood is left out."""
    is_filtered = not query.keys() <= {"view", "sort", "page"}
    form = QueueFilter(query if is_filtered else None, choices=choices)
    form.is_valid()
    named = query.get("view", "")
    view = View(named) if named in set(View) else View.OPEN
    return form, form.filters(view=view, sort=query.get("sort", ""))


class Queue(StaffPage):
    """The list of complaints."""

    page = Page.QUEUE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list, or go to what has the reference that was typed."""
        user = user_of(request)
        choices = filter_choices()
        if choices.calendar is None:
            return render(request, "cases/queue_not_set_up.html")
        form, filters = asked_for(request.GET, choices)
        today = timezone.localdate(timezone.now())
        if may_be_reference(filters.q):
            named = by_reference(filters.q, user)
            if named is not None:
                return redirect(named)
            if address := address_of_reference(filters.q, user):
                return redirect(address)
        found = listing(
            user,
            filters,
            page=number_in(request.GET.get("page", ""), longest=5),
            today=today,
            key=choices.calendar,
            topics=choices.categories,
        )
        context = {
            "form": form,
            "filters": filters,
            "found": found,
            "words": in_words(found.count) if not found.has_more else f"{found.count:,}+",
            "columns": COLUMNS,
            "sort": "" if filters.q and (found.has_more or not filters.sort) else filters.order,
            "tabs": _tabs(request, filters, found),
            "saved": _saved(request, user),
            "today": today,
            "page": Paginator(range(_paged(found)), PAGE_ROWS).get_page(found.page),
            "is_alike": found.how is How.SPELT_ALIKE,
            "is_beginning": found.how is How.BEGINNING,
            "may_assign": View.UNASSIGNED in found.tabs,
            "may_export": user.has_role(Role.COMPLAINTS_COORDINATOR),
            "query": _query(request),
            "log_url": reverse("cases:log") if user.has_role(*CHANGERS[Page.LOG]) else "",
            "empty": _empty(filters),
        }
        status = 422 if form.errors else 200
        return render(request, "cases/queue.html", context, status=status)


def _empty(filters: Filters) -> str:
    if filters == Filters(view=filters.view):
        return (
            f"{filters.view.words}: there are none."
            if filters.view is not View.OPEN
            else "No complaint is open."
        )
    return "No complaints match these filters."


def _query(request: HttpRequest) -> str:
    """Return the filters as they stand in the address, without the page."""
    kept = request.GET.copy()
    kept.pop("page", None)
    return kept.urlencode()


def _paged(found: Listing) -> int:
    """Return for how many complaints there are pages; of a long search one page more."""
    return min(found.count, COUNT_LIMIT) + (found.has_more and found.count < COUNT_LIMIT)


def _tabs(request: HttpRequest, filters: Filters, found: Listing) -> list[Tab]:
    """Return the views with their counts; a view leaves the other filters behind."""
    tabs = [
        Tab("My work", "?mine=on", in_words(found.mine), filters.mine and filters.view is View.OPEN)
    ]
    for view, count in found.tabs.items():
        url = "?" if view is View.OPEN else f"?view={view.value}"
        is_current = view is filters.view and not (filters.mine and view is View.OPEN)
        tabs.append(Tab(view.words, url, in_words(count), is_current))
    return tabs


# So many saved views stand above the list; the rest is one page away.
SAVED_SHOWN = 8


def _saved(request: HttpRequest, user: User) -> list[Tab]:
    """Return the saved views to open from here, the one that is open marked."""
    given = request.GET.lists()
    asked = {name: [*filter(None, values)] for name, values in given if name != "page"}
    filled = {name: values for name, values in asked.items() if values}
    return [
        Tab(name, f"?{query}", is_current=dict(QueryDict(query).lists()) == filled)
        for name, query in named_views(reader_of(user))[:SAVED_SHOWN]
    ]


class QueueExport(ProvedLately, StaffPage):
    """Take the list away as it is filtered: for coordinators, with a reason (roles: row 35)."""

    page = Page.QUEUE

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer coordinators only.

        :raises PermissionDenied: to anybody else.
        """
        if not user_of(request).has_role(Role.COMPLAINTS_COORDINATOR):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask why."""
        return self._ask(request, ExportForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Record the reason and send the file."""
        form = ExportForm(request.POST)
        choices = filter_choices()
        if not form.is_valid() or choices.calendar is None:
            return self._ask(request, form, status=422)
        user, now = user_of(request), timezone.now()
        today = timezone.localdate(now)
        _, filters = asked_for(request.GET, choices)
        calendar = edition(choices.calendar)
        rows, is_cut = rows_to_take(
            user, filters, today=today, calendar=calendar, limit=EXPORT_LIMIT
        )
        record_export(
            by=user,
            now=now,
            reason=form.cleaned_data["reason"],
            filters=_query(request),
            complaint_ids=[row.pk for row in rows],
        )
        response = StreamingHttpResponse(_csv(rows, is_cut), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="complaints-{today}.csv"'
        return response

    def _ask(self, request: HttpRequest, form: ExportForm, status: int = 200) -> HttpResponse:
        back = f"{reverse('cases:queue')}?{_query(request)}"
        context = {
            "form": form,
            "back_url": back,
            "crumbs": [Link("Complaints", back), Link("Download the list")],
            "limit": EXPORT_LIMIT,
        }
        return render(request, "cases/queue_export.html", context, status=status)


class _Lines:
    """Hands on each line that is written."""

    def write(self, line: str) -> str:
        return line


def _csv(rows: Iterable[Row], is_cut: bool) -> Iterator[str]:
    writer = csv.writer(_Lines())
    # A mark at the beginning tells spreadsheets that the letters are Unicode.
    yield "\N{ZERO WIDTH NO-BREAK SPACE}"
    yield writer.writerow(EXPORTED)
    for row in rows:
        yield writer.writerow([inert(each) for each in _exported(row)])
    if is_cut:
        yield writer.writerow([f"Cut after {EXPORT_LIMIT:,} complaints: narrow the list for more."])


def _exported(row: Row) -> tuple[object, ...]:
    return (
        row.reference,
        row.customer,
        row.about,
        row.area,
        row.stage,
        row.status,
        row.next_step,
        row.due_on or "",
        row.received_on,
        row.closed_on or "",
        row.officer,
        row.level,
    )
