"""The tree of service areas: adding, renaming, moving, retiring."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import ServiceArea, Thing, User
from cases.operations.codes import free_code
from cases.operations.settings_changes import check_seen, moved, note_change

MOST_LEVELS = 8


@transaction.atomic
def add_area(
    *, name: str, parent_id: int | None, by: User | None, now: datetime, code: str = ""
) -> ServiceArea:
    """Add a service area below another, or at the top. Without a code one is made of the name.

    :raises ActionNotAllowed: if the one above already has a part of this name.
    """
    areas = _locked_tree()
    parent = areas[parent_id] if parent_id else None
    _check_place(name, parent, areas, itself=None)
    area = ServiceArea.objects.create(
        code=code or free_code(name, {each.code for each in areas.values()}),
        name=name.strip(),
        parent=parent,
    )
    area.path = f"{parent.path if parent else '/'}{area.pk}/"
    area.save(update_fields=["path"])
    note_change(
        thing=Thing.AREA,
        act="Added",
        by=by,
        now=now,
        key=area.code,
        name=area.name,
        changes=moved("Part of", "", parent or ""),
    )
    return area


@transaction.atomic
def change_area(
    *, code: str, name: str, parent_id: int | None, by: User, now: datetime, seen: int | None
) -> ServiceArea:
    """Rename a service area, or move it and all that hangs below it.

    :raises ActionNotAllowed: if it would come to hang below itself, or the name is taken there.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    areas = _locked_tree()
    area = next(each for each in areas.values() if each.code == code)
    check_seen(thing=Thing.AREA, key=code, seen=seen)
    parent = areas[parent_id] if parent_id else None
    _check_place(name, parent, areas, itself=area)
    old_parent = areas[area.parent_id] if area.parent_id else None
    changes = [
        *moved("Name", area.name, name.strip()),
        *moved("Part of", old_parent or "", parent or ""),
    ]
    if not changes:
        return area
    area.name, area.parent = name.strip(), parent
    area.save(update_fields=["name", "parent"])
    _move(area, f"{parent.path if parent else '/'}{area.pk}/", areas)
    note_change(
        thing=Thing.AREA, act="Changed", by=by, now=now, key=code, name=area.name, changes=changes
    )
    return area


def _move(area: ServiceArea, path: str, areas: dict[int, ServiceArea]) -> None:
    old = area.path
    if old == path:
        return
    below = [each for each in areas.values() if each.path.startswith(old)]
    for each in below:
        each.path = path + each.path.removeprefix(old)
    ServiceArea.objects.bulk_update(below, ["path"])


@transaction.atomic
def retire_area(
    *, code: str, is_retired: bool, by: User, now: datetime, seen: int | None
) -> ServiceArea:
    """Take a service area out of use, or bring it back. What it has is kept.

    :raises ActionNotAllowed: if a part of it is in use, or what it is part of is not.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    areas = _locked_tree()
    area = next(each for each in areas.values() if each.code == code)
    check_seen(thing=Thing.AREA, key=code, seen=seen)
    in_use = [each for each in areas.values() if each.parent_id == area.pk and not each.is_retired]
    if is_retired and in_use:
        raise ActionNotAllowed(
            f"{in_use[0].name} is part of it and in use. Retire or move it first."
        )
    above = areas[area.parent_id] if area.parent_id else None
    if not is_retired and above and above.is_retired:
        raise ActionNotAllowed(f"{above.name}, of which it is part, is not in use.")
    if area.is_retired != is_retired:
        area.is_retired = is_retired
        area.save(update_fields=["is_retired"])
        act = "Retired" if is_retired else "Brought back"
        note_change(thing=Thing.AREA, act=act, by=by, now=now, key=code, name=area.name)
    return area


def _locked_tree() -> dict[int, ServiceArea]:
    """Return every area, locked: two moves at once could make each a part of the other."""
    return {
        area.pk: area for area in ServiceArea.objects.select_for_update(of=("self",)).order_by("pk")
    }


def _check_place(
    name: str,
    parent: ServiceArea | None,
    areas: dict[int, ServiceArea],
    *,
    itself: ServiceArea | None,
) -> None:
    if parent and itself and parent.path.startswith(itself.path):
        raise ActionNotAllowed("A service area cannot be part of itself.")
    if parent and parent.is_retired and (itself is None or itself.parent_id != parent.pk):
        raise ActionNotAllowed(f"{parent.name} is not in use.")
    below = [each for each in areas.values() if itself and each.path.startswith(itself.path)]
    height = max((len(each.ancestors) for each in below), default=1)
    height -= len(itself.ancestors) - 1 if itself else 0
    if (len(parent.ancestors) if parent else 0) + height > MOST_LEVELS:
        raise ActionNotAllowed(f"Service areas have {MOST_LEVELS} levels at most.")
    parent_id = parent.pk if parent else None
    for each in areas.values():
        same = each.parent_id == parent_id and each.name.casefold() == name.strip().casefold()
        if same and each != itself:
            raise ActionNotAllowed(
                f"There is a service area “{each.name}” in the same place already."
            )
