"""Who covers what while colleagues are away: one page for whoever is away and their managers."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases.errors import ComplaintError
from cases.operations.covers import cover_all, name_cover
from cases.rules.numbers import number_in
from cases.rules.pages import Page
from cases.selectors.covers import Leave, ToCover, leave, leaves
from cases.templatetags.parts import Column, Link
from cases.views.access import StaffPage, user_of

COLUMNS = (Column("Reference"), Column("Overdue, or due in these days"), Column("Who covers it"))


class Covers(StaffPage):
    """The absences in which something falls due, and who covers each complaint."""

    page = Page.COVERS

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them."""
        user = user_of(request)
        today = timezone.localdate(timezone.now())
        context = {
            "leaves": leaves(user, today=today),
            "me": user.pk,
            "today": today,
            "columns": COLUMNS,
            "crumbs": [Link("My work", reverse("cases:my-work")), Link("Cover")],
        }
        return render(request, "cases/covers.html", context)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Name who covers one complaint, or let the deputy cover all that nobody covers yet."""
        self.user, self.now = user_of(request), timezone.now()
        absence_id = number_in(request.POST.get("absence", ""))
        found = leave(absence_id, self.user, today=timezone.localdate(self.now))
        if found is None:
            messages.error(request, "This absence is over, or was cancelled.")
        elif "all" in request.POST:
            self._all(found)
        else:
            self._one(found)
        return redirect("cases:covers")

    def _all(self, found: Leave) -> None:
        keys = {each.complaint.pk: each.complaint.reference for each in found.uncovered}
        deputy = found.absence.deputy
        results = cover_all(
            absence_id=found.absence.pk,
            complaint_ids=keys,
            user_id=deputy.pk,
            by=self.user,
            now=self.now,
        )
        done = sum(each.is_done for each in results)
        if done:
            plural = "" if done == 1 else "s"
            messages.success(self.request, f"{deputy.name} covers {done} complaint{plural} more.")
        for each in results:
            if not each.is_done:
                messages.error(self.request, f"{keys[each.complaint_id]}: {each.refusal}")

    def _one(self, found: Leave) -> None:
        reference = self.request.POST.get("complaint", "")
        row = next((each for each in found.complaints if _is(each, reference)), None)
        if row is None:
            messages.error(self.request, "Nothing of it is overdue, or due in these days.")
            return
        person = number_in(self.request.POST.get("cover", "")) or None
        if person is not None and person not in dict(row.choices):
            messages.error(self.request, f"{reference}: choose one of those who may cover it.")
            return
        try:
            name_cover(
                absence_id=found.absence.pk,
                complaint_id=row.complaint.pk,
                user_id=person,
                by=self.user,
                now=self.now,
            )
        except ComplaintError as refusal:
            messages.error(self.request, f"{reference}: {refusal}")
        else:
            messages.success(self.request, f"{reference}: it is recorded who covers it.")


def _is(row: ToCover, reference: str) -> bool:
    return row.complaint.reference == reference
