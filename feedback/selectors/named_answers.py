"""Answers to surveys that customers let us keep with their complaints (HH-34)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import (
    CharField,
    DateTimeField,
    F,
    IntegerField,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast, Coalesce, Concat

from cases.models import Complaint, User
from cases.selectors.case_papers import Aside, AsideSource, Row
from cases.selectors.prepared import BLANK
from feedback.models import SurveyAnswer
from feedback.rules.surveys import QUESTIONS, Satisfaction

# The questions beside the first, which each answer has.
OTHERS = [name for name in QUESTIONS if name != "overall"]
# Answers have a month, and no moment.
NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NamedAnswer:
    """What one customer answered about one complaint, in a month, in words."""

    reference: str
    address: str
    customer: str
    month: date
    overall: Satisfaction
    lines: tuple[str, ...]
    text: str


def named_answers(user: User) -> QuerySet[SurveyAnswer]:
    """Return the answers kept with complaints that somebody may read, of the latest months first.

    The order within a month tells nothing: keys are drawn by lot.
    """
    readable = Complaint.objects.readable_by(user)
    answers = SurveyAnswer.objects.filter(complaint__in=readable.values("pk"))
    return answers.select_related("complaint__customer").order_by("-month", "pk")


def told(answers: Iterable[SurveyAnswer]) -> list[NamedAnswer]:
    """Return answers in words. No query, if each has its complaint and customer."""
    return [
        NamedAnswer(
            reference=complaint.reference,
            address=complaint.get_absolute_url(),
            customer=complaint.customer.name,
            month=each.month,
            overall=_score(each.overall),
            lines=lines_of({name: getattr(each, name) for name in OTHERS}),
            text=each.words,
        )
        for each in answers
        if (complaint := each.complaint) is not None
    ]


def lines_of(scores: dict[str, int | None]) -> tuple[str, ...]:
    """Return each question that was answered, with its answer."""
    return tuple(
        f"{QUESTIONS[name]} {_score(score).words}" for name, score in scores.items() if score
    )


def _score(score: int) -> Satisfaction:
    return Satisfaction(str(score))


def _rows() -> QuerySet[SurveyAnswer, Row]:
    others = [Cast(Coalesce(F(name), 0), CharField()) for name in OTHERS]
    empty = Value("", output_field=CharField())
    nothing = Cast(Value(None), DateTimeField())
    return (
        SurveyAnswer.objects.filter(complaint=BLANK)
        .order_by()
        .values_list(
            Value("survey", output_field=CharField()),
            F("pk"),
            Concat(*others, output_field=CharField()),
            Value(NO_TIME, output_field=DateTimeField()),
            Cast(Value(None), IntegerField()),
            empty,
            F("overall"),
            F("month"),
            Cast(Value(None), IntegerField()),
            empty,
            Value(0, output_field=IntegerField()),
            Cast(F("words"), CharField()),
            empty,
            empty,
            nothing,
        )
    )


def _read(row: Row) -> Aside:
    others, overall, month, words = row[2], row[6], row[7], row[11]
    scores = dict(zip(OTHERS, map(int, others), strict=True))
    on = month or date.min
    return Aside(
        f"{on:%B %Y}: {_score(overall).words.lower()}, taking everything together",
        on,
        lines_of({name: score or None for name, score in scores.items()}),
        words,
    )


# As a part of what stands beside the letters of a complaint: no query more.
WITH_COMPLAINTS = AsideSource("survey", _rows, _read)
