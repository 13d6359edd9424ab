"""What is done with a report: comparing it, sending it again, giving back what was learnt."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from cases.errors import ComplaintError, SettingChanged
from cases.models import Thing
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Column
from reporting.forms.kept import LessonsForm
from reporting.models import KeptReport
from reporting.operations.kept_sending import resend_kept_report
from reporting.operations.lessons import lessons_key, may_return, return_lessons
from reporting.rules.kept import FEW, Kind, What, headline, told_count
from reporting.selectors.kept import opens_whole, worked_out_again
from reporting.views.kept import OneReport, crumbs, lessons_state

MOST_CHANGES = 100
# The answer to a form that has to be mended.
UNPROCESSABLE = 422


class AgainPage(OneReport):
    """The figures of a report worked out again, beside those that are kept."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Show both.

        :raises PermissionDenied: to those who do not put reports together, and of a month to those
            who have no figures of it.
        """
        report = self.named(named)
        opens = self.may_collate and opens_whole(self.user, report)
        if not self.may_collate or (report.kind == Kind.MONTHLY and not opens):
            raise PermissionDenied
        again = worked_out_again(report, self.user)
        context = {
            "report": report,
            "crumbs": crumbs(report, "Worked out again"),
            "again": again,
            "columns": [
                Column("What"),
                Column("In the report", is_numeric=True),
                Column("Now", is_numeric=True),
            ],
            "rows": [
                [words, *(told_count(each.count, FEW) for each in (kept, now))]
                for (words, kept), (_, now) in zip(
                    headline(again.kept, hides=not opens),
                    headline(again.now, hides=not opens),
                    strict=True,
                )
            ],
            "changes": [
                (each.reference, What(each.what).words, each.was)
                for each in again.changes[:MOST_CHANGES]
            ],
            "more": max(0, len(again.changes) - MOST_CHANGES),
        }
        return render(request, "reporting/kept_again.html", context)


class ResendKept(OneReport):
    """Send a report again."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Queue the messages and say so."""
        report = self.named(named)
        try:
            sent = resend_kept_report(report_id=report.pk, by=self.user, now=self.now)
        except ComplaintError as refused:
            messages.error(request, str(refused))
        else:
            people = "1 person" if sent == 1 else f"{sent} people"
            messages.success(request, f"The report is on its way to {people}.")
        return redirect(report)


class LessonsPage(OneReport):
    """What a service learnt from a month."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Show the form, with what was given back before."""
        report = self.answered_for(named)
        lessons = report.lessons
        given = {
            "seen": last_change(Thing.LANDLORD, lessons_key(report)),
            "learnt": lessons.learnt,
            "made": lessons.made,
            "planned": lessons.planned,
        }
        form = LessonsForm(initial=given, cancel=report.get_absolute_url())
        return self.show(request, report, form)

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Take it."""
        report = self.answered_for(named)
        form = LessonsForm(request.POST, cancel=report.get_absolute_url())
        if form.is_valid():
            try:
                return_lessons(report_id=report.pk, **form.cleaned_data, by=self.user, now=self.now)
            except SettingChanged as changed:
                form.add_error(None, str(changed))
                # Whoever has read how it is now may save on top of it.
                seen = last_change(Thing.LANDLORD, lessons_key(report))
                form.data = {**request.POST.dict(), "seen": str(seen)}
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "Thank you. What was learnt is given back.")
                return redirect(report)
        return self.show(request, report, form, status=UNPROCESSABLE)

    def answered_for(self, named: Mapping[str, Any]) -> KeptReport:
        """Return the report, to those who answer for its service.

        :raises PermissionDenied: to anybody else.
        """
        report = self.named(named)
        if not may_return(report, self.user):
            raise PermissionDenied
        return report

    def show(
        self, request: HttpRequest, report: KeptReport, form: LessonsForm, *, status: int = 200
    ) -> HttpResponse:
        """Show the form."""
        context = {
            "report": report,
            "form": form,
            "state": lessons_state(report, self.today),
            "changes": changes_of(Thing.LANDLORD, lessons_key(report)),
            "crumbs": crumbs(report, "What was learnt"),
        }
        return render(request, "reporting/lessons.html", context, status=status)
