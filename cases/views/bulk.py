"""What the pages share that do something with several complaints of the list at once."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils import timezone

from cases.models import Complaint, User
from cases.models.procedures import edition
from cases.operations.reassign import MOST_AT_ONCE
from cases.rules.numbers import number_in
from cases.rules.pages import Page
from cases.selectors.my_work import may_assign
from cases.selectors.queue import filter_choices, in_order, matching
from cases.views.access import StaffPage, user_of
from cases.views.queue import asked_for


class BulkPage(StaffPage):
    """A page about complaints that were ticked in the list, or all that match its filters."""

    page = Page.QUEUE
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer those who give complaints to officers.

        :raises PermissionDenied: to anybody else.
        """
        if not may_assign(user_of(request)):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once, and from which list somebody came."""
        super().setup(request, *args, **kwargs)
        self.now: datetime = timezone.now()
        self.today = timezone.localdate(self.now)
        self.filters = QueryDict(request.POST.get("filters", ""))
        self.back = f"{reverse('cases:queue')}?{self.filters.urlencode()}"

    def wanted(self) -> tuple[dict[str, int], bool]:
        """Return the references chosen with the version seen of each, and whether there are more.

        In the order of the list, at most MOST_AT_ONCE.
        """
        if self.request.POST.get("which") == "all":
            found = self._matching()
        else:
            found = dict(_parted(each) for each in self.request.POST.getlist("complaint"))
        first = dict(list(found.items())[:MOST_AT_ONCE])
        return first, len(found) > len(first)

    def _matching(self) -> dict[str, int]:
        choices = filter_choices()
        if choices.calendar is None:
            return {}
        _, filters = asked_for(self.filters, choices)
        calendar = edition(choices.calendar)
        most = MOST_AT_ONCE + 1
        found = matching(self.user, filters, today=self.today, calendar=calendar, limit=most)
        theirs = found.filter(pk__in=Complaint.objects.readable_by(self.user).open().values("pk"))
        rows = in_order(theirs, filters.order).values_list("reference", "version")
        return dict(rows[:most])


def _parted(value: str) -> tuple[str, int]:
    """Return the reference and the version that a box was sent with; 0 for a wrong version."""
    reference, _, version = value.rpartition(":")
    return reference.replace("\x00", ""), number_in(version)


def open_to(user: User, keys: list[int]) -> dict[int, Complaint]:
    """Return those of the complaints that are open to somebody, by key."""
    complaints = Complaint.objects.readable_by(user).select_related("customer")
    return complaints.in_bulk(keys)
