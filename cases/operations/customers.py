"""Customers and those who speak for them."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, Customer, JointComplainant, Representative, User
from cases.operations.inserting import insert
from cases.operations.letter_copies import stop_copies
from cases.operations.record import CaseFile, recording
from cases.operations.search_index import index_customer, index_names
from cases.operations.ways import ways_to_write
from cases.rules.acts import Act
from cases.rules.authority import Authority, Established, SpeakerKind, may_become
from cases.rules.customers import Channel, LetterFormat, register_for
from cases.rules.dispatches import mobile_number
from cases.rules.events import EventKind


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who a customer is and how they are to be reached."""

    name: str
    category: str
    address: str = ""
    postcode: str = ""
    block: str = ""
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
    letters_by_email: bool = False


def tidy_postcode(text: str) -> str:
    """Return a postcode in capitals with its space, whatever was typed; other words unchanged."""
    plain = "".join(text.upper().split())
    return f"{plain[:-3]} {plain[-3:]}" if 5 <= len(plain) <= 7 else text.strip().upper()


@transaction.atomic
def save_customer(
    particulars: Particulars,
    *,
    customer_id: int | None = None,
    confirmed: Collection[str] = (),
    now: datetime,
) -> Customer:
    """Add a customer, or change what is known of one and by what their complaints are found.

    `confirmed`: "email" and "phone", where the customer said themselves that what somebody else
    gave is theirs. Another address or number in its place was not given by that person.
    """
    if customer_id is None:
        return add_customer(particulars, now=now)
    values = _tidied(particulars)
    before = Customer.objects.only("email", "phone").get(pk=customer_id)
    if values["email"].casefold() != before.email.casefold():
        values |= {"email_changed_at": now, "email_by_another": False}
    if mobile_number(values["phone"]) != mobile_number(before.phone):
        values |= {"phone_changed_at": now, "phone_by_another": False}
    values |= {f"{way}_by_another": False for way in confirmed}
    Customer.objects.filter(pk=customer_id).update(**values)
    customer = Customer.objects.get(pk=customer_id)
    index_customer(customer)
    return customer


def add_customer(
    particulars: Particulars, *, now: datetime, given_by_another: bool = False
) -> Customer:
    """Add a customer. One query.

    `given_by_another`: somebody who says that they speak for them gave their e-mail address and
    number. They may be that person's own, so that they open nothing until the customer has said
    that they are theirs (KF-1, HH-4).
    """
    customer = Customer(**_tidied(particulars), created_at=now)
    if given_by_another:
        customer.email_changed_at = now if customer.email else None
        customer.phone_changed_at = now if customer.phone else None
        customer.email_by_another = bool(customer.email)
        customer.phone_by_another = bool(customer.phone)
    insert(customer)
    return customer


def _tidied(particulars: Particulars) -> dict[str, Any]:
    values = asdict(particulars)
    values["postcode"] = tidy_postcode(particulars.postcode)
    values["email"] = particulars.email.strip()
    values["block"] = " ".join(particulars.block.split())
    values["address"] = "\n".join(particulars.address.splitlines())
    return values


def at_home(address: str, postcode: str, block: str) -> Customer:
    """Return somebody nobody knows yet who lives there; nothing is stored."""
    typed = Particulars("", "", address=address.strip(), postcode=postcode, block=block)
    return Customer(**_tidied(typed))


