"""What the journeys share: a landlord whose people can sign in, a clock, and a desk."""

from collections.abc import Iterator

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.cache import cache

from cases.models import OutsideBodyDetails, User
from cases.tests.factories import LONG_AGO, MONDAY
from cases.tests.fixtures import House, at
from complaints_site.tests.accessibility import report
from complaints_site.tests.browser import Window
from complaints_site.tests.journeys.desk import NAMES, PASSWORD, Desk


@pytest.fixture
def clock():
    """A clock that stands at ten on MONDAY until somebody moves it."""
    with time_machine.travel(at(MONDAY), tick=False) as traveller:
        cache.clear()
        yield traveller
        cache.clear()


@pytest.fixture
def staff(house: House) -> House:
    """The landlord's people under names of their own, each with a password."""
    for role, name in NAMES.items():
        User.objects.filter(pk=house.people[role].pk).update(name=name)
    User.objects.update(password=make_password(PASSWORD))
    OutsideBodyDetails.objects.create(
        code="ombudsman",
        from_on=LONG_AGO.date(),
        name="Housing Ombudsman Service",
        telephone="0300 111 3000",
    )
    return house


@pytest.fixture
def desk(open_window: Window, live_server, staff: House, clock) -> Iterator[Desk]:
    """A desk with a window of an ordinary size; what breaks in its pages fails the test.

    A style sheet on its way when somebody goes on to the next page is told as missing, so whether
    files are missing is left to the visit of every page.
    """
    page = open_window(width=1366)
    desk = Desk(page, live_server.url, staff, clock)
    yield desk
    broken = [each for each in page.witness.findings if each.check != "missing file"]
    assert not broken, report(broken)
