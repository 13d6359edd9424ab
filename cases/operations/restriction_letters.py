"""Writing to a customer about a restriction of their contact, and posting what is on paper."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import (
    Landlord,
    OutboundMessage,
    OutsideBodyDetails,
    RestrictionLetter,
    RestrictionRecord,
    User,
)
from cases.operations.documents import letterhead, make_letter
from cases.operations.letters import how_to_reach, in_english_alone, sender_lines, signature
from cases.operations.ways import ways_to_write
from cases.rules.blocks import blocks_of
from cases.rules.customers import LetterFormat
from cases.rules.languages import language_needed
from cases.rules.papers import Sheet
from cases.rules.periods import london_day
from cases.rules.procedure_words import in_a_row
from cases.rules.restriction_letters import (
    ENDING,
    RestrictionFacts,
    letter_paragraphs,
    what_is_missing,
)
from cases.rules.restrictions import RestrictionStep

HEADING = "How you can reach us"


def write_about(record: RestrictionRecord, *, by: User, now: datetime) -> RestrictionLetter | None:
    """Write to the customer what was done about a restriction, in the transaction that did it.

    By the best way that is safe for them, one that is left open before one that it closes; nothing
    where no safe way to write to them is known.

    :raises ActionNotAllowed: if the letter would lack something that it must say.
    """
    restriction = record.restriction
    customer = restriction.customer
    ways = ways_to_write(customer)
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
    signed = "\n".join(signature(by, landlord))
    number = restriction.letters.count() + 1
    message = None
    if ways[0] == "email":
        message = OutboundMessage.objects.create(
            key=f"restriction-letter:{restriction.code}:{number}",
            kind="restriction_letter",
            to_address=customer.email,
            subject=HEADING,
            body=f"Dear {customer.name},\n\n{body}\n\n{ENDING}\n\n{signed}\n",
            created_at=now,
            next_try_at=now,
        )
    return RestrictionLetter.objects.create(
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


def restriction_letter_document(
    letter: RestrictionLetter, letter_format: LetterFormat
) -> tuple[bytes, str, str]:
    """Return a letter in a format, what kind of file it is, and its name.

    Nobody writes these letters in easy read; they are made in standard print then.

    :raises NotMade: if this machine cannot make it, or not of these words.
    """
    made_in = letter_format
    if made_in is LetterFormat.EASY_READ:
        made_in = LetterFormat.STANDARD
    sheet = Sheet(
        reference=letter.restriction.code,
        title=HEADING,
        author=letter.sender.partition("\n")[0],
        day=f"{london_day(letter.issued_at):%-d %B %Y}",
        sender=letter.sender.splitlines(),
        to=[letter.to_name, *letter.to_address.splitlines()],
        greeting=f"Dear {letter.to_name},",
        blocks=blocks_of(letter.body),
        ending=ENDING,
        signed=letter.signed.splitlines(),
    )
    content, media_type, ending = make_letter(
        sheet, made_in, at=letter.issued_at, logo=letterhead(made_in)
    )
    return content, media_type, f"restriction {letter.number} {made_in.value}.{ending}"


@transaction.atomic
def mark_restriction_letter_posted(*, letter_id: int, by: User, now: datetime) -> RestrictionLetter:
    """Record that a letter on paper went to the post today.

    :raises ActionNotAllowed: if it does not wait to be posted.
    """
    letter = RestrictionLetter.objects.select_for_update(of=("self",)).get(pk=letter_id)
    if not letter.is_to_post:
        raise ActionNotAllowed("This letter is not waiting to be posted.")
    letter.posted_on, letter.posted_by = london_day(now), by
    letter.save(update_fields=["posted_on", "posted_by"])
    return letter
