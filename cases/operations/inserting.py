"""Adding rows with statements that are put together once for each process.

Logging a complaint adds a dozen rows of seven kinds while somebody waits on the telephone, and
putting the statements together takes longer than the database needs for them.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import AutoField, Model


class Insertion:
    """The statement that adds so many rows of one kind, all their columns given."""

    def __init__(self, model: type[Model], number: int, *, is_once: bool) -> None:
        columns = model._meta.local_concrete_fields
        self._fields = [each for each in columns if not isinstance(each, AutoField)]
        self.numbers_rows = len(self._fields) < len(columns)
        quote = connection.ops.quote_name
        names = ", ".join(quote(str(each.column)) for each in self._fields)
        values = f"({', '.join(['%s'] * len(self._fields))})"
        # Of names and signs of our own: no value of a row stands in it.
        self._sql = (
            f"INSERT INTO {quote(model._meta.db_table)} ({names})"  # noqa: S608
            f" VALUES {', '.join([values] * number)}"
            f"{' ON CONFLICT DO NOTHING' if is_once else ''}"
            f" RETURNING {quote(str(columns[0].column))}"
        )

    def run(self, rows: Sequence[Model]) -> list[Any]:
        """Add the rows, and return the keys of those that were added. One query."""
        for row in rows:
            row._prepare_related_fields_for_save("insert")  # type: ignore[attr-defined]
        params = [
            field.get_db_prep_save(field.pre_save(row, True), connection)
            for row in rows
            for field in self._fields
        ]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, params)
            return [key for (key,) in cursor.fetchall()]


@lru_cache(maxsize=256)
def _insertion(model: type[Model], number: int, *, is_once: bool) -> Insertion:
    return Insertion(model, number, is_once=is_once)


def insert(*rows: Model) -> None:
    """Add rows, all of one kind, as `bulk_create` would, and give them their keys. One query."""
    if rows:
        _insert(rows, is_once=False)


def insert_unless_taken(row: Model) -> bool:
    """Add a row unless there is one with its key or reference, and say whether it was added.

    Of two at once the second waits until it is settled whether the first stays. One query.
    """
    return _insert([row], is_once=True)


def _insert(rows: Sequence[Model], *, is_once: bool) -> bool:
    insertion = _insertion(type(rows[0]), len(rows), is_once=is_once)
    keys = insertion.run(rows)
    if len(keys) < len(rows):
        if is_once:
            return False
        raise IntegrityError(f"Of {len(rows)} rows {len(keys)} were added.")
    for row, key in zip(rows, keys, strict=True):
        if insertion.numbers_rows:
            row.pk = key
        row._state.adding = False
        row._state.db = connection.alias
    return True
