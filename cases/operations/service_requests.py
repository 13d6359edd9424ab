"""What is not, or not yet, a complaint: recorded, done, or turned into a complaint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import Complaint, Level, ServiceRequest, User
from cases.operations.lateness import said_of_lateness
from cases.operations.lodge import Lodging, lodge_complaint
from cases.rules.pages import CHANGERS, Page
from cases.rules.periods import london_day
from cases.rules.references import new_reference
from cases.rules.roles import Role
from cases.selectors.requests_page import is_known_as_complaint


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, or reported."""

    kind: str
    customer_id: int
    channel: str
    received_on: date
    words: str
    area_id: int | None = None
    category_id: int | None = None
    offered_complaint: bool = False
    passed_to: str = ""


@dataclass(frozen=True, slots=True)
class Dissatisfied:
    """What a customer says who complains about a request, and since when.

    `about_staff` are those it is about, as far as they are known.
    """

    received_on: date
    words: str = ""
    desired_outcome: str = ""
    level: Level = Level.NORMAL
    about_staff: Sequence[int] = ()
    about_staff_unnamed: bool = False


def log_request(asked: Asked, *, by: User, now: datetime) -> ServiceRequest:
    """Record a request that is not a complaint; the customer can still choose to complain.

    :raises NotEntitled: if this is not for their role.
    :raises WrongDate: if it is said to be received in the future.
    :raises ReasonMissing: if it says nothing.
    """
    if not by.has_role(*CHANGERS[Page.REQUESTS]):
        raise NotEntitled("Requests are for those who work on complaints.")
    _check_day(asked.received_on, now)
    if not asked.words.strip():
        raise ReasonMissing("Write down what was asked for.")
    return ServiceRequest.objects.create(
        reference=new_reference(),
        kind=asked.kind,
        customer_id=asked.customer_id,
        service_area_id=asked.area_id,
        category_id=asked.category_id,
        channel=asked.channel,
        received_on=asked.received_on,
        words=asked.words,
        offered_complaint=asked.offered_complaint,
        passed_to=asked.passed_to,
        logged_by=by,
        logged_at=now,
    )


@transaction.atomic
def finish_request(
    *, request_id: int, by: User, now: datetime, on: date, words: str
) -> ServiceRequest:
    """Record that a request was dealt with, and how; also of one that is a complaint (Code 1.5).

    :raises NotEntitled: if it is not open to this person.
    :raises ReasonMissing: if it is not said how.
    :raises ActionNotAllowed: if it is done already.
    :raises WrongDate: if the day is in the future, or before the request.
    """
    request = _locked(request_id, by)
    if not words.strip():
        raise ReasonMissing("Say what was done.")
    if request.done_on is not None:
        raise ActionNotAllowed("It is recorded as done already.")
    _check_day(on, now, since=request.received_on)
    request.done_on = on
    request.done_words = words
    request.save(update_fields=["done_on", "done_words"])
    return request


@transaction.atomic
def make_complaint(said: Dissatisfied, *, request_id: int, by: User, now: datetime) -> Complaint:
    """Turn a request into a complaint without typing it again (Code 1.5).

    The clock runs from the day the customer was dissatisfied, not from the request. One about
    staff waits for a coordinator, unless a coordinator makes it. The request stays to be done, and
    shows nothing of a restricted complaint made of it: whoever may not know of that one makes a
    complaint of their own, which the request then names.

    :raises NotEntitled: if it is not open to this person.
    :raises ActionNotAllowed: if it became a complaint already.
    :raises WrongDate: if the day is in the future, or before the request.
    :raises LatenessUnexplained: if it is logged late and nobody says why.
    """
    request = _locked(request_id, by)
    if is_known_as_complaint(request, by):
        raise ActionNotAllowed("It is a complaint already.")
    _check_day(said.received_on, now, since=request.received_on)
    is_about_staff = bool(said.about_staff) or said.about_staff_unnamed
    lodging = Lodging(
        customer_id=request.customer_id,
        channel=request.channel,
        received_on=said.received_on,
        summary="\n\n".join(part for part in (said.words.strip(), request.words) if part),
        desired_outcome=said.desired_outcome,
        category_id=request.category_id,
        area_id=request.service_area_id,
        level=said.level,
        about_staff=said.about_staff,
        about_staff_unnamed=said.about_staff_unnamed,
    )
    coordinates = by.has_role(Role.COMPLAINTS_COORDINATOR)
    complaint = lodge_complaint(
        lodging,
        by=by,
        now=now,
        needs_triage=is_about_staff and not coordinates,
        late=said_of_lateness(),
    )
    request.complaint = complaint
    if complaint.level != Level.RESTRICTED:
        request.offered_complaint = True
    request.save(update_fields=["complaint", "offered_complaint"])
    return complaint


@transaction.atomic
def keep_as_request(
    *, request_id: int, by: User, now: datetime, on: date, words: str
) -> ServiceRequest:
    """Record that the customer was dissatisfied, was told they can complain, and will not (1.3).

    It stands with the words of the request, with its day and who wrote it.

    :raises NotEntitled: if it is not open to this person.
    :raises ReasonMissing: if it is not said what the customer said.
    :raises ActionNotAllowed: if it became a complaint already.
    :raises WrongDate: if the day is in the future, or before the request.
    """
    request = _locked(request_id, by)
    if not words.strip():
        raise ReasonMissing("Write down what the customer said.")
    if is_known_as_complaint(request, by):
        raise ActionNotAllowed("It is a complaint already.")
    _check_day(on, now, since=request.received_on)
    note = (
        f"{on:%-d %B %Y}, {by.name}: not satisfied, told that it can be a complaint, does not "
        f"want to complain. {words.strip()}"
    )
    request.words = f"{request.words}\n\n{note}"
    request.offered_complaint = True
    request.save(update_fields=["words", "offered_complaint"])
    return request


def _locked(request_id: int, by: User) -> ServiceRequest:
    """Return the request as the database has it now, locked until the transaction ends."""
    requests = ServiceRequest.objects.visible_to(by)
    found = requests.select_for_update(of=("self",)).filter(pk=request_id).first()
    if found is None:
        raise NotEntitled("There is no such request, or it is not open to you.")
    return found


def _check_day(day: date, now: datetime, *, since: date | None = None) -> None:
    if day > london_day(now):
        raise WrongDate(f"{day:%-d %B %Y} is in the future.")
    if since is not None and day < since:
        raise WrongDate(f"The request was received on {since:%-d %B %Y}; it cannot be before that.")
