"""How the complaints stand of which somebody may know, counted for the dashboard."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    F,
    Min,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast

from cases.models import (
    Absence,
    CalendarEdition,
    Complaint,
    PointOfComplaint,
    ServiceArea,
    User,
)
from cases.models.complaints import ComplaintQuerySet
from cases.models.procedures import edition
from cases.rules.calendars import WorkingCalendar
from cases.rules.day_spans import Happening
from cases.rules.events import Outcome
from cases.rules.roles import Role
from cases.rules.state import Status
from cases.selectors.days import AVOIDABLE, TIMINGS, answers, within
from cases.selectors.prepared import BLANK_DAY, KEPT, Prepared, Reader, reader_of
from feedback.models import Remark
from feedback.rules.kinds import Kind
from reporting.rules.spans import (
    Period,
    Span,
    coming_days,
    coming_weeks,
    late_spans,
    waiting_spans,
    weeks_shown,
)

Counts = list[int]

# How answers stood, and what was said of those that were late.
_TIMED: Mapping[Happening, Q] = {**TIMINGS, **AVOIDABLE}


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody is away until a day; their deputy has the work."""

    until: date
    deputy: str


@dataclass(frozen=True, slots=True)
class Frame:
    """What the page stands in: the calendar in force, the areas to choose from, who is away."""

    calendar: WorkingCalendar | None
    areas: list[tuple[int, str, str]]
    away: dict[int, Away]

    def below(self, area: int) -> frozenset[int]:
        """Return an area and all that is part of it."""
        return frozenset(key for key, _, path in self.areas if f"/{area}/" in path)


def frame(user: User, *, today: date) -> Frame:
    """Return what the page stands in, in one query.

    The areas offered are those that `user` manages, in the order of the tree; for coordinators
    all of them.
    """
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for kind, *rest in _framed().rows(day=today):
        found[kind].append(tuple(rest))
    key = max((row[0] for row in found["calendar"]), default=None)
    is_everywhere = user.has_role(Role.COMPLAINTS_COORDINATOR)
    offered = user.scope.managed_areas
    return Frame(
        calendar=edition(key) if key else None,
        areas=[
            (pk, name, path)
            for pk, name, path, _ in _in_tree(found["area"])
            if is_everywhere or pk in offered
        ],
        away={pk: Away(until, deputy) for pk, deputy, _, until in found["away"]},
    )


@lru_cache(maxsize=1)
def _framed() -> Prepared:
    text, nothing, no_day = CharField(), Value("", CharField()), Value(None, DateField())
    calendars: QuerySet[Any, Any] = CalendarEdition.objects.values_list(
        Value("calendar", text), "pk", nothing, nothing, Cast(no_day, DateField())
    )
    areas = ServiceArea.objects.values_list(
        Value("area", text), "pk", "name", "path", Cast(no_day, DateField())
    )
    away = Absence.objects.on(BLANK_DAY).values_list(
        Value("away", text), "user_id", "deputy__name", nothing, "last_day"
    )
    return Prepared(calendars.union(areas, away, all=True))


