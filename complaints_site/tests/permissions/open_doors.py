"""Pages that forgot their guard, and who is kept out by nothing: for the tests of the tests.

As an address list it is the site's, with four pages in front of their guarded twins.
"""

import contextlib
import sys
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.generic.base import View

from cases.models import Complaint
from cases.models.complaints import ComplaintQuerySet
from cases.urls import CASE
from cases.views.access import ComplaintPage
from cases.views.acts.record import Note
from cases.views.complaint import CaseSheet
from cases.views.people import PeopleList
from complaints_site.tests.permissions.world import NOW, TODAY


class OpenPeople(PeopleList):
    """The list of people, for anybody who is signed in."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask for no role."""
        return View.dispatch(self, request, *args, **kwargs)


class OpenNote(Note):
    """The act of writing a note, for anybody who may read the complaint."""

    def check_role(self) -> None:
        """Ask for no role."""


class OpenSheet(CaseSheet):
    """The sheet of a complaint, for whoever knows its reference."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load it without asking who reads."""
        super(ComplaintPage, self).setup(request, *args, **kwargs)
        self.now, self.today = NOW, TODAY
        self.complaint = Complaint.objects.get(reference=kwargs["reference"])


class TellingCopy(ComplaintPage):
    """The copy of a record, which says “not for you” of what should not be there at all."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Tell what is hidden from what does not exist."""
        if Complaint.objects.filter(reference=kwargs["reference"]).exists():
            raise PermissionDenied
        super().setup(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer nothing."""
        return HttpResponse()


urlpatterns = [
    path("settings/people/", OpenPeople.as_view(), name="people-for-all"),
    path(f"{CASE}note/", OpenNote.as_view()),
    path(f"{CASE}sheet/", OpenSheet.as_view()),
    path(f"{CASE}copy/", TellingCopy.as_view()),
    path("", include("complaints_site.urls")),
]


@contextlib.contextmanager
def without(*guards: str) -> Iterator[None]:
    """Let these methods of the complaints' queries keep everything, as long as it lasts."""
    kept = {name: getattr(ComplaintQuerySet, name) for name in guards}
    _forget()
    for name in guards:
        setattr(ComplaintQuerySet, name, _everything)
    try:
        yield
    finally:
        for name, method in kept.items():
            setattr(ComplaintQuerySet, name, method)
        _forget()


def _everything(complaints: ComplaintQuerySet, *_: Any) -> ComplaintQuerySet:
    """Keep everything, by a condition as a guard has one."""
    return complaints.filter(pk__gt=0)


def _forget() -> None:
    """Forget the queries that were put together with or without the guards."""
    for name, module in list(sys.modules.items()):
        if name.startswith(("cases.selectors", "feedback.selectors", "reporting.selectors")):
            for each in vars(module).values():
                if hasattr(each, "cache_clear"):
                    each.cache_clear()
