"""Periods: "5 working days", "14 calendar days", "8 weeks", "12 months", "24 hours"."""

import calendar as gregorian
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cases.errors import OutsideCalendar, PeriodUnreadable
from cases.rules.calendars import DayLine, WorkingCalendar

LONDON = ZoneInfo("Europe/London")
LONGEST = 10_000


class Unit(StrEnum):
    """What a period is counted in."""

    WORKING_DAYS = "working days"
    CALENDAR_DAYS = "calendar days"
    WEEKS = "weeks"
    MONTHS = "months"
    HOURS = "hours"
    DAY_OF_NEXT_MONTH = "of the following month"


# Units that end on a day which may be moved to the next working day.
ROLLING_UNITS = frozenset({Unit.CALENDAR_DAYS, Unit.WEEKS, Unit.MONTHS})


@dataclass(frozen=True, slots=True)
class Period:
    """An amount of time. `rolls`: an end on a non-working day moves to the next working day.

    A negative count of working days counts backwards. For `DAY_OF_NEXT_MONTH` the count is the
    day of the month, at most its last.
    """

    count: int
    unit: Unit
    rolls: bool = False

    def __str__(self) -> str:
        if self.unit is Unit.DAY_OF_NEXT_MONTH:
            return f"day {self.count} of the following month"
        words = self.unit.value
        return f"{self.count} {words[:-1] if abs(self.count) == 1 else words}"


_AMOUNT = re.compile(r"(-?\d{1,5}) (working days?|calendar days?|days?|weeks?|months?|hours?)")
_DAY_OF_MONTH = re.compile(r"day (\d{1,2}) of the following month")


def parse_period(text: str, *, rolls: bool = False) -> Period:
    """Return the period that the words name, such as "5 working days" or "1 week".

    :raises PeriodUnreadable: if the words are not a period, or it cannot roll as asked.
    """
    plain = " ".join(text.lower().split())
    if match := _DAY_OF_MONTH.fullmatch(plain):
        period = Period(int(match[1]), Unit.DAY_OF_NEXT_MONTH, rolls)
        if not 1 <= period.count <= 31:
            raise PeriodUnreadable(f"“{text}” is not a day of a month.")
    elif match := _AMOUNT.fullmatch(plain):
        words = match[2]
        if words.startswith("day"):
            raise PeriodUnreadable(f"“{text}”: say working days or calendar days.")
        period = Period(int(match[1]), Unit(words if words.endswith("s") else words + "s"), rolls)
    else:
        raise PeriodUnreadable(
            f"“{text}” is not a period. Write for example “5 working days”, “14 calendar days”, "
            "“8 weeks”, “12 months” or “24 hours”."
        )
    if rolls and period.unit not in ROLLING_UNITS:
        raise PeriodUnreadable(f"“{text}” cannot roll: only calendar days, weeks and months can.")
    if abs(period.count) > LONGEST or (period.count < 0 and period.unit is not Unit.WORKING_DAYS):
        raise PeriodUnreadable(f"“{text}” is too long, or counts backwards in the wrong unit.")
    return period


def due_on(period: Period, start: date, calendar: WorkingCalendar) -> date:
    """Return the last day of the period that starts on `start` (day 0), to the end of that day.

    :raises OutsideCalendar: if the start or the answer lies outside the calendar.
    :raises ValueError: if the period is in hours, which start at an instant (see `due_at`).
    """
    calendar.check_within(start)
    try:
        day = _unrolled(period, start, calendar)
    except OverflowError:
        raise OutsideCalendar(f"{period} from {start:%-d %B %Y} is beyond the calendar.") from None
    if not calendar.first <= day <= calendar.last:
        raise OutsideCalendar(f"{period} from {start:%-d %B %Y} is outside the calendar.")
    return calendar.roll_forward(day) if period.rolls else day


def _unrolled(period: Period, start: date, calendar: WorkingCalendar) -> date:
    match period.unit:
        case Unit.WORKING_DAYS:
            return calendar.add_working_days(start, period.count)
        case Unit.CALENDAR_DAYS:
            return start + timedelta(days=period.count)
        case Unit.WEEKS:
            return start + timedelta(weeks=period.count)
        case Unit.MONTHS:
            return _months_later(start, period.count, start.day)
        case Unit.DAY_OF_NEXT_MONTH:
            return _months_later(start, 1, period.count)
    raise ValueError("A period in hours starts at an instant, not on a day.")


def _months_later(start: date, months: int, day: int) -> date:
    """Return that day of the month so many months on, or the month's last day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        raise OverflowError
    return date(year, month + 1, min(day, gregorian.monthrange(year, month + 1)[1]))


def due_at(period: Period, start: datetime) -> datetime:
    """Return the instant a period in hours ends, in elapsed time whatever the clocks do.

    The answer is in London time.

    :raises ValueError: if the period is not in hours.
    """
    if period.unit is not Unit.HOURS:
        raise ValueError("Only a period in hours ends at an instant.")
    return (start.astimezone(UTC) + timedelta(hours=period.count)).astimezone(LONDON)


def london_day(instant: datetime) -> date:
    """Return the office's day: the date in London at that instant."""
    return instant.astimezone(LONDON).date()


@dataclass(frozen=True, slots=True)
class Counting:
    """How a period was counted, day by day."""

    period: Period
    start: date
    due: date
    days: tuple[DayLine, ...]
    provisional: bool

    def sentences(self) -> list[str]:
        """Return the counting as lines for people, the first naming the starting day."""
        lines = [f"{self.start:%a %-d %b %Y}: day 0"]
        lines += [f"{line.day:%a %-d %b %Y}: {line.words}" for line in self.days]
        return lines


def count_aloud(period: Period, start: date, calendar: WorkingCalendar) -> Counting:
    """Return the due day of the period with each day counted and each day skipped.

    Calendar days, weeks and months count every day; only days passed over by rolling are skipped.
    """
    due = due_on(period, start, calendar)
    if period.unit is Unit.WORKING_DAYS:
        days = calendar.count_aloud(start, due)
    else:
        end = _unrolled(period, start, calendar)
        days = tuple(
            DayLine(start + timedelta(days=n), n, "") for n in range(1, (end - start).days + 1)
        )
        if due != end:
            moved = DayLine(end, len(days) or None, calendar.why_not_working(end))
            days = (*days[:-1], moved, *_rolled(end, due, calendar))
    return Counting(period, start, due, days, calendar.is_provisional(due))


def _rolled(end: date, due: date, calendar: WorkingCalendar) -> tuple[DayLine, ...]:
    """Return the days after the counted end, up to the working day it moved to."""
    days = [end + timedelta(days=n) for n in range(1, (due - end).days + 1)]
    return tuple(DayLine(day, None, calendar.why_not_working(day)) for day in days)
