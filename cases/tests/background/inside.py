"""What tests have done inside installations of their own, in processes that can be killed."""

import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.errors import ComplaintError
from cases.models import (
    AccessEntry,
    BrowserSession,
    Complaint,
    Customer,
    Deadline,
    Delivery,
    Landlord,
    OutboundMessage,
    ServiceArea,
    User,
)
from cases.operations.absences import end_access
from cases.operations.anchors import seal_days
from cases.operations.email import send
from cases.operations.files import store_upload
from cases.operations.jobs import find_database_again, once, run_job
from cases.operations.messages import Tried, deliver_next
from cases.operations.note import add_note
from cases.operations.reminders import sweep_deadlines
from cases.operations.restore import restore
from cases.operations.restrictions import Proposal, decide_restriction, propose_restriction
from cases.rules.restrictions import ContactWay
from cases.rules.roles import Role
from cases.tests.factories import CalendarEditionFactory
from cases.tests.fixtures import House, build_house

FRIDAY = datetime(2026, 6, 12, 10, tzinfo=UTC)
START = datetime(2026, 6, 8, 9, tzinfo=UTC)
# What this process took note of, for the sender without a claim.
SEEN: list[OutboundMessage] = []


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


def look_without_a_claim() -> int:
    """Take note of what is queued, as a sender without a claim would, and return how much it is."""
    SEEN[:] = OutboundMessage.objects.filter(state=Delivery.QUEUED).order_by("pk")
    return len(SEEN)


def send_without_a_claim() -> None:
    """Send what was taken note of."""
    for message in SEEN:
        send(message)
        OutboundMessage.objects.filter(pk=message.pk).update(state=Delivery.SENT, sent_at=START)


def seed_sealed_complaints(*, count: int) -> list[str]:
    """Set a landlord up with complaints of a week that is sealed; return their references."""
    house = build_house()
    references = [house.lodge().reference for _ in range(count)]
    seal_days(now=FRIDAY)
    return references


def seed_restriction_letter() -> None:
    """Restrict how the customer of a complaint reaches the landlord, told to them by e-mail."""
    coordinator = User.objects.get(name=Role.COMPLAINTS_COORDINATOR.words)
    director = User.objects.get(name=Role.DIRECTOR.words)
    customer = Customer.objects.order_by("pk")[0]
    customer.preferred_channel, customer.email = "email", "customer@example.org"
    customer.save(update_fields=["preferred_channel", "email"])
    proposal = Proposal(
        closed=frozenset({ContactWay.PHONE}),
        limits="",
        reason="Rings forty times a day.",
        evidence="The calls of May.",
        considered="Offered one named colleague.",
        review_on=FRIDAY.date() + timedelta(days=30),
    )
    proposed = propose_restriction(proposal, customer_id=customer.pk, by=coordinator, now=FRIDAY)
    decide_restriction(
        restriction_id=proposed.pk, approves=True, words="It is needed.", by=director, now=FRIDAY
    )


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


def seed_everything() -> None:
    """Fill an installation with something of everything, files and a logo among it."""
    house = build_house()
    Landlord.objects.update(logo=bytes(range(256)), logo_type="image/png")
    User.objects.filter(name=Role.DIRECTOR.words).update(password=make_password("a long password"))
    BrowserSession.objects.create(session_key="k", session_data="d", expire_date=FRIDAY)
    for number in range(6):
        kept = store_upload(
            SimpleUploadedFile(f"letter {number}.txt", f"Zoë’s letter {number}\n".encode() * 99),
            by=house[Role.FRONT_LINE],
            now=START,
        )
        house.lodge(file_ids=[kept.pk], summary=f"Número {number}: {chr(0x1F3E0)}\n\ttab")
    sweep_deadlines(now=FRIDAY)
    seal_days(now=FRIDAY)


def lodge_for_ever() -> None:
    """Lodge complaints with files until killed."""
    house = standing_house()
    while True:
        kept = store_upload(
            SimpleUploadedFile("note.txt", os.urandom(40).hex().encode()), by=None, now=START
        )
        house.lodge(on=FRIDAY.date(), file_ids=[kept.pk])


def lodge_one() -> int:
    """Lodge a complaint, and return its number in the database."""
    return standing_house().lodge(on=FRIDAY.date()).pk


def standing_house() -> House:
    """Return the landlord that stands in the database already."""
    areas = {area.name: area for area in ServiceArea.objects.all()}
    people = {user.name: user for user in User.objects.all()}
    return House(
        areas["Homes"],
        areas["Repairs"],
        areas["Repairs north"],
        areas["Lettings"],
        {role: people[role.words] for role in Role},
    )


def password_is_right(*, name: str, password: str) -> bool:
    """Say whether somebody could sign in with this password."""
    return User.objects.get(name=name).check_password(password)


def try_to_restore(*, source: str) -> str:
    """Return why a backup is not restored, and how many people are there afterwards."""
    try:
        restore(source=Path(source), progress=lambda count: None)
    except ComplaintError as refused:
        return f"{type(refused).__name__} {User.objects.count()}: {refused}"
    return "restored"


def seed_due_complaints(*, count: int) -> list[str]:
    """Set a landlord up that is always at work, with complaints long overdue."""
    house = build_house()
    CalendarEditionFactory(weekdays=list(range(7)), holidays={})
    Landlord.objects.update(alerts_from_hour=0, alerts_until_hour=24)
    return [house.lodge().reference for _ in range(count)]


def lodge_due(*, count: int) -> int:
    """Lodge more complaints that are long overdue; return how many."""
    find_database_again()
    house = standing_house()
    return len([house.lodge() for _ in range(count)])


def expected_alerts() -> list[tuple[int, str, str, int]]:
    """Return whom a landlord of `seed_due_complaints` reminds of what, said outright."""
    people = {user.name: user.pk for user in User.objects.all()}
    latest = {
        Role.RESPONSIBLE_OFFICER: "overdue-1",
        Role.LINE_MANAGER: "overdue-5",
        Role.HEAD_OF_SERVICE: "overdue-5",
    }
    return [
        (complaint, code, reminder, people[role.words])
        for complaint in Complaint.objects.values_list("pk", flat=True)
        for code in ("acknowledge", "respond")
        for role, reminder in latest.items()
    ]


def end_leases() -> list[str]:
    """Let the leases of processes that died end now; return the Message-IDs they were sending."""
    find_database_again()
    leased = OutboundMessage.objects.filter(state=Delivery.SENDING)
    ids = [str(message_id) for message_id in leased.values_list("message_id", flat=True)]
    leased.update(leased_until=None, next_try_at=START)
    return ids


def nothing_waits() -> bool:
    """Say whether every reminder was given and, asked afterwards, every message sent.

    The other way round a sweep between the two questions would leave messages unseen.
    """
    find_database_again()
    if Deadline.objects.live().filter(next_reminder_on__isnull=False).exists():
        return False
    return not OutboundMessage.objects.exclude(state=Delivery.SENT).exists()
