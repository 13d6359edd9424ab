"""What of a report's tables is told to whoever may not open each complaint behind it (P24)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from feedback.rules.surveys import FEWEST, shown_counts
from reporting.rules.kept import TIMINGS, Figures, Happening, Row, Taken

HIDDEN = "Not told: too few complaints."
# Tables that tell more of what another one tells: they are never finer than that.
_FOLLOWS = {"late": "answered", "points": "outcomes"}
_LATE = list(TIMINGS).index(Happening.LATE.value)
Tables = Mapping[str, Figures]
K = TypeVar("K", int, str)


def without_small(sheets: Sequence[Figures], parts: Sequence[Tables]) -> tuple[Figures, ...]:
    """Return tables without numbers of fewer than FEWEST, nor those that would give them away.

    How much there was of what is told month by month: that says nothing of anybody. A table by one
    thing hides lines. One by two is told whole or, if any of its numbers is small, as its last line
    alone. `parts` are the same tables, by code, of parts that are told by themselves: what is
    hidden in one of them is hidden in their sum.
    """
    found: dict[str, Figures] = {}
    whole: set[str] = set()
    for figures in sheets:
        code = figures.sheet.code
        mine = [each[code] for each in parts if code in each]
        is_fine = code not in _FOLLOWS or _FOLLOWS[code] in whole
        if figures.sheet.columns == "what" or not figures.rows:
            found[code] = figures
        elif not figures.sheet.columns:
            found[code] = _lines(figures, mine)
        elif is_fine and all(_has_none_small(each) for each in (figures, *mine)):
            whole.add(code)
            found[code] = figures
        else:
            found[code] = _together(figures, mine, found)
    return tuple(found.values())


def taken_without_small(taken: Sequence[Taken], parts: Collection[Sequence[Taken]]) -> list[Taken]:
    """Return how long answers took at the stages that had enough of them, also in each part.

    If one stage is left out, how many answers the others had is not told: the rest of all answers
    would be its own.
    """
    small = {
        each.stage for some in (taken, *parts) for each in some if (each.answers or 0) < FEWEST
    }
    told = [each for each in taken if each.stage not in small]
    return [replace(each, answers=None) for each in told] if small else told


def _has_none_small(figures: Figures) -> bool:
    numbers = (each.count or 0 for row in figures.rows for each in row.figures)
    return not any(0 < number < FEWEST for number in numbers)


def _told(counts: Mapping[K, int], parts: Sequence[Mapping[K, int]]) -> dict[K, int | None]:
    """Return counts without what is hidden in them, or in a part where that stands by itself."""
    gone = [
        name
        for part in parts
        for name, number in shown_counts(part).items()
        if number is None and part[name]
    ]
    every = list(parts)
    every.append(dict.fromkeys(gone, 1))
    return shown_counts(counts, every)


def _lines(figures: Figures, parts: Sequence[Figures]) -> Figures:
    """Return a table by one thing, without lines that are small or give small ones away.

    If that is all of them, there is no line: its name alone would tell.
    """

    def numbers(of: Figures) -> dict[str, int]:
        lines = of.rows[:-1] if len(of.rows) > 1 else of.rows
        return {row.label: row.figures[0].count or 0 for row in lines}

    told = _told(numbers(figures), [numbers(each) for each in parts])
    hidden = {label for label, number in told.items() if number is None}
    if not hidden:
        return figures
    if len(hidden) == len(told):
        return replace(figures, rows=(), finding=HIDDEN)
    return replace(
        figures,
        rows=tuple(_without(row, {0} if row.label in hidden else set()) for row in figures.rows),
        finding="",
    )


def _together(figures: Figures, parts: Sequence[Figures], before: Tables) -> Figures:
    """Return a table by two things as its last line alone: what all of it is together."""

    def numbers(of: Figures) -> dict[int, int]:
        counts = [each.count or 0 for each in of.rows[-1].figures] if of.rows else []
        return dict(enumerate(counts[:-1]))

    told = _told(numbers(figures), [numbers(each) for each in parts])
    hidden = {place for place, number in told.items() if number is None}
    last = figures.rows[-1]
    followed = before.get(_FOLLOWS.get(figures.sheet.code, ""))
    if followed is not None and followed.rows:
        gone = {n for n, each in enumerate(followed.rows[-1].figures) if each.count is None}
        if figures.sheet.code == "late" and _LATE in gone:
            return replace(figures, rows=(), finding=HIDDEN)
        # Most complaints are one point: where the one is not told, neither is the other.
        hidden |= gone if figures.sheet.code == "points" else set()
    finding = "" if hidden else figures.finding
    return replace(figures, rows=(_without(last, hidden),), finding=finding)


def _without(row: Row, hidden: Collection[int]) -> Row:
    """Return a line without some of its numbers, and then without the share of them."""
    figures = tuple(
        replace(each, count=None) if place in hidden else each
        for place, each in enumerate(row.figures)
    )
    return replace(row, figures=figures, share=None if hidden else row.share)
