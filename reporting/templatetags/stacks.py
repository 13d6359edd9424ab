"""Bars made of parts, and the key to their parts."""

from collections.abc import Callable, Sequence
from typing import Any

from reporting.templatetags.bars import SIDE_BY_SIDE, THICK, label_lines
from reporting.templatetags.drawing import (
    FONT,
    LINE,
    PATTERNS,
    Area,
    Drawing,
    Mark,
    Text,
    width_of,
    wrapped,
)


def stacks(
    bars: Sequence[Any],
    parts: Sequence[str],
    *,
    width: float,
    is_share: bool,
    written: Callable[[float], str],
) -> Drawing:
    """Draw bars made of parts, below a key that shows the filling of each part."""
    drawing = Drawing(width, 0)
    top = key(drawing, parts) + 10
    beside = width >= SIDE_BY_SIDE
    gutter = min(width * 0.34, max((width_of(bar.label) for bar in bars), default=0) + 12)
    left = gutter if beside else 0.0
    longest = max([sum(bar.values) for bar in bars] + [1])
    for bar in bars:
        lines = wrapped(bar.label, gutter - 12 if beside else width)
        texts: list[Text] = []
        if beside:
            height = max(THICK + 4, len(lines) * LINE)
            middle = top + height / 2
            texts.extend(label_lines(lines, x=left - 12, middle=middle))
        else:
            texts.extend(Text(0, top + FONT + n * LINE, words) for n, words in enumerate(lines))
            height = len(lines) * LINE + THICK + 6
            middle = top + height - THICK / 2 - 2
        whole = sum(bar.values) if is_share else longest
        areas, figures = parts_of(bar, middle, left, (width - left - 2) / (whole or 1), written)
        named = ", ".join(
            f"{part} {written(value)}" for part, value in zip(parts, bar.values, strict=True)
        )
        drawing.marks.append(
            Mark(
                areas=areas,
                texts=(*texts, *figures),
                target=Area(0, top - 2, width, height + 4),
                url=bar.url,
                name=f"{bar.label}: {named}",
            )
        )
        top += height + 10
    drawing.height = top
    return drawing


def parts_of(
    bar: Any, middle: float, left: float, scale: float, written: Callable[[float], str]
) -> tuple[tuple[Area, ...], tuple[Text, ...]]:
    """Return the parts of one bar, and the figures of those that have room for one."""
    areas: list[Area] = []
    figures: list[Text] = []
    x = left
    for number, value in enumerate(bar.values):
        long = value * scale
        if long > 0:
            areas.append(Area(x, middle - THICK / 2, max(1.0, long - 2), THICK, f"part-{number}"))
        if long >= width_of(written(value)) + 8:
            tone = f"on-part-{number}"
            y = middle + FONT * 0.35
            figure = Text(x + long / 2 - 1, y, written(value), "middle", tone)
            figures.append(figure)
            if f"part-{number}" in PATTERNS:  # A figure needs a plate to be read on a pattern.
                long_plate = width_of(figure.words) + 8
                areas.append(Area(figure.x - long_plate / 2, y - 15, long_plate, 20, "plate"))
        x += long
    return tuple(areas), tuple(figures)


def key(drawing: Drawing, parts: Sequence[str]) -> float:
    """Put a sample of each part's filling and its name at the top; return where they end."""
    x, y = 0.0, 4.0
    for number, part in enumerate(parts):
        long = 26 + width_of(part)
        if x and x + long > drawing.width:
            x, y = 0.0, y + LINE + 6
        drawing.areas.append(Area(x, y, 18, 16, f"part-{number}"))
        drawing.texts.append(Text(x + 25, y + 13, part))
        x += long + 14
    return y + LINE
