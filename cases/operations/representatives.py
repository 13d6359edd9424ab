"""Asking a customer about somebody who speaks for them, and the receipt that is all others get."""

from datetime import datetime

from cases.errors import ActionNotAllowed
from cases.models import Complaint, Landlord, OutboundMessage, Representative, User
from cases.operations.consent import add_link
from cases.operations.letterheads import signature
from cases.operations.letters import issue_letter
from cases.operations.record import CaseFile, recording
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.authority import Authority, Deed, deeds
from cases.rules.events import EventKind
from cases.rules.letters import LetterKind

# Says nothing about any customer, nor that there is one: whoever wrote may be anybody.
RECEIPT_SUBJECT = "We have your message"
RECEIPT = (
    "Thank you for your message. It has reached us, and we will look into what you told us.\n\n"
    "If you wrote on behalf of somebody else, we will ask them ourselves before we tell anybody "
    "anything. Until they have said yes we cannot say whether we know them, or what we hold. What "
    "we find goes to them."
)


def ask_customer(
    *, complaint_id: int, representative_id: int, telling: Telling, by: User, now: datetime
) -> Complaint:
    """Ask the customer, at their own address, whether somebody may speak for them (HH-4, KF-1).

    :raises ActionNotAllowed: if that is established already, or the customer cannot be asked so.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        speaker = _speaker(case, representative_id)
        if Deed.ASK_CUSTOMER not in deeds(speaker.standing_on(case.today)):
            raise ActionNotAllowed("The customer has confirmed them already.")
        number = case.add(
            EventKind.DETAILS_CHANGED,
            facts={
                "representative": speaker.pk,
                "authority": Authority.ASKED.value,
                "channel": telling.channel,
            },
            words={"letter": telling.words},
        )
        letter = issue_letter(
            case,
            LetterKind.CONSENT_REQUEST,
            telling,
            event_number=number,
            speaker=speaker.name,
            speakers_part=speaker.relationship,
        )
        speaker.authority = Authority.ASKED.value
        speaker.established_by = ""
        speaker.save(update_fields=["authority", "established_by"])
        if letter is not None and letter.message is not None:
            add_link(case, speaker, letter.message)
    return case.complaint


def send_receipt(
    *, complaint_id: int, representative_id: int, by: User, now: datetime
) -> OutboundMessage:
    """Tell whoever wrote for a customer that their message came, and not a word more; once.

    :raises ActionNotAllowed: if there is no e-mail address, or they had it.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_PEOPLE, by=by, now=now, seen=None
    ) as case:
        speaker = _speaker(case, representative_id)
        if not speaker.email:
            raise ActionNotAllowed("There is no e-mail address for them.")
        key = f"receipt:{case.complaint.reference}:{speaker.pk}:{speaker.email.lower()}"
        if OutboundMessage.objects.filter(key=key).exists():
            raise ActionNotAllowed("They were told that their message came.")
        case.add(EventKind.DETAILS_CHANGED, facts={"receipt_to": speaker.pk, "channel": "email"})
        names = "\n".join(signature(None, Landlord.objects.first()))
        message = OutboundMessage.objects.create(
            key=key,
            kind="receipt",
            complaint=case.complaint,
            to_address=speaker.email,
            subject=RECEIPT_SUBJECT,
            body=f"Dear {speaker.name},\n\n{RECEIPT}\n\nYours sincerely\n\n{names}\n",
            created_at=case.now,
            next_try_at=case.now,
        )
    return message


def _speaker(case: CaseFile, key: int) -> Representative:
    found = case.complaint.representatives.filter(pk=key).first()
    if found is None:
        raise ActionNotAllowed("They are not part of this complaint.")
    return found
