"""Messages on their way out: whether one may still be sent, and who may send it again."""

from datetime import date, datetime
from typing import Protocol

from django.db.models.functions import Lower

from cases.models import (
    RESTRICTION_LETTER,
    Complaint,
    Customer,
    Letter,
    Level,
    OutboundMessage,
    RecordedEvent,
    RestrictionLetter,
    RoleGrant,
    TrackingLink,
    User,
)
from cases.rules.acts import GRANTS, Act
from cases.rules.events import EventKind
from cases.rules.letters import FOR_THE_CUSTOMER_ALONE
from cases.rules.pages import CHANGERS, Page
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.rules.tracking import CODE_MESSAGE, LINK_PATH
from cases.selectors.reminders import colleagues, sight_of
from cases.selectors.restrictions import closed_ways, restrictions_known_to, told_of
from cases.selectors.standing import roles_for
from cases.selectors.tracking import may_be_followed, open_link

# The facts of the note why a closed way was used: the way, and the entry that the letter tells of.
CLOSED_WAY, LETTER_OF = "closed_way", "letter_of"
# What is read with a message to judge whether it may go.
READ_WITH = ("complaint__customer", "to_user", "letter__to_customer", "letter__to_speaker")
# The receipt for whoever says that they speak for a customer; questions to people outside the case.
FOR_OTHERS = frozenset({"receipt", "information"})


class _WhyNotRead(Protocol):
    """Says why nobody could read the letter that an e-mail only tells of, or nothing."""

    def __call__(self, message: OutboundMessage, *, now: datetime) -> str: ...


# What other parts of the system say of their own e-mails that only tell of a letter.
READ_ELSEWHERE: list[_WhyNotRead] = []


def letter_in(message: OutboundMessage) -> Letter | None:
    """Return the letter that an e-mail carries, if it carries one."""
    return getattr(message, "letter", None)


def restriction_letter_in(message: OutboundMessage) -> RestrictionLetter | None:
    """Return the letter about a restriction of contact that an e-mail carries, with its customer.

    One query for such an e-mail, none for others.
    """
    if message.kind != RESTRICTION_LETTER:
        return None
    letters = RestrictionLetter.objects.select_related("restriction__customer", "record")
    return letters.filter(message=message).first()


def customer_written_to(message: OutboundMessage) -> Customer | None:
    """Return the customer to whom a message goes; nothing if it goes to somebody else.

    `message` has its complaint with the customer. One query if its letter was not read with it.
    """
    letter = letter_in(message)
    if message.complaint is None or message.kind in FOR_OTHERS:
        return None
    if letter is None or letter.copy_of_id is None:
        return message.complaint.customer
    return letter.to_customer


def reason_not_to_send(message: OutboundMessage, *, now: datetime) -> str:
    """Return why a message must not be sent any more, or nothing. At most eight queries.

    A customer may have said since that e-mail is not safe for them, or that somebody may no longer
    speak for them; the complaint may be sensitive by now; a restriction may close e-mail by now,
    and nobody said why it is used; the letter that an e-mail tells of may not be read on the web
    any more; a colleague may have left.
    """
    if message.to_user is not None:
        return "" if message.to_user.is_active else "The colleague can no longer sign in."
    letter = letter_in(message)
    speaker = letter.to_speaker if letter else None
    if speaker is not None and not speaker.standing_on(london_day(now)).speaks:
        return "They may no longer speak for the customer."
    if letter is not None and _tells_too_much(message, letter):
        return "The complaint is sensitive or restricted since, and the e-mail is the whole letter."
    about = restriction_letter_in(message)
    customer = about.restriction.customer if about else customer_written_to(message)
    if customer is not None and customer.email_unsafe:
        return "The customer has said since that e-mail is not safe."
    # What tells of a restriction goes by a way that it closes where no other is safe.
    if customer is not None and about is None and _is_closed(message, customer):
        return "Contact with the customer by e-mail is restricted since."
    shared = Customer.objects.alias(lowered=Lower("email")).filter(
        lowered=message.to_address.lower(), email_unsafe=True
    )
    if shared.exists():
        return "A customer with this address has said that e-mail is not safe."
    return _why_not_read(message, now=now)


