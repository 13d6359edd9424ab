"""Pages beside the form: a quicker way for what it is not made for, and the form on paper."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cases.models import Landlord
from cases.operations.leaflets import SIZES
from cases.selectors.running import landlord
from feedback.forms.paper import paper_form, paper_sections
from feedback.selectors.exits import exits
from feedback.selectors.running import topics
from feedback.views.information import printed


@login_not_required
@require_safe
def instead(request: HttpRequest, code: str) -> HttpResponse:
    """Say where something goes that has a quicker way; the form stays open to whoever wants it.

    :raises Http404: if there is no such way.
    """
    found = [each for each in exits(landlord()) if each.code == code]
    if not found:
        raise Http404
    return render(request, "feedback/instead.html", {"exit": found[0]})


@login_not_required
@require_safe
def paper(request: HttpRequest) -> HttpResponse:
    """Show the form with all its questions, to be printed and filled in by hand."""
    return render(request, "feedback/paper.html", {"sections": paper_sections(topics())})


@login_not_required
@require_safe
def paper_pdf(request: HttpRequest, size: str) -> HttpResponse:
    """Answer with the form as a PDF to be printed, or say that it cannot be made.

    :raises Http404: for a size that there is not.
    """
    if size not in SIZES:
        raise Http404
    words = paper_form(landlord() or Landlord(), topics(), size=SIZES[size])
    return printed(request, words, size=size, name=f"let-us-know-{size}.pdf")
