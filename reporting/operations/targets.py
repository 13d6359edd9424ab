"""Setting what the landlord wants to reach."""

from datetime import datetime

from django.db import transaction

from cases.models import Landlord, Thing, User
from cases.operations.settings_changes import check_seen, moved, note_change
from reporting.models import Targets
from reporting.rules.targets import Aim, Wanted

# By which key the changes of the targets are found among those of the landlord.
KEY = "targets"


@transaction.atomic
def set_targets(*, wanted: Wanted, by: User, now: datetime, seen: int) -> Targets:
    """Keep the targets, and who changed which from what to what.

    :raises SettingChanged: if somebody changed them since `seen`.
    """
    # The landlord is one row: who holds it changes them alone.
    Landlord.objects.select_for_update().first()
    check_seen(thing=Thing.LANDLORD, key=KEY, seen=seen)
    row, _ = Targets.objects.get_or_create(pk=1)
    changes = [
        line
        for aim in Aim
        for line in moved(f"{aim.words} ({aim.unit})", getattr(row, aim.value), wanted.of(aim))
    ]
    if changes:
        for aim in Aim:
            setattr(row, aim.value, wanted.of(aim))
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
