"""What a chart is drawn with: shapes on a plane, and where text goes so that nothing touches it.

Every length is in units of the drawing, which are pixels at its natural width. Text is measured
by an estimate on the wide side, as no font is at hand where the page is made.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

FONT = 15
LINE = 19
# Shares of the font's size, on the wide side of any system font: what fits here fits everywhere.
LETTER = 0.62
WIDTHS = dict.fromkeys("ijl.,:;'|!", 0.32) | dict.fromkeys("mwMW%@", 0.98) | {" ": 0.34}
DASHES = ("", "8 4", "2 4", "12 3 2 3", "5 3", "1 3")
# Around the point x, y: a dot, a square, a diamond, a triangle.
SIGNS = (
    "M{x},{y}m-4,0a4,4 0 1,0 8,0a4,4 0 1,0 -8,0",
    "M{x},{y}m-4,-4h8v8h-8z",
    "M{x},{y}m0,-5.5l5.5,5.5l-5.5,5.5l-5.5,-5.5z",
    "M{x},{y}m0,-5l5,9h-10z",
)
# What paper and the PDF show; on the screen the style sheet puts the landlord's colour.
PAINTS = {
    "bar": "#0f4c5c",
    "on-bar": "#ffffff",
    "quiet": "#484949",
    "grid": "#d5dadc",
    "axis": "#757d81",
    "goal": "#0b0c0c",
    "goal-lead": "#0b0c0c",
}
LINE_PAINTS = ("#0f4c5c", "#8a5200", "#54319f", "#0b5c3e", "#484949", "#a92420")


def paint_of(tone: str) -> str:
    """Return the colour of a tone: its own, that of its line, or that of text."""
    kind, _, number = tone.rpartition("-")
    if kind in {"name", "lead", "line"}:
        return LINE_PAINTS[int(number) % len(LINE_PAINTS)]
    return PAINTS.get(tone, "#0b0c0c")


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a point: `anchor` is start, middle or end; `tone` a class of the style sheet."""

    x: float
    y: float
    words: str
    anchor: str = "start"
    tone: str = "ink"

    @property
    def paint(self) -> str:
        """The colour of the words."""
        return paint_of(self.tone)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the words."""
        width = width_of(self.words)
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return (left, self.y - FONT * 0.8, left + width, self.y + FONT * 0.25)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    tone: str = "grid"

    @property
    def paint(self) -> str:
        """The colour of the line."""
        return paint_of(self.tone)


@dataclass(frozen=True, slots=True)
class Area:
    """A filled rectangle; `tone` says how it is filled."""

    x: float
    y: float
    width: float
    height: float
    tone: str = "bar"

    @property
    def paint(self) -> str:
        """The colour of the filling."""
        return paint_of(self.tone)


@dataclass(frozen=True, slots=True)
class Curve:
    """One series of a line chart: its points, its dashes, and a sign on each point."""

    points: tuple[tuple[float, float], ...]
    dash: str
    number: int

    @property
    def path(self) -> str:
        """The points as a polyline has them."""
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in self.points)

    @property
    def signs(self) -> str:
        """The signs on the points, as one path."""
        sign = SIGNS[self.number % len(SIGNS)]
        return " ".join(sign.format(x=f"{x:.1f}", y=f"{y:.1f}") for x, y in self.points)

    @property
    def paint(self) -> str:
        """The colour of the line."""
        return paint_of(f"line-{self.number}")


@dataclass(frozen=True, slots=True)
class Mark:
    """A value as it is drawn, with the page it leads to and what that page is."""

    areas: tuple[Area, ...]
    texts: tuple[Text, ...]
    target: Area
    url: str = ""
    name: str = ""


@dataclass(slots=True)
class Drawing:
    """A picture of one size, in the order in which it is printed."""

    width: float
    height: float
    grid: list[Stroke] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    curves: list[Curve] = field(default_factory=list)
    lines: list[Stroke] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)


@lru_cache(maxsize=2_048)
def width_of(words: str) -> float:
    """Return how wide `words` are at most."""
    return FONT * sum(WIDTHS.get(letter, 0.78 if letter.isupper() else LETTER) for letter in words)


def wrapped(words: str, width: float) -> list[str]:
    """Return `words` in lines that fit into `width`, a word broken only if it fits nowhere."""
    lines = [""]
    for word in (part for whole in words.split() for part in broken(whole, width)):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def broken(word: str, width: float) -> Iterator[str]:
    """Yield `word` in parts of at most `width`, or of one letter."""
    part = ""
    for letter in word:
        if part and width_of(part + letter) > width:
            yield part
            part = ""
        part += letter
    yield part


def ticks_up_to(highest: float) -> list[float]:
    """Return round numbers from 0 to at least `highest`, four to six of them."""
    if highest <= 0:
        return [0, 1]
    rough = highest / 4
    magnitude = 10 ** math.floor(math.log10(rough))
    step = next(each * magnitude for each in (1, 2, 2.5, 5, 10) if each * magnitude >= rough)
    if float(highest).is_integer() and not float(step).is_integer():
        # Where things are counted there are no halves.
        step = math.ceil(step)
    count = math.ceil(highest / step - 1e-9)
    return [round(step * number, 6) for number in range(count + 1)]


def spread(wanted: Sequence[float], *, gap: float, highest: float) -> list[float]:
    """Return places near `wanted`, in the same order, none above `highest`, `gap` apart."""
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    placed = [min(wanted[index], highest) for index in order]
    for index in range(1, len(placed)):
        placed[index] = max(placed[index], placed[index - 1] + gap)
    for index in range(len(placed) - 1, -1, -1):
        above = placed[index + 1] - gap if index + 1 < len(placed) else highest
        placed[index] = min(placed[index], above)
    return [placed[order.index(index)] for index in range(len(wanted))]


def every_nth(count: int, *, widest: float, room: float) -> int:
    """Return n, so that every nth of `count` labels fits beside the next into `room`."""
    if count < 2:
        return 1
    return max(1, math.ceil((widest + 8) / (room / count)))
