"""The annual complaints performance and service improvement report: written and read."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.errors import ComplaintError, SettingChanged
from cases.models import Thing
from cases.rules.pages import READERS, Page
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Cell, Column, Link
from reporting.forms.improvement_reports import ReportWordsForm, ResponseForm
from reporting.models import ImprovementReport, SelfAssessment
from reporting.operations.improvement_reports import (
    begin_report,
    freeze_report,
    publish_report,
    report_key,
    respond_to_report,
    write_report,
)
from reporting.rules.code_provisions import Complies, the_code
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.measures import measured, years_measured
from reporting.selectors.year_of_complaints import year_of_complaints
from reporting.views.access import ReportingPage
from reporting.views.year_of_complaints import told

# What the figures count, kept with them: everybody reads them beside what they know otherwise.
NOTE = (
    "How many complaints were received, and how quickly complaints were answered, counts every "
    "complaint. All other figures leave out complaints that are closed to some of our staff, for "
    "example because they are about one of them. Numbers under five are not shown, nor others that "
    "would give them away."
)
TITLE = "Complaints performance and service improvement report"
# The tables of the report: caption, its columns and rows on the page of the year, and what is said
# where there are none.
TABLES = (
    ("How quickly complaints were answered", "measure_columns", "measure_rows", ""),
    ("What was found in those answered", "outcome_columns", "outcomes", ""),
    ("What they were about", "theme_columns", "themes", "No complaint came in."),
    (
        "Complaints that were not accepted",
        "count_columns",
        "refused",
        "No complaint was refused.",
    ),
    (
        "Requests for the next stage that were refused",
        "count_columns",
        "requests",
        "No request for the next stage was refused.",
    ),
    (
        "What the Ombudsman found",
        "count_columns",
        "findings",
        "The Ombudsman decided on none.",
    ),
    (
        "What the Ombudsman asked for",
        "asked_columns",
        "asked",
        "The Ombudsman asked for nothing.",
    ),
)


def assembled(year: ReportingYear, *, today: date) -> dict[str, Any]:
    """Return what the record gives to the report of a year, as it is kept when it is frozen.

    :raises Http404: if the year is not measured.
    """
    measures = measured(year, today=today)
    if measures is None:
        raise Http404
    found = year_of_complaints(year, today=today, reader=None)
    tables = told(found, measures)
    sums = [
        ["Received", f"{found.received:,}"],
        ["Received the year before", f"{found.received_before:,}"],
        ["Closed", f"{found.closed:,}"],
        ["Taken to the Ombudsman", tables["to_ombudsman"]],
    ]
    return {
        "sheets": [
            _sheet("How many complaints there were", tables["count_columns"], sums, ""),
            *(
                _sheet(words, tables[columns], tables[rows], e)
                for words, columns, rows, e in TABLES
            ),
        ],
        "note": NOTE,
        "lessons": [[each.you_said, each.we_did] for each in found.lessons],
        "assessment": _assessed(year),
    }


def _sheet(caption: str, columns: list[Column], rows: list[Any], empty: str) -> dict[str, Any]:
    return {
        "caption": caption,
        "columns": [[each.label, each.is_numeric] for each in columns],
        "rows": [[str(getattr(cell, "text", cell)) for cell in row] for row in rows],
        "empty": empty,
    }


def _assessed(year: ReportingYear) -> dict[str, Any]:
    """Return what the last published self-assessment of the year says; nothing without.

    Everybody comes to read the report, and nobody has published the others.
    """
    last = SelfAssessment.objects.published().filter(begins=year.begins).first()
    if last is None:
        return {}
    answers = {each.provision: each for each in last.answers.all()}
    code = the_code()
    return {
        "kept_to": sum(each.complies == Complies.YES for each in answers.values()),
        "of": len(answers),
        "not_kept": [
            [number, each.words, answers[number].comment]
            for number, each in code.provisions.items()
            if number in answers and answers[number].complies == Complies.NO
        ],
    }


def shown(report: ImprovementReport, kept: dict[str, Any]) -> dict[str, Any]:
    """Return what a page of the report shows: its words, and what the record gave to it."""
    return {
        "report": report,
        "sheets": [
            {
                **each,
                "columns": [Column(words, is_numeric=is_it) for words, is_it in each["columns"]],
            }
            for each in kept["sheets"]
        ],
        # What was frozen before had none.
        "note": kept.get("note", ""),
        "lessons": kept["lessons"],
        "assessment": kept["assessment"],
    }


class ImprovementPage(ReportingPage):
    """A page about these reports: read by many, written by few."""

    page = Page.MEASURES

    @property
    def may_write(self) -> bool:
        """Say whether whoever looks writes them."""
        return self.user.has_role(*READERS[Page.ASSESSMENT])

    def report(self, year: ReportingYear) -> ImprovementReport:
        """Return the report of a year.

        :raises Http404: if there is none.
        """
        return get_object_or_404(ImprovementReport, begins=year.begins)

    def check_writer(self) -> None:
        """Let only those on who write reports.

        :raises PermissionDenied: for anybody else.
        """
        if not self.may_write:
            raise PermissionDenied

    def crumbs(self, *further: Link) -> list[Link]:
        """Return the way from the list."""
        return [Link(TITLE, reverse("reporting:improvement-reports")), *further]


class ImprovementReports(ImprovementPage):
    """All of them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the list, and the years of which there is none yet."""
        reports = list(ImprovementReport.objects.order_by("-begins"))
        begun = {each.year for each in reports}
        context = {
            "title": TITLE,
            "columns": [Column("Year"), Column("Standing"), Column("Since")],
            "rows": [
                [
                    Cell(each.year.words, each.get_absolute_url()),
                    each.standing[0],
                    f"{each.standing[1]:%-d %B %Y}",
                ]
                for each in reports
            ],
            "may_write": self.may_write,
            "years": [each for each in years_measured(self.today) if each not in begun],
        }
        return render(request, "reporting/improvement_reports.html", context)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin the report of a year.

        :raises Http404: if there is no such year, or it is not measured.
        """
        self.check_writer()
        asked = request.POST.get("year", "")
        year = next((each for each in years_measured(self.today) if str(each) == asked), None)
        if year is None:
            raise Http404
        return redirect(begin_report(year=year, by=self.user, now=self.now))


