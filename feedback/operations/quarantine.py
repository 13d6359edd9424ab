"""What looked like abuse: released as what it is, or marked and kept."""

from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import User
from cases.rules.pages import CHANGERS, Page
from feedback.models import State, Submission
from feedback.operations.intake import take_in
from feedback.rules.told import Told


@transaction.atomic
def release(*, submission_id: int, by: User, now: datetime) -> Submission:
    """Take in what was in quarantine: received on its day, under the reference its sender has.

    :raises NotEntitled: if there is no such form, or it is not open to this person.
    :raises ActionNotAllowed: if somebody looked at it before.
    """
    submission = _held(submission_id, by)
    taken = take_in(
        Told.from_json(submission.told),
        reference=submission.reference,
        received_at=submission.received_at,
        received_on=submission.received_on,
        file_ids=list(submission.files.values_list("file", flat=True)),
        now=now,
    )
    submission.complaint = taken.complaint
    submission.remark = taken.remark
    submission.matching = taken.matching.value
    submission.told = {}
    submission.state = State.RELEASED.value
    submission.reviewed_at = now
    submission.reviewed_by = by
    submission.save(
        update_fields=[
            "complaint",
            "remark",
            "matching",
            "told",
            "state",
            "reviewed_at",
            "reviewed_by",
        ]
    )
    submission.about.clear()
    return submission


@transaction.atomic
def mark_as_abuse(*, submission_id: int, by: User, now: datetime, reason: str) -> Submission:
    """Mark a form as abuse. It is kept and counted, and can still be released.

    :raises ReasonMissing: without a reason.
    :raises NotEntitled: if there is no such form, or it is not open to this person.
    :raises ActionNotAllowed: if somebody looked at it before.
    """
    if not reason.strip():
        raise ReasonMissing("Say why this is abuse and nobody’s complaint.")
    submission = _held(submission_id, by, states=(State.QUARANTINED,))
    submission.state = State.ABUSE.value
    submission.reason = reason.strip()
    submission.reviewed_at = now
    submission.reviewed_by = by
    submission.save(update_fields=["state", "reason", "reviewed_at", "reviewed_by"])
    return submission


def _held(
    submission_id: int, by: User, *, states: tuple[State, ...] = (State.QUARANTINED, State.ABUSE)
) -> Submission:
    """Return a form in quarantine, locked until the transaction ends."""
    if not by.has_role(*CHANGERS[Page.QUARANTINE]):
        raise NotEntitled("Only a complaints coordinator decides about quarantine.")
    open_to = Submission.objects.open_to(by)
    found = open_to.select_for_update(of=("self",)).filter(pk=submission_id).first()
    if found is None:
        raise NotEntitled("There is no such form, or it is not open to you.")
    if found.state not in states:
        raise ActionNotAllowed(
            f"This was dealt with already: {State(found.state).words.lower()}"
            f"{f' by {found.reviewed_by.name}' if found.reviewed_by else ''}."
        )
    return found
