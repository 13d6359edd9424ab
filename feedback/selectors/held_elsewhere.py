"""E-mails and forms that are of no complaint, found by the e-mail address of somebody."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast, Lower

from cases.models import Customer, InboundMail, Level, OutboundMessage, RestrictionLetter, User
from cases.rules.roles import Role
from cases.rules.tracking import RECEIPT_MESSAGE
from feedback.models import Remark, RemarkLetter, Submission
from feedback.rules.held import (
    BY_ADDRESS,
    NOT_KNOWN_WHOSE,
    ONCE_THEIRS,
    RESTRICTED,
    Addresses,
    Held,
)
from feedback.selectors.held_complaints import form_as_sent, how_judged
from feedback.selectors.held_post import held_file, why_so, words_of, words_sent

MESSAGES = "E-mails of no complaint"
ELSEWHERE = "What may be theirs"


def mail_with_files(
    mail: InboundMail, addresses: Addresses, section: str, *because: str
) -> Iterator[Held]:
    """Yield an e-mail with its files, and why a colleague put it where it is."""
    whose = () if addresses.are_theirs(mail.sender) else (NOT_KNOWN_WHOSE,)
    if addresses.were_theirs(mail.sender):
        whose = (ONCE_THEIRS,)
    reasons = (*because, *whose)
    yield Held(section, "An e-mail", mail.received_at, words_of(mail), because=reasons)
    for row in mail.files.all():
        yield held_file(row.file, section, *reasons)
    yield from why_so(mail, section, *because)


def receipts(person: Customer, addresses: Addresses, reader: User) -> Iterator[Held]:
    """Yield e-mails to an address of theirs that are of no complaint, and no letter.

    A receipt tells that a form came: not where its complaint is closed to the reader, or where it
    may be about them. It is known whose it is where what became of the form is theirs.
    """
    to_them = Lower("to_address")
    sent = OutboundMessage.objects.annotate(lowered=to_them).filter(
        complaint__isnull=True, to_user__isnull=True, lowered__in=addresses.every
    )
    thanks = RemarkLetter.objects.filter(message=OuterRef("pk"))
    restricting = RestrictionLetter.objects.filter(message=OuterRef("pk"))
    sent = sent.filter(~Exists(thanks), ~Exists(restricting))
    found = list(sent.order_by("pk"))
    forms = _forms_named_in(found, reader)
    for each in found:
        form = next((forms[word] for word in each.subject.split() if word in forms), None)
        if each.kind == RECEIPT_MESSAGE and form is None:
            continue
        is_theirs = form is not None and person.pk in (
            form.remark and form.remark.customer_id,
            form.complaint and form.complaint.customer_id,
        )
        reasons = () if is_theirs and addresses.are_theirs(each.to_address) else (BY_ADDRESS,)
        if addresses.were_theirs(each.to_address):
            reasons = (*reasons, ONCE_THEIRS)
        if form and form.complaint and form.complaint.level == Level.RESTRICTED:
            reasons = (*reasons, RESTRICTED)
        yield Held(MESSAGES, "An e-mail", each.created_at, words_sent(each), because=reasons)


def _forms_named_in(messages: Iterable[OutboundMessage], reader: User) -> dict[str, Submission]:
    """Return the forms of which a reader may know, by the reference in the subject of a receipt."""
    named = {
        word for each in messages if each.kind == RECEIPT_MESSAGE for word in each.subject.split()
    }
    known = Q(remark__isnull=True) | Q(remark__in=Remark.objects.visible_to(reader))
    forms = Submission.objects.open_to(reader).filter(known, reference__in=named)
    return {each.reference: each for each in forms.select_related("remark", "complaint")}


def elsewhere(person: Customer, addresses: Addresses, reader: User) -> Iterator[Held]:
    """Yield what has an e-mail address of theirs and belongs to nothing of theirs."""
    waiting = waiting_mails(addresses, reader).prefetch_related("files__file")
    for mail in waiting.order_by("pk"):
        yield from mail_with_files(mail, addresses, ELSEWHERE, BY_ADDRESS)
    for form in waiting_forms(person, reader).prefetch_related("files__file").order_by("pk"):
        yield form_as_sent(form, ELSEWHERE, BY_ADDRESS)
        yield from how_judged(form, ELSEWHERE, BY_ADDRESS)
        for row in form.files.all():
            yield held_file(row.file, ELSEWHERE, BY_ADDRESS)


def waiting_mails(addresses: Addresses, reader: User) -> QuerySet[InboundMail]:
    if not addresses.every or not reader.has_role(Role.COMPLAINTS_COORDINATOR):
        return InboundMail.objects.none()
    return InboundMail.objects.annotate(lowered=Lower("sender")).filter(
        lowered__in=addresses.every, complaint__isnull=True, request__isnull=True
    )


def waiting_forms(person: Customer, reader: User) -> QuerySet[Submission]:
    """Return the forms with their address of which nothing became: held back, or put aside."""
    if not person.email or not reader.has_role(Role.COMPLAINTS_COORDINATOR):
        return Submission.objects.none()
    nothing_yet = Submission.objects.filter(complaint__isnull=True, remark__isnull=True)
    words = Cast("as_sent", TextField())
    return nothing_yet.open_to(reader).annotate(sent=words).filter(sent__icontains=person.email)
