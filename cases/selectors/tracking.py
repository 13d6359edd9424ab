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
from cases.rules.customers import Channel
from cases.rules.dispatches import MOBILE_AS_WRITTEN
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
    references: Collection[str], *, now: datetime, by_email: bool = False, by_text: bool = False
) -> Complaint | None:
    """Return the complaint of that reference if it may be followed, or nothing. One query.

    `by_email`: by its customer's address. An e-mail proves nothing where somebody who speaks for
    the customer has that address too or gave it, nor so soon after it was changed. `by_text`: by
    their mobile number; with both, by either.
    """
    found = _open().filter(reference__in=references)
    if by_email or by_text:
        proved = (_by_email(now) if by_email else Q()) | (_by_text(now) if by_text else Q())
        found = found.filter(proved)
    return found.select_related("customer").first()


def _by_email(now: datetime) -> Q:
    theirs = Representative.objects.annotate(lowered=Lower("email")).filter(
        complaint=OuterRef("pk"), lowered=Lower(OuterRef("customer__email"))
    )
    return (
        ~Exists(theirs)
        & Q(customer__email_unsafe=False)
        & ~Q(customer__email="")
        & Q(customer__email_by_another=False)
        & _unchanged("email", now)
    )


def _by_text(now: datetime) -> Q:
    """Keep those whose customer is reached by telephone alone, on a mobile that is safe.

    Of a sensitive or restricted complaint a colleague makes the code, once it is sure who asks.
    """
    return (
        Q(level=Level.NORMAL.value, customer__preferred_channel=Channel.PHONE.value)
        & (Q(customer__email="") | Q(customer__email_unsafe=True))
        & Q(customer__phone_unsafe=False, customer__restricted_contact="")
        & Q(customer__phone__regex=MOBILE_AS_WRITTEN)
        & Q(customer__phone_by_another=False)
        & _unchanged("phone", now)
    )


def _unchanged(what: str, now: datetime) -> Q:
    name = f"customer__{what}_changed_at"
    return Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__lte": now - NEW_ADDRESS})


def may_be_followed(
    complaint: Complaint, *, now: datetime, by_email: bool = False, by_text: bool = False
) -> bool:
    """Say whether a complaint may be followed now; `by_…` names what proves it.

    One query.
    """
    names = [complaint.reference]
    return to_be_followed(names, by_email=by_email, by_text=by_text, now=now) is not None


def opens_by_email_from(customer: Customer, *, now: datetime) -> datetime | None:
    """Return from when the customer's new address opens their complaints, if it does not yet."""
    changed = customer.email_changed_at
    opens = changed + NEW_ADDRESS if changed else None
    return opens if opens and opens > now else None


def is_proved_by_email(customer: Customer, *, now: datetime) -> bool:
    """Say whether a customer's address proves that it is them who has an e-mail sent to it.

    Not one that somebody else gave and the customer has not confirmed, nor one that is new.
    """
    return not customer.email_by_another and opens_by_email_from(customer, now=now) is None


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


def copied_by_email(followed: Followed) -> Customer | Representative | None:
    """Return whoever else follows and has a copy of each letter by e-mail; not the customer."""
    speaker, joint = followed.speaker, followed.joint
    if speaker is not None:
        return speaker if speaker.gets_letters and speaker.email else None
    if joint is None or not joint.gets_letters:
        return None
    customer: Customer = joint.customer
    return customer if customer.email and not customer.email_unsafe else None


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
    if visit.proof == Proof.TEXT and not _is_still_theirs(visit.complaint, now=now):
        return None
    return visit if may_be_followed(visit.complaint, by_email=by_email, now=now) else None


def _is_still_theirs(complaint: Complaint, *, now: datetime) -> bool:
    """Say whether the number to which a code went still proves whose it is.

    It does when the customer would by now rather have letters, or has an e-mail address too.
    """
    customer = complaint.customer
    changed = customer.phone_changed_at
    is_unchanged = changed is None or changed + NEW_ADDRESS <= now
    is_safe = not customer.phone_unsafe and not customer.restricted_contact
    return complaint.level == Level.NORMAL and is_safe and is_unchanged


def visits_of(complaint: Complaint) -> list[TrackingVisit]:
    """Return the latest visits, the newest first."""
    visits = TrackingVisit.objects.filter(complaint=complaint).order_by("-began_at")
    return list(visits.select_related("speaker", "joint__customer")[:SEEN])


def following_is_closed() -> bool:
    """Say whether nobody can follow any complaint on the web. One query."""
    return Landlord.objects.filter(following_closed_at__isnull=False).exists()


def opened_again(complaint: Complaint, *, since: datetime) -> datetime | None:
    """Return when a complaint was last opened to the web again, if that was since then."""
    opened = TrackingClosure.objects.filter(complaint=complaint, opened_at__gt=since)
    return opened.order_by("-opened_at").values_list("opened_at", flat=True).first()


def closure_of(complaint: Complaint) -> TrackingClosure | None:
    """Return since when a complaint is shut to the web, or nothing."""
    closed = TrackingClosure.objects.filter(complaint=complaint, opened_at=None)
    return closed.select_related("closed_by").first()
