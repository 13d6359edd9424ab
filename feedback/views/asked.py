"""The page of a question to somebody outside the case: a link that works once.

A link that is unknown, ended, stopped or used gives one and the same page.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.errors import ComplaintError
from cases.models import InformationRequest
from cases.operations.guessing import Counter, take_turn
from cases.operations.information import answer_question, open_question
from cases.views.access import UNPROCESSABLE
from cases.views.uploads import Limited
from cases.views.visitors import client_address
from feedback.forms.asked import AskedForm
from feedback.forms.step import FORM_ID
from feedback.views.browser import is_only_shown
from feedback.views.track import Outside, outside, too_old

# Links that do not work, from one address, before each further one has to wait.
FREE_TRIES = 10


@outside
class AskedPage(Outside):
    """A question, and the form for its answer. Looking at it uses nothing up."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Limit what may be uploaded, before anything reads the form."""
        super().setup(request, *args, **kwargs)
        # One more than may be sent, for the form to say that they are too many.
        most = settings.UPLOAD_FILE_LIMIT + 1
        limited = Limited(request, each=settings.UPLOAD_FILE_MAX_BYTES, number=most)
        request.upload_handlers.insert(0, limited)

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show the question."""
        asked = open_question(token, now=self.now)
        return closed_link(request) if asked is None else self.page(request, asked, AskedForm())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Take the answer, or show what is to be mended."""
        asked = open_question(token, now=self.now)
        if asked is None:
            return closed_link(request)
        form = AskedForm(request.POST, request.FILES)
        is_right = form.is_valid()
        if not self.is_trusted:
            form.add_error(None, too_old())
            return self.page(request, asked, form, status=403)
        if is_only_shown(form, request):
            if request.FILES:
                form.add_error("uploads", not_kept())
            return self.page(request, asked, form)
        if not is_right:
            return self.page(request, asked, form, status=UNPROCESSABLE)
        given = form.cleaned_data
        try:
            taken = answer_question(
                token=token, words=given["words"], uploads=given["uploads"], now=self.now
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
            "typed_form": FORM_ID,
            "question": asked.question,
            "shown": asked.shown,
            "due_on": asked.due_on,
            "asked_by": asked.asked_by.name,
            "not_mine_url": reverse("feedback:asked-not-mine", args=[self.kwargs["token"]]),
        }
        return render(request, "feedback/asked.html", context, status=status)


def not_kept() -> str:
    """Return what is said of files that were chosen before the page was shown in a language."""
    return _("Choose your files again: changing the language does not keep them")


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
