"""The weekly reports that were sent, one of them, and sending it again."""

from datetime import date

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.errors import ComplaintError
from cases.models import Delivery
from cases.rules.pages import Page
from cases.rules.roles import MANAGING_ROLES, Role
from cases.templatetags.parts import Column, Link
from reporting.forms.reports import ReportFilter
from reporting.models import WeeklyReport
from reporting.operations.weekly import resend_report
from reporting.selectors.weekly import (
    areas_reported_to,
    figures_for,
    matters_of,
    report_lines,
    reports_of,
)
from reporting.views.access import ReportingPage, report_tabs

REPORTS_A_PAGE = 50
LINES_A_PAGE = 100
FIGURES = {
    "new": "New",
    "unresolved": "Unresolved",
    "ongoing": "Ongoing",
    "beyond_target": "Overdue",
}


class ReportsPage(ReportingPage):
    """The reports somebody may open, the latest first."""

    page = Page.REPORTS

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list; to those who manage nobody what there is for them instead."""
        if not self.user.has_role(*MANAGING_ROLES, Role.COMPLAINTS_COORDINATOR):
            return redirect("reporting:performance")
        areas = areas_reported_to(self.user)
        form = ReportFilter(request.GET or None, areas=areas)
        area = form.cleaned_data["area"] if form.is_bound and form.is_valid() else ""
        reports = reports_of(self.user, area=area)
        page = Paginator(reports, REPORTS_A_PAGE).get_page(request.GET.get("page"))
        shown = list(page.object_list)
        figures = figures_for(self.user, shown)
        context = {
            "tabs": report_tabs(self.user, is_weekly=True),
            "filter_form": form,
            "has_filter": len(areas) > 1,
            "page": page,
            "rows": [(each, figures[each.pk], sent_words(each)) for each in shown],
            "columns": [
                Column("Week"),
                Column("Area"),
                Column("For"),
                *(Column(words, is_numeric=True) for words in FIGURES.values()),
                Column("Sent"),
            ],
        }
        return render(request, "reporting/reports.html", context)


class ReportPage(ReportingPage):
    """One report, as it was sent."""

    page = Page.REPORTS

    def get(self, request: HttpRequest, week: date, area: str, recipient: str) -> HttpResponse:
        """Show the report."""
        report = self.report(week, area, recipient)
        asked = request.GET.get("shown", "")
        figure = asked if asked in FIGURES else ""
        lines = report_lines(report, self.user, figure=figure)
        page = Paginator(lines, LINES_A_PAGE).get_page(request.GET.get("page"))
        shown = list(page.object_list)
        matters = matters_of(self.user, shown)
        context = {
            "report": report,
            "figure": FIGURES.get(figure, ""),
            "heading": report.heading,
            "figures": figures_for(self.user, [report])[report.pk],
            "page": page,
            "rows": [(each, *matters.get(each.complaint_id, (each.about, ""))) for each in shown],
            "sent": sent_words(report),
            "send_again_url": reverse("reporting:resend-report", args=report.keys),
            "may_send_again": may_send_again(report),
            "is_own": report.recipient_id == self.user.pk,
            "crumbs": [Link("Reports", reverse("reporting:reports")), Link(report.area_name)],
            "columns": [
                Column("Reference"),
                Column("About"),
                Column("Stage"),
                Column("Status"),
                Column("Received"),
                Column("Officer"),
                Column("Next"),
                Column("Due"),
            ],
        }
        return render(request, "reporting/report.html", context)

    def report(self, week: date, area: str, recipient: str) -> WeeklyReport:
        """Return the report that the address names.

        :raises Http404: if there is none, or it is not open to this person.
        """
        reports = reports_of(self.user, area=area)
        found = reports.filter(week=week, recipient__code=recipient).first()
        if found is None:
            raise Http404
        return found


class ResendReport(ReportPage):
    """Send a report again to whom it was made for."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, week: date, area: str, recipient: str) -> HttpResponse:
        """Queue the message and say so."""
        report = self.report(week, area, recipient)
        try:
            resend_report(report_id=report.pk, by=self.user, now=self.now)
        except ComplaintError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, f"The report is on its way to {report.recipient.name}.")
        return redirect(report)


def sent_words(report: WeeklyReport) -> str:
    """Return how far the report has come to its reader."""
    if report.message is None:
        return "Not sent"
    return Delivery(report.message.state).label


def may_send_again(report: WeeklyReport) -> bool:
    """Say whether it is not on its way, and there is somebody to send it to."""
    is_waiting = report.message is not None and report.message.state in (
        Delivery.QUEUED,
        Delivery.SENDING,
    )
    return report.recipient.is_active and not is_waiting
