"""The reports of months, quarters and years: the archive, and one of them with its cases."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.errors import NotMade
from cases.operations.typesetting import set_paper
from cases.rules.pages import Page
from cases.rules.papers import PDF
from cases.rules.roles import MANAGING_ROLES, Role
from cases.selectors.running import landlord
from cases.templatetags.parts import Cell, Column, Link
from feedback.rules.surveys import Satisfaction
from reporting.forms.kept import KindFilter
from reporting.models import KeptReport, LessonsReturn
from reporting.models.kept import COLLATING
from reporting.operations.lessons import may_return
from reporting.rules.kept import (
    ANY,
    AVOIDABLE,
    FEW,
    FINDINGS,
    OUTCOMES,
    TIMINGS,
    WHOLE_LANDLORD,
    Figure,
    Figures,
    Kind,
    What,
    half_years,
    headline,
    time_of,
    told_count,
    told_share,
)
from reporting.selectors.kept import (
    NARROWED,
    cases_shown,
    late_because,
    numbers_for,
    opened_whole,
    reports_of,
    shown_to,
)
from reporting.templatetags.charts import Bar
from reporting.views.access import ReportingPage, report_tabs
from reporting.views.kept_files import bars_of, figures_csv, report_paper

REPORTS_A_PAGE = 50
CASES_A_PAGE = 100
# The numbers of the archive.
LISTED = (What.RECEIVED, What.ANSWERED, What.CLOSED, What.OPEN)
# What stands there of a month whose own page has no figures for the reader.
UNTOLD = ["Not shown" for _ in LISTED]


class KeptReportsPage(ReportingPage):
    """The reports somebody may open, the latest first."""

    page = Page.PERFORMANCE

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list."""
        form = KindFilter(request.GET or None)
        kind = form.cleaned_data["kind"] if form.is_bound and form.is_valid() else ""
        page = Paginator(reports_of(self.user, kind=kind), REPORTS_A_PAGE).get_page(
            request.GET.get("page")
        )
        shown = list(page.object_list)
        numbers = numbers_for(self.user, shown)
        months = [each for each in shown if each.kind == Kind.MONTHLY]
        told = {each.pk for each in shown} - {each.pk for each in months}
        told |= opened_whole(self.user, months)
        context = {
            "tabs": report_tabs(self.user, is_weekly=False),
            "filter_form": form,
            "page": page,
            "rows": [
                (
                    each,
                    numbers_of(numbers[each.pk]) if each.pk in told else UNTOLD,
                    self.state_of(each),
                )
                for each in shown
            ],
            "columns": [
                Column("Time"),
                Column("Report"),
                *(Column(each.words, is_numeric=True) for each in LISTED),
                Column("State"),
            ],
            "names": [each.words for each in LISTED],
            "owed": LessonsReturn.objects.owed().count() if self.user.has_role(*COLLATING) else 0,
        }
        return render(request, "reporting/kept_reports.html", context)

    def state_of(self, report: KeptReport) -> str:
        """Return whether a report is out, and whether lessons of a month were given back."""
        if report.kind != Kind.MONTHLY:
            return "Sent" if report.sent_at else "To be put together"
        return lessons_state(report, self.today)


def numbers_of(numbers: Mapping[str, int]) -> list[int | str]:
    """Return the first numbers of a report."""
    return [numbers.get(what, 0) for what in LISTED]


def lessons_state(report: KeptReport, today: date) -> str:
    """Return whether what a service learnt was given back."""
    lessons = report.lessons
    if lessons.returned_at:
        return "Lessons given back"
    if lessons.waived_at:
        return "Lessons no longer owed"
    words = "were due on" if lessons.due_on < today else "due by"
    return f"Lessons {words} {lessons.due_on:%-d %B}"


class OneReport(ReportingPage):
    """A page about one report."""

    page = Page.PERFORMANCE

    def report(self, *, kind: str, day: date, area: str) -> KeptReport:
        """Return the report that the address names.

        :raises Http404: if there is none, or it is not open to this person.
        """
        reports = reports_of(self.user, kind=kind).filter(first_day=day)
        if area in ("", WHOLE_LANDLORD):
            reports = reports.filter(area__isnull=True)
        else:
            reports = reports.filter(area__code=area)
        found = reports.first()
        if found is None:
            raise Http404
        return found

    def named(self, args: Mapping[str, Any]) -> KeptReport:
        """Return the report by the parts of its address."""
        return self.report(
            kind=args.get("kind", Kind.MONTHLY.value), day=args["day"], area=args.get("area", "")
        )

    @property
    def may_collate(self) -> bool:
        """Say whether somebody puts reports together."""
        return self.user.has_role(*COLLATING)

    @property
    def may_list(self) -> bool:
        """Say whether somebody sees complaints at all, and not only how many there are."""
        return self.user.has_role(*MANAGING_ROLES, Role.COMPLAINTS_COORDINATOR)


