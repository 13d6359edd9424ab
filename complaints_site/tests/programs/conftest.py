"""A program with a key."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from cases.models import ApiKey, User
from cases.operations.api_keys import KeyWanted, approve_key, make_key
from cases.rules.api_keys import ApiScope
from cases.rules.roles import Role
from cases.tests.fixtures import House
from cases.tests.settings.conftest import NOW, now  # noqa: F401  the clock stands still

EVERY = list(ApiScope)


class Program:
    """Another program of the landlord, as it asks."""

    def __init__(self, key: ApiKey, words: str) -> None:
        self.key = key
        self.words = words
        self.client = Client()

    @property
    def user(self) -> User:
        """Return its account."""
        return self.key.program

    def get(self, path: str, **asked: Any) -> Any:
        """Ask for something."""
        return self.client.get(f"/api/v1/{path}", asked, headers=self._headers())

    def post(self, path: str, sent: Any, *, name: str = "name-of-its-own") -> Any:
        """Send something under a name of its own."""
        return self.client.post(
            f"/api/v1/{path}",
            json.dumps(sent),
            content_type="application/json",
            headers={**self._headers(), **({"Idempotency-Key": name} if name else {})},
        )

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.words}"}


@pytest.fixture
def program(house: House, now):  # noqa: F811
    """A function that makes a program with a key in use: for everything, in the team."""
    admin = house[Role.SYSTEM_ADMINISTRATOR]
    coordinator = house[Role.COMPLAINTS_COORDINATOR]

    def make(*scopes: ApiScope, area: Any = None, name: str = "Repairs system") -> Program:
        where = [(area or house.team).pk]
        wanted = KeyWanted(name, scopes or EVERY, where, NOW.date() + timedelta(days=30))
        key, words = make_key(wanted, by=admin, now=NOW)
        if key.approved_at is None:
            approve_key(prefix=key.prefix, by=coordinator, now=NOW)
        return Program(ApiKey.objects.select_related("program").get(pk=key.pk), words)

    return make
