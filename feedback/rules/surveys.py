"""Surveys: what is asked, who is asked, and how answers are told without telling of anybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from cases.rules.wording import marked

K = TypeVar("K", bound=int | str)
# An answer that others may tell somebody by is not shown where so few gave it.
FEWEST = 5
# How long a link to a survey works.
OPEN_FOR = timedelta(days=90)
PREFER_NOT = "prefer_not"


class Satisfaction(StrEnum):
    """How somebody found it, the best first; as the figures count it."""

    VERY_SATISFIED = "5"
    SATISFIED = "4"
    NEITHER = "3"
    DISSATISFIED = "2"
    VERY_DISSATISFIED = "1"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "5": marked("Very satisfied"),
            "4": marked("Fairly satisfied"),
            "3": marked("Neither satisfied nor dissatisfied"),
            "2": marked("Fairly dissatisfied"),
            "1": marked("Very dissatisfied"),
        }[self.value]


# The questions, the most important first: the others may be left out.
QUESTIONS = {
    "overall": marked(
        "Taking everything together, how satisfied are you with how we dealt with it?"
    ),
    "easy": marked("How satisfied are you with how easy it was to tell us?"),
    "informed": marked("How satisfied are you with how we kept you informed?"),
    "listened": marked("How satisfied are you with how we listened to you and treated you?"),
    "outcome": marked("How satisfied are you with what came of it?"),
}
SCORES = tuple(int(each.value) for each in Satisfaction)


class Way(StrEnum):
    """How somebody is asked, or answered. `LETTER_WEB`: on the web, by the code of a letter."""

    EMAIL = "email"
    POST = "post"
    PHONE = "phone"
    NONE = "none"
    LETTER_WEB = "letter/web"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "email": "E-mail",
            "post": "Letter",
            "phone": "Telephone",
            "none": marked("No safe way"),
            "letter/web": "Letter, answered on the web",
        }[self.value]


# The ways in which somebody is asked.
ASKED_BY = (Way.EMAIL, Way.POST, Way.PHONE, Way.NONE)


@dataclass(frozen=True, slots=True)
class Characteristic:
    """One of the nine protected characteristics, and the answers offered."""

    question: str
    answers: Mapping[str, str]


_YES_NO = {"yes": marked("Yes"), "no": marked("No")}
CHARACTERISTICS: Mapping[str, Characteristic] = {
    "age": Characteristic(
        marked("How old are you?"),
        {
            "under_25": marked("Under 25"),
            "25_44": marked("25 to 44"),
            "45_64": marked("45 to 64"),
            "65": marked("65 or over"),
        },
    ),
    "disability": Characteristic(
        marked("Do you have a disability, or an illness that has lasted a year or will?"), _YES_NO
    ),
    "gender_reassignment": Characteristic(
        marked("Is your gender another than the sex you were registered with at birth?"), _YES_NO
    ),
    "marriage": Characteristic(marked("Are you married or in a civil partnership?"), _YES_NO),
    "pregnancy": Characteristic(
        marked("Are you pregnant, or did you have a baby in the last year?"), _YES_NO
    ),
    "race": Characteristic(
        marked("What is your ethnic group?"),
        {
            "asian": marked("Asian or Asian British"),
            "black": marked("Black, Black British, Caribbean or African"),
            "mixed": marked("Mixed or multiple ethnic groups"),
            "white": marked("White"),
            "other": marked("Another ethnic group"),
        },
    ),
    "religion": Characteristic(
        marked("What is your religion or belief?"),
        {
            "none": marked("None"),
            "christian": marked("Christian"),
            "muslim": marked("Muslim"),
            "hindu": marked("Hindu"),
            "sikh": marked("Sikh"),
            "jewish": marked("Jewish"),
            "buddhist": marked("Buddhist"),
            "other": marked("Another"),
        },
    ),
    "sex": Characteristic(
        marked("What is your sex?"), {"female": marked("Female"), "male": marked("Male")}
    ),
    "orientation": Characteristic(
        marked("What is your sexual orientation?"),
        {
            "heterosexual": marked("Heterosexual or straight"),
            "gay_lesbian": marked("Gay or lesbian"),
            "bisexual": marked("Bisexual"),
            "other": marked("Another"),
        },
    ),
}


def is_dissatisfied(score: int) -> bool:
    """Say whether an answer is of somebody who is told how to complain (Code 1.6)."""
    return score <= int(Satisfaction.DISSATISFIED)


def half_year_of(day: date) -> date:
    """Return the first day of the half-year: the finest time kept with equality answers."""
    return date(day.year, 1 if day.month <= 6 else 7, 1)


def six_months_before(day: date) -> tuple[date, date]:
    """Return the first and last day of the six whole months before the month of a day (HH-34)."""
    last = day.replace(day=1) - timedelta(days=1)
    months = last.year * 12 + last.month - 1 - 5
    return date(months // 12, months % 12 + 1, 1), last


def shown_counts(
    counts: Mapping[K, int], parts: Sequence[Mapping[K, int]] = ()
) -> dict[K, int | None]:
    """Return counts of one question without those that tell of few people; None hides one.

    A count is hidden too where it is small in one of the `parts` that are shown by themselves:
    the other parts would give it away. What is hidden must be two counts at least, and of FEWEST
    people together, or all of them together and the others would give it away: else the next
    smallest is hidden with it. Where that is not enough everything is hidden: the noughts would
    say what each of the few answered.
    """
    every: list[Mapping[K, int]] = [counts, *parts]
    hidden = {name for name in counts if any(0 < each.get(name, 0) < FEWEST for each in every)}
    rest = sorted((count, str(name), name) for name, count in counts.items() if count)
    for _, _, name in rest:
        if not hidden or (len(hidden) > 1 and sum(counts[each] for each in hidden) >= FEWEST):
            break
        hidden.add(name)
    if hidden and (len(hidden) == 1 or sum(counts[each] for each in hidden) < FEWEST):
        hidden = set(counts)
    return {name: None if name in hidden else count for name, count in counts.items()}


SATISFIED = frozenset({4, 5})


def shown_scores(
    counts: Mapping[int, int], parts: Sequence[Mapping[int, int]] = ()
) -> tuple[dict[int, int | None], int | None]:
    """Return what is shown of one question: its counts, and how many of a hundred are satisfied.

    The share tells how many are satisfied and how many are not. So it is hidden where either are
    few, and where it is shown each of the two groups hides enough by itself. `parts` are what is
    shown by itself of the same answers. Nothing is told where too few answered.
    """
    if sum(counts.values()) < FEWEST:
        return dict.fromkeys(counts), None
    groups = [
        (_among(counts, scores), [_among(each, scores) for each in parts])
        for scores in (SATISFIED, frozenset(counts) - SATISFIED)
    ]
    if any(0 < sum(each.values()) < FEWEST for whole, some in groups for each in (whole, *some)):
        return shown_counts(counts, parts), None
    told = {score: n for group, some in groups for score, n in shown_counts(group, some).items()}
    return {score: told[score] for score in counts}, share_satisfied(counts)


def _among(counts: Mapping[int, int], scores: frozenset[int]) -> dict[int, int]:
    return {score: count for score, count in counts.items() if score in scores}


def spans_told(answers: Mapping[date, int]) -> list[tuple[date, date]]:
    """Return spans of months, first and last, each with enough answers to be told as one.

    They begin with the first answer ever and none is moved by a later one: what is told of two
    choices of spans differs by whole spans, so no comparison shows what few people said.
    """
    spans: list[tuple[date, date]] = []
    first, together = None, 0
    for month, number in sorted(answers.items()):
        first = first or month
        together += number
        if together >= FEWEST:
            spans.append((first, month))
            first, together = None, 0
    return spans


def ended_half_years(today: date) -> tuple[date, date]:
    """Return the first days of the two half-years that ended last, the earlier first."""
    last = half_year_of(half_year_of(today) - timedelta(days=1))
    return half_year_of(last - timedelta(days=1)), last


def share_satisfied(counts: Mapping[int, int]) -> int | None:
    """Return how many of a hundred are satisfied, of those who said; None if too few did."""
    total = sum(counts.values())
    satisfied = sum(count for score, count in counts.items() if score in SATISFIED)
    return round(100 * satisfied / total) if total >= FEWEST else None
