"""What is true of every request."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseForbidden,
    HttpResponseNotAllowed,
)
from django.utils import translation

from cases.selectors.landlords_words import read_once

Next = Callable[[HttpRequest], HttpResponse]


def demonstration_stays_on_this_machine(get_response: Next) -> Next:
    """Answer nobody but this machine while the demonstration runs over plain HTTP.

    What a proxy passes on comes from somebody else, though the proxy be on this machine.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.DEMONSTRATION and not (
            _is_loopback(request.META.get("REMOTE_ADDR", "")) and _came_directly(request)
        ):
            return HttpResponseForbidden("The demonstration answers this machine only.\n")
        return get_response(request)

    return answer


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _came_directly(request: HttpRequest) -> bool:
    return "HTTP_X_FORWARDED_FOR" not in request.META and "HTTP_FORWARDED" not in request.META


def pages_speak_their_language(get_response: Next) -> Next:
    """Let the address alone say in which language a page speaks: `/cy/…` is Welsh.

    No header and no cookie decide, so that an address always shows the same, and can be passed on.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        first = request.path_info.split("/", 2)[1:2]
        tag = first[0] if first and first[0] in settings.PUBLIC_LANGUAGES else ""
        with translation.override(tag or settings.LANGUAGE_CODE), read_once():
            response = get_response(request)
        if tag:
            response["Content-Language"] = tag
        return response

    return answer


# What pages and their forms send. A form view would take a PUT for a POST.
METHODS = ("GET", "HEAD", "POST", "OPTIONS")


def only_what_browsers_send(get_response: Next) -> Next:
    """Refuse every method that no page of the site sends."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        return get_response(request)

    return answer


def no_null_arrives(get_response: Next) -> Next:
    """Refuse an address or a cookie with a character that no browser sends and no database takes.

    What forms hold is refused or mended where it is read.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        given = (request.path_info, query.replace("%00", "\x00"), *request.COOKIES.values())
        if any("\x00" in each for each in given):
            raise BadRequest("There is a NUL in the address or in a cookie.")
        return get_response(request)

    return answer


def private_pages_are_not_stored(get_response: Next) -> Next:
    """Keep pages out of every cache, so that Back shows nothing after signing out."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response

    return answer
