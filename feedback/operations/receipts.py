"""The receipt by email: neutral, with reference and dates, and none of what was told."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from cases.models import Complaint, Landlord, OutboundMessage
from cases.operations.letters import SUBJECT
from feedback.rules.abuse import RECEIPTS_A_DAY
from feedback.rules.promises import NextStep


def hash_of_email(address: str) -> str:
    """Return a code for an email address that tells nobody what it is."""
    plain = address.strip().lower()
    return salted_hmac("feedback.email", plain, algorithm="sha256").hexdigest() if plain else ""


def queue_receipt(
    *,
    to: str,
    reference: str,
    complaint: Complaint | None,
    steps: Sequence[NextStep],
    today: date,
    now: datetime,
) -> OutboundMessage | None:
    """Queue the receipt; none when the address had its three for the day.

    The key counts them, so that two at once cannot exceed the number.
    """
    code = hash_of_email(to)
    for number in range(1, RECEIPTS_A_DAY + 1):
        key = f"receipt:{code}:{today.isoformat()}:{number}"
        if OutboundMessage.objects.filter(key=key).exists():
            continue
        try:
            with transaction.atomic():
                return OutboundMessage.objects.create(
                    key=key,
                    kind="receipt",
                    complaint=complaint,
                    to_address=to,
                    subject=SUBJECT.format(reference=reference),
                    body=_body(reference, steps, received_on=today),
                    created_at=now,
                    next_try_at=now,
                )
        except IntegrityError:
            continue
    return None


def _body(reference: str, steps: Sequence[NextStep], *, received_on: date) -> str:
    landlord = Landlord.objects.first()
    name = landlord.name if landlord else ""
    telephone = landlord.telephone if landlord else ""
    dates = "\n".join(
        f"- By {step.by:%A %-d %B %Y} we will {step.neutral_words}." for step in steps
    )
    call = f" or ring {telephone}" if telephone else ""
    return (
        f"Thank you for getting in touch. We received your message on "
        f"{received_on:%A %-d %B %Y}. Your reference is {reference}.\n\n"
        f"What happens next\n\n{dates}\n\n"
        f"To add anything, write to us{call}, and give your reference. If you did not send us "
        f"anything, somebody may have typed your address by mistake: you need do nothing.\n\n"
        f"{name}\n"
    )
