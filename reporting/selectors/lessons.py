"""What services learnt from months: given back, owed and by whom, and told in a report."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.models import User
from cases.selectors.reminders import colleagues
from reporting.models import LessonsReturn
from reporting.rules.kept import Time
from reporting.selectors.addressees import answering_for


@dataclass(frozen=True, slots=True)
class Owed:
    """Lessons that a service owes, and the names of those who are asked for them today."""

    lessons: LessonsReturn
    asked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Back:
    """What a report of a time tells of lessons, what it will lack, and what nobody owes.

    With each that was given back stands whether it is of an earlier month.
    """

    given: list[tuple[LessonsReturn, bool]]
    owed: list[Owed]
    waived: list[LessonsReturn]


def back_for(time: Time, *, today: date) -> Back:
    """Return what services gave back for the report of a time, or owe, by month and service."""
    every = list(LessonsReturn.objects.told_by(time).in_order())
    return Back(
        given=[(each, _is_earlier(each, time)) for each in every if each.returned_at],
        owed=with_those_asked([each for each in every if each.is_owed], today=today),
        waived=[each for each in every if each.waived_at],
    )


def all_owed(*, today: date) -> list[Owed]:
    """Return all lessons that are owed, the longest first, with who is asked for them today."""
    owed = LessonsReturn.objects.owed().select_related("report", "report__area")
    return with_those_asked(list(owed.order_by("due_on", "report__area_name", "pk")), today=today)


def with_those_asked(owed: Sequence[LessonsReturn], *, today: date) -> list[Owed]:
    """Return lessons that are owed with who is asked for them today."""
    if not owed:
        return []
    asked_for = answering_for(colleagues(today=today))
    asked = {each.pk: asked_for(each.report.area_id) for each in owed}
    names = dict(User.objects.filter(pk__in=set().union(*asked.values())).values_list("pk", "name"))
    return [Owed(each, tuple(sorted(names[key] for key in asked[each.pk]))) for each in owed]


def as_told(lessons: Collection[LessonsReturn], time: Time) -> list[dict[str, Any]]:
    """Return lessons as the report of a time keeps them, and which are of an earlier month."""
    return [
        {
            "service": each.report.area_name,
            "month": each.report.time.words,
            "learnt": each.learnt,
            "made": each.made,
            "planned": each.planned,
            "is_earlier": _is_earlier(each, time),
        }
        for each in lessons
    ]


def _is_earlier(lessons: LessonsReturn, time: Time) -> bool:
    return lessons.report.last_day < time.first
