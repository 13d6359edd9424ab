"""E-mail that waits: a coordinator says what it is. Nothing is thrown away."""

import logging
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import Complaint, Customer, EventWords, InboundMail, MailState, User
from cases.operations.customers import Particulars, save_customer
from cases.operations.lodge import Lodging, lodge_complaint
from cases.operations.mail_intake import join_complaint
from cases.operations.record import CaseFile, lock_complaint
from cases.operations.search_index import index_complaints
from cases.operations.service_requests import Asked, log_request
from cases.rules.customers import Channel, CustomerCategory
from cases.rules.events import Event, EventKind
from cases.rules.pages import CHANGERS, Page
from cases.rules.periods import london_day
from cases.selectors.history import events_of
from cases.selectors.post import files_of, may_be_sorted

logger = logging.getLogger(__name__)


@transaction.atomic
def make_complaint_of_mail(
    *, mail_id: int, by: User, now: datetime, customer_id: int | None, name: str
) -> Complaint:
    """Make a complaint of an e-mail, received on the day it came; it waits to be accepted.

    Without `customer_id` its sender is added as somebody new: an address proves nothing.

    :raises NotEntitled: if there is no such e-mail, or sorting is not theirs.
    :raises ActionNotAllowed: if it is sorted already, or nobody is named.
    """
    mail = _locked(mail_id, by)
    complaint = lodge_complaint(
        Lodging(
            customer_id=_customer(mail, customer_id, name, now),
            channel=Channel.EMAIL.value,
            received_on=london_day(mail.received_at),
            received_at=mail.received_at,
            summary=_words(mail),
        ),
        by=by,
        now=now,
        needs_triage=True,
    )
    locked = lock_complaint(complaint.pk, None)
    case = CaseFile(locked, events_of(locked), by=by, now=now)
    for file in files_of(mail):
        if file.complaint_id is None:
            file.complaint = locked
            file.save(update_fields=["complaint"])
            case.add(EventKind.FILE_ADDED, facts={"file": file.pk, "sha256": file.sha256})
    case.save()
    mail.complaint = locked
    _decided(mail, MailState.COMPLAINT, by=by, now=now)
    return locked


@transaction.atomic
def make_request_of_mail(
    *, mail_id: int, by: User, now: datetime, customer_id: int | None, name: str, kind: str
) -> str:
    """Make a request of an e-mail that is no complaint, and return its reference.

    :raises NotEntitled: if there is no such e-mail, or sorting is not theirs.
    :raises ActionNotAllowed: if it is sorted already, or nobody is named.
    """
    mail = _locked(mail_id, by)
    mail.request = log_request(
        Asked(
            kind=kind,
            customer_id=_customer(mail, customer_id, name, now),
            channel=Channel.EMAIL.value,
            received_on=london_day(mail.received_at),
            words=_words(mail),
        ),
        by=by,
        now=now,
    )
    _decided(mail, MailState.REQUEST, by=by, now=now)
    return mail.request.reference


@transaction.atomic
def add_mail_to_complaint(*, mail_id: int, by: User, now: datetime, complaint_id: int) -> Complaint:
    """Put an e-mail on the record of the complaint it belongs to.

    :raises NotEntitled: if there is no such e-mail or complaint, or either is not open to them.
    :raises ActionNotAllowed: if it is sorted already.
    """
    mail = _locked(mail_id, by)
    complaint = Complaint.objects.readable_by(by).filter(pk=complaint_id).first()
    if complaint is None:
        raise NotEntitled("There is no such complaint, or it is not open to you.")
    join_complaint(mail, complaint, by=by, now=now)
    _decided(mail, MailState.JOINED, by=by, now=now)
    return complaint


@transaction.atomic
def put_mail_aside(*, mail_id: int, by: User, now: datetime, reason: str) -> None:
    """Say that an e-mail is nothing for us. It is kept, and can still be sorted otherwise.

    :raises ReasonMissing: without a reason.
    :raises NotEntitled: if there is no such e-mail, or sorting is not theirs.
    :raises ActionNotAllowed: if it is sorted already.
    """
    if not reason.strip():
        raise ReasonMissing("Say why it is nothing for us.")
    mail = _locked(mail_id, by)
    mail.reason = reason.strip()
    _decided(mail, MailState.NOT_OURS, by=by, now=now)


@transaction.atomic
def confirm_mail(*, mail_id: int, by: User, now: datetime) -> None:
    """Confirm that an e-mail from an address that we did not know belongs where it joined.

    :raises NotEntitled: if there is no such e-mail, or it is not open to them.
    :raises ActionNotAllowed: if there is nothing to confirm.
    """
    mail = _visible(mail_id, by)
    if mail.state != MailState.JOINED or mail.is_known or mail.decided_at is not None:
        raise ActionNotAllowed("There is nothing to confirm about this e-mail.")
    _decided(mail, MailState.JOINED, by=by, now=now)


