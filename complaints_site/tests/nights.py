"""A landlord on the nights when the clocks change, inside an installation of a test."""

from datetime import UTC, date, datetime, time, timedelta

from django.conf import settings
from django.test import Client

from cases.models import Alert, Complaint, Landlord, User
from cases.rules.periods import LONDON
from cases.rules.roles import Role
from cases.tests.factories import CalendarEditionFactory
from cases.tests.fixtures import build_house

# Sundays on which the clocks go forward or back at 01:00 in Greenwich.
CHANGES = (date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31))


def in_london(day: date, at: str) -> datetime:
    """Return an instant, told as the clocks in London show it."""
    return datetime.combine(day, time.fromisoformat(at), LONDON).astimezone(UTC)


def begin(*, change: str) -> None:
    """Set up a landlord that works and reminds day and night, with two reminders to come.

    One is of Sunday, the other of Monday.
    """
    sunday = date.fromisoformat(change)
    house = build_house()
    CalendarEditionFactory(weekdays=list(range(7)), holidays={})
    Landlord.objects.update(alerts_from_hour=0, alerts_until_hour=24)
    # Two days before the fifth: three after it was received.
    for due in (sunday, sunday + timedelta(days=1)):
        house.lodge(on=due - timedelta(days=3))


def sign_in() -> dict[str, str]:
    """Return the cookie of the browser in which somebody at the front line has signed in."""
    browser = Client()
    browser.force_login(User.objects.get(name=Role.FRONT_LINE.words))
    name = settings.SESSION_COOKIE_NAME
    return {name: browser.cookies[name].value}


def received() -> list[tuple[str, str, str]]:
    """Return of each complaint that came in meanwhile how, its day, and its first deadline."""
    return [
        (each.channel, str(each.received_on), str(each.deadlines.get(code="acknowledge").due_on))
        for each in Complaint.objects.order_by("pk")[2:]
    ]


def told() -> list[tuple[str, str]]:
    """Return of each reminder of the first two complaints the day of receipt, and when it came."""
    first = Complaint.objects.order_by("pk")[:2]
    alerts = Alert.objects.filter(complaint__in=list(first)).order_by("pk")
    return [
        (str(each.complaint.received_on), each.created_at.isoformat())
        for each in alerts.select_related("complaint")
    ]
