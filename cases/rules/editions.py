"""Which edition of the calendar counts for a promise."""

from collections.abc import Mapping
from dataclasses import dataclass

from cases.rules.calendars import WorkingCalendar


@dataclass(frozen=True, slots=True)
class AdoptedEditions:
    """The published calendars by number, and which of them was adopted by which event."""

    calendars: Mapping[int, WorkingCalendar]
    adoptions: tuple[tuple[int, int], ...]

    def __getitem__(self, edition: int) -> WorkingCalendar:
        return self.calendars[edition]

    def at(self, settled_by: int | None) -> int:
        """Return the last edition adopted before an event; the last of all where there is none.

        A calendar adopted after a promise was settled moves it no more.
        """
        edition = self.adoptions[0][1]
        for number, adopted in self.adoptions:
            if settled_by is None or number < settled_by:
                edition = adopted
        return edition

    def since(self, first: int, until: int | None) -> list[int]:
        """Return the edition in force at an event, and those adopted from then until another."""
        later = [
            edition
            for number, edition in self.adoptions
            if first < number and (until is None or number < until)
        ]
        return [self.at(first), *later]
