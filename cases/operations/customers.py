"""Customers and those who speak for them."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Authority, Complaint, Customer, JointComplainant, Representative, User
from cases.operations.record import CaseFile, recording
from cases.operations.search_index import index_customer, index_names
from cases.rules.acts import Act
from cases.rules.customers import Channel, LetterFormat, register_for
from cases.rules.events import EventKind


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who a customer is and how they are to be reached."""

    name: str
    category: str
    address: str = ""
    postcode: str = ""
    email: str = ""
    phone: str = ""
    preferred_channel: str = Channel.POST.value
    letter_format: str = LetterFormat.STANDARD.value
    language: str = ""
    needs: str = ""
    is_vulnerable: bool = False
    email_unsafe: bool = False
    phone_unsafe: bool = False
    post_unsafe: bool = False


def tidy_postcode(text: str) -> str:
    """Return a postcode in capitals with its space, whatever was typed; other words unchanged."""
    plain = "".join(text.upper().split())
    return f"{plain[:-3]} {plain[-3:]}" if 5 <= len(plain) <= 7 else text.strip().upper()


@transaction.atomic
def save_customer(
    particulars: Particulars, *, customer_id: int | None = None, now: datetime
) -> Customer:
    """Add a customer, or change what is known of one and by what their complaints are found."""
    values = asdict(particulars)
    values["postcode"] = tidy_postcode(particulars.postcode)
    values["email"] = particulars.email.strip()
    values["address"] = "\n".join(particulars.address.splitlines())
    if customer_id is None:
        return Customer.objects.create(**values, created_at=now)
    Customer.objects.filter(pk=customer_id).update(**values)
    customer = Customer.objects.get(pk=customer_id)
    index_customer(customer)
    return customer


@transaction.atomic
def add_joint_complainant(
    *, complaint_id: int, customer_id: int, capacity: str, by: User, now: datetime
) -> JointComplainant:
    """Add somebody who complains together with the customer, such as a joint tenant.

    :raises ActionNotAllowed: if they are part of the complaint already.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        known = case.complaint.joint_complainants.filter(customer=customer_id).exists()
        if known or case.complaint.customer_id == customer_id:
            raise ActionNotAllowed("They are part of this complaint already.")
        case.add(EventKind.DETAILS_CHANGED, facts={"joint": customer_id})
        joint = JointComplainant.objects.create(
            complaint=case.complaint, customer_id=customer_id, capacity=capacity or "Joint tenant"
        )
        index_names([complaint_id])
    return joint


def remove_joint_complainant(
    *, complaint_id: int, joint_id: int, by: User, now: datetime
) -> Complaint:
    """Take somebody out who complained together with the customer; the record keeps that they did.

    :raises ActionNotAllowed: if they are no part of the complaint.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        joint = case.complaint.joint_complainants.filter(pk=joint_id).first()
        if joint is None:
            raise ActionNotAllowed("They are not part of this complaint.")
        case.add(EventKind.DETAILS_CHANGED, facts={"joint_removed": joint.customer_id})
        joint.delete()
        index_names([complaint_id])
    return case.complaint


def correct_customer(
    *, complaint_id: int, by: User, now: datetime, seen: int, customer_id: int, reason: str
) -> Complaint:
    """Correct whose complaint it is; what was first recorded stays to be seen.

    :raises ReasonMissing: if it is not said how the mistake happened.
    :raises ActionNotAllowed: if it is theirs already, or they are a joint complainant.
    """
    if not reason.strip():
        raise ReasonMissing("Say how the mistake happened: the reason is kept with the record.")
    with recording(complaint_id=complaint_id, act=Act.CORRECT, by=by, now=now, seen=seen) as case:
        complaint = case.complaint
        if complaint.customer_id == customer_id:
            raise ActionNotAllowed("It is their complaint already.")
        if complaint.joint_complainants.filter(customer=customer_id).exists():
            raise ActionNotAllowed("They complain together with the customer. Take them out first.")
        receipt = next(e for e in case.state.events if e.kind is EventKind.RECEIVED)
        case.add(
            EventKind.CORRECTED,
            facts={
                "target": receipt.number,
                "changes": {"customer": customer_id},
                "was_customer": complaint.customer_id,
            },
            words={"reason": reason},
        )
        complaint.customer = Customer.objects.get(pk=customer_id)
        complaint.register = register_for(complaint.customer.category, case.terms).value
        complaint.save(update_fields=["customer", "register"])
        index_names([complaint_id])
    return complaint


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody who speaks for a customer, and by what authority."""

    name: str
    relationship: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    is_solicitor: bool = False
    authority: str = Authority.CLAIMED.value
    authority_seen: str = ""
    authority_on: date | None = None
    scope: str = ""
    ends_on: date | None = None


@transaction.atomic
def save_representative(
    speaker: Speaker,
    *,
    complaint_id: int,
    representative_id: int | None = None,
    by: User | None,
    now: datetime,
) -> Representative:
    """Add or change who speaks for the customer. Authority is claimed until the customer confirms.

    :raises ActionNotAllowed: if authority is confirmed without a day and what was seen (HH-4).
    """
    check_authority(speaker)
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        complaint: Complaint = case.complaint
        values = asdict(speaker)
        if representative_id is None:
            row = Representative.objects.create(complaint=complaint, **values)
        else:
            complaint.representatives.filter(pk=representative_id).update(**values)
            row = complaint.representatives.get(pk=representative_id)
        index_names([complaint_id])
        case.add(
            EventKind.DETAILS_CHANGED,
            facts={"representative": row.pk, "authority": speaker.authority},
        )
    return row


def check_authority(speaker: Speaker) -> None:
    """Refuse authority that is called confirmed and of which nobody says how (HH-4).

    :raises ActionNotAllowed: if the day or what was seen is missing.
    """
    confirmed = speaker.authority == Authority.CONFIRMED
    if confirmed and not (speaker.authority_on and speaker.authority_seen.strip()):
        raise ActionNotAllowed("Say when the customer confirmed it, and what you saw or heard.")


def add_speaker(case: CaseFile, speaker: Speaker) -> None:
    """Add to a new complaint who speaks for the customer.

    :raises ActionNotAllowed: if authority is confirmed without a day and what was seen (HH-4).
    """
    check_authority(speaker)
    row = Representative.objects.create(complaint=case.complaint, **asdict(speaker))
    case.add(
        EventKind.DETAILS_CHANGED,
        facts={"representative": row.pk, "authority": speaker.authority},
    )