def crumbs(report: KeptReport, last: str = "") -> list[Link]:
    """Return the way to a page about a report."""
    name = str(report) if not report.area_name else f"{report.area_name}, {report.time.words}"
    above = Link("Reports", reverse("reporting:performance"))
    if not last:
        return [above, Link(name)]
    return [above, Link(name, report.get_absolute_url()), Link(last)]


class KeptPage(OneReport):
    """One report: its figures, and the complaints behind each."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Show the report."""
        report = self.named(named)
        counted = shown_to(self.user, report)
        is_month = report.kind == Kind.MONTHLY
        asked = {name: request.GET[name] for name in NARROWED if name in request.GET}
        if is_month and not asked:
            asked = {"what": What.OPEN.value}
        context = {
            "report": report,
            "crumbs": crumbs(report),
            "is_month": is_month,
            "pages": {name: report.address(name) for name in ("pdf", "csv", "again", "resend")},
            "send_url": self.send_url(report),
            "articles_url": self.articles_url(report),
            "may_compare": self.may_collate,
            "may_send_again": self.may_send_again(report),
            "commentary": report.commentary,
            "tiles": [
                self.tile(words, each)
                for words, each in headline(counted.numbers, hides=counted.hides)
            ]
            if not counted.is_untold
            else [],
            "hides": counted.hides,
            "sheets": [self.shown(each) for each in counted.sheets],
            "taken": counted.taken,
            "taken_columns": TAKEN,
            "lessons_state": lessons_state(report, self.today) if is_month else "",
            "lessons_url": self.lessons_url(report),
            "surveys": report.found.get("surveys", []),
            "survey_columns": SURVEY_COLUMNS,
            "diversity": report.found.get("diversity", []),
            "diversity_since": half_years(report.found.get("diversity_since", [])),
            "has_diversity": "diversity" in report.found,
            "lessons": report.found.get("lessons", []),
            "asked": asked_words(asked, report),
            **(self.listed(request, report, asked) if asked and self.may_list else {}),
        }
        return render(request, "reporting/kept_report.html", context)

    def may_send_again(self, report: KeptReport) -> bool:
        """Say whether there is somebody to whom this person may have it sent."""
        if report.sent_at is None or self.user.has_role(Role.AUDITOR):
            return False
        return self.may_collate or report.copies.filter(recipient=self.user).exists()

    def send_url(self, report: KeptReport) -> str:
        """Return where a quarter or a year is put together, as long as it is."""
        is_to_send = report.kind != Kind.MONTHLY and report.sent_at is None
        return report.address("send") if self.may_collate and is_to_send else ""

    def articles_url(self, report: KeptReport) -> str:
        """Return where what was learnt is drafted for others to read, once the report is sent."""
        is_sent = report.kind != Kind.MONTHLY and report.sent_at is not None
        return report.address("articles") if self.may_collate and is_sent else ""

    def lessons_url(self, report: KeptReport) -> str:
        """Return where what was learnt is given back, for those who do that."""
        if report.kind != Kind.MONTHLY or not may_return(report, self.user):
            return ""
        return "" if report.lessons.is_told else report.address("lessons")

    def tile(self, words: str, figure: Figure) -> tuple[str, int | str, str]:
        """Return a first number with where it leads."""
        return words, FEW if figure.count is None else figure.count, self.leads_to(figure)

    def leads_to(self, figure: Figure) -> str:
        """Return the address of the cases that a figure counts; what nothing is in opens none."""
        if not figure.count or not self.may_list or not figure.asked:
            return ""
        return f"?{urlencode(figure.asked)}#cases"

    def shown(self, figures: Figures) -> dict[str, Any]:
        """Return a table, and its bars where it is drawn."""
        # Where numbers are missing a picture would mislead.
        is_drawn = figures.sheet.is_drawn and bool(figures.rows and figures.finding)
        bars = [Bar(label, number, self.leads_to(each)) for label, each, number in bars_of(figures)]
        return {
            "figures": figures,
            "bars": bars if is_drawn else [],
            # Bars of one column have their numbers in a table of their own.
            "has_table": bool(figures.rows) and not (is_drawn and len(figures.columns) == 1),
            "columns": [
                Column(figures.sheet.head),
                *(Column(words, is_numeric=True) for words in figures.columns),
                *([Column("In time", is_numeric=True)] if figures.has_share else []),
            ],
            "rows": [
                [
                    Cell(row.label),
                    *(Cell(told_count(each.count), self.leads_to(each)) for each in row.figures),
                    *([Cell(told_share(row.share))] if figures.has_share else []),
                ]
                for row in figures.rows
            ],
        }

    def listed(
        self, request: HttpRequest, report: KeptReport, asked: Mapping[str, str]
    ) -> dict[str, Any]:
        """Return the cases that are asked for.

        :raises Http404: if what is asked for is nothing that is ever counted.
        """
        try:
            page = Paginator(cases_shown(report, self.user, asked), CASES_A_PAGE).get_page(
                request.GET.get("page")
            )
            cases = list(page.object_list)
            reasons = late_because(cases, self.user)
            for each in cases:
                each.because = reasons.get(each.pk, "")
            return {"page": page, "cases": cases, "case_columns": CASE_COLUMNS}
        except (ValueError, ValidationError):
            raise Http404 from None


