"""What is at risk in the next days, and what falls due from whom beside what they can keep."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from cases.models import Complaint
from cases.models.procedures import published_terms
from cases.rules.next_steps import stage_name
from cases.rules.pages import Page
from cases.templatetags.parts import Cell, Column, Link
from reporting.rules.board_times import Stretch
from reporting.rules.forecast import (
    RISK_DAYS,
    Load,
    OfficerForecast,
    Part,
    Week,
    forecast,
    forecast_finding,
    risk_finding,
    weeks_ahead,
)
from reporting.rules.spans import DAY, Span, coming_days
from reporting.selectors.ahead import (
    NOBODY,
    at_risk,
    away_between,
    capacities,
    due_by_day,
    promises_behind,
    promises_due,
)
from reporting.selectors.board_readers import Reach
from reporting.templatetags.charts import Bar
from reporting.views.boards import Board, BoardPage, day_words, is_key

BEHIND = "reporting:ahead-behind"
MOST_AT_RISK = 25
COMPLAINTS = "complaints"
RISK_COLUMNS = [Column("Reference"), Column("Due"), Column("Officer"), Column("Stage")]
MOST_OFFICERS = 60
MOST_BARS = 12
PROMISES_A_PAGE = 25
FOUR_WEEKS = timedelta(weeks=4)


class AheadBoard(BoardPage):
    """The next five working days, and the next twenty."""

    page = Page.AHEAD
    board_name = "reporting:ahead-board"
    has_days = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show what falls due in the complaints chosen."""
        board = self.board(request)
        context = self.around(board)
        if board.calendar is not None:
            days = coming_days(self.today, board.calendar)
            weeks = weeks_ahead(self.today, board.calendar)
            context |= self._risk(board, days[:RISK_DAYS]) | self._forecast(board, weeks)
        return render(request, "reporting/ahead_board.html", context)

    def _risk(self, board: Board, days: Sequence[Span]) -> dict[str, Any]:
        last = days[-1].last or self.today
        by_day = due_by_day(board.whose, last)
        overdue = sum(count for day, count in by_day.items() if day < self.today)
        bars = [
            Bar(span.words, count, _risk_link(board, span.first, span.last, count))
            for span in days
            for count in [_within(by_day, span)]
        ]
        stretch = Stretch(self.today, last)
        found = list(at_risk(board.whose, stretch)[:MOST_AT_RISK]) if by_day else []
        total = sum(int(bar.value) for bar in bars)
        away = away_between(self.today, last) if found else {}
        return {
            "risk_days": bars,
            "risk_finding": risk_finding([(bar.label, int(bar.value)) for bar in bars], overdue),
            "risk_columns": RISK_COLUMNS,
            "risk": [_risk_row(each, away) for each in found],
            "more_at_risk": total - len(found),
            "risk_url": _risk_link(board, self.today, last, total),
        }

    def _forecast(self, board: Board, weeks: Sequence[Week]) -> dict[str, Any]:
        last = weeks[-1].span.last or self.today
        due = promises_due(board.whose, last, today=self.today)
        away = away_between(self.today, last)
        officers = forecast(due, weeks, away, capacities())
        shown = _Forecast(board, weeks, self.today)
        return {
            "forecast_finding": forecast_finding(officers, weeks, _part(board)),
            "loads": [
                Bar(each.name or "Nobody yet", each.total, shown.link(each, None, last, each.total))
                for each in officers[:MOST_BARS]
            ],
            "load_columns": [
                Column("Officer"),
                Column("Overdue", is_numeric=True),
                *(Column(week.span.words, is_numeric=True) for week in weeks),
            ],
            "load_rows": [shown.row(each) for each in officers[:MOST_OFFICERS]],
            "more_officers": max(0, len(officers) - MOST_OFFICERS),
        }


def _part(board: Board) -> Part:
    if board.whose.reach is Reach.OWN:
        return Part.OWN
    return Part.READABLE if board.whose.areas is None else Part.AREA


def _risk_link(board: Board, first: date | None, last: date | None, count: int) -> str:
    """Return the list of the complaints whose next promise falls due in some days."""
    if first is None or last is None:
        return ""
    days = {"first": first.isoformat(), "last": last.isoformat()}
    return board.link(BEHIND, count, which=COMPLAINTS, **days)


def _within(by_day: Mapping[date, int], span: Span) -> int:
    return sum(
        count
        for day, count in by_day.items()
        if (span.first is None or span.first <= day) and (span.last is None or day <= span.last)
    )


