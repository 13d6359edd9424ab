"""What a letter or another paper is made of: headings, paragraphs, lists, tables and pictures."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading under the paper's own title; 2 stands right below it."""

    text: str
    level: int = 2


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, a line each where its lines are kept apart. `is_strong` sets it in bold."""

    lines: tuple[str, ...]
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """A list of points."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a line of headings. `widths` are parts of the width, the same for each if none.

    A row has as many cells as there are columns.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing as SVG, made here and by nobody else; `words` say what it shows."""

    svg: str
    words: str


@dataclass(frozen=True, slots=True)
class NewPage:
    """What follows begins on a new page."""


Block = Heading | Paragraph | Points | Table | Picture | NewPage

POINT = "- "


def blocks_of(text: str) -> list[Block]:
    """Return what somebody wrote as blocks: paragraphs, and lists whose lines begin with "- ".

    Nothing else in it means anything: every other sign stands for itself.
    """
    parts = text.replace("\r\n", "\n").split("\n\n")
    return [block for part in parts for block in _of_one(part)]


def _of_one(part: str) -> Iterator[Block]:
    lines = [line.strip() for line in part.splitlines() if line.strip()]
    while lines:
        is_point = lines[0].startswith(POINT)
        same = []
        while lines and lines[0].startswith(POINT) == is_point:
            same.append(lines.pop(0))
        if is_point:
            yield Points(tuple(line.removeprefix(POINT).strip() for line in same))
        else:
            yield Paragraph(tuple(same))


def plain_lines(blocks: Iterable[Block]) -> list[str]:
    """Return blocks as lines of plain text, an empty line between two of them."""
    found: list[str] = []
    for block in blocks:
        lines = _plain(block)
        if found and lines:
            found.append("")
        found += lines
    return found


def _plain(block: Block) -> list[str]:
    match block:
        case Heading(text):
            return [text]
        case Paragraph(lines):
            return list(lines)
        case Points(items):
            return [f"{POINT}{item}" for item in items]
        case Table(columns, rows):
            return [_told(columns, row) for row in rows]
        case Picture(_, words):
            return [words]
        case NewPage():
            return []


def _told(columns: Sequence[str], row: Sequence[str]) -> str:
    cells = zip(columns, row, strict=True)
    return "; ".join(f"{column}: {cell}" if column else cell for column, cell in cells if cell)


def with_words(block: Block, change: Callable[[str], str]) -> Block:
    """Return a block with each of its texts changed, the lines of a paragraph as one text."""
    match block:
        case Heading(text, level):
            return Heading(change(text), level)
        case Paragraph(lines, is_strong):
            return Paragraph(tuple(change("\n".join(lines)).split("\n")), is_strong)
        case Points(items):
            return Points(tuple(change(item) for item in items))
        case Table(columns, rows, widths):
            changed = tuple(tuple(change(cell) for cell in row) for row in rows)
            return Table(columns, changed, widths)
        case Picture(svg, words):
            return Picture(svg, change(words))
        case NewPage():
            return block


def as_json(block: Block) -> dict[str, Any]:
    """Return a block as the template that sets it reads it."""
    match block:
        case Heading(text, level):
            return {"is": "heading", "text": text, "level": level}
        case Paragraph(lines, is_strong):
            return {"is": "paragraph", "lines": list(lines), "strong": is_strong}
        case Points(items):
            return {"is": "points", "items": list(items)}
        case Table(columns, rows, widths):
            parts = widths or tuple(1 for _ in columns)
            return {"is": "table", "columns": list(columns), "rows": rows, "widths": parts}
        case Picture(svg, words):
            return {"is": "picture", "svg": svg, "words": words}
        case NewPage():
            return {"is": "page"}
