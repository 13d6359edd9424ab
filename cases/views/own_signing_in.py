"""How somebody signs in themselves: their app, their codes, where they are signed in."""

from datetime import datetime
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic.base import TemplateView, View
from django.views.generic.edit import FormView

from cases.errors import ActionNotAllowed, ComplaintError
from cases.forms.second_factor import AgainForm, SetUpForm
from cases.operations.guessing import counters, succeeded, take_turn
from cases.operations.kept_words import (
    LEFT_BEHIND,
    TOO_MUCH,
    forget_typed,
    holds_other,
    keep_typed,
    kept_for,
)
from cases.operations.second_factors import give_up, renew_recovery_codes, take_up
from cases.operations.sessions import sign_out_elsewhere
from cases.operations.single_sign_on import is_offered, may_use_password
from cases.rules.second_factor import is_demanded
from cases.rules.sessions import CONFIRMED, is_recent
from cases.selectors.signing_in import codes_left, open_sessions, second_factor_of
from cases.templatetags.parts import Link
from cases.views.access import user_of
from cases.views.signing_in import (
    SECRET,
    LeadsOn,
    private,
    secret_to_show,
    show_codes,
    too_many,
)
from cases.views.visitors import client_address


def proved_lately(request: HttpRequest, now: datetime) -> bool:
    """Say whether whoever is signed in gave their password a short while ago."""
    return is_recent(request.session.get(CONFIRMED), now)


def ask_again(request: HttpRequest) -> HttpResponse:
    """Lead to the page that asks for the password; what was typed is kept."""
    going = request.get_full_path()
    if request.method == "POST":
        if holds_other(request.session, going):
            # They went on to something else instead of sending it.
            messages.info(request, LEFT_BEHIND)
        kept = keep_typed(
            request.session,
            user_id=user_of(request).pk,
            path=going,
            typed=request.POST,
            had_files=any(request.FILES.values()),
        )
        if not kept:
            messages.warning(request, TOO_MUCH)
        going = reverse("cases:go-on") if kept else going
    return redirect(reverse("cases:prove-again", query={"next": going}))


class ProvedLately:
    """A page for whoever gave their password lately: others are asked for it first."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer, or ask for the password."""
        if not proved_lately(request, timezone.now()):
            return ask_again(request)
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))  # type: ignore[misc]


@private
class ProveAgain(LeadsOn, FormView):
    """The password once more, before something weighty."""

    form_class = AgainForm
    template_name = "cases/accounts/prove_again.html"
    next_page = "cases:account"

    def form_valid(self, form: Any) -> HttpResponse:
        """Let them go on for a while, or say that it is not the password."""
        user, now = user_of(self.request), timezone.now()
        if not may_use_password(user):
            form.add_error("password", "Prove it with your work account instead")
            return self.form_invalid(form)
        counted = counters(account=f"again {user.email}", address=client_address(self.request))
        if seconds := take_turn(counted, now=now):
            too_many(form, seconds)
            return self.form_invalid(form, status=429)
        if not user.check_password(form.cleaned_data["password"]):
            form.add_error("password", "That is not your password")
            return self.form_invalid(form)
        succeeded(counted)
        self.request.session[CONFIRMED] = now.timestamp()
        return HttpResponseRedirect(self.get_success_url())

    def form_invalid(self, form: Any, status: int = 422) -> HttpResponse:
        """Show the form again."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Carry the page asked for along."""
        return super().get_context_data(
            **kwargs,
            next_field=self.redirect_field_name,
            next=self.get_redirect_url(),
            has_work_account=is_offered(),
            has_password=may_use_password(user_of(self.request)),
        )


class Stay(View):
    """More time, asked for before a session ends by itself; any page asked for gives it too."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Answer with nothing: that somebody asked is enough (`StaffSignIn`)."""
        return HttpResponse("", content_type="text/plain; charset=utf-8")


class GoOn(TemplateView):
    """What was typed when the session ended, ready to be sent after all."""

    template_name = "cases/accounts/go_on.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it to whoever typed it; there is nothing for anybody else."""
        kept = kept_for(request.session, user_of(request))
        if kept is None:
            return redirect("cases:home")
        return self.render_to_response(self.get_context_data(kept=kept))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Throw it away."""
        forget_typed(request.session)
        messages.info(request, "What you had typed is thrown away.")
        return redirect("cases:home")


class OwnSigningIn(TemplateView):
    """What signing in asks of oneself, and where one is signed in."""

    template_name = "cases/accounts/signing_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the second factor and the open sessions."""
        user, now = user_of(self.request), timezone.now()
        return super().get_context_data(
            **kwargs,
            factor=second_factor_of(user),
            codes_left=codes_left(user),
            has_work_account=is_offered(),
            may_give_up=not is_demanded(settings.SECOND_FACTOR, timezone.localdate(now)),
            sessions=open_sessions(user, here=self.request.session.session_key, now=now),
            crumbs=[Link("Your account", reverse("cases:account")), Link("Signing in")],
        )

    def post(self, request: HttpRequest) -> HttpResponse:
        """Sign out elsewhere, make new recovery codes, or do without the app."""
        user, now = user_of(request), timezone.now()
        if "elsewhere" in request.POST:
            sign_out_elsewhere(user_id=user.pk, here=request.session.session_key)
            messages.success(request, "You are signed out everywhere but here.")
            return redirect("cases:account-signing-in")
        if not proved_lately(request, now):
            back = reverse("cases:account-signing-in")
            return redirect(reverse("cases:prove-again", query={"next": back}))
        try:
            if "codes" in request.POST:
                codes = renew_recovery_codes(by=user, now=now)
                return show_codes(request, codes, going="cases:account-signing-in")
            if "off" in request.POST:
                demanded = is_demanded(settings.SECOND_FACTOR, timezone.localdate(now))
                give_up(by=user, is_demanded=demanded, now=now)
                messages.success(request, "Signing in with a password asks for that alone.")
        except ComplaintError as refused:
            messages.error(request, str(refused))
        return redirect("cases:account-signing-in")


@private
class OwnSecondFactor(ProvedLately, FormView):
    """Set up an app that shows codes, or another one."""

    form_class = SetUpForm
    template_name = "cases/accounts/second_factor_set_up.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Take the app up, and show the recovery codes, once."""
        user, now = user_of(self.request), timezone.now()
        counted = counters(account=f"code {user.email}", address=client_address(self.request))
        if seconds := take_turn(counted, now=now):
            too_many(form, seconds)
            return self.form_invalid(form, status=429)
        try:
            codes = take_up(
                user_id=user.pk,
                sealed=self.request.session.get(SECRET, ""),
                typed=form.cleaned_data["code"],
                is_first=False,
                now=now,
            )
        except ActionNotAllowed as refused:
            form.add_error("code", str(refused))
            return self.form_invalid(form)
        succeeded(counted)
        del self.request.session[SECRET]
        return show_codes(self.request, codes, going="cases:account-signing-in")

    def form_invalid(self, form: Any, status: int = 422) -> HttpResponse:
        """Show the form again."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the secret as a picture and to type."""
        title = "Set up a code for signing in"
        crumbs = [
            Link("Your account", reverse("cases:account")),
            Link("Signing in", reverse("cases:account-signing-in")),
            Link(title),
        ]
        shown = secret_to_show(self.request, user_of(self.request))
        return super().get_context_data(**kwargs, **shown, title=title, crumbs=crumbs)
