"""Several counts, or several short lists, in one query."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from cases.models import Complaint
from cases.models.complaints import COUNT_LIMIT, ComplaintQuerySet

NOTHING = "SELECT 0 AS id WHERE 1 = 0"


class Compiled(NamedTuple):
    """A query as the database takes it."""

    sql: str
    params: tuple[Any, ...]


def compiled(rows: QuerySet[Any]) -> Compiled:
    """Return a query of one column as the database takes it."""
    try:
        return Compiled(*rows.query.sql_with_params())
    except EmptyResultSet:
        return Compiled(NOTHING, ())


class Narrowing:
    """Complaints that are narrowed in several ways at once, compiled once for all of them.

    Working out who may see what takes longer than most conditions that come on top of it.
    `complaints` have a condition, no joins and no order.
    """

    def __init__(self, complaints: ComplaintQuerySet) -> None:
        self._base = compiled(complaints.values("pk"))

    def to(self, condition: Q, *, soonest_first: bool = False, limit: int) -> Compiled:
        """Return the query of the keys of those that meet the condition too."""
        if self._base.sql == NOTHING:
            return self._base
        query = Complaint.objects.filter(condition).query
        compiler = query.get_compiler(connection=connection)
        try:
            where, params = compiler.compile(query.where)
        except EmptyResultSet:
            return Compiled(NOTHING, ())
        except FullResultSet:
            where, params = "1 = 1", ()
        order = " ORDER BY next_due_on ASC NULLS LAST, id" if soonest_first else ""
        sql = f"{self._base.sql} AND ({where}){order} LIMIT {limit:d}"
        return Compiled(sql, (*self._base.params, *params))


def count_each(lists: Mapping[str, Compiled]) -> dict[str, int]:
    """Return how many rows each of the lists has, which are limited. One query."""
    if not lists:
        return {}
    counts = ", ".join(f"(SELECT count(*) FROM ({each.sql}) AS counted)" for each in lists.values())  # noqa: S608  Django's own
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {counts}", [value for each in lists.values() for value in each.params]
        )
        row = cursor.fetchone()
    return dict(zip(lists, row, strict=True))


def in_words(count: int, *, limit: int = COUNT_LIMIT) -> str:
    """Return a count as pages say it: "31", or "1,000+" beyond the limit."""
    return f"{limit:,}+" if count > limit else f"{count:,}"


def keys_of_each(lists: Mapping[str, Compiled]) -> dict[str, list[int]]:
    """Return the keys that each of the lists yields, which are limited. One query."""
    found: dict[str, list[int]] = {name: [] for name in lists}
    if not lists:
        return found
    parts = (f"SELECT %s, listed.* FROM ({each.sql}) AS listed" for each in lists.values())  # noqa: S608  Django's own
    params = [value for name, each in lists.items() for value in (name, *each.params)]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for name, key in cursor.fetchall():
            found[name].append(key)
    return found
