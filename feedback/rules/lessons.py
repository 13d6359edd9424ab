"""What is told to everybody names nobody who told it."""

import re

_WORD = re.compile(r"[^\W\d_]{3,}")
# Titles, which are part of many names and of many sentences.
_NO_NAMES = frozenset({"mrs", "miss", "the", "and", "for"})
_CONTACT = re.compile(r"\S+@\S+\.\S+|(?:\+44|\b0)(?:[ ()-]{0,2}\d){8,}\b")


def who_is_named(text: str, name: str) -> str:
    """Return the part of a person's name that stands in a text, or nothing."""
    spoken = {word.lower() for word in _WORD.findall(text)}
    parts = [word for word in _WORD.findall(name) if word.lower() not in _NO_NAMES]
    return next((part for part in parts if part.lower() in spoken), "")


def names_a_contact(text: str) -> bool:
    """Say whether an e-mail address or a telephone number stands in a text."""
    return _CONTACT.search(text) is not None
