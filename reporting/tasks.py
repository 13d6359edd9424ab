"""Celery's way in. The task reads the clock and calls one operation; it may run twice or late."""

from celery import shared_task
from django.utils import timezone

from cases.operations.jobs import find_database_again, run_job
from reporting.operations.weekly import make_weekly_reports
from reporting.selectors.weekly import JOB


@shared_task(name="reporting.weekly_reports", ignore_result=True)
def weekly_reports() -> None:
    """Make the reports of the week that has ended, if their time has come."""
    find_database_again()
    run_job(JOB, timezone.now(), _made)


def _made() -> str:
    made = make_weekly_reports(now=timezone.now())
    return f"{made} reports" if made else ""
