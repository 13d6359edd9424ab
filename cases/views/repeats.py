"""Repeats of one complaint, and hot spots of all that somebody may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.models import Complaint
from cases.rules.pages import READERS, Page
from cases.rules.repeats import recent_from
from cases.selectors.repeats import (
    MOST_LISTED,
    Spot,
    hot_spots,
    kinds_of,
    listed,
    repeats_of,
    spot_named,
)
from cases.templatetags.parts import Column, Link
from cases.views.access import ComplaintPage, StaffPage, user_of

# What hot spots are told under, the head of their column, and the kinds that stand there.
GROUPS = (
    ("Blocks and streets", "Where", ("block", "street")),
    ("Contractors", "Whose work", ("contractor",)),
    ("Causes", "What, and in which service area", ("cause",)),
)
NUMBERS = (Column("Last 90 days", is_numeric=True), Column("Usual in 90 days", is_numeric=True))


@dataclass(frozen=True, slots=True)
class Group:
    """Hot spots of one kind, the worst first."""

    heading: str
    columns: tuple[Column, ...]
    spots: Sequence[Spot]


class RepeatsPage(ComplaintPage):
    """What a complaint has in common with others, and the others behind each number."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the numbers, and the complaints behind one of them."""
        complaint, user = self.complaint, user_of(request)
        wanted = request.GET.get("show", "")
        chosen = next((which for code, _, which in kinds_of(complaint) if code == wanted), None)
        context = {
            "complaint": complaint,
            "may_see_all": user.has_role(*READERS[Page.DASHBOARD]),
            "crumbs": [
                Link("Complaints", reverse("cases:queue")),
                Link(complaint.reference, complaint.get_absolute_url()),
                Link("Repeats and hot spots"),
            ],
            **_spots(
                repeats_of(complaint, user=user, today=self.today),
                wanted,
                [] if chosen is None else listed(chosen, user=user, today=self.today),
                today=self.today,
            ),
        }
        return render(request, "cases/repeats.html", context)


class HotSpots(StaffPage):
    """The streets and causes with more complaints than usual."""

    page = Page.DASHBOARD

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show them, and the complaints behind one of the numbers."""
        today = timezone.localdate(timezone.now())
        user = user_of(request)
        wanted = request.GET.get("show", "")
        which = spot_named(wanted)
        spots = hot_spots(user, today=today)
        context = {
            "crumbs": [Link("Complaints", reverse("cases:queue")), Link("Hot spots")],
            "groups": [
                Group(heading, (Column(first), *NUMBERS), found)
                for heading, first, kinds in GROUPS
                if (found := [spot for spot in spots if spot.code.partition(":")[0] in kinds])
            ],
            **_spots(
                spots,
                wanted,
                [] if which is None else listed(which, user=user, today=today),
                today=today,
            ),
        }
        return render(request, "cases/repeats.html", context)


def _spots(
    spots: Sequence[Spot], wanted: str, rows: Sequence[Complaint], *, today: Any
) -> dict[str, Any]:
    return {
        "spots": spots,
        "chosen": next((spot for spot in spots if spot.code == wanted), None),
        "rows": rows,
        "most": MOST_LISTED,
        "recent_from": recent_from(today),
    }
