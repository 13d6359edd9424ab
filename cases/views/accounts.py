"""Signing in and out, passwords, and people's own accounts."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth.views import (
    INTERNAL_RESET_SESSION_TOKEN,
    PasswordResetConfirmView,
)
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.generic.base import TemplateView, View
from django.views.generic.edit import FormView

from cases.errors import ComplaintError
from cases.forms.accounts import (
    AbsenceForm,
    ChangePasswordForm,
    ForgottenPasswordForm,
    NewPasswordForm,
    OwnParticularsForm,
    SignInForm,
)
from cases.models import User
from cases.operations.guessing import counters, succeeded, take_turn
from cases.operations.passwords import ask_for_new_password, choose_password
from cases.operations.people import Particulars, change_person, end_absence, record_absence
from cases.operations.shortcuts import use_shortcuts
from cases.operations.single_sign_on import are_passwords_shut, is_offered, may_use_password
from cases.rules.numbers import number_in
from cases.rules.pages import READERS, Page
from cases.selectors.absence_impact import due_while_away
from cases.selectors.people import absences_to_come, grants_of
from cases.selectors.signing_in import signing_in_words
from cases.templatetags.parts import Link, SummaryRow
from cases.views.access import user_of
from cases.views.patience import at_least
from cases.views.signing_in import LeadsOn, go_on_signing_in, private, public, too_many
from cases.views.visitors import client_address, known_browser

# Where people begin: the first of these pages that is theirs.
BEGINNINGS = (
    (Page.MY_WORK, "cases:my-work"),
    (Page.DASHBOARD, "reporting:dashboard"),
    (Page.QUEUE, "cases:queue"),
    (Page.SETTINGS, "cases:settings"),
)


def first_page_of(user: User) -> str:
    """Return the address at which somebody's work begins."""
    for page, name in BEGINNINGS:
        if not user.has_role(*READERS[page]):
            continue
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return reverse("cases:account")


class Home(View):
    """Where everybody who is signed in begins."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead to the first page that is theirs."""
        return redirect(first_page_of(user_of(request)))


@public
@private
class SignIn(LeadsOn, FormView):
    """Sign in, and go on to the page asked for."""

    form_class = SignInForm
    template_name = "cases/accounts/sign_in.html"
    next_page = "cases:home"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Spare whoever is signed in already."""
        if request.user.is_authenticated:
            return HttpResponseRedirect(self.get_success_url())
        return cast(HttpResponse, super().dispatch(request, *args, **kwargs))

    def form_valid(self, form: Any) -> HttpResponse:
        """Let them in, or say in the same words whatever was wrong."""
        email = form.cleaned_data["email"]
        counted = counters(
            account=email,
            address=client_address(self.request),
            browser=known_browser(self.request, email),
        )
        if seconds := take_turn(counted, now=timezone.now()):
            return self._wait(form, seconds)
        password = form.cleaned_data["password"]
        user = authenticate(self.request, username=email, password=password)
        # To a stranger an account that is shut to passwords answers as a wrong password does.
        if user is None or not may_use_password(user):
            form.add_error(None, "The e-mail address or the password is not right.")
            if are_passwords_shut():
                form.add_error(None, "Most people sign in with their work account instead.")
            return self.form_invalid(form)
        succeeded(counted)
        return go_on_signing_in(self.request, user, going=self.get_success_url())

    def form_invalid(self, form: Any, status: int = 422) -> HttpResponse:
        """Show the form again; the password is not shown."""
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def _wait(self, form: Any, seconds: int) -> HttpResponse:
        too_many(form, seconds)
        response = self.form_invalid(form, status=429)
        response["Retry-After"] = str(seconds)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Carry the page asked for along."""
        return super().get_context_data(
            **kwargs,
            next_field=self.redirect_field_name,
            next=self.get_redirect_url(),
            has_work_account=is_offered(),
        )


@public
class SignOut(View):
    """Sign out."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Change nothing: a link cannot sign anybody out."""
        return redirect("cases:home")

    def post(self, request: HttpRequest) -> HttpResponse:
        """End the session."""
        logout(request)
        messages.info(request, "You are signed out.")
        return redirect("cases:sign-in")


@public
class ForgottenPassword(FormView):
    """Ask for a link by which to choose a new password."""

    form_class = ForgottenPasswordForm
    template_name = "cases/accounts/forgotten_password.html"

    def form_valid(self, form: Any) -> HttpResponse:
        """Send it if there is somebody, and say the same, as fast, if there is not."""
        counted = counters(
            account=f"forgotten {form.cleaned_data['email']}", address=client_address(self.request)
        )
        with at_least(0.4):
            if not take_turn(counted, now=timezone.now()):
                ask_for_new_password(email=form.cleaned_data["email"], now=timezone.now())
        return redirect("cases:forgotten-password-sent")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


@public
class ForgottenPasswordSent(TemplateView):
    """What happens next, whoever asked."""

    template_name = "cases/accounts/forgotten_password_sent.html"


