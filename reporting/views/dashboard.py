"""The managers' dashboard: how the complaints stand, every number with its list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from cases.forms.queue import STAGES as LISTED_STAGES
from cases.rules.day_spans import DaySpan, Happening
from cases.rules.pages import READERS, Page
from cases.selectors.my_work import View
from cases.selectors.queue import NOBODY, UNFOUND, UNFOUND_WORDS
from cases.templatetags.parts import Cell, Column
from feedback.rules.kinds import Kind
from reporting.forms.dashboard import DashboardFilter
from reporting.rules.findings import (
    BUSY,
    HEAVY,
    answers_finding,
    coming_finding,
    load_words,
    overdue_finding,
    stages_finding,
    typical_load,
    unassigned_finding,
    weeks_finding,
)
from reporting.rules.spans import WEEKS_SHOWN, Span
from reporting.selectors.dashboard import Dashboard, Figure, Found, OfficerLoad, dashboard, frame
from reporting.templatetags.charts import Bar, Series
from reporting.views.access import ReportingPage, board_tabs

# As the list names the stages; one that it does not know is shown without a list.
STAGES = dict(LISTED_STAGES)
MOST_OFFICERS = 60
# What was said of answers that came late, in the order in which they are counted.
AVOIDABLE_WORDS = ("It could", "It could not", "Nobody said")
LOAD_TONES = {HEAVY: "orange", BUSY: "yellow"}


class DashboardPage(ReportingPage):
    """How the complaints of one's areas stand."""

    page = Page.FIGURES

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the numbers of the areas and the period chosen.

        Whoever does not look after the work of others is led to the first board of their own.
        """
        if not self.user.has_role(*READERS[Page.DASHBOARD]):
            return redirect("reporting:answers-board")
        here = frame(self.user, today=self.today)
        form = DashboardFilter(
            request.GET or None, areas=[(str(key), name) for key, name, _ in here.areas]
        )
        context: dict[str, Any] = {
            "form": form,
            "as_at": self.now,
            "scope": form.scope_words,
            "tabs": board_tabs(self.user, "reporting:dashboard"),
        }
        if here.calendar is not None:
            area = form.chosen_area
            found = dashboard(
                self.user, here, area=area, period=form.chosen_period, today=self.today
            )
            context |= {"found": found, **shown(found, _Lists(area))}
        return render(request, "reporting/dashboard.html", context)


@dataclass(frozen=True, slots=True)
class _Lists:
    """Addresses of the lists that the numbers open, of the area chosen."""

    area: int | None
    complaints: str = field(default_factory=lambda: reverse("cases:queue"))

    def to(self, days: DaySpan | None = None, **asked: str) -> str:
        """Return the address of a list."""
        query = {**asked, "days": str(days or ""), "area": str(self.area or "")}
        wanted = urlencode({name: value for name, value in query.items() if value})
        return f"{self.complaints}?{wanted}" if wanted else self.complaints

    def within(self, what: Happening, span: Span, **asked: str) -> str:
        """Return the address of the list of what happened in some days."""
        return self.to(DaySpan(what, span.first, span.last), **asked)

    def bars(self, what: Happening, figures: Sequence[Figure], **asked: str) -> list[Bar]:
        """Return a bar for each span of days."""
        return [
            Bar(each.span.words, each.count, self.within(what, each.span, **asked))
            for each in figures
        ]


def shown(found: Dashboard, lists: _Lists) -> dict[str, Any]:
    """Return the tiles, charts and the table of the page."""
    stages = {STAGES.get(code, code): count for code, count in found.stages.items()}
    overdue = [each.count for each in found.overdue]
    unassigned = sum(each.count for each in found.unassigned)
    on_time, extended, late = found.answers.values()
    received = [each.count for each in found.received]
    closed = [each.count for each in found.closed]
    period = found.period
    return {
        "tiles": [
            Tile(found.open, "Open", lists.to()),
            Tile(sum(overdue), "Overdue", lists.to(view=View.OVERDUE), tone="red"),
            Tile(unassigned, "Unassigned", lists.to(view=View.UNASSIGNED), tone="amber"),
            Tile(
                found.awaiting_decision,
                "Awaiting a decision",
                lists.to(status="awaiting_decision"),
                tone="amber",
            ),
            Tile(found.promises, "Promises open", lists.to(view=View.PROMISES, state="open")),
            Tile(
                found.promises_overdue,
                "Promises overdue",
                lists.to(view=View.PROMISES_OVERDUE, state="open"),
                tone="red",
            ),
        ],
        "period_tiles": [
            *(
                Tile(count, what.words.capitalize(), lists.within(what, period, state="all"), tone)
                for what, count, tone in (
                    (Happening.ON_TIME, on_time, ""),
                    (Happening.EXTENDED, extended, ""),
                    (Happening.LATE, late, "red"),
                )
            ),
            Tile(
                found.compliments,
                f"Compliment{'' if found.compliments == 1 else 's'} received",
                _compliments_address(period, lists.area),
            ),
        ],
        "outcome_columns": [
            Column("Outcome"),
            Column("Complaints", is_numeric=True),
            Column("Points", is_numeric=True),
            Column("Complaints with such a point", is_numeric=True),
        ],
        "outcomes": [
            *(
                _outcome_row(outcome.words, outcome.value, number, period, lists)
                for outcome, number in found.outcomes.items()
            ),
            _outcome_row(UNFOUND_WORDS, UNFOUND, found.unfound, period, lists),
        ],
        "late_columns": [
            Column("Could it have been avoided?"),
            Column("Complaints", is_numeric=True),
        ],
        "late": [
            [
                Cell(words),
                Cell(f"{count:,}", lists.within(what, period, state="all") if count else ""),
            ]
            for (what, count), words in zip(found.late.items(), AVOIDABLE_WORDS, strict=True)
        ]
        if late
        else [],
        "answers_finding": answers_finding(on_time, extended, late),
        "in_time_url": (
            lists.within(Happening.IN_TIME, period, state="all") if on_time + extended else ""
        ),
        "stages": [
            Bar(name, count, lists.to(stage=code) if code in STAGES else "")
            for (code, count), name in zip(found.stages.items(), stages, strict=True)
        ],
        "stages_finding": stages_finding(stages),
        "overdue": lists.bars(Happening.DUE, found.overdue, view=View.OVERDUE),
        "overdue_finding": overdue_finding(overdue, found.open),
        "unassigned": lists.bars(Happening.RECEIVED, found.unassigned, view=View.UNASSIGNED),
        "unassigned_finding": unassigned_finding(unassigned, found.oldest_unassigned),
        "days": lists.bars(Happening.DUE, found.days),
        "days_finding": coming_finding([(each.span.words, each.count) for each in found.days]),
        "week_labels": [each.span.words for each in found.received[WEEKS_SHOWN:]],
        "received": _against_before(found.received, Happening.RECEIVED, lists),
        "closed": _against_before(found.closed, Happening.CLOSED, lists),
        "received_finding": weeks_finding(received, "received"),
        "closed_finding": weeks_finding(closed, "closed"),
        **_heat(found, lists),
    }


def _outcome_row(words: str, code: str, found: Found, period: Span, lists: _Lists) -> list[Cell]:
    """Return how often something was found, with the complaints of which and in which it was."""

    def opening(count: int, **asked: str) -> Cell:
        # What nothing is in opens nothing.
        url = lists.within(Happening.ANSWERED, period, state="all", **asked) if count else ""
        return Cell(f"{count:,}", url)

    return [
        Cell(words),
        opening(found.complaints, outcome=code),
        opening(found.points, finding=code),
        opening(found.with_points, finding=code),
    ]


@dataclass(frozen=True, slots=True)
class Tile:
    """A number with its list."""

    value: int
    label: str
    url: str
    tone: str = ""

    @property
    def shown_tone(self) -> str:
        """Return the tone, which nothing has none of."""
        return self.tone if self.value else ""


def _compliments_address(period: Span, area: int | None) -> str:
    days = DaySpan(Happening.RECEIVED, period.first, period.last)
    query = {"kind": Kind.COMPLIMENT.value, "days": str(days), "area": str(area or "")}
    wanted = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse('feedback:staff-list')}?{wanted}"


def _against_before(figures: Sequence[Figure], what: Happening, lists: _Lists) -> list[Series]:
    """Return the last weeks and those before them as two lines over the same weeks."""
    halves = (figures[WEEKS_SHOWN:], figures[:WEEKS_SHOWN])
    names = (f"Last {WEEKS_SHOWN} weeks", f"{WEEKS_SHOWN} weeks before")
    return [
        Series(
            name,
            [each.count for each in half],
            [lists.within(what, each.span, state="all") for each in half],
        )
        for name, half in zip(names, halves, strict=True)
    ]


def _heat(found: Dashboard, lists: _Lists) -> dict[str, Any]:
    """Return the table of what is due from each officer, week by week."""
    typical = typical_load([count for load in found.officers if load.key for count in load.weeks])
    rows = found.officers[:MOST_OFFICERS]
    return {
        "load_columns": [
            Column("Officer"),
            Column("Overdue", is_numeric=True),
            *(Column(week.words, is_numeric=True) for week in found.weeks_ahead),
        ],
        "loads": [_row(load, found.weeks_ahead, typical, lists) for load in rows],
        "more_officers": len(found.officers) - len(rows),
    }


def _row(load: OfficerLoad, weeks: Sequence[Span], typical: float, lists: _Lists) -> list[Cell]:
    officer = str(load.key) if load.key else NOBODY
    away = load.away
    note = f"until {away.until:%a %-d %b}; {away.deputy} stands in" if away else ""
    cells = [
        Cell(load.name or "Nobody yet", tag="Away" if away else "", tone="purple", note=note),
        Cell(
            f"{load.overdue:,}",
            lists.to(view=View.OVERDUE, officer=officer) if load.overdue else "",
        ),
    ]
    for week, count in zip(weeks, load.weeks, strict=True):
        words = load_words(count, typical) if load.key else ""
        # What nothing is in opens nothing.
        url = lists.within(Happening.DUE, week, officer=officer) if count else ""
        cells.append(Cell(f"{count:,}", url, tag=words, tone=LOAD_TONES.get(words, "")))
    return cells
