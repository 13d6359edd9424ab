"""Letters: made in the transaction of the act that they tell of, on paper or as an e-mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cases.errors import ActionNotAllowed
from cases.models import Customer, Landlord, Letter, OutboundMessage, OutsideBodyDetails, User
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import ANSWERS, EventKind, Outcome, PanelDecision
from cases.rules.letters import LetterFacts, LetterKind, letter_paragraphs

# Nothing about the complaint: somebody else may see the list of messages.
SUBJECT = "About your enquiry {reference}"


@dataclass(frozen=True, slots=True)
class Telling:
    """How the customer is told: the channel, and what the officer wrote.

    `channel` is "email" or "post" for a letter made here; anything else (telephone, in person,
    a letter written elsewhere) is only recorded.
    """

    channel: str
    words: str = ""

    @property
    def makes_letter(self) -> bool:
        """Say whether a letter is made here."""
        return self.channel in ("email", "post")

    @property
    def is_written(self) -> bool:
        """Say whether the customer gets something in writing."""
        return self.channel in ("email", "post", "letter_elsewhere", "by_hand")


def check_channel(customer: Customer, channel: str) -> None:
    """Refuse a channel that is not safe for this customer, or for which there is no address.

    :raises ActionNotAllowed: if nothing may or can be sent that way.
    """
    unsafe = {
        "email": customer.email_unsafe,
        "phone": customer.phone_unsafe,
        "post": customer.post_unsafe,
    }
    if unsafe.get(channel):
        raise ActionNotAllowed(
            f"The customer said that {channel} is not safe. Choose another way to reach them."
        )
    if channel == "email" and not customer.email:
        raise ActionNotAllowed("There is no e-mail address for this customer.")
    if channel == "post" and not customer.address_lines:
        raise ActionNotAllowed("There is no postal address for this customer.")


def issue_letter(
    case: CaseFile,
    kind: LetterKind,
    telling: Telling,
    *,
    event_number: int,
    heard_in: tuple[str, int] | None = None,
    outcome: Outcome | None = None,
    panel_decision: PanelDecision | None = None,
    remedies: Sequence[str] = (),
    amount: str = "",
    late_because: str = "",
    new_due_on: date | None = None,
    hearing_on: date | None = None,
    hearing_place: str = "",
    enclosures: Sequence[str] = (),
) -> Letter | None:
    """Make the letter that tells of an act, after its event was added; none if told otherwise.

    An e-mail is queued with it; a letter on paper goes to the list of letters to print and post.
    `heard_in` is the stage and visit it tells of, when its event sent the complaint elsewhere.

    :raises ActionNotAllowed: if that way is not safe for the customer, or lacks an address.
    """
    complaint, customer = case.complaint, case.complaint.customer
    check_channel(customer, telling.channel)
    if not telling.makes_letter:
        return None
    ombudsman = OutsideBodyDetails.objects.on("ombudsman", case.today)
    stage, visit = heard_in or (case.state.stage, case.state.visit)
    facts = LetterFacts(
        kind=kind,
        stage=stage,
        visit=visit,
        reference=complaint.reference,
        terms=case.terms,
        state=case.state,
        outside=ombudsman.lines if ombudsman else (),
        words=telling.words,
        outcome=outcome,
        panel_decision=panel_decision,
        remedies=remedies,
        amount=amount,
        late_because=late_because,
        new_due_on=new_due_on,
        hearing_on=hearing_on,
        hearing_place=hearing_place,
        enclosures=enclosures,
    )
    body = "\n\n".join(letter_paragraphs(facts))
    subject = SUBJECT.format(reference=complaint.reference)
    return Letter.objects.create(
        complaint=complaint,
        event_number=event_number,
        kind=kind.value,
        to_name=customer.name,
        to_address="\n".join(customer.address_lines),
        letter_format=customer.letter_format,
        channel=telling.channel,
        subject=subject,
        body=body,
        issued_at=case.now,
        issued_by=case.by,
        message=_queue(case, letter_kind=kind, subject=subject, body=body, number=event_number)
        if telling.channel == "email"
        else None,
    )


def _queue(
    case: CaseFile, *, letter_kind: LetterKind, subject: str, body: str, number: int
) -> OutboundMessage:
    complaint = case.complaint
    landlord = Landlord.objects.first()
    signed = landlord.name if landlord else ""
    return OutboundMessage.objects.create(
        key=f"letter:{complaint.reference}:{number}:{letter_kind.value}",
        kind=f"letter_{letter_kind.value}",
        complaint=complaint,
        to_address=complaint.customer.email,
        subject=subject,
        body=f"Dear {complaint.customer.name},\n\n{body}\n\nYours sincerely\n\n{signed}\n",
        created_at=case.now,
        next_try_at=case.now,
    )


def mark_posted(*, letter_id: int, by: User, now: datetime, on: date) -> Letter:
    """Record that a letter went to the post on a day.

    When it went later than it was written, the customer's window counts from the posting.

    :raises ActionNotAllowed: if it is not a letter on paper, or was posted already.
    """
    complaint_id = Letter.objects.values_list("complaint_id", flat=True).get(pk=letter_id)
    with recording(
        complaint_id=complaint_id, act=Act.POST_LETTER, by=by, now=now, seen=None
    ) as case:
        letter = Letter.objects.get(pk=letter_id)
        if letter.channel != "post" or letter.posted_on is not None:
            raise ActionNotAllowed("This letter is not waiting to be posted.")
        answers = {e.number: e for e in case.state.events if e.kind in ANSWERS}
        event = answers.get(letter.event_number)
        if event is not None and on != event.on:
            case.add(
                EventKind.CORRECTED,
                facts={"target": event.number, "changes": {"posted_on": on.isoformat()}},
            )
        letter.posted_on = on
        letter.posted_by = by
        letter.save(update_fields=["posted_on", "posted_by"])
    return letter
