"""Several counts, or several short lists, in one query."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from cases.models.complaints import COUNT_LIMIT


def count_up_to(
    lists: Mapping[str, QuerySet[Any]],
    *,
    limit: int = COUNT_LIMIT,
    also: Mapping[str, QuerySet[Any]] | None = None,
) -> dict[str, Any]:
    """Return how many rows each list has, none counted beyond one more than `limit`. One query.

    `also` names queries of one value that are answered with it.
    """
    parts: list[str] = []
    params: list[Any] = []
    for each in lists.values():
        sql, values = _compiled(each.order_by().values("pk")[: limit + 1])
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")  # noqa: S608  Django's own
        params += values
    for each in (also or {}).values():
        sql, values = _compiled(each)
        parts.append(f"({sql})")
        params += values
    if not parts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        row = cursor.fetchone()
    return dict(zip([*lists, *(also or {})], row, strict=True))


def in_words(count: int, *, limit: int = COUNT_LIMIT) -> str:
    """Return a count as pages say it: "31", or "1,000+" beyond the limit."""
    return f"{limit:,}+" if count > limit else f"{count:,}"


def keys_by_list(lists: Mapping[str, QuerySet[Any]]) -> dict[str, list[int]]:
    """Return the keys that each list yields, which is one column of a limited query. One query."""
    parts: list[str] = []
    params: list[Any] = []
    for name, each in lists.items():
        sql, values = _compiled(each)
        parts.append(f"SELECT %s, listed.* FROM ({sql}) AS listed")  # noqa: S608  Django's own
        params += [name, *values]
    found: dict[str, list[int]] = {name: [] for name in lists}
    if not parts:
        return found
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), params)
        for name, key in cursor.fetchall():
            found[name].append(key)
    return found


def _compiled(queryset: QuerySet[Any]) -> tuple[str, tuple[Any, ...]]:
    try:
        return queryset.query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 0 AS id WHERE 1 = 0", ()