def _risk_row(complaint: Complaint, away: Mapping[int, Sequence[tuple[date, date]]]) -> list[Any]:
    officer, due = complaint.responsible_officer, complaint.next_due_on
    is_away = officer is not None and any(
        due is not None and begin <= due <= end for begin, end in away.get(officer.pk, ())
    )
    tag = "Away then" if is_away else "" if officer else "Nobody has it"
    terms = published_terms(complaint.procedure_version_id)
    return [
        Cell(complaint.reference, complaint.get_absolute_url()),
        day_words(due),
        Cell(officer.name if officer else "", tag=tag, tone="orange"),
        stage_name(terms, complaint.stage),
    ]


@dataclass(frozen=True, slots=True)
class _Forecast:
    """The rows of the table of what falls due."""

    board: Board
    weeks: Sequence[Week]
    today: date

    def link(
        self, officer: OfficerForecast, first: date | None, last: date | None, count: int
    ) -> str:
        """Return the list of what is due from an officer in some days."""
        return self.board.link(
            BEHIND,
            count,
            officer=str(officer.key) if officer.key else NOBODY,
            first=first.isoformat() if first else "",
            last=last.isoformat() if last else "",
        )

    def row(self, officer: OfficerForecast) -> list[Cell]:
        """Return an officer's row."""
        yesterday = self.today - DAY
        return [
            Cell(officer.name or "Nobody yet"),
            Cell(f"{officer.overdue:,}", self.link(officer, None, yesterday, officer.overdue)),
            *self._cells(officer),
        ]

    def _cells(self, officer: OfficerForecast) -> Iterator[Cell]:
        for number, (week, load) in enumerate(zip(self.weeks, officer.loads, strict=True)):
            # What is overdue has to be done in the first week.
            first = week.span.first if number else None
            yield Cell(
                f"{load.due:,}",
                self.link(officer, first, week.span.last, load.due),
                tag=f"{load.over:,} too many" if load.over else "",
                tone="orange",
                note=_room(load),
            )


def _room(load: Load) -> str:
    away = f"away {load.away} day{'' if load.away == 1 else 's'}" if load.away else ""
    room = "" if load.room is None else f"room for {int(load.room):,}"
    return ", ".join(filter(None, [room, away]))


class AheadBehind(BoardPage):
    """The promises behind a figure of the board."""

    page = Page.AHEAD
    has_days = False

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them.

        :raises Http404: if the address asks for what there is not.
        """
        board = self.board(request)
        try:
            first = _day(request.GET.get("first"))
            last = _day(request.GET.get("last"))
            asked = request.GET.get("officer", "")
        except ValueError as error:
            raise Http404 from error
        if asked not in ("", NOBODY) and not is_key(asked):
            raise Http404
        officer = asked if asked in ("", NOBODY) else int(asked)
        last = last or self.today + FOUR_WEEKS
        if request.GET.get("which") == COMPLAINTS:
            return self._complaints(request, board, Stretch(first or self.today, last))
        behind = promises_behind(board.whose, first, last, officer or None)
        page = Paginator(behind, PROMISES_A_PAGE).get_page(request.GET.get("page"))
        context = {
            "title": "Promises due",
            "caption": f"{board.scope}, {_days_words(first, last)}",
            "crumbs": [Link("Ahead", board.link("reporting:ahead-board", 1)), Link("Promises due")],
            "page": page,
            "columns": [
                *(Column("Reference"), Column("Due"), Column("What"), Column("Who keeps it")),
            ],
            "rows": [promise_row(each) for each in page.object_list],
            "noun": "promises",
        }
        return render(request, "reporting/behind.html", context)

    def _complaints(self, request: HttpRequest, board: Board, days: Stretch) -> HttpResponse:
        behind = at_risk(board.whose, days)
        page = Paginator(behind, PROMISES_A_PAGE).get_page(request.GET.get("page"))
        away = away_between(days.first, days.last)
        context = {
            "title": "Complaints due",
            "caption": f"{board.scope}, {days.words}",
            "crumbs": [
                Link("Ahead", board.link("reporting:ahead-board", 1)),
                Link("Complaints due"),
            ],
            "page": page,
            "columns": RISK_COLUMNS,
            "rows": [_risk_row(each, away) for each in page.object_list],
            "noun": "complaints",
        }
        return render(request, "reporting/behind.html", context)


def promise_row(deadline: Any) -> list[Any]:
    """Return the row of a promise in a list."""
    complaint = deadline.complaint
    keeper = deadline.keeper or complaint.responsible_officer
    return [
        Cell(complaint.reference, complaint.get_absolute_url()),
        day_words(deadline.due_on),
        deadline.words,
        keeper.name if keeper else "Nobody yet",
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _days_words(first: date | None, last: date) -> str:
    return f"until {day_words(last)}" if first is None else Stretch(first, last).words
