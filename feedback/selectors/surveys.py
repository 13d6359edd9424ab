"""What surveys found, and who waits to be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Complaint, User
from cases.rules.blocks import Block
from cases.rules.papers import Sheet
from cases.rules.periods import london_day
from feedback.models import EqualityCount, SurveyAnswer, SurveyRequest, SurveyRound
from feedback.rules.surveys import (
    CHARACTERISTICS,
    PREFER_NOT,
    QUESTIONS,
    SCORES,
    Satisfaction,
    Way,
    ended_half_years,
    share_satisfied,
    shown_counts,
    shown_scores,
    spans_told,
)
from feedback.selectors.outside_post import SURVEY, fates, is_ours_to_post

# The words that are shown at once, the latest first.
WORDS_SHOWN = 30
# Answers that lead to nobody, and what the counts of the others end with.
NAMELESS = Q(complaint__isnull=True)
NAMED = "_named"


@dataclass(frozen=True, slots=True)
class QuestionFound:
    """One question: how many gave each score, the best first, and how many of a hundred are
    satisfied; None where that would tell of few people."""

    question: str
    counts: tuple[int | None, ...]
    satisfied: int | None

    @property
    def told(self) -> list[tuple[str, int | None]]:
        """Return each answer in words with how many gave it."""
        return list(zip((each.words for each in Satisfaction), self.counts, strict=True))


@dataclass(frozen=True, slots=True)
class Found:
    """What was found in months that have ended: how many were asked and answered, and what."""

    asked: int
    answered: int
    first: date | None
    last: date | None
    questions: tuple[QuestionFound, ...]
    words: tuple[str, ...]


def found_since(first: date, *, today: date, round_: SurveyRound | None = None) -> Found:
    """Return what was found since the month of a day, or by one round. Five queries.

    Only answers of ended months are told, and only together with enough others of their round, or
    of those asked after a closure: so two days never differ by what few people said. What hides
    somebody is counted among those who gave no name: the others can be read one by one, and taken
    from the numbers (decision 81).
    """
    month, this_month = first.replace(day=1), today.replace(day=1)
    answers = SurveyAnswer.objects.filter(month__lt=this_month)
    requests = SurveyRequest.objects.filter(asked_at__date__gte=month)
    if round_ is not None:
        answers = answers.filter(round=round_)
        requests = SurveyRequest.objects.filter(round=round_)
        month = date.min
    spans = _spans_of(answers, since=month)
    answers = answers.filter(_within(spans))
    tallies = _by_quarter(answers, spans)
    said = answers.exclude(words="").order_by("-month", "words").values_list("words", flat=True)
    return Found(
        asked=requests.exclude(way=Way.NONE.value).count(),
        answered=sum(each["answered"] for each in tallies),
        first=min((begin for _, begin, _ in spans), default=None),
        last=max((end for _, _, end in spans), default=None),
        questions=tuple(_question(name, tallies) for name in QUESTIONS),
        # In the order of the alphabet: no month of its own tells who said it.
        words=tuple(sorted(said[:WORDS_SHOWN])),
    )


def found_after_closures(first: date, last: date) -> Found:
    """Return what those said who were asked after a closure, in the quarters of some days.

    Three queries. Each span of answers that are told together belongs to the quarter in which it
    ends, and what is hidden in one quarter is hidden in all of them together: so no report of a
    year, less those of its quarters, shows what few people said. The words are left out.
    """
    asked = SurveyRequest.objects.filter(round__isnull=True, asked_at__date__range=(first, last))
    return _found_between(first, last, asked, SurveyAnswer.objects.filter(round__isnull=True))


def rounds_found(first: date, last: date) -> list[tuple[SurveyRound, Found]]:
    """Return what rounds of surveys found in the quarters of some days, by the days they are about.

    A round is told of in the quarter in which it was begun, and again in each in which a span of
    its answers ends: so no span falls between two reports, however late people answer. Asked are
    all whom it asked until then. One query, and three for each round.
    """
    begun = SurveyRound.objects.filter(begun_at__date__lte=last)
    in_time = begun.filter(
        Q(begun_at__date__gte=first) | Q(answers__month__range=(first, last))
    ).distinct()
    found = []
    for each in in_time.order_by("first_day", "last_day"):
        asked = SurveyRequest.objects.filter(round=each, asked_at__date__lte=last)
        told = _found_between(first, last, asked, SurveyAnswer.objects.filter(round=each))
        if told.answered or first <= london_day(each.begun_at):
            found.append((each, told))
    return found


def _found_between(
    first: date, last: date, asked: QuerySet[SurveyRequest], answers: QuerySet[SurveyAnswer]
) -> Found:
    """Return what is told of answers of one source in the quarters of some days."""
    answers = answers.filter(month__lte=last)
    spans = _spans_of(answers, since=first)
    parts = _by_quarter(answers.filter(_within(spans)), spans)
    return Found(
        asked=asked.exclude(way=Way.NONE.value).count(),
        answered=sum(each["answered"] for each in parts),
        first=min((begin for _, begin, _ in spans), default=None),
        last=max((end for _, _, end in spans), default=None),
        questions=tuple(_question(name, parts) for name in QUESTIONS),
        words=(),
    )


def _by_quarter(
    answers: QuerySet[SurveyAnswer], spans: Sequence[tuple[int | None, date, date]]
) -> list[dict[str, int]]:
    """Return what was answered by each round, or after closures, in the quarter in which a span
    of it ends: each of these is told of in a report by itself."""
    quarters: dict[tuple[int | None, int, int], dict[str, int]] = {}
    for tally in _tallies(answers):
        source, month = tally.pop("round"), tally.pop("month")
        end = next(end for key, begin, end in spans if key == source and begin <= month <= end)
        together = quarters.setdefault((source, end.year, (end.month - 1) // 3), {})
        for name, number in tally.items():
            together[name] = together.get(name, 0) + number
    return list(quarters.values())


def _tallies(answers: QuerySet[SurveyAnswer]) -> list[dict[str, Any]]:
    """Return how many answered, and how many gave each score, by round and month."""
    counted = (
        answers.order_by()
        .values("round", "month")
        .annotate(
            answered=Count("pk"),
            **{
                f"{name}_{score}{who}": Count("pk", filter=Q(**{name: score}) & whose)
                for name in QUESTIONS
                for score in SCORES
                for who, whose in (("", NAMELESS), (NAMED, ~NAMELESS))
            },
        )
    )
    return cast(list[dict[str, Any]], list(counted))


def _spans_of(
    answers: QuerySet[SurveyAnswer], *, since: date
) -> list[tuple[int | None, date, date]]:
    """Return the round and the months of each span that reaches into the time asked for."""
    counted: dict[int | None, dict[date, int]] = {}
    nameless = answers.filter(NAMELESS)
    for key, month, number in nameless.values_list("round", "month").annotate(Count("pk")):
        counted.setdefault(key, {})[month] = number
    return [
        (key, first, last)
        for key, months in counted.items()
        for first, last in spans_told(months)
        if last >= since
    ]


def _within(spans: Sequence[tuple[int | None, date, date]]) -> Q:
    """Return the condition of being in one of these spans, which nothing fulfils if there are
    none."""
    found = Q(pk__in=())
    for key, first, last in spans:
        source = Q(round__isnull=True) if key is None else Q(round=key)
        found |= source & Q(month__range=(first, last))
    return found


def _question(name: str, tallies: Sequence[Mapping[str, Any]]) -> QuestionFound:
    """Return one question of several parts, each of which can be looked at by itself.

    What is hidden in one of them is hidden in all together: less the parts that show it, the whole
    would tell what the one hides. Those who gave their name are added to what is shown.
    """
    nameless = [{score: each[f"{name}_{score}"] for score in SCORES} for each in tallies]
    everybody = [
        {score: each[f"{name}_{score}"] + each[f"{name}_{score}{NAMED}"] for score in SCORES}
        for each in tallies
    ]
    # What few said is hidden, and what few of those said who gave no name.
    shown = [shown_scores(part) for part in (*nameless, *everybody) if any(part.values())]
    whole = {score: sum(part[score] for part in everybody) for score in SCORES}
    is_hidden = {score: any(told[score] is None for told, _ in shown) for score in SCORES}
    counts = [None if is_hidden[score] or not shown else whole[score] for score in SCORES]
    is_told = shown and all(share is not None for _, share in shown)
    return QuestionFound(
        QUESTIONS[name], tuple(counts), share_satisfied(whole) if is_told else None
    )


@dataclass(frozen=True, slots=True)
class EqualityFound:
    """One characteristic: each answer in words with how many gave it; None for too few to show."""

    question: str
    answers: tuple[tuple[str, int | None], ...]


def equality_found(*, today: date) -> list[EqualityFound]:
    """Return what was told of themselves in the two half-years that ended last. One query.

    What grows still is not told: two days compared would show what one person said.
    """
    rows = EqualityCount.objects.filter(half_year__in=ended_half_years(today))
    counts: dict[str, dict[str, int]] = {name: {} for name in CHARACTERISTICS}
    for name, answer, number in rows.values_list("characteristic", "answer", "number"):
        told = counts.setdefault(name, {})
        told[answer] = told.get(answer, 0) + number
    return [
        EqualityFound(each.question, _in_words(name, counts[name]))
        for name, each in CHARACTERISTICS.items()
        if counts[name]
    ]


def _in_words(name: str, counts: dict[str, int]) -> tuple[tuple[str, int | None], ...]:
    words = {**CHARACTERISTICS[name].answers, PREFER_NOT: "Prefer not to say"}
    shown = shown_counts({answer: counts.get(answer, 0) for answer in words})
    return tuple((words[answer], number) for answer, number in shown.items())


def rounds() -> list[SurveyRound]:
    """Return the surveys of some months, the latest first. One query."""
    return list(SurveyRound.objects.order_by("-last_day"))


def next_code(code: str, *, user: User, now: datetime) -> SurveyRequest | None:
    """Return an open request by its code, if its complaint may be read."""
    requests = SurveyRequest.objects.open(now=now).open_to(user)
    return requests.filter(code=code).select_related("complaint").first()


def waiting(user: User, *, now: datetime, limit: int) -> tuple[list[SurveyRequest], ...]:
    """Return whose letters are to be posted, and who is to be rung. Two queries."""
    mine = SurveyRequest.objects.open_to(user).select_related("complaint__customer")
    ours = mine.to_post().filter(is_ours_to_post(SURVEY))
    return list(ours[:limit]), list(mine.to_ring(now=now)[:limit])


def with_provider(user: User, *, limit: int) -> list[tuple[SurveyRequest, str]]:
    """Return the letters that the provider has, and how far each got. Two queries."""
    mine = SurveyRequest.objects.open_to(user).to_post().select_related("complaint__customer")
    rows = list(mine.filter(~is_ours_to_post(SURVEY))[:limit])
    told = fates(SURVEY, [each.pk for each in rows])
    return [(each, told.get(each.pk, "")) for each in rows]


def sheet_of(
    asked: SurveyRequest, blocks: Sequence[Block], *, sender: Sequence[str], day: date
) -> Sheet:
    """Return the letter with the survey as a sheet to be set."""
    complaint: Complaint = asked.complaint
    customer = complaint.customer
    return Sheet(
        reference=asked.code,
        title=_("How did we do?"),
        author=sender[0] if sender else "",
        day=date_format(day, "j F Y"),
        sender=sender,
        to=[customer.name, *customer.address_lines],
        greeting=_("Hello,"),
        blocks=blocks,
        ending=_("Thank you"),
        signed=sender[:1],
    )
