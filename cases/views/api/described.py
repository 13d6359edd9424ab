"""How an address stands in the description for programs."""

from collections.abc import Sequence
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from cases.rules.api_keys import ApiScope
from cases.views.api.problems import CONTENT_TYPE
from cases.views.api.told import LoggedTold, Problem

ONCE = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    required=True,
    description=(
        "8 to 64 characters, made anew for each thing. Send it again unchanged when you do not "
        "know whether it came: it is logged once, and the answer is the same."
    ),
)
_REFUSALS = {
    400: "Something is wrong in what was sent",
    401: "No key, or none that is in use",
    403: "The key is not for this",
    404: "There is no such thing, or the key does not reach it",
    409: "Something else was sent under this Idempotency-Key",
    413: "More than 256 kB",
    422: "The procedure refuses it",
    429: "Too much in a minute: wait as long as Retry-After says",
}
READING, LODGING = (400, 401, 403, 404, 429), (400, 401, 403, 409, 413, 422, 429)


class KeyScheme(OpenApiAuthenticationExtension):
    """The key, as the description tells of it."""

    target_class = "cases.views.api.base.ByKey"
    name = "key"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return how the key is sent."""
        return {"type": "http", "scheme": "bearer"}


def described(
    name: str,
    scope: ApiScope,
    *,
    answer: Any,
    refusals: Sequence[int],
    sent: Any = None,
    parameters: Sequence[Any] = (),
) -> Any:
    """Return what describes a method: its name, the scope it needs, its answers."""
    told: dict[Any, Any] = {200: answer}
    if sent is not None:
        told = {
            201: OpenApiResponse(LoggedTold, description="Logged"),
            200: OpenApiResponse(LoggedTold, description="Logged before"),
        }
    for status in refusals:
        told[(status, CONTENT_TYPE)] = OpenApiResponse(Problem, description=_REFUSALS[status])
    return extend_schema(
        operation_id=name,
        description=f"Needs the scope `{scope.value}`.",
        parameters=[*parameters, *([ONCE] if sent is not None else [])],
        request=sent,
        responses=told,
        tags=["complaints" if "complaint" in name else "remarks"],
    )
