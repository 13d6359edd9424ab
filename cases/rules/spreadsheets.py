"""What stands in a cell of a file that somebody may open as a spreadsheet: never a formula."""

import unicodedata

# What a formula begins with, in either width.
SIGNS = frozenset("=+-@\uff1d\uff0b\uff0d\uff20")
# What some programs take for the beginning of another cell.
BREAKS = frozenset("\t\r\n\x00")
MARK = "'"


def inert(value: object) -> str:
    """Return a value that no spreadsheet takes for a formula: with a mark before it, if need be.

    Signs that show nothing do not hide what a formula begins with.
    """
    text = str(value)
    return f"{MARK}{text}" if _is_active(text.lstrip(MARK)) else text


def as_written(cell: str) -> str:
    """Return what was written, without the mark that `inert` put before it."""
    is_marked = cell.startswith(MARK) and _is_active(cell.lstrip(MARK))
    return cell.removeprefix(MARK) if is_marked else cell


def _is_active(text: str) -> bool:
    if text[:1] in BREAKS:
        return True
    shown = (sign for sign in text if not sign.isspace() and unicodedata.category(sign)[0] != "C")
    return next(shown, "") in SIGNS
