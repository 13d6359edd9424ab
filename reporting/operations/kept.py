"""Making the reports of a month, a quarter and a year; sending them, and sending them again."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from functools import partial
from itertools import chain, groupby, islice

from django.db import IntegrityError, transaction

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import Delivery, OutboundMessage, User
from cases.operations.alerts import address_of
from cases.operations.jobs import each_in_turn, once
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.reminders import Colleagues, colleagues
from cases.selectors.running import current_edition, landlord
from reporting.models import KeptCase, KeptCopy, KeptReport, LessonsReturn
from reporting.models.kept import COLLATING, TOLD
from reporting.rules.kept import Kind, Time, lessons_due_on, message_of, times_due
from reporting.selectors.addressees import Addressee, heads_told
from reporting.selectors.kept import (
    CHUNK,
    JOB,
    Happened,
    found_in,
    happened_in,
    has_complaints,
    last_reported,
    lessons_told,
    made_reports,
    numbers_for,
)

LONGEST_COMMENTARY = 8_000


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
    with transaction.atomic(), _read(Kind.MONTHLY, time, areas) as cases:
        some = next(cases, None)
        if some is None and first.is_unmanaged:
            # A service without people and without complaints is nothing to write about.
            return False
        if not _save(report, chain([some], cases) if some else cases):
            return False
        due = lessons_due_on(time, current_edition().calendar)
        LessonsReturn.objects.create(report=report, due_on=due)
        for key in sorted({each.recipient for each in told}):
            recipient = User.objects.get(pk=key)
            recipient.stands_in_for = people.viewers[key].stands_in_for
            role = Role.COMPLAINTS_COORDINATOR if first.is_unmanaged else Role.HEAD_OF_SERVICE
            _send(report, recipient, role, now=now)
    return True


def _make(kind: Kind, time: Time, now: datetime) -> bool:
    """Make the report of a quarter or a year, and ask who collates it to do so (HH-32, HH-35)."""
    report = KeptReport(kind=kind.value, first_day=time.first, last_day=time.last, made_at=now)
    with transaction.atomic(), _read(kind, time, None) as cases:
        report.found = found_in(kind, time, now=now)
        if not _save(report, cases):
            return False
        for person in _collating():
            _queue(
                f"report-to-collate:{report.pk}:{person.pk}",
                person,
                f"{report}: ready to be put together",
                f"The figures of the report are worked out: {report}.\n\nAdd what is to be said "
                "about them and send it to the management team and the committee:\n\n"
                f"{address_of(report.address('send'))}\n",
                now=now,
            )
    return True


def _collating() -> list[User]:
    """Return who puts reports together: the executive support managers, else the coordinators."""
    active = User.objects.filter(is_active=True).order_by("pk").distinct()
    found = list(active.filter(grants__role=Role.EXECUTIVE_SUPPORT_MANAGER.value))
    return found or list(active.filter(grants__role=Role.COMPLAINTS_COORDINATOR.value))


def _save(report: KeptReport, cases: Iterable[Happened]) -> bool:
    """Write a report with its cases; say whether it was made here and now."""
    try:
        with transaction.atomic():
            report.save(force_insert=True)
    except IntegrityError:
        return False
    told = iter(cases)
    while chunk := list(islice(told, CHUNK)):
        KeptCase.objects.bulk_create(KeptCase(report=report, **each.kept) for each in chunk)
    return True


def _send(report: KeptReport, recipient: User, role: Role, *, now: datetime) -> None:
    copy = KeptCopy(report=report, recipient=recipient, role=role.value)
    _queue_copy(copy, now=now)
    copy.save(force_insert=True)


def _queue_copy(copy: KeptCopy, *, now: datetime) -> None:
    """Queue the message with somebody's copy: the figures as far as they may know of them."""
    report, recipient = copy.report, copy.recipient
    kind = Kind(report.kind)
    numbers = numbers_for(recipient, [report])[report.pk]
    page = address_of(report.get_absolute_url())
    body = message_of(kind, report.time, report.area_name, numbers, page)
    if kind is Kind.MONTHLY and not report.lessons.returned_at:
        body += (
            f"\nBy {report.lessons.due_on:%-d %B %Y} tell what was learnt, and what has changed or "
            f"will:\n\n{address_of(report.address('lessons'))}\n"
        )
    copy.times_sent += 1
    subject = f"{report.area_name}: {report}" if report.area_name else str(report)
    key = f"kept-report:{report.pk}:{recipient.pk}:{copy.times_sent}"
    copy.message = _queue(key, recipient, subject, body, now=now)


