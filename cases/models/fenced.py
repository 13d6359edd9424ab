"""Keys that the database reads once before it asks for them, whatever it makes of the rest."""

from collections.abc import Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, Expression, F, QuerySet, Subquery
from django.db.models.sql.compiler import SQLCompiler

Condition = tuple[str, tuple[Any, ...]]


class Among(Expression):
    """The condition that the column is among the keys that a query gives.

    For short lists: what somebody may open by name, what waits for the post. PostgreSQL reads
    them once, as an array, and plans the rest as if they were few. Written with IN, it takes
    them for as many as its statistics say, or counts the price of asking for each row, and goes
    through whole tables where an index would answer.
    """

    output_field = BooleanField()

    def __init__(self, column: str, keys: QuerySet[Any, Any]) -> None:
        super().__init__()
        self._column: Any = F(column)
        self._keys: Any = Subquery(keys)

    def get_source_expressions(self) -> list[Any]:
        """Return the column and the query."""
        return [self._column, self._keys]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        """Take them as they are resolved."""
        self._column, self._keys = exprs

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Condition:
        """Return the condition."""
        column, column_params = compiler.compile(self._column)
        keys, keys_params = compiler.compile(self._keys)
        among = f"= ANY (ARRAY{keys})" if connection.vendor == "postgresql" else f"IN {keys}"
        return f"{column} {among}", (*column_params, *keys_params)
