"""How long answers took, as a distribution: bands of working days, and what most took."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# The last number of each band of working days; what took longer is in a band of its own.
TAKEN_BANDS = (2, 5, 10, 15, 20, 30)
# By how many working days the day of an answer was moved.
ADDED_BANDS = (5, 10, 20)
HALF, MOST = 50, 90


@dataclass(frozen=True, slots=True)
class Band:
    """Numbers of working days from the first to the last, both counted; None for no end."""

    first: int
    last: int | None

    @property
    def code(self) -> str:
        """Return what names it in an address: "3-5", "31-"."""
        return f"{self.first}-{'' if self.last is None else self.last}"

    @property
    def words(self) -> str:
        """Return it for people."""
        if self.last is None:
            return f"Over {self.first - 1}"
        return f"{self.first} to {self.last}"

    def __contains__(self, days: int) -> bool:
        return self.first <= days and (self.last is None or days <= self.last)


def bands_up_to(lasts: Sequence[int], *, first: int = 0) -> tuple[Band, ...]:
    """Return the bands that end with these numbers, and the one without end."""
    starts = [first, *(last + 1 for last in lasts)]
    return tuple(Band(start, last) for start, last in zip(starts, [*lasts, None], strict=True))


TAKEN = bands_up_to(TAKEN_BANDS)
ADDED = bands_up_to(ADDED_BANDS, first=1)


def in_bands(counts: Mapping[int, int], bands: Sequence[Band]) -> dict[str, int]:
    """Return how many are in each band, by its code, from how many took so many working days."""
    return {
        band.code: sum(number for days, number in counts.items() if days in band) for band in bands
    }


def within(counts: Mapping[int, int], share: int) -> int | None:
    """Return the working days within which at least `share` of a hundred were done; None of none.

    Some answer took exactly that long: nothing is interpolated.
    """
    total = sum(counts.values())
    reached = 0
    for days, number in sorted(counts.items()):
        reached += number
        if 100 * reached >= share * total:
            return days
    return None


def told_within(counts: Mapping[int, int], share: int, *, fewest: int) -> int | None:
    """Return the same where at least `fewest` took as long or less, and as many as long or more.

    With fewer the day would tell how long somebody’s answer took.
    """
    found = within(counts, share)
    if found is None:
        return None
    shorter = sum(number for days, number in counts.items() if days <= found)
    longer = sum(number for days, number in counts.items() if days >= found)
    return found if min(shorter, longer) >= fewest else None


def working_days(number: int) -> str:
    """Return so many working days in words."""
    return f"{number:,} working day{'' if number == 1 else 's'}"
