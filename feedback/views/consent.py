"""The page on which a customer says whether somebody may speak for them: a link that works once.

Nothing of the complaint stands on it. A link that is unknown, ended, replaced or used gives the
same page as one of the questions to others.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from cases.models import ConsentLink
from cases.operations.consent import answer_link, open_link
from cases.views.access import UNPROCESSABLE
from feedback.forms.consent import YES, ConsentForm
from feedback.forms.step import FORM_ID
from feedback.views.asked import closed_link
from feedback.views.browser import is_only_shown
from feedback.views.track import Outside, outside, too_old


@outside
class ConsentPage(Outside):
    """The question, and the form for its answer. Looking at it uses nothing up."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the question."""
        link = open_link(token, now=self.now)
        return closed_link(request) if link is None else _page(request, link, ConsentForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take the answer, or show what is to be mended."""
        link = open_link(token, now=self.now)
        if link is None:
            return closed_link(request)
        form = ConsentForm(request.POST)
        is_right = form.is_valid()
        if not self.is_trusted:
            form.add_error(None, too_old())
            return _page(request, link, form, status=403)
        if is_only_shown(form, request):
            return _page(request, link, form)
        if not is_right:
            return _page(request, link, form, status=UNPROCESSABLE)
        may_speak = form.cleaned_data["answer"] == YES
        taken = answer_link(token=token, may_speak=may_speak, now=self.now)
        return closed_link(request) if taken is None else redirect("feedback:consent-thanks")


def _page(
    request: HttpRequest, link: ConsentLink, form: ConsentForm, *, status: int = 200
) -> HttpResponse:
    speaker = link.representative
    token = str(request.resolver_match.kwargs["token"]) if request.resolver_match else ""
    context = {
        "form": form,
        "typed_form": FORM_ID,
        "name": speaker.name,
        "relationship": speaker.relationship,
        "not_mine_url": reverse("feedback:consent-not-mine", args=[token]),
    }
    return render(request, "feedback/consent.html", context, status=status)


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that the answer has come."""
    return render(request, "feedback/consent_thanks.html")
