"""Making the reports of a month, a quarter and a year."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from itertools import chain, groupby, islice

from django.db import IntegrityError, transaction

from cases.models import User
from cases.operations.alerts import address_of
from cases.operations.jobs import each_in_turn, once
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.reminders import Colleagues, colleagues
from cases.selectors.running import current_edition, landlord
from reporting.models import KeptCase, KeptReport, LessonsReturn
from reporting.operations.kept_sending import queue_message, send_copy
from reporting.rules.kept import Kind, Time, lessons_due_on, times_due
from reporting.selectors.addressees import Addressee, heads_told
from reporting.selectors.kept import (
    CHUNK,
    JOB,
    Happened,
    found_in,
    happened_in,
    has_complaints,
    last_reported,
    made_reports,
)


def make_kept_reports(*, now: datetime) -> int:
    """Make the reports of every month, quarter and year that has ended; return how many.

    Each is a transaction of its own and unique for its time and area, so two runs at once, or one
    after a crash, make none twice. Times that were missed are made up for, as the record tells
    them. Of a time before the first complaint there is nothing to tell. One that fails stops no
    other; the failure is raised once all were tried.
    """
    if landlord() is None:
        return 0
    return sum(each_in_turn(partial(_make_due, kind, now) for kind in Kind))


def _make_due(kind: Kind, now: datetime) -> int:
    """Make what is due of one kind. What failed, and what comes after it, is looked at again."""
    due = times_due(kind, now, reported=last_reported(kind))
    done: list[Time] = []

    def take(time: Time) -> int:
        made = 0
        if has_complaints(time.last):
            made = _make_months(time, now) if kind is Kind.MONTHLY else _make(kind, time, now)
        done.append(time)
        # The next run begins after the latest that is marked.
        if done == due[: len(done)]:
            with transaction.atomic():
                once(JOB, f"{kind.value} {time.first.isoformat()}", now)
        return made

    return sum(each_in_turn(partial(take, time) for time in due))


def _make_months(time: Time, now: datetime) -> int:
    """Make the report of a month for each service, with the lessons that its head owes (HH-31)."""
    people = colleagues(today=london_day(now))
    done = made_reports(Kind.MONTHLY, time.first)
    told = [each for each in heads_told(people) if each.area not in done]
    by_area = groupby(sorted(told, key=lambda each: each.area or 0), lambda each: each.area)
    return sum(
        each_in_turn(partial(_make_month, list(group), people, time, now) for _, group in by_area)
    )


@contextmanager
def _read(kind: Kind, time: Time, areas: Collection[int] | None) -> Iterator[Iterator[Happened]]:
    """Read what happened, and leave no cursor open where the report cannot be made.

    Left to be collected, it would be closed in the midst of another query, and wait for that.
    """
    cases = happened_in(kind, time, areas)
    with closing(cases):
        yield cases


def _make_month(told: Collection[Addressee], people: Colleagues, time: Time, now: datetime) -> bool:
    first = next(iter(told))
    areas = frozenset().union(*(each.areas for each in told))
    report = KeptReport(
        kind=Kind.MONTHLY.value,
        first_day=time.first,
        last_day=time.last,
        area_id=first.area,
        area_name=first.name,
        areas=sorted(areas),
        made_at=now,
        sent_at=now,
    )
    made = False
    with _unless_made(report), transaction.atomic(), _read(Kind.MONTHLY, time, areas) as cases:
        some = next(cases, None)
        if some is None and first.is_unmanaged:
            # A service without people and without complaints is nothing to write about.
            return False
        _save(report, chain([some], cases) if some else cases)
        due = lessons_due_on(time, current_edition().calendar)
        LessonsReturn.objects.create(report=report, due_on=due)
        for key in sorted({each.recipient for each in told}):
            recipient = User.objects.get(pk=key)
            recipient.stands_in_for = people.viewers[key].stands_in_for
            role = Role.COMPLAINTS_COORDINATOR if first.is_unmanaged else Role.HEAD_OF_SERVICE
            send_copy(report, recipient, role, now=now)
        made = True
    return made


def _make(kind: Kind, time: Time, now: datetime) -> bool:
    """Make the report of a quarter or a year, and ask who collates it to do so (HH-32, HH-35)."""
    report = KeptReport(kind=kind.value, first_day=time.first, last_day=time.last, made_at=now)
    made = False
    with _unless_made(report), transaction.atomic(), _read(kind, time, None) as cases:
        report.found = found_in(kind, time)
        _save(report, cases)
        for person in _collating():
            queue_message(
                f"report-to-collate:{report.pk}:{person.pk}",
                person,
                f"{report}: ready to be put together",
                f"The figures of the report are worked out: {report}.\n\nAdd what is to be said "
                "about them and send it to the management team and the committee:\n\n"
                f"{address_of(report.address('send'))}\n",
                now=now,
            )
        made = True
    return made


def _collating() -> list[User]:
    """Return who puts reports together: the executive support managers, else the coordinators."""
    active = User.objects.filter(is_active=True).order_by("pk").distinct()
    found = list(active.filter(grants__role=Role.EXECUTIVE_SUPPORT_MANAGER.value))
    return found or list(active.filter(grants__role=Role.COMPLAINTS_COORDINATOR.value))


@contextmanager
def _unless_made(report: KeptReport) -> Iterator[None]:
    """Let it be where another run was faster.

    :raises IntegrityError: if the report cannot be written for another reason.
    """
    try:
        yield
    except IntegrityError:
        if report.area_id not in made_reports(Kind(report.kind), report.first_day):
            raise


def _save(report: KeptReport, cases: Iterable[Happened]) -> None:
    """Write a report with its cases."""
    report.save(force_insert=True)
    told = iter(cases)
    while chunk := list(islice(told, CHUNK)):
        KeptCase.objects.bulk_create(KeptCase(report=report, **each.kept) for each in chunk)
