"""The bank holidays of the United Kingdom's nations, by rule and with their one-off days."""

from datetime import date
from enum import StrEnum
from functools import lru_cache

from cases.later import Later
from cases.rules.calendars import FIRST_DAY, LAST_DAY, WorkingCalendar

# It knows the holidays of all the world: 4 MiB that only calendars being made need.
holidays = Later("holidays")

# The last day for which the governments have published bank holidays. Later days are worked
# out by rule: a jubilee or a funeral nobody has announced cannot be in them.
PUBLISHED_UNTIL = date(2028, 12, 31)


class Nation(StrEnum):
    """The divisions in which bank holidays differ."""

    ENGLAND_AND_WALES = "england-and-wales"
    SCOTLAND = "scotland"
    NORTHERN_IRELAND = "northern-ireland"

    @property
    def words(self) -> str:
        """Return the name for people."""
        return {"england-and-wales": "England and Wales"}.get(
            self.value, self.value.replace("-", " ").title()
        )


# Without a subdivision the package leaves out Easter Monday and the August bank holiday.
_SUBDIVISION = {
    Nation.ENGLAND_AND_WALES: "ENG",
    Nation.SCOTLAND: "SCT",
    Nation.NORTHERN_IRELAND: "NIR",
}


@lru_cache(maxsize=8)
def bank_holidays(nation: Nation, *, last_year: int = LAST_DAY.year) -> dict[date, str]:
    """Return the bank holidays of a nation from 2012 to `last_year`, with their names.

    A holiday that falls on a weekend counts on its substitute day only.
    """
    every = holidays.country_holidays(
        "GB",
        subdiv=_SUBDIVISION[nation],
        years=range(FIRST_DAY.year, last_year + 1),
        language="en_GB",
    )
    return {
        day: name.replace(" (observed)", " (substitute day)")
        for day, name in sorted(every.items())
        if day.weekday() < 5
    }


@lru_cache(maxsize=8)
def national_calendar(nation: Nation) -> WorkingCalendar:
    """Return Monday to Friday less the bank holidays of the nation."""
    return WorkingCalendar(holidays=bank_holidays(nation), horizon=PUBLISHED_UNTIL)
