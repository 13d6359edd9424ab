"""Lines over time, each with its name beside its end."""

from collections.abc import Callable, Sequence
from typing import Any

from reporting.templatetags.drawing import (
    DASHES,
    FONT,
    LINE,
    Curve,
    Drawing,
    Stroke,
    Text,
    every_nth,
    spread,
    ticks_up_to,
    width_of,
    wrapped,
)

BOTTOM = 236.0
TOP = 14.0


def curves(
    labels: Sequence[str], series: Sequence[Any], *, width: float, written: Callable[[float], str]
) -> Drawing:
    """Draw the series; names that would touch are moved apart and led to their line's end."""
    drawing = Drawing(width, BOTTOM + LINE + 12)
    values = [value for each in series for value in each.values if value is not None]
    ticks = ticks_up_to(max(values, default=0))
    left = max(width_of(written(tick)) for tick in ticks) + 10
    names = [wrapped(each.name, width * 0.34) for each in series]
    right = width - max((width_of(line) for lines in names for line in lines), default=0) - 24

    def level(value: float) -> float:
        return BOTTOM - value / ticks[-1] * (BOTTOM - TOP)

    for tick in ticks:
        y = level(tick)
        drawing.grid.append(Stroke(left, y, right + 4, y, tone="grid" if tick else "axis"))
        drawing.texts.append(Text(left - 8, y + 5, written(tick), anchor="end", tone="quiet"))
    step = (right - left - 16) / max(len(labels) - 1, 1)
    places = [left + 8 + step * number for number in range(len(labels))]
    put_labels(drawing, labels, places, left=left, right=right)
    for number, each in enumerate(series):
        points = tuple(
            (x, level(value))
            for x, value in zip(places, each.values, strict=True)
            if value is not None
        )
        drawing.curves.append(Curve(points, DASHES[number % len(DASHES)], number))
    put_names(drawing, names, right=right)
    return drawing


def put_labels(
    drawing: Drawing, labels: Sequence[str], places: Sequence[float], *, left: float, right: float
) -> None:
    """Write as many labels under the axis as have room, counted back from the latest."""
    widest = max((width_of(label) for label in labels), default=0)
    nth = every_nth(len(labels), widest=widest, room=right - left)
    for number, (label, x) in enumerate(zip(labels, places, strict=True)):
        if (len(labels) - 1 - number) % nth == 0:
            centre = max(x, width_of(label) / 2)
            drawing.texts.append(Text(centre, BOTTOM + LINE + 2, label, anchor="middle"))


def put_names(drawing: Drawing, names: Sequence[Sequence[str]], *, right: float) -> None:
    """Write each name right of its line's end, with a lead where it had to move."""
    drawn = [
        (curve, lines) for curve, lines in zip(drawing.curves, names, strict=True) if curve.points
    ]
    tallest = max((len(lines) for _, lines in drawn), default=1)
    ends = [curve.points[-1] for curve, _ in drawn]
    middles = spread([y for _, y in ends], gap=LINE * tallest, highest=BOTTOM - LINE / 2)
    for (curve, lines), (x, y), middle in zip(drawn, ends, middles, strict=True):
        drawing.lines.append(Stroke(x + 7, y, right + 18, middle, tone=f"lead-{curve.number}"))
        first = middle - (len(lines) - 1) * LINE / 2 + FONT * 0.35
        for number, words in enumerate(lines):
            place = first + number * LINE
            drawing.texts.append(Text(right + 22, place, words, tone=f"name-{curve.number}"))
