"""Real clocks and workers: one clock ticks, work goes on after kills, nothing is done twice."""

import signal
import sys
from collections import Counter

import pytest

from complaints_site.tests.installation import wait_until

pytestmark = pytest.mark.servers
INSIDE = "cases.tests.background.inside"
BEAT = [sys.executable, "-m", "celery", "-A", "complaints_site", "beat", "--pidfile="]
WORKER = [sys.executable, "-m", "celery", "-A", "complaints_site", "worker", "-c", "2"]
QUICK = "complaints_site.tests.quick_clock"


def ticks(site):
    """Return how often each process ticked."""
    rows = site.rows("SELECT job FROM cases_jobslot WHERE job LIKE 'tick %'")
    return Counter(int(job.removeprefix("tick ")) for (job,) in rows)


def test_of_two_clocks_one_ticks_and_the_other_takes_over_when_it_is_killed(install):
    site = install(DJANGO_SETTINGS_MODULE=QUICK)
    beats = {beat.pid: beat for beat in (site.start(*BEAT), site.start(*BEAT))}
    wait_until(lambda: sum(ticks(site).values()) >= 4)
    [(holder, _)] = ticks(site).items()

    beats.pop(holder).kill()
    [other] = beats
    wait_until(lambda: ticks(site)[other] >= 2)

    assert ticks(site).keys() == {holder, other}


def test_a_clock_that_is_asked_to_stop_lets_the_other_take_over_at_once(install):
    site = install(DJANGO_SETTINGS_MODULE=QUICK)
    first = site.start(*BEAT)
    wait_until(lambda: ticks(site)[first.pid] >= 1)
    second = site.start(*BEAT)

    first.send_signal(signal.SIGTERM)
    assert first.wait(60) == 0

    wait_until(lambda: ticks(site)[second.pid] >= 1)


def mail_on_disk(site):
    """Return what was written instead of sent."""
    return "".join(path.read_text() for path in (site.folder / "mail").glob("*"))


def test_in_embedded_mode_the_clock_alone_delivers_what_is_queued(install):
    site = install()
    site.hand().call(f"{INSIDE}:queue_messages", count=1, body="From the queue\n")
    site.start(*BEAT)

    wait_until(lambda: "From the queue" in mail_on_disk(site))
    wait_until(lambda: site.rows("SELECT state FROM cases_outboundmessage") == [("sent",)])


def test_in_embedded_mode_the_clock_alone_does_every_job(install):
    site = install(DJANGO_SETTINGS_MODULE=QUICK)
    references = site.hand().call(f"{INSIDE}:seed_due_complaints", count=3)
    site.start(*BEAT)

    jobs = "SELECT name FROM cases_job WHERE last_success_at IS NOT NULL"
    ours = {"heartbeat", "deliver messages", "sweep deadlines", "daily anchor"}
    wait_until(lambda: ours <= {name for (name,) in site.rows(jobs)})
    wait_until(lambda: all(reference in mail_on_disk(site) for reference in references))
    assert (site.folder / "anchors.log").read_text().count("\n") > 0
