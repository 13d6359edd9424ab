"""The Tenant Satisfaction Measures of a year, the complaints behind them, and the homes."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.errors import ComplaintError, SettingChanged
from cases.models import Thing
from cases.rules.customers import category_words
from cases.rules.pages import READERS, Page
from cases.rules.spreadsheets import inert
from cases.selectors.settings_history import changes_of, last_change
from cases.templatetags.parts import Cell, Column, Link, Tab
from feedback.rules.surveys import FEWEST
from reporting.forms.measures import NO, YES, MeasuredYearForm
from reporting.operations.measures import enter_measured_year, key_of
from reporting.rules.measure_definitions import Tenure
from reporting.rules.measures import OPENED, Counting, Figures, Line, Result, reason_words
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.measures import (
    Measured,
    Shown,
    counting_of,
    countings_of,
    measured,
    open_to,
    shown_lines,
    years_measured,
)
from reporting.views.access import ReportingPage

LEFT_OUT = "left-out"
LINES_A_PAGE = 100
NOT_KNOWN = "Not known yet"
FEW_WORDS = f"Fewer than {FEWEST}"


class MeasuresNow(ReportingPage):
    """The way to the measures of the year that runs."""

    page = Page.MEASURES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead there."""
        return redirect("reporting:measures", ReportingYear.of(self.today))


class MeasuresOfYear(ReportingPage):
    """A page about the measures of a year."""

    page = Page.MEASURES

    @property
    def opens_complaints(self) -> bool:
        """Say whether whoever looks has anything to do with single complaints."""
        return self.user.has_role(*READERS[Page.QUEUE])

    @cached_property
    def _open(self) -> set[int]:
        return open_to(self.user, self.kwargs["year"])

    def is_few(self, found: Measured, code: str, number: int) -> bool:
        """Say whether so few are left out that they tell of what is closed to whoever looks."""
        if not 0 < found.left_out[code][number] < FEWEST:
            return False
        return not self.opens_complaints or any(
            (line.left_out, line.stage) == (code, number) and line.complaint not in self._open
            for line in found.lines
        )

    def measured(self, year: ReportingYear) -> Measured:
        """Return the measures of a year.

        :raises Http404: if it is not measured, or has not begun.
        """
        found = measured(year, today=self.today) if year.first <= self.today else None
        if found is None:
            raise Http404
        return found


