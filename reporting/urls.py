"""The addresses of dashboard and reports."""

from datetime import date

from django.urls import URLPattern, path, register_converter

from reporting.views.dashboard import DashboardPage
from reporting.views.reports import ReportPage, ReportsPage, ResendReport

app_name = "reporting"


class WeekConverter:
    """The Monday of a week in an address: 2026-11-16."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        """Return the day.

        :raises ValueError: if there is no such day, which means that there is no such page.
        """
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        """Return the day as written in an address."""
        return value.isoformat()


register_converter(WeekConverter, "week")

_REPORT = "reports/weekly/<week:week>/<slug:area>/<slug:recipient>/"

urlpatterns: list[URLPattern] = [
    path("dashboard/", DashboardPage.as_view(), name="dashboard"),
    path("reports/", ReportsPage.as_view(), name="reports"),
    path(_REPORT, ReportPage.as_view(), name="report"),
    path(f"{_REPORT}send-again/", ResendReport.as_view(), name="resend-report"),
]
