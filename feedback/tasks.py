"""Celery's way in. A task reads the clock and calls operations; it may run twice or late."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from cases.operations.jobs import run_job
from feedback.operations.housekeeping import clear_up
from feedback.operations.sweep import sweep_feedback


@shared_task(name="feedback.sweep", ignore_result=True)
def sweep() -> None:
    """Tell the coordinators of what waits, and clear what nobody sent."""
    # Where one process does all the work, a database that restarted is found again here.
    close_old_connections()
    run_job("sweep feedback", timezone.now(), _sweep)


def _sweep() -> str:
    now = timezone.now()
    return ", ".join(done for done in (sweep_feedback(now=now), clear_up(now=now)) if done)
