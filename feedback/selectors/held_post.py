"""What was sent of somebody's complaint, what came in, and its files, as far as it is theirs."""

from collections.abc import Iterator

from cases.models import (
    Dispatch,
    InboundMail,
    Letter,
    MailFile,
    OutboundMessage,
    StoredFile,
)
from cases.rules.dispatches import DispatchKind
from cases.rules.letters import STOPPED
from cases.rules.tracking import without_code
from cases.selectors.message_secrets import without_secrets
from feedback.models import FormFile
from feedback.rules.held import (
    AMONG_COLLEAGUES,
    CANNOT_BE_OPENED,
    NOT_KNOWN_WHOSE,
    ONCE_THEIRS,
    SOMEBODY_ELSES,
    Held,
    fields_of,
    last_digits,
)
from feedback.selectors.held_case import Theirs


def letters(case: Theirs) -> Iterator[Held]:
    """Yield the letters."""
    rows = Letter.objects.filter(complaint=case.complaint).select_related("original")
    for each in rows.order_by("pk"):
        fields = fields_of(
            to=each.to_name,
            address=each.to_address,
            subject=each.subject,
            words=each.body,
            easy_read=each.easy_read,
            in_another_language=each.other_text,
        )
        title = f"Letter: {each.kind.replace('_', ' ')}"
        if each.channel == STOPPED:
            yield case.held(f"{title} (never sent)", AMONG_COLLEAGUES, fields=fields)
        elif _is_to(each, case):
            yield case.own(title, on=each.issued_at, fields=fields)
        else:
            yield case.held(title, SOMEBODY_ELSES, on=each.issued_at, fields=fields)


def _is_to(letter: Letter, case: Theirs) -> bool:
    if letter.to_speaker_id is not None:
        return False
    return (letter.to_customer_id or case.complaint.customer_id) == case.person.pk


def messages(case: Theirs) -> Iterator[Held]:
    """Yield e-mails and texts. Of what went to others the words are not repeated: links open."""
    sent = OutboundMessage.objects.filter(complaint=case.complaint, letter__isnull=True)
    for each in sent.order_by("pk"):
        if each.to_user_id is not None:
            yield case.held(
                "E-mail to a colleague",
                AMONG_COLLEAGUES,
                on=each.created_at,
                fields=fields_of(subject=each.subject),
            )
        elif case.addresses.are_theirs(each.to_address):
            yield case.own("E-mail to them", on=each.created_at, fields=words_sent(each))
        elif case.addresses.were_theirs(each.to_address):
            title, fields = "E-mail to an address they had before", words_sent(each)
            yield case.own(title, ONCE_THEIRS, on=each.created_at, fields=fields)
        else:
            yield case.held(
                "E-mail to somebody else",
                SOMEBODY_ELSES,
                on=each.created_at,
                fields=fields_of(subject=each.subject),
            )
    yield from _texts(case)


def words_sent(message: OutboundMessage) -> tuple[tuple[str, str], ...]:
    """Return the words of an e-mail without what opens a page, also while it waits to go."""
    words = without_code(without_secrets(message))
    return fields_of(to=message.to_address, subject=message.subject, words=words)


def _texts(case: Theirs) -> Iterator[Held]:
    texts = Dispatch.objects.filter(complaint=case.complaint, kind=DispatchKind.TEXT.value)
    own = last_digits(case.person.phone)
    for text in texts.order_by("pk"):
        fields = fields_of(to=text.to_phone, words=without_code(text.words))
        if own and last_digits(text.to_phone) == own:
            yield case.own("Text message to them", on=text.created_at, fields=fields)
        else:
            yield case.held("Text message", SOMEBODY_ELSES, on=text.created_at, fields=fields)


def mails(case: Theirs) -> Iterator[Held]:
    """Yield the e-mails that came, and apart from each why a colleague moved it."""
    rows = InboundMail.objects.filter(complaint=case.complaint).order_by("received_at", "pk")
    for each in rows:
        fields, on = words_of(each), each.received_at
        if case.addresses.are_theirs(each.sender):
            yield case.sent("E-mail from them", on=on, fields=fields)
        elif case.addresses.were_theirs(each.sender):
            title = "E-mail from an address they had before"
            yield case.own(title, ONCE_THEIRS, on=on, fields=fields)
        else:
            yield case.held("E-mail from somebody else", SOMEBODY_ELSES, on=on, fields=fields)
        yield from why_so(each, case.section, *case.closed)


def words_of(mail: InboundMail) -> tuple[tuple[str, str], ...]:
    """Return the words of an e-mail that came."""
    return fields_of(sender=mail.sender_words, subject=mail.subject, words=mail.text)


def why_so(mail: InboundMail, section: str, *because: str) -> Iterator[Held]:
    """Yield why a colleague put an e-mail where it is, if that was said."""
    if mail.reason:
        told = fields_of(subject=mail.subject, why=mail.reason)
        title = "Why their e-mail was put where it is"
        yield Held(section, title, mail.decided_at, told, because=(AMONG_COLLEAGUES, *because))


def files(case: Theirs) -> Iterator[Held]:
    """Yield the files; what was made here of the words that stand above is not repeated."""
    sent, written = _from_them(case), _letters_to_them(case)
    for each in StoredFile.objects.filter(complaint=case.complaint).order_by("pk"):
        because = [] if each.pk in sent | written else [NOT_KNOWN_WHOSE]
        because += [] if each.pk in sent else case.closed
        yield held_file(each, case.section, *because)


def held_file(file: StoredFile, section: str, *because: str) -> Held:
    """Return a file."""
    key = file.key if file.may_be_opened else ""
    reasons = because if key else (*because, CANNOT_BE_OPENED)
    return Held(section, f"File: {file.name}", file.stored_at, file=key, because=reasons)


def _from_them(case: Theirs) -> set[int]:
    """Return the files that came with their own form or e-mail."""
    found: set[int] = set()
    if not case.is_joint:
        forms = FormFile.objects.filter(submission__complaint=case.complaint)
        found.update(forms.values_list("file", flat=True))
    mailed = MailFile.objects.filter(mail__complaint=case.complaint)
    for key, sender in mailed.values_list("file", "mail__sender"):
        if case.addresses.are_theirs(sender):
            found.add(key)
    return found


def _letters_to_them(case: Theirs) -> set[int]:
    rows = Letter.objects.filter(complaint=case.complaint, original__isnull=False)
    return {each.original_id or 0 for each in rows if _is_to(each, case)}
