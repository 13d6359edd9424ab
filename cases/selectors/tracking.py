"""Which complaint may be followed on the web, by which link, and in which visit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from cases.models import (
    Complaint,
    Customer,
    JointComplainant,
    Landlord,
    Level,
    Representative,
    TrackingClosure,
    TrackingLink,
    TrackingVisit,
)
from cases.models.tracking import Followed, Proof
from cases.rules.authority import Deed, deeds
from cases.rules.periods import london_day
from cases.rules.tracking import NEW_ADDRESS

SEEN = 5


@dataclass(frozen=True, slots=True)
class Followers:
    """Who may follow a complaint besides its customer."""

    speakers: Sequence[Representative]
    joint: Sequence[JointComplainant]


def _closed() -> Exists:
    return Exists(TrackingClosure.objects.filter(complaint=OuterRef("pk"), opened_at=None))


def _open() -> "QuerySet[Complaint]":
    """Return the complaints that are not shut, and that somebody has accepted as complaints.

    None while nobody can follow any.
    """
    own = Complaint.objects.counted().filter(needs_triage=False)
    for_all = Exists(Landlord.objects.filter(following_closed_at__isnull=False))
    return own.filter(~_closed(), ~for_all)


def to_be_followed(
    references: Collection[str], *, by_email: bool, now: datetime
) -> Complaint | None:
    """Return the complaint of that reference if it may be followed, or nothing. One query.

    `by_email`: by its customer's address. An e-mail proves nothing where somebody who speaks for
    the customer has that address too, nor so soon after the address was changed.
    """
    found = _open().filter(reference__in=references)
    if by_email:
        changed = Q(customer__email_changed_at__gt=now - NEW_ADDRESS)
        found = found.exclude(changed)
        theirs = Representative.objects.annotate(lowered=Lower("email")).filter(
            complaint=OuterRef("pk"), lowered=Lower(OuterRef("customer__email"))
        )
        found = found.filter(~Exists(theirs), customer__email_unsafe=False)
        found = found.exclude(customer__email="")
    return found.select_related("customer").first()


def may_be_followed(complaint: Complaint, *, now: datetime, by_email: bool = False) -> bool:
    """Say whether a complaint may be followed now; `by_email` where that is what proves it.

    One query.
    """
    return to_be_followed([complaint.reference], by_email=by_email, now=now) is not None


def opens_by_email_from(customer: Customer, *, now: datetime) -> datetime | None:
    """Return from when the customer's new address opens their complaints, if it does not yet."""
    changed = customer.email_changed_at
    opens = changed + NEW_ADDRESS if changed else None
    return opens if opens and opens > now else None


def may_follow(followed: Followed, complaint: Complaint, *, now: datetime) -> bool:
    """Say whether whoever a link, a code or a visit is of may follow the complaint today.

    Whoever speaks for the customer as long as they may be told where it stands.
    """
    speaker, joint = followed.speaker, followed.joint
    if speaker is not None:
        is_told = Deed.PROGRESS in deeds(speaker.standing_on(london_day(now)))
        return is_told and speaker.complaint_id == complaint.pk
    return joint is None or joint.complaint_id == complaint.pk


def followers(complaint: Complaint, *, now: datetime) -> Followers:
    """Return who may follow a complaint besides its customer. Two queries."""
    speakers = complaint.representatives.order_by("pk")
    today = london_day(now)
    return Followers(
        [each for each in speakers if Deed.PROGRESS in deeds(each.standing_on(today))],
        list(complaint.joint_complainants.select_related("customer").order_by("pk")),
    )


def open_link(token_hash: str, *, now: datetime) -> TrackingLink | None:
    """Return the link with this hash while it works, or nothing.

    It stops working when a newer one is sent, when the customer is another, when the address is no
    longer theirs alone or no longer safe, and while the complaint is shut to the web.
    """
    links = TrackingLink.objects.filter(
        token_hash=token_hash, ended_at=None, expires_at__gt=now
    ).select_related("complaint__customer", "speaker", "joint__customer")
    link = links.first()
    if link is None or link.customer_id != link.complaint.customer_id:
        return None
    if email_of(link, link.complaint.customer).casefold() != link.sent_to.casefold():
        return None
    if link.is_customers:
        is_open = may_be_followed(link.complaint, by_email=True, now=now)
        return link if is_open else None
    if link.complaint.level != Level.NORMAL or not may_follow(link, link.complaint, now=now):
        return None
    return link if may_be_followed(link.complaint, now=now) else None


def email_of(followed: Followed, customer: Customer) -> str:
    """Return the address of a follower that is safe to write to, or nothing."""
    if followed.speaker is not None:
        return followed.speaker.email
    whose = followed.joint.customer if followed.joint is not None else customer
    return "" if whose.email_unsafe else whose.email


def live_visit(token_hash: str, *, now: datetime) -> TrackingVisit | None:
    """Return the visit with this hash while it lasts, with its complaint, or nothing."""
    visits = TrackingVisit.objects.live(now=now).filter(token_hash=token_hash)
    visit = visits.select_related(
        "complaint__customer",
        "complaint__procedure_version__procedure",
        "complaint__responsible_officer",
        "speaker",
        "joint__customer",
    ).first()
    if visit is None or visit.customer_id != visit.complaint.customer_id:
        return None
    if not may_follow(visit, visit.complaint, now=now):
        return None
    by_email = visit.is_customers and visit.proof in (Proof.LINK, Proof.EMAIL)
    return visit if may_be_followed(visit.complaint, by_email=by_email, now=now) else None


def visits_of(complaint: Complaint) -> list[TrackingVisit]:
    """Return the latest visits, the newest first."""
    visits = TrackingVisit.objects.filter(complaint=complaint).order_by("-began_at")
    return list(visits.select_related("speaker", "joint__customer")[:SEEN])


def following_is_closed() -> bool:
    """Say whether nobody can follow any complaint on the web. One query."""
    return Landlord.objects.filter(following_closed_at__isnull=False).exists()


def closure_of(complaint: Complaint) -> TrackingClosure | None:
    """Return since when a complaint is shut to the web, or nothing."""
    closed = TrackingClosure.objects.filter(complaint=complaint, opened_at=None)
    return closed.select_related("closed_by").first()
