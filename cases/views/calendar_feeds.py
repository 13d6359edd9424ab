"""Somebody's deadlines and hearings in the calendar of another program."""

from hashlib import sha256
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from django.views.generic.base import TemplateView

from cases.models import CalendarFeed
from cases.operations.alerts import address_of
from cases.operations.calendar_feeds import make_feed, switch_feed_off
from cases.rules.icalendar import calendar_text
from cases.selectors.calendar_feeds import entries, owner_of
from cases.templatetags.parts import Link
from cases.views.access import user_of


class OwnCalendar(TemplateView):
    """The secret address of one's own calendar."""

    template_name = "cases/accounts/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the address, if there is one."""
        feed = CalendarFeed.objects.filter(user=user_of(self.request)).first()
        address = ""
        if feed:
            address = address_of(reverse("cases:calendar-feed", args=[feed.token]))
            address = address if "://" in address else self.request.build_absolute_uri(address)
        crumbs = [Link("Your account", reverse("cases:account")), Link("Your calendar")]
        return super().get_context_data(**kwargs, feed=feed, address=address, crumbs=crumbs)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Make an address, or switch it off."""
        user = user_of(request)
        if "off" in request.POST:
            switch_feed_off(by=user, now=timezone.now())
            messages.success(request, "The address of your calendar is switched off.")
        else:
            make_feed(by=user, now=timezone.now())
            messages.success(request, "The address of your calendar is ready.")
        return redirect("cases:account-calendar")


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a calendar program that knows the secret address; nothing if nothing has changed.

    :raises Http404: if it is no address of somebody who works here.
    """
    user = owner_of(token, today=timezone.localdate(timezone.now()))
    if user is None:
        raise Http404
    body = calendar_text("Complaints: my deadlines", entries(user)).encode()
    mark = f'"{sha256(body).hexdigest()[:32]}"'
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    response["ETag"] = mark
    response["Cache-Control"] = "private, no-cache"
    response["X-Robots-Tag"] = "noindex"
    return get_conditional_response(request, etag=mark, response=response) or response
