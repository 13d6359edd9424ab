"""Whether the system lives, is ready to serve, and does its background work.

For load balancers and watchmen: public, without a session, and telling nothing else.
"""

from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases.selectors.operations_page import SILENCE, heard_from_beat
from cases.triggers import missing_triggers


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer that this process answers."""
    return _answer("live", is_well=True)


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """Answer whether requests can be served: the database is there, with its record protected."""
    try:
        missing = missing_triggers(connection)
    except DatabaseError:
        return _answer("the database does not answer", is_well=False)
    if missing:
        return _answer("the database is not set up", is_well=False)
    return _answer("ready", is_well=True)


@login_not_required
@require_safe
def beat(request: HttpRequest) -> HttpResponse:
    """Answer whether the background work showed in the last two minutes that it lives."""
    try:
        age = heard_from_beat(now=timezone.now())
    except DatabaseError:
        return _answer("the database does not answer", is_well=False)
    if age is None:
        return _answer("no beat yet", is_well=False)
    return _answer(f"last beat {age.total_seconds():.0f} seconds ago", is_well=age <= SILENCE)


def _answer(words: str, *, is_well: bool) -> HttpResponse:
    return HttpResponse(f"{words}\n", status=200 if is_well else 503, content_type="text/plain")
