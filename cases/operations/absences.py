"""What people leave behind: access whose time is over, and the open complaints of leavers."""

from datetime import date, datetime

from django.db import transaction

from cases.models import AccessEntry, Complaint, OutboundMessage, User
from cases.operations.alerts import address_of
from cases.operations.record import CaseFile, lock_complaint
from cases.rules.events import EventKind
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.history import events_of
from cases.selectors.reminders import Colleagues, colleagues, sight_of


def end_access(*, today: date) -> int:
    """Take from access lists the people whose time has ended; return how many."""
    deleted, _ = AccessEntry.objects.filter(ends_on__lt=today).delete()
    return deleted


def release_leavers_complaints(*, now: datetime) -> int:
    """Unassign the open complaints of people who can no longer sign in; return how many.

    Whoever manages their area is told, once for each leaver and day. Each complaint is a
    transaction of its own; may be run again at any time.
    """
    held = Complaint.objects.open().filter(responsible_officer__is_active=False)
    keys = list(held.order_by("pk").values_list("pk", flat=True))
    people = colleagues(today=london_day(now)) if keys else None
    released = 0
    for key in keys:
        if people is not None:
            released += _release(key, people, now=now)
    return released


@transaction.atomic
def _release(complaint_id: int, people: Colleagues, *, now: datetime) -> int:
    complaint = lock_complaint(complaint_id, None)
    officer = complaint.responsible_officer
    if officer is None or officer.is_active or not complaint.is_open:
        return 0
    case = CaseFile(complaint, events_of(complaint), by=None, now=now)
    case.add(EventKind.ASSIGNED, facts={"officer": None, "area": case.state.area})
    case.save()
    _tell_of_leaver(complaint, officer, people, now=now)
    return 1


def _tell_of_leaver(
    complaint: Complaint, officer: User, people: Colleagues, *, now: datetime
) -> None:
    """Queue one message to each person who has to find a new officer."""
    today = london_day(now)
    told = people.recipients(Role.LINE_MANAGER, sight_of(complaint, today=today))
    OutboundMessage.objects.bulk_create(
        (
            OutboundMessage(
                key=f"leaver:{officer.pk}:{today:%Y-%m-%d}:{person}",
                kind="leaver",
                to_user_id=person,
                to_address=people.addresses[person],
                subject="Complaints need a new responsible officer",
                body=(
                    "Complaints of a colleague who has left are unassigned now, and wait for you "
                    "to give them to somebody else. Sign in to see them:\n\n"
                    f"{address_of('/')}\n"
                ),
                created_at=now,
                next_try_at=now,
            )
            for person in sorted(told)
        ),
        ignore_conflicts=True,
    )
