"""Celery's way in. A task reads the clock and calls operations; it may run twice or late."""

from celery import shared_task
from django.utils import timezone

from cases.operations.jobs import find_database_again, run_job
from feedback.operations.housekeeping import clear_up
from feedback.operations.sweep import sweep_feedback


@shared_task(name="feedback.sweep", ignore_result=True)
def sweep() -> None:
    """Tell the coordinators of what waits, and clear what nobody sent."""
    find_database_again()
    run_job("sweep feedback", timezone.now(), _sweep)


def _sweep() -> str:
    now = timezone.now()
    return ", ".join(done for done in (sweep_feedback(now=now), clear_up(now=now)) if done)
