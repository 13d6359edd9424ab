"""Taking an e-mail in: kept once, joined to its complaint if it names one, never refused."""

import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.crypto import salted_hmac

from cases.errors import ComplaintError, FileRefused
from cases.models import (
    CalendarEdition,
    Complaint,
    Customer,
    Delivery,
    InboundMail,
    Landlord,
    MailFile,
    MailState,
    OutboundMessage,
    RoleGrant,
    StoredFile,
    User,
)
from cases.models.procedures import edition
from cases.operations.alerts import address_of
from cases.operations.customers import Particulars, save_customer
from cases.operations.email import our_domain
from cases.operations.files import clean_name, store_received, store_upload
from cases.operations.lodge import Lodging, lodge_complaint
from cases.operations.record import CaseFile, lock_complaint
from cases.rules.customers import Channel, CustomerCategory
from cases.rules.events import EventKind
from cases.rules.mail import Mail, MailKind, MailPart, address_in, read_mail
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.history import events_of
from cases.selectors.post import waiting_post
from cases.selectors.reminders import colleagues, sight_of
from cases.selectors.restrictions import closed_ways

logger = logging.getLogger(__name__)

EML = "message/rfc822"
UNKNOWN = "an address that we do not know"
# However many write to us, so many receipts go out in an hour: nobody can make us a nuisance.
RECEIPTS_AN_HOUR = 60
# So many e-mails become complaints in an hour, and so many of one address in a day; the rest waits.
COMPLAINTS_AN_HOUR, COMPLAINTS_OF_ONE = 60, 3
NOBODY = "Somebody who wrote to us"


class Took(StrEnum):
    """What became of one e-mail when it was read."""

    WAITING = "waiting"
    COMPLAINT = "complaint"
    JOINED = "joined"
    AUTOMATIC = "automatic"
    AGAIN = "again"


def take_mail(raw: bytes, *, received_at: datetime, now: datetime, is_cut: bool = False) -> Took:
    """Keep an e-mail with its files and find where it belongs; all of it, or nothing.

    The same e-mail read again changes nothing. `is_cut`: only its head was read, as it is larger
    than any e-mail that is taken in whole.
    """
    mail = read_mail(raw, our_addresses=_our_addresses(), our_domain=our_domain())
    if InboundMail.objects.filter(key=mail.key).exists():
        return Took.AGAIN
    try:
        with transaction.atomic():
            return _take(mail, raw, received_at=min(received_at, now), now=now, is_cut=is_cut)
    except IntegrityError:
        if InboundMail.objects.filter(key=mail.key).exists():
            return Took.AGAIN
        raise


def _our_addresses() -> frozenset[str]:
    return frozenset(
        address_in(each) for each in (settings.DEFAULT_FROM_EMAIL, *settings.OUR_ADDRESSES)
    )


def _take(mail: Mail, raw: bytes, *, received_at: datetime, now: datetime, is_cut: bool) -> Took:
    is_written = mail.kind is MailKind.WRITTEN
    row = InboundMail.objects.create(
        key=mail.key,
        message_id=mail.message_id,
        kind=mail.kind.value,
        state=(MailState.WAITING if is_written else MailState.AUTOMATIC).value,
        received_at=received_at,
        sender_name=mail.sender_name,
        sender=mail.sender,
        subject=mail.subject,
        text=mail.text,
    )
    original = store_received(raw, name=f"e-mail {row.code}.eml", media_type=EML, now=now)
    MailFile.objects.create(mail=row, file=original, is_original=True)
    if mail.returned_id:
        _mark_returned(mail)
    if not is_written:
        return Took.AUTOMATIC
    row.refused = _keep_files(row, mail.files, now=now)
    row.refused += [
        f"“{name}” was one file too many. It is in the original." for name in mail.left_out
    ]
    if is_cut:
        row.refused.append("It is too large to be taken in whole: the rest is in the mailbox.")
    row.save(update_fields=["refused"])
    _queue_receipt(mail, now=now)
    complaint = complaint_meant(mail)
    if complaint is not None:
        join_complaint(row, complaint, by=None, now=now)
        return Took.JOINED
    _tell_coordinators(now=now)
    if _is_new(mail, now=now) and _becomes_complaint(row, now=now):
        return Took.COMPLAINT
    return Took.WAITING


