"""Who asked what is held of them and waits for an answer, for My work of the coordinators."""

from datetime import date, timedelta

from django.urls import reverse

from cases.models import User
from cases.rules.pages import READERS, Page
from cases.selectors.my_work import Beside
from feedback.models import HeldRequest
from feedback.models.held import HeldRequestQuerySet
from feedback.selectors.held import requests_known_to

# The law counts a month; for the last of it they stand on My work.
SOON = timedelta(days=7)


def _due(user: User, today: date) -> HeldRequestQuerySet | None:
    """Return what is to be answered, whoever may know of it: mostly there is nothing."""
    if not user.has_role(*READERS[Page.HELD]):
        return None
    return HeldRequest.objects.open().filter(answer_by__lte=today + SOON)


def _known(user: User, today: date) -> int:
    return requests_known_to(user).open().filter(answer_by__lte=today + SOON).count()


def _words(number: int, told: str) -> str:
    people = "person waits" if number == 1 else "people wait"
    return f"{told} {people} for what is held of them: the month is over within seven days, or is"


HELD = (Beside("held", _due, _words, lambda: reverse("feedback:held-requests"), known=_known),)
