"""The steps of signing in: after the password comes the code, or setting up what shows it.

Until the last step nobody is signed in: the session only remembers, for ten minutes, whose
password was right.
"""

from datetime import timedelta
from typing import Any, cast

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import RedirectURLMixin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic.edit import FormView

from cases.errors import ActionNotAllowed
from cases.forms.second_factor import CodeForm, SetUpForm
from cases.models import SecondFactor, User
from cases.operations.guessing import counters, succeeded, take_turn
from cases.operations.kept_words import kept_for
from cases.operations.second_factors import ShownSecret, new_secret, prove, shown_secret, take_up
from cases.rules.second_factor import is_demanded
from cases.rules.sessions import BROWSER, browser_words
from cases.selectors.running import landlord
from cases.views.visitors import client_address, known_browser, remember_browser

WAITING, SECRET = "signing-in", "new-secret"
PATIENCE = timedelta(minutes=10)
public = method_decorator(login_not_required, name="dispatch")
private = method_decorator([sensitive_post_parameters(), never_cache], name="dispatch")


class LeadsOn(RedirectURLMixin):
    """A page that leads on to the page asked for, if it is one of ours: its path from the root."""

    # The stubs are of a later Django, which hands the request over.
    def get_redirect_url(self) -> str:  # type: ignore[override]
        """Return it, or nothing for what is not ours, or no path."""
        asked = super().get_redirect_url()
        return asked if asked.startswith("/") else ""


def go_on_signing_in(request: HttpRequest, user: User, *, going: str) -> HttpResponse:
    """Lead somebody whose password was right to the next step, or in; `going` is where to."""
    now = timezone.now()
    if SecondFactor.objects.filter(user=user).exists():
        step = "cases:sign-in-code"
    elif is_demanded(settings.SECOND_FACTOR, timezone.localdate(now)):
        step = "cases:sign-in-set-up"
    else:
        return let_in(request, user, going=going)
    request.session.cycle_key()
    request.session[WAITING] = {
        "user": user.pk,
        "until": (now + PATIENCE).timestamp(),
        # A password changed meanwhile ends it.
        "hash": user.get_session_auth_hash(),
        "going": going,
    }
    return redirect(step)


def let_in(request: HttpRequest, user: User, *, going: str) -> HttpResponse:
    """Sign somebody in, and lead them to the page they asked for."""
    response = HttpResponseRedirect(going)
    sign_in(request, response, user)
    return response


def sign_in(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Sign somebody in who has proved who they are, and know the browser again."""
    request.session.pop(WAITING, None)
    request.session.pop(SECRET, None)
    login(request, user)
    # What somebody else had typed in this browser is not for this person's session to hold.
    kept_for(request.session, user)
    request.session[BROWSER] = browser_words(request.headers.get("User-Agent", ""))
    remember_browser(request, response, user.email)


def too_many(form: Any, seconds: int) -> None:
    """Say on a form that the next try has to wait."""
    plural = "" if seconds == 1 else "s"
    form.add_error(
        None, f"There were too many tries. Wait {seconds} second{plural}, then try again."
    )


@public
@private
class Step(FormView):
    """A step after the password: only for whoever has just given theirs."""

    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Lead everybody else back to the password."""
        waiting = request.session.get(WAITING)
        user = _waiting_user(waiting)
        if waiting is None or user is None:
            request.session.pop(WAITING, None)
            return redirect("cases:sign-in")
        self.user, self.going = user, waiting["going"]
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def counted(self) -> Any:
        """Return what a wrong code counts for."""
        return counters(
            account=f"code {self.user.email}",
            address=client_address(self.request),
            browser=known_browser(self.request, self.user.email),
        )

    def form_invalid(self, form: Any, status: int = 422) -> HttpResponse:
        """Show the form again."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def wait(self, form: Any, seconds: int) -> HttpResponse:
        """Say how long the next try has to wait."""
        too_many(form, seconds)
        response = self.form_invalid(form, status=429)
        response["Retry-After"] = str(seconds)
        return response


def _waiting_user(waiting: dict[str, Any] | None) -> User | None:
    """Return whose password was right a short while ago, if they may still sign in with it."""
    if not waiting or waiting["until"] < timezone.now().timestamp():
        return None
    user = User.objects.filter(pk=waiting["user"], is_active=True).first()
    if user is None or not constant_time_compare(waiting["hash"], user.get_session_auth_hash()):
        return None
    return user


class AskCode(Step):
    """Ask for the code that the app shows, or for a recovery code."""

    form_class = CodeForm
    template_name = "cases/accounts/code.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Let them in, or say that it is not the code."""
        now, counted = timezone.now(), self.counted()
        if seconds := take_turn(counted, now=now):
            return self.wait(form, seconds)
        try:
            is_right = prove(user_id=self.user.pk, typed=form.cleaned_data["code"], now=now)
        except ActionNotAllowed as refused:
            form.add_error("code", str(refused))
            return self.form_invalid(form)
        if not is_right:
            form.add_error(
                "code",
                "That is not the code. Each serves once: wait for the next one that the app shows.",
            )
            return self.form_invalid(form)
        succeeded(counted)
        return let_in(self.request, self.user, going=self.going)


@public
@private
class SetUpAtSignIn(Step):
    """Set up an app before coming in for the first time."""

    form_class = SetUpForm
    template_name = "cases/accounts/second_factor_set_up.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Ask whoever has an app already for its code: nobody puts another in its place here."""
        user = _waiting_user(request.session.get(WAITING))
        if user is not None and SecondFactor.objects.filter(user=user).exists():
            return redirect("cases:sign-in-code")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Take the app up, let them in, and show the recovery codes, once."""
        now, counted = timezone.now(), self.counted()
        if seconds := take_turn(counted, now=now):
            return self.wait(form, seconds)
        try:
            codes = take_up(
                user_id=self.user.pk,
                sealed=self.request.session.get(SECRET, ""),
                typed=form.cleaned_data["code"],
                is_first=True,
                now=now,
            )
        except ActionNotAllowed as refused:
            form.add_error("code", str(refused))
            return self.form_invalid(form)
        succeeded(counted)
        # The old session goes: the page is shown to whoever is signed in by it.
        response = HttpResponse()
        sign_in(self.request, response, self.user)
        shown = show_codes(self.request, codes, going=self.going)
        shown.cookies.update(response.cookies)
        return shown

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the secret as a picture and to type."""
        return super().get_context_data(
            **kwargs,
            **secret_to_show(self.request, self.user),
            title="Set up a code for signing in",
            crumbs=None,
        )


def secret_to_show(request: HttpRequest, user: User) -> dict[str, ShownSecret]:
    """Return the secret that is being set up in this session, as a picture and to type."""
    house = landlord()
    issuer = f"Complaints {house.name}" if house else "Complaints"
    sealed = request.session.get(SECRET)
    if sealed is None:
        sealed = request.session[SECRET] = new_secret(user)
    try:
        shown = shown_secret(sealed, user=user, issuer=issuer)
    except ActionNotAllowed:
        sealed = request.session[SECRET] = new_secret(user)
        shown = shown_secret(sealed, user=user, issuer=issuer)
    return {"secret": shown}


def show_codes(request: HttpRequest, codes: list[str], *, going: str) -> HttpResponse:
    """Show recovery codes, the only time that they can be shown."""
    going = reverse(going) if going.startswith("cases:") else going
    return render(request, "cases/accounts/recovery_codes.html", {"codes": codes, "going": going})
