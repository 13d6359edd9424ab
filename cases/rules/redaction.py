"""Blacking out: every mention of somebody or something replaced, whatever its case and spacing."""

import re
from collections.abc import Callable, Iterable

REDACTED = "[redacted]"


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
    return lambda text: whole.sub(REDACTED, text)


def _pattern(term: str) -> str:
    """Return what a term looks like: any white space between its words, and any dash or quote."""
    quote = "['\u2018\u2019]"
    signs = {"'": quote, "’": quote, "-": "[-\u2013\u2014]", " ": r"\s+"}
    body = "".join(signs.get(sign, re.escape(sign)) for sign in term)
    if re.fullmatch(r"[+\d][\d ]{5,}", term):
        # A telephone number, however its digits are grouped.
        body = r"[\s-]*".join(re.escape(sign) for sign in term if sign != " ")
    return rf"(?<!\w){body}(?!\w)"
