"""Saved views of the list of complaints: opening, saving, renaming, sharing and deleting them."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.errors import ComplaintError
from cases.forms.saved_views import SavedViewForm
from cases.models import SavedView
from cases.models.procedures import edition
from cases.models.saved_views import LONGEST_QUERY
from cases.operations.saved_views import delete_view, save_view
from cases.rules.numbers import number_in
from cases.rules.pages import CHANGERS, Page
from cases.selectors.counting import in_words
from cases.selectors.queue import filter_choices
from cases.selectors.saved_views import counts_of, views_of
from cases.templatetags.parts import Column, Link
from cases.views.access import UNPROCESSABLE, StaffPage, user_of
from cases.views.queue import asked_for

COLUMNS = (Column("View"), Column("Complaints"), Column("Whose"), Column("Change"))


@dataclass(frozen=True, slots=True)
class Line:
    """A view in the table: `count` in words, nothing where it searches for words."""

    view: SavedView
    url: str
    count: str
    whose: str
    change_url: str


class SavedViews(StaffPage):
    """The views that somebody finds, and a form to save the list they came from."""

    page = Page.QUEUE

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them."""
        return self._page(self._form(request.GET))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save or delete a view, or show what is in the way."""
        user, form = user_of(request), self._form(request.POST, is_sent=True)
        try:
            if request.POST.get("do") == "delete":
                name = delete_view(by=user, view_id=number_in(request.POST.get("view", "")))
                messages.success(request, f"“{name}” is deleted. No complaint is changed.")
                return redirect("cases:saved-views")
            if not form.is_valid():
                return self._page(form, status=UNPROCESSABLE)
            given = form.cleaned_data
            area = given.get("area")
            save_view(
                by=user,
                name=given["name"],
                query=_tidied(given["filters"]),
                area_id=area.pk if area else None,
                view_id=given["view"],
            )
        except ComplaintError as refused:
            form.add_error(None, str(refused))
            return self._page(form, status=UNPROCESSABLE)
        messages.success(request, f"“{given['name'].strip()}” is saved.")
        return redirect("cases:saved-views")

    def _form(self, data: QueryDict, *, is_sent: bool = False) -> SavedViewForm:
        user = user_of(self.request)
        changed = number_in(data.get("view", "")) if data.get("view") else 0
        view = user.saved_views.filter(pk=changed).first() if changed else None
        filters = _tidied(data.get("filters", ""))
        back = reverse("cases:saved-views") if view else f"{reverse('cases:queue')}?{filters}"
        return SavedViewForm(
            data if is_sent else None, user=user, view=view, back=back, filters=filters
        )

    def _page(self, form: SavedViewForm, status: int = 200) -> HttpResponse:
        user = user_of(self.request)
        crumbs = [Link("Complaints", reverse("cases:queue")), Link("Saved views")]
        context = {
            "form": form if user.has_role(*CHANGERS[self.page]) else None,
            "lines": self._lines(),
            "columns": COLUMNS,
            "crumbs": crumbs,
            "heading": "Save the list you came from" if form.is_new else "Change this view",
        }
        return render(self.request, "cases/saved_views.html", context, status=status)

    def _lines(self) -> list[Line]:
        user, choices = user_of(self.request), filter_choices()
        views = views_of(user)
        asked = {view.pk: asked_for(QueryDict(view.query), choices)[1] for view in views}
        counts = {}
        if choices.calendar is not None:
            today = timezone.localdate(timezone.now())
            calendar = edition(choices.calendar)
            counts = counts_of(asked, user=user, today=today, calendar=calendar)
        return [
            Line(
                view,
                f"{reverse('cases:queue')}?{view.query}",
                in_words(counts[view.pk]) if view.pk in counts else "",
                _whose(view, is_own=view.owner_id == user.pk),
                f"?view={view.pk}" if view.owner_id == user.pk else "",
            )
            for view in views
        ]


def _whose(view: SavedView, *, is_own: bool) -> str:
    owner = "Yours" if is_own else view.owner.name
    return f"{owner}, shared with {view.area.name}" if view.area else owner


def _tidied(query: str) -> str:
    """Return the filters of an address without its page and what is empty, if short enough."""
    given = QueryDict(query.replace("\x00", ""), mutable=True)
    given.pop("page", None)
    for name in list(given):
        given.setlist(name, [value for value in given.getlist(name) if value])
    tidied = given.urlencode()
    return tidied if len(tidied) <= LONGEST_QUERY else ""
