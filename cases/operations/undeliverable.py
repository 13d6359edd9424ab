"""Messages that could not be delivered, as operators deal with them: unread, as they were."""

import logging
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import Delivery, OutboundMessage, Thing, User
from cases.operations.notices import write_anew
from cases.operations.passwords import LINK_KINDS
from cases.operations.settings_changes import moved, note_change
from cases.rules.roles import Role
from cases.selectors.messages import READ_WITH, reason_not_to_send, restriction_letter_in

logger = logging.getLogger(__name__)


@transaction.atomic
def send_again(*, message_id: int, by: User, now: datetime) -> OutboundMessage:
    """Queue an undeliverable message once more, to the same address.

    To another address only somebody who may read it sends it again (`requeue`). No refusal says
    for whom it is, or about what.

    :raises NotEntitled: if somebody is no system administrator.
    :raises ActionNotAllowed: if it is not undeliverable any more, must not be sent, or carries a
        link that has ended.
    """
    message = _locked(message_id, by)
    if message.kind in LINK_KINDS:
        raise ActionNotAllowed(
            "Its link has ended. Send a new invitation from the person’s own page."
        )
    try:
        write_anew(message, now=now)
    except ActionNotAllowed:
        # The reason may name the customer, and says how their complaint is kept.
        raise ActionNotAllowed(
            "It says only that there is a letter, and cannot be sent again as it stands: whoever "
            "deals with the complaint sends the letter another way."
        ) from None
    if reason := reason_not_to_send(message, now=now):
        raise ActionNotAllowed(f"It cannot be sent. {reason}")
    message.state = Delivery.QUEUED.value
    message.attempts = 0
    message.next_try_at = now
    message.last_error = ""
    message.save(update_fields=["body", "state", "attempts", "next_try_at", "last_error"])
    _note(message, "Queued again", by=by, now=now)
    return message


@transaction.atomic
def cancel_message(*, message_id: int, by: User, now: datetime) -> OutboundMessage:
    """Give an undeliverable message up.

    :raises NotEntitled: if somebody is no system administrator.
    :raises ActionNotAllowed: if it is not undeliverable any more, or is for a customer about a
        complaint or a restriction of contact: those who deal with that find another way first.
    """
    message = _locked(message_id, by)
    if message.complaint_id is not None and message.to_user_id is None:
        raise ActionNotAllowed(
            "It is for a customer: whoever deals with the complaint sends it another way first."
        )
    if restriction_letter_in(message):
        raise ActionNotAllowed(
            "It is for a customer: whoever deals with the restriction of their contact tells them "
            "another way first."
        )
    message.state = Delivery.CANCELLED.value
    message.last_error = "Given up by an administrator."
    message.save(update_fields=["state", "last_error"])
    _note(message, "Given up", by=by, now=now)
    return message


def _locked(message_id: int, by: User) -> OutboundMessage:
    if not by.has_role(Role.SYSTEM_ADMINISTRATOR):
        raise NotEntitled("This is for system administrators to do.")
    message = (
        OutboundMessage.objects.select_for_update(of=("self",))
        .select_related(*READ_WITH)
        .filter(pk=message_id)
        .first()
    )
    if message is None or message.state != Delivery.UNDELIVERABLE:
        raise ActionNotAllowed("This message does not wait to be sent again any more.")
    return message


def _note(message: OutboundMessage, act: str, *, by: User, now: datetime) -> None:
    note_change(
        thing=Thing.MESSAGE,
        act=act,
        by=by,
        now=now,
        key=str(message.pk),
        name=f"Message {message.pk}, {message.kind.replace('-', ' ')}",
        changes=moved("State", Delivery.UNDELIVERABLE.label, Delivery(message.state).label),
    )
    logger.info("Message %s: %s by user %s", message.pk, act.lower(), by.pk)
