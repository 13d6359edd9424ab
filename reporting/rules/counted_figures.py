"""What complaints were about and how they ended, counted beside the days before."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from feedback.rules.surveys import shown_counts
from reporting.rules.findings import counted

# What complaints have in common that have nothing of the kind, such as no contractor.
NONE = "none"
# Of a long list so many are drawn; the table has all.
MOST_DRAWN = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that complaints have in common: how many have it, now and before.

    `key` names it in an address. Of a number, None is not told.
    """

    key: str
    name: str
    now: int | None
    before: int | None


def told(lines: Sequence[Counted], *, hides_small: bool) -> list[Counted]:
    """Return the lines, the most first; with small numbers hidden, and those that tell of them.

    Hidden ones come last by name: their place would tell how many they are.

    Where every number would be hidden there is no line: its name alone would tell (decision 76).
    """
    found = sorted(lines, key=lambda each: (-(each.now or 0), -(each.before or 0), each.name))
    if not hides_small:
        return found
    now = shown_counts({each.key: each.now or 0 for each in found})
    before = shown_counts({each.key: each.before or 0 for each in found})
    if None in (*now.values(), *before.values()) and not any(
        number for number in (*now.values(), *before.values())
    ):
        return []
    lines = [Counted(each.key, each.name, now[each.key], before[each.key]) for each in found]
    return sorted(lines, key=_as_shown)


def _as_shown(line: Counted) -> tuple[bool, int, bool, int, str]:
    if line.now is None:
        return (True, 0, True, 0, line.name)
    return (False, -line.now, line.before is None, -(line.before or 0), line.name)


def largest_finding(lines: Sequence[Counted], what: str) -> str:
    """Say what most complaints had in common, and what grew most beside the days before."""
    named = [each for each in lines if each.key != NONE]
    known = [each for each in named if each.now]
    if not known and len(named) < len(lines):
        return f"No complaint that was {what} has any, or too few to tell."
    if not known:
        return f"No complaint was {what}, or too few to tell."
    most = known[0]
    words = f"The largest part: {most.name}, {counted(most.now or 0, 'complaint')}"
    if most.before is not None:
        words += f" ({most.before:,} before)"
    grown = [
        (each.now - each.before, each)
        for each in named
        if each.now is not None and each.before is not None and each.now > each.before
    ]
    is_part = any(each.now is None or each.before is None for each in named)
    of_shown = " of those shown" if is_part else ""
    if not grown:
        return f"{words}. None{of_shown} grew."
    by, each = max(grown, key=lambda pair: (pair[0], pair[1].name))
    if each is most:
        return f"{words}, which grew most{of_shown}."
    return f"{words}. Most grown{of_shown}: {each.name}, by {by:,} to {each.now:,}."


def promises_finding(kept: int, late: int, overdue: int) -> str:
    """Say how many promises were kept in time, and how many are broken."""
    total = kept + late
    broken = f" {counted(overdue, 'promise')} {'is' if overdue == 1 else 'are'} overdue now."
    if not total:
        return f"No promise was kept in these days.{broken if overdue else ''}"
    words = (
        f"{kept:,} of {counted(total, 'promise')} {'was' if total == 1 else 'were'} kept in time."
    )
    return f"{words}{broken if overdue else ''}"


@dataclass(frozen=True, slots=True)
class Money:
    """So many amounts of compensation, and what they come to in pounds."""

    count: int
    amount: Decimal

    @property
    def words(self) -> str:
        """Return the amount for people."""
        return f"£{self.amount:,.2f}"
