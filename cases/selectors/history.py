"""The events of a complaint."""

from dataclasses import dataclass
from datetime import datetime

from cases.models import Complaint, EventWords, RecordedEvent
from cases.rules.events import EventKind


def events_of(complaint: Complaint) -> list[RecordedEvent]:
    """Return the recorded events in the order recorded, in one query."""
    events = list(RecordedEvent.objects.filter(complaint=complaint).order_by("number"))
    for event in events:
        event.complaint = complaint
    return events


def words_of(complaint: Complaint, number: int) -> dict[str, str]:
    """Return the words beside one event, none where there are none. One query."""
    found = EventWords.objects.filter(event__complaint=complaint, event__number=number).first()
    return dict(found.parts) if found else {}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Something that somebody recorded after a page was drawn."""

    text: str
    by: str
    at: datetime


def recorded_since(complaint: Complaint, seen: int) -> list[Meanwhile]:
    """Return what was recorded after the version a page was drawn from, in one query."""
    newer = (
        RecordedEvent.objects.filter(complaint=complaint, number__gt=seen)
        .select_related("actor")
        .order_by("number")
    )
    return [
        Meanwhile(
            EventKind(event.kind).words,
            event.actor.name if event.actor else "the system",
            event.recorded_at,
        )
        for event in newer
    ]


def happened_since(complaint: Complaint, seen: int) -> str:
    """Return in words what was recorded after the version a page was drawn from."""
    told = [f"{each.by} recorded “{each.text}”" for each in recorded_since(complaint, seen)]
    return (
        f"The complaint changed after this page was opened: {'; '.join(told) or 'it was changed'}. "
        "Nothing you typed was saved yet; it is shown below."
    )
