"""Who works for the landlord: adding a contractor, renaming, retiring."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import Contractor, Thing, User
from cases.operations.codes import free_code
from cases.operations.settings_changes import check_seen, moved, note_change


@transaction.atomic
def add_contractor(*, name: str, by: User, now: datetime) -> Contractor:
    """Add a contractor.

    :raises ActionNotAllowed: if there is one of this name.
    """
    every = _locked()
    _check_name(name, every, itself=None)
    row = Contractor.objects.create(
        code=free_code(name, {each.code for each in every}), name=name.strip()
    )
    _note(row, "Added", by=by, now=now)
    return row


@transaction.atomic
def rename_contractor(
    *, code: str, name: str, by: User, now: datetime, seen: int | None
) -> Contractor:
    """Rename a contractor; complaints about their work have the new name too.

    :raises ActionNotAllowed: if there is another of this name.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    every = _locked()
    row = next(each for each in every if each.code == code)
    check_seen(thing=Thing.CONTRACTOR, key=code, seen=seen)
    _check_name(name, every, itself=row)
    if changes := moved("Name", row.name, name.strip()):
        row.name = name.strip()
        row.save(update_fields=["name"])
        note_change(
            thing=Thing.CONTRACTOR,
            act="Renamed",
            by=by,
            now=now,
            key=code,
            name=row.name,
            changes=changes,
        )
    return row


@transaction.atomic
def retire_contractor(*, code: str, is_retired: bool, by: User, now: datetime) -> Contractor:
    """Take a contractor out of use, or bring them back. Complaints about their work keep them."""
    row = next(each for each in _locked() if each.code == code)
    if row.is_retired != is_retired:
        row.is_retired = is_retired
        row.save(update_fields=["is_retired"])
        _note(row, "Retired" if is_retired else "Brought back", by=by, now=now)
    return row


def _locked() -> list[Contractor]:
    return list(Contractor.objects.select_for_update().order_by("pk"))


def _check_name(name: str, every: list[Contractor], *, itself: Contractor | None) -> None:
    for each in every:
        if each != itself and each.name.casefold() == name.strip().casefold():
            raise ActionNotAllowed(f"There is a contractor “{each.name}” already.")


def _note(row: Contractor, act: str, *, by: User, now: datetime) -> None:
    note_change(thing=Thing.CONTRACTOR, act=act, by=by, now=now, key=row.code, name=row.name)
