"""In which language a page or a message speaks, and what of it stays as somebody typed it."""

import gettext as catalogues
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from cases.models import Customer
from cases.rules.languages import LANGUAGES, Language, language_called, language_needed
from cases.rules.wording import as_typed

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
    """Return words that may be ours in the language that is spoken.

    What somebody typed here stands in no catalogue, and is marked as English.
    """
    if not words or is_english():
        return words
    told = _(words)
    return as_typed(words) if told == words else told


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


def speaking_to(customer: Customer | None) -> translation.override:
    """Let what is written inside be in the customer's language."""
    return translation.override(language_of(customer))


def public_path(path: str) -> str:
    """Return the address of a public page in the language that is spoken."""
    return path if is_english() else f"/{spoken().tag}{path}"


def is_proof_read(tag: str) -> bool:
    """Say whether somebody has read what stands in the catalogue of a language, as its head says.

    English is written by people.
    """
    return tag == settings.LANGUAGE_CODE or any(
        _head(Path(folder), tag).get(PROOF_READ, "") == "yes" for folder in settings.LOCALE_PATHS
    )


@cache
def _head(folder: Path, tag: str) -> dict[str, str]:
    try:
        found = catalogues.translation("django", folder, [tag])
    except FileNotFoundError:
        return {}
    return dict(found.info())


def machine_note() -> str:
    """Return what stands under a message that nobody has proof-read, in both languages."""
    if is_proof_read(spoken().tag):
        return ""
    told = _("This text was translated by a machine and has not yet been proof-read.")
    plain = f"This text was translated into {spoken().name} by a machine and has not yet been "
    return f"\n--\n{told}\n{plain}proof-read.\n"
