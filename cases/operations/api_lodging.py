"""Logging a complaint that a program sends: the way of the staff, within what its key reaches."""

from datetime import datetime
from typing import Any

from cases.errors import NotEntitled
from cases.models import User
from cases.operations.api_requests import once
from cases.operations.lateness import saying_why
from cases.operations.log import AsComplaint, Logged, log_complaint
from cases.rules.lateness import Lateness
from cases.rules.roles import Role


def check_reaches(program: User, area_id: int | None) -> None:
    """Refuse a service area that is not among those of the key.

    :raises NotEntitled: if it is not. Without one it is for the coordinators to say.
    """
    if area_id is not None and not program.scope.covers(Role.LINE_MANAGER, area_id):
        raise NotEntitled("This key does not reach that service area.")


def lodge_for_program(
    logged: Logged,
    told: AsComplaint,
    *,
    program: User,
    name: str,
    sent: Any,
    late: Lateness,
    now: datetime,
) -> tuple[str, bool]:
    """Log a complaint that a program sent under a name of its own; return its reference.

    With it comes whether it was logged now, or before.

    :raises NotEntitled: if the key does not reach the service area.
    :raises LoggedAlready: if something else was sent under this name.
    :raises ComplaintError: whatever logging refuses.
    """

    def log() -> str:
        check_reaches(program, logged.area_id)
        with saying_why(late):
            form = log_complaint(logged, told, by=program, now=now)
        return str(form.complaint)

    return once(program=program, name=name, sent=sent, now=now, log=log)
