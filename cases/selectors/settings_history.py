"""What was changed in the settings."""

from dataclasses import dataclass

from django.db.models import QuerySet

from cases.models import SettingsChange, Thing

# How many changes are shown beside a thing; the whole history has pages.
LATEST = 10
# What a coordinator, who may not look at people, is shown of the history.
NOT_PEOPLE = frozenset(Thing) - {Thing.PERSON, Thing.AREA, Thing.MESSAGE}


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """Which changes are wanted: of some kinds of things, by somebody."""

    things: frozenset[Thing]
    by: int | None = None


def settings_history(wanted: HistoryFilter) -> QuerySet[SettingsChange]:
    """Return the changes, the newest first, with who made them."""
    changes = SettingsChange.objects.filter(thing__in=[thing.value for thing in wanted.things])
    if wanted.by is not None:
        changes = changes.filter(by=wanted.by)
    return changes.select_related("by", "person").newest_first()


def changes_of(thing: Thing, key: str = "") -> list[SettingsChange]:
    """Return the latest changes of one thing, the newest first, in one query."""
    changes = SettingsChange.objects.about(thing, key).select_related("by", "person")
    return list(changes.newest_first()[:LATEST])


def last_change(thing: Thing, key: str = "") -> int:
    """Return the number of the last change of a thing, 0 for none: the version that a form saw."""
    numbers = SettingsChange.objects.about(thing, key).newest_first().values_list("pk", flat=True)
    return numbers.first() or 0
