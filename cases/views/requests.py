"""Requests that are not complaints: the list, one of them, and what is done with it."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from cases.forms.requests import RequestFilter
from cases.models import ServiceRequest
from cases.models.complaints import COUNT_LIMIT
from cases.rules.numbers import number_in
from cases.rules.pages import Page
from cases.rules.timeline_facts import channel_words
from cases.selectors.counting import in_words
from cases.selectors.log_page import log_choices
from cases.selectors.requests_page import (
    PAGE_ROWS,
    RequestFilters,
    RequestView,
    is_known_as_complaint,
    open_complaints_of,
    requests_listing,
)
from cases.templatetags.parts import Action, Column, Link, SummaryRow, Tab
from cases.views.access import StaffPage, user_of
from cases.views.complaint import customer_rows

COLUMNS = (
    Column("Reference"),
    Column("Customer", sort="customer"),
    Column("Kind", sort="kind"),
    Column("What was asked"),
    Column("Service area"),
    Column("Received", sort="received"),
    Column("Waiting"),
)


class RequestList(StaffPage):
    """All of them that may be read, those to be done first."""

    page = Page.REQUESTS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the list."""
        choices = log_choices()
        is_filtered = not request.GET.keys() <= {"view", "sort", "page"}
        form = RequestFilter(request.GET if is_filtered else None, areas=choices.areas)
        form.is_valid()
        named = request.GET.get("view", "")
        view = RequestView(named) if named in set(RequestView) else RequestView.WAITING
        filters = form.filters(view=view, sort=request.GET.get("sort", ""))
        found = requests_listing(
            user_of(request),
            filters,
            page=number_in(request.GET.get("page", ""), longest=5),
            today=timezone.localdate(timezone.now()),
        )
        context = {
            "form": form,
            "found": found,
            "words": in_words(found.count),
            "columns": COLUMNS,
            "sort": filters.order,
            "tabs": [
                Tab(
                    each.words,
                    "?" if each is RequestView.WAITING else f"?view={each.value}",
                    in_words(count),
                    is_current=each is view,
                )
                for each, count in found.tabs.items()
            ],
            "page": Paginator(range(min(found.count, COUNT_LIMIT)), PAGE_ROWS).get_page(found.page),
            "empty": _empty(filters),
            "log_url": reverse("cases:log"),
        }
        return render(request, "cases/requests.html", context, status=422 if form.errors else 200)


def _empty(filters: RequestFilters) -> str:
    if filters == RequestFilters(view=filters.view, sort=filters.sort):
        return {
            RequestView.WAITING: "No request waits to be done.",
            RequestView.DONE: "No request is done yet.",
            RequestView.ALL: "No request has been logged yet.",
        }[filters.view]
    return "No requests match these filters."


class OneRequest(StaffPage):
    """A page about one request. One that the person may not read does not exist."""

    page = Page.REQUESTS
    asked: ServiceRequest

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load it, and read the clock once.

        :raises Http404: if there is none, or it is hidden from this person.
        """
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.user = user_of(request)
        requests = ServiceRequest.objects.visible_to(self.user).select_related(
            "customer", "service_area", "category", "logged_by"
        )
        found = requests.filter(reference=kwargs["reference"]).first()
        if found is None:
            raise Http404
        self.asked = found

    @cached_property
    def is_complaint(self) -> bool:
        """Say whether a complaint was made of it, as far as this person may know."""
        return is_known_as_complaint(self.asked, self.user)

    @property
    def crumbs(self) -> list[Link]:
        """Return the way to the request."""
        listing = Link("Requests", reverse("cases:requests"))
        return [listing, Link(self.asked.reference, self.asked.get_absolute_url())]


class RequestPage(OneRequest):
    """One of them, and what may be done with it."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it."""
        asked = self.asked
        complaints = open_complaints_of([asked], self.user)
        context = {
            "asked": asked,
            "crumbs": [*self.crumbs[:1], Link(asked.reference)],
            "customer": asked.customer,
            "acts": self.acts(),
            "complaint": complaints.get(asked.complaint_id or 0, ""),
            "facts": _facts(asked, is_complaint=self.is_complaint),
            "customer_rows": customer_rows(asked.customer),
        }
        return render(request, "cases/request.html", context)

    def acts(self) -> list[Action]:
        """Return what may be done with it now."""
        asked, found = self.asked, []
        if asked.done_on is None:
            address = reverse("cases:request-done", args=[asked.reference])
            found.append(Action("It is done", address, "primary"))
        if not self.is_complaint:
            address = reverse("cases:request-dissatisfied", args=[asked.reference])
            found.append(Action("The customer is not satisfied", address))
        return found


def _facts(asked: ServiceRequest, *, is_complaint: bool) -> list[SummaryRow]:
    logged = f" by {asked.logged_by.name}" if asked.logged_by else ""
    offered = "Told, does not want that now" if asked.offered_complaint else "Not recorded"
    rows = [
        SummaryRow("Received", f"{asked.received_on:%a %-d %b %Y}"),
        SummaryRow("How", f"{channel_words(asked.channel)}, logged{logged}"),
        SummaryRow("Service area", asked.service_area.name if asked.service_area else "Not known"),
        SummaryRow("Category", asked.category.name if asked.category else "Not known"),
    ]
    if asked.passed_to:
        rows.append(SummaryRow("Passed to", asked.passed_to))
    if not is_complaint:
        rows.append(SummaryRow("Can be a complaint", offered))
    return rows
