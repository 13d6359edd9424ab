"""Somebody saw what is not theirs in a receipt, or in thanks or an answer read by a link."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from cases.models import OutboundMessage
from cases.operations.alerts import address_of
from cases.operations.breaches import breach_at_receipt
from cases.operations.inserting import insert_unless_taken
from cases.operations.jobs import once
from cases.rules.periods import london_day
from feedback.models import RemarkLetter, Sighting, Submission
from feedback.operations.remark_notices import open_letter
from feedback.selectors.staff import coordinators

LETTER, RECEIPT = "the letter to its sender", "the page of the receipt"
SUBJECT = "Somebody else’s information was seen on the web"


@transaction.atomic
def breach_in_letter(*, token: str, words: str, now: datetime) -> bool:
    """End the link to thanks or an answer, and tell the coordinators; False if it does not work."""
    letter = open_letter(token, now=now)
    if letter is None:
        return False
    ended = RemarkLetter.objects.filter(pk=letter.pk, token_hash=letter.token_hash)
    if not ended.update(token_hash="", opens_until=None):
        # Of two at once the first tells.
        return False
    remark = letter.remark
    Sighting.objects.create(remark=remark, place=LETTER, words=words.strip(), at=now)
    _tell(remark.reference, remark.get_absolute_url(), place=LETTER, now=now)
    return True


@transaction.atomic
def breach_in_receipt(*, reference: str, words: str, now: datetime) -> bool:
    """Keep what was seen in a receipt by others, and tell whoever has to act.

    They are told once a day: whoever kept what opens the receipt cannot tell them again and again.
    False if there is no such receipt.
    """
    sent = Submission.objects.select_related("complaint", "remark").filter(reference=reference)
    submission = sent.first()
    if submission is None:
        return False
    tells = once("breach in a receipt", f"{submission.pk}:{london_day(now)}", now)
    if submission.complaint is not None:
        breach_at_receipt(complaint_id=submission.complaint.pk, words=words, now=now, tells=tells)
        return True
    remark = submission.remark
    with_what = {"remark": remark} if remark else {"submission": submission}
    Sighting.objects.create(**with_what, place=RECEIPT, words=words.strip(), at=now)
    if not tells:
        return True
    held = reverse("feedback:quarantined", args=[reference])
    page = remark.get_absolute_url() if remark else held
    about = set(submission.about.values_list("pk", flat=True))
    _tell(reference, page, place=RECEIPT, but=about, now=now)
    return True


def _tell(
    reference: str,
    page: str,
    *,
    place: str,
    now: datetime,
    but: "set[int] | frozenset[int]" = frozenset(),
) -> None:
    """Tell every coordinator, but those whom it may be about, in words that quote nobody.

    What was seen stands in no e-mail: it is read on the page.
    """
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
                    f"Whoever opened {place} about {reference} says that they can see somebody "
                    f"else’s information. What they say stands with it. Look at it, and tell your "
                    f"data protection officer today.\n\n{address_of(page)}\n"
                ),
                created_at=now,
                next_try_at=now,
            )
        )
