"""E-mail that came in: what waits to be sorted, one of them, and how the mailbox stands."""

from django.db.models import QuerySet
from django.db.models.functions import Lower

from cases.models import Customer, InboundMail, MailState, StoredFile, User

SORTABLE = (MailState.WAITING, MailState.AUTOMATIC, MailState.NOT_OURS)
# People who share an address and are offered as the sender.
OFFERED = 10


def post_listing(user: User, view: str, reference: str = "") -> QuerySet[InboundMail]:
    """Return what a view of the list shows, the newest first; what waits, the oldest first.

    With a `reference` it is what is on the record of that complaint.
    """
    mails = InboundMail.objects.visible_to(user).select_related("complaint", "request")
    if reference:
        return mails.filter(complaint__reference=reference).order_by("-received_at", "-pk")
    if view == "confirm":
        return mails.to_confirm().order_by("received_at", "pk")
    if view == MailState.WAITING:
        return mails.to_decide().order_by("received_at", "pk")
    if view in (MailState.AUTOMATIC, MailState.NOT_OURS):
        return mails.filter(state=view).order_by("-received_at", "-pk")
    sorted_states = [MailState.JOINED, MailState.COMPLAINT, MailState.REQUEST]
    return mails.filter(state__in=sorted_states).order_by("-received_at", "-pk")


def may_be_taken_out(mail: InboundMail) -> bool:
    """Say whether an e-mail joined a complaint, and so may have joined the wrong one."""
    return mail.state == MailState.JOINED


def may_be_sorted(mail: InboundMail) -> bool:
    """Say whether somebody can still say what an e-mail is."""
    return mail.state in SORTABLE


def files_of(mail: InboundMail) -> list[StoredFile]:
    """Return what came with an e-mail, without its original."""
    files = StoredFile.objects.filter(mail_file__mail=mail, mail_file__is_original=False)
    return list(files.order_by("pk"))


def same_address(mail: InboundMail) -> list[Customer]:
    """Return customers with the address that an e-mail says it comes from."""
    if not mail.sender:
        return []
    known = Customer.objects.alias(lowered=Lower("email")).filter(is_double=False)
    return list(known.filter(lowered=mail.sender).order_by("name", "pk")[:OFFERED])
