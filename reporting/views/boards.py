"""What the boards share: whose complaints, which days, the way from one to the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from cases.rules.calendars import WorkingCalendar
from cases.rules.pages import Page
from cases.rules.roles import Role
from feedback.rules.surveys import FEWEST
from reporting.forms.boards import LANDLORD, MINE, BoardFilter
from reporting.forms.dashboard import EVERYTHING
from reporting.rules.board_times import Compared
from reporting.selectors.board_readers import Reach, Whose, may_choose_landlord, reach_of
from reporting.selectors.dashboard import Frame, frame
from reporting.views.access import ReportingPage, board_tabs

NOT_SHOWN = "Not shown"
MY_OWN = "My own complaints"
WHOLE = "The whole landlord"
MOST_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Board:
    """What was chosen: the form, whose complaints, the days, and the calendar in force."""

    form: BoardFilter
    whose: Whose
    here: Frame
    calendar: WorkingCalendar | None

    @property
    def days(self) -> Compared:
        """Return the days, and those before them."""
        return self.form.days

    @property
    def scope(self) -> str:
        """Return whose complaints they are, for people."""
        if self.whose.reach is Reach.LANDLORD:
            return WHOLE
        return self.form.whose[self.form.chosen_area]

    def link(self, name: str, count: int | None, **asked: str) -> str:
        """Return the address of what is behind a figure; nothing opens nothing."""
        if self.whose.hides_small or not count:
            return ""
        query = {**self.form.asked, **{key: value for key, value in asked.items() if value}}
        return f"{reverse(name)}?{urlencode(query)}" if query else reverse(name)


@dataclass(frozen=True, slots=True)
class BoardTile:
    """A number with its list, and how it stands to before and to the target."""

    value: str
    label: str
    url: str
    note: str = ""
    tone: str = ""


class BoardPage(ReportingPage):
    """A page with figures of whoever looks."""

    page = Page.FIGURES
    board_name = ""
    has_days = True

    def board(self, request: HttpRequest) -> Board:
        """Return what was chosen, in one query."""
        here = frame(self.user, today=self.today)
        reach = reach_of(self.user)
        form = BoardFilter(
            request.GET or None,
            whose=self._whose(reach, here),
            today=self.today,
            by_quarter=reach is Reach.LANDLORD,
            has_days=self.has_days,
        )
        chosen, areas = form.chosen_area, None
        if chosen == MINE:
            reach = Reach.OWN
        elif chosen == LANDLORD:
            reach = Reach.LANDLORD
        elif chosen:
            areas = here.below(int(chosen))
        return Board(form, Whose(self.user, reach, areas), here, here.calendar)

    def _whose(self, reach: Reach, here: Frame) -> Sequence[tuple[str, str]]:
        if reach is Reach.LANDLORD:
            return [("", WHOLE)]
        if reach is Reach.OWN:
            # Figures alone: where complaints are listed the landlord is no choice.
            is_offered = self.page is Page.FIGURES and may_choose_landlord(self.user)
            return [("", MY_OWN), *([(LANDLORD, WHOLE)] if is_offered else [])]
        mine = [(MINE, MY_OWN)] if self.user.has_role(Role.RESPONSIBLE_OFFICER) else []
        return [("", EVERYTHING), *mine, *((str(key), name) for key, name, _ in here.areas)]

    def around(self, board: Board) -> dict[str, Any]:
        """Return what stands around the figures."""
        return {
            "form": board.form,
            "tabs": board_tabs(self.user, self.board_name),
            "scope": board.scope,
            "as_at": self.now,
            "hides_small": board.whose.hides_small,
            "fewest": FEWEST,
        }


def number(count: int | None) -> str:
    """Return a number as it is read; what is not told is said to be so."""
    return NOT_SHOWN if count is None else f"{count:,}"


def day_words(day: date | None) -> str:
    """Return a day as tables have it."""
    return f"{day:%a %-d %b %Y}" if day else "–"


def is_key(text: str) -> bool:
    """Say whether something of an address can be the key of a row: no database has longer ones."""
    return text.isdecimal() and len(text) <= MOST_DIGITS


def begun(words: str) -> str:
    """Return words as they begin a sentence: the names of months keep their capitals."""
    return words[:1].upper() + words[1:]
