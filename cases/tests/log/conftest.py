"""What the tests of logging share."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from cases.models import User

# Monday 22 June 2026, ten working days after MONDAY of the factories.
TODAY = date(2026, 6, 22)
NOW = datetime(2026, 6, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(settings, tmp_path):
    """Let it be TODAY, with nothing counted yet and a folder for files."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def browse() -> Callable[[User], Client]:
    """A browser in which somebody is signed in."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


def boxes(name: str, day: date) -> dict[str, str]:
    """Return a day as three boxes are filled in."""
    return {
        f"{name}_day": str(day.day),
        f"{name}_month": str(day.month),
        f"{name}_year": str(day.year),
    }


def filled(known: Any = None, **changes: Any) -> dict[str, Any]:
    """Return the form filled in for a customer, else for a new one; a complaint of today."""
    new = {
        "name": "Agnes Moyo",
        "category": "tenant",
        "phone": "0151 496 0999",
        "address": "7 Chandlers Row",
        "postcode": "hb27cr",
        "preferred_channel": "phone",
        "letter_format": "large_print",
        "needs": "Ring first",
    }
    return {
        "key": "a-key-of-a-form",
        "customer": known.code if known else "new",
        **({} if known else new),
        "speaks": "self",
        "channel": "phone",
        **boxes("received", TODAY),
        "words": "The lift has been out of order since Friday.",
        "desired_outcome": "A lift that works",
        "area": "",
        "about": "",
        "level": "normal",
        "ends": "complaint",
        **changes,
    }


def mistakes(response: Any) -> list[str]:
    """Return what the summary of mistakes says."""
    html = response.content.decode()
    found = re.search(r'govuk-error-summary__list">(.*?)</ul>', html, re.DOTALL)
    lines = re.findall(r"<li.*?>(.*?)</li>", found[1] if found else "", re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", line).split()) for line in lines]


def told(response: Any) -> str:
    """Return the text of a page without its marks."""
    html = re.sub(r"<(script|style).*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
