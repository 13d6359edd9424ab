"""Who may open a page of reporting."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic.base import View

from cases.models import User
from cases.rules.pages import CHANGERS, READERS, Page


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