def is_read_on_the_web(letter: Letter | None) -> bool:
    """Say whether an e-mail only tells of a letter, which is read where the complaint is followed.

    A question that is answered by a link of its own is not.
    """
    return letter is not None and letter.is_notice and letter.kind not in FOR_THE_CUSTOMER_ALONE


def _why_not_read(message: OutboundMessage, *, now: datetime) -> str:
    """Return why nobody could read the letter that an e-mail only tells of, or nothing."""
    letter = letter_in(message)
    complaint = message.complaint
    if complaint is None:
        reasons = (why_not(message, now=now) for why_not in READ_ELSEWHERE)
        return next(filter(None, reasons), "")
    if letter is None or not is_read_on_the_web(letter):
        return ""
    if not may_be_followed(complaint, now=now):
        return (
            "It says only that there is a letter, and the complaint cannot be followed on the web "
            "now."
        )
    if LINK_PATH not in message.body:
        return ""
    # One that came after the one in it opens the same page.
    links = TrackingLink.objects.filter(
        complaint=message.complaint_id,
        speaker=letter.to_speaker_id,
        joint__customer=letter.to_customer_id,
        sent_to__iexact=message.to_address,
    )
    newest = links.order_by("-pk").first()
    works = newest is not None and open_link(newest.token_hash, now=now) is not None
    return "" if works else "The link in it opens nothing any more."


def _tells_too_much(message: OutboundMessage, letter: Letter) -> bool:
    """Say whether a whole letter would go by e-mail of what is sensitive by now (decision 62)."""
    complaint = message.complaint
    return complaint is not None and complaint.level != Level.NORMAL and not letter.is_notice


def _is_closed(message: OutboundMessage, customer: Customer) -> bool:
    """Say whether a restriction closes e-mail, and nobody said why the letter goes so."""
    if "email" not in closed_ways(customer):
        return False
    letter = letter_in(message)
    original = (letter.copy_of or letter) if letter else None
    number = original.event_number if original else 0
    said = RecordedEvent.objects.filter(
        complaint=message.complaint_id,
        kind=EventKind.NOTED.value,
        **{f"facts__{LETTER_OF}": number, f"facts__{CLOSED_WAY}__isnull": False},
    )
    return not said.exists()


def told_of_unsent(message: OutboundMessage, *, today: date) -> list[User]:
    """Return who has to find another way to reach the customer: coordinators who may know of it.

    Nobody is told when a message to a colleague is stopped, nor a code: whoever knows a reference
    can ask for one again and again, and the customer who needs one rings.
    """
    if message.to_user_id is not None or message.kind == CODE_MESSAGE:
        return []
    if about := restriction_letter_in(message):
        return told_of(about.restriction, today=today)
    if message.complaint is None:
        grants = RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value)
        keys = set(grants.values_list("user_id", flat=True))
    else:
        people = colleagues(today=today)
        keys = set(
            people.recipients(Role.COMPLAINTS_COORDINATOR, sight_of(message.complaint, today=today))
        )
    return list(User.objects.filter(pk__in=keys, is_active=True).order_by("pk"))


def may_requeue(message: OutboundMessage, by: User) -> bool:
    """Say whether somebody may send a message again.

    A message about a complaint: whoever may read that complaint and post its letters. One about a
    restriction of contact: whoever deals with complaints and may know of it. Any other:
    administrators and coordinators.
    """
    if about := restriction_letter_in(message):
        known = restrictions_known_to(by).filter(pk=about.restriction_id)
        return by.has_role(*CHANGERS[Page.RESTRICTIONS]) and known.exists()
    if message.complaint is not None:
        readable = Complaint.objects.readable_by(by).filter(pk=message.complaint.pk)
        return readable.exists() and may_send_letters(by, message.complaint)
    return by.is_active and by.has_role(Role.SYSTEM_ADMINISTRATOR, Role.COMPLAINTS_COORDINATOR)


def may_send_letters(user: User, complaint: Complaint) -> bool:
    """Say whether somebody's roles allow them to bring letters of a complaint on their way."""
    return bool(roles_for(user, complaint) & GRANTS[Act.POST_LETTER])
