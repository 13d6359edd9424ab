"""What complaints are about: adding a category, renaming, putting in order, retiring."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from cases.errors import ActionNotAllowed
from cases.models import Category, Thing, User
from cases.operations.codes import free_code
from cases.operations.settings_changes import check_seen, moved, note_change

# The category for whatever fits no other, which a new landlord has at the end of the list.
REST = "other"


@transaction.atomic
def add_category(*, name: str, by: User, now: datetime) -> Category:
    """Add a category at the end of the list, before “Something else” where that is the last.

    :raises ActionNotAllowed: if there is one of this name.
    """
    categories = _locked()
    _check_name(name, categories, itself=None)
    category = Category.objects.create(
        code=free_code(name, {each.code for each in categories}),
        name=name.strip(),
        position=last_place(),
    )
    _note(category, "Added", by=by, now=now)
    return category


@transaction.atomic
def rename_category(*, code: str, name: str, by: User, now: datetime, seen: int | None) -> Category:
    """Rename a category; complaints in it have the new name too.

    :raises ActionNotAllowed: if there is another of this name.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    categories = _locked()
    category = next(each for each in categories if each.code == code)
    check_seen(thing=Thing.CATEGORY, key=code, seen=seen)
    _check_name(name, categories, itself=category)
    changes = moved("Name", category.name, name.strip())
    if changes:
        category.name = name.strip()
        category.save(update_fields=["name"])
        note_change(
            thing=Thing.CATEGORY,
            act="Renamed",
            by=by,
            now=now,
            key=code,
            name=category.name,
            changes=changes,
        )
    return category


@transaction.atomic
def move_category(*, code: str, is_up: bool, by: User, now: datetime) -> Category:
    """Move a category one place up or down among those in use; at the end it stays."""
    categories = _locked()
    in_use = [each for each in categories if not each.is_retired]
    category = next(each for each in categories if each.code == code)
    if category not in in_use:
        return category
    place = in_use.index(category)
    other = place - 1 if is_up else place + 1
    if not 0 <= other < len(in_use):
        return category
    in_use[place], in_use[other] = in_use[other], in_use[place]
    ordered = in_use + [each for each in categories if each.is_retired]
    for position, each in enumerate(ordered):
        each.position = position
    Category.objects.bulk_update(ordered, ["position"])
    _note(category, "Moved up" if is_up else "Moved down", by=by, now=now)
    return category


@transaction.atomic
def retire_category(*, code: str, is_retired: bool, by: User, now: datetime) -> Category:
    """Take a category out of use, or bring it back. Complaints in it keep it."""
    category = next(each for each in _locked() if each.code == code)
    if category.is_retired != is_retired:
        category.is_retired = is_retired
        category.save(update_fields=["is_retired"])
        _note(category, "Retired" if is_retired else "Brought back", by=by, now=now)
    return category


def last_place() -> int:
    """Return the position of a category that is added now, and make room for it.

    It is the last, but for the category for everything else where that was last: nobody reads on
    after “Something else”. At most three queries.
    """
    end = Category.objects.aggregate(last=Max("position"))["last"]
    free = 0 if end is None else end + 1
    last = Category.objects.filter(is_retired=False).order_by("-position", "-pk").first()
    if last is None or last.code != REST:
        return free
    place, last.position = last.position, free
    last.save(update_fields=["position"])
    return place


def _locked() -> list[Category]:
    return list(Category.objects.select_for_update().order_by("position", "pk"))


def _check_name(name: str, categories: list[Category], *, itself: Category | None) -> None:
    for each in categories:
        if each != itself and each.name.casefold() == name.strip().casefold():
            where = " It is retired: bring it back instead." if each.is_retired else ""
            raise ActionNotAllowed(f"There is a category “{each.name}” already.{where}")


def _note(category: Category, act: str, *, by: User, now: datetime) -> None:
    note_change(
        thing=Thing.CATEGORY, act=act, by=by, now=now, key=category.code, name=category.name
    )
