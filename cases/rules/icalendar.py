"""A calendar that other programs read (iCalendar, RFC 5545): whole days and nothing else.

Days stand in it as dates, so it needs no time zone and means the same in every program.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

# A line has at most so many octets (RFC 5545, 3.1); the rest goes on in the next after a space.
LINE_OCTETS = 75


@dataclass(frozen=True, slots=True)
class Entry:
    """One day in a calendar, about the complaint with that reference.

    `uid` stays the same for as long as it is the same thing. `promise` is the event that made it,
    where it is a dated promise: no calendar says it.
    """

    uid: str
    reference: str
    on: date
    words: str
    url: str
    changed_at: datetime
    promise: int | None = None


def calendar_text(name: str, entries: Iterable[Entry]) -> str:
    """Return the calendar; the same entries always give the same text."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Complaints//Deadlines//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
    ]
    for entry in entries:
        lines += _entry(entry)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _entry(entry: Entry) -> list[str]:
    changed = f"{entry.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return [
        "BEGIN:VEVENT",
        f"UID:{escaped(entry.uid)}",
        f"DTSTAMP:{changed}",
        f"LAST-MODIFIED:{changed}",
        f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}",
        # The end is the first day that no longer belongs to it.
        f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}",
        f"SUMMARY:{escaped(entry.words)}",
        f"URL:{entry.url}",
        # Nobody is busy because something is due.
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def escaped(text: str) -> str:
    """Return a text as a calendar holds it."""
    marked = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return " ".join(marked.splitlines())


def folded(line: str) -> str:
    """Return a line broken where it gets too long, never within a character."""
    parts, part, length = [], "", 0
    for character in line:
        octets = len(character.encode())
        # Every line but the first begins with a space.
        if length + octets > LINE_OCTETS:
            parts.append(part)
            part, length = "", 1
        part += character
        length += octets
    return "\r\n ".join([*parts, part])
