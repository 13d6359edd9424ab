"""What the tests of languages share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import time_machine
from django.core.cache import cache
from django.test import override_settings

from complaints_site.tests.languages.pseudo import write_pseudo
from complaints_site.tests.permissions.world import NOW


@pytest.fixture(scope="session")
def accents(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A function that returns a folder in which the language with accents has a tag."""
    made: dict[str, Path] = {}

    def folder_for(tag: str) -> Path:
        if tag not in made:
            made[tag] = tmp_path_factory.mktemp("catalogues")
            write_pseudo(made[tag], tag)
        return made[tag]

    return folder_for


@pytest.fixture
def speak(accents: Callable[[str], Path]) -> Iterator[Callable[[str], None]]:
    """A function that gives the public pages the language with accents, under a tag."""
    changed: list[override_settings] = []

    def begin(tag: str) -> None:
        change = override_settings(
            PUBLIC_LANGUAGES=[tag],
            LANGUAGES=[("en-gb", "en-gb"), (tag, tag)],
            LOCALE_PATHS=[accents(tag)],
        )
        change.enable()
        changed.append(change)

    yield begin
    for change in changed:
        change.disable()


@pytest.fixture
def clock(settings, tmp_path) -> Iterator[time_machine.Traveller]:
    """Stop the clock on the day of the world."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False) as stopped:
        cache.clear()
        yield stopped
    cache.clear()
