"""To the landlord's identity provider and back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.generic.base import View

from cases.errors import ComplaintError
from cases.operations.alerts import address_of
from cases.operations.guessing import Counter, sign_on_counter, succeeded, take_turn
from cases.operations.single_sign_on import begin, finish, is_offered
from cases.rules.sessions import CONFIRMED
from cases.views.access import user_of
from cases.views.signing_in import LeadsOn, let_in, private, public
from cases.views.visitors import client_address

ATTEMPT, GOING = "sign-on", "sign-on-going"


def _back(request: HttpRequest) -> str:
    """Return our address to which the provider leads back."""
    address = address_of(reverse("cases:work-account-back"))
    return address if "://" in address else request.build_absolute_uri(address)


def _counted(request: HttpRequest) -> list[Counter]:
    return sign_on_counter(address=client_address(request))


def _must_wait(request: HttpRequest) -> bool:
    """Count a try, and say whether it is one too many, in words too."""
    seconds = take_turn(_counted(request), now=timezone.now())
    if seconds:
        plural = "" if seconds == 1 else "s"
        messages.error(request, f"There were too many tries. Wait {seconds} second{plural}.")
    return bool(seconds)


@public
@private
class WorkAccount(LeadsOn, View):
    """Go and sign in with the work account; whoever is signed in proves once more who they are."""

    next_page = "cases:home"

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead there, or say that it cannot be reached."""
        if not is_offered():
            return redirect("cases:sign-in")
        again = request.user.is_authenticated
        if _must_wait(request):
            return redirect("cases:prove-again" if again else "cases:sign-in")
        try:
            address, attempt = begin(back=_back(request), again=again)
        except ComplaintError as refused:
            messages.error(request, str(refused))
            return redirect("cases:prove-again" if again else "cases:sign-in")
        request.session[ATTEMPT] = attempt.kept()
        request.session[GOING] = self.get_success_url()
        return HttpResponseRedirect(address)


@public
@private
class WorkAccountBack(View):
    """Come back from the identity provider."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Let them in, or say why not. What was remembered serves once."""
        kept = request.session.pop(ATTEMPT, None)
        going = request.session.pop(GOING, reverse("cases:home"))
        is_in = request.user.is_authenticated
        refused_to = "cases:account" if is_in else "cases:sign-in"
        if kept is None or _must_wait(request):
            return redirect(refused_to)
        try:
            vouched = finish(
                code=request.GET.get("code", ""),
                state=request.GET.get("state", ""),
                kept=kept,
                back=_back(request),
                now=timezone.now(),
            )
        except ComplaintError as refused:
            messages.error(request, str(refused))
            return redirect(refused_to)
        if not kept["again"]:
            response = let_in(request, vouched.user, going=going)
        elif is_in and vouched.user.pk == user_of(request).pk:
            response = HttpResponseRedirect(going)
        else:
            messages.error(request, "That is somebody else’s account.")
            return redirect(refused_to)
        succeeded(_counted(request))
        # Who was signed in there already has proved nothing just now.
        at = vouched.proved_at
        request.session[CONFIRMED] = None if at is None else at.timestamp()
        return response
