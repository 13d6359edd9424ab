"""Celery's way in. A task reads the clock and calls operations; it may run twice or late."""

from functools import partial

from celery import shared_task
from django.utils import timezone

from cases.operations.jobs import each_in_turn, find_database_again, run_job
from feedback.operations.held import forget_copies, make_copies
from feedback.operations.housekeeping import clear_up
from feedback.operations.sweep import sweep_feedback


@shared_task(name="feedback.sweep", ignore_result=True)
def sweep() -> None:
    """Tell the coordinators of what waits, and clear what nobody sent."""
    find_database_again()
    run_job("sweep feedback", timezone.now(), _sweep)


@shared_task(name="feedback.make_copies", ignore_result=True)
def gather_copies() -> None:
    """Gather what is held of those who ask for it, and remove old copies."""
    find_database_again()
    run_job("make copies", timezone.now(), _copies)


def _copies() -> str:
    now = timezone.now()
    made, gone = each_in_turn([partial(make_copies, now=now), partial(forget_copies, now=now)])
    told = {"made": made, "removed": gone}
    return ", ".join(f"{count} {what}" for what, count in told.items() if count)


def _sweep() -> str:
    now = timezone.now()
    return ", ".join(done for done in (sweep_feedback(now=now), clear_up(now=now)) if done)
