"""The page of the Member Responsible for Complaints: a year at a glance (Code 9.5 to 9.7)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.rules.pages import READERS, Page
from cases.templatetags.parts import Cell, Column, Link, Tab
from reporting.rules.measure_definitions import Tenure
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.measures import Measured, measured, years_measured
from reporting.selectors.year_of_complaints import Theme, YearOfComplaints, year_of_complaints
from reporting.views.access import ReportingPage
from reporting.views.measures import decimal_words, percent_words

# Fewer than so many of a kind might tell of somebody.
FEW = 5
# A theme has grown when there are that many times as many as the year before.
GROWN = 1.25


class YearNow(ReportingPage):
    """The way to the year that runs."""

    page = Page.MEASURES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead there."""
        return redirect("reporting:year", ReportingYear.of(self.today))


class YearPage(ReportingPage):
    """How many complaints there were, about what, and what came of them."""

    page = Page.MEASURES

    def get(self, request: HttpRequest, year: ReportingYear) -> HttpResponse:
        """Show the year.

        :raises Http404: if it is not measured, or has not begun.
        """
        measures = measured(year, today=self.today) if year.first <= self.today else None
        if measures is None:
            raise Http404
        found = year_of_complaints(year, today=self.today)
        tabs = [
            Tab(str(each), reverse("reporting:year", args=[each]), is_current=each == year)
            for each in years_measured(self.today)
        ]
        context = {
            **told(found, measures, hides_few=not self.user.has_role(*READERS[Page.QUEUE])),
            "crumbs": [
                Link(f"Measures {year}", reverse("reporting:measures", args=[year])),
                Link("The year in complaints"),
            ],
            "tabs": tabs,
            "as_at": self.now,
        }
        return render(request, "reporting/year.html", context)


def told(found: YearOfComplaints, measures: Measured, *, hides_few: bool) -> dict[str, Any]:
    """Return what the page tells of a year, in tables."""

    def few(count: int) -> str:
        return f"Fewer than {FEW}" if hides_few and 0 < count < FEW else f"{count:,}"

    numbers = measures.definition.numbers
    return {
        "found": found,
        "has_ended": measures.has_ended,
        "measure_columns": [
            Column("Measure"),
            *(Column(each.words, is_numeric=True) for each in Tenure),
        ],
        "measure_rows": [row for number in numbers for row in _measures(measures, number)],
        "count_columns": [Column("What"), Column("Complaints", is_numeric=True)],
        "outcomes": [[each.words, few(count)] for each, count in found.outcomes.items()],
        "theme_columns": [
            Column("About"),
            Column("This year", is_numeric=True),
            Column("The year before", is_numeric=True),
            Column("Upheld, wholly or in part", is_numeric=True),
        ],
        "themes": [
            [
                _grown(each),
                few(each.received),
                few(each.before),
                few(each.upheld),
            ]
            for each in found.themes
        ],
        "refused": [[words, few(count)] for words, count in found.refused.items()],
        "requests": [[words, few(count)] for words, count in found.refused_requests.items()],
        "findings": [[each.words, f"{count:,}"] for each, count in found.findings.items()],
        "asked_columns": [
            Column("What the Ombudsman asked for"),
            Column("Made", is_numeric=True),
            Column("Done", is_numeric=True),
            Column("Overdue", is_numeric=True),
            Column("Not done, severe maladministration", is_numeric=True),
        ],
        "asked": [
            [each.kind.words, each.made, each.done, each.overdue, each.severe]
            for each in found.asked
        ],
    }


def _measures(measures: Measured, number: int) -> list[list[str]]:
    figures = [each for each in measures.figures if each.stage == number]
    per = f"{measures.definition.homes:,}"
    return [
        [
            f"Stage {number}: received for each {per} homes (CH01)",
            *(decimal_words(each.ch01) for each in figures),
        ],
        [
            f"Stage {number}: answered within the Code’s time (CH02)",
            *(percent_words(each.headline) for each in figures),
        ],
    ]


def _grown(theme: Theme) -> Cell:
    has_grown = theme.before >= FEW and theme.received >= theme.before * GROWN
    return Cell(theme.name, tag="Growing" if has_grown else "", tone="orange")
