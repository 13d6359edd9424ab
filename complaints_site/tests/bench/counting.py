"""Tells how many queries a page needed, to those who ask: nobody is timed while asking."""

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASKED = "HTTP_X_COUNT_QUERIES"
ANSWER = "X-Queries"


def count_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Put the number of queries into the head of the answer, if the request asks for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if ASKED not in request.META:
            return get_response(request)
        queries: list[str] = []

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            queries.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = get_response(request)
        response[ANSWER] = str(
            sum(not each.startswith(("SAVEPOINT", "RELEASE")) for each in queries)
        )
        return response

    return answer