def _is_new(mail: Mail, *, now: datetime) -> bool:
    """Say whether an e-mail begins something new, sent by a person to whom we may write.

    What answers something or names a complaint, and what comes from an address that nobody reads,
    from somebody whose way in by e-mail is closed, or in a flood, waits for a person.
    """
    if mail.answers or mail.references or not mail.may_be_answered:
        return False
    try:
        validate_email(mail.sender)
    except ValidationError:
        return False
    known = Customer.objects.alias(lowered=Lower("email")).filter(lowered=mail.sender)
    if any("email" in closed_ways(each) for each in known):
        return False
    made = InboundMail.objects.filter(state=MailState.COMPLAINT.value)
    lately = made.filter(received_at__gt=now - timedelta(hours=1)).values("pk")
    theirs = made.filter(sender=mail.sender, received_at__gt=now - timedelta(days=1)).values("pk")
    return (
        lately[:COMPLAINTS_AN_HOUR].count() < COMPLAINTS_AN_HOUR
        and theirs[:COMPLAINTS_OF_ONE].count() < COMPLAINTS_OF_ONE
    )


def _becomes_complaint(row: InboundMail, *, now: datetime) -> bool:
    """Make an untriaged complaint of an e-mail, unless none can be taken in yet.

    An address proves nothing: its sender is added as somebody new, with the address alone.
    """
    try:
        with transaction.atomic():
            sender = add_sender(row, row.sender_name or NOBODY, now=now)
            complaint_of_mail(row, sender, by=None, now=now)
    except ComplaintError:
        logger.warning("E-mail %s waits: no complaint can be made of it.", row.code)
        return False
    row.state = MailState.COMPLAINT.value
    row.save(update_fields=["state", "complaint"])
    return True


def add_sender(row: InboundMail, name: str, *, now: datetime) -> int:
    """Add whoever sent an e-mail as a customer, and return their key."""
    return save_customer(
        Particulars(
            name=name,
            category=CustomerCategory.MEMBER_OF_THE_PUBLIC.value,
            email=row.sender,
            preferred_channel=Channel.EMAIL.value,
        ),
        now=now,
    ).pk


def complaint_of_mail(
    row: InboundMail, customer_id: int, *, by: User | None, now: datetime
) -> Complaint:
    """Make a complaint of an e-mail, received when it came; it waits to be accepted.

    Call it in a transaction.
    """
    complaint = lodge_complaint(
        Lodging(
            customer_id=customer_id,
            channel=Channel.EMAIL.value,
            received_on=london_day(row.received_at),
            received_at=row.received_at,
            summary=words_of(row),
        ),
        by=by,
        now=now,
        needs_triage=True,
    )
    locked = lock_complaint(complaint.pk, None)
    case = CaseFile(locked, events_of(locked), by=by, now=now)
    add_mails_files(row, case)
    case.save()
    row.complaint = locked
    return locked


def words_of(row: InboundMail) -> str:
    """Return what an e-mail says, its subject first."""
    return f"{row.subject}\n\n{row.text}".strip() or "An e-mail without words."


def _keep_files(row: InboundMail, parts: Sequence[MailPart], *, now: datetime) -> list[str]:
    """Keep what may be kept, by the checks of every upload; return why the rest is not."""
    refused = []
    for part in parts:
        upload = SimpleUploadedFile(clean_name(part.name), part.content)
        try:
            file = store_upload(upload, by=None, now=now)
        except FileRefused as reason:
            refused.append(str(reason))
        else:
            MailFile.objects.create(mail=row, file=file)
    return refused


