"""A year of complaints for those who answer for it: how many, about what, what came of it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from cases.models import (
    Complaint,
    Deadline,
    PointOfComplaint,
    RecordedEvent,
    StageTransition,
    User,
)
from cases.rules.events import Event, EventKind, Finding, Outcome
from cases.rules.grounds import ground_words
from cases.rules.history import effective_events
from cases.rules.promises import PromiseKind
from cases.rules.state import DeadlineState
from feedback.models import Lesson
from reporting.rules.reporting_years import ReportingYear

# What the Ombudsman asks of the landlord, in the order in which it is told.
ASKED_BY_OMBUDSMAN = (
    PromiseKind.ORDER,
    PromiseKind.RECOMMENDATION,
    PromiseKind.FAILURE_ORDER,
    PromiseKind.FAILURE_NOTICE,
)
NO_CATEGORY = "No category"


@dataclass(frozen=True, slots=True)
class Theme:
    """What complaints were about: how many this year and the year before, and how many upheld."""

    name: str
    received: int
    before: int
    upheld: int


@dataclass(frozen=True, slots=True)
class Asked:
    """What the Ombudsman asked for of a kind: how much, done, not done in time, still open."""

    kind: PromiseKind
    made: int
    done: int
    overdue: int
    severe: int


@dataclass(frozen=True, slots=True)
class YearOfComplaints:
    """What is told of a year to one reader, or to everybody; of nobody by name."""

    year: ReportingYear
    received: int
    received_before: int
    closed: int
    outcomes: dict[Outcome, int]
    points: dict[Outcome, int]
    themes: list[Theme]
    refused: dict[str, int]
    refused_requests: dict[str, int]
    to_ombudsman: int
    findings: dict[Finding, int]
    asked: list[Asked]
    lessons: list[Lesson]


def year_of_complaints(
    year: ReportingYear, *, today: date, reader: User | None
) -> YearOfComplaints:
    """Return what is told of a year, in nine queries however many complaints there are.

    A reader is told of what is not closed to them, as in their reports and lists, so that no two
    of these differ by a complaint that is. What is published, without a reader, counts every
    complaint that was received, and tells the rest of those that are closed to nobody.
    """
    every = Complaint.objects.counted()
    told = every.closed_to_nobody() if reader is None else every.not_closed_to(reader)
    received = (every if reader is None else told).aggregate(
        received=Count("pk", filter=_in("received_on", year)),
        before=Count("pk", filter=_in("received_on", year.before)),
    )
    sums = told.aggregate(
        closed=Count("pk", filter=_in("closed_on", year)),
        outside=Count("pk", filter=_in("ombudsman_on", year)),
        **{
            each.value: Count("pk", filter=_in("answered_on", year) & Q(outcome=each.value))
            for each in Outcome
        },
    )
    asked = _asked_ever(told)
    histories = _histories(year, told, {each.complaint for each in asked})
    return YearOfComplaints(
        year=year,
        received=received["received"],
        received_before=received["before"],
        closed=sums["closed"],
        outcomes={each: sums[each.value] for each in Outcome},
        points=_points(year, told),
        themes=_themes(year, told),
        refused=_grounds(_refused(year, told)),
        refused_requests=_grounds(_refused_requests(year, told)),
        to_ombudsman=sums["outside"],
        findings=_findings(year, histories.values()),
        asked=_asked(year, asked, histories, today=today),
        lessons=list(
            Lesson.objects.published().filter(
                published_on__gte=year.first, published_on__lte=year.last
            )
        ),
    )


def _in(column: str, year: ReportingYear) -> Q:
    return Q(**{f"{column}__gte": year.first, f"{column}__lte": year.last})


def _points(year: ReportingYear, told: QuerySet[Complaint]) -> dict[Outcome, int]:
    """Return how many points were found how in the complaints answered in a year.

    What was answered whole is one point, found as the complaint was.
    """
    answered = told.filter(_in("answered_on", year)).exclude(outcome="")
    judged = PointOfComplaint.objects.filter(complaint__in=answered).exclude(finding="")
    pointed = PointOfComplaint.objects.filter(complaint=OuterRef("pk"))
    whole = answered.filter(~Exists(pointed))
    rows = (
        judged.order_by()
        .values_list("finding")
        .annotate(number=Count("pk"))
        .union(whole.order_by().values_list("outcome").annotate(number=Count("pk")), all=True)
    )
    found: Counter[str] = Counter()
    for finding, number in rows:
        found[finding] += number
    return {each: found[each.value] for each in Outcome}


def _themes(year: ReportingYear, told: QuerySet[Complaint]) -> list[Theme]:
    """Return what complaints were about, the most frequent first."""
    rows = (
        told.filter(_in("received_on", year) | _in("received_on", year.before))
        .order_by()
        .values_list("category__name")
        .annotate(
            received=Count("pk", filter=_in("received_on", year)),
            before=Count("pk", filter=_in("received_on", year.before)),
            upheld=Count(
                "pk",
                filter=_in("received_on", year)
                & Q(outcome__in=[Outcome.UPHELD.value, Outcome.PARTLY_UPHELD.value]),
            ),
        )
    )
    themes = [Theme(name or NO_CATEGORY, *counts) for name, *counts in rows]
    return sorted(themes, key=lambda each: (-each.received, each.name))


def _refused(year: ReportingYear, told: QuerySet[Complaint]) -> QuerySet[Any, Any]:
    """Return the facts of the refusals of a year by which complaints stand closed."""
    last = RecordedEvent.objects.filter(
        complaint=OuterRef("pk"), kind=EventKind.REFUSED.value
    ).order_by("-number")
    refused = told.filter(_in("closed_on", year), closed_as=EventKind.REFUSED.value)
    return refused.order_by().values_list(Subquery(last.values("facts__ground")[:1]), flat=True)


def _refused_requests(year: ReportingYear, told: QuerySet[Complaint]) -> QuerySet[Any, Any]:
    """Return the grounds on which requests for the next stage were refused in a year."""
    moves = StageTransition.objects.filter(
        _in("on", year), why=EventKind.ESCALATION_REFUSED.value, complaint__in=told
    )
    made = RecordedEvent.objects.filter(
        complaint=OuterRef("complaint"), number=OuterRef("event_number")
    )
    return moves.order_by().values_list(Subquery(made.values("facts__ground")[:1]), flat=True)


def _grounds(codes: Iterable[Any]) -> dict[str, int]:
    """Return how often each ground was given, in words, the most frequent first."""
    return dict(Counter(ground_words(str(code or "other")) for code in codes).most_common())


@dataclass(frozen=True, slots=True)
class _Deadline:
    """Something that the Ombudsman asked for, and which event says so."""

    complaint: int
    number: int
    code: str
    state: str
    due_on: date | None


def _asked_ever(told: QuerySet[Complaint]) -> list[_Deadline]:
    """Return everything that the Ombudsman asked for, in whichever year."""
    kinds = (("code__startswith", f"{each.value}-") for each in ASKED_BY_OMBUDSMAN)
    promised = Deadline.objects.promised().filter(complaint__in=told)
    rows = promised.filter(Q(*kinds, _connector="OR")).order_by("pk")
    return [
        _Deadline(complaint, promise or 0, code, state, due_on)
        for complaint, promise, code, state, due_on in rows.values_list(
            "complaint_id", "promise", "code", "state", "due_on"
        )
    ]


def _histories(
    year: ReportingYear, told: QuerySet[Complaint], asked: set[int]
) -> dict[int, list[Event]]:
    """Return the events that count, of complaints that were decided on or of which was asked.

    A day may have been corrected and a decision struck out, which no single entry tells.
    """
    decided = told.filter(_in("determined_on", year))
    rows = RecordedEvent.objects.filter(
        Q(complaint__in=decided.values("pk")) | Q(complaint__in=asked)
    ).order_by("complaint_id", "number")
    entries = rows.values_list("complaint_id", "number", "kind", "on", "at", "facts")
    return {
        complaint: effective_events(
            [
                Event(number, EventKind(kind), on, at, "", 0, None, facts)
                for _, number, kind, on, at, facts in its
            ]
        )
        for complaint, its in groupby(entries, key=lambda row: row[0])
    }


def _decided(history: Sequence[Event]) -> Event | None:
    """Return the decision of the Ombudsman that counts: the last one."""
    found = (each for each in reversed(history) if each.kind is EventKind.DETERMINED)
    return next(found, None)


def _findings(year: ReportingYear, histories: Iterable[Sequence[Event]]) -> dict[Finding, int]:
    """Return what the Ombudsman found in the determinations of a year."""
    decided = (_decided(history) for history in histories)
    counts = Counter(each.facts["finding"] for each in decided if each and each.on in year)
    return {each: counts[each.value] for each in Finding if counts[each.value]}


def _asked(
    year: ReportingYear,
    asked: Iterable[_Deadline],
    histories: dict[int, list[Event]],
    *,
    today: date,
) -> list[Asked]:
    """Return what the Ombudsman asked for in a year, by kind."""
    found: dict[PromiseKind, list[tuple[_Deadline, bool]]] = {}
    for each in asked:
        history = histories.get(each.complaint, [])
        made = next((event for event in history if event.number == each.number), None)
        if made is None or made.on not in year:
            continue
        decided = _decided(history)
        is_severe = (
            decided is not None
            and decided.facts["finding"] == Finding.SEVERE_MALADMINISTRATION.value
        )
        kind = PromiseKind(each.code.rpartition("-")[0])
        found.setdefault(kind, []).append((each, is_severe))
    return [
        Asked(
            kind=kind,
            made=len(found[kind]),
            done=sum(each.state in _DONE for each, _ in found[kind]),
            overdue=sum(
                each.state == DeadlineState.OPEN.value
                and each.due_on is not None
                and each.due_on < today
                for each, _ in found[kind]
            ),
            severe=sum(is_severe and each.state not in _DONE for each, is_severe in found[kind]),
        )
        for kind in ASKED_BY_OMBUDSMAN
        if kind in found
    ]


_DONE = {DeadlineState.MET.value, DeadlineState.MET_LATE.value}
