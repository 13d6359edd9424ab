"""The open complaints that somebody may know of, gone through once for everything asked of them.

Who may know of what is a long condition, and the database takes longer to plan it than to answer
it. Whoever sees few complaints has them gone through once, and each list is picked from these.
Where there are more than CAP each list is looked up by its own index instead.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Q, Value, When

from cases.models.complaints import ComplaintQuerySet
from cases.rules.roles import Role
from cases.selectors.counting import NOTHING, Compiled, compiled
from cases.selectors.planned import planned_once
from cases.selectors.prepared import Reader

CAP = 10_000
_ALL = "all of them"


@dataclass(frozen=True, slots=True)
class Picked:
    """How many each list has, and the keys of the first of those that are shown."""

    counts: dict[str, int]
    keys: dict[str, list[int]]


class Seen:
    """Lists of the open complaints that somebody may know of, picked in one query.

    `complaints` are those that they may know of; `lists` say for each list what belongs to it;
    of those `shown` the first are named, those due soonest first. `others` are lists of something
    else: their rows are counted too, and named where `shown_others` has them.
    """

    def __init__(
        self,
        complaints: ComplaintQuerySet,
        lists: Mapping[str, Q],
        *,
        shown: Mapping[str, int] | None = None,
        others: Mapping[str, Compiled] | None = None,
        shown_others: Mapping[str, Compiled] | None = None,
    ) -> None:
        columns = {
            f"in_{number}": Case(
                When(condition, then=Value(True)),
                default=Value(False),
                output_field=BooleanField(),
            )
            for number, condition in enumerate(lists.values())
        }
        base = complaints.filter(is_open=True).annotate(**columns)
        seen = compiled(base.values_list("pk", "next_due_on", *columns))
        if seen.sql == NOTHING:
            seen = Compiled(f"SELECT 0 AS pk, NULL AS next_due_on{_no(columns)} WHERE 1 = 0", ())
        places = {name: f"in_{number}" for number, name in enumerate(lists)}
        # Gone through once more for all counts together.
        counts = "".join(
            f", count(CASE WHEN {place} THEN 1 END) AS {place}" for place in places.values()
        )
        arms = [f"SELECT '{_ALL}' AS list, 0 AS place, everything AS number FROM counted"]  # noqa: S608  our own names
        params: list[Any] = [*seen.params]
        for name, place in places.items():
            arms.append(f"SELECT '{name}', 0, {place} FROM counted")  # noqa: S608  our own names
        for name, each in (others or {}).items():
            arms.append(f"SELECT '{name}', 0, count(*) FROM ({each.sql}) AS other")  # noqa: S608  Django's own
            params += each.params
        for name, most in (shown or {}).items():
            first = (
                f"SELECT pk FROM seen WHERE {places[name]} "  # noqa: S608  our own names
                f"ORDER BY next_due_on ASC NULLS LAST, pk LIMIT {most:d}"
            )
            arms.append(f"SELECT '{name}', 1, pk FROM ({first}) AS listed")  # noqa: S608  our own names
        for name, each in (shown_others or {}).items():
            arms.append(f"SELECT '{name}', 1, other.* FROM ({each.sql}) AS other")  # noqa: S608  Django's own
            params += each.params
        kept = "MATERIALIZED" if shown else "NOT MATERIALIZED"
        self._sql = (
            f"WITH seen AS {kept} ({seen.sql} LIMIT {CAP + 1:d}), "  # noqa: S608  our own names
            f"counted AS MATERIALIZED (SELECT count(*) AS everything{counts} FROM seen) "
            f"{' UNION ALL '.join(arms)}"
        )
        self._is_too_much = False
        self._params = tuple(params)

    def picked(self) -> Picked | None:
        """Return what was picked, or nothing where there is more than CAP.

        One query; none once there was more.
        """
        if self._is_too_much:
            return None
        found = Picked({}, {})
        with planned_once() as cursor:
            cursor.execute(self._sql, self._params)
            for name, place, number in cursor.fetchall():
                if place:
                    found.keys.setdefault(name, []).append(number)
                else:
                    found.counts[name] = number
        self._is_too_much = found.counts.pop(_ALL) > CAP
        return None if self._is_too_much else found


def sees_much(reader: Reader) -> bool:
    """Say whether somebody sees every area's complaints.

    Theirs are gone through to count them, but too many to be kept for lists to be picked from.
    """
    return Role.COMPLAINTS_COORDINATOR in reader.roles


def _no(columns: Iterable[str]) -> str:
    return "".join(f", 1 = 0 AS {name}" for name in columns)
