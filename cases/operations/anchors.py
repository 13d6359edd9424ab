"""Sealing the record day by day, and keeping the seals where the database cannot reach them."""

import fcntl
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from cases.errors import RecordDamaged
from cases.models import Anchor, OutboundMessage, RecordedEvent, RoleGrant, User
from cases.rules.periods import LONDON, london_day
from cases.rules.roles import Role
from cases.rules.sealing import day_hash, read_seals, seal_line

# A day is sealed from this hour of the next in London: by then nothing of it is being written.
SEALED_FROM = time(3)


def seal_days(*, now: datetime) -> list[Anchor]:
    """Seal every day that has ended and is not sealed yet, from the first event's day on.

    A day without events is sealed too, so that a day that vanished would show. Auditors and
    system administrators get the new seals by e-mail, in one message. Safe to run twice at once.
    """
    try:
        with transaction.atomic():
            sealed = [_seal(day, now=now) for day in _unsealed(now)]
            if sealed:
                _send(sealed, now=now)
    except IntegrityError:
        # Another process sealed one of them at the same moment, and tells of all.
        return []
    return sealed


def _unsealed(now: datetime) -> Iterator[date]:
    """Yield the days to be sealed in their order."""
    local = now.astimezone(LONDON)
    until = local.date() if local.time() >= SEALED_FROM else local.date() - timedelta(days=1)
    last = Anchor.objects.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        first = RecordedEvent.objects.order_by("recorded_at").first()
        if first is None:
            return
        day = london_day(first.recorded_at)
    else:
        day = last + timedelta(days=1)
    while day < until:
        yield day
        day += timedelta(days=1)


def _seal(day: date, *, now: datetime) -> Anchor:
    before = Anchor.objects.filter(day__lt=day).order_by("-day").first()
    previous = before.hash if before else ""
    hashes = hashes_of(day)
    return Anchor.objects.create(
        day=day,
        events=len(hashes),
        previous_hash=previous,
        hash=day_hash(day, hashes, previous),
        sealed_at=now,
    )


def hashes_of(day: date) -> list[str]:
    """Return the hashes of the events recorded on a day in London, in the order recorded."""
    first = datetime.combine(day, time(), LONDON)
    last = datetime.combine(day + timedelta(days=1), time(), LONDON)
    events = RecordedEvent.objects.filter(recorded_at__gte=first, recorded_at__lt=last)
    return list(events.order_by("recorded_at", "pk").values_list("hash", flat=True))


def _line(anchor: Anchor) -> str:
    return seal_line(anchor.day, anchor.events, anchor.hash)


def write_outside() -> int:
    """Add the seals that the file of seals lacks, safe on the disk; return how many.

    Whatever a crash left out is made up for; other processes wait their turn.

    :raises RecordDamaged: if the file and the database disagree about a day.
    """
    path = Path(settings.ANCHOR_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        known = read_seals(file.read())
        anchors = list(Anchor.objects.order_by("day"))
        for anchor in anchors:
            if known.get(anchor.day, (anchor.events, anchor.hash)) != (anchor.events, anchor.hash):
                raise RecordDamaged(
                    f"The seal of {anchor.day:%-d %B %Y} in {path} is not the one in the database."
                )
        new = [_line(anchor) for anchor in anchors if anchor.day not in known]
        if new:
            file.write("".join(f"{line}\n" for line in new))
            file.flush()
            os.fsync(file.fileno())
    if new:
        _make_name_last(path)
    return len(new)


def _make_name_last(path: Path) -> None:
    """Make sure that a power cut cannot take the file's name away."""
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _send(anchors: Sequence[Anchor], *, now: datetime) -> None:
    """Queue the new seals to those who keep them outside the system."""
    keepers = RoleGrant.objects.filter(
        role__in=[Role.AUDITOR.value, Role.SYSTEM_ADMINISTRATOR.value]
    )
    people = User.objects.filter(
        Q(pk__in=keepers.values("user")) | Q(is_superuser=True), is_active=True
    )
    last = anchors[-1].day
    lines = "\n".join(_line(anchor) for anchor in anchors)
    OutboundMessage.objects.bulk_create(
        (
            OutboundMessage(
                key=f"seal:{last:%Y-%m-%d}:{person.pk}",
                kind="seal",
                to_user=person,
                to_address=person.email,
                subject=f"Seal of the record, {last:%-d %B %Y}",
                body=(
                    "Keep this message. It proves later that nothing recorded until then was "
                    "changed or removed: put its lines into a file and run\n\n"
                    "manage.py verify_record --anchors FILE\n\n"
                    f"{lines}\n"
                ),
                created_at=now,
                next_try_at=now,
            )
            for person in people.order_by("pk")
        ),
        ignore_conflicts=True,
    )
