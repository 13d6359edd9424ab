"""E-mail that came in: what waits to be sorted, one of them, and how the mailbox stands."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, QuerySet
from django.db.models.functions import Lower

from cases.models import Complaint, Customer, InboundMail, MailState, StoredFile, User

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


@dataclass(frozen=True, slots=True)
class WaitingPost:
    """How much e-mail waits to be sorted, and since when the oldest does."""

    count: int
    since: datetime | None

    @property
    def words(self) -> str:
        """Return how much it is, in words."""
        return "1 e-mail waits" if self.count == 1 else f"{self.count} e-mails wait"


def waiting_post(*, now: datetime) -> WaitingPost:
    """Return what waits to be sorted. It belongs to no complaint yet. One query."""
    found = InboundMail.objects.to_decide().filter(received_at__lte=now)
    told = found.aggregate(count=Count("pk"), since=Min("received_at"))
    return WaitingPost(told["count"], told["since"])


def mail_of(complaint: Complaint) -> InboundMail | None:
    """Return the e-mail of which a complaint was made by itself, while nobody said what it is."""
    made = InboundMail.objects.filter(complaint=complaint, state=MailState.COMPLAINT)
    return made.filter(decided_at=None).first()


def may_be_taken_out(mail: InboundMail) -> bool:
    """Say whether an e-mail joined a complaint, and so may have joined the wrong one."""
    return mail.state == MailState.JOINED


def may_be_sorted(mail: InboundMail) -> bool:
    """Say whether somebody can still say what an e-mail is.

    One that became a complaint by itself can be something else until it is accepted.
    """
    if mail.state == MailState.COMPLAINT and mail.decided_at is None:
        return mail.complaint is not None and mail.complaint.needs_triage
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
