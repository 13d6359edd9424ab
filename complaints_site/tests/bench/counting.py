"""Tells how many queries a page needed, and how long they took, to those who ask.

Nobody is timed while asking.
"""

import time
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse

ASKED = "HTTP_X_COUNT_QUERIES"
ANSWER = "X-Queries"
TOOK = "X-Queries-Took"


def count_queries(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Put the number of queries into the head of the answer, if the request asks for it."""

    def answer(request: HttpRequest) -> HttpResponse:
        if ASKED not in request.META:
            return get_response(request)
        queries: list[str] = []
        taken = 0.0

        def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal taken
            queries.append(sql)
            began = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                taken += (time.perf_counter() - began) * 1_000

        with connection.execute_wrapper(note):
            response = get_response(request)
        response[ANSWER] = str(
            sum(not each.startswith(("SAVEPOINT", "RELEASE")) for each in queries)
        )
        response[TOOK] = f"{taken:.3f}"
        return response

    return answer
