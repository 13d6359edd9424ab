"""What tests have done inside installations of their own."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from django.db import connection

from cases.rules.roles import Role
from cases.tests.factories import (
    CalendarEditionFactory,
    LandlordFactory,
    ServiceAreaFactory,
    UserFactory,
)
from cases.tests.fixtures import build_house
from reporting.models import KeptReport
from reporting.operations.kept import make_kept_reports
from reporting.operations.weekly import make_weekly_reports
from reporting.tests.lessons import give_back, send

# Long enough to do the other thing, if nothing holds it up.
MOMENT_SECONDS = 2


def hire_managers(*, count: int) -> None:
    """Set up a landlord with so many line managers, each of an area."""
    LandlordFactory()
    CalendarEditionFactory()
    for _ in range(count):
        UserFactory(roles=[(Role.LINE_MANAGER, ServiceAreaFactory())])


def make_reports(*, now: str) -> int:
    """Make the reports that are due at that instant; return how many."""
    return make_weekly_reports(now=datetime.fromisoformat(now))


def give_back_while_sending(*, first: str) -> dict[str, Any]:
    """Give lessons back and send the report of their quarter at one moment; return what came of it.

    `first` says which of the two has read what is owed when the other begins. Whoever gives back
    pressed the button before the report was sent.
    """
    house = build_house()
    house.lodge(on=date(2026, 5, 11))
    make_kept_reports(now=datetime(2026, 6, 1, 6, tzinfo=UTC))
    make_kept_reports(now=datetime(2026, 7, 1, 6, tzinfo=UTC))
    month = KeptReport.objects.get(kind="monthly", first_day=date(2026, 5, 1))
    quarter = KeptReport.objects.get(kind="quarterly")
    head, collator = house[Role.HEAD_OF_SERVICE], house[Role.EXECUTIVE_SUPPORT_MANAGER]
    pressed = datetime(2026, 7, 10, 9, tzinfo=UTC)
    acts = {
        "giving": partial(give_back, month, head, pressed),
        "sending": partial(send, quarter, collator, pressed + timedelta(seconds=1)),
    }
    wrong: list[str] = []

    def do_the_other() -> None:
        try:
            acts["sending" if first == "giving" else "giving"]()
        except Exception as error:  # whatever it is, the test is told
            wrong.append(repr(error))
        finally:
            connection.close()

    other = threading.Thread(target=do_the_other)

    def hold_up(execute: Callable[..., Any], sql: str, *rest: Any) -> Any:
        answer = execute(sql, *rest)
        if not other.ident and sql.startswith('SELECT "reporting_lessonsreturn"'):
            other.start()
            other.join(MOMENT_SECONDS)
        return answer

    with connection.execute_wrapper(hold_up):
        acts[first]()
    other.join()
    lessons, report = month.lessons, KeptReport.objects.get(pk=quarter.pk)
    lessons.refresh_from_db()
    return {
        "wrong": wrong,
        "is_back": lessons.returned_at is not None,
        "is_marked": lessons.told_in_id == report.pk,
        "is_told": [each["learnt"] for each in report.found["lessons"]] == [lessons.learnt],
    }