def complaint_meant(mail: Mail) -> Complaint | None:
    """Return the complaint that an e-mail answers, else the one it names; None if in doubt."""
    ending = f"@{our_domain()}"
    ours = [each.removesuffix(ending) for each in mail.answers if each.endswith(ending)]
    complaints = Complaint.objects.all()
    answered = set(
        OutboundMessage.objects.filter(message_id__in=ours, complaint__isnull=False).values_list(
            "complaint", flat=True
        )
    ) or set(
        InboundMail.objects.filter(message_id__in=mail.answers, complaint__isnull=False)
        .exclude(message_id="")
        .values_list("complaint", flat=True)
    )
    if answered:
        found = complaints.filter(pk__in=answered)
    else:
        found = complaints.filter(reference__in=mail.references)
    some = list(found[:2])
    return some[0] if len(some) == 1 else None


def join_complaint(
    row: InboundMail, complaint: Complaint, *, by: User | None, now: datetime
) -> None:
    """Put an e-mail and its files on the record of a complaint, and tell who deals with it.

    It moves nothing: what the customer asks for in it is for a person to record. Call it in a
    transaction.
    """
    locked = lock_complaint(complaint.pk, by)
    case = CaseFile(locked, events_of(locked), by=by, now=now)
    row.complaint = locked
    row.state = MailState.JOINED.value
    row.is_known = row.sender in _addresses_of(locked, today=case.today)
    row.save(update_fields=["complaint", "state", "is_known"])
    day = london_day(row.received_at)
    sender = row.sender_words if row.is_known else f"{row.sender_words}, {UNKNOWN}"
    case.add(
        EventKind.MAIL_RECEIVED,
        on=day if day >= case.state.current.began_on else None,
        at=row.received_at if day >= case.state.current.began_on else None,
        facts={"mail": row.pk},
        words={"sender": sender, "subject": row.subject, "mail": row.text},
    )
    add_mails_files(row, case)
    case.save()
    _tell_of_joined(row, case)


def add_mails_files(row: InboundMail, case: CaseFile) -> None:
    """Give what came with an e-mail to a complaint; its original stays with the e-mail."""
    for file in StoredFile.objects.filter(
        mail_file__mail=row, mail_file__is_original=False, complaint__isnull=True
    ).order_by("pk"):
        file.complaint = case.complaint
        file.save(update_fields=["complaint"])
        case.add(EventKind.FILE_ADDED, facts={"file": file.pk, "sha256": file.sha256})


def _addresses_of(complaint: Complaint, *, today: date) -> set[str]:
    """Return the addresses of those whose complaint it is or who may speak for them on that day.

    Nobody of whom the customer said no, or whose authority has ended, is known by their address.
    """
    people = Customer.objects.filter(pk=complaint.customer_id).union(
        Customer.objects.filter(joint_in__complaint=complaint)
    )
    found = {each.email.lower() for each in people}
    speakers = (each for each in complaint.representatives.all() if each.standing_on(today).speaks)
    found |= {each.email.lower() for each in speakers}
    return found - {""}


def _mark_returned(mail: Mail) -> None:
    """Give a message that came back to a person, as one that could not be sent."""
    marked = OutboundMessage.objects.filter(
        message_id=mail.returned_id, state=Delivery.SENT.value
    ).update(
        state=Delivery.UNDELIVERABLE.value,
        sent_at=None,
        last_error=f"It came back: {mail.returned_words}"[:300],
    )
    if marked:
        logger.error("A message came back: %s", mail.returned_id)


