"""What tests have done inside installations of their own, in processes that can be killed."""

import time
from datetime import UTC, datetime, timedelta

from cases.models import AccessEntry, Complaint, Delivery, OutboundMessage, User
from cases.operations.absences import end_access
from cases.operations.anchors import seal_days
from cases.operations.email import send
from cases.operations.jobs import once, run_job
from cases.operations.messages import Tried, deliver_next
from cases.operations.note import add_note
from cases.operations.reminders import sweep_deadlines
from cases.rules.roles import Role
from cases.tests.fixtures import build_house

FRIDAY = datetime(2026, 6, 12, 10, tzinfo=UTC)
START = datetime(2026, 6, 8, 9, tzinfo=UTC)


def queue_messages(
    *, count: int, to_nobody: int = 0, subject: str = "A subject", body: str = "A body\n"
) -> list[str]:
    """Queue messages, the first ones to people who are not there; return the other Message-IDs."""
    rows = OutboundMessage.objects.bulk_create(
        OutboundMessage(
            key=f"test:{number}",
            kind="test",
            to_address=f"{'nobody' if number < to_nobody else 'person'}{number}@example.org",
            subject=subject,
            body=body,
            created_at=START,
            next_try_at=START,
        )
        for number in range(count)
    )
    return [str(row.message_id) for row in rows[to_nobody:]]


def deliver_for_ever(*, began: float, speed: float) -> None:
    """Deliver what waits until killed, on a clock that runs faster than the real one."""
    while True:
        now = START + timedelta(seconds=(time.time() - began) * speed)
        if deliver_next(now=now) in (None, Tried.NO_SERVER):
            time.sleep(0.02)


def deliver_until_empty() -> int:
    """Deliver until nothing waits, and return how many this process sent."""
    sent = 0
    while (tried := deliver_next(now=START + timedelta(seconds=1))) is not None:
        sent += tried is Tried.SENT
    return sent


def deliver_naively() -> None:
    """Send what is queued as a sender without a claim would."""
    for message in OutboundMessage.objects.filter(state=Delivery.QUEUED).order_by("pk"):
        message.refresh_from_db()
        if message.state == Delivery.QUEUED:
            send(message)
            OutboundMessage.objects.filter(pk=message.pk).update(state=Delivery.SENT, sent_at=START)


def seed_sealed_complaints(*, count: int) -> list[str]:
    """Set a landlord up with complaints of a week that is sealed; return their references."""
    house = build_house()
    references = [house.lodge().reference for _ in range(count)]
    seal_days(now=FRIDAY)
    return references


def work_a_day() -> None:
    """Do of everything that a day brings at least one."""
    [key] = Complaint.objects.values_list("pk", flat=True)[:1]
    coordinator = User.objects.get(name=Role.COMPLAINTS_COORDINATOR.words)
    add_note(complaint_id=key, by=coordinator, now=FRIDAY, words="A note.")
    sweep_deadlines(now=FRIDAY)
    deliver_until_empty()
    seal_days(now=FRIDAY + timedelta(days=1))
    run_job("a job", FRIDAY, lambda: once("a job", "a slot", FRIDAY))
    AccessEntry.objects.create(complaint_id=key, user=coordinator, ends_on=FRIDAY.date())
    end_access(today=FRIDAY.date() + timedelta(days=1))
