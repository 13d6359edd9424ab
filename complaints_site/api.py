"""The description of what other programs may ask and send (OpenAPI), for whoever writes one."""

from functools import lru_cache
from typing import Any, ClassVar

from django.conf import settings
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cases.views.api import complaints
from feedback.views import api as remarks

_ONE = "api/v1/complaints/<str:reference>/"
ADDRESSES = [
    path("api/v1/complaints/", complaints.Complaints.as_view()),
    path(_ONE, complaints.OneComplaint.as_view()),
    path(f"{_ONE}events/", complaints.ComplaintEvents.as_view()),
    path(f"{_ONE}deadlines/", complaints.ComplaintDeadlines.as_view()),
    path("api/v1/remarks/", remarks.Remarks.as_view()),
]
DESCRIPTION = (
    "What another program of the landlord may ask and send. It sends its key with every request. "
    "Refusals say what happened, what was kept, and what to do. Nothing answered here may be "
    "stored by anything on the way."
)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    """Return the description, made once for each process."""
    found: dict[str, Any] = SchemaGenerator(patterns=ADDRESSES).get_schema(public=True)
    found["info"]["description"] = DESCRIPTION
    return found


class Document(APIView):
    """The description itself, which is no secret."""

    authentication_classes: ClassVar[list[Any]] = []
    permission_classes: ClassVar[list[Any]] = [AllowAny]
    renderer_classes: ClassVar[list[Any]] = [JSONRenderer]
    http_method_names: ClassVar[list[str]] = ["get", "head"]

    def get(self, request: Request) -> Response:
        """Answer with it."""
        told = dict(document())
        if settings.PUBLIC_BASE_URL:
            told["servers"] = [{"url": settings.PUBLIC_BASE_URL}]
        return Response(told)
