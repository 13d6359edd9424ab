"""What is not, or not yet, a complaint: recorded, done, or turned into a complaint."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, ServiceRequest, User
from cases.operations.lodge import Lodging, lodge_complaint
from cases.rules.references import new_reference


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


def log_request(asked: Asked, *, by: User, now: datetime) -> ServiceRequest:
    """Record a request that is not a complaint; the customer can still choose to complain."""
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
def finish_request(*, request_id: int, on: date, words: str) -> ServiceRequest:
    """Record that a request was dealt with, and how.

    :raises ReasonMissing: if it is not said how.
    :raises ActionNotAllowed: if it is done, or became a complaint.
    """
    if not words.strip():
        raise ReasonMissing("Say what was done.")
    request = _waiting(request_id)
    request.done_on = on
    request.done_words = words
    request.save(update_fields=["done_on", "done_words"])
    return request


@transaction.atomic
def make_complaint(
    *, request_id: int, received_on: date, desired_outcome: str, by: User, now: datetime
) -> Complaint:
    """Turn a request into a complaint without typing it again (Code 1.5).

    The clock runs from the day the customer was dissatisfied, not from the request.

    :raises ActionNotAllowed: if it became a complaint already.
    """
    request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.complaint_id is not None:
        raise ActionNotAllowed("It is a complaint already.")
    lodging = Lodging(
        customer_id=request.customer_id,
        channel=request.channel,
        received_on=received_on,
        summary=request.words,
        desired_outcome=desired_outcome,
        category_id=request.category_id,
        area_id=request.service_area_id,
    )
    complaint = lodge_complaint(lodging, by=by, now=now, needs_triage=False)
    request.complaint = complaint
    request.save(update_fields=["complaint"])
    return complaint


def _waiting(request_id: int) -> ServiceRequest:
    request = ServiceRequest.objects.select_for_update(of=("self",)).get(pk=request_id)
    if request.done_on is not None:
        raise ActionNotAllowed("It is recorded as done already.")
    if request.complaint_id is not None:
        raise ActionNotAllowed("It is a complaint now.")
    return request
