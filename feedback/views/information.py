"""Pages of information for the public, made from the procedure that runs today."""

from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.errors import ActionNotAllowed, NotMade
from cases.operations.leaflets import SIZES, leaflet_pdf
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES
from cases.rules.papers import PDF
from cases.selectors.leaflet import LeafletWords
from feedback.selectors.information import Information, information_on


def _of_today() -> Information:
    return information_on(timezone.localdate(timezone.now()))


def page(template: str) -> Callable[[HttpRequest], HttpResponse]:
    """Return a page about the procedure that runs today."""

    @login_not_required
    @require_safe
    def answer(request: HttpRequest) -> HttpResponse:
        try:
            told = _of_today()
        except ActionNotAllowed:
            return render(request, "feedback/not_set_up.html", status=503)
        return render(request, template, {"told": told})

    return answer


procedure = page("feedback/procedure.html")
standards = page("feedback/standards.html")


@login_not_required
@require_safe
def formats(request: HttpRequest) -> HttpResponse:
    """Show in which formats and languages the landlord writes."""
    every = [each.words for each in LetterFormat if each is not LetterFormat.STANDARD]
    languages = sorted(LANGUAGES.values(), key=lambda each: each.name)
    return render(request, "feedback/formats.html", {"formats": every, "translated_to": languages})


@login_not_required
@require_safe
def leaflet(request: HttpRequest, size: str) -> HttpResponse:
    """Answer with the leaflet as a PDF, or say that it cannot be made.

    :raises Http404: if the landlord runs no procedure yet, or for a size that there is not.
    """
    if size not in SIZES:
        raise Http404
    try:
        told = _of_today()
    except ActionNotAllowed:
        raise Http404 from None
    return printed(request, told.leaflet, size=size, name=f"complaints-{size}.pdf")


def printed(request: HttpRequest, words: LeafletWords, *, size: str, name: str) -> HttpResponse:
    """Answer with a paper for everybody as a PDF, or say that it cannot be made."""
    try:
        made = leaflet_pdf(words, size=SIZES[size], now=timezone.now())
    except NotMade:
        return render(request, "feedback/not_made.html", status=503)
    response = HttpResponse(made, content_type=PDF)
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=300"
    return response
