"""Who may open a page, and loading the complaint it is about."""

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.generic.base import View

from cases.models import Complaint, User
from cases.operations.case_views import note_view
from cases.rules.pages import CHANGERS, READERS, Page
from cases.selectors.case_page import readable_complaint

# The answer to a form that has to be mended.
UNPROCESSABLE = 422


def user_of(request: HttpRequest) -> User:
    """Return who is signed in; the site asks for it before any view but the public ones."""
    return cast(User, request.user)


def view_name(request: HttpRequest) -> str:
    """Return the name of the address that is asked for."""
    match = request.resolver_match
    return (match.url_name if match else None) or ""


class StaffPage(View):
    """A page for some roles: reading it, and changing something on it."""

    page: Page

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer those whose role the page is for.

        :raises PermissionDenied: to anybody else.
        """
        roles = (READERS if request.method in ("GET", "HEAD") else CHANGERS)[self.page]
        if not user_of(request).has_role(*roles):
            raise PermissionDenied
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))


class ComplaintPage(View):
    """A page about one complaint. One that the person may not see does not exist."""

    complaint: Complaint
    # It is kept who opens it, each day; not of what a page asks by itself.
    is_noted = True

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the complaint and read the clock once.

        :raises Http404: if there is no such complaint, or it is hidden from this person.
        :raises PermissionDenied: if they may know of it but not read it.
        """
        super().setup(request, *args, **kwargs)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        if not request.user.is_authenticated:
            return
        user = user_of(request)
        reference = kwargs["reference"]
        found = self.find(reference, user)
        if found is not None:
            self.complaint = found
            if self.is_noted:
                note_view(found, page=view_name(request), by=user, now=self.now)
        elif Complaint.objects.visible_to(user).filter(reference=reference).exists():
            raise PermissionDenied
        else:
            raise Http404

    def find(self, reference: str, user: User) -> Complaint | None:
        """Return the complaint if they may read it. One query."""
        return readable_complaint(reference, user, today=self.today)
