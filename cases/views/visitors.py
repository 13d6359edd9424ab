"""Where a request comes from, and whether its browser is known."""

import secrets
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

COOKIE = "known-browser"
SALT = "cases.known-browser"
REMEMBERED_SECONDS = 365 * 24 * 60 * 60
# People who share a computer; the one longest ago is forgotten first.
MOST_ACCOUNTS = 8


def client_address(request: HttpRequest) -> str:
    """Return the address a request comes from; of an IPv6 address the network of 64 bits.

    A forwarded address counts only from as many proxies as are ours (TRUSTED_PROXIES).
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        chain = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(chain) >= settings.TRUSTED_PROXIES:
            address = chain[-settings.TRUSTED_PROXIES]
    try:
        found = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return "unknown"
    if found.version == 6 and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False)) if found.version == 6 else str(found)


def known_browser(request: HttpRequest, account: str) -> str:
    """Return the random name of a browser in which this account has signed in, or nothing."""
    browser, accounts = _read(request)
    return browser if _mark(account) in accounts else ""


def remember_browser(request: HttpRequest, response: HttpResponse, account: str) -> None:
    """Leave a mark in the browser that this account has signed in there. It opens no door."""
    browser, accounts = _read(request)
    mark = _mark(account)
    kept = [mark, *(each for each in accounts if each != mark)][:MOST_ACCOUNTS]
    response.set_cookie(
        COOKIE,
        signing.dumps({"browser": browser or secrets.token_hex(8), "accounts": kept}, salt=SALT),
        max_age=REMEMBERED_SECONDS,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        said = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=REMEMBERED_SECONDS)
    except signing.BadSignature:
        return "", []
    return said["browser"], said["accounts"]


def _mark(account: str) -> str:
    return salted_hmac(SALT, account.strip().lower()).hexdigest()[:20]
