"""Which complaint may be followed on the web, by which link, and in which visit."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import Lower

from cases.models import (
    Complaint,
    Representative,
    TrackingClosure,
    TrackingLink,
    TrackingVisit,
)
from cases.models.tracking import Proof
from cases.rules.tracking import NONE_OF_ITS_OWN

SEEN = 5


def _closed() -> Exists:
    return Exists(TrackingClosure.objects.filter(complaint=OuterRef("pk"), opened_at=None))


def _open() -> "QuerySet[Complaint]":
    """Return the complaints that are not shut, and that somebody has accepted as complaints."""
    own = Complaint.objects.exclude(closed_as__in=NONE_OF_ITS_OWN).filter(needs_triage=False)
    return own.filter(~_closed())


def to_be_followed(references: Collection[str], *, by_email: bool) -> Complaint | None:
    """Return the complaint of that reference if it may be followed, or nothing. One query.

    An e-mail proves nothing where somebody who speaks for the customer has that address too.
    """
    found = _open().filter(reference__in=references)
    if by_email:
        theirs = Representative.objects.annotate(lowered=Lower("email")).filter(
            complaint=OuterRef("pk"), lowered=Lower(OuterRef("customer__email"))
        )
        found = found.filter(~Exists(theirs), customer__email_unsafe=False)
        found = found.exclude(customer__email="")
    return found.select_related("customer").first()


def may_be_followed(complaint: Complaint, *, by_email: bool = False) -> bool:
    """Say whether a complaint may be followed now; `by_email` where that is what proves it.

    One query.
    """
    return to_be_followed([complaint.reference], by_email=by_email) is not None


def open_link(token_hash: str, *, now: datetime) -> TrackingLink | None:
    """Return the link with this hash while it works, or nothing.

    It stops working when a newer one is sent, when the customer is another, when the address is no
    longer theirs alone or no longer safe, and while the complaint is shut to the web.
    """
    links = TrackingLink.objects.filter(
        token_hash=token_hash, ended_at=None, expires_at__gt=now
    ).select_related("complaint__customer")
    link = links.first()
    if link is None or link.customer_id != link.complaint.customer_id:
        return None
    if link.complaint.customer.email.casefold() != link.sent_to.casefold():
        return None
    return link if may_be_followed(link.complaint, by_email=True) else None


def live_visit(token_hash: str, *, now: datetime) -> TrackingVisit | None:
    """Return the visit with this hash while it lasts, with its complaint, or nothing."""
    visits = TrackingVisit.objects.live(now=now).filter(token_hash=token_hash)
    visit = visits.select_related(
        "complaint__customer",
        "complaint__procedure_version__procedure",
        "complaint__responsible_officer",
    ).first()
    if visit is None or visit.customer_id != visit.complaint.customer_id:
        return None
    by_email = visit.proof in (Proof.LINK, Proof.EMAIL)
    return visit if may_be_followed(visit.complaint, by_email=by_email) else None


def visits_of(complaint: Complaint) -> list[TrackingVisit]:
    """Return the latest visits, the newest first."""
    return list(TrackingVisit.objects.filter(complaint=complaint).order_by("-began_at")[:SEEN])


def closure_of(complaint: Complaint) -> TrackingClosure | None:
    """Return since when a complaint is shut to the web, or nothing."""
    closed = TrackingClosure.objects.filter(complaint=complaint, opened_at=None)
    return closed.select_related("closed_by").first()
