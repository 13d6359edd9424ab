"""How outside bodies are reached, from a day on: a letter takes what is right on its day."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import OutsideBodyDetails, Thing, User
from cases.operations.settings_changes import Line, check_seen, moved, note_change
from cases.rules.periods import london_day


@dataclass(frozen=True, slots=True)
class BodyDetails:
    """Name, telephone and address of an outside body."""

    name: str
    telephone: str = ""
    website: str = ""
    address: str = ""
    words: str = ""


_LABELS = {
    "name": "Name",
    "telephone": "Telephone",
    "website": "Website",
    "address": "Address",
    "words": "Anything else",
}


@transaction.atomic
def add_body_details(
    details: BodyDetails, *, code: str, from_on: date, by: User, now: datetime, seen: int | None
) -> OutsideBodyDetails:
    """Add the details that are right from a day on; the earlier ones stay for earlier letters.

    :raises ActionNotAllowed: if details from that day are there already.
    :raises SettingChanged: if somebody changed them since `seen`.
    """
    known = list(OutsideBodyDetails.objects.select_for_update().filter(code=code))
    check_seen(thing=Thing.OUTSIDE_BODY, key=code, seen=seen)
    if any(each.from_on == from_on for each in known):
        raise ActionNotAllowed(
            f"Details from {from_on:%-d %B %Y} are there already. Choose another day."
        )
    before = max(
        (each for each in known if each.from_on < from_on), key=lambda e: e.from_on, default=None
    )
    row = OutsideBodyDetails.objects.create(code=code, from_on=from_on, **asdict(details))
    _note(row, f"New details from {from_on:%-d %B %Y}", _lines(before, row), by=by, now=now)
    return row


@transaction.atomic
def remove_body_details(*, code: str, from_on: date, by: User, now: datetime) -> None:
    """Take back details that have not come into force yet.

    :raises ActionNotAllowed: if there are none from that day, or letters may carry them already.
    """
    row = OutsideBodyDetails.objects.select_for_update().filter(code=code, from_on=from_on).first()
    if row is None:
        raise ActionNotAllowed("These details were taken back already.")
    if row.from_on <= london_day(now):
        raise ActionNotAllowed("Letters may carry these details already: they are kept.")
    _note(row, f"Details from {from_on:%-d %B %Y} taken back", _lines(row, None), by=by, now=now)
    row.delete()


def _lines(old: OutsideBodyDetails | None, new: OutsideBodyDetails | None) -> list[Line]:
    return [
        line
        for name, label in _LABELS.items()
        for line in moved(label, getattr(old, name, ""), getattr(new, name, ""))
    ]


def _note(
    row: OutsideBodyDetails, act: str, changes: list[Line], *, by: User, now: datetime
) -> None:
    note_change(
        thing=Thing.OUTSIDE_BODY,
        act=act,
        by=by,
        now=now,
        key=row.code,
        name=row.name,
        changes=changes,
    )
