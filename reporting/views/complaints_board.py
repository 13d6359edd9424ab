"""What complaints were about and how they ended, what was promised, paid and thanked for."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from cases.models import Complaint
from cases.rules.day_spans import DaySpan, Happening
from cases.rules.pages import READERS, Page
from cases.templatetags.parts import Cell, Column, Link
from feedback.rules.kinds import Kind
from feedback.rules.surveys import FEWEST
from feedback.selectors.surveys import found_after_closures
from reporting.rules.board_findings import compared_words
from reporting.rules.board_times import quarters_ended
from reporting.rules.counted_figures import (
    MOST_DRAWN,
    NONE,
    Counted,
    largest_finding,
    promises_finding,
    told,
)
from reporting.rules.kept import Time, share_of, time_of
from reporting.rules.targets import Aim, Wanted
from reporting.selectors.answers_given import targets
from reporting.selectors.complaints_counted import (
    BREAKDOWNS,
    Compensation,
    by,
    compensation,
    complaints_behind,
    promises,
    promises_told,
    remarks,
)
from reporting.templatetags.charts import Bar
from reporting.views.ahead_board import promise_row
from reporting.views.boards import (
    WHOLE,
    Board,
    BoardPage,
    BoardTile,
    begun,
    day_words,
    is_key,
    number,
)

BEHIND = "reporting:complaints-behind"
PROMISES = "reporting:promises-behind"
ROWS_A_PAGE = 25
# What each way of counting is called, what heads its names, and what was done to the complaints.
CHARTS = {
    "category": ("What complaints were about", "About", "received"),
    "outcome": ("How complaints were answered", "Outcome", "answered"),
    "area": ("Service areas", "Service area", "received"),
    "contractor": ("Contractors", "Whose work", "received"),
    "channel": ("How complaints came", "Came by", "received"),
}
PROMISE_WORDS = {"kept": "Kept in time", "late": "Kept late", "overdue": "Overdue now"}


class ComplaintsBoard(BoardPage):
    """The complaints of some days, beside those of the days before and the landlord's targets."""

    board_name = "reporting:complaints-board"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show the figures of the complaints and the days chosen."""
        board = self.board(request)
        days = board.days
        counted = {code: by(code, board.whose, days) for code in BREAKDOWNS}
        received = sum(each.now or 0 for each in counted["channel"])
        before = sum(each.before or 0 for each in counted["channel"])
        wanted = targets()
        context = {
            **self.around(board),
            "days": days,
            "period_words": board.form.period_words,
            "tiles": [
                BoardTile(
                    f"{received:,}",
                    "Received",
                    board.link(BEHIND, received, by="channel"),
                    begun(compared_words(received, before, days.before.words)),
                ),
                *self._remarks(board),
            ],
            "charts": [_chart(board, code, lines) for code, lines in counted.items()],
            **self._promises(board, wanted),
            **self._money(board),
            **self._satisfaction(board, wanted),
            "may_see_hot_spots": self.user.has_role(*READERS[Page.DASHBOARD]),
        }
        return render(request, "reporting/complaints_board.html", context)

    def _remarks(self, board: Board) -> Iterator[BoardTile]:
        days = board.days
        for kind, (now, before) in remarks(board.whose, days).items():
            span = DaySpan(Happening.RECEIVED, days.now.first, days.now.last)
            chosen = board.form.chosen_area if board.whose.areas is not None else ""
            query = {"kind": kind.value, "days": str(span), **({"area": chosen} if chosen else {})}
            url = f"{reverse('feedback:staff-list')}?{urlencode(query)}"
            name = "Compliment" if kind is Kind.COMPLIMENT else "Suggestion"
            is_small = board.whose.hides_small
            # A team's complaints may stand beside it: nobody's team has the thanks for it.
            scope = f"{WHOLE}. " if not is_small and board.whose.areas is None else ""
            yield BoardTile(
                _many(now, is_small=is_small),
                f"{name}{'' if now == 1 else 's'}",
                url if now and self.user.has_role(*READERS[Page.FEEDBACK]) else "",
                f"{scope}Before: {_many(before, is_small=is_small)}",
            )

    def _promises(self, board: Board, wanted: Wanted) -> dict[str, Any]:
        found = promises(board.whose, board.days.now, today=self.today)
        counts = {"kept": found.kept, "late": found.late}
        if found.overdue is not None:
            counts["overdue"] = found.overdue
        if board.whose.hides_small and any(0 < count < FEWEST for count in counts.values()):
            return {"promises": [], "promises_finding": "Too few promises to tell of them."}
        share = share_of(found.kept, found.kept + found.late)
        words = promises_finding(found.kept, found.late, found.overdue or 0)
        return {
            "promises": [
                Bar(PROMISE_WORDS[what], count, board.link(PROMISES, count, what=what))
                for what, count in counts.items()
            ],
            "promises_finding": f"{words} {wanted.judged(Aim.PROMISES_KEPT, share)}".strip(),
        }

    @staticmethod
    def _money(board: Board) -> dict[str, Any]:
        now = compensation(board.whose, board.days.now)
        before = compensation(board.whose, board.days.before)
        rows = [
            ("Offered", now.offered, before.offered),
            ("Accepted", now.accepted, before.accepted),
            ("Paid", now.paid, before.paid),
        ]
        is_small = board.whose.hides_small and any(
            0 < money.count < FEWEST for _, *both in rows for money in both
        )
        return {
            "money_finding": _money_finding(now, is_small=is_small),
            "money_columns": [
                Column("Compensation"),
                *(Column(words, is_numeric=True) for words in ("Times", "Amount", "Before")),
            ],
            "money": []
            if is_small
            else [
                [Cell(words), f"{mine.count:,}", mine.words, theirs.words]
                for words, mine, theirs in rows
            ],
        }

    def _satisfaction(self, board: Board, wanted: Wanted) -> dict[str, Any]:
        """Tell of the last quarter that has ended by then, to those who see surveys."""
        if not self.user.has_role(*READERS[Page.SURVEYS]):
            return {}
        quarter = _quarter_until(board)
        found = found_after_closures(quarter.first, quarter.last)
        overall = found.questions[0]
        return {
            "satisfaction": [
                Bar(words, count) for words, count in overall.told if count is not None
            ],
            "satisfaction_title": f"Satisfaction, {quarter.words}",
            "satisfaction_finding": " ".join(
                filter(
                    None,
                    [
                        f"{overall.satisfied}% of {found.answered:,} who answered are satisfied "
                        "with how we dealt with it."
                        if overall.satisfied is not None
                        else "Too few answered to tell how satisfied they are.",
                        wanted.judged(Aim.SATISFIED, overall.satisfied),
                    ],
                )
            ),
        }


def _many(count: int, *, is_small: bool) -> str:
    return number(None if is_small and 0 < count < FEWEST else count)


def _quarter_until(board: Board) -> Time:
    """Return the last quarter that ended within the days or before."""
    last = board.days.now.last
    mine = time_of(3, last)
    return mine if mine.last == last else quarters_ended(last)[0]


def _money_finding(now: Compensation, *, is_small: bool) -> str:
    if is_small:
        return "Compensation was offered, accepted or paid too few times to tell of it."
    if not now.offered.count and not now.paid.count:
        return "No compensation was offered or paid."
    return f"{now.offered.words} was offered and {now.paid.words} paid."


def _chart(board: Board, code: str, counted: Sequence[Counted]) -> dict[str, Any]:
    title, head, done = CHARTS[code]
    lines = told(counted, hides_small=board.whose.hides_small)

    def link(line: Counted) -> str:
        return board.link(BEHIND, line.now, by=code, which=line.key)

    # Having no contractor is nothing that complaints have in common.
    left_out = {NONE} if code == "contractor" else set()
    drawn = [line for line in lines if line.now and line.key not in left_out][:MOST_DRAWN]
    return {
        "name": f"by-{code}",
        "title": title,
        "head": head,
        "finding": largest_finding(lines, done),
        "bars": [Bar(line.name, line.now or 0, link(line)) for line in drawn],
        "columns": [Column(head), *(Column(w, is_numeric=True) for w in ("Now", "Before"))],
        "rows": [
            [Cell(line.name), Cell(number(line.now), link(line)), number(line.before)]
            for line in lines
        ],
    }


class ComplaintsBehind(BoardPage):
    """The complaints behind a figure of the board."""

    page = Page.BEHIND_FIGURES

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them.

        :raises Http404: if the address asks for what there is not.
        """
        board = self.board(request)
        code, key = (
            request.GET.get("by", "channel"),
            request.GET.get("which", "").replace("\x00", ""),
        )
        how = BREAKDOWNS.get(code)
        is_text = how is not None and how.column == how.name
        if how is None or (key not in ("", NONE) and not is_text and not is_key(key)):
            raise Http404
        behind = complaints_behind(board.whose, board.days.now, code, key)
        page = Paginator(behind, ROWS_A_PAGE).get_page(request.GET.get("page"))
        title, _, done = CHARTS[code]
        context = {
            "title": f"Complaints {done}",
            "caption": f"{board.scope}, {board.days.now.words}",
            "crumbs": [
                Link(title, board.link("reporting:complaints-board", 1)),
                Link("Complaints"),
            ],
            "page": page,
            "columns": [
                *(Column("Reference"), Column("Received"), Column("About"), Column("Service area")),
                *(Column("Officer"), Column("Answered on")),
            ],
            "rows": [_row(each) for each in page.object_list],
            "noun": "complaints",
        }
        return render(request, "reporting/behind.html", context)


