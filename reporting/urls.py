"""The addresses of dashboard and reports."""

from datetime import date

from django.urls import URLPattern, path, register_converter

from reporting.views.articles import ArticleFile, ArticlesPage
from reporting.views.dashboard import DashboardPage
from reporting.views.kept import FiguresFile, KeptPage, KeptReportsPage, PaperFile
from reporting.views.kept_acts import AgainPage, CollatePage, LessonsPage, ResendKept
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


class KindConverter:
    """A kind of report on performance in an address."""

    regex = "quarterly|yearly"

    def to_python(self, value: str) -> str:
        """Return the kind."""
        return value

    def to_url(self, value: str) -> str:
        """Return the kind."""
        return value


register_converter(KindConverter, "performance")

_REPORT = "reports/weekly/<week:week>/<slug:area>/<slug:recipient>/"

# The pages of one report that those of a month have like those of a quarter and a year.
_PAGES = (
    ("", "report", KeptPage),
    ("report.pdf", "pdf", PaperFile),
    ("figures.csv", "csv", FiguresFile),
    ("again/", "again", AgainPage),
    ("send-again/", "resend", ResendKept),
)
_MONTHLY = "reports/monthly/<week:day>/<slug:area>/"
_PERFORMANCE = "reports/<performance:kind>/<week:day>/"

urlpatterns: list[URLPattern] = [
    path("dashboard/", DashboardPage.as_view(), name="dashboard"),
    path("reports/", ReportsPage.as_view(), name="reports"),
    path(_REPORT, ReportPage.as_view(), name="report"),
    path(f"{_REPORT}send-again/", ResendReport.as_view(), name="resend-report"),
    path("reports/performance/", KeptReportsPage.as_view(), name="performance"),
    *(
        path(f"{start}{end}", page.as_view(), name=f"{whose}-{name}")
        for start, whose in ((_MONTHLY, "monthly"), (_PERFORMANCE, "performance"))
        for end, name, page in _PAGES
    ),
    path(f"{_MONTHLY}lessons/", LessonsPage.as_view(), name="monthly-lessons"),
    path(f"{_PERFORMANCE}articles/", ArticlesPage.as_view(), name="performance-articles"),
    path(
        f"{_PERFORMANCE}articles/<slug:place>.txt",
        ArticleFile.as_view(),
        name="performance-article",
    ),
    path(f"{_PERFORMANCE}send/", CollatePage.as_view(), name="performance-send"),
]
