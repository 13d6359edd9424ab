"""What falls due soon, from whom, who is away then, and what each of them can keep."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Case, Count, DateField, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from cases.models import Absence, Complaint, Deadline
from cases.selectors.prepared import KEPT, Prepared, Reader, reader_of
from reporting.models import Capacity, Targets
from reporting.rules.board_times import Stretch
from reporting.rules.forecast import Capacities, Due
from reporting.selectors.board_readers import Reach, Whose

NOBODY = "nobody"


def promises_due(whose: Whose, last: date, *, today: date) -> list[Due]:
    """Return the promises that are open and due until a day, by who keeps them. One query.

    Whoever was given a promise keeps it, else the officer of the complaint.
    """
    rows = _due_rows(reader_of(whose.user), whose.reach, whose.areas, last, today).rows()
    return [Due(officer, name or "", day, number) for officer, name, day, number in rows]


@lru_cache(maxsize=KEPT)
def _due_rows(
    reader: Reader, reach: Reach, areas: frozenset[int] | None, last: date, today: date
) -> Prepared:
    on = Case(
        When(due_on__gte=today, then=F("due_on")), default=Value(None), output_field=DateField()
    )
    rows = (
        _promises(Whose(reader.user, reach, areas), last)
        .values_list(
            "officer", Coalesce("keeper__name", "complaint__responsible_officer__name"), on
        )
        .annotate(number=Count("pk"))
    )
    return Prepared(rows, for_one_reader=True)


def _promises(whose: Whose, last: date) -> QuerySet[Any, Any]:
    theirs = Q(complaint__in=whose.complaints.open())
    if whose.reach is Reach.OWN:
        # What they were given to keep in complaints of others is theirs too (decision 88).
        readable = Complaint.objects.readable_by(whose.user).counted().open()
        theirs |= Q(keeper__in=whose.user.own_keys, complaint__in=readable)
    live = Deadline.objects.live().filter(theirs, due_on__lte=last)
    officer = Coalesce("keeper", "complaint__responsible_officer")
    return live.annotate(officer=officer).order_by()


def promises_behind(
    whose: Whose, first: date | None, last: date, officer: int | str | None
) -> QuerySet[Any, Any]:
    """Return the promises behind a figure, the soonest first; of anybody without an officer."""
    found = _promises(whose, last)
    if first is not None:
        found = found.filter(due_on__gte=first)
    if officer == NOBODY:
        found = found.filter(officer__isnull=True)
    elif officer is not None:
        found = found.filter(officer=officer)
    return found.select_related("complaint", "complaint__responsible_officer", "keeper").order_by(
        "due_on", "pk"
    )


def due_by_day(whose: Whose, last: date) -> dict[date, int]:
    """Return how many open complaints have their next promise due on each day until one."""
    rows = (
        whose.complaints.open()
        .filter(next_due_on__lte=last)
        .order_by()
        .values_list("next_due_on")
        .annotate(number=Count("pk"))
    )
    return {day: number for day, number in rows if day is not None}


def at_risk(whose: Whose, stretch: Stretch) -> QuerySet[Complaint]:
    """Return the complaints whose next promise falls due in some days, the soonest first."""
    found = whose.complaints.open().filter(next_due_on__range=(stretch.first, stretch.last))
    return found.select_related("responsible_officer").order_by("next_due_on", "pk")


def away_between(first: date, last: date) -> Mapping[int, Sequence[tuple[date, date]]]:
    """Return from when to when people are away in some days, by their keys. One query."""
    found: dict[int, list[tuple[date, date]]] = defaultdict(list)
    rows = Absence.objects.filter(first_day__lte=last, last_day__gte=first)
    for person, begin, end in rows.values_list("user_id", "first_day", "last_day"):
        found[person].append((begin, end))
    return found


def capacities() -> Capacities:
    """Return how many promises officers keep a day. Two queries."""
    row = Targets.objects.first()
    own = dict(Capacity.objects.values_list("user_id", "promises_a_day"))
    return Capacities(row.promises_a_day if row else None, own)