@public
@private
class ChoosePassword(PasswordResetConfirmView):
    """Choose a password by a one-time link: invited, or because the old one is forgotten."""

    form_class: Any = NewPasswordForm
    template_name = "cases/accounts/choose_password.html"
    reset_url_token = "choose"  # noqa: S105  what stands in the address in place of the token

    def get_user(self, uidb64: str) -> Any:
        """Return whose link it is, if they may sign in."""
        user = super().get_user(uidb64)
        return user if user is not None and user.is_active else None

    def form_valid(self, form: Any) -> HttpResponse:
        """Give them the password; they sign in with it like everybody."""
        choose_password(
            user=cast(User, self.user),
            password=form.cleaned_data["new_password"],
            now=timezone.now(),
        )
        del self.request.session[INTERNAL_RESET_SESSION_TOKEN]
        messages.success(self.request, "Your password is saved. Sign in with it.")
        return redirect("cases:sign-in")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class OwnPage(FormView):
    """A form about oneself."""

    template_name = "cases/accounts/form.html"
    title = ""
    intro = ""

    def carry_out(self, form: Any) -> str:
        """Call the operation, and return in a sentence what was done."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Change it, or show why not."""
        try:
            told = self.carry_out(form)
        except ComplaintError as refused:
            form.add_error(None, str(refused))
            return self.form_invalid(form)
        messages.success(self.request, told)
        return redirect("cases:account")

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the form again."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the heading and the way back."""
        crumbs = [Link("Your account", reverse("cases:account")), Link(self.title)]
        return super().get_context_data(**kwargs, title=self.title, intro=self.intro, crumbs=crumbs)


class Account(TemplateView):
    """Somebody's own account: who they are, what they may do, when they are away."""

    template_name = "cases/accounts/account.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add their particulars, roles and absences."""
        user = user_of(self.request)
        today = timezone.localdate(timezone.now())
        change = reverse("cases:account-change")
        rows = [
            SummaryRow("Name", user.name, change),
            SummaryRow("Job title", user.job_title, change),
            SummaryRow("Telephone", user.phone, change),
            SummaryRow("E-mail address", user.email),
            SummaryRow("Password", "Nobody can see it", reverse("cases:account-password")),
            SummaryRow(
                "Signing in",
                signing_in_words(
                    user, has_work_account=is_offered(), has_password=may_use_password(user)
                ),
                reverse("cases:account-signing-in"),
                "Look at signing in",
            ),
        ]
        return super().get_context_data(
            **kwargs,
            rows=rows,
            grants=grants_of(user),
            absences=due_while_away(user, absences_to_come(user, today=today)),
            may_name_covers=user.has_role(*READERS[Page.COVERS]),
            today=today,
        )


class ChangeOwnParticulars(OwnPage):
    """Change one's own name, job title or telephone."""

    form_class = OwnParticularsForm
    title = "Your particulars"

    def get_initial(self) -> dict[str, Any]:
        """Return them as they are."""
        user = user_of(self.request)
        return {"name": user.name, "job_title": user.job_title, "phone": user.phone}

    def carry_out(self, form: Any) -> str:
        """Change them; the e-mail address is for administrators."""
        user = user_of(self.request)
        change_person(
            Particulars(email=user.email, **form.cleaned_data),
            user_id=user.pk,
            by=user,
            now=timezone.now(),
        )
        return "Your particulars are saved."


@private
class ChangePassword(OwnPage):
    """Change one's own password."""

    form_class = ChangePasswordForm
    title = "Change your password"
    intro = "You stay signed in here. Everywhere else you are signed out."

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form whose password it is."""
        return {**super().get_form_kwargs(), "user": user_of(self.request)}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Slow down whoever guesses at an open desk."""
        counted = counters(
            account=f"change {user_of(request).email}", address=client_address(request)
        )
        if seconds := take_turn(counted, now=timezone.now()):
            messages.error(request, f"There were too many tries. Wait {seconds} seconds.")
            return redirect("cases:account-password")
        self.counted = counted
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Give them the new password."""
        succeeded(self.counted)
        user = user_of(self.request)
        choose_password(user=user, password=form.cleaned_data["new_password"], now=timezone.now())
        update_session_auth_hash(self.request, user)
        messages.success(self.request, "Your password is changed.")
        return redirect("cases:account")


class AddOwnAbsence(OwnPage):
    """Say when one is away, and who stands in."""

    form_class = AbsenceForm
    title = "When you are away"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Tell the form who is away."""
        today = timezone.localdate(timezone.now())
        return {**super().get_form_kwargs(), "user": user_of(self.request), "today": today}

    def carry_out(self, form: Any) -> str:
        """Record it."""
        user = user_of(self.request)
        absence = record_absence(
            user_id=user.pk,
            deputy_id=form.cleaned_data["deputy"].pk,
            first_day=form.cleaned_data["first_day"],
            last_day=form.cleaned_data["last_day"],
            by=user,
            now=timezone.now(),
        )
        told = (
            f"{absence.deputy.name} stands in for you from {absence.first_day:%-d %B} to "
            f"{absence.last_day:%-d %B %Y}."
        )
        [(_, within)] = due_while_away(user, [absence])
        return f"{told} Look at what is due in these days." if within else told


class EndOwnAbsence(View):
    """Cancel an absence, or come back early."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Change nothing."""
        return redirect("cases:account")

    def post(self, request: HttpRequest) -> HttpResponse:
        """End it, or say why not."""
        user = user_of(request)
        try:
            end_absence(
                absence_id=number_in(request.POST.get("absence", "")),
                user_id=user.pk,
                by=user,
                now=timezone.now(),
            )
        except ComplaintError as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, "Nobody stands in for you in these days any more.")
        return redirect("cases:account")


class OwnShortcuts(View):
    """Switch one's own keyboard shortcuts on or off."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Change nothing."""
        return redirect("cases:account")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Switch them."""
        is_on = request.POST.get("on") == "yes"
        use_shortcuts(by=user_of(request), on=is_on)
        words = "on. Press ? on any page for the list." if is_on else "off."
        messages.success(request, f"Keyboard shortcuts are {words}")
        return redirect("cases:account")
