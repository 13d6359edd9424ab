"""Putting a quarter or a year together: what is said, what is owed for it, and sending it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.errors import ComplaintError, SettingChanged
from cases.models import Thing
from cases.rules.pages import Page
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Column, Link
from reporting.forms.kept import CommentaryForm, SendForm, WaiveForm
from reporting.models import KeptReport
from reporting.models.kept import COLLATING
from reporting.operations.kept_sending import commentary_key, send_report, write_commentary
from reporting.operations.lessons import waive_lessons
from reporting.selectors.addressees import told_when_sent
from reporting.selectors.lessons import all_owed, back_for
from reporting.views.access import ReportingPage
from reporting.views.kept import OneReport, crumbs
from reporting.views.kept_acts import UNPROCESSABLE


class Collating(OneReport):
    """A page for those who put reports together."""

    def collated(self, named: Mapping[str, Any]) -> KeptReport:
        """Return the report, to those who put reports together.

        :raises PermissionDenied: to anybody else.
        """
        report = self.named(named)
        if not self.may_collate:
            raise PermissionDenied
        return report

    @staticmethod
    def seen(report: KeptReport) -> int:
        """Return the number of the last change of what is said about the figures."""
        return last_change(Thing.LANDLORD, commentary_key(report))

    def shown(self, report: KeptReport, form: Any, last: str) -> dict[str, Any]:
        """Return what both pages show: what services gave back, and who owes it."""
        return {
            "report": report,
            "form": form,
            "is_sent": report.sent_at is not None,
            "back": back_for(report.time, today=self.today),
            "crumbs": crumbs(report, last),
        }


class CollatePage(Collating):
    """What is said about the figures, beside what came back."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Show the form."""
        report = self.collated(named)
        given = {"commentary": report.commentary, "seen": self.seen(report)}
        return self.show(request, report, CommentaryForm(initial=given))

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Keep what is written, and stay or go on to send the report."""
        report = self.collated(named)
        form = CommentaryForm(request.POST)
        if not form.is_valid():
            return self.show(request, report, form, status=UNPROCESSABLE)
        try:
            write_commentary(report_id=report.pk, **form.cleaned_data, by=self.user, now=self.now)
        except SettingChanged as changed:
            form.add_error(None, str(changed))
            # Whoever has read how it is now may save on top of it.
            form.data = {**request.POST.dict(), "seen": str(self.seen(report))}
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
        else:
            if request.POST.get("do") == "check":
                return redirect(report.address("check"))
            messages.success(request, "What you wrote is kept. Nothing is sent yet.")
            return redirect(report.address("send"))
        return self.show(request, report, form, status=UNPROCESSABLE)

    def show(
        self, request: HttpRequest, report: KeptReport, form: CommentaryForm, *, status: int = 200
    ) -> HttpResponse:
        """Show the form, also of a report that is sent by now: nothing that was typed is lost."""
        context = self.shown(report, form, "Put together and send")
        context["changes"] = changes_of(Thing.LANDLORD, commentary_key(report))
        return render(request, "reporting/collate.html", context, status=status)


class CheckPage(Collating):
    """What goes out, to whom and without what, before it does."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Show it."""
        report = self.collated(named)
        form = SendForm(initial={"seen": self.seen(report)}, back=report.address("send"))
        return self.show(request, report, form)

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Send it."""
        report = self.collated(named)
        form = SendForm(request.POST, back=report.address("send"))
        if form.is_valid():
            try:
                send_report(report_id=report.pk, **form.cleaned_data, by=self.user, now=self.now)
            except SettingChanged as changed:
                form.add_error(None, str(changed))
                form.data = {**request.POST.dict(), "seen": str(self.seen(report))}
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "The report is on its way.")
                return redirect(report)
        return self.show(request, report, form, status=UNPROCESSABLE)

    def show(
        self, request: HttpRequest, report: KeptReport, form: SendForm, *, status: int = 200
    ) -> HttpResponse:
        """Show what goes out."""
        context = self.shown(report, form, "Before it is sent")
        context["recipients"] = told_when_sent()
        return render(request, "reporting/before_sending.html", context, status=status)


class LessonsOwed(ReportingPage):
    """What services owe of what they learnt, and who is asked for it, for those who collate."""

    page = Page.PERFORMANCE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list.

        :raises PermissionDenied: to those who do not put reports together.
        """
        if not self.user.has_role(*COLLATING):
            raise PermissionDenied
        context = {
            "crumbs": [Link("Reports", reverse("reporting:performance")), Link("Lessons owed")],
            "columns": [
                Column("Service"),
                Column("Month"),
                Column("Due"),
                Column("Who is asked"),
                Column("What to do", is_hidden=True),
            ],
            "owed": all_owed(today=self.today),
            "today": self.today,
        }
        return render(request, "reporting/lessons_owed.html", context)


class WaivePage(Collating):
    """Asking nobody any more for the lessons of a month."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Show the form."""
        report = self.collated(named)
        return self.show(request, report, WaiveForm(cancel=reverse("reporting:lessons-owed")))

    def post(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Keep the reason."""
        report = self.collated(named)
        form = WaiveForm(request.POST, cancel=reverse("reporting:lessons-owed"))
        if form.is_valid():
            try:
                waive_lessons(report_id=report.pk, **form.cleaned_data, by=self.user, now=self.now)
            except ComplaintError as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, "Nobody is asked for it any more.")
                return redirect("reporting:lessons-owed")
        return self.show(request, report, form, status=UNPROCESSABLE)

    def show(
        self, request: HttpRequest, report: KeptReport, form: WaiveForm, *, status: int = 200
    ) -> HttpResponse:
        """Show the form."""
        context = {
            "report": report,
            "form": form,
            "crumbs": crumbs(report, "No longer owed"),
        }
        return render(request, "reporting/waive_lessons.html", context, status=status)
