"""In which language a page or a message speaks, and what of it stays as somebody typed it."""

import gettext as catalogues
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from cases.models import Customer
from cases.rules.languages import LANGUAGES, Language, language_called, language_needed
from cases.rules.wording import as_typed, unmarked
from cases.selectors.landlords_words import landlords_words, read_once

ENGLISH = Language("en-gb", "English", "English")
# Stands in the head of a catalogue: "yes" once somebody who speaks the language has read it all.
PROOF_READ = "x-proof-read"


def spoken() -> Language:
    """Return the language that is spoken now."""
    tag = translation.get_language() or ENGLISH.tag
    return ENGLISH if tag == settings.LANGUAGE_CODE else known(tag)


def known(tag: str) -> Language:
    """Return a language of the public by its tag; what it is called as far as that is known."""
    return LANGUAGES.get(tag) or Language(tag, tag, tag)


def public_languages() -> list[Language]:
    """Return the languages of the public pages, English first."""
    return [ENGLISH, *(known(tag) for tag in settings.PUBLIC_LANGUAGES)]


def is_english() -> bool:
    """Say whether English is spoken now."""
    return spoken() is ENGLISH


def ours(words: str) -> str:
    """Return words of ours in the language that is spoken: the landlord's, or the product's.

    What the landlord typed and has not translated, or not again since, is marked as English.
    """
    if not words or is_english():
        return words
    told = landlords_words(spoken().tag).of(words) or _(words)
    return as_typed(words) if told == words else told


def in_one_line(text: str) -> str:
    """Return the lines of a text of ours after each other, as `ours` says each."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    told = [ours(line) for line in lines]
    if any(unmarked(each) == each for each in told):
        return ", ".join(told)
    return typed(", ".join(lines))


def typed(words: str) -> str:
    """Return words that somebody typed here, marked as English where another language is spoken."""
    return words if is_english() else as_typed(words)


def public_tag(tag: str) -> str:
    """Return the tag of a language of the public pages: that one while it is, else the spoken."""
    return tag if tag in (ENGLISH.tag, *settings.PUBLIC_LANGUAGES) else spoken().tag


def language_of(customer: Customer | None) -> str:
    """Return the tag of the language in which a customer is written to by the system itself."""
    found = language_called(customer.language) if customer else None
    return found.tag if found and found.tag in settings.PUBLIC_LANGUAGES else settings.LANGUAGE_CODE


def language_unmet(customer: Customer) -> str:
    """Return the language that a customer needs and is not written to in, as it was noted."""
    is_english_to_them = language_of(customer) == settings.LANGUAGE_CODE
    return language_needed(customer.language) if is_english_to_them else ""


@contextmanager
def speaking_to(customer: Customer | None) -> Iterator[None]:
    """Let what is written inside be in the customer's language."""
    with translation.override(language_of(customer)), read_once():
        yield


def public_path(path: str) -> str:
    """Return the address of a public page in the language that is spoken."""
    return path if is_english() else f"/{spoken().tag}{path}"


def is_proof_read(tag: str) -> bool:
    """Say whether somebody has read all that is said in a language.

    That is its catalogue, as its head says, and the landlord's own words. English is written by
    people.
    """
    if tag == settings.LANGUAGE_CODE:
        return True
    heads = (_head(Path(folder), tag) for folder in settings.LOCALE_PATHS)
    is_catalogue = any(head.get(PROOF_READ, "") == "yes" for head in heads)
    return is_catalogue and landlords_words(tag).is_proof_read


def is_in_catalogue(words: str, tag: str) -> bool:
    """Say whether the product has words in a language, be they the same as in English."""
    return any(bool(_catalogue(Path(each), tag).gettext(words)) for each in settings.LOCALE_PATHS)


def _head(folder: Path, tag: str) -> dict[str, str]:
    return dict(_catalogue(folder, tag).info())


class _Nothing(catalogues.NullTranslations):
    """Says of what no catalogue has that there is nothing."""

    def gettext(self, message: str) -> str:
        """Return nothing."""
        return ""


@cache
def _catalogue(folder: Path, tag: str) -> catalogues.NullTranslations:
    try:
        found = catalogues.translation("django", folder, [tag])
    except FileNotFoundError:
        return _Nothing()
    found.add_fallback(_Nothing())
    return found


def machine_note() -> str:
    """Return what stands under a message that nobody has proof-read, in both languages."""
    if is_proof_read(spoken().tag):
        return ""
    told = _("This text was translated by a machine and has not yet been proof-read.")
    plain = f"This text was translated into {spoken().name} by a machine and has not yet been "
    return f"\n--\n{told}\n{plain}proof-read.\n"
