"""The days that a board tells of, and the days before them with which it compares."""

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from reporting.rules.kept import Time, time_of

DAY = timedelta(days=1)
# Whoever chooses the days themselves chooses at most so many.
MOST_DAYS = 366
# So many quarters that have ended are offered to whoever sees figures alone.
QUARTERS_OFFERED = 8


class Choice(StrEnum):
    """Which days somebody may choose without naming them."""

    THIS_QUARTER = "this-quarter"
    THIS_MONTH = "this-month"
    THIS_YEAR = "this-year"
    TWELVE_MONTHS = "12-months"
    LAST_MONTH = "last-month"
    LAST_QUARTER = "last-quarter"
    LAST_YEAR = "last-year"
    FROM_TO = "from-to"

    @property
    def words(self) -> str:
        """Return the choice for people."""
        return {
            "this-year": "This reporting year",
            "12-months": "The last 12 months",
            "last-year": "Last reporting year",
            "from-to": "From one day to another",
        }.get(self.value, self.value.replace("-", " ").capitalize())

    @property
    def months(self) -> int:
        """Return how many months it has when it is over; none where the days are chosen."""
        _, _, unit = self.value.partition("-")
        return {"month": 1, "quarter": 3, "year": 12, "months": 12}.get(unit, 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days from the first to the last, both counted."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """Return the days for people: "1 April to 17 June 2026"."""
        year = "" if self.first.year == self.last.year else f" {self.first:%Y}"
        if self.first == self.last:
            return f"{self.first:%-d %B %Y}"
        return f"{self.first:%-d %B}{year} to {self.last:%-d %B %Y}"

    @property
    def days(self) -> int:
        """Return how many days they are."""
        return (self.last - self.first).days + 1

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Compared:
    """What a board tells of, and what it is compared with."""

    now: Stretch
    before: Stretch


def compared(choice: Choice, *, today: date) -> Compared:
    """Return the days of a choice and those before them.

    What still runs has as many days as have passed, and so have those before it: the seventeenth
    of June is compared with seventeen days of May, or with all of a month that is shorter.
    """
    if choice is Choice.TWELVE_MONTHS:
        first = months_back(today, 12) + DAY
        return Compared(
            Stretch(first, today), Stretch(months_back(first - DAY, 12) + DAY, first - DAY)
        )
    unit = time_of(choice.months, today)
    if choice.value.startswith("last"):
        unit = time_of(choice.months, unit.first - DAY)
    earlier = time_of(choice.months, unit.first - DAY)
    now = Stretch(unit.first, min(unit.last, today))
    is_whole = now.last == unit.last
    last = earlier.last if is_whole else min(earlier.first + (now.last - now.first), earlier.last)
    return Compared(now, Stretch(earlier.first, last))


def between(first: date, last: date, *, today: date) -> Compared:
    """Return the days that somebody named, until today, and as many before them."""
    now = Stretch(first, max(first, min(last, today)))
    return Compared(now, Stretch(first - timedelta(days=now.days), first - DAY))


def quarters_ended(today: date) -> Sequence[Time]:
    """Return the quarters of the landlord's year that have ended, the latest first."""
    found = [time_of(3, time_of(3, today).first - DAY)]
    while len(found) < QUARTERS_OFFERED:
        found.append(time_of(3, found[-1].first - DAY))
    return found


def of_quarter(quarter: Time) -> Compared:
    """Return a quarter, and the one before it."""
    before = time_of(3, quarter.first - DAY)
    return Compared(Stretch(quarter.first, quarter.last), Stretch(before.first, before.last))


def months_back(day: date, months: int) -> date:
    """Return the same day so many months before, or the last of a month that is shorter."""
    count = day.year * 12 + day.month - 1 - months
    year, month = count // 12, count % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
