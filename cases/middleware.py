"""What is true of every request of the staff."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cases.models import Absence

Next = Callable[[HttpRequest], HttpResponse]


def deputies_see_the_work(get_response: Next) -> Next:
    """Let whoever is signed in stand in for those who are away today, in one query."""

    def answer(request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            today = timezone.localdate(timezone.now())
            away = Absence.objects.on(today).filter(deputy=request.user.pk)
            request.user.stands_in_for = frozenset(away.values_list("user_id", flat=True))
        return get_response(request)

    return answer