def _row(complaint: Complaint) -> list[Any]:
    officer = complaint.responsible_officer
    return [
        Cell(complaint.reference, complaint.get_absolute_url()),
        day_words(complaint.received_on),
        str(complaint.category or "–"),
        str(complaint.service_area or "–"),
        officer.name if officer else "Nobody",
        day_words(complaint.answered_on),
    ]


class PromisesBehind(BoardPage):
    """The promises behind a figure of the board."""

    page = Page.BEHIND_FIGURES

    def get(self, request: HttpRequest) -> HttpResponse:
        """List them.

        :raises Http404: if the address asks for what there is not.
        """
        board = self.board(request)
        what = request.GET.get("what", "kept")
        if what not in PROMISE_WORDS:
            raise Http404
        behind = promises_told(board.whose, board.days.now, what, today=self.today)
        page = Paginator(behind, ROWS_A_PAGE).get_page(request.GET.get("page"))
        back = board.link("reporting:complaints-board", 1)
        words = f"Promises: {PROMISE_WORDS[what].lower()}"
        context = {
            "title": words,
            "caption": f"{board.scope}, {board.days.now.words}",
            "crumbs": [Link("Complaints", back), Link(words)],
            "page": page,
            "columns": [
                *(Column("Reference"), Column("Due"), Column("What"), Column("Who keeps it")),
            ],
            "rows": [promise_row(each) for each in page.object_list],
            "noun": "promises",
        }
        return render(request, "reporting/behind.html", context)