def _queue_receipt(mail: Mail, *, now: datetime) -> None:
    """Say that an e-mail arrived: once a day to an address, and the same to everybody.

    Whether it named a complaint makes no difference, so it tells nobody that there is one.
    """
    try:
        validate_email(mail.sender)
    except ValidationError:
        return
    if not mail.may_be_answered or _receipts_since(now - timedelta(hours=1)) >= RECEIPTS_AN_HOUR:
        return
    code = salted_hmac("cases.mail", mail.sender, algorithm="sha256").hexdigest()
    day = london_day(now)
    landlord = Landlord.objects.defer("logo").first()
    OutboundMessage.objects.get_or_create(
        key=f"mail-receipt:{code}:{day.isoformat()}",
        defaults={
            "kind": "mail_receipt",
            "to_address": mail.sender,
            "subject": "We have your e-mail",
            "body": (
                f"Thank you for writing to us. Your e-mail arrived on {day:%A %-d %B %Y}, and "
                "somebody will read it. If you did not write to us, somebody may have used your "
                f"address: you need do nothing.\n\n{landlord.name if landlord else ''}\n"
            ),
            "created_at": now,
            "next_try_at": now,
        },
    )


def _receipts_since(since: datetime) -> int:
    recent = OutboundMessage.objects.filter(kind="mail_receipt", created_at__gt=since)
    return recent.values("pk")[:RECEIPTS_AN_HOUR].count()


def _tell_of_joined(row: InboundMail, case: CaseFile) -> None:
    complaint = case.complaint
    people, sight = colleagues(today=case.today), sight_of(complaint, today=case.today)
    keys = set(people.recipients(Role.RESPONSIBLE_OFFICER, sight))
    keys = keys or set(people.recipients(Role.COMPLAINTS_COORDINATOR, sight))
    page = address_of(complaint.get_absolute_url())
    _tell(
        keys - ({case.by.pk} if case.by else set()),
        key=f"mail-joined:{row.pk}:{case.head}",
        subject=f"Complaint {complaint.reference}: an e-mail came in",
        body=f"An e-mail joined the complaint. Sign in to read it:\n\n{page}\n",
        complaint=complaint,
        now=case.now,
    )


def _tell_coordinators(*, now: datetime) -> None:
    """Tell the coordinators that e-mail waits to be sorted: once a day."""
    grants = RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value)
    _tell(
        set(grants.values_list("user_id", flat=True)),
        key=f"post:{london_day(now).isoformat()}",
        subject="E-mail waits to be sorted",
        body=f"Somebody wrote to us. Say what it is:\n\n{address_of(reverse('cases:post'))}\n",
        complaint=None,
        now=now,
    )


def _tell(
    keys: set[int], *, key: str, subject: str, body: str, complaint: Complaint | None, now: datetime
) -> None:
    people = User.objects.filter(pk__in=keys, is_active=True)
    for person in people.order_by("pk"):
        OutboundMessage.objects.get_or_create(
            key=f"{key}:{person.pk}",
            defaults={
                "kind": "mail_came",
                "complaint": complaint,
                "to_user": person,
                "to_address": person.email,
                "subject": subject,
                "body": body,
                "created_at": now,
                "next_try_at": now,
            },
        )


def chase_post(*, now: datetime) -> int:
    """Tell the coordinators on each working day what waits since an earlier one, and how long.

    Once a day, however often it is called.
    """
    today = london_day(now)
    waiting = waiting_post(now=now)
    newest = CalendarEdition.objects.order_by("-pk").values_list("pk", flat=True).first()
    if waiting.since is None or newest is None:
        return 0
    since = london_day(waiting.since)
    if since >= today or edition(newest).why_not_working(today):
        return 0
    grants = RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value)
    _tell(
        set(grants.values_list("user_id", flat=True)),
        key=f"post-waits:{today.isoformat()}",
        subject="E-mail waits since an earlier day",
        body=(
            f"{waiting.words}, the oldest since {since:%A %-d %B}. It may be a complaint, whose "
            f"time runs. Say what it is:\n\n{address_of(reverse('cases:post'))}\n"
        ),
        complaint=None,
        now=now,
    )
    return waiting.count
