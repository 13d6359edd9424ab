"""Complaints of some days by what they were about, and what was promised and paid in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.fields.json import KT

from cases.models import Deadline, RecordedEvent
from cases.models.complaints import ComplaintQuerySet
from cases.rules.awards import Award, awards_of
from cases.rules.customers import Channel
from cases.rules.events import COMPENSATION, EventKind, Outcome
from cases.rules.history import effective_events
from cases.rules.periods import LONDON
from cases.rules.promises import PromiseKind
from cases.rules.state import DeadlineState
from cases.selectors.days import within
from cases.selectors.prepared import KEPT, Prepared, Reader, reader_of
from cases.selectors.queue import UNFOUND_WORDS
from feedback.models import Remark
from feedback.rules.kinds import Kind
from reporting.rules.board_times import Compared, Stretch
from reporting.rules.counted_figures import NONE, Counted, Money
from reporting.selectors.board_readers import Reach, Whose


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One way to count complaints: by which column, named by which, of which day."""

    column: str
    name: str
    day: str
    words: Mapping[str, str]
    without: str


_CHANNELS = {each.value: each.words for each in Channel}
_OUTCOMES = {each.value: each.words for each in Outcome}
BREAKDOWNS: Mapping[str, Breakdown] = {
    "category": Breakdown("category", "category__name", "received_on", {}, "Not sorted yet"),
    "area": Breakdown("service_area", "service_area__name", "received_on", {}, "No service area"),
    "channel": Breakdown("channel", "channel", "received_on", _CHANNELS, "Not said"),
    "contractor": Breakdown(
        "contractor", "contractor__name", "received_on", {}, "No contractor’s work"
    ),
    "outcome": Breakdown("outcome", "outcome", "answered_on", _OUTCOMES, UNFOUND_WORDS),
}


def by(code: str, whose: Whose, days: Compared) -> list[Counted]:
    """Return how many complaints of some days there are of each kind, and before. One query."""
    how = BREAKDOWNS[code]
    rows = _by_rows(code, reader_of(whose.user), whose.reach, whose.areas, days).rows()
    return [
        Counted(str(key or NONE), how.words.get(name, name) if key else how.without, *numbers)
        for key, name, *numbers in rows
    ]


@lru_cache(maxsize=KEPT)
def _by_rows(
    code: str, reader: Reader, reach: Reach, areas: frozenset[int] | None, days: Compared
) -> Prepared:
    how = BREAKDOWNS[code]
    now, before = (within(how.day, each.first, each.last) for each in (days.now, days.before))
    rows = (
        Whose(reader.user, reach, areas)
        .complaints.filter(now | before)
        .order_by()
        .values_list(how.column, how.name)
        .annotate(now=Count("pk", filter=now), before=Count("pk", filter=before))
    )
    return Prepared(rows, for_one_reader=True)


def complaints_behind(whose: Whose, stretch: Stretch, code: str, key: str) -> ComplaintQuerySet:
    """Return the complaints behind a figure, the latest first; of any kind without a key."""
    how = BREAKDOWNS[code]
    found = whose.complaints.filter(within(how.day, stretch.first, stretch.last))
    if key == NONE:
        is_text = how.column == how.name
        found = found.filter(
            Q(**{how.column: ""}) if is_text else Q(**{f"{how.column}__isnull": True})
        )
    elif key:
        found = found.filter(**{how.column: key})
    return found.select_related("category", "service_area", "responsible_officer").order_by(
        f"-{how.day}", "-pk"
    )


@dataclass(frozen=True, slots=True)
class Promises:
    """How many promises were kept in some days, in time and late, and how many are overdue now.

    `overdue` is None for readers of ended quarters alone: it is of today.
    """

    kept: int
    late: int
    overdue: int | None = None


def promises(whose: Whose, stretch: Stretch, *, today: date) -> Promises:
    """Return what became of what customers were promised in answers and beside them. One query."""
    counts = _promised(whose).aggregate(
        **{
            what: Count("pk", filter=condition)
            for what, condition in promised_conditions(stretch, today=today).items()
            if not (whose.hides_small and what == "overdue")
        }
    )
    return Promises(**counts)


