"""Reminders, each once, though clocks, workers, broker and database die meanwhile (P6).

Real ones of all of them, on a clock that strikes every second. While complaints come in that are
long overdue, something dies in the middle of the work, and is started again as it would be in
production. With the tests on PostgreSQL the database is one of this test's own, which dies too.
"""

import os
import random
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from complaints_site.tests.installation import wait_until
from complaints_site.tests.mail_sink import mail_sink
from complaints_site.tests.servers import postgresql, redis_server

pytestmark = [pytest.mark.servers, pytest.mark.promise("P6")]
INSIDE = "cases.tests.background.inside"
BEAT = [sys.executable, "-m", "celery", "-A", "complaints_site", "beat", "--pidfile="]
WORKER = [sys.executable, "-m", "celery", "-A", "complaints_site", "worker", "-c", "2"]
QUICK = "complaints_site.tests.quick_clock"
AT_ONCE = 12


class Machines:
    """Two clocks, a worker, a broker and a database, and what befalls them."""

    def __init__(self, site, *, broker=None, database=None, seed=6):
        self.site, self.broker, self.database = site, broker, database
        self.chance = random.Random(seed)  # noqa: S311  a test, repeatable
        self.clocks = [site.start(*BEAT), site.start(*BEAT)]
        self.worker = site.start(*WORKER) if broker else None
        self.befallen = Counter()

    @property
    def disasters(self):
        """Return what can happen here."""
        of_broker = [
            *(self.a_child_of_the_worker_dies, self.the_worker_dies),
            *(self.the_broker_dies, self.the_broker_forgets),
        ]
        of_database = [self.the_database_crashes, self.the_database_restarts]
        return [
            self.a_clock_dies,
            *(of_broker if self.broker else ()),
            *(of_database if self.database else ()),
        ]

    def befall(self, disaster):
        """Let something happen at some moment of the next sweep or two."""
        time.sleep(self.chance.random())
        disaster()
        self.befallen[disaster.__name__] += 1

    def a_clock_dies(self):
        """Kill the clock that ticks: who does the work itself, else the older one."""
        clock = self.clocks[0] if self.broker else wait_until(self._at_work)
        self.clocks.remove(clock)
        clock.kill()
        self.clocks.append(self.site.start(*BEAT))

    def _at_work(self):
        """Return the clock that did the work last, if it lives."""
        [(last,)] = self.site.rows(
            "SELECT job FROM cases_jobslot WHERE job LIKE 'tick %' ORDER BY id DESC LIMIT 1"
        )
        pid = int(last.removeprefix("tick "))
        return next((clock for clock in self.clocks if clock.pid == pid), None)

    def a_child_of_the_worker_dies(self):
        """Kill a child, as the kernel would when memory runs out."""
        path = Path(f"/proc/{self.worker.pid}/task/{self.worker.pid}/children")
        if children := wait_until(lambda: path.read_text().split()):
            os.kill(int(children[0]), signal.SIGKILL)

    def the_worker_dies(self):
        """Kill the worker with its children."""
        os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker = self.site.start(*WORKER)

    def the_broker_dies(self):
        """Kill Redis, which keeps nothing."""
        self.broker.kill()
        self.broker.start()

    def the_broker_forgets(self):
        """Take everything out of Redis."""
        self.broker.forget()

    def the_database_crashes(self):
        """End PostgreSQL without order."""
        self.database.crash()
        self.database.start()

    def the_database_restarts(self):
        """Restart PostgreSQL in order."""
        self.database.stop()
        self.database.start()


@pytest.fixture
def database():
    """A PostgreSQL of this test's own where the tests run on one; else nothing."""
    if "TEST_DATABASE_URL" not in os.environ:
        yield None
        return
    with postgresql() as server:
        yield server


def prove(machines, hand, sink, *, rounds):
    """Let everything befall the machines as often as asked, and find everybody reminded once."""
    lodged, sending = 1, set()
    for _ in range(rounds):
        for disaster in machines.disasters:
            lodged += hand.call(f"{INSIDE}:lodge_due", count=AT_ONCE)
            machines.befall(disaster)
            sending |= set(hand.call(f"{INSIDE}:end_leases"))
    lodged += hand.call(f"{INSIDE}:lodge_due", count=AT_ONCE)

    wait_until(lambda: hand.call(f"{INSIDE}:nothing_waits"), seconds=120)
    alerts = machines.site.rows(
        "SELECT complaint_id, code, reminder, recipient_id FROM cases_alert ORDER BY id"
    )
    without_message = machines.site.rows(
        "SELECT a.id FROM cases_alert a LEFT JOIN cases_outboundmessage m"
        " ON m.id = a.message_id AND m.to_user_id = a.recipient_id WHERE m.id IS NULL"
    )
    written = machines.site.rows("SELECT message_id FROM cases_outboundmessage")
    assert len(alerts) == len(set(alerts))
    assert sorted(map(tuple, hand.call(f"{INSIDE}:expected_alerts"))) == sorted(alerts)
    assert without_message == []
    assert set(sink.copies) == {f"<{key}@127.0.0.1>" for (key,) in written}
    # Only what was being sent at a kill may go a second time: nobody knows whether it went.
    twice = {key for key, copies in sink.copies.items() if copies > 1}
    assert twice <= {f"<{key}@127.0.0.1>" for key in sending}
    befallen = " ".join(f"{what}={count}" for what, count in machines.befallen.items())
    print(  # noqa: T201  the proof's result line
        f"PROMISE P6 PASS {befallen} complaints={lodged} alerts={len(alerts)} "
        f"messages={len(sink.taken)} twice={len(twice)} extra=0 missing=0"
    )


@pytest.mark.parametrize(
    "rounds",
    [1, pytest.param(12, marks=[pytest.mark.long, pytest.mark.timeout(3600)])],
    ids=["short", "long"],
)
def test_everybody_is_reminded_once_though_all_the_machines_die(install, database, rounds):
    with redis_server() as broker, mail_sink() as sink:
        at = {"database": database.url} if database else {}
        site = install(**at, REDIS_URL=broker.url, EMAIL_URL=sink.url, DJANGO_SETTINGS_MODULE=QUICK)
        if database:
            site.manage("migrate", "--verbosity", "0")
        hand = site.hand()
        hand.call(f"{INSIDE}:seed_due_complaints", count=1)
        machines = Machines(site, broker=broker, database=database)
        wait_until(lambda: hand.call(f"{INSIDE}:nothing_waits"))

        prove(machines, hand, sink, rounds=rounds)


# Without a broker the clock does the work itself; that is how SQLite is meant to be run.
@pytest.mark.one_database
@pytest.mark.parametrize(
    "rounds",
    [2, pytest.param(40, marks=[pytest.mark.long, pytest.mark.timeout(3600)])],
    ids=["short", "long"],
)
def test_everybody_is_reminded_once_though_the_clock_dies_that_does_the_work(install, rounds):
    with mail_sink() as sink:
        site = install(EMAIL_URL=sink.url, DJANGO_SETTINGS_MODULE=QUICK)
        hand = site.hand()
        hand.call(f"{INSIDE}:seed_due_complaints", count=1)
        machines = Machines(site)
        wait_until(lambda: hand.call(f"{INSIDE}:nothing_waits"))

        prove(machines, hand, sink, rounds=rounds)
