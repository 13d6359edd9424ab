"""Giving back lessons and sending reports, by somebody with the page of now before them."""

from datetime import UTC, date, datetime
from typing import Any

from django.test import Client

from cases.models import Thing, User
from cases.selectors.settings_history import last_change
from reporting.models import KeptReport, LessonsReturn
from reporting.operations.kept_sending import commentary_key, send_report
from reporting.operations.lessons import lessons_key, return_lessons

LESSONS = {"learnt": "Nobody rang back.", "made": "Calls are listed.", "planned": ""}
# 07:00 in London.
FIRST_OF_JUNE = datetime(2026, 6, 1, 6, tzinfo=UTC)
FIRST_OF_JULY = datetime(2026, 7, 1, 6, tzinfo=UTC)


def browse(person: User) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(person)
    return client


def the(kind: str) -> KeptReport:
    """Return the one report of a kind."""
    return KeptReport.objects.get(kind=kind)


def month_of(first_day: date) -> KeptReport:
    """Return the one report of a month."""
    return KeptReport.objects.get(kind="monthly", first_day=first_day)


def give_back(report: KeptReport, by: User, now: datetime, **lessons: Any) -> LessonsReturn:
    """Give back what was learnt."""
    seen = last_change(Thing.LANDLORD, lessons_key(report))
    given = {**LESSONS, **lessons}
    return return_lessons(report_id=report.pk, **given, by=by, now=now, seen=seen)


def send(report: KeptReport, by: User, now: datetime) -> KeptReport:
    """Send it."""
    seen = last_change(Thing.LANDLORD, commentary_key(report))
    return send_report(report_id=report.pk, by=by, now=now, seen=seen)


def form_of(client: Client, path: str, **typed: Any) -> dict[str, Any]:
    """Return what somebody sends who opened a page with a form and typed something else."""
    form = client.get(path).context["form"]
    return {name: form[name].value() for name in form.fields} | typed
