"""Whether the record is still what was written: chains, words, seals, triggers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F, IntegerField, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from cases.models import Anchor, Complaint, RecordedEvent
from cases.rules.periods import london_day
from cases.rules.sealing import day_hash, event_hash, words_hash
from cases.triggers import missing_triggers

CHUNK = 2_000
Progress = Callable[[int], None]
Seals = Mapping[date, tuple[int, str]]


@dataclass
class RecordCheck:
    """What a walk through the record found: `faults` in order, empty when all is as written."""

    events: int = 0
    erased: int = 0
    seals: int = 0
    faults: list[str] = field(default_factory=list)


class _Row(NamedTuple):
    complaint: int
    reference: str
    number: int
    kind: str
    on: date
    at: datetime | None
    recorded_at: datetime
    actor: int | None
    stage: str
    visit: int
    facts: Any
    words_hash: str
    previous_hash: str
    hash: str
    parts: Any
    salt: str | None


_FIELDS = (
    *("complaint_id", "complaint__reference", "number", "kind", "on", "at", "recorded_at"),
    *("actor_id", "stage", "visit", "facts", "words_hash", "previous_hash", "hash"),
    *("words__parts", "words__salt"),
)


def check_record(*, outside: Seals | None, progress: Progress) -> RecordCheck:
    """Walk the whole record and return what is not as it was written.

    `outside` are the seals kept outside the database, which show what somebody with every power
    over the database could hide: an end cut off, a chain built anew. Of each chain only the
    first bad event is named, for what follows it proves nothing.
    """
    found = RecordCheck()
    found.faults += [f"The trigger {name} is missing." for name in _triggers()]
    _check_chains(found, progress)
    found.faults += _cut_off()
    _check_seals(found)
    if outside is not None:
        found.faults += _against(outside)
    return found


def _triggers() -> list[str]:
    return sorted(missing_triggers(connection))


def _check_chains(found: RecordCheck, progress: Progress) -> None:
    rows = (
        RecordedEvent.objects.order_by("complaint_id", "number")
        .values_list(*_FIELDS)
        .iterator(chunk_size=CHUNK)
    )
    for _, chain in groupby(map(_Row._make, rows), key=lambda row: row.complaint):
        fault = ""
        head, expected = "", 1
        for row in chain:
            found.events += 1
            if found.events % CHUNK == 0:
                progress(found.events)
            found.erased += bool(row.words_hash) and row.parts is None
            if not fault and (fault := _fault_of(row, head, expected)):
                found.faults.append(f"{row.reference}, event {row.number}: {fault}")
            head, expected = row.hash, expected + 1
    progress(found.events)


def _fault_of(row: _Row, head: str, expected: int) -> str:
    """Return what is wrong with an event, or nothing."""
    if row.number != expected:
        return f"event {expected} should come before it and is not there."
    if row.previous_hash != head:
        return "it does not follow the event before it."
    fields = {
        "complaint": row.reference,
        "number": row.number,
        "kind": row.kind,
        "on": row.on,
        "at": row.at,
        "recorded_at": row.recorded_at,
        "actor": row.actor,
        "stage": row.stage,
        "visit": row.visit,
        "facts": row.facts,
        "words": row.words_hash,
    }
    if event_hash(fields, row.previous_hash) != row.hash:
        return "it is not what was written."
    if row.parts is not None and words_hash(row.parts, row.salt or "") != row.words_hash:
        return "its words are not those that were written."
    return ""


def _cut_off() -> list[str]:
    """Return the complaints whose chain does not end where they say it does."""
    last = (
        RecordedEvent.objects.filter(complaint=OuterRef("pk"))
        .values("complaint")
        .annotate(last=Max("number"))
        .values("last")
    )
    wrong = (
        Complaint.objects.annotate(last=Coalesce(Subquery(last, IntegerField()), 0))
        .exclude(version=F("last"))
        .order_by("pk")
        .values_list("reference", "version", "last")
    )
    return [
        f"{reference}: it should have {version} events, and the last is {number}."
        for reference, version, number in wrong
    ]


def _check_seals(found: RecordCheck) -> None:
    """Compare every seal with the events of its day and with the seal before it."""
    seals = list(Anchor.objects.order_by("day"))
    previous: Anchor | None = None
    days = _days(seals[-1].day) if seals else iter(())
    hashes: dict[date, list[str]] = {}
    for seal in seals:
        found.seals += 1
        if previous is not None and seal.day != previous.day + timedelta(days=1):
            found.faults.append(f"There is no seal of {previous.day + timedelta(days=1)}.")
        for day, of_day in days:
            hashes[day] = of_day
            if day >= seal.day:
                break
        if fault := _seal_fault(seal, hashes.pop(seal.day, []), previous):
            found.faults.append(f"The seal of {seal.day}: {fault}")
        previous = seal
    found.faults += [f"{day} has events but no seal." for day in sorted(hashes) if seals]


def _days(until: date) -> Iterator[tuple[date, list[str]]]:
    """Yield the hashes of each London day on which something was recorded, in order."""
    rows = (
        RecordedEvent.objects.order_by("recorded_at", "pk")
        .values_list("recorded_at", "hash")
        .iterator(chunk_size=CHUNK)
    )
    for day, group in groupby(rows, key=lambda row: london_day(row[0])):
        if day > until:
            return
        yield day, [row[1] for row in group]


def _seal_fault(seal: Anchor, hashes: list[str], previous: Anchor | None) -> str:
    if seal.previous_hash != (previous.hash if previous else ""):
        return "it does not follow the seal before it."
    if seal.events != len(hashes):
        return f"it was put on {seal.events} events, and there are {len(hashes)}."
    if day_hash(seal.day, hashes, seal.previous_hash) != seal.hash:
        return "the events of the day are not those it was put on."
    return ""


def _against(outside: Seals) -> list[str]:
    """Return where the seals kept outside differ from those in the database."""
    inside = {seal.day: (seal.events, seal.hash) for seal in Anchor.objects.all()}
    found = []
    for day, seal in sorted(outside.items()):
        if day not in inside:
            found.append(f"The seal of {day} was kept outside and is not in the database.")
        elif inside[day] != seal:
            found.append(f"The seal of {day} kept outside is not the one in the database.")
    return found
