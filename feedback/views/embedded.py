"""The small form that other websites may show in a frame, and what becomes of what is sent.

Inside another site's frame browsers keep no cookies of ours. So the small form keeps nothing: it
sends what was typed to the whole window, where the long form goes on with it.
"""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.clickjacking import xframe_options_exempt

from cases.selectors.running import landlord
from feedback.forms.journey import CHECK
from feedback.forms.step import FORM_ID
from feedback.forms.steps import KindStep, WhatHappenedStep
from feedback.operations.drafts import keep_answers, plain_text
from feedback.rules.kinds import Kind
from feedback.views.browser import give_token, new_token, source_of
from feedback.views.public import PublicPage


@method_decorator(xframe_options_exempt, name="dispatch")
class SmallForm(PublicPage):
    """The small form, in a frame on the websites that the landlord allows."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Show it.

        :raises Http404: if the landlord allows no website.
        """
        row = landlord()
        origins = row.frame_origins.split() if row else []
        if not origins:
            raise Http404
        context = {
            "kinds": list(Kind),
            "chosen": request.POST.get("kind", ""),
            "words": plain_text(request.POST.get("words", "")),
            "typed_form": FORM_ID,
            "stays_in_frame": True,
        }
        response = render(request, "feedback/embedded.html", context)
        # The only page that anybody may frame.
        response._csp_replace = {"frame-ancestors": origins}  # type: ignore[attr-defined]
        return response

    def post(self, request: HttpRequest) -> HttpResponse:
        """Show it again, in the language of its address. What was typed is kept nowhere.

        :raises Http404: if the landlord allows no website.
        """
        return self.get(request)


class BeginPage(PublicPage):
    """Go on in the long form with what was typed into the small one."""

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep it in the draft of this browser, behind what may be there, and go on."""
        if not _sent_from_here(request):
            return redirect("feedback:start")
        token = self.token or new_token()
        kind = request.POST.get("kind", "")
        if kind in list(Kind):
            self.keep(request, token, KindStep.code, {"kind": [kind]})
        typed = plain_text(request.POST.get("words", "")).strip()
        if typed:
            self.keep(request, token, WhatHappenedStep.code, self.words(typed))
        code = self.journey().next_page
        if code == CHECK:
            response = redirect("feedback:check")
        else:
            response = redirect(reverse("feedback:step", args=[code]))
        if self.draft is not None:
            give_token(response, token)
        return response

    def words(self, typed: str) -> dict[str, list[str]]:
        """Return what happened as it is kept: what was typed before goes first, nothing is lost."""
        before = dict(self.draft.answers.get(WhatHappenedStep.code, {})) if self.draft else {}
        old = "".join(before.get("words", [])).strip()
        whole = typed if old in ("", typed) else f"{old}\n\n{typed}"
        return {**before, "words": [whole]}

    def keep(
        self, request: HttpRequest, token: str, step: str, typed: dict[str, list[str]]
    ) -> None:
        """Keep a page's answers in the draft."""
        self.draft = keep_answers(
            token=token,
            step=step,
            typed=typed,
            source=source_of(request),
            began_at=self.now,
            now=self.now,
        )


def _sent_from_here(request: HttpRequest) -> bool:
    """Say whether a form was sent from a page of ours: no cookie can say so inside a frame."""
    origin = request.headers.get("Origin")
    if origin is None:
        parts = urlsplit(request.headers.get("Referer", ""))
        origin = f"{parts.scheme}://{parts.netloc}"
    ours = f"{request.scheme}://{request.get_host()}"
    return origin == ours or origin in settings.CSRF_TRUSTED_ORIGINS
