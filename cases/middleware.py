"""What is true of every request of the staff."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone

from cases.operations.kept_words import (
    KEPT,
    NO_ROOM,
    TOO_MUCH,
    holds_other,
    keep_typed,
    sent_after_all,
)
from cases.rules.roles import Role
from cases.selectors.reach import take_up
from cases.selectors.running import is_set_up

Next = Callable[[HttpRequest], HttpResponse]


# What a page asks without anybody doing anything keeps nobody signed in.
ASKED_BY_ITSELF = frozenset({"cases:here"})


class StaffSignIn(LoginRequiredMiddleware):
    """Asks for signing in before every page that is not public, and loses nothing that was typed.

    Whoever is signed in stays so as long as they do something.
    """

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        """Let them on, or lead to signing in."""
        if request.user.is_authenticated:
            match = request.resolver_match
            if match is None or match.view_name not in ASKED_BY_ITSELF:
                # The store is ours (SESSION_ENGINE).
                request.session.stay(timezone.now())  # type: ignore[attr-defined]
            if _is_a_form(request):
                sent_after_all(request.session, request.get_full_path())
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)

    def handle_no_permission(
        self, request: HttpRequest, view_func: Callable[..., Any]
    ) -> HttpResponseRedirect:
        """Lead to signing in; a form that met an ended session is kept for whose session it was.

        One that cannot be kept is not lost without a word.
        """
        session, path = request.session, request.get_full_path()
        # After the first form of theirs the session is a new one, which knows whose that was.
        ended_for = getattr(session, "ended_for", None) or session.get(KEPT, {}).get("user")
        if ended_for is None or not _is_a_form(request):
            return super().handle_no_permission(request, view_func)
        if holds_other(session, path):
            messages.warning(request, NO_ROOM)
        elif not keep_typed(
            session,
            user_id=ended_for,
            path=path,
            typed=request.POST,
            had_files=any(request.FILES.values()),
        ):
            messages.warning(request, TOO_MUCH)
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(reverse("cases:go-on"))


def _is_a_form(request: HttpRequest) -> bool:
    """Say whether somebody sent a form, and waits for it; not so what a script sends by itself."""
    return request.method == "POST" and request.headers.get("Sec-Fetch-Dest") != "empty"


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
        "cases:sign-in-code",
        "cases:sign-in-set-up",
        "cases:work-account",
        "cases:work-account-back",
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
