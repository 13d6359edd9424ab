"""Hashes that make a changed record show."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

from cases.errors import RecordDamaged


def canonical(value: Any) -> str:
    """Return JSON that is the same for the same content."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain
    )


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be part of a recorded event.")


def words_hash(parts: Mapping[str, str], salt: str) -> str:
    """Return the salted hash that binds words to their event; nothing for no words."""
    if not parts:
        return ""
    return hashlib.sha256(f"{salt}\n{canonical(dict(parts))}".encode()).hexdigest()


def event_hash(fields: Mapping[str, Any], previous: str) -> str:
    """Return the hash of an event's fields and of the hash before it."""
    return hashlib.sha256(f"{previous}\n{canonical(dict(fields))}".encode()).hexdigest()


def day_hash(day: date, hashes: Iterable[str], previous: str) -> str:
    """Return the seal of a day: over the hashes of its events in order and the seal before it."""
    seal = hashlib.sha256(f"{previous}\n{day.isoformat()}\n".encode())
    for each in hashes:
        seal.update(each.encode())
    return seal.hexdigest()


def seal_line(day: date, events: int, seal: str) -> str:
    """Return the seal of a day as one line of text, as it is kept outside the database."""
    return f"{day.isoformat()} {events} {seal}"


def read_seals(text: str) -> dict[date, tuple[int, str]]:
    """Return the seals in a text by day: over how many events, and the hash.

    :raises RecordDamaged: if a line is not a seal, or two lines disagree about a day.
    """
    found: dict[date, tuple[int, str]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            day, events, seal = line.split()
            read = date.fromisoformat(day), (int(events), seal)
        except ValueError:
            raise RecordDamaged(f"Line {number} is not a seal.") from None
        if found.setdefault(*read) != read[1]:
            raise RecordDamaged(f"Line {number} says otherwise than a line before it.")
    return found
