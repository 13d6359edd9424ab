"""An independent way to count working days, one day after the other, to compare with.

It shares nothing with the calendar under test: the bank holidays come from the list that the
government publishes, kept by another package, with what that list does not have written out here.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from govuk_bank_holidays.bank_holidays import BankHolidays

from cases.rules.bank_holidays import Nation

FIRST = date(2012, 1, 1)
LAST = date(2028, 12, 31)

# Scotland's day for the football World Cup was proclaimed after the package's list was made.
# The first days of 2029 are needed to count sixty working days on from the end of 2028.
NOT_IN_THE_LIST = {
    Nation.ENGLAND_AND_WALES: {date(2029, 1, 1)},
    Nation.SCOTLAND: {date(2026, 6, 15), date(2029, 1, 1), date(2029, 1, 2)},
    Nation.NORTHERN_IRELAND: {date(2029, 1, 1), date(2029, 3, 19)},
}


def published_holidays(nation: Nation) -> set[date]:
    """Return the bank holidays from 2012 to 2028 as the government published them."""
    listed = BankHolidays(use_cached_holidays=True).get_holidays(division=nation.value)
    return {each["date"] for each in listed} | NOT_IN_THE_LIST[nation]


def count_on(
    start: date, off: set[date], *, weekdays: frozenset[int] = frozenset(range(5))
) -> Iterator[date]:
    """Yield the first, second, third … working day after a day."""
    day = start
    while True:
        day += timedelta(days=1)
        if day.weekday() in weekdays and day not in off:
            yield day


def every_day(first: date = FIRST, last: date = LAST) -> Iterator[date]:
    """Yield every day from the first to the last."""
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)
