"""Who else has a complaint open, asked again and again by a page that stays open."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from cases.operations.presence import come_in, go_away
from cases.rules.acts import Act
from cases.views.access import ComplaintPage, user_of


class HereView(ComplaintPage):
    """A sentence, and nothing where nobody else is there."""

    is_noted = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer in plain words; `act` is what the page that asks is for.

        `gone` says that it is left: then nobody is told any more that they are here.
        """
        if "gone" in request.GET:
            go_away(self.complaint, user=user_of(request))
            return HttpResponse("", content_type="text/plain; charset=utf-8")
        named = request.GET.get("act", "")
        act = Act(named) if named in {each.value for each in Act} else None
        words = come_in(self.complaint, user=user_of(request), now=self.now, act=act)
        return HttpResponse(words, content_type="text/plain; charset=utf-8")
