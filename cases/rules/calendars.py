"""Working days: which days count, and which day is the fifth.

Day of receipt is day 0, day 1 is the next working day, and a promise of N working days is kept
until the end of day N.
"""

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from cases.errors import NoWorkingDays, OutsideCalendar

FIRST_DAY = date(2012, 1, 1)
LAST_DAY = date(2100, 12, 31)
MONDAY_TO_FRIDAY = frozenset(range(5))
WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class DayLine:
    """One day of an explanation: counted with its number, or skipped for a reason.

    The last day of a period that moved to the next working day has both: its number, and why it
    does not serve. The day it moved to has neither.
    """

    day: date
    number: int | None
    skipped_because: str

    @property
    def words(self) -> str:
        """Return what became of the day."""
        if self.number is None:
            return f"not counted ({self.skipped_because})" if self.skipped_because else "moved here"
        moved = f" ({self.skipped_because}, so moved on)" if self.skipped_because else ""
        return f"day {self.number}{moved}"


class WorkingCalendar:
    """The working days of one landlord, immutable, with an index that makes counting one look-up.

    `weekdays` are numbered from Monday (0). `horizon` is the last day for which the holidays are
    published; later days are worked out by rule and called provisional.

    :raises NoWorkingDays: if no day of the week is a working day, or closures leave none.
    """

    __slots__ = (
        "_base",
        "_days",
        "_rank",
        "closures",
        "first",
        "holidays",
        "horizon",
        "last",
        "weekdays",
    )

    def __init__(
        self,
        *,
        weekdays: Iterable[int] = MONDAY_TO_FRIDAY,
        holidays: Mapping[date, str] | None = None,
        closures: Mapping[date, str] | None = None,
        horizon: date = LAST_DAY,
        first: date = FIRST_DAY,
        last: date = LAST_DAY,
    ) -> None:
        self.weekdays = frozenset(weekdays)
        if not self.weekdays <= frozenset(range(7)):
            raise ValueError("Weekdays are numbered 0 (Monday) to 6 (Sunday).")
        self.holidays = dict(holidays or {})
        self.closures = dict(closures or {})
        self.horizon = horizon
        self.first = first
        self.last = last
        self._base = first.toordinal()
        self._days, self._rank = self._index()
        if not self._days:
            raise NoWorkingDays("A working week needs at least one working day.")

    def _index(self) -> tuple[list[date], "array[int]"]:
        """Return the working days in order, and for each day how many there are up to it."""
        off = {day.toordinal() for day in (*self.holidays, *self.closures)}
        worked = [weekday in self.weekdays for weekday in range(7)]
        days: list[date] = []
        rank = array("l")
        for ordinal in range(self._base, self.last.toordinal() + 1):
            # Day 1 of the calendar was a Monday.
            if worked[(ordinal - 1) % 7] and ordinal not in off:
                days.append(date.fromordinal(ordinal))
            rank.append(len(days))
        return days, rank

    def is_working_day(self, day: date) -> bool:
        """Say whether people work on this day."""
        return (
            day.weekday() in self.weekdays and day not in self.holidays and day not in self.closures
        )

    def add_working_days(self, start: date, count: int) -> date:
        """Return the `count`th working day after `start`, which is day 0 whatever day it is.

        One look-up, whatever the count. With 0 the start itself comes back.

        :raises OutsideCalendar: if the start or the answer is not in the calendar.
        """
        if start < self.first or start > self.last:
            self.check_within(start)
        if count < 1:
            if count == 0:
                return start
            return self._working_days_before(start, -count)
        try:
            return self._days[self._rank[start.toordinal() - self._base] + count - 1]
        except IndexError:
            raise OutsideCalendar(self._outside(start)) from None

    def _working_days_before(self, start: date, count: int) -> date:
        """Return the `count`th working day before `start`."""
        before = self._rank[start.toordinal() - self._base] - self.is_working_day(start)
        if before < count:
            raise OutsideCalendar(self._outside(start))
        return self._days[before - count]

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after `start`, up to and including `end`.

        Negative when `end` comes first.

        :raises OutsideCalendar: if one of them is not in the calendar.
        """
        self.check_within(start)
        self.check_within(end)
        return self._rank[end.toordinal() - self._base] - self._rank[start.toordinal() - self._base]

    def roll_forward(self, day: date) -> date:
        """Return the day itself if people work on it, else the next working day."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def why_not_working(self, day: date) -> str:
        """Return why nobody works on this day, or nothing for a working day."""
        if day in self.holidays:
            return self.holidays[day]
        if day in self.closures:
            return f"closed: {self.closures[day]}"
        if day.weekday() not in self.weekdays:
            return WEEKDAY_NAMES[day.weekday()]
        return ""

    def count_aloud(self, start: date, end: date) -> tuple[DayLine, ...]:
        """Return every day after `start` up to `end`, numbered or with why it was skipped.

        When `end` comes first the days are counted backwards from `start`.
        """
        step = 1 if end >= start else -1
        lines: list[DayLine] = []
        number = 0
        day = start
        while day != end:
            day += timedelta(days=step)
            reason = self.why_not_working(day)
            if not reason:
                number += 1
            lines.append(DayLine(day, None if reason else number, reason))
        return tuple(lines)

    def is_provisional(self, day: date) -> bool:
        """Say whether the day lies beyond the published holidays."""
        return day > self.horizon

    def check_within(self, day: date) -> None:
        """Refuse a day that is not in the calendar.

        :raises OutsideCalendar: if it lies before its first or after its last day.
        """
        if not self.first <= day <= self.last:
            raise OutsideCalendar(self._outside(day))

    def _outside(self, day: date) -> str:
        return (
            f"{day:%-d %B %Y} cannot be counted with: the calendar runs from "
            f"{self.first:%-d %B %Y} to {self.last:%-d %B %Y}."
        )
