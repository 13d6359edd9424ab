"""The events of a complaint."""

from cases.models import Complaint, RecordedEvent
from cases.rules.events import EventKind


def events_of(complaint: Complaint) -> list[RecordedEvent]:
    """Return the recorded events in the order recorded, in one query."""
    events = list(RecordedEvent.objects.filter(complaint=complaint).order_by("number"))
    for event in events:
        event.complaint = complaint
    return events


def happened_since(complaint: Complaint, seen: int) -> str:
    """Return in words what was recorded after the version a page was drawn from."""
    newer = (
        RecordedEvent.objects.filter(complaint=complaint, number__gt=seen)
        .select_related("actor")
        .order_by("number")
    )
    told = [
        f"{event.actor.name if event.actor else 'the system'} recorded "
        f"“{EventKind(event.kind).words}”"
        for event in newer
    ]
    return (
        f"The complaint changed after this page was opened: {'; '.join(told) or 'it was changed'}. "
        "Nothing you typed was saved yet; it is shown below."
    )
