"""Writing to a customer about a restriction of their contact, and what becomes of the letter."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    RESTRICTION_LETTER,
    TOLD_OTHERWISE,
    Customer,
    Delivery,
    Landlord,
    OutboundMessage,
    OutsideBodyDetails,
    RestrictionLetter,
    RestrictionRecord,
    User,
)
from cases.operations.letterheads import how_to_reach, in_english_alone, sender_lines, signature
from cases.operations.messages import requeue_message
from cases.operations.posting import NOT_DELIVERED
from cases.operations.ways import channel_refusal, ways_to_write
from cases.rules.customers import LetterFormat
from cases.rules.languages import language_needed
from cases.rules.pages import CHANGERS, Page
from cases.rules.periods import london_day
from cases.rules.procedure_words import in_a_row
from cases.rules.restriction_letters import (
    ENDING,
    HEADING,
    NOT_EASY,
    NOTE_OF_EASY_READ,
    RestrictionFacts,
    letter_paragraphs,
    note_of_closed_way,
    what_is_missing,
)
from cases.rules.restrictions import RestrictionStep
from cases.selectors.restrictions import closed_ways, restrictions_known_to


def write_about(record: RestrictionRecord, *, by: User, now: datetime) -> RestrictionLetter | None:
    """Write to the customer what was done about a restriction, in the transaction that did it.

    By the best way that is safe for them, one that is left open before one that it closes; nothing
    where no safe way to write to them is known. What is not as they need it, or as the restriction
    has it, is noted in the record.

    :raises ActionNotAllowed: if the letter would lack something that it must say.
    """
    restriction = record.restriction
    customer = restriction.customer
    ways = _ways(customer)
    if not ways:
        return None
    landlord = Landlord.objects.first()
    bodies = OutsideBodyDetails.objects.all_on(london_day(now))
    facts = RestrictionFacts(
        step=RestrictionStep(record.step),
        closed=restriction.ways_closed,
        limits=restriction.limits,
        usable=customer.usable_ways,
        why=record.words,
        starts_on=restriction.starts_on or london_day(now),
        review_on=restriction.review_on,
        reach=how_to_reach(landlord),
        outside=bodies["ombudsman"].lines if "ombudsman" in bodies else (),
    )
    if lacking := what_is_missing(facts):
        raise ActionNotAllowed(
            f"The letter to the customer cannot go like this. Missing: {in_a_row(lacking)}."
        )
    body = "\n\n".join(letter_paragraphs(facts))
    body += in_english_alone(language_needed(customer.language), landlord)
    needs_easy_read = customer.letter_format == LetterFormat.EASY_READ
    body += f"\n\n{NOT_EASY}" if needs_easy_read else ""
    signed = "\n".join(signature(by, landlord))
    number = restriction.letters.count() + 1
    message = None
    if ways[0] == "email":
        message = OutboundMessage.objects.create(
            key=f"restriction-letter:{restriction.code}:{number}",
            kind=RESTRICTION_LETTER,
            to_address=customer.email,
            subject=HEADING,
            body=f"Dear {customer.name},\n\n{body}\n\n{ENDING}\n\n{signed}\n",
            created_at=now,
            next_try_at=now,
        )
    letter = RestrictionLetter.objects.create(
        restriction=restriction,
        number=number,
        record=record,
        channel=ways[0],
        to_name=customer.name,
        to_address="\n".join(customer.address_lines),
        letter_format=customer.letter_format,
        body=body,
        sender="\n".join(sender_lines(landlord)),
        signed=signed,
        issued_at=now,
        issued_by=by,
        message=message,
    )
    noted = [note_of_closed_way(ways[0])] if ways[0] in closed_ways(customer) else []
    noted += [NOTE_OF_EASY_READ] if needs_easy_read else []
    if noted:
        _note(letter, RestrictionStep.NOTED, " ".join(noted), by=by, now=now)
    return letter


def _ways(customer: Customer) -> list[str]:
    """Return the safe ways to write to a customer, the best first.

    Its e-mail has the whole letter in it, as it belongs to no complaint and is read on no page: it
    goes on paper where that is open, unless they asked for whole letters by e-mail.
    """
    ways = ways_to_write(customer)
    if not customer.letters_by_email and "post" in ways and "post" not in closed_ways(customer):
        return ["post", *(way for way in ways if way != "post")]
    return ways


# What becomes of it ----------------------------------------------------------------------------


@transaction.atomic
def mark_restriction_letter_posted(*, letter_id: int, by: User, now: datetime) -> RestrictionLetter:
    """Record that a letter on paper went to the post today.

    :raises NotEntitled: if it is not theirs to deal with.
    :raises ActionNotAllowed: if it does not wait to be posted, or post is not safe any more.
    """
    letter = _locked(letter_id, by)
    if not letter.is_to_post:
        raise ActionNotAllowed("This letter is not waiting to be posted.")
    if letter.is_unsafe:
        raise ActionNotAllowed(channel_refusal(letter.restriction.customer, "post"))
    letter.posted_on, letter.posted_by = london_day(now), by
    letter.save(update_fields=["posted_on", "posted_by"])
    _note(letter, RestrictionStep.POSTED, letter.title, by=by, now=now)
    return letter


@transaction.atomic
def send_restriction_letter_again(*, letter_id: int, by: User, now: datetime) -> RestrictionLetter:
    """Send an e-mail again that did not arrive, to the address that the customer has now.

    :raises NotEntitled: if it is not theirs to deal with.
    :raises ActionNotAllowed: if it is not waiting for this, or must not be sent.
    """
    letter = _locked(letter_id, by)
    if letter.message_id is None or not letter.has_failed:
        raise ActionNotAllowed("This e-mail is not waiting to be sent again.")
    address = letter.restriction.customer.email
    requeue_message(message_id=letter.message_id, by=by, now=now, to_address=address)
    _note(letter, RestrictionStep.SENT_AGAIN, letter.title, by=by, now=now)
    return letter


@transaction.atomic
def post_restriction_letter_instead(
    *, letter_id: int, by: User, now: datetime
) -> RestrictionLetter:
    """Turn an e-mail that did not arrive into a letter to print and post, to today's address.

    :raises NotEntitled: if it is not theirs to deal with.
    :raises ActionNotAllowed: if it is not waiting for another way, or post is not safe.
    """
    letter = _locked(letter_id, by)
    customer = letter.restriction.customer
    if refusal := channel_refusal(customer, "post"):
        raise ActionNotAllowed(f"{refusal} Tell them another way.")
    _stop_email(letter, "Sent by post instead.")
    letter.channel, letter.to_address = "post", "\n".join(customer.address_lines)
    letter.save(update_fields=["channel", "to_address"])
    closed = [note_of_closed_way("post")] if "post" in closed_ways(customer) else []
    words = " ".join([f"{letter.title}.", *closed])
    _note(letter, RestrictionStep.BY_POST, words, by=by, now=now)
    return letter


@transaction.atomic
def told_otherwise(*, letter_id: int, by: User, now: datetime) -> RestrictionLetter:
    """Record that the customer was told another way, where the letter cannot reach them.

    :raises NotEntitled: if it is not theirs to deal with.
    :raises ActionNotAllowed: if it went, or can still go, as it is.
    """
    letter = _locked(letter_id, by)
    if letter.channel == "email":
        _stop_email(letter, "Told another way.")
    elif not letter.is_to_post or not letter.is_unsafe:
        raise ActionNotAllowed("This letter is not waiting for another way.")
    letter.channel = TOLD_OTHERWISE
    letter.save(update_fields=["channel"])
    _note(letter, RestrictionStep.TOLD, letter.title, by=by, now=now)
    return letter


def _locked(letter_id: int, by: User) -> RestrictionLetter:
    letters = RestrictionLetter.objects.select_related(
        "restriction__customer", "record", "message"
    ).select_for_update(of=("self",))
    known = restrictions_known_to(by).values("pk")
    letter = letters.filter(pk=letter_id, restriction__in=known).first()
    if letter is None or not by.has_role(*CHANGERS[Page.RESTRICTIONS]):
        raise NotEntitled("There is no such letter, or it is not yours to deal with.")
    return letter


def _stop_email(letter: RestrictionLetter, words: str) -> None:
    """Cancel its e-mail; whoever sends it again at this moment wins, or finds it cancelled.

    :raises ActionNotAllowed: if it is not waiting for another way.
    """
    is_stopped = False
    if letter.channel == "email" and letter.message is not None:
        waiting = OutboundMessage.objects.filter(pk=letter.message.pk, state__in=NOT_DELIVERED)
        is_stopped = bool(waiting.update(state=Delivery.CANCELLED.value, last_error=words))
    if not is_stopped:
        raise ActionNotAllowed("This e-mail is not waiting for another way.")


def _note(
    letter: RestrictionLetter, step: RestrictionStep, words: str, *, by: User, now: datetime
) -> None:
    RestrictionRecord.objects.create(
        restriction=letter.restriction, step=step.value, at=now, by=by, words=words
    )
