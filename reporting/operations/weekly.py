"""Making the weekly reports, once for each week, and sending one again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from itertools import chain, islice

from django.db import IntegrityError, transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import Delivery, OutboundMessage, User
from cases.operations.alerts import address_of
from cases.operations.jobs import each_in_turn, once
from cases.rules.calendars import WorkingCalendar
from cases.rules.periods import london_day
from cases.rules.reminders import LONGEST_LIST
from cases.selectors.reminders import Colleagues, colleagues
from cases.selectors.running import current_edition, landlord
from reporting.models import ReportLine, WeeklyReport
from reporting.rules.weekly import Figures, Line, first_day_of, report_message, week_due
from reporting.selectors.addressees import Addressee, addressees
from reporting.selectors.weekly import (
    CHUNK,
    JOB,
    ToldComplaint,
    figures_for,
    is_made,
    last_reported_week,
    last_reports,
    line_of,
    made_reports,
    report_lines,
    told_complaints,
)

SUNDAY = timedelta(days=6)


def make_weekly_reports(*, now: datetime) -> int:
    """Make the reports of the latest complete week, unless they are made; return how many.

    Due from Monday 07:00 in London. A missed week is not made up for: how things stood then
    cannot be told any more; the next report tells of what came in meanwhile. Each report is a
    transaction of its own and unique for week, recipient and area, so two runs at once, or one
    after a crash, make none twice. One that fails stops no other and is tried again in the next
    run; the failure is raised once all were tried.
    """
    week = week_due(now)
    if is_made(week) or landlord() is None:
        return 0
    today = london_day(now)
    people = colleagues(today=today)
    calendar = current_edition().calendar
    reported, last = last_reported_week(before=week), last_reports(before=week)
    done = made_reports(week)

    def make(told: Addressee) -> bool:
        # Of a week that is not marked, as one report failed, the others were made nevertheless.
        mine = max(filter(None, (reported, last.get((told.recipient, told.area)))), default=None)
        first_day = first_day_of(week, reported=mine)
        return _make(told, people, _Edition(week, first_day, week + SUNDAY, calendar, today, now))

    due = [each for each in addressees(people) if (each.recipient, each.area) not in done]
    made = sum(each_in_turn(partial(make, each) for each in due))
    with transaction.atomic():
        once(JOB, week.isoformat(), now)
    return made


@dataclass(frozen=True, slots=True)
class _Edition:
    """What the reports of one week have in common."""

    week: date
    first_day: date
    last_day: date
    calendar: WorkingCalendar
    today: date
    now: datetime


def _make(told: Addressee, people: Colleagues, edition: _Edition) -> bool:
    """Make one report and queue its message; say whether it was made here and now.

    :raises IntegrityError: if it cannot be written for another reason than that it is made already.
    """
    recipient = User.objects.get(pk=told.recipient)
    recipient.stands_in_for = people.viewers[told.recipient].stands_in_for
    report = WeeklyReport(
        week=edition.week,
        first_day=edition.first_day,
        last_day=edition.last_day,
        recipient=recipient,
        area_id=told.area,
        area_name=told.name,
        instead_of_id=told.instead_of,
        is_unmanaged=told.is_unmanaged,
        made_at=edition.now,
    )
    try:
        with transaction.atomic():
            return _write(report, told, edition)
    except IntegrityError:
        # Another run may have been faster. Whatever else it is has to be seen.
        if (told.recipient, told.area) not in made_reports(edition.week):
            raise
    return False


def _write(report: WeeklyReport, told: Addressee, edition: _Edition) -> bool:
    complaints = told_complaints(
        report.recipient,
        told.areas if told.area else None,
        first_day=edition.first_day,
        last_day=edition.last_day,
    )
    first = next(complaints, None)
    if first is None and told.is_unmanaged:
        # An area without people and without complaints is nothing to write about.
        return False
    report.save(force_insert=True)
    complaints = chain([first], complaints) if first else complaints
    figures, lines, listed = _write_lines(report, complaints, edition)
    _send(report, figures, lines, more=listed - len(lines), now=edition.now)
    return True


def _write_lines(
    report: WeeklyReport, complaints: Iterator[ToldComplaint], edition: _Edition
) -> tuple[Figures, list[Line], int]:
    """Write a line for each complaint, and return the figures, the first lines, how many in all."""
    figures = Figures()
    first: list[Line] = []
    position = 0
    while chunk := list(islice(complaints, CHUNK)):
        rows = []
        for told in chunk:
            position += 1
            line = line_of(
                told,
                edition.calendar,
                first_day=edition.first_day,
                last_day=edition.last_day,
                today=edition.today,
            )
            figures.count(line)
            if position <= LONGEST_LIST:
                first.append(line)
            rows.append(_row(report, position, told.key, line))
        ReportLine.objects.bulk_create(rows)
    return figures, first, position


def _row(report: WeeklyReport, position: int, complaint: int, line: Line) -> ReportLine:
    return ReportLine(
        report=report,
        position=position,
        complaint_id=complaint,
        reference=line.reference,
        about=line.about,
        stage=line.stage,
        status=line.status,
        days=line.days,
        officer=line.officer,
        next_due=line.next_due,
        next_due_on=line.next_due_on,
        late=line.late,
        is_new=line.is_new,
        is_open=line.is_open,
        is_answered=line.is_answered,
    )


def _send(
    report: WeeklyReport, figures: Figures, lines: Sequence[Line], *, more: int, now: datetime
) -> None:
    """Keep what the report says and queue it for its recipient."""
    report.subject, report.body = _words(report, figures, lines, more=more)
    report.new, report.unresolved = figures.new, figures.unresolved
    report.ongoing, report.beyond_target = figures.ongoing, figures.beyond_target
    _queue(report, report.body, now=now)
    report.save(
        update_fields=[
            *("subject", "body", "new", "unresolved", "ongoing", "beyond_target"),
            *("message", "times_sent"),
        ]
    )


def _words(
    report: WeeklyReport, figures: Figures, lines: Sequence[Line], *, more: int
) -> tuple[str, str]:
    return report_message(
        report.heading,
        figures,
        lines,
        more=more,
        page=address_of(report.get_absolute_url()),
        address=_address,
    )


def _address(reference: str) -> str:
    return address_of(reverse("cases:complaint", args=[reference]))


def _queue(report: WeeklyReport, body: str, *, now: datetime) -> None:
    report.times_sent += 1
    report.message = OutboundMessage.objects.create(
        key=f"weekly-report:{report.pk}:{report.times_sent}",
        kind="weekly_report",
        to_user=report.recipient,
        to_address=report.recipient.email,
        subject=report.subject,
        body=body,
        created_at=now,
        next_try_at=now,
    )


@transaction.atomic
def resend_report(*, report_id: int, by: User, now: datetime) -> WeeklyReport:
    """Send a report again to whom it was made for, without complaints closed to them by now.

    :raises NotEntitled: if there is no such report, or it is not open to `by`.
    :raises ActionNotAllowed: if it is on its way already, or its recipient has left.
    """
    report = (
        WeeklyReport.objects.open_to(by)
        .select_for_update(of=("self",))
        .select_related("area", "recipient", "instead_of", "message")
        .filter(pk=report_id)
        .first()
    )
    if report is None:
        raise NotEntitled("There is no such report, or it is not open to you.")
    if not report.recipient.is_active:
        raise ActionNotAllowed(f"{report.recipient.name} can no longer sign in.")
    if report.message and report.message.state in (Delivery.QUEUED, Delivery.SENDING):
        raise ActionNotAllowed("The report is waiting to be sent already.")
    _queue(report, _body_for_today(report), now=now)
    report.save(update_fields=["message", "times_sent"])
    return report


def _body_for_today(report: WeeklyReport) -> str:
    """Return the words as sent, or without the complaints that are closed to the recipient."""
    lines = report_lines(report, report.recipient)
    listed = lines.count()
    if listed == report.lines.count():
        return report.body
    figures = figures_for(report.recipient, [report])[report.pk]
    first = [row.line for row in lines[:LONGEST_LIST]]
    return _words(report, figures, first, more=listed - len(first))[1]
