"""The way in for customers who follow their complaint: by a link or a code, without an account.

Looking at a page uses nothing up; a visit begins with the press of a button. A reference that is
not known and a proof that is wrong get the same answer, and many of them wait longer and longer.
"""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic.base import View

from cases.models import Level
from cases.models.tracking import Proof
from cases.operations.guessing import Counter, take_turn
from cases.operations.providers import texts_are_sent
from cases.operations.tracking import (
    Opened,
    ask_for_code,
    begin_visit,
    end_visit,
    hashed,
    open_link,
    open_with_code,
)
from cases.rules.tracking import IDLE
from cases.selectors.tracking import following_is_closed
from cases.views.access import UNPROCESSABLE
from cases.views.visitors import client_address
from feedback.forms.step import FORM_ID
from feedback.forms.track import BY_EMAIL, CodeForm, FindForm
from feedback.operations.drafts import plain_text
from feedback.selectors.receipts import sent_with_code
from feedback.views.browser import give_receipt, is_only_shown, is_ours

VISIT_COOKIE = "my_complaint"
ASKING_COOKIE = "my_complaint_asks"
VISIT_SALT = "feedback.visit"
ASKING_SALT = "feedback.asking"
ASKING_SECONDS = 60 * 60
# What pages send besides what somebody typed.
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "page", "stop", "do", "look", "remove"})
# Look-ups from one address, before each further one has to wait.
FREE_TRIES = 10
# After how long a browser or a program may ask whether closed pages are open again.
LOOK_AGAIN_SECONDS = 60 * 60


class Outside(View):
    """A page that needs no account, is kept by no browser and found by no search engine."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Read the clock once, and ask whether a form is one of ours."""
        super().setup(request, *args, **kwargs)
        request.encoding = "utf-8"
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer, and tell search engines to keep away."""
        self.is_trusted = request.method != "POST" or is_ours(request)
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


class Following(Outside):
    """A way in: closed to everybody while the landlord says so.

    `opens_receipts`: it answers all the same, for whoever has the code of a form that was sent.
    """

    opens_receipts = False

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer, or say that these pages are closed."""
        self.is_closed = following_is_closed()
        if not self.is_closed or self.opens_receipts:
            return super().dispatch(request, *args, **kwargs)
        response = shut(request)
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response


def outside(view: Any) -> Any:
    """Let everybody open a page, which asks itself whether a form is one of ours."""
    decorators = [login_not_required, csrf_exempt, never_cache]
    return method_decorator(decorators, name="dispatch")(view)


def too_old() -> str:
    """Return what is said of a form that was open for too long."""
    return _("This page had been open for too long, so nothing was sent. Press the button again.")


def shut(
    request: HttpRequest, form: "CodeForm | None" = None, *, status: int = 503, seconds: int = 0
) -> HttpResponse:
    """Say that nobody can follow a complaint now, and show what was typed, to be kept.

    With a `form` whoever has the code of a receipt sees there how it stands with what they sent.
    What is wrong with what they typed has the `status` of that: it is no outage.
    """
    context = {"typed": [] if form else what_was_typed(request), "form": form}
    response = render(request, "feedback/track/shut.html", context, status=status)
    if retry_after := seconds or (LOOK_AGAIN_SECONDS if status == 503 else 0):
        response["Retry-After"] = str(retry_after)
    return response


def what_was_typed(request: HttpRequest) -> list[str]:
    """Return what somebody typed themselves, to be shown once more."""
    typed = [value for name, value in typed_in(request).items() if name not in NOT_TYPED]
    return [value for value in typed if value.strip()]


def typed_in(request: HttpRequest) -> dict[str, str]:
    """Return what was typed, as text that every database can keep."""
    return {name: plain_text(str(value)) for name, value in request.POST.items()}


def wait(request: HttpRequest, *more: Counter) -> int:
    """Count a look-up, and return for how many seconds it has to wait."""
    by_address = Counter(f"track:address:{client_address(request)}", FREE_TRIES)
    return take_turn([by_address, *more], now=timezone.now())


