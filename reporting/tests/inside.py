"""What tests have done inside installations of their own."""

from datetime import datetime

from cases.rules.roles import Role
from cases.tests.factories import (
    CalendarEditionFactory,
    LandlordFactory,
    ServiceAreaFactory,
    UserFactory,
)
from reporting.operations.weekly import make_weekly_reports


def hire_managers(*, count: int) -> None:
    """Set up a landlord with so many line managers, each of an area."""
    LandlordFactory()
    CalendarEditionFactory()
    for _ in range(count):
        UserFactory(roles=[(Role.LINE_MANAGER, ServiceAreaFactory())])


def make_reports(*, now: str) -> int:
    """Make the reports that are due at that instant; return how many."""
    return make_weekly_reports(now=datetime.fromisoformat(now))