def promises_told(whose: Whose, stretch: Stretch, what: str, *, today: date) -> QuerySet[Any, Any]:
    """Return the promises behind a figure, the latest day first.

    :raises KeyError: if there is no such figure.
    """
    found = _promised(whose).filter(promised_conditions(stretch, today=today)[what])
    return found.select_related("complaint", "complaint__responsible_officer", "keeper").order_by(
        "-due_on", "-pk"
    )


def promised_conditions(stretch: Stretch, *, today: date) -> Mapping[str, Q]:
    """Return the condition of each figure of promises, by its name."""
    met = within("met_on", stretch.first, stretch.last)
    return {
        "kept": met & Q(state=DeadlineState.MET.value),
        "late": met & Q(state=DeadlineState.MET_LATE.value),
        "overdue": Q(state=DeadlineState.OPEN.value, due_on__lt=today),
    }


def _promised(whose: Whose) -> QuerySet[Any, Any]:
    # A new day told for what is late is no second promise.
    theirs = Q(code__startswith=f"{PromiseKind.PROMISE.value}-") | Q(
        code__startswith=f"{PromiseKind.PAYMENT.value}-"
    )
    return Deadline.objects.promised().filter(theirs, complaint__in=whose.complaints).order_by()


@dataclass(frozen=True, slots=True)
class Compensation:
    """What was offered, accepted and paid in some days, each by its own day."""

    offered: Money
    accepted: Money
    paid: Money


def compensation(whose: Whose, stretch: Stretch) -> Compensation:
    """Return the compensation of some days. One query, its rows those of complaints with any.

    What was struck out since is left out, and what was corrected since counts as it is now.
    """
    first, last = stretch.first, stretch.last
    happened = Q(kind__in=[kind.value for kind in COMPENSATION], on__range=(first, last))
    moved = Q(kind=EventKind.CORRECTED.value, new_day__range=(first.isoformat(), last.isoformat()))
    steps = RecordedEvent.objects.annotate(new_day=KT("facts__on")).filter(
        happened | moved,
        # Nothing is recorded before it happens, and by this there is an index.
        recorded_at__gte=datetime.combine(first, time.min, LONDON),
        complaint__in=whose.complaints,
    )
    kinds = (*COMPENSATION, EventKind.CORRECTED, EventKind.RETRACTED)
    rows = RecordedEvent.objects.filter(
        complaint__in=steps.values("complaint"), kind__in=[kind.value for kind in kinds]
    ).order_by("complaint_id", "number")
    offered: list[Award] = []
    accepted: list[Award] = []
    paid: list[Award] = []
    for _, recorded in groupby(rows, key=attrgetter("complaint_id")):
        events = effective_events([each.as_event() for each in recorded])
        awards = {award.number: award for award in awards_of(events)}
        for event in events:
            award = awards.get(event.facts.get("award", 0))
            if award is None or event.on not in stretch:
                continue
            if event.kind is EventKind.COMPENSATION_OFFERED:
                offered.append(award)
            elif event.kind is EventKind.COMPENSATION_PAID:
                paid.append(award)
            elif event.kind is EventKind.COMPENSATION_ANSWERED and event.facts.get("accepted"):
                accepted.append(award)
    return Compensation(_money(offered), _money(accepted), _money(paid))


def _money(awards: Sequence[Award]) -> Money:
    return Money(len(awards), sum((award.amount for award in awards), Decimal(0)))


def remarks(whose: Whose, days: Compared) -> Mapping[Kind, tuple[int, int]]:
    """Return how many compliments and suggestions came, and before. One query.

    Nobody holds them: an officer has none of their own.
    """
    if whose.reach is Reach.OWN:
        return {}
    found = Remark.objects.visible_to(whose.user).counted()
    if whose.areas is not None:
        found = found.filter(service_area__in=sorted(whose.areas))
    counts = found.aggregate(
        **{
            f"{kind.value}_{when}": Count(
                "pk", filter=Q(kind=kind.value) & within("received_on", each.first, each.last)
            )
            for kind in (Kind.COMPLIMENT, Kind.SUGGESTION)
            for when, each in (("now", days.now), ("before", days.before))
        }
    )
    return {
        kind: (counts[f"{kind.value}_now"], counts[f"{kind.value}_before"])
        for kind in (Kind.COMPLIMENT, Kind.SUGGESTION)
    }
