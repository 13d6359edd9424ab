"""Queries that are put together once for each process, and asked again and again.

Putting a query together takes longer than most answers do: who may know of a complaint is a long
condition. It depends on nothing but the reader's roles and the day, so it is kept.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from cases.models import User
from cases.rules.roles import Role

# Stands in a query for what each time is another: no row has this key.
BLANK = -9_000_000_000_000_000_000
# Lists of different readers, days and filters that are kept for each kind of list.
KEPT = 512


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who reads lists; equal to whoever may know of the same complaints in the same way.

    Holds all that `ComplaintQuerySet.visible_to` and its kin ask of a person.
    """

    key: int
    is_active: bool
    roles: frozenset[Role]
    areas: frozenset[tuple[Role, frozenset[int]]]
    own: frozenset[Role]
    own_keys: frozenset[int]
    user: User = field(compare=False, repr=False)


def reader_of(user: User) -> Reader:
    """Return somebody as the reader of lists.

    Readers are kept as long as their lists: of the person they hold a copy with what the lists
    ask of it, or the request would be kept too on which that person came.
    """
    scope = user.scope
    alone = User(pk=user.pk, is_active=user.is_active)
    alone.stands_in_for = user.stands_in_for
    alone.know_scope(scope)
    return Reader(
        key=user.pk,
        is_active=user.is_active,
        roles=scope.roles,
        areas=frozenset(scope.areas.items()),
        own=scope.own,
        own_keys=user.own_keys,
        user=alone,
    )


class Prepared:
    """A query of some columns as the database takes it. `rows` are `values_list`."""

    def __init__(self, rows: QuerySet[Any, Any]) -> None:
        compiler = rows.query.get_compiler(connection=connection)
        try:
            self._sql, self._params = compiler.as_sql()
        except EmptyResultSet:
            self._sql, self._params = "", ()
            return
        columns = [each[0] for each in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(columns)

    def rows(
        self, tail: str = "", *, keys: Sequence[int] = (), blank: int = BLANK
    ) -> list[tuple[Any, ...]]:
        """Return what the query finds. One query, none where nothing can be found.

        `tail` is SQL of our own that follows it; `keys` take the place of its last parameters,
        and `blank` that of every BLANK.
        """
        if not self._sql:
            return []
        given = (blank if each == BLANK else each for each in self._params)
        params = (*tuple(given)[: len(self._params) - len(keys)], *keys)
        with connection.cursor() as cursor:
            cursor.execute(f"{self._sql}{tail}", params)
            found = cursor.fetchall()
        return [self._converted(row) for row in found] if self._converters else found

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)
