"""What complaints are searched by: one row for each, written in the transaction of its words."""

from collections.abc import Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

from cases.models.complaints import Complaint
from cases.rules.search_words import Sought, Term
from cases.search_indexes import FULL_TEXT_TABLE, VECTOR

Compiled = tuple[str, Sequence[Any]]


class SearchText(models.TextField):  # type: ignore[type-arg]  # only the stubs have arguments
    """Plain words, lower case and without accents, with the look-up `matches`."""


@SearchText.register_lookup
class Matches(Lookup):
    """What a query of words asks for is in the row of this column, in whichever of its columns.

    The query is in the database's own form: the text of `tsquery`, or that of `fts5_query`.
    """

    lookup_name = "matches"
    prepare_rhs = False

    def as_postgresql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Compiled:
        """Return the condition on the row's vector."""
        return f"{self._row(compiler)}.{VECTOR} @@ %s::tsquery", [self.rhs]

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> Compiled:
        """Return the condition on the full-text table of the rows."""
        table = FULL_TEXT_TABLE
        found = f"SELECT rowid FROM {table} WHERE {table} MATCH %s"  # noqa: S608  our own names
        return f"{self._row(compiler)}.complaint_id IN ({found})", [self.rhs]

    def _row(self, compiler: SQLCompiler) -> str:
        return compiler.quote_name_unless_alias(self.lhs.alias)


def tsquery(sought: Sought) -> Compiled:
    """Return what gives a PostgreSQL query: names as they are, other words by their stems too."""
    parts, params = [], []
    for term in sought.terms:
        words = _tsquery_words(term, weights="" if sought.with_notes else "AB")
        found = "to_tsquery('simple', %s) || to_tsquery('english', %s)"
        params += [words, words]
        if topics := sought.topics_with(term):
            found += " || to_tsquery('simple', %s)"
            params.append(" | ".join(topics))
        parts.append(f"({found})")
    if sought.places:
        parts.append("to_tsquery('simple', %s)")
        params.append(" | ".join(sought.places))
    return f"({' && '.join(parts)})", params


def _tsquery_words(term: Term, *, weights: str) -> str:
    mark = f":{'*' if term.is_beginning else ''}{weights}".rstrip(":")
    return " <-> ".join(f"{word}{mark}" for word in term.words)


def fts5_query(sought: Sought) -> str:
    """Return an FTS5 query; its tokenizer finds the stems."""
    where = "{names words notes} : " if sought.with_notes else "{names words} : "
    parts = []
    for term in sought.terms:
        found = f'{where}"{" ".join(term.words)}"{" *" if term.is_beginning else ""}'
        if topics := sought.topics_with(term):
            found = f"(({found}) OR (places : ({' OR '.join(topics)})))"
        parts.append(found)
    if sought.places:
        parts.append(f"(places : {' OR '.join(sought.places)})")
    return " AND ".join(parts)


class SearchEntry(models.Model):
    """The words by which one complaint is found.

    `names` are the people's, with addresses and numbers; `words` are the complaint's and those
    of letters; `notes` are for colleagues; `places` say where the complaint lies and what it is
    about.
    """

    complaint = models.OneToOneField(
        Complaint, on_delete=models.PROTECT, related_name="search_entry", primary_key=True
    )
    names = SearchText(blank=True)
    words = SearchText(blank=True)
    notes = SearchText(blank=True)
    places = SearchText(blank=True)

    class Meta:
        verbose_name_plural = "search entries"

    def __str__(self) -> str:
        return f"Words of {self.complaint_id}"
