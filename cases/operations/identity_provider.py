"""Asking the landlord's identity provider over HTTPS, without waiting long or following anywhere.

What it tells of itself is kept for an hour. When it does not answer, nobody asks it again for half
a minute, so that strangers who press the button keep no thread of ours waiting.
"""

import base64
import hashlib
import http.client
import json
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings
from django.core.cache import cache

from cases.errors import ActionNotAllowed
from cases.operations.guessing import CACHE_IS_DOWN

# For each answer, from looking up the name to its last byte.
WAITING_SECONDS = 5.0
KNOWN_FOR_SECONDS = 60 * 60
AWAY_FOR_SECONDS = 30
MOST_BYTES = 500_000
NOT_REACHED = "Your organisation’s sign-in cannot be reached now. Try again in a few minutes."
NOT_SURE = "Signing in with your work account did not succeed. Try again."
_NO_ANSWER = (OSError, ValueError, http.client.HTTPException, RecursionError)


class ProviderAway(ActionNotAllowed):
    """The identity provider does not answer, or with what nobody can use."""


def metadata() -> dict[str, Any]:
    """Return what the provider tells of itself.

    :raises ProviderAway: if it does not answer, or tells of another provider.
    """
    issuer = settings.OIDC_ISSUER
    return _kept(f"{issuer.rstrip('/')}/.well-known/openid-configuration", _check_metadata)


def public_keys(*, is_fresh: bool, check: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """Return the provider's public keys, asked for anew if they are to be fresh.

    `check` raises what it likes of keys that nobody can use, which are then not kept.

    :raises ProviderAway: if it does not answer.
    """
    return _kept(metadata()["jwks_uri"], check, is_fresh=is_fresh)


def exchanged(sent: dict[str, str]) -> dict[str, Any]:
    """Return what the provider gives for a code.

    :raises ProviderAway: if it does not answer.
    :raises ActionNotAllowed: if it refuses the code.
    """
    pair = (
        f"{quote(settings.OIDC_CLIENT_ID, safe='')}:{quote(settings.OIDC_CLIENT_SECRET, safe='')}"
    )
    return _asked(
        urllib.request.Request(  # noqa: S310  checked to be https
            metadata()["token_endpoint"],
            data=urlencode(sent).encode(),
            headers={
                "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
                "Accept": "application/json",
            },
        )
    )


def _check_metadata(found: dict[str, Any]) -> None:
    names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if found.get("issuer") != settings.OIDC_ISSUER or not all(
        _is_safe(found.get(n)) for n in names
    ):
        raise ProviderAway(NOT_REACHED)


def _is_safe(address: object) -> bool:
    """Say whether what goes there can be read by nobody on the way."""
    try:
        parts = urlsplit(str(address))
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme, parts.hostname) == ("http", "127.0.0.1")


def _kept(
    address: str, check: Callable[[dict[str, Any]], object], *, is_fresh: bool = False
) -> dict[str, Any]:
    """Return what stands at an address of the provider, kept for an hour once it is checked."""
    key = _named("at", address)
    found = None if is_fresh else _remembered(key)
    if found is None:
        found = _asked(urllib.request.Request(address))  # noqa: S310  the issuer of the settings
        check(found)
        _remember(key, found, KNOWN_FOR_SECONDS)
    return dict(found)


class _StaysThere(urllib.request.HTTPRedirectHandler):
    """Follows to no other address: what we send there is for nobody else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _asked(request: urllib.request.Request) -> dict[str, Any]:
    away = _named("away", settings.OIDC_ISSUER)
    if _remembered(away):
        raise ProviderAway(NOT_REACHED)
    got: list[Any] = []
    # A time-out of the connection begins anew with every byte: the whole is waited for so long.
    asking = threading.Thread(target=lambda: got.append(_answer(request)), daemon=True)
    asking.start()
    asking.join(WAITING_SECONDS)
    found = got[0] if got else None
    if isinstance(found, urllib.error.HTTPError) and request.data is not None:
        # A code that was used or made up is answered with 400.
        if 400 <= found.code < 500:
            raise ActionNotAllowed(NOT_SURE)
        raise ProviderAway(NOT_REACHED)
    if found is None or isinstance(found, Exception):
        _remember(away, True, AWAY_FOR_SECONDS)
        raise ProviderAway(NOT_REACHED)
    if not isinstance(found, dict):
        raise ProviderAway(NOT_REACHED)
    return found


def _answer(request: urllib.request.Request) -> Any:
    """Return what was answered, or what went wrong."""
    try:
        opener = urllib.request.build_opener(_StaysThere)
        with opener.open(request, timeout=WAITING_SECONDS) as answer:
            return json.loads(answer.read(MOST_BYTES))
    except urllib.error.HTTPError as refused:
        refused.close()
        return refused
    except _NO_ANSWER as wrong:
        return wrong


def _named(what: str, address: str) -> str:
    return f"sign-on:{what}:{hashlib.sha256(address.encode()).hexdigest()}"


def _remembered(key: str) -> Any:
    """Return what was remembered; nothing while the cache is down."""
    try:
        return cache.get(key)
    except CACHE_IS_DOWN:
        return None


def _remember(key: str, value: object, seconds: int) -> None:
    try:
        cache.set(key, value, seconds)
    except CACHE_IS_DOWN:
        return
