"""A hidden complaint with a word in each of its texts that stands nowhere else."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import AccessEntry, Complaint, Customer, Exclusion, Level, User
from cases.operations.customers import (
    Speaker,
    add_joint_complainant,
    correct_customer,
    save_representative,
)
from cases.operations.files import store_upload
from cases.operations.lateness import saying_why
from cases.operations.note import add_note
from cases.operations.telling import Telling
from cases.rules.lateness import Lateness
from cases.tests.answering import acknowledge
from cases.tests.factories import CustomerFactory
from cases.tests.fixtures import at
from complaints_site.tests.permissions.world import NOW, TODAY, World
from feedback.models import Matching, State, Submission
from reporting.models import KeptCase, KeptReport, ReportLine, WeeklyReport
from reporting.rules.kept import What

# What the words of a hidden complaint are, by where each stands.
WORDS = {
    "name": "Quillfeather",
    "address": "Zephyrweald",
    "postcode": "ZQ9 7XW",
    "email": "quillfeather@zephyr.example",
    "phone": "01999 765 432",
    "summary": "zanthoxylum",
    "desired outcome": "quincunxial",
    "note": "marmoreal",
    "letter": "sesquipedal",
    "file name": "gallimaufry",
    "file": "borborygmus",
    "speaker": "Xanthippe",
    "reason": "crepuscular",
    "joint": "Vexillology",
    "taken for": "Umbriferous",
}


@dataclass(frozen=True, slots=True)
class Planted:
    """The hidden complaint, and every word that would betray it."""

    complaint: Complaint
    file_key: str
    letter: int

    @property
    def words(self) -> set[str]:
        """Return its words and its reference."""
        return {*WORDS.values(), self.complaint.reference}

    def in_(self, text: str) -> list[str]:
        """Return what of it stands in a text."""
        lowered = text.lower()
        return sorted(word for word in self.words if word.lower() in lowered)


SLOW = Lateness(f"It was {WORDS['letter']}.", avoidable=True, done_by=date(2027, 6, 1))


@saying_why(SLOW)
def plant(
    world: World,
    *,
    level: Level = Level.RESTRICTED,
    keepers: list[User] | None = None,
    shut_out: list[User] | None = None,
    officer: User | None = None,
    on: date = date(2026, 6, 1),
    triaged: bool = True,
    acknowledged: bool = True,
) -> Planted:
    """Lodge the complaint, overdue by now, and fill everything about it with its words.

    Its list holds the second coordinator and the second director alone; it is hidden from the
    beginning, as the form and the page for logging hide it.
    """
    people = world.people
    keepers = keepers or [people["second coordinator"], people["second director"]]
    by = people["second coordinator"]
    complaint = world.house.lodge(
        on=on,
        by=by,
        officer_id=(officer or keepers[-1]).pk,
        customer=the_customer(on),
        level=level,
        summary=f"Somebody of yours called the lift {WORDS['summary']}.",
        desired_outcome=f"A {WORDS['desired outcome']} answer.",
        triaged=triaged,
    )
    if level is Level.RESTRICTED:
        AccessEntry.objects.bulk_create(AccessEntry(complaint=complaint, user=x) for x in keepers)
    Exclusion.objects.bulk_create(
        Exclusion(complaint=complaint, user=each, reason="subject") for each in shut_out or []
    )
    upload = SimpleUploadedFile(f"{WORDS['file name']}.txt", WORDS["file"].encode())
    file = store_upload(upload, by=by, now=NOW)
    file.complaint = complaint
    file.save()
    common: dict[str, Any] = {"complaint_id": complaint.pk, "by": by, "now": NOW}
    add_note(**common, words=f"He sounded {WORDS['note']}.")
    save_representative(Speaker(WORDS["speaker"]), **common)
    _customers_by_the_way(complaint, common)
    letter = 1
    if triaged and acknowledged:
        complaint.refresh_from_db()
        acknowledge(
            **common,
            seen=complaint.version,
            on=TODAY,
            telling=Telling("post", f"A {WORDS['letter']} letter."),
        )
        letter = complaint.letters.get().event_number
    complaint.refresh_from_db()
    if triaged:
        _tell_in_reports(complaint, entry=letter)
    return Planted(complaint, file.key, letter)


def _tell_in_reports(complaint: Complaint, *, entry: int) -> None:
    """Let every report that is kept have told of it, as if it had been open to all until then.

    `entry` is that which came late: a report shows why, from the record, to who may read it.
    """
    KeptCase.objects.bulk_create(
        KeptCase(
            report=report,
            complaint=complaint,
            what=what.value,
            on=report.first_day,
            part=report.first_day,
            stage="Stage 1",
            timing="late",
            outcome="upheld",
            days=11,
            category=WORDS["reason"],
            channel="Telephone",
            area="Repairs",
            officer=WORDS["speaker"],
            avoidable="yes",
            entry=entry,
        )
        for report in KeptReport.objects.all()
        for what in What
    )
    ReportLine.objects.bulk_create(
        ReportLine(
            report=report,
            position=complaint.pk,
            complaint=complaint,
            reference=complaint.reference,
            about=WORDS["reason"],
            stage="Stage 1",
            status="Overdue",
            days=14,
            officer=WORDS["speaker"],
            late=3,
            is_new=True,
        )
        for report in WeeklyReport.objects.all()
    )


def _customers_by_the_way(complaint: Complaint, common: dict[str, Any]) -> None:
    """Add somebody who complains too, and somebody for whom the customer was taken at first."""
    joint, mistaken = (
        CustomerFactory(name=f"Perpetua {WORDS[name]}", created_at=NOW)
        for name in ("joint", "taken for")
    )
    add_joint_complainant(**common, customer_id=joint.pk, capacity="")
    right = complaint.customer
    for customer in (mistaken, right):
        complaint.refresh_from_db()
        correct_customer(
            **common, seen=complaint.version, customer_id=customer.pk, reason="Misread."
        )


def the_customer(on: date) -> Customer:
    """Return the customer of the hidden complaint, who came with it."""
    return CustomerFactory(
        name=f"Ottoline {WORDS['name']}",
        address=f"7 {WORDS['address']} Lane",
        postcode=WORDS["postcode"],
        email=WORDS["email"],
        phone=WORDS["phone"],
        created_at=at(on),
    )


def plant_form(world: World) -> Planted:
    """Let the complaint have come by the form, through quarantine, and be to be compared."""
    planted = plant(world)
    complaint = planted.complaint
    Submission.objects.create(
        key="key-of-the-hidden-form",
        token_hash="0" * 64,
        reference=complaint.reference,
        kind="complaint",
        received_at=NOW,
        received_on=complaint.received_on,
        as_sent=[{"title": "What happened", "rows": [["What happened?", WORDS["summary"]]]}],
        state=State.RELEASED.value,
        text_hash="0" * 64,
        expects_answer=True,
        complaint=complaint,
        review_by=TODAY,
        reviewed_at=NOW,
        reviewed_by=world.people["second coordinator"],
        reason=WORDS["reason"],
        matching=Matching.WAITING.value,
    )
    return planted
