"""Whether there are more complaints of a kind than there used to be: in words, with the numbers."""

from dataclasses import dataclass
from datetime import date, timedelta

# The days looked at, and the days before them that say what is usual.
RECENT_DAYS = 90
BEFORE_DAYS = 365
# Fewer than this many in the recent days are never above anything: chance alone brings them.
SMALL = 3
# So much more than usual it has to be.
FACTOR = 1.5


def recent_from(today: date) -> date:
    """Return the first of the recent days, of which today is the last."""
    return today - timedelta(days=RECENT_DAYS - 1)


def before_from(today: date) -> date:
    """Return the first of the days that say what is usual."""
    return recent_from(today) - timedelta(days=BEFORE_DAYS)


@dataclass(frozen=True, slots=True)
class Frequency:
    """How many came in the recent days, and in the year before them."""

    recent: int
    before: int

    @property
    def usual(self) -> float:
        """Return how many come in so many days as a rule."""
        return self.before * RECENT_DAYS / BEFORE_DAYS

    @property
    def is_above(self) -> bool:
        """Say whether there are more than usual, and not by chance."""
        return self.recent >= SMALL and self.recent >= FACTOR * self.usual

    @property
    def usual_words(self) -> str:
        """Return how many come as a rule, with a tenth where it is not whole."""
        return f"{self.usual:.1f}".removesuffix(".0")

    @property
    def words(self) -> str:
        """Return the numbers in words."""
        return f"{self.recent} in the last {RECENT_DAYS} days; as a rule {self.usual_words}"