@transaction.atomic
def take_mail_out(
    *, mail_id: int, by: User, now: datetime, reason: str, complaint_id: int | None = None
) -> InboundMail:
    """Take an e-mail out of the complaint that it joined by mistake, with its files.

    It joins the complaint that it belongs to, or waits again to be sorted. The record keeps that
    an e-mail came and was taken out; its words, which may be somebody else's, stay with the e-mail.

    :raises ReasonMissing: without a reason.
    :raises NotEntitled: if there is no such e-mail or complaint, or either is not open to them.
    :raises ActionNotAllowed: if it joined nothing, or is on the record of that complaint already.
    """
    if not reason.strip():
        raise ReasonMissing("Say why it does not belong to this complaint.")
    mail = _visible(mail_id, by)
    wrong = mail.complaint
    if mail.state != MailState.JOINED or wrong is None:
        raise ActionNotAllowed("This e-mail joined no complaint.")
    right = Complaint.objects.readable_by(by).filter(pk=complaint_id or 0).first()
    if complaint_id is not None and right is None:
        raise NotEntitled("There is no such complaint, or it is not open to you.")
    if right == wrong:
        raise ActionNotAllowed("It is on the record of that complaint already.")
    # In one order, so that two who move e-mails to and fro do not wait for each other.
    for key in sorted({wrong.pk, *([right.pk] if right else [])}):
        lock_complaint(key, by)
    _strike_out(mail, wrong, by=by, now=now, reason=reason.strip(), is_moved=right is not None)
    mail.complaint, mail.reason, mail.is_known = None, reason.strip(), False
    if right is None:
        mail.decided_at = mail.decided_by = None
        mail.state = MailState.WAITING.value
        mail.save()
    else:
        join_complaint(mail, right, by=by, now=now)
        _decided(mail, MailState.JOINED, by=by, now=now)
    return mail


def _strike_out(
    mail: InboundMail, complaint: Complaint, *, by: User, now: datetime, reason: str, is_moved: bool
) -> None:
    """Strike an e-mail and its files out of a record, and take its words away from it."""
    locked = lock_complaint(complaint.pk, by)
    case = CaseFile(locked, events_of(locked), by=by, now=now)
    files = {file.pk: file for file in files_of(mail) if file.complaint_id == complaint.pk}
    came: list[Event] = [
        event
        for event in case.state.events
        if (event.kind is EventKind.MAIL_RECEIVED and event.facts.get("mail") == mail.pk)
        or (event.kind is EventKind.FILE_ADDED and event.facts.get("file") in files)
    ]
    for event in came:
        facts = {"target": event.number, "kind": event.kind.value, "mail": mail.pk}
        is_mail = event.kind is EventKind.MAIL_RECEIVED
        case.add(
            EventKind.RETRACTED,
            facts={**facts, "mail_to": "complaint" if is_moved else "post"} if is_mail else facts,
            words={"reason": reason},
        )
    case.save()
    numbers = [event.number for event in came]
    EventWords.objects.filter(event__complaint=locked, event__number__in=numbers).delete()
    for file in files.values():
        file.complaint = None
        file.save(update_fields=["complaint"])
    index_complaints([locked.pk])


def _visible(mail_id: int, by: User) -> InboundMail:
    if not by.has_role(*CHANGERS[Page.POST]):
        raise NotEntitled("Only a complaints coordinator sorts e-mail.")
    found = InboundMail.objects.visible_to(by).select_for_update(of=("self",))
    mail = found.filter(pk=mail_id).first()
    if mail is None:
        raise NotEntitled("There is no such e-mail, or it is not open to you.")
    return mail


def _locked(mail_id: int, by: User) -> InboundMail:
    """Return an e-mail that is still to be sorted, locked until the transaction ends."""
    mail = _visible(mail_id, by)
    if not may_be_sorted(mail):
        who = f" by {mail.decided_by.name}" if mail.decided_by else ""
        raise ActionNotAllowed(f"This was sorted already{who}: {mail.get_state_display().lower()}.")
    return mail


def _decided(mail: InboundMail, state: MailState, *, by: User, now: datetime) -> None:
    mail.state = state.value
    mail.decided_at, mail.decided_by = now, by
    mail.save(update_fields=["state", "decided_at", "decided_by", "complaint", "request", "reason"])


def _words(mail: InboundMail) -> str:
    return f"{mail.subject}\n\n{mail.text}".strip() or "An e-mail without words."


def _customer(mail: InboundMail, customer_id: int | None, name: str, now: datetime) -> int:
    if customer_id is not None:
        return Customer.objects.get(pk=customer_id).pk
    if not name.strip():
        raise ActionNotAllowed("Say who the customer is.")
    return save_customer(
        Particulars(
            name=name.strip(),
            category=CustomerCategory.MEMBER_OF_THE_PUBLIC.value,
            email=mail.sender,
            preferred_channel=Channel.EMAIL.value,
        ),
        now=now,
    ).pk
