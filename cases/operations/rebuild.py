"""Working the projections out anew from the events."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from cases.models import Complaint, Editions, RecordedEvent
from cases.operations.projection import differences, save_projection
from cases.operations.record import lock_complaint
from cases.rules.replay import replay
from cases.selectors.history import events_of

BATCH = 200


@dataclass
class Rebuilt:
    """The differences that were found, a line each, and those that nothing can put right."""

    differences: list[str] = field(default_factory=list)
    beyond_repair: list[str] = field(default_factory=list)


def rebuild_projections(*, repair: bool, progress: Callable[[int], None]) -> Rebuilt:
    """Replay every complaint and return where what is stored differs.

    With `repair` the differences are put right. Runs while people work: only a complaint that
    differs is locked, looked at again, and put right in a transaction of its own. Reminders that
    were sent stay sent, because each is kept once.
    """
    rebuilt = Rebuilt()
    done = last = 0
    editions = Editions()
    while batch := list(_complaints().filter(pk__gt=last).order_by("pk")[:BATCH]):
        for complaint in batch:
            events = list(complaint.events.all())
            if not events:
                rebuilt.beyond_repair.append(f"{complaint.reference}: it has no events")
            elif _differences(complaint, events, editions):
                rebuilt.differences += _look_again(complaint.pk, repair=repair)
        last = batch[-1].pk
        done += len(batch)
        progress(done)
    return rebuilt


def _complaints() -> "QuerySet[Complaint]":
    events = Prefetch("events", RecordedEvent.objects.order_by("number"))
    return Complaint.objects.select_related("procedure_version__procedure").prefetch_related(
        events, "deadlines", "transitions", "points"
    )


def _differences(
    complaint: Complaint, events: list[RecordedEvent], editions: Editions
) -> list[str]:
    """Return how a complaint's stored state differs from what its events amount to."""
    terms = complaint.procedure_version.terms
    state = replay(terms, [event.as_event() for event in events], editions)
    found = differences(complaint, state, terms)
    if complaint.version != len(events):
        found.append(f"{complaint.reference}: version is {complaint.version}, not {len(events)}")
    return found


@transaction.atomic
def _look_again(complaint_id: int, *, repair: bool) -> list[str]:
    """Return the differences with the complaint locked, and put them right if asked."""
    complaint = lock_complaint(complaint_id, None)
    events = events_of(complaint)
    editions = Editions()
    found = _differences(complaint, events, editions)
    if found and repair:
        complaint.version = len(events)
        complaint.last_event_at = max(event.recorded_at for event in events)
        terms = complaint.procedure_version.terms
        state = replay(terms, [event.as_event() for event in events], editions)
        save_projection(complaint, state, terms)
    return found
