"""Scheduled work: how each job's last run went, and what is done once for a day or a week."""

import logging
import time
import traceback
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from cases.models import Job, JobSlot

Said = TypeVar("Said")

logger = logging.getLogger(__name__)


def find_database_again() -> None:
    """Begin a job on a connection that works: the database may have restarted since the last."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def run_job(name: str, now: datetime, function: Callable[[], object]) -> None:
    """Run a job and record when it began and ended, and its result or its failure.

    The failure is raised again; what is kept of it is its kind and place, never its words, in
    which there may be somebody's name.
    """
    began = time.monotonic()
    job, _ = Job.objects.get_or_create(name=name)
    mine = Job.objects.filter(pk=job.pk)
    mine.update(last_started_at=now)
    try:
        result = function()
    except Exception as error:
        mine.update(
            last_ended_at=_ended(now, began),
            last_error=_place(error),
            failures_in_a_row=F("failures_in_a_row") + 1,
        )
        raise
    ended = _ended(now, began)
    mine.update(
        last_ended_at=ended,
        last_success_at=ended,
        last_result="" if result is None else str(result)[:200],
        last_error="",
        failures_in_a_row=0,
    )


def _ended(now: datetime, began: float) -> datetime:
    return now + timedelta(seconds=time.monotonic() - began)


def _place(error: Exception) -> str:
    """Return what kind of failure it was and where in our own code."""
    ours = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if Path(frame.filename).is_relative_to(settings.BASE_DIR)
    ]
    where = f" in {Path(ours[-1].filename).name}, line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{where}"[:300]


def each_in_turn(steps: Iterable[Callable[[], Said]]) -> list[Said]:
    """Take every step, whatever becomes of the others, and return what they said.

    The first failure is raised again once all were tried; of the others the log has the places.
    """
    said: list[Said] = []
    failures: list[Exception] = []
    for step in steps:
        try:
            said.append(step())
        except Exception as error:
            failures.append(error)
    for other in failures[1:]:
        logger.error("Failed too: %s", _place(other))
    if failures:
        raise failures[0]
    return said


def once(job: str, slot: str, now: datetime) -> bool:
    """Say whether this call is the first for the slot, and mark the slot as done.

    Call it first in the transaction that does the work: if the work fails, the slot is free
    again. A second process waits for the first and then gets False.
    """
    if JobSlot.objects.filter(job=job, slot=slot).exists():
        return False
    try:
        with transaction.atomic():
            JobSlot.objects.create(job=job, slot=slot, done_at=now)
    except IntegrityError:
        return False
    return True
