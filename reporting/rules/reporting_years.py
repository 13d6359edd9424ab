"""The years that landlords report on: 1 April to 31 March."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

_WRITTEN = re.compile(r"(\d{4})-(\d{2})")
APRIL = 4


@dataclass(frozen=True, slots=True, order=True)
class ReportingYear:
    """A reporting year by the calendar year in which it begins."""

    begins: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the year that a day is in."""
        return cls(day.year if day.month >= APRIL else day.year - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Return the year that is written as 2025-26.

        :raises ValueError: if it is written in another way, or names no year.
        """
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"{text} is no reporting year.")
        year = cls(int(found[1]))
        if year.begins == 0 or str(year) != text:
            raise ValueError(f"{text} is no reporting year.")
        return year

    def __str__(self) -> str:
        return f"{self.begins}-{(self.begins + 1) % 100:02}"

    @property
    def first(self) -> date:
        """Return its first day."""
        return date(self.begins, APRIL, 1)

    @property
    def last(self) -> date:
        """Return its last day."""
        return date(self.begins + 1, 3, 31)

    @property
    def words(self) -> str:
        """Return it for people."""
        return f"{self.first:%-d %B %Y} to {self.last:%-d %B %Y}"

    @property
    def before(self) -> Self:
        """Return the year before."""
        return type(self)(self.begins - 1)

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last
