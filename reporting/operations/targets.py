"""Setting what the landlord wants to reach, and what its officers can keep."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from cases.models import Landlord, Thing, User
from cases.operations.settings_changes import check_seen, moved, note_change
from reporting.models import Capacity, Targets
from reporting.rules.targets import Aim, Wanted

# By which key the changes of the targets are found among those of the landlord.
KEY = "targets"


@transaction.atomic
def set_targets(
    *, wanted: Wanted, promises_a_day: Decimal | None, by: User, now: datetime, seen: int
) -> Targets:
    """Keep the targets, and who changed which from what to what.

    `promises_a_day` is how many an officer usually keeps on a working day.

    :raises SettingChanged: if somebody changed them since `seen`.
    """
    # The landlord is one row: who holds it changes them alone.
    Landlord.objects.select_for_update().first()
    check_seen(thing=Thing.LANDLORD, key=KEY, seen=seen)
    row, _ = Targets.objects.get_or_create(pk=1)
    changes = [
        *moved("Promises an officer keeps a day", row.promises_a_day, promises_a_day),
        *(
            line
            for aim in Aim
            for line in moved(f"{aim.words} ({aim.unit})", getattr(row, aim.value), wanted.of(aim))
        ),
    ]
    if changes:
        for aim in Aim:
            setattr(row, aim.value, wanted.of(aim))
        row.promises_a_day = promises_a_day
        row.save()
        note_change(
            thing=Thing.LANDLORD,
            act="Targets set",
            by=by,
            now=now,
            key=KEY,
            name="Targets",
            changes=changes,
        )
    return row


@transaction.atomic
def set_capacity(
    *, user_id: int, promises_a_day: Decimal | None, by: User, now: datetime, seen: int
) -> None:
    """Keep how many promises somebody keeps on a working day; None for as many as is usual.

    :raises SettingChanged: if somebody changed what is set of that person since `seen`.
    """
    person = User.objects.select_for_update().get(pk=user_id)
    check_seen(thing=Thing.PERSON, key=person.code, seen=seen)
    had = Capacity.objects.filter(user=person).first()
    changes = moved(
        "Promises kept a day",
        had.promises_a_day if had else "as usual",
        "as usual" if promises_a_day is None else promises_a_day,
    )
    if not changes:
        return
    if promises_a_day is None:
        Capacity.objects.filter(user=person).delete()
    else:
        Capacity.objects.update_or_create(user=person, defaults={"promises_a_day": promises_a_day})
    note_change(
        thing=Thing.PERSON, act="Capacity set", by=by, now=now, person=person, changes=changes
    )
