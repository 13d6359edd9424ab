"""Making a complaint, a compliment or a suggestion of what somebody told on the form."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import Category, Complaint, Customer, Editions, RoleGrant, User
from cases.operations.call_backs import promise_call
from cases.operations.customers import (
    Particulars,
    Speaker,
    add_customer,
    save_representative,
)
from cases.operations.lodge import Lodging, lodge_within
from cases.rules.authority import SpeakerKind
from cases.rules.customers import Channel, CustomerCategory, LetterFormat, preferred_of
from cases.rules.own_words import whole_summary
from cases.rules.periods import due_on
from cases.rules.roles import Role
from cases.selectors.running import in_force_on
from feedback.models import Matching, Remark
from feedback.rules.kinds import Kind
from feedback.rules.told import UNNAMED, WHOLE, Told
from feedback.selectors.matching import look_alikes
from feedback.selectors.staff import staff_told_of


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What was made of a form: a complaint, or a remark."""

    complaint: Complaint | None
    remark: Remark | None
    matching: Matching


def take_in(
    told: Told,
    *,
    reference: str,
    received_at: datetime,
    received_on: date,
    file_ids: Sequence[int],
    now: datetime,
) -> TakenIn:
    """Make of a form what it is; the clock runs from its receipt, whenever it is taken in.

    The customer gets a row of their own: people are never taken for the same without being
    looked at. Where one looks like somebody known, a coordinator is to compare them.

    :raises ActionNotAllowed: if the landlord is not set up.
    """
    if told.kind is not Kind.COMPLAINT:
        remark = _remark(told, reference=reference, received_on=received_on, now=now)
        return TakenIn(None, remark, Matching.NOT_NEEDED)
    customer = _customer(told, now=now)
    lodging = Lodging(
        customer_id=customer.pk,
        newcomer=customer,
        channel=Channel.ONLINE.value,
        received_on=received_on,
        received_at=received_at,
        summary=summary_of(told),
        desired_outcome=told.wanted,
        category_id=_category(told.topic),
        file_ids=file_ids,
        reference=reference,
        written_in=told.written_in,
    )
    complaint = lodge_shut_to_its_subjects(lodging, told, by=None, now=now)
    if told.for_other:
        save_representative(_speaker(told), complaint_id=complaint.pk, by=None, now=now)
    if told.call_back:
        number = told.call_number or told.phone
        promise_call(complaint_id=complaint.pk, number=number, when=told.call_when, now=now)
    known = look_alikes(customer).exists()
    return TakenIn(complaint, None, Matching.WAITING if known else Matching.NOT_NEEDED)


def summary_of(told: Told) -> str:
    """Return the words of a complaint as one text."""
    return whole_summary(
        told.words, happened=told.happened, effect=told.effect, about_whom=told.staff_named
    )


def lodge_shut_to_its_subjects(
    lodging: Lodging, told: Told, *, by: User | None, now: datetime
) -> Complaint:
    """Lodge a complaint for triage, shut to the staff it may be about.

    When nobody would be left to handle it, those who are needed most are let in again: what was
    acknowledged is never refused.

    :raises ActionNotAllowed: if the landlord is not set up.
    """
    subjects = staff_told_of(told)
    is_about_staff = told.about_staff or bool(subjects)
    for shut_out in _narrower(subjects) if is_about_staff else ():
        restricted = replace(lodging, about_staff=sorted(shut_out), about_staff_unnamed=True)
        try:
            with transaction.atomic():
                return lodge_within(restricted, by=by, now=now, needs_triage=True)
        except ActionNotAllowed:
            continue
    # Not about staff; or there is neither a coordinator nor a director yet. Until it is sorted
    # only coordinators see it.
    return lodge_within(lodging, by=by, now=now, needs_triage=True)


def _narrower(subjects: frozenset[int]) -> Iterator[frozenset[int]]:
    """Yield the people to shut out, then fewer of them: without the directors, then nobody."""
    yield subjects
    if subjects:
        directors = RoleGrant.objects.filter(role=Role.DIRECTOR.value)
        yield subjects - set(directors.values_list("user_id", flat=True))
        yield frozenset()


def _category(topic: str) -> int | None:
    found = Category.objects.filter(code=topic, is_retired=False).values_list("pk", flat=True)
    return found.first() if topic else None


def _customer(told: Told, *, now: datetime) -> Customer:
    """Add the customer: whoever sends the form, or the person they speak for."""
    if not told.for_other:
        return add_customer(_sender(told), now=now)
    # Another gave it, and it may be their own: it opens nothing until the customer confirms it.
    return add_customer(_person(told), now=now, given_by_another=True)


