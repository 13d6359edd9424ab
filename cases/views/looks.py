"""Who opened complaints and took something of them away: of one complaint, and by person."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cases.forms.looks import LooksFilterForm
from cases.models.complaints import COUNT_LIMIT
from cases.rules.pages import Page
from cases.selectors.case_page import case_page
from cases.selectors.case_views import (
    LooksWanted,
    looked,
    looks_at,
    looks_of,
    may_know_who_looked,
)
from cases.selectors.counting import in_words
from cases.selectors.standing import roles_for
from cases.templatetags.parts import Column, Tab
from cases.views.access import ComplaintPage, user_of
from cases.views.case_head import head_of
from cases.views.change_page import SettingsPage

PAGE_LENGTH = 50
OF_COMPLAINT = (Column("When"), Column("Who"), Column("What"))
OF_EVERYTHING = (Column("When"), Column("Who"), Column("Complaint"), Column("What"))


class WhoLooked(ComplaintPage):
    """Who opened this complaint, a line a day, and who took something of it away."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them, the newest first.

        :raises PermissionDenied: to whoever may read the complaint and not know who else did.
        """
        user = user_of(request)
        if not may_know_who_looked(user, roles_for(user, self.complaint)):
            raise PermissionDenied
        page = case_page(self.complaint, user=user, today=self.today)
        only_taken = request.GET.get("show") == "taken"
        pages = Paginator(looks_at(self.complaint, only_taken=only_taken), PAGE_LENGTH)
        shown = pages.get_page(request.GET.get("page"))
        context = {
            **head_of(page, here="Who opened it"),
            "views": [
                Tab("Everything", "?", is_current=not only_taken),
                Tab("Taken away", "?show=taken", is_current=only_taken),
            ],
            "shown": shown,
            "lines": [looked(row) for row in shown.object_list],
            "columns": OF_COMPLAINT,
            "only_taken": only_taken,
        }
        return render(request, "cases/who_looked.html", context)


class Looks(SettingsPage):
    """Who opened which complaints and took something of them away, by person and day."""

    page = Page.LOOKS
    section = "cases:looks"
    template_name = "cases/settings/looks.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the page of lines asked for."""
        form = LooksFilterForm(self.request.GET or None)
        wanted = LooksWanted()
        if form.is_bound:
            form.is_valid()
            given = form.cleaned_data
            person = given.get("by")
            wanted = LooksWanted(
                by=person.pk if person else None,
                first=given.get("first"),
                last=given.get("last"),
                only_taken=bool(given.get("taken")),
            )
        newest = looks_of(user_of(self.request), wanted)[:COUNT_LIMIT]
        pages = Paginator(newest, PAGE_LENGTH)
        shown = pages.get_page(self.request.GET.get("page"))
        return super().get_context_data(
            **kwargs,
            filter_form=form,
            shown=shown,
            lines=[looked(row) for row in shown.object_list],
            columns=OF_EVERYTHING,
            newest=in_words(COUNT_LIMIT) if pages.count == COUNT_LIMIT else "",
        )