@transaction.atomic
def add_joint_complainant(
    *,
    complaint_id: int,
    customer_id: int,
    capacity: str,
    gets_letters: bool = False,
    by: User,
    now: datetime,
) -> JointComplainant:
    """Add somebody who complains together with the customer: a joint tenant, one of a group.

    `gets_letters`: each letter goes to them as well, to their own address and in their format.

    :raises ActionNotAllowed: if they are part of the complaint already, or are to get letters and
        there is no safe way to write to them.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        known = case.complaint.joint_complainants.filter(customer=customer_id).exists()
        if known or case.complaint.customer_id == customer_id:
            raise ActionNotAllowed("They are part of this complaint already.")
        _check_can_be_written_to(Customer.objects.get(pk=customer_id), gets_letters)
        case.add(EventKind.DETAILS_CHANGED, facts={"joint": customer_id})
        joint = JointComplainant.objects.create(
            complaint=case.complaint,
            customer_id=customer_id,
            capacity=capacity or "Joint tenant",
            gets_letters=gets_letters,
        )
        index_names([complaint_id])
    return joint


def _check_can_be_written_to(customer: Customer, gets_letters: bool) -> None:
    if gets_letters and not ways_to_write(customer):
        raise ActionNotAllowed(
            f"There is no safe address for {customer.name}. Put that right on their page first, or "
            "leave out the letters."
        )


def set_joint_letters(
    *, complaint_id: int, joint_id: int, gets_letters: bool, by: User, now: datetime
) -> JointComplainant:
    """Let each letter go to a joint complainant as well, or no more.

    :raises ActionNotAllowed: if they are no part of the complaint, or cannot be written to.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        joints = case.complaint.joint_complainants.select_related("customer")
        joint = joints.filter(pk=joint_id).first()
        if joint is None:
            raise ActionNotAllowed("They are not part of this complaint.")
        _check_can_be_written_to(joint.customer, gets_letters)
        case.add(
            EventKind.DETAILS_CHANGED,
            facts={"joint_letters": joint.customer_id, "gets_letters": gets_letters},
        )
        joint.gets_letters = gets_letters
        joint.save(update_fields=["gets_letters"])
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
    kind: str = SpeakerKind.PERSON.value
    authority: str = Authority.CLAIMED.value
    # Of a confirmed one; unless told otherwise the customer said so themselves.
    established_by: str = ""
    authority_seen: str = ""
    authority_on: date | None = None
    scope: str = ""
    covers_data: bool = False
    gets_letters: bool = False
    letters_by_email: bool = False
    letter_format: str = LetterFormat.STANDARD.value
    needs: str = ""
    ends_on: date | None = None

    @property
    def values(self) -> dict[str, Any]:
        """Return the columns."""
        found = asdict(self)
        is_confirmed = self.authority == Authority.CONFIRMED
        found["established_by"] = (
            (self.established_by or Established.OWN_CONTACT.value) if is_confirmed else ""
        )
        return found


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

    A copy of a letter that waits for somebody who may no longer have it does not go.

    :raises ActionNotAllowed: if authority is confirmed without a day and what was seen (HH-4), or
        cannot become that from what it was.
    """
    check_authority(speaker)
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        complaint: Complaint = case.complaint
        stays = False
        if representative_id is None:
            row = Representative.objects.create(complaint=complaint, **speaker.values)
        else:
            was = complaint.representatives.get(pk=representative_id)
            _check_change(was, speaker, case.today)
            complaint.representatives.filter(pk=representative_id).update(**speaker.values)
            row = complaint.representatives.get(pk=representative_id)
            before, after = was.standing_on(case.today), row.standing_on(case.today)
            stays = (before.authority, before.speaks) == (after.authority, after.speaks)
            if not after.speaks:
                stop_copies(row)
        index_names([complaint_id])
        case.add(EventKind.DETAILS_CHANGED, facts=facts_of(row, stays=stays))
    return row


def facts_of(speaker: Representative, *, stays: bool = False) -> dict[str, Any]:
    """Return what an entry keeps of who speaks for the customer. Their name is not in the chain.

    `stays`: their authority is what it was, and something else about them changed.
    """
    facts: dict[str, Any] = {"representative": speaker.pk, "authority": speaker.authority}
    if stays:
        facts["authority_stays"] = True
    if speaker.ends_on is not None and speaker.authority == Authority.CONFIRMED:
        facts["authority_ends_on"] = speaker.ends_on.isoformat()
    return facts


def check_authority(speaker: Speaker) -> None:
    """Refuse authority that is called confirmed and of which nobody says how (HH-4).

    :raises ActionNotAllowed: if the day or what was seen is missing.
    """
    if speaker.authority != Authority.CONFIRMED:
        return
    if not (speaker.authority_on and speaker.authority_seen.strip()):
        raise ActionNotAllowed("Say when the customer confirmed it, and what you saw or heard.")
    by_office = speaker.established_by == Established.ELECTED_OFFICE
    if by_office and speaker.kind != SpeakerKind.ELECTED:
        raise ActionNotAllowed(
            "Only a councillor, MP or other elected representative speaks by their office. Ask the "
            "customer."
        )


def _check_change(was: Representative, speaker: Speaker, today: date) -> None:
    wanted = Authority(speaker.authority)
    if not may_become(was.standing_on(today), wanted):
        raise ActionNotAllowed(
            f"It is recorded as “{was.authority_words}”, and cannot become “{wanted.words}”."
        )


def add_speaker(case: CaseFile, speaker: Speaker) -> None:
    """Add to a new complaint who speaks for the customer.

    :raises ActionNotAllowed: if authority is confirmed without a day and what was seen (HH-4).
    """
    check_authority(speaker)
    row = Representative.objects.create(complaint=case.complaint, **speaker.values)
    case.add(EventKind.DETAILS_CHANGED, facts=facts_of(row))
