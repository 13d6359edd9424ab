"""Views that are loaded when they are first asked for."""

import importlib
from collections.abc import Callable
from functools import cache
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]


def loaded_later(module: str, name: str) -> View:
    """Return the view of a class for programs, whose module is loaded with the first request.

    A process that no program asks need not keep in memory what answers them. Nobody signs in
    here, and no cookie counts, so there is nothing that another site's form could borrow.
    """

    @cache
    def view() -> Any:
        return getattr(importlib.import_module(module), name).as_view()

    @csrf_exempt
    @login_not_required
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found: HttpResponseBase = view()(request, *args, **kwargs)
        return found

    return answer