class ImprovementReportPage(ImprovementPage):
    """One of them, as it stands."""

    def get(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Show it."""
        report = self.report(year)
        is_open = report.frozen_on is None
        context = {
            **shown(report, report.kept or assembled(year, today=self.today)),
            "title": TITLE,
            "crumbs": self.crumbs(Link(str(year))),
            "may_write": self.may_write and is_open,
            "may_respond": self.may_write and not is_open and report.published_on is None,
        }
        return render(request, "reporting/improvement_report.html", context)

    def post(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Freeze or publish it.

        :raises Http404: if something else is asked for.
        """
        self.check_writer()
        self.report(year)
        do = request.POST.get("do", "")
        try:
            if do == "freeze":
                kept = assembled(year, today=self.today)
                freeze_report(year=year, kept=kept, by=self.user, now=self.now)
                done = "It is frozen. Now the governing body answers it."
            elif do == "publish":
                publish_report(year=year, by=self.user, now=self.now)
                done = "Everybody can read it now, with the response."
            else:
                raise Http404
        except ComplaintError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, done)
        return redirect("reporting:improvement-report", year)


class WritingPage(ImprovementPage):
    """A form for a part of the report."""

    page = Page.ASSESSMENT
    heading: str
    done: str

    def form(self, report: ImprovementReport, given: Any = None) -> Any:
        """Return the form."""
        raise NotImplementedError

    def carry_out(self, year: ReportingYear, form: Any) -> None:
        """Call the operation."""
        raise NotImplementedError

    @staticmethod
    def seen(year: ReportingYear) -> int:
        """Return the number of the last change of the report."""
        return last_change(Thing.LANDLORD, report_key(year))

    def get(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Show the form."""
        return self._show(request, year, self.form(self.report(year)))

    def post(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Keep what was written, or show why not."""
        form = self.form(self.report(year), request.POST)
        if form.is_valid():
            try:
                self.carry_out(year, form)
            except SettingChanged as changed:
                form.add_error(None, str(changed))
                # Whoever has read this may save on top of it.
                form.data = {**request.POST.dict(), "seen": str(self.seen(year))}
            except ComplaintError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, self.done)
                return redirect("reporting:improvement-report", year)
        return self._show(request, year, form, status=422)

    def _show(
        self, request: HttpRequest, year: ReportingYear, form: Any, status: int = 200
    ) -> HttpResponse:
        back = Link(str(year), reverse("reporting:improvement-report", args=[year]))
        context = {
            "form": form,
            "changes": changes_of(Thing.LANDLORD, report_key(year)),
            "title": self.heading,
            "crumbs": self.crumbs(back, Link(self.heading)),
        }
        return render(request, "reporting/improvement_form.html", context, status=status)


class WriteReport(WritingPage):
    """The words of the report."""

    heading = "Words of the report"
    done = "The words are kept."

    def form(self, report: ImprovementReport, given: Any = None) -> ReportWordsForm:
        """Return the form with what was written so far."""
        names = ("performance", "improvements", "ombudsman")
        initial = {name: getattr(report, name) for name in names}
        initial["seen"] = self.seen(report.year)
        return ReportWordsForm(given, initial=initial, cancel=report.get_absolute_url())

    def carry_out(self, year: ReportingYear, form: ReportWordsForm) -> None:
        """Keep them."""
        seen = form.cleaned_data["seen"]
        write_report(year=year, words=form.words, by=self.user, now=self.now, seen=seen)


class RespondToReport(WritingPage):
    """The governing body's response."""

    heading = "The governing body’s response"
    done = "The response is kept. Publish the report when it is right."

    def form(self, report: ImprovementReport, given: Any = None) -> ResponseForm:
        """Return the form with the response so far."""
        initial = {
            "seen": self.seen(report.year),
            "response_of": report.response_of,
            "on": report.responded_on,
            "response": report.response,
        }
        return ResponseForm(given, initial=initial, cancel=report.get_absolute_url())

    def carry_out(self, year: ReportingYear, form: ResponseForm) -> None:
        """Keep it."""
        respond_to_report(year=year, **form.cleaned_data, by=self.user, now=self.now)


@login_not_required
@require_safe
def published_report(request: HttpRequest, year: ReportingYear) -> HttpResponse:
    """Tell everybody how complaints went in a year, with the governing body's response.

    :raises Http404: if there is no such report that is published.
    """
    report = get_object_or_404(ImprovementReport.objects.published(), begins=year.begins)
    context = shown(report, report.kept)
    return render(request, "reporting/public/improvement_report.html", context)
