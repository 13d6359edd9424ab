"""What the tests of the whole site share."""

from pathlib import Path

import pytest


@pytest.fixture
def gallery(settings) -> None:
    """Put the gallery of components in the place of the site."""
    settings.ROOT_URLCONF = "complaints_site.tests.gallery.urls"
    [engine] = settings.TEMPLATES
    pages = Path(__file__).parent / "gallery" / "templates"
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], pages]}]
