"""The first page of everybody who works on complaints: what they have to do."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from cases.models import User
from cases.rules.pages import READERS, Page
from cases.selectors.approvals_beside import all_approvals_for
from cases.selectors.awards_waiting import NONE_WAITING, awards_to_approve, awards_to_offer
from cases.selectors.counting import in_words
from cases.selectors.my_work import (
    BESIDE,
    FAILED,
    NEW,
    MyWork,
    Section,
    View,
    covered,
    may_assign,
    my_work,
    stood_in_for,
)
from cases.selectors.promises import promises_owed
from cases.selectors.restrictions import restrictions_waiting
from cases.selectors.rows import Row
from cases.templatetags.parts import Column
from cases.views.access import StaffPage, user_of

COLUMNS = (
    Column("Reference"),
    Column("Customer"),
    Column("About"),
    Column("Stage"),
    Column("Next"),
    Column("Due"),
    Column("Officer"),
)
HEADINGS = {
    View.OVERDUE.value: "Overdue",
    View.TODAY.value: "Due today",
    View.SOON.value: "Due in three working days",
    NEW: "New to you",
    View.WAITING.value: "Waiting",
    View.UNASSIGNED.value: "Unassigned",
    FAILED: "E-mails that could not be delivered",
}
NOTES = {
    NEW: "Given to you in the last two weeks. You have done nothing on them yet.",
    View.WAITING.value: "For the customer, for a decision on a request, or for a hearing.",
    FAILED: "The customer has not been told. Send it again, or find another way to reach them.",
}


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: its rows, and where all of it can be seen."""

    name: str
    heading: str
    note: str
    count: str
    url: str
    rows: list[Row]
    is_cut: bool


class MyWorkPage(StaffPage):
    """What somebody has to do today."""

    page = Page.MY_WORK

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show it."""
        user = user_of(request)
        today = timezone.localdate(timezone.now())
        owed = promises_owed(user, today=today)
        work = my_work(user, today=today)
        parts = [_part(section) for section in work.sections if section.count]
        context = {
            "parts": parts,
            "promises": [each for each in owed if not each.is_action],
            "actions": [each for each in owed if each.is_action],
            "work": work,
            "restrictions": restrictions_waiting(user, today=today),
            "post": _post(work),
            "beside": [
                (each.words(work.beside[each.name], in_words(work.beside[each.name])), each.url())
                for each in BESIDE
                if each.name in work.beside
            ],
            "approvals": all_approvals_for(user, today=today, calendar=work.calendar),
            "awards": awards_to_approve(user),
            "not_offered": awards_to_offer(user) if work.has_money_to_offer else NONE_WAITING,
            "later": in_words(work.later),
            "letters": in_words(work.letters),
            "area": list(_area(work)),
            "standing_in": stood_in_for(user, today=today),
            "covered": covered(user, today=today),
            "may_name_covers": may_assign(user),
            "is_away_soon": bool(work.absences) and user.has_role(*READERS[Page.COVERS]),
            "columns": COLUMNS,
            "me": user.pk,
            "covering": user.stands_in_for,
            "log_url": reverse("cases:log"),
            "may_log": _may_log(user),
            "today": today,
        }
        return render(request, "cases/my_work.html", context)


def _post(work: MyWork) -> str:
    """Return how much e-mail waits to be sorted, and since when, in words; nothing for none."""
    if not work.post:
        return ""
    waits = "1 e-mail waits" if work.post == 1 else f"{in_words(work.post)} e-mails wait"
    older = (
        (work.post_week, "for more than a week"),
        (work.post_earlier, "since an earlier day"),
    )
    ages = [f"{in_words(count)} {how_long}" for count, how_long in older if count]
    return f"{waits} to be sorted{': ' if ages else ', from today'}{', '.join(ages)}"


def _may_log(user: User) -> bool:
    return user.has_role(*READERS[Page.LOG])


def _part(section: Section) -> Part:
    return Part(
        name=section.name,
        heading=HEADINGS[section.name],
        note=NOTES.get(section.name, ""),
        count=in_words(section.count),
        url=_url(section.name),
        rows=section.rows,
        is_cut=section.count > len(section.rows),
    )


def _url(name: str) -> str:
    """Return the view of the list that shows the whole of a part."""
    if name == FAILED:
        return reverse("cases:letters")
    if name == NEW:
        # All of them stand here.
        return ""
    mine = "" if name == View.UNASSIGNED else "&mine=on"
    return f"{reverse('cases:queue')}?view={name}{mine}"


def _area(work: MyWork) -> Iterator[tuple[str, str, str]]:
    """Yield what there is in everything a manager answers for: words, count, address."""
    for name, count in work.area.items():
        url = reverse("cases:queue")
        yield View(name).words, in_words(count), url if name == "open" else f"{url}?view={name}"
