"""Delivering queued messages: claimed by one process at a time, tried again, given to a person."""

import logging
from datetime import datetime, timedelta
from enum import StrEnum

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import Delivery, OutboundMessage, User
from cases.operations.alerts import address_of
from cases.operations.email import NoServer, NotNow, Refused, send
from cases.operations.notices import write_anew
from cases.operations.passwords import LINK_KINDS
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.periods import london_day
from cases.rules.tracking import GONE
from cases.selectors.message_secrets import as_kept, without_secrets
from cases.selectors.messages import (
    READ_WITH,
    letter_in,
    may_requeue,
    reason_not_to_send,
    restriction_letter_in,
    told_of_unsent,
)

logger = logging.getLogger(__name__)

# How long a process may take to hand over one message before another tries it: longer than all
# the waiting that the mail server can make it do.
LEASE = timedelta(minutes=5)
# How long to wait after the first failed try, the second, …; after the last, more than three days
# later, a person takes over. While there is no server at all nothing is counted.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480, 960, 1440, 1440))


class Tried(StrEnum):
    """What became of one message in one try."""

    SENT = "sent"
    LATER = "later"
    NO_SERVER = "no_server"
    UNDELIVERABLE = "undeliverable"
    CANCELLED = "cancelled"


def deliver_next(*, now: datetime) -> Tried | None:
    """Deliver the message that has waited longest; return what became of it, None if none waits.

    It is claimed in a transaction of its own, sent without one, and its fate written in another.
    A process that dies in between leaves it to the next one when the lease ends; only then can a
    second copy go out, under the same Message-ID.
    """
    message = _claim(now=now)
    if message is None:
        return None
    if message.attempts > len(WAITS) + 1:
        # It was claimed again and again and nobody lived to tell.
        return _give_up(message, "Every try was cut short.")
    if reason := reason_not_to_send(message, now=now):
        return _cancel(message, reason, now=now)
    try:
        send(message)
    except Refused as refused:
        return _give_up(message, refused.words)
    except NoServer as failed:
        return _wait_for_server(message, failed.words, now=now)
    except NotNow as failed:
        return _try_later(message, failed.words, now=now)
    return _sent(message, now=now)


def _claim(*, now: datetime) -> OutboundMessage | None:
    """Take the next message for this process alone, until the lease ends.

    `attempts` grows with every claim, so it tells this claim from a later one.
    """
    while True:
        with transaction.atomic():
            waiting = (
                OutboundMessage.objects.filter(
                    state__in=[Delivery.QUEUED, Delivery.SENDING], next_try_at__lte=now
                )
                .select_for_update(skip_locked=True, of=("self",))
                .order_by("next_try_at", "pk")
                .values_list("pk", "attempts")
            )
            if (found := waiting.first()) is None:
                return None
            key, attempts = found
            claimed = OutboundMessage.objects.filter(
                pk=key, attempts=attempts, next_try_at__lte=now
            ).update(
                state=Delivery.SENDING,
                attempts=F("attempts") + 1,
                leased_until=now + LEASE,
                next_try_at=now + LEASE,
            )
        if claimed:
            return OutboundMessage.objects.select_related(*READ_WITH).get(pk=key)


def _settle(message: OutboundMessage, **fields: object) -> bool:
    """Write the fate of a message, unless another process has claimed it since."""
    settled = OutboundMessage.objects.filter(
        pk=message.pk, state=Delivery.SENDING, attempts=message.attempts
    ).update(leased_until=None, **fields)
    if not settled:
        logger.warning("The lease of message %s was lost before its fate was known", message.pk)
    return bool(settled)


def _sent(message: OutboundMessage, *, now: datetime) -> Tried:
    """Record that the server took it: true whoever else may be trying it by now.

    A link or code by which its reader answers, or follows a complaint, is kept no longer: no
    colleague may use it.
    """
    OutboundMessage.objects.filter(pk=message.pk).exclude(state=Delivery.SENT).update(
        state=Delivery.SENT,
        sent_at=now,
        leased_until=None,
        last_error="",
        body=as_kept(message),
    )
    logger.info("Message %s was sent at try %s", message.pk, message.attempts)
    return Tried.SENT


def _try_later(message: OutboundMessage, words: str, *, now: datetime) -> Tried:
    """Put it back for a later try, or give it to a person after the last."""
    if message.attempts > len(WAITS):
        return _give_up(message, words)
    wait = WAITS[message.attempts - 1]
    _settle(message, state=Delivery.QUEUED, next_try_at=now + wait, last_error=words)
    logger.warning("Message %s was not taken, try %s: %s", message.pk, message.attempts, words)
    return Tried.LATER


def _wait_for_server(message: OutboundMessage, words: str, *, now: datetime) -> Tried:
    """Put it back without counting the try: that the server is away is not the message's doing."""
    _settle(
        message,
        state=Delivery.QUEUED,
        attempts=message.attempts - 1,
        next_try_at=now + WAITS[0],
        last_error=words,
    )
    logger.warning("Message %s waits for the mail server: %s", message.pk, words)
    return Tried.NO_SERVER


