"""What the tests of feedback share: a stopped clock, visitors, and staff who are signed in."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import time_machine
from django.test import Client

from cases.models import User
from cases.rules.roles import Role
from cases.tests.fixtures import House
from feedback.tests.factories import Visitor

# Wednesday 10 June 2026, 11:00 in London.
NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)


@pytest.fixture
def now() -> Iterator[datetime]:
    """Stop the clock at NOW and return it."""
    with time_machine.travel(NOW, tick=False):
        yield NOW


@pytest.fixture
def visitor(house: House, now: datetime) -> Visitor:
    """Return somebody with a browser."""
    return Visitor()


@pytest.fixture
def sign_in(house: House, now: datetime) -> Callable[[Role | User], Client]:
    """A function that signs somebody in, by role or as they are, and returns their browser."""

    def sign(who: Role | User) -> Client:
        client = Client()
        client.force_login(house[who] if isinstance(who, Role) else who)
        return client

    return sign
