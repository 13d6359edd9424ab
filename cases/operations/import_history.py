"""Bringing old cases in, as they were, in batches.

History is not asked whether it was allowed: replay marks what is untidy. Otherwise it is
recorded like anything else, in the chain of each complaint, recorded now and by nobody. Nothing
is sent to anybody; of what is still open the next reminder comes in its turn.

A batch costs a fixed number of statements, however many cases and events are in it (SQLite
takes a thousand values in one, so there each is split into as many as it needs), of rows in
proportion to what is new.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import prefetch_related_objects

from cases.models import Complaint, EventWords, Level, RecordedEvent
from cases.operations.import_particulars import KnownCustomers, KnownPlaces
from cases.operations.import_plans import CaseRefused, OldCase, Plan, Planning
from cases.operations.projection import (
    COMPLAINT_FIELDS,
    save_deadlines,
    save_transitions,
    set_columns,
)
from cases.operations.record import sealed_rows
from cases.operations.search_index import index_complaints
from cases.rules.customers import CustomerCategory, register_of
from cases.rules.events import Event, EventKind
from cases.rules.old_particulars import Particulars
from cases.rules.old_rows import OldRow


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row, and with it the whole case, was not imported."""

    row: int
    reference: str
    message: str


@dataclass(slots=True)
class Imported:
    """How many cases and events were imported."""

    new: int = 0
    added_to: int = 0
    unchanged: int = 0
    refused: int = 0
    events: int = 0

    def __add__(self, other: "Imported") -> "Imported":
        return Imported(
            self.new + other.new,
            self.added_to + other.added_to,
            self.unchanged + other.unchanged,
            self.refused + other.refused,
            self.events + other.events,
        )


@dataclass(frozen=True, slots=True)
class BatchResult:
    """What became of a batch."""

    counts: Imported
    refusals: Sequence[Refusal]


@transaction.atomic
def import_batch(
    cases: Sequence[OldCase], *, procedure: str, now: datetime, dry_run: bool = False
) -> BatchResult:
    """Record what is new of these cases: each case whole or not at all.

    `procedure` is the code for rows that name none. With `dry_run` everything is read and
    checked and nothing is written.

    :raises ActionNotAllowed: if the landlord is not set up.
    """
    batch = Planning(cases, procedure=procedure, now=now, lock=not dry_run)
    done = Imported()
    refusals: list[Refusal] = []
    plans = []
    for case in cases:
        try:
            plan = batch.plan(case)
        except CaseRefused as refused:
            done.refused += 1
            refusals += [Refusal(p.place, case.reference, p.message) for p in refused.problems]
            continue
        if plan is None:
            done.unchanged += 1
            continue
        plans.append(plan)
        done.events += len(plan.placed)
        done.new += plan.is_new
        done.added_to += not plan.is_new
    if plans and not dry_run:
        _write(plans, batch, now=now)
    return BatchResult(done, refusals)


def _write(plans: Sequence[Plan], known: Planning, *, now: datetime) -> None:
    _add_complaints([plan for plan in plans if plan.is_new], now=now)
    _link_merged(plans)
    rows: list[RecordedEvent] = []
    words: list[EventWords] = []
    for plan in plans:
        head = known.heads.get(plan.reference, "")
        for row, event in plan.placed:
            recorded, their_words = sealed_rows(
                _complaint(plan), event, _words(row, plan.told), previous_hash=head, now=now
            )
            head = recorded.hash
            rows.append(recorded)
            words += [their_words] if their_words else []
    RecordedEvent.objects.bulk_create(rows)
    EventWords.objects.bulk_create(words)
    _project([plan for plan in plans if not plan.is_new], now=now)
    told = [(_complaint(plan), plan.state) for plan in plans]
    prefetch_related_objects([complaint for complaint, _ in told], "deadlines", "transitions")
    save_deadlines(told)
    save_transitions(told)
    index_complaints([complaint.pk for complaint, _ in told])


def _complaint(plan: Plan) -> Complaint:
    if plan.complaint is None:
        raise ValueError("The complaint is written before what hangs on it.")
    return plan.complaint


def _words(row: OldRow, told: Particulars) -> dict[str, str]:
    if row.kind is not EventKind.RECEIVED:
        return {"note": row.note}
    return {"summary": told.summary, "desired_outcome": told.desired_outcome, "note": row.note}


def _add_complaints(plans: Sequence[Plan], *, now: datetime) -> None:
    """Add the new complaints, with their customers, areas and categories."""
    if not plans:
        return
    places = KnownPlaces()
    customers = KnownCustomers(plan.told.name for plan in plans)
    owners = [customers.find_or_add(plan.told, now=now) for plan in plans]
    customers.save()
    for plan, customer in zip(plans, owners, strict=True):
        area = places.area(plan.told.service_area)
        category = places.category(plan.told.matter)
        plan.state = replace(plan.state, area=area)
        plan.placed = [
            (row, _with_facts(event, plan.told, customer.pk, area, category))
            for row, event in plan.placed
        ]
        receipt = next(event for _, event in plan.placed if event.kind is EventKind.RECEIVED)
        plan.complaint = Complaint(
            reference=plan.reference,
            customer=customer,
            procedure_version=plan.version,
            register=register_of(CustomerCategory(customer.category), plan.version.terms).value,
            channel=receipt.facts.get("channel", ""),
            category_id=category,
            level=Level.NORMAL.value,
            summary=plan.told.summary,
            desired_outcome=plan.told.desired_outcome,
            version=len(plan.placed),
            last_event_at=now,
        )
        set_columns(plan.complaint, plan.state, plan.version.terms)
    Complaint.objects.bulk_create([_complaint(plan) for plan in plans])


def _with_facts(
    event: Event, told: Particulars, customer: int, area: int | None, category: int | None
) -> Event:
    """Return a receipt with what only writing makes known; other events as they are.

    What the file called the area and the category is kept, so that an export says the same.
    """
    if event.kind is not EventKind.RECEIVED:
        return event
    facts = {
        **event.facts,
        "customer": customer,
        "area": area,
        "category": category,
        "called": {"service_area": told.service_area, "category": told.matter},
    }
    return replace(event, facts=facts)


def _link_merged(plans: Sequence[Plan]) -> None:
    """Link complaints that were merged to those they were merged into, where these are known."""
    into = {
        plan.reference: event.facts["into_reference"]
        for plan in plans
        for _, event in plan.placed
        if event.kind is EventKind.MERGED and "into_reference" in event.facts
    }
    if not into:
        return
    others = {c.reference: c for c in Complaint.objects.filter(reference__in=into.values())}
    linked = [_complaint(plan) for plan in plans if into.get(plan.reference) in others]
    for complaint in linked:
        complaint.linked_to = others[into[complaint.reference]]
    Complaint.objects.bulk_update(linked, ["linked_to"])


def _project(plans: Sequence[Plan], *, now: datetime) -> None:
    """Write the columns of complaints to which something was added."""
    for plan in plans:
        complaint = _complaint(plan)
        complaint.version += len(plan.placed)
        complaint.last_event_at = now
        set_columns(complaint, plan.state, plan.version.terms)
    if plans:
        Complaint.objects.bulk_update(
            [_complaint(plan) for plan in plans],
            [name.removesuffix("_id") for name in COMPLAINT_FIELDS] + ["version", "last_event_at"],
        )
