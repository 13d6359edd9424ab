"""The e-mail of a letter: the whole of it, or the word that there is one."""

from cases.models import Letter, OutboundMessage
from cases.operations.notices import check_can_be_read, notice, notice_of_question
from cases.operations.record import CaseFile
from cases.operations.tracking import tracking_link, without_link
from cases.rules.languages import LANGUAGES, under_an_email
from cases.rules.letters import FOR_THE_CUSTOMER_ALONE, LetterKind, paragraphs_of, subject_of


def _as_email(letter: Letter) -> str:
    return f"Dear {letter.to_name},\n\n{letter.body}\n\nYours sincerely\n\n{letter.signed}\n"


def _whole(letter: Letter) -> str:
    """Return an e-mail with the whole letter in it."""
    language = LANGUAGES.get(letter.other_language)
    return _as_email(letter) + under_an_email(language, letter.other_text)


def end_of_email(letter: Letter) -> tuple[str, ...]:
    """Return the paragraphs that its e-mail has under a letter, without the secret of a link."""
    if letter.message is None or letter.is_notice:
        return ()
    under = letter.message.body.removeprefix(_whole(letter))
    return tuple(paragraphs_of(without_link(under))) if under != letter.message.body else ()


def notice_of(letter: Letter) -> tuple[str, ...]:
    """Return what its e-mail says instead of a letter, without the secret of a link; or nothing."""
    if letter.message is None or not letter.is_notice:
        return ()
    return tuple(paragraphs_of(without_link(letter.message.body)))


def queue_email(
    case: CaseFile, letter_kind: LetterKind, letter: Letter, *, number: int
) -> OutboundMessage:
    """Queue the e-mail that carries a letter, or says that there is one.

    :raises ActionNotAllowed: if it only says so, and the letter could not be read.
    """
    complaint = case.complaint
    customer = complaint.customer
    is_followed = letter_kind not in FOR_THE_CUSTOMER_ALONE
    if letter.is_notice:
        if is_followed:
            check_can_be_read(complaint, now=case.now)
        body = (
            notice(
                complaint, to=customer.email, to_name=letter.to_name, reader=customer, now=case.now
            )
            if is_followed
            else notice_of_question(complaint)
        )
    else:
        body = _whole(letter)
        body += tracking_link(complaint, to=customer.email, now=case.now) if is_followed else ""
    return OutboundMessage.objects.create(
        key=f"letter:{complaint.reference}:{number}:{letter_kind.value}",
        kind=f"letter_{letter_kind.value}",
        complaint=complaint,
        to_address=customer.email,
        subject=subject_of(complaint.reference, sender=letter.sender, is_notice=letter.is_notice),
        body=body,
        created_at=case.now,
        next_try_at=case.now,
    )
