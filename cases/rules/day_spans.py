"""Days on which something happened to complaints, as an address names them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

BETWEEN = "_"


class Happening(StrEnum):
    """What happened, or is to happen, on the days."""

    DUE = "due"
    RECEIVED = "received"
    CLOSED = "closed"
    ANSWERED = "answered"
    ON_TIME = "on-time"
    EXTENDED = "extended"
    LATE = "late"
    LATE_AVOIDABLE = "late-avoidable"
    LATE_UNAVOIDABLE = "late-unavoidable"
    LATE_UNSAID = "late-unsaid"
    IN_TIME = "in-time"

    @property
    def words(self) -> str:
        """Return it for people, before the days."""
        return {
            "on-time": "answered on time",
            "extended": "answered within an extension",
            "late": "answered late",
            "late-avoidable": "answered late, which could have been avoided,",
            "late-unavoidable": "answered late, which could not have been avoided,",
            "late-unsaid": "answered late without saying whether it could have been avoided,",
            "in-time": "answered on time or within an extension",
        }.get(self.value, self.value)


@dataclass(frozen=True, slots=True)
class DaySpan:
    """What happened on which days, from the first to the last; an end left out is open."""

    what: Happening
    first: date | None = None
    last: date | None = None

    def __str__(self) -> str:
        ends = (each.isoformat() if each else "" for each in (self.first, self.last))
        return BETWEEN.join((self.what.value, *ends))

    @property
    def words(self) -> str:
        """Return it for people: "due Mon 16 to Sun 22 Nov 2026"."""
        return f"{self.what.words} {self._days()}"

    def _days(self) -> str:
        if self.first is None:
            return f"until {self.last:%a %-d %b %Y}" if self.last else "at any time"
        if self.last is None:
            return f"since {self.first:%a %-d %b %Y}"
        if self.first == self.last:
            return f"{self.first:%a %-d %b %Y}"
        same_month = (self.first.year, self.first.month) == (self.last.year, self.last.month)
        same_year = self.first.year == self.last.year
        first = "%a %-d" if same_month else "%a %-d %b" if same_year else "%a %-d %b %Y"
        return f"{self.first.strftime(first)} to {self.last:%a %-d %b %Y}"


def parse_day_span(text: str) -> DaySpan:
    """Return the span that an address names, such as "due_2026-11-16_2026-11-22".

    :raises ValueError: if it names none.
    """
    what, first, last = text.split(BETWEEN)
    return DaySpan(Happening(what), _day(first), _day(last))


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
