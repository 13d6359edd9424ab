"""What tests share."""

import pytest
from django.db import connections
from django.test import TransactionTestCase

from cases.models import procedures
from cases.triggers import remove_triggers

_teardown = TransactionTestCase._fixture_teardown


def _teardown_without_triggers(case: TransactionTestCase) -> None:
    """Let a test empty its database; migrating puts the triggers back."""
    for connection in connections.all():
        remove_triggers(connection)
    _teardown(case)


TransactionTestCase._fixture_teardown = _teardown_without_triggers


@pytest.fixture(autouse=True)
def _nothing_remembered_from_other_tests():
    """Forget what a process reads once, because each test has a database of its own."""
    procedures.edition.cache_clear()
    procedures.published_terms.cache_clear()


pytest_plugins = ["cases.tests.fixtures"]
