"""Watches the requests of tests: what is tracked is written with a row of the record beside it.

Tests that ask for the fixture `every_write_is_recorded` have this as their outermost middleware.
A request that changes a complaint and adds no event, or a setting and adds no change of settings,
fails the test that made it, whether the row was saved, updated with many others, or written by
SQL of our own (P10).
"""

import re
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

EVENT, SETTING = "cases_recordedevent", "cases_settingschange"
# What is kept of a complaint: written with an event.
OF_COMPLAINTS = (
    *("complaint", "stagetransition", "deadline", "pointofcomplaint", "letter", "letterproposal"),
    *("representative", "jointcomplainant", "accessentry", "exclusion", "complaintlink"),
)
# What is set: written with a change of settings.
OF_SETTINGS = (
    *("rolegrant", "proposedrole", "servicearea", "category", "landlord", "outsidebodydetails"),
    *("closure", "bankholiday", "calendaredition", "adoption", "procedureversion"),
    *("lettertemplate", "absence", "contractor", "committeepost", "procedure", "apikeyarea"),
)
BESIDE: dict[str, frozenset[str]] = {
    **{f"cases_{name}": frozenset({EVENT}) for name in OF_COMPLAINTS},
    **{f"cases_{name}": frozenset({SETTING}) for name in OF_SETTINGS},
    "cases_customer": frozenset({"cases_customerchange", EVENT}),
    "cases_contactrestriction": frozenset({"cases_restrictionrecord"}),
    "cases_restrictionletter": frozenset({"cases_restrictionrecord"}),
}
_WRITE = re.compile(
    r"\b(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+(?:ONLY\s+)?\"?((?:cases|feedback)_\w+)",
    re.IGNORECASE,
)
_written: ContextVar[set[tuple[str, str]] | None] = ContextVar("written", default=None)


class Unrecorded(AssertionError):
    """Something that is tracked was written, and nothing in the record says so."""


def watch(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Note which tables a statement wrote to, if it wrote to any row."""
    done = execute(sql, params, many, context)
    written = _written.get()
    # SQLite counts the rows of a statement that gives some back only once they are fetched.
    wrote = context["cursor"].rowcount != 0 or "RETURNING" in sql
    if written is not None and wrote:
        written.update((verb.split()[0].upper(), table) for verb, table in _WRITE.findall(sql))
    return done


def unrecorded(written: set[tuple[str, str]]) -> list[str]:
    """Return the tables that were written to without a row beside them that tells of it."""
    added = {table for verb, table in written if verb == "INSERT"}
    return sorted(
        table for _, table in written if table in BESIDE and not BESIDE[table] & added - {table}
    )


def middleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Fail a request that did something and left no trace of it.

    What was refused is taken back by its transaction, and needs none.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if watch not in connection.execute_wrappers:
            # First, so that whoever adds one for a while takes their own away again.
            connection.execute_wrappers.insert(0, watch)
        token = _written.set(set())
        try:
            response = get_response(request)
            left = unrecorded(_written.get() or set())
        finally:
            _written.reset(token)
        if left and response.status_code < 400:
            raise Unrecorded(f"{request.method} {request.path} wrote to {', '.join(left)}.")
        return response

    return answer
