"""Sending the reports of a month, a quarter and a year, with what is said about the figures."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import Delivery, OutboundMessage, Thing, User
from cases.operations.alerts import address_of
from cases.operations.settings_changes import check_seen, moved, note_change
from cases.rules.roles import Role
from feedback.rules.lessons import names_a_contact
from reporting.models import KeptCopy, KeptReport, LessonsReturn
from reporting.models.kept import COLLATING
from reporting.rules.kept import Kind, message_of
from reporting.selectors.addressees import told_when_sent
from reporting.selectors.kept import numbers_for
from reporting.selectors.lessons import as_told


def commentary_key(report: KeptReport) -> str:
    """Return by which key what is said about a report is found among the landlord's changes."""
    return f"kept-report-{report.pk}"


def send_copy(report: KeptReport, recipient: User, role: Role, *, now: datetime) -> None:
    """Send a report to one person, and note that they got it. Belongs in a transaction."""
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
    if kind is Kind.MONTHLY and report.lessons.is_owed:
        body += (
            f"\nBy {report.lessons.due_on:%-d %B %Y} tell what was learnt, and what has changed or "
            f"will:\n\n{address_of(report.address('lessons'))}\n"
        )
    copy.times_sent += 1
    subject = f"{report.area_name}: {report}" if report.area_name else str(report)
    key = f"kept-report:{report.pk}:{recipient.pk}:{copy.times_sent}"
    copy.message = queue_message(key, recipient, subject, body, now=now)


def queue_message(key: str, to: User, subject: str, body: str, *, now: datetime) -> OutboundMessage:
    """Queue a message about a report. Belongs in a transaction."""
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
def write_commentary(
    *, report_id: int, commentary: str, by: User, now: datetime, seen: int
) -> KeptReport:
    """Keep what is said about the figures, until the report is sent, and who changed what.

    :raises NotEntitled: if this is not one of those who put reports together.
    :raises ActionNotAllowed: if it is sent already, or a person can be recognised.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    report = _to_collate(report_id, by)
    check_seen(thing=Thing.LANDLORD, key=commentary_key(report), seen=seen)
    said = commentary.strip()
    if names_a_contact(said):
        raise ActionNotAllowed("Leave out e-mail addresses and telephone numbers of people.")
    changes = moved("What is said about the figures", report.commentary, said)
    if changes:
        report.commentary = said
        report.save(update_fields=["commentary"])
        note_change(
            thing=Thing.LANDLORD,
            act="Words of a report written",
            by=by,
            now=now,
            key=commentary_key(report),
            name=str(report),
            changes=changes,
        )
    return report


@transaction.atomic
def send_report(*, report_id: int, by: User, now: datetime, seen: int) -> KeptReport:
    """Send a quarter or a year to the management team, the committee and the Board.

    With it goes what is kept about its figures, and what the services gave back until now: of its
    own months, and of earlier ones what no report has told yet. That stays as it is from now on.

    :raises NotEntitled: if this is not one of those who put reports together.
    :raises ActionNotAllowed: if it is sent already.
    :raises SettingChanged: if what is said about the figures was changed since `seen`.
    """
    report = _to_collate(report_id, by)
    check_seen(thing=Thing.LANDLORD, key=commentary_key(report), seen=seen)
    report.found = {**report.found, "lessons": as_told(_take_lessons(report), report.time)}
    report.sent_at, report.sent_by = now, by
    report.save(update_fields=["found", "sent_at", "sent_by"])
    for person, role in told_when_sent():
        send_copy(report, person, role, now=now)
    return report


def _take_lessons(report: KeptReport) -> list[LessonsReturn]:
    """Return what services gave back for a report, and mark it as told.

    All that it could tell is locked, also what is owed still: whoever gives something back at this
    moment comes before and is told, or comes after and is told in the next report.
    """
    all_of_it = LessonsReturn.objects.select_for_update(of=("self",)).told_by(report.time)
    held = [each.pk for each in all_of_it.order_by("pk")]
    given = LessonsReturn.objects.filter(pk__in=held, returned_at__isnull=False)
    given.filter(told_in__isnull=True).update(told_in=report)
    return list(given.in_order())


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
