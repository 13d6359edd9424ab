"""What the tests of the lists share."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client

from cases.models import User

# Monday 22 June 2026, ten working days after MONDAY of the factories.
TODAY = date(2026, 6, 22)
NOW = datetime(2026, 6, 22, 9, tzinfo=UTC)


@pytest.fixture
def today():
    """Let it be TODAY."""
    with time_machine.travel(NOW, tick=False):
        yield TODAY


@pytest.fixture
def browse(today) -> Callable[[User], Client]:
    """A browser in which somebody is signed in, today."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in