def too_many(form: Any, seconds: int) -> None:
    """Say in a form that somebody has to wait."""
    form.add_error(
        None,
        ngettext(
            "There were many tries. Wait %(seconds)s second and press the button again.",
            "There were many tries. Wait %(seconds)s seconds and press the button again.",
            seconds,
        )
        % {"seconds": seconds},
    )


@outside
class TrackPage(Following):
    """Which complaint, and how somebody shows that it is theirs."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask; whoever is in already is led on."""
        if token_of_visit(request):
            return redirect("feedback:tracked")
        return self.page(request, FindForm(has_texts=texts_are_sent()))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Have a code sent if that was chosen, and lead to the page that asks for it."""
        form = FindForm(typed_in(request), has_texts=texts_are_sent())
        is_right = form.is_valid()
        if not self.is_trusted:
            form.add_error(None, too_old())
            return self.page(request, form, status=403)
        if is_only_shown(form, request):
            return self.page(request, form)
        if not is_right:
            return self.page(request, form, status=UNPROCESSABLE)
        if seconds := wait(request):
            too_many(form, seconds)
            return self.page(request, form, status=429, seconds=seconds)
        browser, _before = asked_before(request)
        browser = browser or secrets.token_urlsafe(32)
        reference = form.cleaned_data["reference"]
        if form.cleaned_data["how"] == BY_EMAIL:
            ask_for_code(reference=reference, browser=browser, now=self.now)
        response = redirect("feedback:track-code")
        remember_asking(response, browser, reference)
        return response

    def page(
        self, request: HttpRequest, form: FindForm, *, status: int = 200, seconds: int = 0
    ) -> HttpResponse:
        """Show the form."""
        return shown(request, "feedback/track/find.html", form, status=status, seconds=seconds)


@outside
class CodePage(Following):
    """The code that opens a complaint.

    While these pages are closed it opens how it stands with what was sent, and nothing else: no
    other code is used up.
    """

    opens_receipts = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for it; the reference typed before stands there."""
        _browser, reference = asked_before(request)
        return self.page(request, CodeForm(initial={"reference": reference}))

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin a visit, or say that reference and code do not open anything together."""
        form = CodeForm(typed_in(request))
        is_right = form.is_valid()
        if not self.is_trusted:
            form.add_error(None, too_old())
            return self.page(request, form, status=403)
        if is_only_shown(form, request):
            return self.page(request, form)
        if not is_right:
            return self.page(request, form, status=UNPROCESSABLE)
        if seconds := wait(request):
            too_many(form, seconds)
            return self.page(request, form, status=429, seconds=seconds)
        browser, _reference = asked_before(request)
        given = form.cleaned_data
        opened = (
            None
            if self.is_closed
            else open_with_code(
                reference=given["reference"], code=given["code"], browser=browser, now=self.now
            )
        )
        if opened is None:
            # Until it is accepted the code of the form's receipt opens how it stands.
            if sent := sent_with_code(reference=given["reference"], code=given["code"]):
                response = redirect("feedback:sent", sent.reference)
                give_receipt(response, sent.reference)
                return response
            form.add_error(
                None, _("This reference and this code do not open a complaint together.")
            )
            return self.page(request, form, status=UNPROCESSABLE)
        return let_in(opened)

    def page(
        self, request: HttpRequest, form: CodeForm, *, status: int = 200, seconds: int = 0
    ) -> HttpResponse:
        """Show the form."""
        if self.is_closed:
            return shut(request, form, status=503 if status == 200 else status, seconds=seconds)
        return shown(request, "feedback/track/code.html", form, status=status, seconds=seconds)


@outside
class LinkPage(Following):
    """The link in an e-mail: a button, and nothing of the complaint.

    A sensitive or restricted complaint asks for a code as well, which goes to the same address.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the button."""
        if open_link(token, now=self.now) is None:
            return closed(request)
        return render(request, "feedback/track/link.html", {"token": token})

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Begin a visit."""
        link = open_link(token, now=self.now)
        if link is None:
            return closed(request)
        if not self.is_trusted:
            context = {"token": token, "note": too_old()}
            return render(request, "feedback/track/link.html", context, status=403)
        if link.complaint.level == Level.NORMAL:
            return let_in(begin_visit(link.complaint, proof=Proof.LINK, of=link, now=self.now))
        browser = asked_before(request)[0] or secrets.token_urlsafe(32)
        reference = link.complaint.reference
        ask_for_code(reference=reference, browser=browser, now=self.now)
        response = redirect("feedback:track-code")
        remember_asking(response, browser, reference)
        return response


