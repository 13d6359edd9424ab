"""Blacking out: every mention of somebody or something replaced, whatever its case and spacing."""

import re
import unicodedata
from collections.abc import Callable, Iterable

REDACTED = "[redacted]"
# Signs that show nothing, and a word broken at the end of a line: neither hides a mention.
_BETWEEN = r"(?:[\u00ad\u200b-\u200d\u2060\ufeff]|[-\u2010]\s*\n\s*)*"
# Whatever may stand between two words of a mention: spaces, dots, commas, underscores.
_APART = r"(?:[^\w]|_){1,6}"
# A mention so long is found in a text also where its letters were set apart.
_LONG_ENOUGH = 6


def terms_in(text: str) -> list[str]:
    """Return what is to be blacked out, as it was typed: one on each line."""
    found = [" ".join(line.split()) for line in text.splitlines()]
    return list(dict.fromkeys(each for each in found if len(each) > 1))


def redactor(terms: Iterable[str]) -> Callable[[str], str]:
    """Return what blacks the terms out of a text, the longest first."""
    patterns = [_pattern(term) for term in sorted(terms, key=len, reverse=True)]
    if not patterns:
        return lambda text: text
    whole = re.compile("|".join(patterns), re.IGNORECASE)
    return lambda text: whole.sub(REDACTED, unicodedata.normalize("NFC", text))


def still_mentions(terms: Iterable[str]) -> Callable[[str], bool]:
    """Return what says whether a text names one of the terms with its letters set apart."""
    squeezed = [each for each in map(_squeezed, terms) if len(each) >= _LONG_ENOUGH]

    def found(text: str) -> bool:
        whole = _squeezed(text)
        return any(each in whole for each in squeezed)

    return found


def _squeezed(text: str) -> str:
    """Return the letters and figures of a text alone, all accents and cases alike."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def _pattern(term: str) -> str:
    """Return what a term looks like: anything short between its words, and any dash or quote."""
    quote = "['\u2018\u2019]"
    signs = {"'": quote, "’": quote, "-": "[-\u2013\u2014]"}
    words = unicodedata.normalize("NFC", term).split(" ")
    body = _APART.join(_BETWEEN.join(signs.get(s, re.escape(s)) for s in word) for word in words)
    if re.fullmatch(r"[+\d][\d ]{5,}", term):
        # A telephone number, however its digits are grouped.
        body = r"[\s-]*".join(re.escape(sign) for sign in term if sign != " ")
    # An underscore in the name of a file is no letter.
    return rf"(?<![^\W_]){body}(?![^\W_])"
