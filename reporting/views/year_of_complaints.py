"""The page of the Member Responsible for Complaints: a year at a glance (Code 9.5 to 9.7)."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.rules.events import Finding, Outcome
from cases.rules.pages import Page
from cases.templatetags.parts import Cell, Column, Link, Tab
from feedback.rules.surveys import FEWEST, shown_counts
from reporting.rules.measure_definitions import Tenure
from reporting.rules.reporting_years import ReportingYear
from reporting.selectors.measures import Measured, measured, years_measured
from reporting.selectors.year_of_complaints import Theme, YearOfComplaints, year_of_complaints
from reporting.views.access import ReportingPage
from reporting.views.measures import decimal_words, percent_words

NOT_SHOWN = "Not shown"
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
        found = year_of_complaints(year, today=self.today, reader=self.user)
        tabs = [
            Tab(str(each), reverse("reporting:year", args=[each]), is_current=each == year)
            for each in years_measured(self.today)
        ]
        context = {
            **told(found, measures),
            "crumbs": [
                Link(f"Measures {year}", reverse("reporting:measures", args=[year])),
                Link("The year in complaints"),
            ],
            "tabs": tabs,
            "as_at": self.now,
        }
        return render(request, "reporting/year.html", context)


Name = TypeVar("Name", int, str, Outcome, Finding)


def few(count: int) -> str:
    """Return a number that no other gives away; a small one only as small."""
    return f"Fewer than {FEWEST}" if 0 < count < FEWEST else f"{count:,}"


def _shown(counts: Mapping[Name, int]) -> dict[Name, str]:
    """Return numbers whose sum is known, without those that are small or give a small one away."""
    return {
        name: NOT_SHOWN if count is None else f"{count:,}"
        for name, count in shown_counts(counts).items()
    }


def told(found: YearOfComplaints, measures: Measured) -> dict[str, Any]:
    """Return what the page tells of a year, in tables.

    Whoever reads it may open none of them, and what is published everybody reads: so small
    numbers are shown to nobody.
    """
    numbers = measures.definition.numbers
    return {
        "found": found,
        "to_ombudsman": few(found.to_ombudsman),
        "has_ended": measures.has_ended,
        "measure_columns": [
            Column("Measure"),
            *(Column(each.words, is_numeric=True) for each in Tenure),
        ],
        "measure_rows": [row for number in numbers for row in _measures(measures, number)],
        "count_columns": [Column("What"), Column("Complaints", is_numeric=True)],
        "outcome_columns": [
            Column("What"),
            Column("Complaints", is_numeric=True),
            Column("Points of complaint", is_numeric=True),
        ],
        "outcomes": _outcomes(found),
        "theme_columns": [
            Column("About"),
            Column("This year", is_numeric=True),
            Column("The year before", is_numeric=True),
            Column("Upheld, wholly or in part", is_numeric=True),
        ],
        "themes": _themes(found.themes),
        "refused": [[words, count] for words, count in _shown(found.refused).items()],
        "requests": [[words, count] for words, count in _shown(found.refused_requests).items()],
        "findings": [[each.words, count] for each, count in _shown(found.findings).items()],
        "asked_columns": [
            Column("What the Ombudsman asked for"),
            Column("Made", is_numeric=True),
            Column("Done", is_numeric=True),
            Column("Overdue", is_numeric=True),
            Column("Not done, severe maladministration", is_numeric=True),
        ],
        "asked": [
            [each.kind.words, *_together((each.made, each.done, each.overdue, each.severe))]
            for each in found.asked
        ],
    }


def _outcomes(found: YearOfComplaints) -> list[list[str]]:
    """Return how many complaints and how many points were found how.

    Where the one is not shown neither is the other, which may be the same number.
    """
    points = _shown(found.points)
    return [
        [each.words, count, NOT_SHOWN if count == NOT_SHOWN else points[each]]
        for each, count in _shown(found.outcomes).items()
    ]


def _themes(themes: list[Theme]) -> list[list[Any]]:
    names = range(len(themes))
    received = _shown({each: themes[each].received for each in names})
    before = _shown({each: themes[each].before for each in names})
    upheld = _shown({each: themes[each].upheld for each in names})
    return [
        [
            _grown(themes[each], is_shown=NOT_SHOWN not in (received[each], before[each])),
            received[each],
            before[each],
            upheld[each],
        ]
        for each in names
    ]


def _together(counts: tuple[int, ...]) -> list[str]:
    """Return the numbers of a row of which one is the rest of another."""
    hides = any(0 < each < FEWEST for each in counts)
    return [NOT_SHOWN if hides and each else f"{each:,}" for each in counts]


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


def _grown(theme: Theme, *, is_shown: bool) -> Cell:
    is_enough = is_shown and theme.before >= FEWEST
    has_grown = is_enough and theme.received >= theme.before * GROWN
    return Cell(theme.name, tag="Growing" if has_grown else "", tone="orange")