@outside
class SignOutPage(Outside):
    """The end of a visit."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead to the first page: nothing ends by looking."""
        return redirect("feedback:track")

    def post(self, request: HttpRequest) -> HttpResponse:
        """End the visit, and forget in the browser which complaint it was.

        :raises PermissionDenied: if the button was not one of ours.
        """
        if not self.is_trusted:
            raise PermissionDenied
        if token := token_of_visit(request):
            end_visit(token, now=self.now)
        messages.success(
            request,
            _("You are signed out. You may still want to clear the history of this browser."),
        )
        response = redirect("feedback:track")
        forget(response)
        return response


def shown(
    request: HttpRequest, template: str, form: Any, *, status: int, seconds: int
) -> HttpResponse:
    """Return a page with a form, and say for how long to wait."""
    response = render(request, template, {"form": form, "typed_form": FORM_ID}, status=status)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """Answer for every link that does not work, slower and slower for whoever tries many."""
    seconds = wait(request)
    response = render(request, "feedback/track/closed.html", status=429 if seconds else 404)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


def let_in(opened: Opened) -> HttpResponse:
    """Lead to the complaint, and give the browser the token of its visit."""
    response = redirect("feedback:tracked")
    remember_visit(response, opened.token)
    response.delete_cookie(ASKING_COOKIE, samesite="Lax")
    return response


def token_of_visit(request: HttpRequest, *, within: timedelta = IDLE) -> str:
    """Return the token of the visit that is under way in this browser, or nothing.

    The cookie says when it was given; when that is longer ago than `within` the visit is over.
    """
    signer = signing.TimestampSigner(salt=VISIT_SALT)
    try:
        return signer.unsign(request.COOKIES.get(VISIT_COOKIE, ""), max_age=within)
    except signing.BadSignature:
        return ""


def remember_visit(response: HttpResponse, token: str) -> None:
    """Give a browser the token of its visit, for as long as something is done there."""
    _cookie(response, VISIT_COOKIE, signing.TimestampSigner(salt=VISIT_SALT).sign(token))


def forget(response: HttpResponse) -> None:
    """Take from a browser what it knows of a visit."""
    for name in (VISIT_COOKIE, ASKING_COOKIE):
        response.delete_cookie(name, samesite="Lax")


def asked_before(request: HttpRequest) -> tuple[str, str]:
    """Return the token of a browser that asked for a code, and the reference typed there."""
    try:
        browser, reference = signing.loads(
            request.COOKIES.get(ASKING_COOKIE, ""), salt=ASKING_SALT, max_age=ASKING_SECONDS
        )
    except signing.BadSignature:
        return "", ""
    return browser, reference


def remember_asking(response: HttpResponse, browser: str, reference: str) -> None:
    """Keep in a browser that it asked, and the reference that was typed."""
    _cookie(response, ASKING_COOKIE, signing.dumps([browser, reference], salt=ASKING_SALT))


def _cookie(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def hash_of_visit(request: HttpRequest, *, within: timedelta = IDLE) -> str:
    """Return the form in which the token of this browser's visit is kept, or nothing."""
    token = token_of_visit(request, within=within)
    return hashed(token) if token else ""
