"""How a line of the log is written: what failed and where, without anybody's words or links."""

import copy
import logging
import re
import traceback
from types import TracebackType
from typing import Any

# What in the address of a page opens it to whoever has it, and the names of pages beside those.
_PAGES = r"(?!(?:thanks|round|after-closing|letters|find)/)"
_SECRETS = re.compile(
    rf"(/(?:track/(?:link|letter)|consent|asked|surveys?|sign-in/choose-password/[\w-]+)/){_PAGES}[^/\s]+"
    r"|(/calendar/)[^/\s]+(?=\.ics)"
)
NOT_KEPT = "(not-kept)"


class WithoutWords(logging.Formatter):
    """Tells of an exception its kind and the lines of code it came through, never its message.

    A database quotes the values that it refuses, and a name or an address may be among them. Of
    an address of a page it leaves out what opens that page.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; Celery's own quotes the exception, so it is told in other words."""
        if record.exc_info and record.name.startswith("celery"):
            record = copy.copy(record)
            record.msg, record.args = "A task failed", ()
        if record.exc_text:
            # Another formatter wrote it down with its message.
            record = copy.copy(record)
            record.exc_text = None
        return _SECRETS.sub(_without_secret, super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802  the name is logging's
        """Return the exceptions that led to one another, the first of them first."""
        kind, error, place = ei
        chain = [*_causes(error), (kind, place)] if kind else []
        return "\n".join(_told(each, where) for each, where in chain)


def _without_secret(found: re.Match[str]) -> str:
    return f"{found[1] or found[2]}{NOT_KEPT}"


def _causes(
    error: BaseException | None,
) -> list[tuple[type[BaseException], TracebackType | None]]:
    """Return what led to an exception, the earliest first."""
    found: list[tuple[type[BaseException], TracebackType | None]] = []
    seen = {id(error)}
    while error is not None:
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is None or id(error) in seen:
            break
        seen.add(id(error))
        found.insert(0, (type(error), error.__traceback__))
    return found


def _told(kind: type[BaseException], place: TracebackType | None) -> str:
    lines = "".join(traceback.format_tb(place)).rstrip()
    return f"{lines}\n{kind.__module__}.{kind.__qualname__}".lstrip("\n")
