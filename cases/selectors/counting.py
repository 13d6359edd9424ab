"""Several counts, or several short lists, in one query."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import Q, QuerySet
from psycopg.sql import Literal

from cases.models import Complaint
from cases.models.complaints import COUNT_LIMIT, ComplaintQuerySet
from cases.selectors.planned import planned_once

# Where a query takes a value, and what is a mark of percentage and no such place.
PLACES = re.compile("%%|%s")
NOTHING = "SELECT 0 AS id WHERE 1 = 0"


class Compiled(NamedTuple):
    """A query as the database takes it."""

    sql: str
    params: tuple[Any, ...]


def compiled(rows: QuerySet[Any]) -> Compiled:
    """Return a query as the database takes it, its words written out."""
    try:
        return with_words(*rows.query.sql_with_params())
    except EmptyResultSet:
        return Compiled(NOTHING, ())


def with_words(
    sql: str, params: Sequence[Any], *, kept: Collection[str] = (), with_keys: bool = False
) -> Compiled:
    """Return a query with its texts written into it, but for the `kept`; `with_keys` numbers too.

    A query that is asked again with other keys and days is planned once, and its plan must know
    the codes in it (a status, a level): what lies in an index for them alone is found by these.
    One that goes through many rows for few readers is planned for each of them: a list of keys
    that is known beforehand is looked up, and not gone through, at each row.
    Only for PostgreSQL, which plans.
    """
    if connection.vendor != "postgresql":
        return Compiled(sql, tuple(params))
    left: list[Any] = []
    rest = iter(params)

    def fill(mark: re.Match[str]) -> str:
        if mark[0] == "%%":
            return mark[0]
        value = next(rest)
        if isinstance(value, str) and value not in kept:
            return str(Literal(value).as_string()).replace("%", "%%")
        if with_keys and type(value) is int:
            return str(value)
        left.append(value)
        return mark[0]

    return Compiled(PLACES.sub(fill, sql), tuple(left))


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
        narrowed = with_words(where, params)
        sql = f"{self._base.sql} AND ({narrowed.sql}){order} LIMIT {limit:d}"
        return Compiled(sql, (*self._base.params, *narrowed.params))


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
    """Return the keys that each of the lists yields, which are limited. One query.

    It is planned once: no list may look for words.
    """
    found: dict[str, list[int]] = {name: [] for name in lists}
    if not lists:
        return found
    parts = (
        f"SELECT '{name}' AS list, listed.* FROM ({each.sql}) AS listed"  # noqa: S608  our own names
        for name, each in lists.items()
    )
    params = [value for each in lists.values() for value in each.params]
    with planned_once() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for name, key in cursor.fetchall():
            found[name].append(key)
    return found
