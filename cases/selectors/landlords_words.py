"""What the landlord's own words are in the language that is spoken."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache

from cases.models import TranslatedText
from cases.rules.landlords_words import pairs, tidy
from cases.selectors.prepared import BLANK_TEXT, Prepared


@dataclass(frozen=True, slots=True)
class LandlordsWords:
    """The landlord's words in one language, by what they say in English.

    They are found by the English as it stands, so that what was changed since shows itself and
    never what it said before. `proof_read` are those that somebody has read who speaks it.
    """

    said: Mapping[str, str]
    proof_read: Mapping[str, str]

    @property
    def is_proof_read(self) -> bool:
        """Say whether somebody has read all of them."""
        return len(self.said) == len(self.proof_read)

    def of(self, english: str) -> str:
        """Return a text, or a line of one, in this language; nothing if it is not translated."""
        return self.said.get(tidy(english), "")


_read: ContextVar[dict[str, LandlordsWords] | None] = ContextVar("landlords_words", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Let what is said inside read each language once: a page, a message.

    Nothing is kept afterwards, so whatever is saved shows at once in every process.
    """
    if _read.get() is not None:
        yield
        return
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def landlords_words(tag: str) -> LandlordsWords:
    """Return the landlord's words in a language. One query, within `read_once` the first time."""
    kept = _read.get()
    if kept is None:
        return _words(tag)
    if tag not in kept:
        kept[tag] = _words(tag)
    return kept[tag]


def _words(tag: str) -> LandlordsWords:
    rows = _rows().rows(text=tag)
    said: dict[str, str] = {}
    proof_read: dict[str, str] = {}
    for english, words, is_proof_read in rows:
        for one, other in pairs(english, words):
            said[one] = other
            # What was read once and has other words since is read no more.
            proof_read.pop(one, None)
            if is_proof_read:
                proof_read[one] = other
    return LandlordsWords(said, proof_read)


@lru_cache(maxsize=1)
def _rows() -> Prepared:
    found = TranslatedText.objects.in_language(BLANK_TEXT)
    return Prepared(found.values_list("english", "words", "is_proof_read"))
