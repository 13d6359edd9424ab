"""How much memory a worker holds, of the web and of the background, and whether it grows."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence

import redis
from django.conf import settings

from cases import tasks
from complaints_site.celery import app
from complaints_site.tests.bench.measures import Figure, Goal
from complaints_site.tests.bench.pages import Opened, session_of
from complaints_site.tests.bench.serving import PATIENCE_SECONDS, Browser, Server
from complaints_site.tests.bench.work import children_of

MOST = Goal(most=120)
# What may come and go: the allocator keeps some of what it once had.
FLAT = Goal(most=2)
ROUNDS = 4


def held_by(process: int) -> float:
    """Return the memory that a process holds, in MiB."""
    with open(f"/proc/{process}/status") as told:
        [line] = [each for each in told if each.startswith("VmRSS:")]
    return int(line.split()[1]) / 1024


def measure(server: Server, pages: Sequence[Opened], *, times: int) -> list[Figure]:
    """Return what a worker holds after every page was opened often, and how much it still grew."""
    if not server.workers:
        return []
    cookies = {person: session_of(person) for person in {page.person for page in pages}}
    held = []
    for _ in range(ROUNDS):
        for number in range(times):
            page = pages[number % len(pages)]
            # A connection of its own, so that both workers have their share.
            Browser(server.port, cookies[page.person]).open(page.path)
        held.append(max(held_by(worker) for worker in server.workers))
    requests = ROUNDS * times
    return [
        Figure(f"memory of a worker after {requests:,} pages", held[-1], "MiB", goal=MOST),
        Figure(f"its growth over the last {requests // 2:,}", held[-1] - held[1], "MiB", goal=FLAT),
    ]


# What the clock asks for all day.
JOBS = (tasks.sweep, tasks.deliver_messages, tasks.heartbeat)


def measure_background(*, rounds: int) -> list[Figure]:
    """Return what a worker of Celery holds after its jobs were done often, and how much it grew."""
    worker = subprocess.Popen(
        [
            *(sys.executable, "-m", "celery", "-A", "complaints_site", "worker"),
            *("-c", "1", "--loglevel", "ERROR"),
        ],
        env=os.environ.copy(),
        start_new_session=True,
    )
    try:
        held = [_after_jobs(worker, rounds) for _ in range(ROUNDS)]
    finally:
        os.killpg(worker.pid, signal.SIGTERM)
        worker.wait(PATIENCE_SECONDS)
    if not all(held):
        return []
    done = ROUNDS * rounds * len(JOBS)
    return [
        Figure(f"memory of Celery’s worker after {done:,} jobs", held[-1], "MiB", goal=MOST),
        Figure(f"its own growth over the last {done // 2:,}", held[-1] - held[1], "MiB", goal=FLAT),
    ]


def _after_jobs(worker: "subprocess.Popen[bytes]", rounds: int) -> float:
    """Let the worker do every job that often; return what its process for jobs holds then, in MiB.

    :raises TimeoutError: if they are not done in a minute for each hundred.
    """
    for _ in range(rounds):
        for job in JOBS:
            app.send_task(job.name)
    end = time.monotonic() + PATIENCE_SECONDS * (1 + rounds * len(JOBS) // 100)
    with redis.Redis.from_url(settings.CELERY_BROKER_URL) as broker:
        while broker.llen("celery") or broker.hlen("unacked"):
            if time.monotonic() > end:
                raise TimeoutError("The worker of Celery does not come to an end.")
            time.sleep(0.05)
    return max((held_by(each) for each in children_of(worker.pid)), default=0.0)
