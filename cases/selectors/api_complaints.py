"""Complaints as programs read them: those that their key reaches, and no more than it is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet

from cases.models import Complaint, Customer, Level, User
from cases.models.complaints import ComplaintQuerySet
from cases.selectors.export import export_of

Row = dict[str, Any]

# How a complaint stands: nobody's name, and no word of anybody's.
_STANDING = (
    "pk",
    "reference",
    "procedure_version__procedure__code",
    "register",
    "stage",
    "status",
    "is_open",
    "level",
    "channel",
    "service_area__code",
    "category__code",
    "outcome",
    "received_on",
    "acknowledged_on",
    "answered_on",
    "closed_on",
    "closed_as",
    "next_due",
    "next_due_on",
    "last_event_at",
)
_WORDS = (
    "summary",
    "desired_outcome",
    "responsible_officer__name",
    *(
        f"customer__{name}"
        for name in (
            *("code", "name", "category", "address", "postcode", "email", "phone"),
            *("email_unsafe", "phone_unsafe", "post_unsafe"),
        )
    ),
)
# What of an event tells nobody's name and no word of anybody's.
_WORDLESS = ("number", "event", "occurred_at", "stage", "outcome", "new_due_on")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a program narrows the list to. Everything empty is all that its key reaches."""

    is_open: bool | None = None
    status: str = ""
    stage: str = ""
    service_area: str = ""
    category: str = ""
    received_from: date | None = None
    received_to: date | None = None
    due_before: date | None = None
    changed_since: datetime | None = None

    @property
    def condition(self) -> Q:
        """Return the condition."""
        wanted = {
            "is_open": self.is_open,
            "status": self.status or None,
            "stage": self.stage or None,
            "service_area__code": self.service_area or None,
            "category__code": self.category or None,
            "received_on__gte": self.received_from,
            "received_on__lte": self.received_to,
            "next_due_on__lt": self.due_before,
            "last_event_at__gte": self.changed_since,
        }
        return Q(**{name: value for name, value in wanted.items() if value is not None})


def reached_by(program: User) -> ComplaintQuerySet:
    """Return the complaints that a program reaches: for lists, single ones and webhooks alike.

    Those that a line manager of its areas reads, and none that is closed to anybody: whoever works
    with the program would read there what is closed to them here.
    """
    return Complaint.objects.readable_by(program).closed_to_nobody()


def complaints_for(program: User, wanted: Wanted) -> "QuerySet[Complaint, Row]":
    """Return how the complaints stand of which a program may know. One query a page."""
    return reached_by(program).filter(wanted.condition).values(*_STANDING)


def standing(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a complaint stands, as it is told."""
    return {
        "reference": row["reference"],
        "procedure": row["procedure_version__procedure__code"],
        "register": row["register"],
        "stage": row["stage"],
        "status": row["status"],
        "is_open": row["is_open"],
        "level": row["level"],
        "channel": row["channel"],
        "service_area": row["service_area__code"],
        "category": row["category__code"],
        "outcome": row["outcome"] or None,
        "received_on": row["received_on"],
        "acknowledged_on": row["acknowledged_on"],
        "answered_on": row["answered_on"],
        "closed_on": row["closed_on"],
        "closed_as": row["closed_as"] or None,
        "next_due": row["next_due"] or None,
        "next_due_on": row["next_due_on"],
        "changed_at": row["last_event_at"],
    }


def complaint_for(program: User, reference: str) -> Row | None:
    """Return a complaint of which a program may know. One query."""
    found = reached_by(program).filter(reference=reference)
    return found.values(*_STANDING, *_WORDS).first()


def tells_words(row: Mapping[str, Any]) -> bool:
    """Say whether a program may have the words of a complaint: never of a sensitive one."""
    return bool(row["level"] == Level.NORMAL.value)


def words_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return who complains, what they say, and how nobody may reach them."""
    customer = {
        name: row[f"customer__{name}"]
        for name in ("code", "name", "category", "address", "postcode", "email", "phone")
    }
    unsafe = [way for way in ("email", "phone", "post") if row[f"customer__{way}_unsafe"]]
    return {
        "customer": {**customer, "never_by": unsafe},
        "summary": row["summary"],
        "desired_outcome": row["desired_outcome"],
        "responsible_officer": row["responsible_officer__name"],
    }


def story_for(
    program: User, key: int, *, as_at: date, with_words: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the events and the deadlines of a complaint that somebody has been asked about.

    They are those of the export, without what tells of other complaints that the program does not
    reach; without words no more of an event than what it was and when.
    """
    rows = Complaint.objects.select_related("customer", "procedure_version__procedure", "category")
    told = export_of(rows.get(pk=key), as_at=as_at, known=reached_by(program))
    if told is None:
        return [], []
    events = told.events
    if not with_words:
        events = [{name: each[name] for name in _WORDLESS} for each in events]
    return events, told.deadlines


def customer_known_by(program: User, code: str) -> int | None:
    """Return the key of a customer of a complaint whose words a program may have. One query."""
    theirs = reached_by(program).filter(level=Level.NORMAL.value)
    found = Customer.objects.filter(code=code, complaints__in=theirs, is_double=False)
    return found.values_list("pk", flat=True).first()
