"""Complaints by the days of what happened to them, and whether answers came in time."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import F, Q, QuerySet

from cases.models import Deadline, ProcedureVersion
from cases.models.complaints import COUNTS
from cases.models.procedures import published_terms
from cases.rules.day_spans import DaySpan, Happening
from cases.rules.events import EventKind
from cases.rules.state import DeadlineState

# The promises of an answer, as `Stage.answer` knows them.
ANSWERING = ("respond", "resolve", "inform-outcome")


_MET = Q(state=DeadlineState.MET.value)
_IN_FIRST_TIME = Q(met_on__lte=F("original_due_on"))
# How an answer stood to the day first promised.
TIMINGS: dict[Happening, Q] = {
    Happening.ON_TIME: _MET & _IN_FIRST_TIME,
    Happening.EXTENDED: _MET & ~_IN_FIRST_TIME,
    Happening.LATE: Q(state=DeadlineState.MET_LATE.value),
}
# What was said of late answers: whether that could have been avoided (HH-29).
AVOIDABLE: dict[Happening, Q] = {
    Happening.LATE_AVOIDABLE: TIMINGS[Happening.LATE] & Q(avoidable="yes"),
    Happening.LATE_UNAVOIDABLE: TIMINGS[Happening.LATE] & Q(avoidable="no"),
    Happening.LATE_UNSAID: TIMINGS[Happening.LATE] & Q(avoidable=""),
}
# Those, and both ways of keeping to the time taken together.
_ANSWERED: dict[Happening, Q] = {**TIMINGS, **AVOIDABLE, Happening.IN_TIME: _MET}
_COLUMNS = {
    Happening.RECEIVED: "received_on",
    Happening.CLOSED: "closed_on",
    Happening.ANSWERED: "answered_on",
}


def answers(first: date | None, last: date | None) -> QuerySet[Deadline, Any]:
    """Return the promises of an answer that were met in these days, in time or not."""
    return met_in(ANSWERING, first, last)


def acknowledgements(first: date | None, last: date | None) -> QuerySet[Deadline, Any]:
    """Return the promises that an acknowledgement meets, as `answers` does. One query more.

    Each procedure has its own name for them, and may let something else meet them too.
    """
    promised: dict[tuple[str, str], list[int]] = {}
    for key in ProcedureVersion.objects.published().values_list("pk", flat=True):
        for stage in published_terms(key).stages:
            kept = [each for each in stage.timescales if EventKind.ACKNOWLEDGED in each.met_by]
            # Of several the one that is about it alone: no stage is acknowledged twice.
            for each in sorted(kept, key=lambda each: len(each.met_by))[:1]:
                promised.setdefault((stage.code, each.code), []).append(key)
    theirs = Q(pk__in=[])
    for (stage_code, code), versions in promised.items():
        theirs |= Q(stage=stage_code, code=code, complaint__procedure_version__in=versions)
    return met_in({code for _, code in promised}, first, last).filter(theirs)


def met_in(
    codes: Collection[str], first: date | None, last: date | None
) -> QuerySet[Deadline, Any]:
    """Return the promises with these codes that were met in these days, in time or not."""
    return Deadline.objects.filter(
        within("met_on", first, last),
        code__in=codes,
        state__in=[DeadlineState.MET.value, DeadlineState.MET_LATE.value],
        is_window=False,
    )


def within(column: str, first: date | None, last: date | None) -> Q:
    """Return the condition that a day lies between two, both counted; None leaves an end open."""
    found = Q()
    if first is not None:
        found &= Q(**{f"{column}__gte": first})
    if last is not None:
        found &= Q(**{f"{column}__lte": last})
    return found


def happened_in(days: DaySpan) -> Q:
    """Return the condition, from a complaint, that what the span names fell into its days.

    What is not counted is not among them: a number opens what it is the number of.
    """
    if days.what is Happening.DUE:
        # Of what does not count nothing is due, and the index of what is tells of no other ends.
        return within("next_due_on", days.first, days.last)
    if days.what in _COLUMNS:
        return within(_COLUMNS[days.what], days.first, days.last) & COUNTS
    answered = answers(days.first, days.last).filter(_ANSWERED[days.what])
    return Q(pk__in=answered.values("complaint")) & COUNTS
