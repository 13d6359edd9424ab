"""The receipt by email: neutral, with reference and dates, and none of what was told."""

from collections.abc import Sequence
from datetime import date, datetime

from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.models import Complaint, OutboundMessage
from cases.operations.alerts import address_of
from cases.operations.inserting import insert_unless_taken
from cases.rules.letters import SUBJECT
from cases.selectors.running import landlord
from cases.selectors.speaking import machine_note, public_path
from feedback.rules.abuse import RECEIPTS_A_DAY
from feedback.rules.promises import NextStep

# Where a reference and a code are entered.
ENTER = "/track/code/"


def hash_of_email(address: str) -> str:
    """Return a code for an email address that tells nobody what it is."""
    plain = address.strip().lower()
    return salted_hmac("feedback.email", plain, algorithm="sha256").hexdigest() if plain else ""


def queue_receipt(
    *,
    to: str,
    reference: str,
    code: str,
    complaint: Complaint | None,
    steps: Sequence[NextStep],
    today: date,
    now: datetime,
) -> OutboundMessage | None:
    """Queue the receipt; none when the address had its three for the day.

    The key counts them, so that two at once cannot exceed the number.
    """
    whose = hash_of_email(to)
    body = _body(reference, code, steps, received_on=today)
    for number in range(1, RECEIPTS_A_DAY + 1):
        message = OutboundMessage(
            key=f"receipt:{whose}:{today.isoformat()}:{number}",
            kind="receipt",
            complaint=complaint,
            to_address=to,
            subject=_(SUBJECT).format(reference=reference),
            body=body,
            created_at=now,
            next_try_at=now,
        )
        if insert_unless_taken(message):
            return message
    return None


def _body(reference: str, code: str, steps: Sequence[NextStep], *, received_on: date) -> str:
    ours = landlord()
    name = ours.name if ours else ""
    telephone = ours.telephone if ours else ""
    dates = "\n".join(
        _("- By %(day)s we will %(doing)s.")
        % {"day": date_format(step.by, "l j F Y"), "doing": _(step.neutral_words)}
        for step in steps
    )
    how = (
        _("To add anything, write to us or ring %(telephone)s, and give your reference.")
        if telephone
        else _("To add anything, write to us, and give your reference.")
    )
    came = _(
        "Thank you for getting in touch. We received your message on %(day)s. Your reference is "
        "%(reference)s."
    ) % {"day": date_format(received_on, "l j F Y"), "reference": reference}
    look = _(
        "You can see how it stands at %(address)s with your reference and this code: %(code)s."
    ) % {"address": address_of(public_path(ENTER)), "code": code}
    mistake = _(
        "If you did not send us anything, somebody may have typed your address by mistake: you "
        "need do nothing."
    )
    heading = _("What happens next")
    told = f"{came}\n\n{heading}\n\n{dates}\n\n{look}\n\n{how % {'telephone': telephone}} {mistake}"
    return f"{told}\n\n{name}\n{machine_note()}"