def _in_tree(rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return the areas below those they are part of, brothers by name."""
    names = {pk: name for pk, name, *_ in rows}
    return sorted(
        rows,
        key=lambda row: [names.get(int(key), "") for key in row[2].strip("/").split("/")],
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """A number and the days it is of."""

    span: Span
    count: int


@dataclass(frozen=True, slots=True)
class OfficerLoad:
    """What is due from one officer, or from nobody: overdue, and in each week to come."""

    key: int | None
    name: str
    overdue: int
    weeks: Counts
    away: Away | None = None

    @property
    def total(self) -> int:
        """Return all of it."""
        return self.overdue + sum(self.weeks)


@dataclass(frozen=True, slots=True)
class Found:
    """How many complaints and how many points had an outcome, and of how many complaints these."""

    complaints: int
    points: int
    with_points: int


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Every number of the page, each as the list that it opens counts it."""

    period: Span
    stages: dict[str, int]
    overdue: list[Figure]
    unassigned: list[Figure]
    oldest_unassigned: date | None
    awaiting_decision: int
    promises: int
    promises_overdue: int
    days: list[Figure]
    weeks_ahead: list[Span]
    officers: list[OfficerLoad]
    received: list[Figure]
    closed: list[Figure]
    answers: dict[Happening, int]
    late: dict[Happening, int]
    compliments: int
    outcomes: dict[Outcome, Found]
    unfound: Found
    has_any: bool = field(default=True)

    @property
    def open(self) -> int:
        """Return how many complaints are open."""
        return sum(self.stages.values())


def dashboard(
    user: User, frame: Frame, *, area: int | None, period: Period, today: date
) -> Dashboard:
    """Return the numbers of the page, in five queries however many complaints there are.

    Of one service area with all that is part of it, or of all that `user` may know of.
    """
    if frame.calendar is None:
        raise ValueError("There is no calendar before the landlord is set up.")
    calendar = frame.calendar
    whose = Whose(reader_of(user), None if area is None else frame.below(area))
    late = tuple(late_spans(today, calendar))
    waiting = tuple(waiting_spans(today, calendar))
    counted = _open(whose, late, waiting, today=today)
    days = coming_days(today, calendar)
    by_officer = _due(whose, last=days[-1].last, today=today)
    received, closed = _moved(whose, tuple(weeks_shown(today)))
    span = period.span(today)
    outcomes, unfound, compliments = _found(whose, span)
    answered = _answered(whose, span)
    return Dashboard(
        period=span,
        stages=counted.stages,
        overdue=counted.overdue,
        unassigned=counted.unassigned,
        oldest_unassigned=counted.oldest,
        awaiting_decision=counted.awaiting,
        promises=counted.promises,
        promises_overdue=counted.promises_overdue,
        days=_by_day(by_officer, days, today=today),
        weeks_ahead=coming_weeks(days),
        officers=_loads(by_officer, coming_weeks(days), frame.away, today=today),
        received=received,
        closed=closed,
        answers={each: answered[each] for each in TIMINGS},
        late={each: answered[each] for each in AVOIDABLE},
        compliments=compliments,
        outcomes=outcomes,
        unfound=unfound,
        has_any=bool(counted.stages) or any(each.count for each in (*received, *closed)),
    )


@dataclass(frozen=True, slots=True)
class Whose:
    """Of whom and of what the numbers are: who reads them, and the areas chosen, None for all."""

    reader: Reader
    areas: frozenset[int] | None

    @property
    def user(self) -> User:
        """Return who reads them."""
        return self.reader.user

    @property
    def readable(self) -> ComplaintQuerySet:
        """Return what is counted by something that is written in it."""
        if self.areas is None:
            return Complaint.objects.readable_by(self.user).counted()
        return self.counted

    @property
    def counted(self) -> ComplaintQuerySet:
        """Return what is counted of any time."""
        return self._known.counted()

    @property
    def open(self) -> ComplaintQuerySet:
        """Return what is counted of now, all of which counts."""
        return self._known.open()

    @property
    def _known(self) -> ComplaintQuerySet:
        """Return what it is of: as in the list, what is chosen by its area must be readable."""
        if self.areas is None:
            return Complaint.objects.visible_to(self.user)
        return Complaint.objects.readable_by(self.user).filter(service_area__in=sorted(self.areas))


def _within(column: str, span: Span) -> Q:
    return within(column, span.first, span.last)


@dataclass(frozen=True, slots=True)
class _Open:
    stages: dict[str, int]
    overdue: list[Figure]
    unassigned: list[Figure]
    oldest: date | None
    awaiting: int
    promises: int
    promises_overdue: int


def _open(whose: Whose, late: tuple[Span, ...], waiting: tuple[Span, ...], *, today: date) -> _Open:
    """Count the open complaints by all that the page asks of them, going through them once."""
    names = _open_counts(late, waiting, today)
    rows: dict[str, dict[str, Any]] = {
        stage: dict(zip(names, found, strict=True))
        for stage, *found in _open_rows(whose, late, waiting, today).rows()
    }

    def total(name: str) -> int:
        return sum(row[name] for row in rows.values())

    return _Open(
        stages={stage: row["all"] for stage, row in sorted(rows.items())},
        overdue=[Figure(span, total(f"late{n}")) for n, span in enumerate(late)],
        unassigned=[Figure(span, total(f"waiting{n}")) for n, span in enumerate(waiting)],
        oldest=min((row["oldest"] for row in rows.values() if row["oldest"]), default=None),
        awaiting=total("awaiting"),
        promises=total("promises"),
        promises_overdue=total("promises_overdue"),
    )


def _open_counts(late: tuple[Span, ...], waiting: tuple[Span, ...], today: date) -> dict[str, Any]:
    nobody = Q(responsible_officer__isnull=True)
    return {
        "all": Count("pk"),
        "awaiting": Count("pk", filter=Q(status=Status.AWAITING_DECISION.value, is_readable=True)),
        "oldest": Min("received_on", filter=nobody),
        "promises": Count("pk", filter=Q(promise_due_on__isnull=False)),
        "promises_overdue": Count("pk", filter=Q(promise_due_on__lt=today)),
        **{
            f"late{n}": Count("pk", filter=_within("next_due_on", span))
            for n, span in enumerate(late)
        },
        **{
            f"waiting{n}": Count("pk", filter=nobody & _within("received_on", span))
            for n, span in enumerate(waiting)
        },
    }


@lru_cache(maxsize=KEPT)
def _open_rows(
    whose: Whose, late: tuple[Span, ...], waiting: tuple[Span, ...], today: date
) -> Prepared:
    counts = _open_counts(late, waiting, today)
    opened = whose.open.with_readable(whose.user).order_by()
    by_stage = opened.values("stage").annotate(**counts).values_list("stage", *counts)
    return Prepared(by_stage, for_one_reader=True)


@dataclass(frozen=True, slots=True)
class _Due:
    """How much is due from an officer on a day (None: overdue), visible and readable."""

    officer: int | None
    name: str | None
    on: date | None
    visible: int
    readable: int


def _due(whose: Whose, *, last: date | None, today: date) -> list[_Due]:
    return [_Due(*row) for row in _due_rows(whose, last, today).rows()]


@lru_cache(maxsize=KEPT)
def _due_rows(whose: Whose, last: date | None, today: date) -> Prepared:
    on = Case(
        When(next_due_on__gte=today, then=F("next_due_on")),
        default=Value(None),
        output_field=DateField(),
    )
    return Prepared(
        whose.open.filter(next_due_on__lte=last)
        .with_readable(whose.user)
        .order_by()
        .values_list("responsible_officer", "responsible_officer__name", on)
        .annotate(visible=Count("*"), readable=Count("pk", filter=Q(is_readable=True))),
        for_one_reader=True,
    )


def _by_day(rows: Sequence[_Due], days: Sequence[Span], *, today: date) -> list[Figure]:
    found: dict[date | None, int] = defaultdict(int)
    for row in rows:
        found[row.on] += row.visible
    return [Figure(span, _sum_within(found, span)) for span in days]


def _sum_within(counts: Mapping[date | None, int], span: Span) -> int:
    return sum(count for day, count in counts.items() if day is not None and _holds(span, day))


def _holds(span: Span, day: date) -> bool:
    return (span.first is None or span.first <= day) and (span.last is None or day <= span.last)


def _loads(
    rows: Sequence[_Due], weeks: Sequence[Span], away: Mapping[int, Away], *, today: date
) -> list[OfficerLoad]:
    """Return what is due from each officer, the most first, and what nobody has at the end."""
    names: dict[int | None, str] = {}
    counts: dict[int | None, dict[date | None, int]] = defaultdict(lambda: defaultdict(int))
    for row in rows:
        if row.readable:
            names[row.officer] = row.name or ""
            counts[row.officer][row.on] += row.readable
    loads = [
        OfficerLoad(
            key=key,
            name=names[key],
            overdue=by_day[None],
            weeks=[_sum_within(by_day, week) for week in weeks],
            away=away.get(key) if key else None,
        )
        for key, by_day in counts.items()
    ]
    return sorted(loads, key=lambda load: (load.key is None, -load.total, load.name))


def _moved(whose: Whose, weeks: tuple[Span, ...]) -> tuple[list[Figure], list[Figure]]:
    """Return how many complaints came in and were closed in each week, in one query."""
    found: dict[str, dict[date | None, int]] = {"received_on": {}, "closed_on": {}}
    for column, day, number in _moved_rows(whose, weeks[0].first, weeks[-1].last).rows():
        found[column][day] = number
    received, closed = (
        [Figure(week, _sum_within(found[column], week)) for week in weeks]
        for column in ("received_on", "closed_on")
    )
    return received, closed


@lru_cache(maxsize=KEPT)
def _moved_rows(whose: Whose, first: date | None, last: date | None) -> Prepared:
    text = CharField()
    came, went = (
        whose.counted.filter(within(column, first, last))
        .order_by()
        .values_list(Value(column, text), column)
        .annotate(number=Count("*"))
        for column in ("received_on", "closed_on")
    )
    return Prepared(came.union(went, all=True), for_one_reader=True)


def _answered(whose: Whose, span: Span) -> dict[Happening, int]:
    """Return how many complaints were answered in the period, by how the answers stood.

    Those that were late also by whether it could have been avoided.
    """
    rows = _answered_rows(whose, span).rows()
    counts = [sum(column) for column in zip(*rows, strict=True)] or [0] * len(_TIMED)
    return dict(zip(_TIMED, counts, strict=True))


@lru_cache(maxsize=KEPT)
def _answered_rows(whose: Whose, span: Span) -> Prepared:
    """Return the query that goes through the answers once: none is both in time and late."""
    answered = answers(span.first, span.last).filter(complaint__in=whose.counted).order_by()
    counts = {
        each.name: Count("complaint", distinct=True, filter=condition)
        for each, condition in _TIMED.items()
    }
    by_state = answered.values("state").annotate(**counts).values_list(*counts)
    return Prepared(by_state, for_one_reader=True)


def _found(whose: Whose, span: Span) -> tuple[dict[Outcome, Found], Found, int]:
    """Return what was found, and how many compliments came in the period, in one query.

    Of the complaints answered in it and of their points it is counted how often each outcome
    stands now, and how often none as they were put right without a formal answer, as the list
    that is narrowed by it counts: only what may be read.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    whole: dict[str, Counter[str]] = defaultdict(Counter)
    for what, code, number, of_complaints in _found_rows(whose, span).rows():
        found[what][code] += number
        whole[what][code] += of_complaints
    every = {
        code: Found(
            complaints=found["c"][code],
            points=found["p"][code],
            with_points=whole["p"][code],
        )
        for code in ("", *(outcome.value for outcome in Outcome))
    }
    outcomes = {outcome: every[outcome.value] for outcome in Outcome}
    return outcomes, every[""], found["r"][Kind.COMPLIMENT.value]


@lru_cache(maxsize=KEPT)
def _found_rows(whose: Whose, span: Span) -> Prepared:
    text = CharField()
    answered = whose.readable.filter(_within("answered_on", span)).order_by()

    def counted(rows: QuerySet[Any, Any], what: str, column: str) -> QuerySet[Any, Any]:
        by_column = rows.values_list(Value(what, text), column)
        return by_column.annotate(number=Count("*"), of_complaints=Count("*"))

    # A point without a finding is settled only where the complaint was put right as a whole.
    ended = ~Q(finding="") | Q(complaint__outcome="")
    judged = PointOfComplaint.objects.filter(ended, complaint__in=answered).order_by()
    points = judged.values_list(Value("p", text), "finding").annotate(
        number=Count("*"), of_complaints=Count("complaint", distinct=True)
    )
    remarks = Remark.objects.visible_to(whose.user).counted().filter(kind=Kind.COMPLIMENT.value)
    if whose.areas is not None:
        remarks = remarks.filter(service_area__in=sorted(whose.areas))
    received = remarks.filter(_within("received_on", span)).order_by()
    return Prepared(
        counted(answered, "c", "outcome").union(
            points,
            # What was answered whole is one point, found as the complaint was.
            counted(answered.filter(points__isnull=True), "p", "outcome"),
            counted(received, "r", "kind"),
            all=True,
        ),
        for_one_reader=True,
    )
