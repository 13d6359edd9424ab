"""The page of a question to somebody outside the case: a link that works once.

A link that is unknown, ended, stopped or used gives one and the same page.
"""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django.views.generic.base import View

from cases.errors import ComplaintError
from cases.models import InformationRequest
from cases.operations.guessing import Counter, take_turn
from cases.operations.information import answer_question, open_question
from cases.views.access import UNPROCESSABLE
from cases.views.uploads import uploads_are_limited
from cases.views.visitors import client_address
from feedback.forms.asked import AskedForm

# Links that do not work, from one address, before each further one has to wait.
FREE_TRIES = 10


@method_decorator([login_not_required, never_cache, uploads_are_limited], name="dispatch")
class AskedPage(View):
    """A question, and the form for its answer. Looking at it uses nothing up."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the question."""
        asked = open_question(token, now=timezone.now())
        return closed_link(request) if asked is None else self.page(request, asked, AskedForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take the answer, or show what is to be mended."""
        now = timezone.now()
        asked = open_question(token, now=now)
        if asked is None:
            return closed_link(request)
        form = AskedForm(request.POST, request.FILES)
        if not form.is_valid():
            return self.page(request, asked, form, status=UNPROCESSABLE)
        given = form.cleaned_data
        try:
            taken = answer_question(
                token=token, words=given["words"], uploads=given["uploads"], now=now
            )
        except ComplaintError as refusal:
            form.add_error(None, str(refusal))
            return self.page(request, asked, form, status=UNPROCESSABLE)
        return closed_link(request) if taken is None else redirect("feedback:asked-thanks")

    def page(
        self, request: HttpRequest, asked: InformationRequest, form: Any, *, status: int = 200
    ) -> HttpResponse:
        """Answer with the question: nothing of the complaint but what was written for them."""
        context = {
            "form": form,
            "question": asked.question,
            "shown": asked.shown,
            "due_on": asked.due_on,
            "asked_by": asked.asked_by.name,
        }
        return render(request, "feedback/asked.html", context, status=status)


def closed_link(request: HttpRequest) -> HttpResponse:
    """Answer for every link that does not work, slower and slower for whoever tries many."""
    counted = [Counter(f"asked:address:{client_address(request)}", FREE_TRIES)]
    seconds = take_turn(counted, now=timezone.now())
    response = render(request, "feedback/asked_closed.html", status=429 if seconds else 404)
    if seconds:
        response["Retry-After"] = str(seconds)
    return response


@login_not_required
@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say that the answer has come."""
    return render(request, "feedback/asked_thanks.html")
