"""Who covers a complaint while its officer is away, read from its record."""

from collections.abc import Iterable
from datetime import date

from cases.rules.events import Event, EventKind


def covered_by(events: Iterable[Event], day: date) -> int | None:
    """Return who was named last to cover it on that day, unless it was given away since."""
    found = None
    for event in events:
        if event.kind is EventKind.ASSIGNED or "uncovered" in event.facts:
            found = None
        elif event.kind is EventKind.ACCESS_CHANGED and "cover" in event.facts:
            first, last = event.day("cover_from"), event.day("cover_until")
            if first and last and first <= day <= last:
                found = event.facts["cover"]
    return found
