"""What is true of every request."""

from collections.abc import Callable
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden

Next = Callable[[HttpRequest], HttpResponse]


def demonstration_stays_on_this_machine(get_response: Next) -> Next:
    """Answer nobody but this machine while the demonstration runs over plain HTTP."""

    def answer(request: HttpRequest) -> HttpResponse:
        if settings.DEMONSTRATION and not _is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponseForbidden("The demonstration answers this machine only.\n")
        return get_response(request)

    return answer


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def private_pages_are_not_stored(get_response: Next) -> Next:
    """Keep pages out of every cache, so that Back shows nothing after signing out."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response

    return answer
