"""Celery's way in. A task reads the clock and calls operations; it may run twice or late."""

from functools import partial

from celery import shared_task
from django.utils import timezone

from cases.operations.jobs import each_in_turn, find_database_again, run_job
from reporting.operations.kept import make_kept_reports
from reporting.operations.lessons import chase_lessons
from reporting.operations.weekly import make_weekly_reports
from reporting.selectors import kept
from reporting.selectors.weekly import JOB


@shared_task(name="reporting.weekly_reports", ignore_result=True)
def weekly_reports() -> None:
    """Make the reports of the week that has ended, if their time has come."""
    find_database_again()
    run_job(JOB, timezone.now(), _made)


def _made() -> str:
    made = make_weekly_reports(now=timezone.now())
    return f"{made} reports" if made else ""


@shared_task(name="reporting.performance_reports", ignore_result=True)
def performance_reports() -> None:
    """Make the reports of the month, quarter and year that have ended; ask for lessons owed."""
    find_database_again()
    run_job(kept.JOB, timezone.now(), _made_and_chased)


def _made_and_chased() -> str:
    now = timezone.now()
    steps = [partial(make_kept_reports, now=now), partial(chase_lessons, now=now)]
    made, asked = each_in_turn(steps)
    told = [f"{made} reports"] if made else []
    return ", ".join([*told, f"{asked} reminders"] if asked else told)
