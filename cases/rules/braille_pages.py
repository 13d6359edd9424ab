"""Braille set in pages: cells, lines, and the number at the foot of each page."""

from collections.abc import Iterator, Sequence

CELLS, LINES = 40, 25
# A line that runs over goes on two cells in.
RUN_OVER = "  "
# How Braille writes figures: a sign, then the first ten letters.
_NUMBER_SIGN, _FIGURES = "#", "JABCDEFGHI"


def braille_file(lines: Sequence[str]) -> str:
    """Return lines of Braille ASCII as a file to emboss: pages of 25 lines of 40 cells.

    The last line of each page has its number on the right.
    """
    wrapped = [row for line in lines for row in _wrapped(line)]
    pages = list(_pages(wrapped))
    return "\f".join(_page(rows, number) for number, rows in enumerate(pages, 1))


def _wrapped(line: str) -> Iterator[str]:
    row = ""
    for word in line.split():
        while word:
            lead = f"{row} " if row.strip() else row
            if len(lead) + len(word) <= CELLS:
                row, word = lead + word, ""
            elif row.strip():
                yield row
                row = RUN_OVER
            else:
                # A word longer than a line, such as an address on the web.
                room = CELLS - len(row)
                yield row + word[:room]
                row, word = RUN_OVER, word[room:]
    yield row.rstrip()


def _pages(rows: Sequence[str]) -> Iterator[list[str]]:
    """Yield the rows of each page; none begins with an empty one."""
    page: list[str] = []
    for row in rows:
        if len(page) == LINES - 1:
            yield page
            page = []
        if row or page:
            page.append(row)
    if page:
        yield page


def _page(rows: Sequence[str], number: int) -> str:
    figures = _NUMBER_SIGN + "".join(_FIGURES[int(figure)] for figure in str(number))
    empty = [""] * (LINES - 1 - len(rows))
    return "".join(f"{row}\r\n" for row in [*rows, *empty, figures.rjust(CELLS)])
