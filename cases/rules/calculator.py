"""The deadline calculator: from when and how long, as people write them, to the day it is due."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from cases.errors import OutsideCalendar, WrongDate
from cases.rules.calendars import WorkingCalendar
from cases.rules.periods import (
    LONDON,
    ROLLING_UNITS,
    Period,
    Unit,
    count_aloud,
    due_at,
    due_on,
    london_day,
    parse_period,
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A period counted from a day or an instant. Only a period in hours is due at an instant."""

    period: Period
    start: date | datetime
    due: date | datetime
    provisional: bool

    @property
    def due_words(self) -> str:
        """Return the due day as 2026-12-24, or the instant as 2026-12-24T16:00+00:00."""
        if not isinstance(self.due, datetime):
            return self.due.isoformat()
        return self.due.isoformat(timespec="seconds" if self.due.second else "minutes")


def read_start(text: str) -> date | datetime:
    """Return the day, or the instant in London time, that the words name.

    A time without an offset is London time: in the hour that comes twice in autumn the first, in
    the hour that is left out in spring as if the clocks had not changed yet.

    :raises WrongDate: if the words are neither a date nor a time.
    """
    plain = text.strip()
    try:
        return date.fromisoformat(plain)
    except ValueError:
        pass
    try:
        instant = datetime.fromisoformat(plain)
        if instant.tzinfo is None:
            return instant.replace(tzinfo=LONDON)
        return instant.astimezone(LONDON)
    except (ValueError, OverflowError):
        raise WrongDate(
            f"“{plain}” is not a date or a time. Write 2026-12-24 or 2026-12-24T16:00+00:00."
        ) from None


@lru_cache(maxsize=1024)
def read_period(text: str, *, roll: bool) -> Period:
    """Return the period that the words name; rolling touches only units that can roll.

    :raises PeriodUnreadable: if the words are not a period.
    """
    period = parse_period(text)
    rolls = roll and period.unit in ROLLING_UNITS
    return Period(period.count, period.unit, rolls) if rolls else period


def add_up(start: date | datetime, period: Period, calendar: WorkingCalendar) -> Sum:
    """Return when the period that starts then is due.

    :raises OutsideCalendar: if it starts before the calendar, or is due after it.
    :raises WrongDate: if a period in hours starts on a day and not at an instant.
    """
    if period.unit is not Unit.HOURS:
        day = london_day(start) if isinstance(start, datetime) else start
        due = due_on(period, day, calendar)
        return Sum(period, start, due, calendar.is_provisional(due))
    if not isinstance(start, datetime):
        raise WrongDate(f"{period} start at an instant: give the time as well as the day.")
    calendar.check_within(london_day(start))
    try:
        ends = due_at(period, start)
    except OverflowError:
        raise OutsideCalendar(f"{period} from {start:%-d %B %Y} is beyond the calendar.") from None
    calendar.check_within(ends.date())
    return Sum(period, start, ends, calendar.is_provisional(ends.date()))


def explain_sum(told: Sum, calendar: WorkingCalendar) -> list[str]:
    """Return how it was counted, a line each: every day with its number or why it does not count.

    :raises OutsideCalendar: never for what `add_up` returned with the same calendar.
    """
    opening = f"{told.period} from {_when(told.start)}"
    if isinstance(told.due, datetime) and isinstance(told.start, datetime):
        lines = [f"{opening}, in elapsed time: {_when(told.due)}"]
        if told.start.utcoffset() != told.due.utcoffset():
            lines.append("The clocks change in between; every hour that passes counts once.")
    else:
        day = london_day(told.start) if isinstance(told.start, datetime) else told.start
        counted = count_aloud(told.period, day, calendar).sentences()
        rolled = ", moved to a working day if it ends on none" if told.period.rolls else ""
        lines = [f"{opening}{rolled}", *counted]
    if told.provisional:
        lines.append(provisional_words(calendar))
    return lines


def provisional_words(calendar: WorkingCalendar) -> str:
    """Return what a date beyond the published bank holidays is worth."""
    return (
        f"Provisional: bank holidays are published until {calendar.horizon:%-d %B %Y}; later ones "
        "are worked out by rule."
    )


def _when(moment: date | datetime) -> str:
    if isinstance(moment, datetime):
        return f"{moment:%a %-d %b %Y %H:%M %Z}"
    return f"{moment:%a %-d %b %Y}"
