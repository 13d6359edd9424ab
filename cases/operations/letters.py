"""Letters: made in the transaction of the act that they tell of, on paper or as an e-mail."""

from typing import Unpack

from django.db.models import Q

from cases.errors import LetterIncomplete, WrongDate
from cases.models import Delivery, Landlord, Letter, OutboundMessage
from cases.operations.approval_gate import check_approved, note_that_it_went
from cases.operations.in_writing import is_kept_alone
from cases.operations.letter_contents import Told, facts_of
from cases.operations.letter_copies import beyond_stopping, send_copies
from cases.operations.letter_emails import queue_email
from cases.operations.letter_tongues import followed_there, in_other_language
from cases.operations.letterheads import in_english_alone, sender_lines, signature
from cases.operations.letters_elsewhere import keep_letter_elsewhere
from cases.operations.notices import is_notice
from cases.operations.promising import add_promises
from cases.operations.record import CaseFile
from cases.operations.telling import (
    Telling,
    check_channel,
    check_promises,
    format_of,
    note_closed_way,
    note_format,
    note_language,
)
from cases.operations.tracking import how_to_follow
from cases.rules.customers import LetterFormat
from cases.rules.letter_approvals import is_demanded
from cases.rules.letters import (
    STOPPED,
    WITHOUT_COPIES,
    LetterFacts,
    LetterKind,
    letter_paragraphs,
    what_is_missing,
)
from cases.rules.procedure_words import in_a_row
from cases.selectors.message_secrets import without_secrets

PAPERS_ON_THE_WEB = (
    "You can read the papers and save them on the page on which you follow your complaint; the "
    "link below leads there. If you would rather have them on paper, please tell us."
)


def issue_letter(
    case: CaseFile,
    kind: LetterKind,
    telling: Telling,
    *,
    event_number: int,
    heard_in: tuple[str, int] | None = None,
    **told: Unpack[Told],
) -> Letter | None:
    """Make the letter that tells of an act, after its event was added; none if told by word.

    What turns the customer away is never told by word alone: where nobody can write to them, the
    letter is made and kept. One that was written elsewhere is kept with its copy, once its writer
    vouches for its parts.

    An e-mail is queued with it; a letter on paper goes to the list of letters to print and post.
    Those who complain too, and a representative who may have it, get one each.
    `heard_in` is the stage and visit it tells of, when its event sent the complaint elsewhere.

    :raises ActionNotAllowed: if that way is not safe for the customer, or lacks an address, or the
        letter is not in the format that they need and nobody says why.
    :raises WrongDate: if the act is said to have happened before today, when the letter goes.
    :raises LetterIncomplete: if the letter lacks a part that it must have.
    :raises ApprovalNeeded: if letters of its kind need a second person, who has not approved it.
    :raises ReasonMissing: if it turns away somebody who cannot be written to, and nobody says why.
    """
    _check_way(case, kind, telling, event_number)
    if _is_told_by_word(case, kind, telling, event_number):
        return None
    _check_goes_today(case, telling, event_number)
    letter_format = format_of(case.complaint.customer, telling)
    note_format(case, telling, letter_format)
    landlord = Landlord.objects.first()
    facts, template = facts_of(case, kind, telling, told, heard_in=heard_in, landlord=landlord)
    letter = _in_english(case, facts, telling, letter_format, landlord)
    letter.event_number = event_number
    letter.template = template
    _check_whole(letter, facts, telling)
    _add_the_other_language(case, letter, facts, telling, landlord)
    if telling.is_elsewhere:
        return keep_letter_elsewhere(
            case,
            letter,
            facts,
            copy=telling.copy,
            contains=(*telling.contains, *telling.says),
            landlord=landlord,
        )
    _send(case, letter, kind, telling, landlord)
    return letter


def _check_way(case: CaseFile, kind: LetterKind, telling: Telling, event_number: int) -> None:
    """Look at the way and at what is promised with the letter, and keep both in the record.

    :raises ActionNotAllowed: if that way is not safe for the customer, or lacks an address.
    """
    customer = case.complaint.customer
    check_channel(customer, telling.channel, closed_because=telling.closed_because)
    check_promises(kind, telling)
    add_promises(case, telling.promises, on=case.day_of(event_number))
    note_closed_way(case, telling, event_number)


def _check_goes_today(case: CaseFile, telling: Telling, event_number: int) -> None:
    """Refuse a letter made here for an act of another day.

    :raises WrongDate: if the act is said to have happened before today, when the letter goes.
    """
    if telling.makes_letter and case.day_of(event_number) != case.today:
        raise WrongDate(
            "A letter or e-mail made here goes out today, so it cannot have happened before. Give "
            "today as the day, or say that it was told in another way."
        )


def _check_whole(letter: Letter, facts: LetterFacts, telling: Telling) -> None:
    """Refuse a letter made here that lacks something; of others the writer vouches for each part.

    :raises LetterIncomplete: if it lacks a part that it must have.
    """
    if not telling.is_elsewhere and (lacking := what_is_missing(facts)):
        raise LetterIncomplete(
            f"The letter cannot go like this. Missing: {in_a_row(lacking)}.", letter, lacking
        )


