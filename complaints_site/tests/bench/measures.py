"""One figure with its floor, its goal and whether the goal is met; tables of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Goal:
    """What a figure is to be: at most so many times its floor, queries, bytes, so much itself.

    `least` turns it round: the more the better.
    """

    ratio: float | None = None
    queries: int | None = None
    size: int | None = None
    most: float | None = None
    least: float | None = None

    def words(self, unit: str) -> str:
        """Return the goal for people."""
        parts = []
        if self.ratio is not None:
            parts.append(f"≤ {self.ratio:g} times")
        if self.queries is not None:
            parts.append(f"≤ {self.queries} queries")
        if self.size is not None:
            parts.append(f"≤ {self.size:,} bytes")
        if self.most is not None:
            parts.append(f"≤ {self.most:,g} {unit}")
        if self.least is not None:
            parts.append(f"≥ {self.least:,.0f} {unit}")
        return ", ".join(parts)


NONE = Goal()


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured: the middle of many times, and the 95th of a hundred.

    `work` is the processor's time, in milliseconds, and `floor` that of what it is compared with.
    `sql` is what the queries take without the rest; `size` are bytes before compression.
    """

    what: str
    value: float
    unit: str = "ms"
    high: float | None = None
    work: float | None = None
    floor: float | None = None
    sql: float | None = None
    queries: int | None = None
    size: int | None = None
    goal: Goal = NONE

    @property
    def ratio(self) -> float | None:
        """Return how many times the floor it is."""
        return self.judged / self.floor if self.floor else None

    @property
    def judged(self) -> float:
        """Return what is held against the goal: the work, where the system tells it."""
        return self.value if self.work is None else self.work

    @property
    def verdict(self) -> str:
        """Return whether the goal is met, or nothing where there is none."""
        goal = self.goal
        if goal == NONE:
            return ""
        is_missed = (
            (goal.ratio is not None and (self.ratio is None or self.ratio > goal.ratio))
            or (goal.queries is not None and (self.queries is None or self.queries > goal.queries))
            or (goal.size is not None and (self.size is None or self.size > goal.size))
            or (goal.most is not None and self.judged > goal.most)
            or (goal.least is not None and self.value < goal.least)
        )
        return "missed" if is_missed else "met"

    def cells(self) -> list[str]:
        """Return the figure as a row of a table."""
        return [
            self.what,
            _number(self.value, self.unit),
            _number(self.high, ""),
            _number(self.work, ""),
            f"{self.ratio:.1f}" if self.ratio is not None else "",
            _number(self.sql, ""),
            f"{self.queries}" if self.queries is not None else "",
            f"{self.size:,}" if self.size is not None else "",
            self.goal.words(self.unit),
            self.verdict,
        ]


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    digits = 0 if value >= 1_000 else 1 if value >= 10 else 2
    return f"{value:,.{digits}f} {unit}".strip()


def timed(taken: Sequence[float]) -> dict[str, float]:
    """Return the middle and the 95th of a hundred of some times, for a `Figure`."""
    high = quantiles(taken, n=20, method="inclusive")[-1] if len(taken) > 1 else taken[0]
    return {"value": median(taken), "high": high}


HEADINGS = (
    *("what", "time", "95 %", "work", "times floor", "its SQL", "queries", "bytes", "goal", ""),
)


def table(figures: Sequence[Figure]) -> str:
    """Return the figures as a table that reads well as it is and as Markdown."""
    rows = [list(HEADINGS), *(each.cells() for each in figures)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(HEADINGS))]
    lines = [_row(row, widths) for row in rows]
    rule = ["-" * width for width in widths]
    for place in _NUMBERS:
        rule[place] = rule[place][:-1] + ":"
    return "\n".join([lines[0], _row(rule, widths), *lines[1:]])


_NUMBERS = (1, 2, 3, 4, 5, 6, 7)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    shown = [
        cell.rjust(width) if place in _NUMBERS else cell.ljust(width)
        for place, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(shown)} |"
