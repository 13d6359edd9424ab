"""Refusals as programs read them: what happened, what was kept, and what to do (RFC 9457)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from cases.errors import (
    ComplaintError,
    LatenessUnexplained,
    LoggedAlready,
    NotEntitled,
)

CONTENT_TYPE = "application/problem+json"
NOTHING_KEPT = "Nothing was kept."


def problem(
    status: int, title: str, detail: str, *, kept: str = NOTHING_KEPT, to_do: str, **more: Any
) -> Response:
    """Return a refusal."""
    told = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "kept": kept,
        "what_to_do": to_do,
        **more,
    }
    return Response(_writable(told), status=status, content_type=CONTENT_TYPE)


def _writable(told: Any) -> Any:
    """Return it with a mark for each half of a character, which nobody can write in UTF-8."""
    if isinstance(told, str):
        return told.encode("utf-8", "replace").decode()
    if isinstance(told, dict):
        return {_writable(name): _writable(each) for name, each in told.items()}
    return [_writable(each) for each in told] if isinstance(told, list) else told


def problem_of(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return what is told of an error; nothing for what is a mistake of ours."""
    if isinstance(error, ComplaintError):
        return _refused(error)
    if isinstance(error, Http404 | exceptions.NotFound):
        return problem(
            404,
            "Not found",
            "There is no such thing, or this key does not reach it.",
            to_do="Check the reference.",
        )
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return problem(
            403,
            "Not allowed",
            str(error) or "This key may not do that.",
            to_do="Ask an administrator for a key that is for it.",
        )
    return _of_the_request(error)


def _refused(error: ComplaintError) -> Response:
    """Return what the procedure refuses."""
    if isinstance(error, LoggedAlready):
        return problem(
            409,
            "Sent before",
            str(error),
            kept="What was sent first is kept. What was sent now is not.",
            to_do="If this is something else, send it with an Idempotency-Key of its own.",
        )
    if isinstance(error, NotEntitled):
        return problem(403, "Not allowed", str(error), to_do="Ask an administrator.")
    to_do = "Put it right and send it again, with the same Idempotency-Key."
    if isinstance(error, LatenessUnexplained):
        asks = sorted(error.asks)
        return problem(422, "Say why it is late", str(error), to_do=to_do, asks=asks)
    return problem(422, "Refused", str(error), to_do=to_do)


def _of_the_request(error: Exception) -> Response | None:
    if isinstance(error, exceptions.ValidationError):
        return problem(
            400,
            "Something is wrong in what was sent",
            "Each mistake is named under “errors”.",
            to_do="Put it right and send it again, with the same Idempotency-Key.",
            errors=error.detail,
        )
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        answer = problem(
            401,
            "No key, or none that is in use",
            "Send the key in the header “Authorization: Bearer …”.",
            to_do="If you did, it has ended or waits to be approved: ask an administrator.",
        )
        answer["WWW-Authenticate"] = 'Bearer realm="complaints"'
        return answer
    if isinstance(error, exceptions.Throttled):
        seconds = int(error.wait or 1)
        answer = problem(
            429,
            "Too much at once",
            f"So much is asked in a minute that this has to wait {seconds} seconds.",
            to_do="Wait as long as “Retry-After” says, and send it again.",
        )
        answer["Retry-After"] = str(seconds)
        return answer
    if isinstance(error, exceptions.APIException):
        return problem(
            error.status_code, "Not understood", str(error.detail), to_do="See the description."
        )
    return None
