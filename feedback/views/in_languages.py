"""The addresses of the public pages in each language: English plain, others behind their tag."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver
from django.utils.translation import get_language


class LanguagePrefix:
    """What an address begins with in the language that is spoken: nothing, or as in `cy/`.

    Django's own stands only before the addresses of a whole site; the pages of the staff, which
    are in English, have theirs beside these.
    """

    converters: Mapping[str, Any] = {}

    @property
    def regex(self) -> re.Pattern[str]:
        """Return the prefix as the resolver reads it."""
        return re.compile(re.escape(self.prefix))

    @property
    def prefix(self) -> str:
        """Return the prefix itself."""
        spoken = get_language() or settings.LANGUAGE_CODE
        return "" if spoken == settings.LANGUAGE_CODE else f"{spoken}/"

    def match(self, path: str) -> tuple[str, tuple[Any, ...], dict[str, Any]] | None:
        """Return what follows the prefix, or nothing where it is another."""
        return (path.removeprefix(self.prefix), (), {}) if path.startswith(self.prefix) else None

    def check(self) -> list[Any]:
        """Return nothing: there is nothing to be wrong."""
        return []

    def describe(self) -> str:
        """Return how a list of addresses shows it."""
        return f"'{self}'"

    def __str__(self) -> str:
        return self.prefix


def in_every_language(pages: Sequence[URLPattern]) -> URLResolver:
    """Return pages that have an address in each language of the public."""
    return URLResolver(LanguagePrefix(), list(pages))  # type: ignore[arg-type]
