"""The page on which a customer says whether somebody may speak for them: a link that works once.

Nothing of the complaint stands on it. A link that is unknown, ended, replaced or used gives the
same page as one of the questions to others.
"""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic.base import View

from cases.models import ConsentLink
from cases.operations.consent import answer_link, open_link
from cases.views.access import UNPROCESSABLE
from feedback.forms.consent import YES, ConsentForm
from feedback.views.asked import closed_link


@method_decorator([login_not_required, never_cache], name="dispatch")
class ConsentPage(View):
    """The question, and the form for its answer. Looking at it uses nothing up."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the question."""
        link = open_link(token, now=timezone.now())
        return closed_link(request) if link is None else _page(request, link, ConsentForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take the answer, or show what is to be mended."""
        now = timezone.now()
        link = open_link(token, now=now)
        if link is None:
            return closed_link(request)
        form = ConsentForm(request.POST)
        if not form.is_valid():
            return _page(request, link, form, status=UNPROCESSABLE)
        may_speak = form.cleaned_data["answer"] == YES
        taken = answer_link(token=token, may_speak=may_speak, now=now)
        return closed_link(request) if taken is None else redirect("feedback:consent-thanks")


def _page(
    request: HttpRequest, link: ConsentLink, form: ConsentForm, *, status: int = 200
) -> HttpResponse:
    speaker = link.representative
    context = {"form": form, "name": speaker.name, "relationship": speaker.relationship}
    return render(request, "feedback/consent.html", context, status=status)


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that the answer has come."""
    return render(request, "feedback/consent_thanks.html")