class MeasuresPage(MeasuresOfYear):
    """CH01 and CH02 of a year."""

    def get(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Show the figures, what is left out, and how they are worked out."""
        found = self.measured(year)
        numbers = found.definition.numbers
        context = {
            "found": found,
            "tables": [(f"Stage {number}", self._rows(found, number)) for number in numbers],
            "figure_columns": [
                Column("Measure"),
                *(Column(each.words, is_numeric=True) for each in Tenure),
            ],
            "left_out_columns": [
                Column("Why"),
                *(Column(f"Stage {number}", is_numeric=True) for number in numbers),
            ],
            "left_out": [
                [reason_words(code), *(self._left_out(found, code, n) for n in numbers)]
                for code in found.left_out
            ],
            "tabs": [
                Tab(str(each), reverse("reporting:measures", args=[each]), is_current=each == year)
                for each in years_measured(self.today)
            ],
            "pending": sum(each.count(Result.PENDING) for each in found.figures),
            "tenures": list(Tenure),
            "times": [(each.number, each.words) for each in found.definition.stages],
            "choices": choices_words(found),
            "file_url": reverse("reporting:measures-file", args=[year]),
            "homes_url": reverse("reporting:homes-of-year", args=[year]),
            "may_enter": self.user.has_role(*READERS[Page.HOMES]),
            "as_at": self.now,
        }
        return render(request, "reporting/measures.html", context)

    def _rows(self, found: Measured, number: int) -> list[list[Any]]:
        figures = [each for each in found.figures if each.stage == number]
        return [
            [words, *(self._cell(found, each, which) for each in figures)]
            if which
            else [words, *values]
            for words, which, values in rows_of(found, figures)
        ]

    def _cell(self, found: Measured, figures: Figures, which: str) -> Cell:
        _, belongs = OPENED[which]
        count = sum(map(belongs, figures.lines))
        return self._opening(found, figures.stage, figures.tenure.value, which, f"{count:,}")

    def _left_out(self, found: Measured, code: str, number: int) -> Cell:
        count = found.left_out[code][number]
        words = FEW_WORDS if self.is_few(found, code, number) else f"{count:,}"
        return self._opening(found, number, LEFT_OUT, code, words)

    def _opening(self, found: Measured, number: int, group: str, which: str, count: str) -> Cell:
        # What nothing is in opens nothing.
        if count == "0" or not self.opens_complaints:
            return Cell(count)
        args = [found.year, number, group, which]
        return Cell(count, reverse("reporting:measured-complaints", args=args))


Told = tuple[str, str, list[str]]


def rows_of(found: Measured, figures: list[Figures]) -> Iterator[Told]:
    """Yield each figure of a stage: its words, what it opens, or else its values."""
    per = f"{found.definition.homes:,}"
    headline = "with" if found.counting.with_extensions else "without"
    yield (
        f"CH01: complaints received for each {per} homes",
        "",
        [decimal_words(each.ch01) for each in figures],
    )
    yield "Complaints received", "received", []
    yield (
        f"Homes owned on {found.year.last:%-d %B %Y}",
        "",
        [f"{each.homes:,}" if each.homes is not None else "Not entered" for each in figures],
    )
    yield (
        f"CH02: answered within the Code’s time, {headline} valid extensions",
        "",
        [percent_words(each.headline) for each in figures],
    )
    for is_with in (False, True):
        yield (
            f"Answered in time, {'with' if is_with else 'without'} valid extensions",
            "",
            [share_words(each, with_extensions=is_with) for each in figures],
        )
    for result in Result:
        yield result.words, result.value, []
    yield OPENED["acknowledged-late"][0], "acknowledged-late", []
    yield f"Neither answered nor due on {found.year.last:%-d %B %Y}", "crossing", []


def decimal_words(figure: Decimal | None) -> str:
    """Return a figure with its decimal, or that it is not known."""
    return NOT_KNOWN if figure is None else f"{figure:,}"


def percent_words(figure: Decimal | None) -> str:
    """Return a percentage, or that there is nothing that it could be of."""
    return "None to judge" if figure is None else f"{figure}%"


def share_words(figures: Figures, *, with_extensions: bool) -> str:
    """Return a share with what it is worked out from."""
    share = figures.ch02(with_extensions=with_extensions)
    if share is None:
        return percent_words(share)
    answered = figures.answered(with_extensions=with_extensions)
    return f"{share}% ({answered:,} of {len(figures.judged):,})"


def choices_words(found: Measured) -> list[str]:
    """Return in sentences what the landlord chose, and what the definition says besides."""
    counting, last = found.counting, f"{found.year.last:%-d %B %Y}"
    return [
        "The headline of CH02 counts what was answered in time"
        f"{' or within a valid extension' if counting.with_extensions else ' without an extension'}"
        ". Both figures are shown.",
        f"What was neither answered nor due on {last} "
        f"{'counts by what became of it' if counting.counts_crossing else 'is left out of CH02'}.",
        "What is not due yet is in CH01, and in CH02 once it is answered or its day has passed.",
        *(
            []
            if found.definition.withdrawn_in_ch02
            else [
                "What the customer withdrew before an answer was due is in CH01, and not in CH02."
            ]
        ),
    ]


class MeasuresFile(MeasuresOfYear):
    """The figures as a file for a spreadsheet."""

    def get(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Send it."""
        found = self.measured(year)
        response = HttpResponse(content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="measures-{year}.csv"'
        # A mark at the beginning tells spreadsheets that the letters are Unicode.
        response.write("\N{ZERO WIDTH NO-BREAK SPACE}")
        writer = csv.writer(response)
        for row in self._rows(found):
            writer.writerow([inert(each) for each in row])
        return response

    def _rows(self, found: Measured) -> Iterator[list[object]]:
        yield ["Reporting year", found.year.words]
        yield ["As at", self.today.isoformat()]
        yield ["Definition", found.definition.name]
        yield ["Source", found.definition.source]
        for times in found.definition.stages:
            yield [f"Time at stage {times.number}", times.words]
        for words in choices_words(found):
            yield ["Counting", words]
        yield []
        yield ["Stage", "Measure", *(each.words for each in Tenure)]
        for number in found.definition.numbers:
            figures = [each for each in found.figures if each.stage == number]
            for words, which, values in rows_of(found, figures):
                counts = [sum(map(OPENED[which][1], each.lines)) for each in figures if which]
                yield [number, words, *(counts or values)]
        yield []
        yield ["Left out", *(f"Stage {number}" for number in found.definition.numbers)]
        for code, by_stage in found.left_out.items():
            told = (
                FEW_WORDS if self.is_few(found, code, number) else by_stage[number]
                for number in found.definition.numbers
            )
            yield [reason_words(code), *told]


class MeasuredComplaints(MeasuresOfYear):
    """The complaints behind a figure, or those that are left out for a reason."""

    def get(
        self, request: HttpRequest, year: ReportingYear, stage: int, group: str, which: str
    ) -> HttpResponse:
        """List those that whoever looks may open."""
        found = self.measured(year)
        words, lines = self._lines(found, stage, group, which)
        shown = shown_lines(lines, self.user, year)
        page = Paginator(shown, LINES_A_PAGE).get_page(request.GET.get("page"))
        back = Link(f"Measures {year}", reverse("reporting:measures", args=[year]))
        is_left_out = group == LEFT_OUT
        context = {
            "title": words,
            "caption": f"Measures {year}, stage {stage}"
            + ("" if is_left_out else f", {Tenure(group).words.lower()}"),
            "crumbs": [back, Link(words)],
            "count": len(lines),
            "is_few": is_left_out and self.is_few(found, which, stage),
            "hides_some": len(shown) < len(lines),
            "page": page,
            "columns": self._columns(is_left_out=is_left_out),
            "rows": [_row(each, is_left_out=is_left_out) for each in page.object_list],
            "is_left_out": is_left_out,
        }
        return render(request, "reporting/measured_complaints.html", context)

    @staticmethod
    def _lines(found: Measured, stage: int, group: str, which: str) -> tuple[str, list[Line]]:
        """Return what a figure is called and its lines.

        :raises Http404: if there is no such figure.
        """
        at_stage = [each for each in found.lines if each.stage == stage]
        if stage in found.definition.numbers and group == LEFT_OUT and which in found.left_out:
            return reason_words(which), [each for each in at_stage if each.left_out == which]
        if stage not in found.definition.numbers or group not in set(Tenure) or which not in OPENED:
            raise Http404
        words, belongs = OPENED[which]
        counted = (each for each in at_stage if each.tenure is Tenure(group))
        return words, [each for each in counted if belongs(each)]

    @staticmethod
    def _columns(*, is_left_out: bool) -> list[Column]:
        if is_left_out:
            return [Column("Reference"), Column("Received"), Column("Customer")]
        return [
            *(Column("Reference"), Column("Received"), Column("Customer"), Column("Due")),
            *(Column("Extended to"), Column("Answered"), Column("Result")),
        ]


def _row(shown: Shown, *, is_left_out: bool) -> list[Any]:
    line = shown.line
    row = [
        Cell(shown.reference, shown.url),
        f"{line.received_on:%a %-d %b %Y}",
        category_words(shown.customer_is),
    ]
    if is_left_out:
        return row
    result = Cell(line.result.words if line.result else "", note="; ".join(line.invalid))
    days = (line.due_on, line.extended_to, line.answered_on)
    return [*row, *(f"{day:%a %-d %b %Y}" if day else "–" for day in days), result]


class HomesPage(ReportingPage):
    """The homes of every year."""

    page = Page.HOMES

    def get(self, request: HttpRequest) -> HttpResponse:
        """List the years."""
        years = countings_of(years_measured(self.today))
        context = {
            "columns": [
                Column("Year"),
                *(Column(each.words, is_numeric=True) for each in Tenure),
            ],
            "rows": [
                [
                    Cell(each.words, reverse("reporting:homes-of-year", args=[each])),
                    *self._homes(counting),
                ]
                for each, counting in years.items()
            ],
        }
        return render(request, "reporting/homes.html", context)

    @staticmethod
    def _homes(counting: Counting) -> list[str]:
        homes = counting.homes
        return [f"{homes[each]:,}" if homes[each] is not None else "Not entered" for each in Tenure]


class HomesOfYear(ReportingPage):
    """The form for the homes of a year and how its measures are told."""

    page = Page.HOMES

    def get(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Show it."""
        self._check(year)
        counting = counting_of(year)
        form = self._form(
            year,
            initial={
                "seen": last_change(Thing.LANDLORD, key_of(year)),
                "rented_homes": counting.homes[Tenure.RENTED],
                "shared_homes": counting.homes[Tenure.SHARED],
                "with_extensions": YES if counting.with_extensions else NO,
                "counts_crossing": YES if counting.counts_crossing else NO,
            },
        )
        return self._show(request, year, form)

    def post(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Keep what was entered, or show why not with everything typed kept."""
        self._check(year)
        form = self._form(year, request.POST)
        if form.is_valid():
            try:
                enter_measured_year(
                    year=year,
                    entered=form.entered,
                    by=self.user,
                    now=self.now,
                    seen=form.cleaned_data["seen"],
                )
            except SettingChanged as changed:
                form.add_error(None, str(changed))
                # Whoever has read this may save on top of it.
                newest = last_change(Thing.LANDLORD, key_of(year))
                form.data = {**request.POST.dict(), "seen": str(newest)}
            except ComplaintError as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, f"The homes of {year} are kept.")
                return redirect(self._back(year))
        return self._show(request, year, form, status=422)

    def _check(self, year: ReportingYear) -> None:
        if year not in years_measured(self.today):
            raise Http404

    def _form(self, year: ReportingYear, given: Any = None, **more: Any) -> MeasuredYearForm:
        return MeasuredYearForm(given, cancel=self._back(year), **more)

    def _back(self, year: ReportingYear) -> str:
        """Return the measures, for whoever may open them, or else the list of homes."""
        if self.user.has_role(*READERS[Page.MEASURES]):
            return reverse("reporting:measures", args=[year])
        return reverse("reporting:homes")

    def _show(
        self,
        request: HttpRequest,
        year: ReportingYear,
        form: MeasuredYearForm,
        status: int = 200,
    ) -> HttpResponse:
        context = {
            "title": f"Homes of {year}",
            "intro": f"The reporting year {year.words}.",
            "crumbs": [Link("Homes", reverse("reporting:homes")), Link(str(year))],
            "form": form,
            "changes": changes_of(Thing.LANDLORD, key_of(year)),
        }
        return render(request, "reporting/homes_of_year.html", context, status=status)
