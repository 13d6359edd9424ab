"""The world that the tests of permissions ask about, built once for each of their modules."""

import pytest

from complaints_site.tests.permissions.world import the_world


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Return the world. What a request changes in it is taken back."""
    with django_db_blocker.unblock(), the_world() as found:
        yield found
