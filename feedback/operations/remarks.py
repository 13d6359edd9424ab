"""Compliments and suggestions: logged for a caller, passed on, or found to be complaints."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import Complaint, OutboundMessage, User
from cases.operations.alerts import address_of
from cases.operations.customers import Particulars, save_customer
from cases.operations.lodge import Lodging
from cases.rules.customers import CustomerCategory
from cases.rules.pages import CHANGERS, Page
from cases.rules.periods import london_day
from cases.rules.references import new_reference
from cases.rules.roles import Role
from feedback.models import PassedOn, Remark
from feedback.operations.intake import acknowledgement_due, lodge_shut_to_its_subjects
from feedback.operations.remark_replies import let_lapse
from feedback.operations.remark_rights import check_role, lock_remark
from feedback.rules.kinds import Kind
from feedback.rules.remark_letters import Purpose
from feedback.rules.told import UNNAMED, Told


@dataclass(frozen=True, slots=True)
class Said:
    """A compliment or suggestion that somebody gave a colleague. Without `sender`: nameless."""

    kind: Kind
    channel: str
    received_on: date
    words: str
    regarding: str = ""
    area_id: int | None = None
    sender: Particulars | None = None


@transaction.atomic
def log_remark(said: Said, *, by: User, now: datetime) -> Remark:
    """Record a compliment or suggestion for a caller, with its true day of receipt.

    :raises NotEntitled: if this is not for their role.
    :raises WrongDate: if it is said to be received in the future.
    :raises ReasonMissing: if it says nothing.
    """
    check_role(by)
    if said.received_on > london_day(now):
        raise WrongDate(f"{said.received_on:%-d %B %Y} is in the future.")
    if not said.words.strip():
        raise ReasonMissing("Write down what was said.")
    customer = save_customer(said.sender, now=now) if said.sender else None
    can_be_thanked = said.sender is not None and _has_a_safe_way(said.sender)
    return Remark.objects.create(
        reference=new_reference(),
        kind=said.kind.value,
        customer=customer,
        channel=said.channel,
        received_on=said.received_on,
        words=said.words,
        regarding=said.regarding,
        service_area_id=said.area_id,
        logged_by=by,
        logged_at=now,
        acknowledge_by=acknowledgement_due(said.received_on) if can_be_thanked else None,
    )


def _has_a_safe_way(sender: Particulars) -> bool:
    return bool(
        (sender.phone and not sender.phone_unsafe)
        or (sender.email and not sender.email_unsafe)
        or (sender.address and not sender.post_unsafe)
    )


@transaction.atomic
def pass_on(*, remark_id: int, by: User, now: datetime, to: User) -> PassedOn:
    """Tell a colleague of a compliment or suggestion, by an e-mail that leads to its page.

    :raises ActionNotAllowed: if they were told already, or could not open the page.
    """
    remark = lock_remark(remark_id, by)
    if not to.is_active or not to.has_role(*CHANGERS[Page.FEEDBACK]):
        raise ActionNotAllowed(f"{to.name} cannot open compliments and suggestions.")
    if remark.passed_on.filter(to=to).exists():
        raise ActionNotAllowed(f"{to.name} was told already.")
    kind = Kind(remark.kind).words.lower()
    OutboundMessage.objects.create(
        key=f"remark:{remark.reference}:{to.pk}",
        kind="remark",
        to_user=to,
        to_address=to.email,
        subject=f"A {kind} for you: {remark.reference}",
        body=(
            f"A customer sent us a {kind} that {by.name} passes on to you. Sign in to read it:"
            f"\n\n{address_of(remark.get_absolute_url())}\n"
        ),
        created_at=now,
        next_try_at=now,
    )
    return PassedOn.objects.create(remark=remark, to=to, by=by, at=now)


@transaction.atomic
def make_complaint(*, remark_id: int, by: User, now: datetime) -> Complaint:
    """Treat as a complaint what was sent as something else; the clock runs from its receipt.

    It is not counted among compliments and suggestions any more, and no letter about it waits.

    :raises NotEntitled: if this is not a complaints coordinator.
    :raises ActionNotAllowed: if it was made one before.
    """
    if not by.has_role(Role.COMPLAINTS_COORDINATOR):
        raise NotEntitled("Only a complaints coordinator makes a complaint of it.")
    remark = lock_remark(remark_id, by)
    for purpose in Purpose:
        let_lapse(remark, purpose, by=by, now=now)
    nobody = Particulars(name=UNNAMED, category=CustomerCategory.MEMBER_OF_THE_PUBLIC.value)
    told = Told(kind=Kind.COMPLAINT, words=remark.words, regarding=remark.regarding)
    lodging = Lodging(
        customer_id=(remark.customer or save_customer(nobody, now=now)).pk,
        channel=remark.channel,
        received_on=remark.received_on,
        summary=told.all_words,
        area_id=remark.service_area_id,
        file_ids=_files_of(remark),
    )
    complaint = lodge_shut_to_its_subjects(lodging, told, by=by, now=now)
    remark.complaint = complaint
    remark.save(update_fields=["complaint"])
    return complaint


def _files_of(remark: Remark) -> list[int]:
    submission = getattr(remark, "submission", None)
    return list(submission.files.values_list("file", flat=True)) if submission else []
