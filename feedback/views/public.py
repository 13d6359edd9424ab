"""What every public page has in common, and the pages that are only read."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from django.views.generic.base import View

from cases.errors import ActionNotAllowed
from cases.selectors.running import landlord
from cases.views.uploads import Limited
from feedback.forms.journey import CHECK, Journey
from feedback.models import Draft
from feedback.rules.kinds import Kind
from feedback.selectors.drafts import draft_of
from feedback.selectors.exits import exits
from feedback.selectors.running import running_on, topics
from feedback.views.browser import is_ours, token_of


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of the site: the public's, or the work of whoever is signed in."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    return start(request)


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What the form is for, what happens then, and the other ways."""
    try:
        running = running_on(timezone.localdate(timezone.now()))
    except ActionNotAllowed:
        return render(request, "feedback/not_set_up.html", status=503)
    draft = draft_of(token_of(request))
    return render(
        request,
        "feedback/start.html",
        {
            "running": running,
            "steps": running.steps(Kind.COMPLAINT),
            "thanks": running.steps(Kind.COMPLIMENT)[0],
            "has_draft": draft is not None,
            "go_on_url": _where_it_stopped(draft) if draft else "",
            "exits": exits(landlord()),
        },
    )


def _where_it_stopped(draft: Draft) -> str:
    """Return the address of the page at which a draft goes on."""
    code = Journey(draft.answers, topics()).next_page
    return reverse("feedback:check") if code == CHECK else reverse("feedback:step", args=[code])


def page(template: str) -> Callable[[HttpRequest], HttpResponse]:
    """Return a public page that is only read."""

    @login_not_required
    @require_safe
    def answer(request: HttpRequest) -> HttpResponse:
        return render(request, template)

    return answer


privacy = page("feedback/privacy.html")
accessibility = page("feedback/accessibility.html")


@method_decorator([login_not_required, csrf_exempt], name="dispatch")
class PublicPage(View):
    """A page of the form. The clock is read once; the draft is that of the browser.

    Whether a form comes from a page of ours is asked in the page itself (`is_trusted`), so that
    what was typed can be shown again.
    """

    files_taken = 0

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Load the draft of this browser, and limit what may be uploaded."""
        super().setup(request, *args, **kwargs)
        # Browsers send forms in the encoding of their page; anything else is not one of ours.
        request.encoding = "utf-8"
        each = settings.UPLOAD_FILE_MAX_BYTES
        request.upload_handlers.insert(0, Limited(request, each=each, number=self.files_taken))
        self.now = timezone.now()
        self.token = token_of(request)
        self.draft: Draft | None = draft_of(self.token)
        self.is_trusted = request.method != "POST" or is_ours(request)

    def journey(self) -> Journey:
        """Return the way through the form for what was answered so far."""
        return Journey(self.draft.answers if self.draft else {}, topics())

    def lost(self, request: HttpRequest) -> HttpResponse:
        """Say that there is nothing typed here, and what to do."""
        return render(request, "feedback/lost.html", status=404)
