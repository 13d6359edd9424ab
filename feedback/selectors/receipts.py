"""How it stands with a form that was sent, for whoever has the code of its receipt.

The code is shown to the browser that sent the form, and stands in the receipt by email. It opens
what the receipt says and whether somebody has read it, and nothing of what was told: whoever
typed an address has not shown yet whose it is. What waits in quarantine looks like the rest.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.crypto import constant_time_compare, salted_hmac

from cases.rules.references import ALPHABET, spellings
from cases.rules.tracking import in_groups, tidy_code
from cases.selectors.tracking import may_be_followed
from feedback.models import Submission


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether somebody has read a form, and whether its complaint can be followed by now.

    `is_taken_up`: it goes on elsewhere, so that the days first told may be over or changed.
    """

    is_read: bool
    is_taken_up: bool
    is_followed: bool


def code_of(submission: Submission) -> str:
    """Return the code of a receipt: sixty bits that follow from a secret of ours and its token."""
    secret = salted_hmac(
        "feedback.receipt", f"{submission.token_hash}:{submission.reference}", algorithm="sha256"
    )
    number = int.from_bytes(secret.digest()[:8])
    return in_groups("".join(ALPHABET[(number >> 5 * place) & 31] for place in range(12)))


def received() -> "QuerySet[Submission]":
    """Return the forms with what tells how they stand."""
    return Submission.objects.select_related("complaint", "remark").prefetch_related("files__file")


def sent_with_code(*, reference: str, code: str) -> Submission | None:
    """Return the form with this reference if that is the code of its receipt, or nothing.

    One query, whether there is such a form or not: nobody can tell by the time it takes.
    """
    found = Submission.objects.filter(reference__in=spellings(reference)).first()
    if found is None or not constant_time_compare(tidy_code(code_of(found)), tidy_code(code)):
        return None
    return found


def standing_of(submission: Submission, *, now: datetime) -> Standing:
    """Return how it stands with a form, from `received`. One query once it is accepted."""
    complaint, remark = submission.complaint, submission.remark
    is_accepted = complaint is not None and not complaint.needs_triage
    is_answered = remark is not None and remark.acknowledged_on is not None
    is_taken_up = is_accepted or is_answered
    return Standing(
        is_read=is_taken_up or submission.reviewed_at is not None,
        is_taken_up=is_taken_up,
        is_followed=is_accepted and complaint is not None and may_be_followed(complaint, now=now),
    )
