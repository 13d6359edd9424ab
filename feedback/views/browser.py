"""What a public page knows of the browser that asks: its token, its network, its good faith."""

import secrets
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.utils.crypto import salted_hmac

from cases.rules.tracking import IDLE
from cases.views.visitors import client_address

COOKIE = "let_us_know"
TOKEN_LENGTH = 43
SALT = "feedback.drawn"
# The button that shows the page in another language, with what was typed into it.
LANGUAGE = "language"
RECEIPT = "let_us_know_receipt"
RECEIPT_SALT = "feedback.receipt"


def asks_for_language(request: HttpRequest) -> bool:
    """Say whether a form was sent only to be read in another language."""
    return request.POST.get("do") == LANGUAGE


def is_only_shown(form: Any, request: HttpRequest) -> bool:
    """Say whether a form is only to be shown in another language, and judge nothing in it then."""
    if not asks_for_language(request):
        return False
    form.errors.clear()
    return True


def token_of(request: HttpRequest) -> str:
    """Return the token of this browser, or nothing."""
    token = request.COOKIES.get(COOKIE, "")
    return token if len(token) == TOKEN_LENGTH else ""


def new_token() -> str:
    """Return a token that nobody guesses."""
    return secrets.token_urlsafe(32)


def give_token(response: HttpResponse, token: str) -> None:
    """Give a browser its token, for as long as it is open: others may use the computer next."""
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def take_token(response: HttpResponse) -> None:
    """Take the token away again, and the receipt that was opened with its code."""
    response.delete_cookie(COOKIE, samesite="Lax")
    response.delete_cookie(RECEIPT, samesite="Lax")


def give_receipt(response: HttpResponse, reference: str) -> None:
    """Let a browser in which its code was entered see a receipt, for half an hour."""
    response.set_cookie(
        RECEIPT,
        signing.TimestampSigner(salt=RECEIPT_SALT).sign(reference),
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def receipt_of(request: HttpRequest) -> str:
    """Return the reference of the receipt that this browser may see by its code, or nothing."""
    signer = signing.TimestampSigner(salt=RECEIPT_SALT)
    try:
        return signer.unsign(request.COOKIES.get(RECEIPT, ""), max_age=IDLE)
    except signing.BadSignature:
        return ""


def source_of(request: HttpRequest) -> str:
    """Return a code for the network that a request came from; the address itself is not kept."""
    network = client_address(request)
    return salted_hmac("feedback.source", network, algorithm="sha256").hexdigest()


def drawn_mark(now: datetime) -> str:
    """Return a signed mark of when a page was drawn."""
    return signing.dumps(int(now.timestamp()), salt=SALT)


def drawn_at(mark: str, *, now: datetime) -> datetime:
    """Return when a page was drawn; now, if the mark is missing, false or from the future."""
    try:
        seconds = signing.loads(mark, salt=SALT)
    except signing.BadSignature:
        return now
    return min(now, datetime.fromtimestamp(seconds, UTC))


class _Check(CsrfViewMiddleware):
    """Says what is wrong instead of answering."""

    def _reject(self, request: HttpRequest, reason: str) -> str:
        return reason


def is_ours(request: HttpRequest) -> bool:
    """Say whether a form was sent from a page of ours, as Django's own check does.

    The public pages ask here, so that what somebody typed is shown again when their page was
    too old, and not lost.
    """
    check = _Check(lambda _: HttpResponse())
    check.process_request(request)
    return check.process_view(request, None, (), {}) is None  # type: ignore[arg-type]