def _add_the_other_language(
    case: CaseFile,
    letter: Letter,
    facts: LetterFacts,
    telling: Telling,
    landlord: Landlord | None,
) -> None:
    """Add the letter in the customer's language, or the line that it is in English alone."""
    other = in_other_language(case, facts, telling, LetterFormat(letter.letter_format), landlord)
    letter.other_language = other.language.tag if other.language else ""
    letter.other_text = other.text + followed_there(facts.kind, telling, landlord, other)
    letter.other_template = other.template
    letter.body += in_english_alone(note_language(case, telling, other.language), landlord)


def _send(
    case: CaseFile, letter: Letter, kind: LetterKind, telling: Telling, landlord: Landlord | None
) -> None:
    """Keep the letter, queue its e-mail if it goes by one, and make the copies for others.

    :raises ApprovalNeeded: if letters of its kind need a second person, who has not approved it.
    """
    demanded = is_demanded(letter.kind, case.state, case.terms)
    approval = check_approved(letter, landlord, is_demanded=demanded)
    if telling.channel == "email":
        letter.message = queue_email(case, kind, letter, number=letter.event_number)
    letter.save(force_insert=True)
    note_that_it_went(letter, approval)
    if kind not in WITHOUT_COPIES:
        send_copies(
            case,
            letter,
            closed_because=telling.closed_because,
            easy_read=telling.easy_read,
            format_because=telling.format_because,
            language_because=telling.language_because,
            landlord=landlord,
        )


def _is_told_by_word(case: CaseFile, kind: LetterKind, telling: Telling, event_number: int) -> bool:
    """Say whether the customer is told by word alone, and no letter is made.

    Papers that were made elsewhere are told of in words.

    :raises ActionNotAllowed: if it turns them away and they can be written to.
    :raises ReasonMissing: if they cannot, and nobody says why.
    """
    if telling.is_elsewhere:
        return kind is LetterKind.PAPERS
    because = telling.unwritten_because
    return not telling.is_written and not is_kept_alone(
        case, kind, telling.channel, because=because, event_number=event_number
    )


def _in_english(
    case: CaseFile,
    facts: LetterFacts,
    telling: Telling,
    letter_format: LetterFormat,
    landlord: Landlord | None,
) -> Letter:
    """Return the letter with what stands in it and around it, not kept yet."""
    complaint, customer, kind = case.complaint, case.complaint.customer, facts.kind
    return Letter(
        complaint=complaint,
        kind=kind.value,
        to_name=customer.name,
        to_address="\n".join(customer.address_lines),
        letter_format=letter_format.value,
        easy_read=telling.easy_read if letter_format is LetterFormat.EASY_READ else "",
        channel=telling.channel,
        subject=kind.heading.format(reference=complaint.reference),
        body="\n\n".join(letter_paragraphs(facts)) + _how_to_follow(kind, telling, landlord),
        sender="\n".join(sender_lines(landlord)),
        signed="\n".join(signature(case.by, landlord)),
        issued_at=case.now,
        issued_by=case.by,
        is_to_make=not telling.is_elsewhere,
        is_notice=telling.channel == "email" and is_notice(complaint, customer),
        encloses_policy=telling.makes_letter and facts.must_enclose_policy,
    )


def _how_to_follow(kind: LetterKind, telling: Telling, landlord: Landlord | None) -> str:
    """Return what the first letter on paper says of following the complaint on the web.

    The e-mail that brings papers says that they are read there.
    """
    if kind is LetterKind.PAPERS and telling.channel == "email":
        return f"\n\n{PAPERS_ON_THE_WEB}"
    if kind is not LetterKind.ACKNOWLEDGEMENT or telling.channel != "post":
        return ""
    return f"\n\n{how_to_follow(landlord.telephone if landlord else '')}"


def stop_letters(case: CaseFile, *, event_number: int | None = None) -> None:
    """Let what was written, and has not gone yet, not go: of one event, or of all.

    What was told by word with the letter kept, or written elsewhere, went already.
    Three queries and one for each letter stopped. What is being sent at this moment still goes,
    and so does what the provider has.
    """
    letters = Letter.objects.filter(complaint=case.complaint, channel__in=["email", "post"])
    if event_number is not None:
        of_it = Q(event_number=event_number) | Q(copy_of__event_number=event_number)
        letters = letters.filter(of_it)
    waiting_ones = list(letters.filter(posted_on__isnull=True).select_related("message"))
    gone = beyond_stopping(waiting_ones)
    for letter in waiting_ones:
        if letter.pk in gone:
            continue
        if letter.message is not None:
            waiting = OutboundMessage.objects.filter(
                pk=letter.message.pk, state__in=[Delivery.QUEUED, Delivery.UNDELIVERABLE]
            )
            body = without_secrets(letter.message)
            if not waiting.update(state=Delivery.CANCELLED, body=body):
                continue
        letter.channel = STOPPED
        letter.save(update_fields=["channel"])
