"""What is true of every request of the staff."""

from collections.abc import Callable
from typing import ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils import timezone

from cases.rules.roles import Role
from cases.selectors.reach import take_up
from cases.selectors.running import is_set_up

Next = Callable[[HttpRequest], HttpResponse]


def deputies_see_the_work(get_response: Next) -> Next:
    """Let whoever is signed in stand in for those who are away today, in one query.

    It reads what their roles reach too, which every page of the staff asks for.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            today = timezone.localdate(timezone.now())
            take_up(request.user, today)
        return get_response(request)

    return answer


class Memory:
    """What a process need not ask again: a landlord that is set up stays so."""

    is_set_up: ClassVar[bool] = False


# What answers before there is a landlord: coming in and going out, and whether the server lives.
OPEN_BEFORE = frozenset(
    {
        "cases:set-up",
        "cases:sign-in",
        "cases:sign-out",
        "cases:forgotten-password",
        "cases:forgotten-password-sent",
        "cases:choose-password",
        "health-live",
        "health-ready",
        "health-beat",
    }
)


def first_it_is_set_up(get_response: Next) -> Next:
    """Until there is a landlord, lead administrators to setting it up and tell all others so.

    One query for each request until then, none afterwards.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        if not Memory.is_set_up:
            Memory.is_set_up = is_set_up()
        if Memory.is_set_up or _is_open(request.path_info):
            return get_response(request)
        user = request.user
        if user.is_authenticated and user.has_role(Role.SYSTEM_ADMINISTRATOR):
            return redirect("cases:set-up")
        return render(request, "cases/settings/not_set_up_yet.html", status=503)

    return answer


def _is_open(path: str) -> bool:
    """Say whether an address answers before there is a landlord; what is none is said as always."""
    try:
        return resolve(path).view_name in OPEN_BEFORE
    except Resolver404:
        return True
