"""The nights on which the clocks change, through the forms and the sweep (P5).

In short the clock of the test's own process is stopped at half an hour either side of midnight, and
the pages and the task are called in it. The long form serves the site and lets a real clock do its
work, in processes whose own clocks go ahead, also across the very moment of the change; the clock
of PostgreSQL goes on as it is, which nothing in the system asks. The clock of a machine that is
set while a process runs is not tried.
"""

import contextlib
import http.client
import random
import sys
from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from cases.models import Complaint
from cases.rules.bank_holidays import Nation
from cases.rules.roles import Role
from cases.tasks import sweep
from cases.tests.log.conftest import boxes, filled
from cases.tests.rules.slow_counter import count_on, published_holidays
from complaints_site.tests import nights
from complaints_site.tests.installation import wait_until
from complaints_site.tests.intake.people import CSRF, Person
from complaints_site.tests.intake.site import Site
from complaints_site.tests.nights import CHANGES, in_london
from feedback.tests.factories import COMPLAINT, Visitor

pytestmark = pytest.mark.promise("P5")
INSIDE = nights.__name__
BEAT = [sys.executable, "-m", "celery", "-A", "complaints_site", "beat", "--pidfile="]
HALF_HOURS = [(day, at) for day in CHANGES for at in ("00:30", "23:30")]


def fifth_working_day(day):
    """Return the day for the acknowledgement, counted one by one."""
    return next(islice(count_on(day, published_holidays(Nation.ENGLAND_AND_WALES)), 4, None))


@pytest.mark.parametrize(("day", "at"), HALF_HOURS, ids=str)
def test_what_comes_beside_midnight_has_the_day_of_london_and_its_deadlines(house, day, at):
    officer = Client()
    with time_machine.travel(in_london(day, at), tick=False):
        officer.force_login(house[Role.FRONT_LINE])
        offered = officer.get("/log/").context["form"]["received"].value().on
        officer.post("/log/", filled(**boxes("received", offered)))
        Visitor().tell(COMPLAINT)

    by_officer, by_customer = Complaint.objects.order_by("pk")
    for each in (by_officer, by_customer):
        assert each.received_on == day
        assert each.deadlines.get(code="acknowledge").due_on == fifth_working_day(day)


@pytest.mark.parametrize("sunday", CHANGES, ids=str)
def test_the_sweep_reminds_once_as_soon_as_the_day_begins_in_london(db, sunday):
    monday = sunday + timedelta(days=1)
    with time_machine.travel(in_london(sunday - timedelta(days=1), "12:00"), tick=False):
        nights.begin(change=str(sunday))

    first = in_london(sunday - timedelta(days=1), "21:00")
    for half_hours in range(2 * 34):
        with time_machine.travel(first + timedelta(minutes=30 * half_hours), tick=False):
            sweep()

    assert nights.told() == [
        (str(sunday - timedelta(days=3)), in_london(sunday, "00:00").isoformat()),
        (str(monday - timedelta(days=3)), in_london(monday, "00:00").isoformat()),
    ]


# The long form ----------------------------------------------------------------------------------


class Stack:
    """A landlord who is served, with a clock at work, in processes whose clocks go ahead."""

    def __init__(self, site, sunday):
        self.site, self.web = site, Site(site, None)
        self.sunday, self.number = sunday, 0

    @contextlib.contextmanager
    def at(self, instant):
        """Run everything from an instant on; give a hand inside it."""
        ahead = instant - datetime.now(UTC)
        self.site.settings["CLOCK_AHEAD"] = str(ahead.total_seconds())
        hand = self.site.hand()
        if not self.number:
            hand.call(f"{INSIDE}:begin", change=str(self.sunday))
        # Signed in anew: nobody stays so from one night to the other.
        self.cookie = hand.call(f"{INSIDE}:sign_in")
        beat = self.site.start(*BEAT)
        self.web.start()
        try:
            self.web.wait_until_it_answers()
            yield hand
        finally:
            self.web.stop()
            beat.kill()
            hand.kill()

    def is_swept(self, since):
        """Say whether the sweep was done since an instant."""
        rows = self.site.rows("SELECT last_success_at FROM cases_job WHERE name='sweep deadlines'")
        done = [datetime.fromisoformat(str(at)) for (at,) in rows if at]
        return any((at if at.tzinfo else at.replace(tzinfo=UTC)) >= since for at in done)

    def send(self, day):
        """Let an officer log something that came on a day, and a customer send the form."""
        self.number += 1
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "10.9.0.1",
            "Origin": f"https://127.0.0.1:{self.web.port}",
            "Cookie": "; ".join(f"{k}={v}" for k, v in {"csrftoken": CSRF, **self.cookie}.items()),
        }
        typed = filled(key=f"form-{self.number}", name=f"Agnes {self.number}", phone="", address="")
        typed |= {"csrfmiddlewaretoken": CSRF, **boxes("received", day)}
        connection = http.client.HTTPConnection("127.0.0.1", self.web.port, timeout=60)
        connection.request("POST", "/log/", urlencode(typed), headers)
        answer = connection.getresponse()
        assert answer.headers["Location"].startswith("/complaints/"), answer.read().decode()
        connection.close()
        chance = random.Random(self.number)  # noqa: S311  a test, repeatable
        Person(self.web.port, self.number, chance).tell()


@pytest.mark.long
@pytest.mark.servers
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("sunday", CHANGES, ids=str)
def test_so_does_the_running_site(install, sunday):
    site = install(
        DJANGO_SETTINGS_MODULE="complaints_site.tests.moved_clock",
        **{"DEMONSTRATION": "false", "ALLOWED_HOSTS": "127.0.0.1", "TRUSTED_PROXIES": "1"},
        **{"PUBLIC_BASE_URL": "https://127.0.0.1", "MAIL_STAYS_HERE": "true"},
        CLOCK_AHEAD="0",
    )
    stack = Stack(site, sunday)
    saturday, monday = sunday - timedelta(days=1), sunday + timedelta(days=1)
    beside_midnight = [
        (in_london(saturday, "23:30"), saturday, 0),
        (in_london(sunday, "00:30"), sunday, 1),
        (in_london(sunday, "23:30"), sunday, 1),
        (in_london(monday, "00:30"), monday, 2),
    ]
    change = datetime(sunday.year, sunday.month, sunday.day, 1, tzinfo=UTC)
    expected = []

    for instant, day, reminded in beside_midnight:
        with stack.at(instant) as hand:
            stack.send(day)
            wait_until(lambda instant=instant: stack.is_swept(instant))
            expected += [day, day]
            due = str(day + timedelta(days=5))
            assert [each[1:] for each in hand.call(f"{INSIDE}:received")][-2:] == [
                [str(day), due],
                [str(day), due],
            ]
            assert len(hand.call(f"{INSIDE}:told")) == reminded
        if instant.date() == sunday and instant < change:
            with stack.at(change - timedelta(seconds=20)) as hand:
                wait_until(lambda: stack.is_swept(change))
                assert len(hand.call(f"{INSIDE}:told")) == reminded

    print(  # noqa: T201  the proof's result line
        f"PROMISE P5 PASS change={sunday} complaints={len(expected)} reminders=2 doubled=0"
    )