def _give_up(message: OutboundMessage, words: str) -> Tried:
    """Leave it to a person, who finds it on the page of what could not be delivered.

    They may read it: what opens the page behind its link is kept no longer.
    """
    body = without_secrets(message)
    _settle(message, state=Delivery.UNDELIVERABLE, last_error=words, body=body)
    logger.error("Message %s cannot be delivered: %s", message.pk, words)
    return Tried.UNDELIVERABLE


@transaction.atomic
def _cancel(message: OutboundMessage, reason: str, *, now: datetime) -> Tried:
    """Do not send it after all, and tell those who have to find another way."""
    body = without_secrets(message)
    if _settle(message, state=Delivery.CANCELLED, last_error=reason, body=body):
        OutboundMessage.objects.bulk_create(
            OutboundMessage(
                key=f"unsent:{message.pk}:{message.attempts}:{person.pk}",
                kind="unsent",
                complaint=message.complaint,
                to_user=person,
                to_address=person.email,
                subject=_unsent_subject(message),
                body=_unsent_body(message, reason),
                created_at=now,
                next_try_at=now,
            )
            for person in told_of_unsent(message, today=london_day(now))
        )
    logger.warning("Message %s was cancelled: %s", message.pk, reason)
    return Tried.CANCELLED


def _unsent_subject(message: OutboundMessage) -> str:
    about = f"Complaint {message.complaint.reference}" if message.complaint else "Feedback"
    if restriction_letter_in(message):
        about = "Restriction of contact"
    return f"{about}: an e-mail was not sent"


def _unsent_body(message: OutboundMessage, reason: str) -> str:
    page = message.complaint.get_absolute_url() if message.complaint else "/"
    if letter := restriction_letter_in(message):
        page = letter.get_absolute_url()
    return (
        f"An e-mail that was waiting to be sent has been stopped. {reason} Tell the customer "
        f"another way.\n\n{address_of(page)}\n"
    )


def requeue_message(
    *, message_id: int, by: User, now: datetime, to_address: str = ""
) -> OutboundMessage:
    """Send a message again that could not be delivered, under the same Message-ID.

    `to_address` puts a customer's address right, if that was what was wrong. The record of the
    complaint then keeps both: the one it had, and the one it goes to now.

    :raises NotEntitled: if there is no such message, or it is not theirs to send again.
    :raises ActionNotAllowed: if it is not waiting for this, must not be sent, or the address is
        not one.
    """
    known = OutboundMessage.objects.filter(pk=message_id).values_list("complaint", "to_address")
    complaint_id, before = known.first() or (None, "")
    if complaint_id is None or to_address.strip() in ("", before):
        with transaction.atomic():
            return _requeue(message_id, by=by, now=now, to_address=to_address)
    with recording(
        complaint_id=complaint_id, act=Act.POST_LETTER, by=by, now=now, seen=None
    ) as case:
        message = _requeue(message_id, by=by, now=now, to_address=to_address)
        _note_address(case, message, before)
        return message


def _requeue(message_id: int, *, by: User, now: datetime, to_address: str) -> OutboundMessage:
    message = (
        OutboundMessage.objects.select_for_update(of=("self",))
        .select_related(*READ_WITH)
        .filter(pk=message_id)
        .first()
    )
    if message is None or not may_requeue(message, by):
        raise NotEntitled("There is no such message, or it is not yours to send again.")
    if message.state not in (Delivery.UNDELIVERABLE, Delivery.CANCELLED):
        raise ActionNotAllowed("This message is not waiting to be sent again.")
    if to_address and message.to_user_id is not None:
        # It may carry a link that opens somebody's account.
        raise ActionNotAllowed("A message to a colleague goes to their own address only.")
    if message.kind in LINK_KINDS or GONE in message.body:
        raise ActionNotAllowed("Its link or code has ended. Send a new one instead.")
    message.to_address = to_address.strip() or message.to_address
    try:
        validate_email(message.to_address)
    except ValidationError:
        raise ActionNotAllowed("That is not an e-mail address.") from None
    write_anew(message, now=now)
    if reason := reason_not_to_send(message, now=now):
        raise ActionNotAllowed(f"It cannot be sent. {reason}")
    message.state = Delivery.QUEUED.value
    message.attempts = 0
    message.next_try_at = now
    message.last_error = ""
    message.save(
        update_fields=["to_address", "body", "state", "attempts", "next_try_at", "last_error"]
    )
    logger.info("Message %s is sent again by user %s", message.pk, by.pk)
    return message


def _note_address(case: CaseFile, message: OutboundMessage, before: str) -> None:
    """Keep where an e-mail went before, and where it goes now, as words that can be erased."""
    letter = letter_in(message)
    case.add(
        EventKind.DETAILS_CHANGED,
        facts={
            "sent_elsewhere": letter.event_number if letter else 0,
            "letter_kind": letter.kind if letter else "",
        },
        words={"address_before": before, "address_now": message.to_address},
    )
