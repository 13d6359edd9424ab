"""Who may open a page of reporting."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.generic.base import View

from cases.models import User
from cases.rules.pages import CHANGERS, READERS, Page
from cases.rules.roles import MANAGING_ROLES, Role
from cases.templatetags.parts import Tab

# The boards in their order: whose each is, what it is called, its address.
BOARDS = (
    (Page.DASHBOARD, "Now", "reporting:dashboard"),
    (Page.FIGURES, "Answers", "reporting:answers-board"),
    (Page.FIGURES, "Complaints", "reporting:complaints-board"),
    (Page.AHEAD, "Ahead", "reporting:ahead-board"),
)


class ReportingPage(View):
    """A page for some roles, with the clock read once for each request."""

    page: Page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer those whose role the page is for.

        :raises PermissionDenied: to anybody else.
        """
        self.user = cast(User, request.user)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        roles = (READERS if request.method in ("GET", "HEAD") else CHANGERS)[self.page]
        if not self.user.has_role(*roles):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))


def report_tabs(user: User, *, is_weekly: bool) -> list[Tab]:
    """Return the lists of reports that somebody may open."""
    tabs = []
    if user.has_role(*MANAGING_ROLES, Role.COMPLAINTS_COORDINATOR):
        tabs.append(Tab("Every week", reverse("reporting:reports"), is_current=is_weekly))
    if user.has_role(*READERS[Page.PERFORMANCE]):
        name = "Months, quarters and years"
        tabs.append(Tab(name, reverse("reporting:performance"), is_current=not is_weekly))
    return tabs


def board_tabs(user: User, current: str) -> list[Tab]:
    """Return the boards that somebody may open; none where there is only one."""
    tabs = [
        Tab(words, reverse(name), is_current=name == current)
        for page, words, name in BOARDS
        if user.has_role(*READERS[page])
    ]
    return tabs if len(tabs) > 1 else []
