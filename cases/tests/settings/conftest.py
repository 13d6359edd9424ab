"""What the tests of accounts and settings share."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from cases.middleware import Memory
from cases.models import User
from cases.rules.roles import Role
from cases.tests.fixtures import House

# Wednesday 10 June 2026, 11:00 in London.
NOW = datetime(2026, 6, 10, 10, tzinfo=UTC)
PASSWORD = "three words together"


@pytest.fixture(autouse=True)
def _each_change_leaves_a_row(every_write_is_recorded):
    """Fail a page that changes a setting of which no history tells (P10)."""


@pytest.fixture
def now():
    """Stop the clock at NOW and return it."""
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        yield NOW
        cache.clear()


@pytest.fixture
def sign_in(house: House, client: Client, now: datetime):
    """A function that signs somebody with a role in, and returns their browser."""

    def sign(role: Role | User) -> Client:
        client.force_login(house[role] if isinstance(role, Role) else role)
        return client

    return sign


@pytest.fixture
def admin(house: House) -> User:
    """Return the system administrator."""
    return house[Role.SYSTEM_ADMINISTRATOR]


@pytest.fixture
def administrator(sign_in) -> Client:
    """Return the browser of the system administrator."""
    return sign_in(Role.SYSTEM_ADMINISTRATOR)


@pytest.fixture
def fresh_install(db, now):
    """A production installation after createsuperuser and nothing else."""
    Memory.is_set_up = False
    return User.objects.create_superuser("root@landlord.example", PASSWORD, name="Root")
