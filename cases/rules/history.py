"""The events as they count: corrections applied, struck-out ones gone, in order of happening."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from cases.rules.events import Event, EventKind

# Not part of the story that moves a complaint.
RECORD_KEEPING = frozenset({EventKind.CORRECTED, EventKind.RETRACTED, EventKind.CALENDAR_ADOPTED})


def effective_events(recorded: Sequence[Event]) -> list[Event]:
    """Return the events as they count, in the order they happened.

    Corrections are applied in the order recorded; struck-out events are left out, and struck-out
    corrections are not applied. The order is by date, then time where known, then order recorded;
    the receipt comes first on its day.
    """
    current = {event.number: event for event in recorded}
    struck: set[int] = set()
    for event in recorded:
        if event.kind is EventKind.RETRACTED:
            _strike(event.facts.get("target", 0), current, struck)
    for event in recorded:
        target = event.facts.get("target", 0)
        if event.kind is EventKind.CORRECTED and target in current and event.number not in struck:
            current[target] = _corrected(current[target], event)
    kept = [
        event
        for event in current.values()
        if event.number not in struck and event.kind not in RECORD_KEEPING
    ]
    return _in_order(kept)


def _strike(target: int, current: Mapping[int, Event], struck: set[int]) -> None:
    """Strike an event out; striking out a retraction brings its event back."""
    struck.add(target)
    undone = current.get(target)
    if undone is not None and undone.kind is EventKind.RETRACTED:
        struck.discard(undone.facts.get("target", 0))


def _corrected(event: Event, correction: Event) -> Event:
    """Return the event with the day and the facts that the correction gives."""
    changes = correction.facts.get("changes", {})
    on = correction.day("on") or event.on
    return replace(
        event,
        on=on,
        at=event.at if on == event.on else None,
        facts={**event.facts, **changes},
    )


def _in_order(events: list[Event]) -> list[Event]:
    latest: dict[date, datetime] = {}
    keyed = []
    for event in sorted(events, key=lambda each: each.number):
        # Without a time of its own an event comes after what was recorded before it that day.
        default = latest.get(event.on, datetime.combine(event.on, time.min, UTC))
        at = event.at or default
        latest[event.on] = max(at, default)
        keyed.append(((event.on, event.kind is not EventKind.RECEIVED, at, event.number), event))
    return [event for _, event in sorted(keyed, key=lambda pair: pair[0])]


def calendar_adoptions(recorded: Sequence[Event]) -> tuple[tuple[int, int], ...]:
    """Return which calendar was adopted by which event, in the order recorded."""
    found = []
    for event in recorded:
        if event.kind in (EventKind.RECEIVED, EventKind.CALENDAR_ADOPTED):
            found.append((event.number, int(event.facts.get("calendar", 0))))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Told:
    """A recorded event as a reader needs it: as it counts, and what was said of it since.

    `event` has the corrected day; `original` is as recorded. `corrections` are those that count,
    in the order recorded; `struck_by` is the retraction that holds, if any.
    """

    event: Event
    original: Event
    corrections: tuple[Event, ...] = ()
    struck_by: Event | None = None


def told_history(recorded: Sequence[Event]) -> list[Told]:
    """Return every recorded event, the newest happening first, with what was said of it since.

    Nothing is left out: corrections and struck-out events are entries of their own.
    """
    current = {event.number: event for event in recorded}
    struck: set[int] = set()
    struck_by: dict[int, Event] = {}
    corrections: dict[int, list[Event]] = {}
    for event in recorded:
        if event.kind is EventKind.RETRACTED:
            target = event.facts.get("target", 0)
            _strike(target, current, struck)
            struck_by[target] = event
    for event in recorded:
        target = event.facts.get("target", 0)
        if event.kind is EventKind.CORRECTED and target in current and event.number not in struck:
            corrections.setdefault(target, []).append(event)
            current[target] = _corrected(current[target], event)
    original = {event.number: event for event in recorded}
    return [
        Told(
            event,
            original[event.number],
            tuple(corrections.get(event.number, ())),
            struck_by.get(event.number) if event.number in struck else None,
        )
        for event in reversed(_in_order(list(current.values())))
    ]
