"""Queries that are put together once for each process, and asked again and again.

Putting a query together takes longer than most answers do: who may know of a complaint is a long
condition. It depends on nothing but the reader's roles and the day, so it is kept. What differs
each time stands in the query as a blank.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sized
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from cases.models import User
from cases.rules.roles import Role
from cases.selectors.counting import with_words
from cases.selectors.planned import planned_once

# Stand in a query for what each time is another: no row has this key, this text or this day.
BLANK = -9_000_000_000_000_000_000
# Lists of keys have room for so many, or for this many times more.
KEYS_AT_ONCE = 25
BLANK_TEXT = "\N{SYMBOL FOR SUBSTITUTE} blank"
BLANK_DAY = date.max
# Lists of different readers, days and filters that are kept for each kind of list.
KEPT = 512

M = TypeVar("M", bound=Model)


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
    covers: frozenset[int]
    user: User = field(compare=False, repr=False)


def reader_of(user: User) -> Reader:
    """Return somebody as the reader of lists.

    Readers are kept as long as their lists: of the person they hold a copy with what the lists
    ask of it, or the request would be kept too on which that person came.
    """
    scope = user.scope
    alone = User(pk=user.pk, is_active=user.is_active)
    alone.stands_in_for = user.stands_in_for
    alone.covers = user.covers
    alone.know_scope(scope)
    return Reader(
        key=user.pk,
        is_active=user.is_active,
        roles=scope.roles,
        areas=frozenset(scope.areas.items()),
        own=scope.own,
        own_keys=user.own_keys,
        covers=user.covers,
        user=alone,
    )


def blank_keys(place: int, number: int) -> list[int]:
    """Return blanks for a list of keys; `place` tells one list of a query from another."""
    first = BLANK + 1_000_000 * (place + 1)
    return list(range(first, first + number))


def room_for(keys: Sized, *, at_once: int = KEYS_AT_ONCE) -> int:
    """Return for how many keys a list of blanks has to have room, at least these."""
    return max(1, -(-len(keys) // at_once)) * at_once


def filling(place: int, keys: Collection[int], room: int) -> dict[int, int]:
    """Return what the blanks of a list stand for; no row has the key that stands in the rest."""
    return dict(zip(blank_keys(place, room), (*keys, *(0,) * (room - len(keys))), strict=True))


class Prepared:
    """A query of some columns as the database takes it. `rows` are `values_list`.

    With `for_one_reader` the keys in it are part of it, and none of them is a blank. Where
    the same plan is good for all values it `is_planned_once`.
    """

    def __init__(
        self,
        rows: QuerySet[Any, Any],
        *,
        for_one_reader: bool = False,
        is_planned_once: bool = False,
    ) -> None:
        self._is_planned_once = is_planned_once
        compiler = rows.query.get_compiler(connection=connection)
        self._keep(compiler, for_one_reader=for_one_reader)

    @classmethod
    def of_compiled(cls, compiler: Any) -> "Prepared":
        """Return the query of a compiler that its caller looks into as well."""
        made = cls.__new__(cls)
        made._is_planned_once = False
        made._keep(compiler, for_one_reader=False)
        return made

    def _keep(self, compiler: Any, *, for_one_reader: bool) -> None:
        """Keep what is asked of the database, and nothing of what it was put together from."""
        self._params: tuple[Any, ...] = ()
        self._converters: dict[int, tuple[list[Callable[..., Any]], Any]] = {}
        try:
            kept = (BLANK_TEXT, str(connection.ops.adapt_datefield_value(BLANK_DAY)))
            self._sql, self._params = with_words(
                *compiler.as_sql(), kept=kept, with_keys=for_one_reader
            )
        except EmptyResultSet:
            self._sql, self._params = "", ()
            return
        columns = [each[0] for each in compiler.select[: compiler.col_count]]
        self._converters = compiler.get_converters(columns)

    def rows(
        self,
        tail: str = "",
        *,
        before: str = "",
        keys: Mapping[int, int] | None = None,
        blank: int = BLANK,
        text: str = BLANK_TEXT,
        day: date = BLANK_DAY,
    ) -> list[tuple[Any, ...]]:
        """Return what the query finds. One query, none where nothing can be found.

        `before` and `tail` are SQL of our own that stands around it. `blank` takes the place of
        every BLANK, `text` of every BLANK_TEXT, `day` of every BLANK_DAY, and `keys` fill in the
        `blank_keys`.
        """
        if not self._sql:
            return []
        to_day = connection.ops.adapt_datefield_value
        filled: dict[Any, Any] = {BLANK: blank, BLANK_TEXT: text, to_day(BLANK_DAY): to_day(day)}
        filled.update(keys or {})
        params: tuple[Any, ...] = tuple([filled.get(each, each) for each in self._params])
        # Asked of the connection anew each time: what is kept here serves every thread.
        with planned_once() if self._is_planned_once else connection.cursor() as cursor:
            cursor.execute(f"{before}{self._sql}{tail}", params)
            found = cursor.fetchall()
        return [self._converted(row) for row in found] if self._converters else found

    def _converted(self, row: tuple[Any, ...]) -> tuple[Any, ...]:
        values = list(row)
        for place, (converters, expression) in self._converters.items():
            for convert in converters:
                values[place] = convert(values[place], expression, connection)
        return tuple(values)


class PreparedModels(Generic[M]):
    """A query of records, with those that they name, as the database takes it."""

    def __init__(self, records: QuerySet[M]) -> None:
        compiler = records.query.get_compiler(connection=connection)
        self._prepared = Prepared.of_compiled(compiler)
        # As Django's own ModelIterable reads them.
        shape = compiler.klass_info or {}
        places = shape.get("select_fields", [])
        self._first: int = places[0] if places else 0
        self._end: int = places[-1] + 1 if places else 0
        self._model: type[M] = records.model
        self._names = [each[0].target.attname for each in compiler.select[self._first : self._end]]
        self._related = (
            # The types are those of a later Django, which asks for one thing more.
            get_related_populators(shape, compiler.select, connection.alias)  # type: ignore[call-arg]
            if shape
            else []
        )
        self._noted = tuple(compiler.annotation_col_map.items())

    def all(
        self,
        tail: str = "",
        *,
        keys: Mapping[int, int] | None = None,
        blank: int = BLANK,
        text: str = BLANK_TEXT,
        day: date = BLANK_DAY,
    ) -> list[M]:
        """Return the records that the query finds, its blanks filled in. One query."""
        rows = self._prepared.rows(tail, keys=keys, blank=blank, text=text, day=day)
        return list(self._records(rows))

    def first(
        self, *, blank: int = BLANK, text: str = BLANK_TEXT, day: date = BLANK_DAY
    ) -> M | None:
        """Return the first record, or nothing. One query."""
        return next(iter(self.all(" LIMIT 1", blank=blank, text=text, day=day)), None)

    def _records(self, rows: Iterable[tuple[Any, ...]]) -> Iterable[M]:
        for row in rows:
            record = self._model.from_db(
                connection.alias, self._names, row[self._first : self._end]
            )
            for related in self._related:
                related.populate(row, record)
            for name, place in self._noted:
                setattr(record, name, row[place])
            yield record