CASE_COLUMNS = [
    Column("Reference"),
    Column("What"),
    Column("Type"),
    Column("Service"),
    Column("Stage"),
    Column("In time"),
    Column("Outcome"),
    Column("Officer"),
]
TAKEN = [
    Column("Stage"),
    Column("Answers", is_numeric=True),
    Column("On average", is_numeric=True),
    Column("Half within", is_numeric=True),
    Column("At most", is_numeric=True),
]
SURVEY_COLUMNS = [
    Column("Question"),
    *(Column(each.words, is_numeric=True) for each in Satisfaction),
    Column("Satisfied", is_numeric=True),
]


def asked_words(asked: Mapping[str, str], report: KeptReport) -> str:
    """Return which cases are listed, in words."""
    told = []
    for name, value in asked.items():
        if name == "what":
            told.append(What(value).words if value in {each.value for each in What} else value)
        elif name == "timing":
            told.append(TIMINGS.get(value, value).lower())
        elif name == "outcome":
            told.append(OUTCOMES.get(value, value).lower())
        elif name == "avoidable":
            told.append(AVOIDABLE.get(value, value).lower())
        elif name == "finding":
            found = "" if value == ANY else f": {FINDINGS.get(value, value).lower()}"
            told.append(f"with a point{found}")
        elif name == "part":
            told.append(part_words(value, report))
        else:
            told.append(value or "not said")
    return ", ".join(told)


def part_words(value: str, report: KeptReport) -> str:
    """Return the month or quarter that an address names, or what it says instead."""
    try:
        return time_of(Kind(report.kind).part, date.fromisoformat(value)).words
    except ValueError:
        return value


class PaperFile(OneReport):
    """A report as a PDF."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Hand it out."""
        report = self.named(named)
        ours = landlord()
        paper = report_paper(
            report, shown_to(self.user, report, on_paper=True), ours.name if ours else ""
        )
        try:
            made = set_paper(paper, at=report.sent_at or report.made_at)
        except NotMade as refusal:
            messages.error(request, str(refusal))
            return redirect(report)
        return handed_out(made, PDF, f"{file_name(report)}.pdf", "inline")


class FiguresFile(OneReport):
    """The figures of a report for a spreadsheet."""

    def get(self, request: HttpRequest, **named: Any) -> HttpResponse:
        """Hand them out."""
        report = self.named(named)
        made = figures_csv(report, shown_to(self.user, report, on_paper=True))
        kind = "text/csv; charset=utf-8"
        return handed_out(made, kind, f"{file_name(report)}.csv", "attachment")


def handed_out(content: bytes, kind: str, name: str, how: str) -> HttpResponse:
    """Return a file as an answer."""
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'{how}; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def file_name(report: KeptReport) -> str:
    """Return the name of a file with a report."""
    area = f"-{report.area.code}" if report.area else ""
    return f"complaints-{report.kind}-{report.first_day.isoformat()}{area}"
