"""What every answer to a program has in common: its key, its scopes, how often it may ask."""

import re
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from cases.models import ApiKey, User
from cases.operations.api_keys import use_key
from cases.operations.api_requests import (
    MOST_REQUESTS,
    MOST_STRANGERS,
    MOST_WRITES,
    seconds_to_wait,
)
from cases.rules.api_keys import ApiScope
from cases.views.api.problems import problem_of
from cases.views.visitors import client_address

# Of JSON with the longest words that are taken, in any script.
MOST_BYTES = 256 * 1024
# How deep what is sent lies within one another, with room to spare.
DEEPEST = 8
_PLAIN = (str, int, float, type(None))
# No longer number of bytes is one that anybody sends.
_LENGTH = re.compile(r"[0-9]{1,18}")
_NAME = re.compile(r"[\x21-\x7e]{8,64}")


class SentJson(JSONParser):
    """JSON as it is sent between programs: in UTF-8, whatever else is said of it, and not deep."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """Return what was sent.

        :raises ParseError: if it is no JSON, or deeper than anything here.
        """
        in_utf8 = {**(parser_context or {}), "encoding": "utf-8"}
        try:
            found = super().parse(stream, media_type, in_utf8)
        except RecursionError:
            found = None
            is_deep = True
        else:
            is_deep = _is_deep(found)
        if is_deep:
            raise exceptions.ParseError("There is too much within one another in what was sent.")
        return found


def _is_deep(sent: Any) -> bool:
    layer = [sent]
    for _ in range(DEEPEST):
        within = [each.values() if isinstance(each, dict) else each for each in layer]
        layer = [one for each in within if not isinstance(each, _PLAIN) for one in each]
    return bool(layer)


class ByKey(BaseAuthentication):
    """The key in the header `Authorization: Bearer …`, and nothing else: no cookie counts here."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        """Return the program and its key.

        :raises NotAuthenticated: without a key that is in use.
        :raises Throttled: where too many that are none came from one address.
        """
        now = timezone.now()
        word, _, typed = request.headers.get("Authorization", "").partition(" ")
        if word.lower() != "bearer" or not typed:
            raise exceptions.NotAuthenticated
        key = use_key(typed.strip(), now=now)
        if key is not None:
            return key.program, key
        # Only these wait: a program beside them, behind the same address, goes on.
        stranger = f"stranger:{client_address(request._request)}"
        if wait := seconds_to_wait(stranger, MOST_STRANGERS, now=now):
            raise exceptions.Throttled(wait=wait)
        raise exceptions.AuthenticationFailed

    def authenticate_header(self, request: Request) -> str:
        """Return what is asked of whoever sent no key."""
        return 'Bearer realm="complaints"'


class ProgramView(APIView):
    """An address for programs. `needs` names the scope of each method."""

    authentication_classes: ClassVar[list[Any]] = [ByKey]
    permission_classes: ClassVar[list[Any]] = []
    throttle_classes: ClassVar[list[Any]] = []
    renderer_classes: ClassVar[list[Any]] = [JSONRenderer]
    parser_classes: ClassVar[list[Any]] = [SentJson]
    http_method_names: ClassVar[list[str]] = ["get", "head", "post"]
    needs: ClassVar[dict[str, ApiScope]] = {}
    now: datetime

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Read the clock once, and ask for the key, its scope and its turn.

        :raises APIException: where one of them is wanting.
        """
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        method = (request.method or "").lower()
        if method not in self.http_method_names or not hasattr(self, method):
            raise exceptions.MethodNotAllowed(method.upper())
        super().initial(request, *args, **kwargs)
        self._take_turn(method)
        wanted = self.needs["get" if method == "head" else method]
        if wanted not in self.key.allowed:
            raise exceptions.PermissionDenied(f"This key is not for “{wanted.value}”.")
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not _LENGTH.fullmatch(length):
            raise exceptions.ParseError("Content-Length is not a number of bytes.")
        if int(length) > MOST_BYTES:
            raise TooLong

    def _take_turn(self, method: str) -> None:
        name = self.key.prefix
        wait = seconds_to_wait(f"key:{name}", MOST_REQUESTS, now=self.now)
        if method == "post" and not wait:
            wait = seconds_to_wait(f"writes:{name}", MOST_WRITES, now=self.now)
        if wait:
            raise exceptions.Throttled(wait=wait)

    @property
    def key(self) -> ApiKey:
        """Return the key that was sent."""
        found: ApiKey = self.request.auth
        return found

    @property
    def program(self) -> User:
        """Return the account of the program, which knows what it reaches."""
        found: User = self.key.program
        return found

    @property
    def once_as(self) -> str:
        """Return the name under which what is sent is logged once.

        :raises ValidationError: without one.
        """
        name = self.request.headers.get("Idempotency-Key", "")
        if not _NAME.fullmatch(name):
            raise exceptions.ValidationError(
                {
                    "Idempotency-Key": [
                        "Send a header with this name: 8 to 64 characters that you make anew for "
                        "each thing, and send again unchanged when you do not know whether it came."
                    ]
                }
            )
        return name

    def get_exception_handler(self) -> Any:
        """Return what tells programs of refusals."""
        return problem_of


class TooLong(exceptions.APIException):
    """More was sent than anything here needs."""

    status_code = 413
    default_detail = f"At most {MOST_BYTES // 1024} kB are taken."
