"""The catalogues are whole: every word translated, in every form, with everything it fills in."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog

from complaints_site.tests.catalogue.files import (
    LOCALE,
    compiled,
    empty,
    folder_of,
    read,
    refreshed,
    translations,
)
from complaints_site.tests.catalogue.words import every_word
from complaints_site.tests.languages.pseudo import KEPT

pytestmark = pytest.mark.one_database
TAGS = sorted(path.name for path in LOCALE.iterdir())


@pytest.fixture(params=TAGS)
def tag(request) -> str:
    """Each language that there is a catalogue for."""
    return str(request.param)


@pytest.fixture
def catalogue(tag: str) -> Catalog:
    """Its catalogue."""
    return read(tag)


def test_there_is_a_catalogue_in_welsh():
    assert "cy" in TAGS


def test_a_catalogue_has_every_word_of_the_public_pages_and_no_other(catalogue):
    wanted = {each if isinstance(each, str) else each[0] for each in every_word()}
    found = {each.id if isinstance(each.id, str) else each.id[0] for each in catalogue if each.id}

    assert found == wanted, "Run python -m complaints_site.tests.catalogue for each catalogue."


def test_nothing_is_left_empty_and_nothing_is_a_guess(catalogue):
    assert empty(catalogue) == []
    assert [each.id for each in catalogue if each.id and each.fuzzy] == []


def test_an_entry_without_its_translation_is_found():
    new = refreshed(read("cy"), {**every_word(), "A word that nobody has translated": "here"})

    assert empty(new) == ["A word that nobody has translated"]


def test_a_translation_fills_in_what_the_words_fill_in(catalogue):
    wrong = [each.id for each in catalogue if each.id and not fills_in_the_same(each)]

    assert wrong == []


def fills_in_the_same(message) -> bool:
    """Say whether every form of a translation has the same gaps, ends and line breaks."""
    words = message.id if isinstance(message.id, str) else message.id[1]
    return all(shape(each) == shape(words) for each in translations(message))


def shape(words: str) -> tuple[Counter[str], str, str]:
    """Return what must be the same in every language."""
    return Counter(KEPT.findall(words)), *ends(words)


def ends(words: str) -> tuple[str, str]:
    """Return the spaces and line breaks around words."""
    found = re.fullmatch(r"(\s*).*?(\s*)", words, re.DOTALL)
    assert found
    return found[1], found[2]


def test_what_is_read_at_run_time_is_what_the_catalogue_says(tag, catalogue):
    assert (folder_of(tag) / "django.mo").read_bytes() == compiled(catalogue)