def _person(told: Told) -> Particulars:
    """Return whom somebody speaks for. A home that is known comes before an e-mail address."""
    has_home = bool(told.person_address) and "post" not in told.person_unsafe
    return Particulars(
        name=told.person_name or UNNAMED,
        category=told.person_category or CustomerCategory.MEMBER_OF_THE_PUBLIC.value,
        address=told.person_address,
        postcode=told.person_postcode,
        email=told.person_email,
        phone=told.person_phone,
        preferred_channel=preferred_of(
            email="" if has_home else told.person_email,
            phone=told.person_phone,
            address="",
            unsafe=told.person_unsafe,
        ),
        letter_format=_format(told.person_format),
        language=told.person_language,
        needs="\n".join(part for part in (told.person_needs, told.person_safe_notes) if part),
        phone_unsafe="phone" in told.person_unsafe,
        post_unsafe="post" in told.person_unsafe,
        email_unsafe="email" in told.person_unsafe,
    )


def _format(answer: str) -> str:
    """Return the format in which somebody reads; the ordinary one where that is not known."""
    known = {each.value for each in LetterFormat}
    return answer if answer in known else LetterFormat.STANDARD.value


def _sender(told: Told) -> Particulars:
    return Particulars(
        name=told.name or UNNAMED,
        category=told.category or CustomerCategory.MEMBER_OF_THE_PUBLIC.value,
        address=told.address,
        postcode=told.postcode,
        email=told.email,
        # Whoever gave one for the call alone can be rung on it.
        phone=told.phone or told.call_number,
        preferred_channel=told.preferred
        or preferred_of(
            email=told.email, phone=told.phone, address=told.address, unsafe=told.unsafe
        ),
        letters_by_email=told.email_says == WHOLE,
        letter_format=_format(told.letter_format),
        language=told.language,
        needs="\n".join(part for part in (told.needs, told.safe_notes) if part),
        phone_unsafe="phone" in told.unsafe,
        email_unsafe="email" in told.unsafe,
        post_unsafe="post" in told.unsafe,
    )


def _speaker(told: Told) -> Speaker:
    """Return who speaks for the customer; a solicitor does so as an advocate only (KF-2).

    A way that is not safe for them is left out: it stands in the form as sent.
    """
    address = "\n".join(part for part in (told.address, told.postcode) if part)
    return Speaker(
        name=told.name or UNNAMED,
        relationship=told.relationship,
        email=told.safe_email,
        phone="" if "phone" in told.unsafe else told.phone,
        address="" if "post" in told.unsafe else address,
        kind=_KINDS.get(told.relationship, SpeakerKind.PERSON).value,
        authority_seen=_CLAIMS.get(told.permission, ""),
        letters_by_email=told.email_says == WHOLE,
        letter_format=_format(told.letter_format),
        needs=_speakers_needs(told),
    )


def _speakers_needs(told: Told) -> str:
    """Return what to keep in mind about whoever speaks, a line each."""
    found = [told.needs, told.safe_notes, _LIKES.get(told.preferred, "")]
    if told.language:
        found.append(f"Speaks {told.language}")
    return "\n".join(part for part in found if part)


_LIKES = {
    "phone": "Likes to be rung",
    "email": "Likes to be e-mailed",
    "post": "Likes to have letters",
}


_KINDS = {
    "Solicitor": SpeakerKind.SOLICITOR,
    "Councillor, MP or other elected representative": SpeakerKind.ELECTED,
    "Advice or advocacy agency": SpeakerKind.ADVICE_AGENCY,
}
_CLAIMS = {
    "yes": "Says on the form that the customer agrees",
    "no": "Says on the form that the customer has not been asked yet",
    "cannot": "Says on the form that the customer cannot give permission themselves",
}


def _remark(told: Told, *, reference: str, received_on: date, now: datetime) -> Remark:
    customer = add_customer(_sender(told), now=now) if told.name or told.is_reachable else None
    return Remark.objects.create(
        reference=reference,
        kind=told.kind.value,
        customer=customer,
        channel=Channel.ONLINE.value,
        received_on=received_on,
        words=told.words,
        regarding=told.regarding,
        logged_at=now,
        acknowledge_by=acknowledgement_due(received_on) if told.can_be_thanked else None,
    )


def acknowledgement_due(received_on: date) -> date:
    """Return the last day to thank somebody for what came on that day (K3-20).

    :raises ActionNotAllowed: if the landlord is not set up.
    """
    running = in_force_on(received_on)
    calendar = Editions()[running.edition]
    return due_on(running.version.terms.feedback_acknowledgement, received_on, calendar)
