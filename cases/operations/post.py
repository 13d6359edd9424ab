"""E-mail that waits: a coordinator says what it is. Nothing is thrown away."""

import logging
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import (
    Complaint,
    Customer,
    CustomerChange,
    EventWords,
    InboundMail,
    MailState,
    User,
)
from cases.operations.correct import annul
from cases.operations.customers import correct_customer
from cases.operations.mail_intake import (
    add_sender,
    complaint_of_mail,
    join_complaint,
    words_of,
)
from cases.operations.record import CaseFile, lock_complaint
from cases.operations.search_index import index_complaints, index_names
from cases.operations.service_requests import Asked, log_request
from cases.rules.customers import Channel
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
    if mail.complaint is None:
        locked = complaint_of_mail(mail, _customer(mail, customer_id, name, now), by=by, now=now)
    else:
        locked = _say_whose(mail.complaint, customer_id, name, by=by, now=now)
    _decided(mail, MailState.COMPLAINT, by=by, now=now)
    return locked


def _say_whose(
    complaint: Complaint, customer_id: int | None, name: str, *, by: User, now: datetime
) -> Complaint:
    """Say whose a complaint is that an e-mail became by itself."""
    if customer_id is not None and customer_id != complaint.customer_id:
        return correct_customer(
            complaint_id=complaint.pk,
            by=by,
            now=now,
            seen=complaint.version,
            customer_id=customer_id,
            reason="The address of an e-mail says nothing of who wrote it.",
        )
    customer = Customer.objects.select_for_update().get(pk=complaint.customer_id)
    if customer_id is None and name.strip() and name.strip() != customer.name:
        change = ["Name", customer.name, name.strip()]
        customer.name = name.strip()
        customer.save(update_fields=["name"])
        CustomerChange.objects.create(customer=customer, at=now, by=by, changes=[change])
        index_names([complaint.pk])
    return complaint


def _undo_complaint(mail: InboundMail, *, by: User, now: datetime, reason: str) -> int | None:
    """Annul the complaint that an e-mail became by itself, and return whose it was."""
    complaint = mail.complaint
    if complaint is None:
        return None
    annul(complaint_id=complaint.pk, by=by, now=now, seen=complaint.version, reason=reason)
    _strike_out_files(mail, complaint, by=by, now=now, reason=reason)
    mail.complaint = None
    return complaint.customer_id


def _strike_out_files(
    mail: InboundMail, complaint: Complaint, *, by: User, now: datetime, reason: str
) -> None:
    """Take the files of an e-mail back from a complaint that it is not."""
    locked = lock_complaint(complaint.pk, by)
    case = CaseFile(locked, events_of(locked), by=by, now=now)
    files = {file.pk: file for file in files_of(mail) if file.complaint_id == complaint.pk}
    for event in case.state.events:
        if event.kind is EventKind.FILE_ADDED and event.facts.get("file") in files:
            case.add(
                EventKind.RETRACTED,
                facts={"target": event.number, "kind": event.kind.value, "mail": mail.pk},
                words={"reason": reason},
            )
    case.save()
    for file in files.values():
        file.complaint = None
        file.save(update_fields=["complaint"])


@transaction.atomic
def make_request_of_mail(
    *, mail_id: int, by: User, now: datetime, customer_id: int | None, name: str, kind: str
) -> str:
    """Make a request of an e-mail that is no complaint, and return its reference.

    :raises NotEntitled: if there is no such e-mail, or sorting is not theirs.
    :raises ActionNotAllowed: if it is sorted already, or nobody is named.
    """
    mail = _locked(mail_id, by)
    sender = _undo_complaint(mail, by=by, now=now, reason="It was a request, and no complaint.")
    mail.request = log_request(
        Asked(
            kind=kind,
            customer_id=customer_id or sender or _customer(mail, None, name, now),
            channel=Channel.EMAIL.value,
            received_on=london_day(mail.received_at),
            words=words_of(mail),
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
    if mail.complaint == complaint:
        raise ActionNotAllowed("It is that complaint already.")
    reason = f"It belongs to complaint {complaint.reference}."
    _undo_complaint(mail, by=by, now=now, reason=reason)
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
    _undo_complaint(mail, by=by, now=now, reason=reason.strip())
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


def _customer(mail: InboundMail, customer_id: int | None, name: str, now: datetime) -> int:
    if customer_id is not None:
        return Customer.objects.get(pk=customer_id).pk
    if not name.strip():
        raise ActionNotAllowed("Say who the customer is.")
    return add_sender(mail, name.strip(), now=now)
