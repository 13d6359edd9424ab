"""Thanks that are due today or late, for My work of whoever has to send them (K3-20)."""

from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from cases.models import User
from cases.rules.pages import CHANGERS, Page
from cases.rules.roles import Role
from cases.selectors.my_work import Beside
from feedback.models import PassedOn, Remark
from feedback.models.remarks import RemarkQuerySet
from feedback.selectors.remarks import Show


def theirs_to_thank(user: User) -> Q:
    """Return the condition that somebody has to thank for a remark.

    Whoever logged it or was told of it, who manages the service area that it is about, and
    complaints coordinators of every one.
    """
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        return Q()
    told = PassedOn.objects.filter(remark=OuterRef("pk"), to=user)
    areas = Q(service_area__in=user.scope.managed_areas)
    return Q(logged_by=user.pk) | Q(Exists(told)) | areas


def _overdue(user: User, today: date) -> RemarkQuerySet | None:
    if not user.has_role(*CHANGERS[Page.FEEDBACK]):
        return None
    return Remark.objects.overdue(today=today).filter(theirs_to_thank(user))


def _due_today(user: User, today: date) -> RemarkQuerySet | None:
    if not user.has_role(*CHANGERS[Page.FEEDBACK]):
        return None
    due = Remark.objects.to_acknowledge().filter(acknowledge_by=today)
    return due.filter(theirs_to_thank(user))


def _overdue_words(number: int, told: str) -> str:
    people = "person waits" if number == 1 else "people wait"
    return f"{told} {people} to be thanked, for whom the promised day is over"


def _due_today_words(number: int, told: str) -> str:
    people = "person is" if number == 1 else "people are"
    return f"{told} {people} to be thanked by today"


def _shown(show: Show) -> str:
    return f"{reverse('feedback:staff-list')}?show={show.value}"


THANKS = (
    Beside("thanks-overdue", _overdue, _overdue_words, lambda: _shown(Show.OVERDUE)),
    Beside("thanks-today", _due_today, _due_today_words, lambda: _shown(Show.TO_THANK)),
)