def _queue(key: str, to: User, subject: str, body: str, *, now: datetime) -> OutboundMessage:
    return OutboundMessage.objects.create(
        key=key,
        kind="report",
        to_user=to,
        to_address=to.email,
        subject=subject[:200],
        body=body,
        created_at=now,
        next_try_at=now,
    )


def _locked(report_id: int, by: User) -> KeptReport:
    open_to = KeptReport.objects.open_to(by).filter(pk=report_id).values("pk")
    rows = KeptReport.objects.select_for_update(of=("self",)).select_related("area", "lessons")
    report = rows.filter(pk__in=list(open_to.values_list("pk", flat=True))).first()
    if report is None:
        raise NotEntitled("There is no such report, or it is not open to you.")
    return report


@transaction.atomic
def write_commentary(*, report_id: int, commentary: str, by: User) -> KeptReport:
    """Keep what is said about the figures, until the report is sent.

    :raises NotEntitled: if this is not one of those who put reports together.
    :raises ActionNotAllowed: if it is sent already.
    """
    report = _to_collate(report_id, by)
    report.commentary = commentary.strip()
    report.save(update_fields=["commentary"])
    return report


@transaction.atomic
def send_report(*, report_id: int, commentary: str, by: User, now: datetime) -> KeptReport:
    """Send a quarter or a year to the management team, the committee and the Board.

    With it goes what the services learnt, as they gave it back until now.

    :raises NotEntitled: if this is not one of those who put reports together.
    :raises ActionNotAllowed: if it is sent already.
    """
    report = _to_collate(report_id, by)
    report.commentary = commentary.strip()
    report.found = {**report.found, "lessons": lessons_told(report.time)}
    report.sent_at, report.sent_by = now, by
    report.save(update_fields=["commentary", "found", "sent_at", "sent_by"])
    told: set[int] = set()
    for role in (*TOLD, Role.COMPLAINTS_COORDINATOR):
        people = User.objects.filter(is_active=True, grants__role=role.value).distinct()
        for person in people.exclude(pk__in=told).order_by("pk"):
            told.add(person.pk)
            _send(report, person, role, now=now)
    return report


def _to_collate(report_id: int, by: User) -> KeptReport:
    report = _locked(report_id, by)
    if not by.has_role(*COLLATING):
        raise NotEntitled("The executive support manager puts the reports together.")
    if report.kind == Kind.MONTHLY or report.sent_at is not None:
        raise ActionNotAllowed("The report is sent already.")
    return report


@transaction.atomic
def resend_kept_report(*, report_id: int, by: User, now: datetime) -> int:
    """Send a report again, and say to how many: to all of them, or to whoever asks alone.

    Those who put reports together send it to everybody; its readers have it sent to themselves.

    :raises NotEntitled: if there is no such report, or `by` was not sent it.
    :raises ActionNotAllowed: if it was not sent yet, or is on its way to everybody already.
    """
    report = _locked(report_id, by)
    copies = KeptCopy.objects.filter(report=report).select_related("recipient", "message")
    if not by.has_role(*COLLATING):
        copies = copies.filter(recipient=by)
        if not copies.exists():
            raise NotEntitled("The report was not sent to you: open it here.")
    elif report.sent_at is None:
        raise ActionNotAllowed("The report was not sent yet.")
    waiting = [Delivery.QUEUED.value, Delivery.SENDING.value]
    sent = 0
    for copy in copies.filter(recipient__is_active=True).exclude(message__state__in=waiting):
        copy.report = report
        _queue_copy(copy, now=now)
        copy.save(update_fields=["message", "times_sent"])
        sent += 1
    if not sent:
        raise ActionNotAllowed("The report is waiting to be sent already.")
    return sent
