"""The days that the dashboard counts in: periods, weeks, and bands of working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from cases.rules.calendars import WorkingCalendar

WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
# So many weeks are shown, and as many before them to compare with.
WEEKS_SHOWN = 12
# Working days ahead that are shown, in weeks of five.
DAYS_AHEAD = 20
WORKING_WEEK = 5
# A promise is so many working days late, and a complaint waits so long for an officer.
LATE_BANDS = (5, 10, 20)
WAITING_BANDS = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Span:
    """Days from the first to the last, both counted; an end left out is open."""

    words: str
    first: date | None = None
    last: date | None = None


class Period(StrEnum):
    """What the figures of a period are about, counted back from today."""

    FOUR_WEEKS = "4-weeks"
    THIS_WEEK = "this-week"
    LAST_WEEK = "last-week"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"
    THREE_MONTHS = "13-weeks"

    @property
    def words(self) -> str:
        """Return the period for people."""
        return {
            "4-weeks": "Last 4 weeks",
            "13-weeks": "Last 13 weeks",
        }.get(self.value, self.value.replace("-", " ").capitalize())

    def span(self, today: date) -> Span:
        """Return its days, today the last that can be among them."""
        monday = today - timedelta(days=today.weekday())
        month = today.replace(day=1)
        first, last = {
            Period.FOUR_WEEKS: (today - 4 * WEEK + DAY, today),
            Period.THIS_WEEK: (monday, today),
            Period.LAST_WEEK: (monday - WEEK, monday - DAY),
            Period.THIS_MONTH: (month, today),
            Period.LAST_MONTH: ((month - DAY).replace(day=1), month - DAY),
            Period.THREE_MONTHS: (today - 13 * WEEK + DAY, today),
        }[self]
        return Span(self.words, first, last)


def weeks_shown(today: date) -> list[Span]:
    """Return the weeks that are over, Monday to Sunday, the earlier ones to compare with first."""
    this = today - timedelta(days=today.weekday())
    mondays = (this - number * WEEK for number in range(2 * WEEKS_SHOWN, 0, -1))
    return [Span(f"{monday:%-d %b}", monday, monday + WEEK - DAY) for monday in mondays]


def late_spans(today: date, calendar: WorkingCalendar) -> list[Span]:
    """Return the days on which something was due that is late now, the least late first."""
    return _back_from(today - DAY, LATE_BANDS, today, calendar)


def waiting_spans(today: date, calendar: WorkingCalendar) -> list[Span]:
    """Return the days on which something came in that waits since, the shortest wait first."""
    return _back_from(None, WAITING_BANDS, today, calendar)


def _back_from(
    last: date | None, bands: Sequence[int], today: date, calendar: WorkingCalendar
) -> list[Span]:
    spans = []
    more_than = 0
    for most in bands:
        first = first_day_within(most, today, calendar)
        words = f"{more_than + 1} to {most}" if more_than else f"Up to {most}"
        spans.append(Span(f"{words} {_days(most)}", first, last))
        last, more_than = first - DAY, most
    return [*spans, Span(f"Over {more_than} {_days(more_than)}", None, last)]


def _days(count: int) -> str:
    return "working day" if count == 1 else "working days"


def first_day_within(most: int, today: date, calendar: WorkingCalendar) -> date:
    """Return the earliest day since which at most so many working days have passed.

    Always a working day: since the days on which nobody works as many have passed as since the
    working day before them.
    """
    back = -most if calendar.is_working_day(today) else -most - 1
    return calendar.add_working_days(today, back)


def coming_days(today: date, calendar: WorkingCalendar) -> list[Span]:
    """Return the next working days, today the first if it is one.

    What falls due on other days is told with the working day before it, or with the first.
    """
    start = today if calendar.is_working_day(today) else calendar.add_working_days(today, 1)
    days = [calendar.add_working_days(start, number) for number in range(DAYS_AHEAD + 1)]
    spans = [Span(f"{day:%-d %b}", day, following - DAY) for day, following in pairwise(days)]
    return [Span(spans[0].words, today, spans[0].last), *spans[1:]]


def coming_weeks(days: Sequence[Span]) -> list[Span]:
    """Return the days put together in weeks of five working days."""
    weeks = []
    for start in range(0, len(days), WORKING_WEEK):
        first, last = days[start], days[start + WORKING_WEEK - 1]
        weeks.append(Span(f"{first.words} to {last.words}", first.first, last.last))
    return weeks
