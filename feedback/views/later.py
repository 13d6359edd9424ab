"""Putting a form away and coming back to it, by a code: no account, no e-mail address."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from cases.operations.alerts import address_of
from cases.selectors.speaking import public_tag, spoken
from cases.views.access import UNPROCESSABLE
from feedback.errors import NothingToSend
from feedback.forms.journey import CHECK
from feedback.forms.later import ComeBackForm
from feedback.forms.step import FORM_ID
from feedback.operations.drafts import bring_back, put_away
from feedback.operations.housekeeping import KEEP_DRAFTS
from feedback.selectors.drafts import draft_of
from feedback.views.browser import give_token, is_only_shown, new_token, take_token
from feedback.views.public import PublicPage
from feedback.views.track import too_many, too_old, typed_in, wait


class SavePage(PublicPage):
    """What was typed is put away, and the code for it is shown once."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Lead to the first page: nothing is put away by looking."""
        return redirect("feedback:start")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Put it away; the browser finds it no more."""
        if not self.is_trusted:
            return render(request, "feedback/save_again.html", status=403)
        try:
            return put_away_for_later(request, token=self.token, now=self.now)
        except NothingToSend:
            return self.lost(request)


def put_away_for_later(request: HttpRequest, *, token: str, now: datetime) -> HttpResponse:
    """Put away what was typed in a browser, and show the code for it, once.

    :raises NothingToSend: if there is nothing.
    """
    code = put_away(token=token, language=spoken().tag, now=now)
    address = address_of(reverse("feedback:come-back"))
    context = {"code": code, "until": now + KEEP_DRAFTS, "address": address}
    response = render(request, "feedback/saved.html", context)
    take_token(response)
    return response


class ComeBackPage(PublicPage):
    """The code for what was put away."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Ask for it."""
        return self.ask(request, ComeBackForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        """Give the form back to this browser, at the page that waits for an answer.

        It goes on in the language in which it was put away.
        """
        form = ComeBackForm(typed_in(request))
        is_right = form.is_valid()
        if not self.is_trusted:
            form.add_error(None, too_old())
            return self.ask(request, form, status=403)
        if is_only_shown(form, request):
            return self.ask(request, form)
        if not is_right:
            return self.ask(request, form, status=UNPROCESSABLE)
        if seconds := wait(request):
            too_many(form, seconds)
            return self.ask(request, form, status=429)
        token = new_token()
        if not bring_back(code=form.cleaned_data["code"], token=token, now=self.now):
            form.add_error("code", _("Nothing was saved with this code, or it was used already"))
            return self.ask(request, form, status=UNPROCESSABLE)
        self.draft = draft_of(token)
        first = self.journey().next_page
        with translation.override(public_tag(self.draft.language if self.draft else "")):
            response = (
                redirect("feedback:check") if first == CHECK else redirect("feedback:step", first)
            )
        give_token(response, token)
        return response

    def ask(self, request: HttpRequest, form: ComeBackForm, *, status: int = 200) -> HttpResponse:
        """Show the form."""
        context = {
            "form": form,
            "has_draft": self.draft is not None,
            "typed_form": FORM_ID,
        }
        return render(request, "feedback/come_back.html", context, status=status)
