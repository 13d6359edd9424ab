"""Letters on their way by post: several recorded as posted, and e-mails that go by post instead."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ComplaintError, NotEntitled
from cases.models import Delivery, Letter, OutboundMessage, User
from cases.operations.letters_posted import mark_posted
from cases.operations.record import recording
from cases.operations.ways import reaches_unsafely, way_refusal
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.selectors.messages import may_requeue

logger = logging.getLogger(__name__)

MOST_AT_ONCE = 100
NOT_DELIVERED = (Delivery.UNDELIVERABLE.value, Delivery.CANCELLED.value)


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one letter: posted, or why not."""

    letter_id: int
    refusal: str = ""


def post_each(letter_ids: Iterable[int], *, by: User, now: datetime, on: date) -> list[Posted]:
    """Record that letters went to the post on a day; one that is refused does not stop the others.

    :raises ActionNotAllowed: if there are more than MOST_AT_ONCE; nothing is recorded then.
    """
    letters = list(letter_ids)
    if len(letters) > MOST_AT_ONCE:
        raise ActionNotAllowed(f"Record at most {MOST_AT_ONCE} letters at once.")
    return [_posted(each, by=by, now=now, on=on) for each in letters]


def _posted(letter_id: int, *, by: User, now: datetime, on: date) -> Posted:
    try:
        mark_posted(letter_id=letter_id, by=by, now=now, on=on)
    except ComplaintError as refusal:
        return Posted(letter_id, str(refusal))
    return Posted(letter_id)


def send_by_post(*, letter_id: int, by: User, now: datetime) -> Letter:
    """Turn an e-mail that did not arrive into a letter to print and post, to today's address.

    The record tells that it goes by post: the customer has it, and the time to go further begins,
    later than by e-mail.

    :raises ActionNotAllowed: if the e-mail is not waiting for another way, or nothing may or can
        be sent to this customer by post.
    """
    complaint_id = Letter.objects.values_list("complaint_id", flat=True).get(pk=letter_id)
    with recording(
        complaint_id=complaint_id, act=Act.POST_LETTER, by=by, now=now, seen=None
    ) as case:
        letter = Letter.objects.get(pk=letter_id)
        if refusal := why_not_by_post(letter):
            raise ActionNotAllowed(f"{refusal} Choose another way to reach them.")
        if letter.channel != "email" or not _stop_email(letter):
            raise ActionNotAllowed("This e-mail is not waiting for another way.")
        case.add(
            EventKind.CORRECTED,
            facts={"target": letter.event_number, "changes": {"channel": "post"}},
        )
        letter.channel = "post"
        letter.to_name = letter.to_speaker.name if letter.to_speaker else letter.reader.name
        letter.to_address = (
            letter.to_speaker.address
            if letter.to_speaker
            else "\n".join(letter.reader.address_lines)
        )
        letter.save(update_fields=["channel", "to_name", "to_address"])
    return letter


def why_not_by_post(letter: Letter) -> str:
    """Return why a letter cannot go by post instead, or nothing."""
    speaker = letter.to_speaker
    if speaker is None:
        return way_refusal(letter.reader, "post")
    if not speaker.address:
        return "There is no postal address for them."
    people = [letter.complaint.customer]
    if reaches_unsafely(people, "post", email="", address=speaker.address):
        return "Not safe: the customer asked us not to write by post to that address."
    return ""


def _stop_email(letter: Letter) -> bool:
    """Cancel the e-mail; whoever sends it again at this moment wins, or finds it cancelled."""
    waiting = OutboundMessage.objects.filter(letter=letter, state__in=NOT_DELIVERED)
    return bool(waiting.update(state=Delivery.CANCELLED.value, last_error="Sent by post instead."))


@transaction.atomic
def reached_otherwise(*, message_id: int, by: User, now: datetime) -> OutboundMessage:
    """Set an e-mail aside that did not arrive, because the customer was reached another way.

    :raises NotEntitled: if there is no such message, or it is not theirs to deal with.
    :raises ActionNotAllowed: if it carries a letter, which goes by post instead, or is not waiting.
    """
    message = OutboundMessage.objects.select_related("complaint").filter(pk=message_id).first()
    is_theirs = message is not None and message.complaint_id is not None
    if message is None or not is_theirs or not may_requeue(message, by):
        raise NotEntitled("There is no such message, or it is not yours to deal with.")
    if Letter.objects.filter(message=message).exists():
        raise ActionNotAllowed("It is a letter to the customer: send it again or by post.")
    words = f"Reached another way, said user {by.pk}."
    waiting = OutboundMessage.objects.filter(
        pk=message_id, state=Delivery.UNDELIVERABLE.value, to_user__isnull=True
    )
    if not waiting.update(state=Delivery.CANCELLED.value, last_error=words):
        raise ActionNotAllowed("This message is not waiting any more.")
    logger.info("Message %s is set aside by user %s at %s", message_id, by.pk, now)
    message.refresh_from_db()
    return message
