"""The answers of some days: how long they took, whether in time, what more time they had."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from cases.models import Deadline, Letter, RecordedEvent
from cases.models.procedures import edition
from cases.rules.events import EventKind
from cases.rules.history import effective_events
from cases.rules.letters import LetterKind
from cases.selectors.days import TIMINGS, answers, within
from cases.selectors.prepared import KEPT, Prepared, Reader, reader_of
from reporting.models import Targets
from reporting.rules.answer_figures import AGREED, NAMED, UNNAMED, AnswerFigures, Given, Moved
from reporting.rules.board_times import Compared, Stretch
from reporting.rules.durations import Band
from reporting.rules.targets import Wanted
from reporting.selectors.board_readers import Reach, Whose

# A database takes only so many conditions beside each other: beyond it the keys are looked up.
MOST_DAYS_AT_ONCE = 400
_HAD_MORE_TIME = Q(due_on__gt=F("original_due_on"))
_TIMING = Case(
    *(When(condition, then=Value(each.value)) for each, condition in TIMINGS.items()),
    output_field=CharField(),
)


def targets() -> Wanted:
    """Return what the landlord wants to reach. One query."""
    row = Targets.objects.first()
    return row.wanted if row else Wanted()


def answer_figures(whose: Whose, days: Compared) -> tuple[AnswerFigures, AnswerFigures]:
    """Return the figures of the answers of some days, and of those before. One query.

    Its rows grow with the days, not with the answers.
    """
    given: dict[bool, Counter[tuple[str, str, str, int | None]]] = defaultdict(Counter)
    moved: dict[bool, Counter[tuple[str, int]]] = defaultdict(Counter)
    prepared = _compared_rows(reader_of(whose.user), whose.reach, whose.areas, days)
    for (
        is_now,
        stage,
        timing,
        avoidable,
        anchor,
        met,
        calendar,
        how,
        *due,
        number,
    ) in prepared.rows():
        given[is_now][stage, timing, avoidable, _taken(anchor, met, calendar)] += number
        if how:
            moved[is_now][how, edition(calendar).working_days_between(*due)] += number
    now, before = (
        AnswerFigures(
            [Given(*key, number) for key, number in sorted(given[each].items(), key=str)],
            [Moved(*key, number) for key, number in sorted(moved[each].items())],
            hides_small=whose.hides_small,
        )
        for each in (True, False)
    )
    return now, before


@lru_cache(maxsize=KEPT)
def _compared_rows(
    reader: Reader, reach: Reach, areas: frozenset[int] | None, days: Compared
) -> Prepared:
    """Return the query that goes through the answers of both times once."""
    whose = Whose(reader.user, reach, areas)
    met = _met(days.now) | _met(days.before)
    no_day = Value(None, DateField())
    rows = _told(answers(None, None).filter(met), whose).annotate(
        is_now=Case(When(_met(days.now), then=Value(True)), default=Value(False)),
        how=_how(),
        first=Case(When(_HAD_MORE_TIME, then=F("original_due_on")), default=no_day),
        last=Case(When(_HAD_MORE_TIME, then=F("due_on")), default=no_day),
    )
    asked = ("is_now", "stage", "timing", "avoidable", "anchor_on", "met_on", "calendar")
    counted = rows.values_list(*asked, "how", "first", "last").annotate(number=Count("pk"))
    return Prepared(counted, for_one_reader=True)


def _met(stretch: Stretch) -> Q:
    return within("met_on", stretch.first, stretch.last)


def _answers(whose: Whose, stretch: Stretch) -> QuerySet[Any, Any]:
    return _told(answers(stretch.first, stretch.last), whose)


def _told(given: QuerySet[Any, Any], whose: Whose) -> QuerySet[Any, Any]:
    return given.filter(complaint__in=whose.complaints).annotate(timing=_TIMING).order_by()


def _taken(anchor: date | None, met: date, calendar: int) -> int | None:
    if anchor is None:
        return None
    return max(0, edition(calendar).working_days_between(anchor, met))


def _how() -> Case:
    """Return how an answer came to have more time, "" where it had none.

    An extension is an event, and its letter names it.
    """
    extended = RecordedEvent.objects.filter(
        ~_is_struck_out(),
        complaint=OuterRef("complaint"),
        kind=EventKind.EXTENDED.value,
        stage=OuterRef("stage"),
        visit=OuterRef("visit"),
    )
    told = Letter.objects.filter(
        complaint=OuterRef("complaint"),
        event_number=OuterRef("number"),
        kind=LetterKind.EXTENSION.value,
    )
    return Case(
        When(~_HAD_MORE_TIME, then=Value("")),
        When(Exists(extended.filter(Exists(told))), then=Value(NAMED)),
        When(Exists(extended), then=Value(UNNAMED)),
        default=Value(AGREED),
        output_field=CharField(),
    )


def _is_struck_out() -> Exists:
    """Return the condition that an event was struck out, and that this was not undone since."""

    def striking() -> QuerySet[Any, Any]:
        # As text, which every database compares alike.
        return RecordedEvent.objects.annotate(target=Cast(KT("facts__target"), TextField())).filter(
            complaint=OuterRef("complaint"),
            kind=EventKind.RETRACTED.value,
            target=Cast(OuterRef("number"), TextField()),
        )

    return Exists(striking().filter(~Exists(striking())))


# The answers behind a figure ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """Which answers of some days are wanted; what is empty narrows nothing.

    `taken` is a band of the working days they took, `added` of those by which they were moved.
    """

    stage: str = ""
    timing: str = ""
    avoidable: str | None = None
    taken: Band | None = None
    added: Band | None = None
    has_more: bool = False
    how: str = ""


def answers_behind(whose: Whose, stretch: Stretch, asked: Asked) -> QuerySet[Any, Any]:
    """Return the answers behind a figure, the latest first. A query more for each band."""
    found = _answers(whose, stretch)
    if asked.stage:
        found = found.filter(stage=asked.stage)
    if asked.timing:
        found = found.filter(timing=asked.timing)
    if asked.avoidable is not None:
        found = found.filter(timing="late", avoidable=asked.avoidable)
    if asked.has_more or asked.added:
        found = found.filter(_HAD_MORE_TIME)
    if asked.how:
        found = found.annotate(how=_how()).filter(how=asked.how)
    if asked.taken:
        found = found.filter(_in_band(found, "anchor_on", "met_on", asked.taken))
    if asked.added:
        found = found.filter(_in_band(found, "original_due_on", "due_on", asked.added))
    return found.select_related("complaint", "complaint__responsible_officer").order_by(
        "-met_on", "-pk"
    )


def _in_band(found: QuerySet[Any, Any], first: str, last: str, band: Band) -> Q:
    """Return the condition that so many working days lie between two days.

    The pairs of days there are grow with the days; of each last day those that fit are neighbours.
    """
    pairs = found.filter(**{f"{first}__isnull": False}).values_list("calendar", last, first)
    ends: dict[tuple[int, date], list[date]] = {}
    for calendar, end, start in pairs.distinct():
        if max(0, edition(calendar).working_days_between(start, end)) in band:
            ends.setdefault((calendar, end), []).append(start)
    if len(ends) > MOST_DAYS_AT_ONCE:
        keys = [
            key
            for key, calendar, end, start in found.values_list("pk", "calendar", last, first)
            if start in ends.get((calendar, end), ())
        ]
        return Q(pk__in=keys)
    either = Q(pk__in=())
    for (calendar, end), starts in ends.items():
        either |= Q(calendar=calendar, **{last: end, f"{first}__range": (min(starts), max(starts))})
    return either


def reasons_of(late: Sequence[Deadline]) -> Mapping[int, str]:
    """Return why answers came late, as was said when they were given, by their keys. One query.

    What was struck out since says nothing, and what was corrected counts on its day.
    """
    asked = {each.complaint_id for each in late}
    by_place = {(each.complaint_id, each.stage, each.visit, each.met_on): each for each in late}
    if not asked:
        return {}
    changes = Q(kind__in=[EventKind.CORRECTED.value, EventKind.RETRACTED.value])
    rows = (
        RecordedEvent.objects.filter(
            changes | Q(words__parts__has_key="late_because"), complaint__in=asked
        )
        .select_related("words")
        .order_by("complaint_id", "number")
    )
    found = {}
    for complaint, group in groupby(rows, key=attrgetter("complaint_id")):
        recorded = {each.number: each for each in group}
        for event in effective_events([each.as_event() for each in recorded.values()]):
            deadline = by_place.get((complaint, event.stage, event.visit, event.on))
            if deadline is not None:
                found[deadline.pk] = recorded[event.number].words.parts["late_because"]
    return found


def days_taken(deadline: Deadline) -> int | None:
    """Return how many working days an answer took."""
    if deadline.met_on is None:
        return None
    return _taken(deadline.anchor_on, deadline.met_on, deadline.calendar)
