"""The addresses of dashboard and reports."""

from datetime import date

from django.urls import URLPattern, URLResolver, path, register_converter

from feedback.views.in_languages import in_every_language
from reporting.rules.reporting_years import ReportingYear
from reporting.views.ahead_board import AheadBehind, AheadBoard
from reporting.views.answers_board import AnswersBehind, AnswersBoard
from reporting.views.articles import ArticleFile, ArticlesPage
from reporting.views.assessments import (
    AssessmentList,
    AssessmentPage,
    ProvisionPage,
    published,
)
from reporting.views.collating import CheckPage, CollatePage, LessonsOwed, WaivePage
from reporting.views.complaints_board import (
    ComplaintsBehind,
    ComplaintsBoard,
    PromisesBehind,
)
from reporting.views.dashboard import DashboardPage
from reporting.views.improvement_reports import (
    ImprovementReportPage,
    ImprovementReports,
    RespondToReport,
    WriteReport,
    published_report,
)
from reporting.views.kept import FiguresFile, KeptPage, KeptReportsPage, PaperFile
from reporting.views.kept_acts import AgainPage, LessonsPage, ResendKept
from reporting.views.measures import (
    HomesOfYear,
    HomesPage,
    MeasuredComplaints,
    MeasuresFile,
    MeasuresNow,
    MeasuresPage,
)
from reporting.views.reports import ReportPage, ReportsPage, ResendReport
from reporting.views.targets import CapacitiesPage, CapacityPage, TargetsPage
from reporting.views.year_of_complaints import YearNow, YearPage

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


class YearConverter:
    """A reporting year in an address: 2025-26."""

    regex = r"\d{4}-\d{2}"

    def to_python(self, value: str) -> ReportingYear:
        """Return the year.

        :raises ValueError: if there is no such year, which means that there is no such page.
        """
        return ReportingYear.parse(value)

    def to_url(self, value: ReportingYear) -> str:
        """Return the year as written in an address."""
        return str(value)


register_converter(WeekConverter, "week")
register_converter(YearConverter, "year")


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

urlpatterns: list[URLPattern | URLResolver] = [
    # For everybody, in every language.
    in_every_language(
        [
            path("how-we-keep-to-the-code/", published, name="code"),
            path("how-complaints-went/<year:year>/", published_report, name="complaints-report"),
        ]
    ),
    path("dashboard/", DashboardPage.as_view(), name="dashboard"),
    path("dashboard/answers/", AnswersBoard.as_view(), name="answers-board"),
    path("dashboard/answers/list/", AnswersBehind.as_view(), name="answers-behind"),
    path("dashboard/complaints/", ComplaintsBoard.as_view(), name="complaints-board"),
    path("dashboard/complaints/list/", ComplaintsBehind.as_view(), name="complaints-behind"),
    path("dashboard/complaints/promises/", PromisesBehind.as_view(), name="promises-behind"),
    path("dashboard/ahead/", AheadBoard.as_view(), name="ahead-board"),
    path("dashboard/ahead/list/", AheadBehind.as_view(), name="ahead-behind"),
    path("dashboard/capacity/", CapacitiesPage.as_view(), name="capacities"),
    path("dashboard/capacity/<slug:code>/", CapacityPage.as_view(), name="capacity"),
    path("dashboard/targets/", TargetsPage.as_view(), name="targets"),
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
    path(f"{_MONTHLY}lessons/no-longer-owed/", WaivePage.as_view(), name="monthly-waive"),
    path("reports/lessons-owed/", LessonsOwed.as_view(), name="lessons-owed"),
    path(f"{_PERFORMANCE}articles/", ArticlesPage.as_view(), name="performance-articles"),
    path(
        f"{_PERFORMANCE}articles/<slug:place>.txt",
        ArticleFile.as_view(),
        name="performance-article",
    ),
    path(f"{_PERFORMANCE}send/", CollatePage.as_view(), name="performance-send"),
    path(f"{_PERFORMANCE}send/check/", CheckPage.as_view(), name="performance-check"),
    path("measures/", MeasuresNow.as_view(), name="measures-now"),
    path("measures/homes/", HomesPage.as_view(), name="homes"),
    path("measures/complaints/", YearNow.as_view(), name="year-now"),
    path("measures/<year:year>/complaints/", YearPage.as_view(), name="year"),
    path("measures/<year:year>/", MeasuresPage.as_view(), name="measures"),
    path("measures/<year:year>/figures.csv", MeasuresFile.as_view(), name="measures-file"),
    path("measures/<year:year>/homes/", HomesOfYear.as_view(), name="homes-of-year"),
    path(
        "measures/<year:year>/stage-<int:stage>/<slug:group>/<slug:which>/",
        MeasuredComplaints.as_view(),
        name="measured-complaints",
    ),
    path("self-assessment/", AssessmentList.as_view(), name="assessments"),
    path("self-assessment/<year:year>/<int:edition>/", AssessmentPage.as_view(), name="assessment"),
    path(
        "self-assessment/<year:year>/<int:edition>/<slug:provision>/",
        ProvisionPage.as_view(),
        name="provision",
    ),
    path("improvement-report/", ImprovementReports.as_view(), name="improvement-reports"),
    path(
        "improvement-report/<year:year>/",
        ImprovementReportPage.as_view(),
        name="improvement-report",
    ),
    path("improvement-report/<year:year>/words/", WriteReport.as_view(), name="improvement-words"),
    path(
        "improvement-report/<year:year>/response/",
        RespondToReport.as_view(),
        name="improvement-response",
    ),
]
