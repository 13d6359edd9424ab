"""Hashes that make a changed record show."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any


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
