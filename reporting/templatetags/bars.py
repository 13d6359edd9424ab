"""Bars lying and standing. Each function returns the drawing at a width."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from reporting.templatetags.drawing import (
    FONT,
    LINE,
    Area,
    Drawing,
    Mark,
    Stroke,
    Text,
    every_nth,
    ticks_up_to,
    width_of,
    wrapped,
)

THICK = 24
# Below this width a label stands above its bar, as beside it the bar would have no room.
SIDE_BY_SIDE = 420
Goal = tuple[float, str]


def rows_of_bars(
    bars: Sequence[Any], shown: Sequence[str], *, width: float, goal: Goal | None = None
) -> Drawing:
    """Draw one lying bar under another, the value at its end or, where it is narrow, above it."""
    if width < SIDE_BY_SIDE:
        return bars_under_labels(bars, shown, width=width, goal=goal)
    gutter = min(width * 0.38, max((width_of(bar.label) for bar in bars), default=0) + 12)
    room = width - gutter - max((width_of(text) for text in shown), default=0) - 10
    highest = max([bar.value for bar in bars] + [1])
    drawing = Drawing(width, 0)
    top = 4.0
    for bar, text in zip(bars, shown, strict=True):
        lines = wrapped(bar.label, gutter - 12)
        height = max(THICK, len(lines) * LINE)
        middle = top + height / 2
        long = max(1.0, bar.value / highest * room)
        drawing.marks.append(
            Mark(
                areas=(Area(gutter, middle - THICK / 2, long, THICK),),
                texts=(
                    *label_lines(lines, x=gutter - 12, middle=middle),
                    Text(gutter + long + 8, middle + FONT * 0.35, text, tone="value"),
                ),
                target=Area(0, top - 3, width, height + 6),
                url=bar.url,
                name=f"{bar.label}: {text}",
            )
        )
        top += height + 8
    drawing.grid.append(Stroke(gutter, 0, gutter, top, tone="axis"))
    drawing.height = top
    return drawing


def label_lines(lines: Sequence[str], *, x: float, middle: float) -> Iterator[Text]:
    """Yield the lines of a label beside a bar, ending at `x` and centred on `middle`."""
    first = middle - (len(lines) - 1) * LINE / 2 + FONT * 0.35
    for number, words in enumerate(lines):
        yield Text(x, first + number * LINE, words, anchor="end")


def bars_under_labels(
    bars: Sequence[Any], shown: Sequence[str], *, width: float, goal: Goal | None
) -> Drawing:
    """Draw each bar over the whole width, its label and its value on the line above it."""
    highest = max([bar.value for bar in bars] + [1] + ([goal[0]] if goal else []))
    drawing = Drawing(width, 0)
    top = 4.0
    if goal:
        drawing.texts.append(Text(0, top + FONT, f"Dashed line: {goal[1]}", tone="quiet"))
        top += LINE + 6
    for bar, text in zip(bars, shown, strict=True):
        lines = wrapped(bar.label, width - width_of(text) - 12)
        below = top + len(lines) * LINE
        long = max(1.0, bar.value / highest * (width - 2))
        drawing.marks.append(
            Mark(
                areas=(Area(0, below + 3, long, THICK - 8),),
                texts=(
                    *(Text(0, top + FONT + n * LINE, words) for n, words in enumerate(lines)),
                    Text(width, top + FONT, text, anchor="end", tone="value"),
                ),
                target=Area(0, top, width, below - top + THICK - 2),
                url=bar.url,
                name=f"{bar.label}: {text}",
            )
        )
        if goal:
            x = goal[0] / highest * (width - 2)
            drawing.lines.append(Stroke(x, below + 1, x, below + THICK - 2, tone="goal"))
        top = below + THICK + 6
    drawing.height = top
    return drawing


def columns(
    bars: Sequence[Any],
    shown: Sequence[str],
    *,
    width: float,
    goal: Goal | None,
    written: Callable[[float], str],
) -> Drawing:
    """Draw standing bars over an axis, each value inside its bar or above it."""
    # Above the bars there is room for a value, and above that for the name of the target.
    height, bottom, top = 270.0, 236.0, 44.0 if goal else 26.0
    highest = max([bar.value for bar in bars] + ([goal[0]] if goal else []), default=0)
    ticks = ticks_up_to(highest)
    left = max(width_of(written(tick)) for tick in ticks) + 10
    drawing = Drawing(width, height)

    def level(value: float) -> float:
        return bottom - value / ticks[-1] * (bottom - top)

    for tick in ticks:
        y = level(tick)
        drawing.grid.append(Stroke(left, y, width, y, tone="grid" if tick else "axis"))
        drawing.texts.append(Text(left - 8, y + 5, written(tick), anchor="end", tone="quiet"))
    goal_y = None
    if goal:
        goal_y = level(goal[0])
        drawing.lines.append(Stroke(left, goal_y, width, goal_y, tone="goal"))
        drawing.texts.append(Text(width, 14, goal[1], anchor="end", tone="quiet"))
        drawing.lines.append(Stroke(width - 3, 18, width - 3, goal_y, tone="goal-lead"))

    step = (width - left - 8) / max(len(bars), 1)
    thick = min(64.0, step * 0.66)
    widest = max((width_of(bar.label) for bar in bars), default=0)
    nth = every_nth(len(bars), widest=widest, room=width - left - 8)
    values_fit = max((width_of(text) for text in shown), default=0) + 6 <= step
    for number, (bar, text) in enumerate(zip(bars, shown, strict=True)):
        middle = left + step * (number + 0.5)
        y = level(bar.value)
        texts = [value_text(text, middle, y, bottom, thick, goal_y)] if values_fit else []
        if number % nth == 0:
            texts.append(Text(middle, bottom + LINE + 2, bar.label, anchor="middle"))
        drawing.marks.append(
            Mark(
                areas=(Area(middle - thick / 2, y, thick, bottom - y),),
                texts=tuple(texts),
                target=Area(left + step * number, top, step, bottom - top + LINE + 8),
                url=bar.url,
                name=f"{bar.label}: {text}",
            )
        )
    return drawing


def value_text(
    text: str, middle: float, y: float, bottom: float, thick: float, goal_y: float | None
) -> Text:
    """Return where a value stands: in its bar if that is large enough, else clear of the goal."""
    inside = [y + FONT + 5] if goal_y is None else [y + FONT + 5, goal_y + FONT + 6]
    if width_of(text) + 4 <= thick:
        for place in inside:
            if y + FONT < place <= bottom - 6 and is_clear(place, goal_y):
                return Text(middle, place, text, anchor="middle", tone="on-bar")
    above = y - 6
    if goal_y is not None and not is_clear(above, goal_y):
        above = goal_y - 7
    return Text(middle, above, text, anchor="middle", tone="value")


def is_clear(place: float, goal_y: float | None) -> bool:
    """Say whether words at `place` are clear of the line of a target."""
    return goal_y is None or not place - FONT - 3 <= goal_y <= place + 6
