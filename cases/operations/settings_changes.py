"""Writing down who changed which setting, and refusing to change one unseen."""

from collections.abc import Iterable
from datetime import datetime

from cases.errors import SettingChanged
from cases.models import SettingsChange, Thing, User
from cases.selectors.settings_history import last_change

Line = tuple[str, str, str]


def note_change(
    *,
    thing: Thing,
    act: str,
    by: User | None,
    now: datetime,
    key: str = "",
    name: str = "",
    person: User | None = None,
    changes: Iterable[Line] = (),
) -> SettingsChange:
    """Add a line to what was changed. Belongs in the transaction that changes it."""
    return SettingsChange.objects.create(
        at=now,
        by=by,
        thing=thing.value,
        key=person.code if person else key,
        name="" if person else name[:160],
        person=person,
        act=act,
        changes=[list(line) for line in changes],
    )


def moved(what: str, old: object, new: object) -> list[Line]:
    """Return the line for one property, or none if it stays as it was."""
    was, now_is = ("" if value is None else str(value) for value in (old, new))
    return [] if was == now_is else [(what, was, now_is)]


def check_seen(*, thing: Thing, key: str = "", seen: int | None) -> None:
    """Refuse a change that was decided on before somebody else's; None checks nothing.

    Call it after locking the thing: `seen` is the number of the last change that the page showed.

    :raises SettingChanged: if the thing was changed since.
    """
    if seen is None or seen == last_change(thing, key):
        return
    newest = SettingsChange.objects.about(thing, key).select_related("by").newest_first().first()
    who = newest.by.name if newest and newest.by else "Somebody"
    raise SettingChanged(
        f"{who} changed this after you opened the page. Nothing of yours was saved yet: compare "
        "it with how it is now, and save it again if you still want it."
    )
