"""The keys of other programs, as the settings list them."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from cases.models import ApiKey, ApiKeyArea
from cases.rules.api_keys import ApiScope

# Keys that ended stay here for what they did; so many are shown.
MOST_ENDED = 100


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key, what it is for and where, and how it stands on a day."""

    key: ApiKey
    scopes: tuple[str, ...]
    areas: tuple[str, ...]
    state: str
    tone: str

    @property
    def waits(self) -> bool:
        """Say whether a second person has to approve it."""
        return self.key.approved_at is None and self.key.revoked_at is None


def key_lines(*, today: date) -> tuple[list[KeyLine], list[KeyLine]]:
    """Return the keys that open something, or may come to, and those that ended. Three queries."""
    areas = Prefetch("areas", ApiKeyArea.objects.select_related("area").order_by("area__name"))
    found = (
        ApiKey.objects.select_related("program", "made_by", "approved_by")
        .prefetch_related(areas)
        .order_by("-pk")
    )
    here = [
        _line(key, today) for key in found.filter(revoked_at__isnull=True).order_by("program__name")
    ]
    ended = [_line(key, today) for key in found.filter(revoked_at__isnull=False)[:MOST_ENDED]]
    return here, ended


def _line(key: ApiKey, today: date) -> KeyLine:
    state, tone = _state(key, today)
    return KeyLine(
        key,
        tuple(scope.words for scope in ApiScope if scope in key.allowed),
        tuple(each.area.name for each in key.areas.all()),
        state,
        tone,
    )


def _state(key: ApiKey, today: date) -> tuple[str, str]:
    if key.revoked_at is not None:
        return "Ended", "grey"
    if key.ends_on < today:
        return "Its last day is over", "grey"
    if key.approved_at is None:
        return "Waits for a second person", "yellow"
    return "In use", "green"
