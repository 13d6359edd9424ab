"""Somebody saw what is not theirs in a receipt, or in thanks or an answer read by a link."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from cases.models import OutboundMessage
from cases.operations.alerts import address_of
from cases.operations.breaches import breach_at_receipt
from cases.operations.inserting import insert_unless_taken
from cases.rules.periods import london_day
from feedback.models import RemarkLetter, Submission
from feedback.operations.remark_notices import open_letter
from feedback.selectors.staff import coordinators

SUBJECT = "Somebody else’s information was seen on the web"


@transaction.atomic
def breach_in_letter(*, token: str, words: str, now: datetime) -> bool:
    """End the link to thanks or an answer, and tell the coordinators; False if it does not work."""
    letter = open_letter(token, now=now)
    if letter is None:
        return False
    RemarkLetter.objects.filter(pk=letter.pk).update(token_hash="", opens_until=None)
    remark = letter.remark
    _tell(
        remark.reference,
        remark.get_absolute_url(),
        words,
        where="the letter to its sender",
        now=now,
    )
    return True


@transaction.atomic
def breach_in_receipt(*, reference: str, words: str, now: datetime) -> bool:
    """Tell whoever has to act that a receipt was seen by others; False if there is none."""
    sent = Submission.objects.select_related("complaint", "remark").filter(reference=reference)
    submission = sent.first()
    if submission is None:
        return False
    if submission.complaint is not None:
        breach_at_receipt(complaint_id=submission.complaint.pk, words=words, now=now)
        return True
    remark = submission.remark
    page = remark.get_absolute_url() if remark else reverse("feedback:quarantine")
    about = set(submission.about.values_list("pk", flat=True))
    _tell(reference, page, words, where="the page of the receipt", but=about, now=now)
    return True


def _tell(
    reference: str,
    page: str,
    words: str,
    *,
    where: str,
    now: datetime,
    but: "set[int] | frozenset[int]" = frozenset(),
) -> None:
    """Tell every coordinator, but those whom it may be about, in words that quote nobody.

    What was seen stands in no e-mail: it is asked for.
    """
    said = " They say what they saw: ask them." if words.strip() else ""
    for person, address in coordinators(today=london_day(now)).items():
        if person in but:
            continue
        insert_unless_taken(
            OutboundMessage(
                key=f"breach:{reference}:{now.isoformat()}:{person}",
                kind="feedback_alert",
                to_user_id=person,
                to_address=address,
                subject=SUBJECT,
                body=(
                    f"Whoever opened {where} about {reference} says that they can see somebody "
                    f"else’s information.{said} Look at it, and tell your data protection officer "
                    f"today.\n\n{address_of(page)}\n"
                ),
                created_at=now,
                next_try_at=now,
            )
        )
