"""The landlord's own words in other languages: what of them can be translated, and how it fits."""

import re
from collections.abc import Iterator
from hashlib import sha256

LONGEST_WORDS = 4_000
_NO_WORDS = re.compile(r"(https?://|www\.)\S+|\S+@\S+|[\d+() .,;:/–-]+")
_LETTER = re.compile(r"[^\W\d_]")


def tidy(text: str) -> str:
    """Return a text as it is compared: its lines without spaces around them, no empty ones."""
    return "\n".join(lines_of(text))


def lines_of(text: str) -> list[str]:
    """Return the lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def has_words(text: str) -> bool:
    """Say whether there is something to translate: more than telephone numbers and addresses."""
    return _LETTER.search(_NO_WORDS.sub(" ", text)) is not None


def mark_of(english: str) -> str:
    """Return a short mark of a text that a form carries: another text has another."""
    return sha256(tidy(english).encode()).hexdigest()[:16]


def why_unfit(english: str, words: str) -> str:
    """Return why words cannot stand for a text, in a sentence; nothing if they can.

    Pages show a text line by line, so each line of the one stands for one of the other.
    """
    lines, wanted = len(lines_of(words)), len(lines_of(english))
    if not lines or lines == wanted:
        return ""
    said = "1 line" if wanted == 1 else f"{wanted} lines"
    return f"The English has {said} and this has {lines}: each line stands for one of the English."


def pairs(english: str, words: str) -> Iterator[tuple[str, str]]:
    """Yield what can be said in another way: the whole text, and each of its lines."""
    yield tidy(english), words.strip()
    yield from zip(lines_of(english), lines_of(words), strict=False)
