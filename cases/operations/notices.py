"""E-mails that say only that there is a letter, and where it is read (decision 62).

Whoever else may see an e-mail learns nothing from one. The letter itself is kept as it was issued,
and read in full where its reader follows the complaint, once they have proved who they are.
"""

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from django.utils.translation import gettext as _

from cases.errors import ActionNotAllowed
from cases.models import (
    Complaint,
    Customer,
    JointComplainant,
    Landlord,
    Level,
    OutboundMessage,
    Representative,
)
from cases.operations.alerts import address_of
from cases.operations.tracking import ASK_US, CODE_PAGE, RING_US, gets_link, tracking_link
from cases.operations.ways import channel_refusal, way_refusal
from cases.rules.wording import marked
from cases.selectors.messages import is_read_on_the_web, letter_in
from cases.selectors.speaking import machine_note, public_path, speaking_to
from cases.selectors.tracking import may_be_followed

TOLD = marked(
    "Dear {reader},\n\nThere is a letter for you about your enquiry {reference}. This email does "
    "not say what is in it, because others might see it. You can read the letter, and save it, on "
    "our website.\n\nIf you cannot open it, or would rather have our letters in another way, "
    "{ask}.\n\n{name}"
)
HELLO = marked("Hello,")
CODE_FROM_US = marked(
    "You need a code to read it. Please {ask}: once we are sure that it is you, we give you one on "
    "the telephone or by post. You enter it with the reference above on this page:\n\n{page}"
    "\n\nYou need no account."
)
ASKED = marked(
    "Dear {reader},\n\nThere is a question for you about your enquiry {reference}. This email does "
    "not say what it is, because others might see it.\n\nIf you would rather answer on the "
    "telephone or on paper, {ask}.\n\n{name}"
)


class _WritesAnew(Protocol):
    """Gives an e-mail that only tells of a letter a new link; False if it is not its own."""

    def __call__(self, message: OutboundMessage, *, now: datetime) -> bool: ...


# What other parts of the system do with their own e-mails that only tell of a letter.
WRITTEN_ANEW: list[_WritesAnew] = []


class Reading(StrEnum):
    """How the reader of an e-mail comes to read its letter."""

    ALONE = "alone"
    WITH_A_CODE = "with_a_code"
    NOT_NOW = "not_now"


def is_notice(complaint: Complaint, reader: Customer | Representative) -> bool:
    """Say whether an e-mail to somebody says only that there is a letter.

    The whole letter goes to customers, and to whoever speaks for one, if they asked for that;
    never of a sensitive or restricted complaint.
    """
    return complaint.level != Level.NORMAL or not reader.letters_by_email


def reading(
    complaint: Complaint,
    *,
    to: str,
    reader: Customer | None,
    now: datetime,
    speaker: Representative | None = None,
    joint: JointComplainant | None = None,
) -> Reading:
    """Return how somebody reads a letter that goes to an e-mail address. At most three queries.

    Alone, as it stands in the e-mail or behind a link of their own; with a code for which they
    have to ask us, where such a link would prove too little; or not at all now.
    """
    whose = speaker or reader or complaint.customer
    if not is_notice(complaint, whose):
        return Reading.ALONE
    if not may_be_followed(complaint, now=now):
        return Reading.NOT_NOW
    has_link = gets_link(complaint, to=to, now=now, speaker=speaker, joint=joint)
    return Reading.ALONE if has_link else Reading.WITH_A_CODE


def can_be_written_to(complaint: Complaint, *, now: datetime) -> bool:
    """Say whether a letter can reach the customer by a safe way for which there is an address.

    An e-mail that says only that there is a letter is none while that cannot be read. At most three
    queries, and none where the letter can be posted.
    """
    customer = complaint.customer
    if not channel_refusal(customer, "post"):
        return True
    if channel_refusal(customer, "email"):
        return False
    how = reading(complaint, to=customer.email, reader=customer, now=now)
    return how is not Reading.NOT_NOW


def check_can_be_read(complaint: Complaint, *, now: datetime) -> None:
    """Refuse an e-mail to the customer that leads to a letter which they cannot read there.

    One for which they would have to ring us goes only where post is no way. At most three queries.

    :raises ActionNotAllowed: if the complaint cannot be followed on the web now, or only with a
        code from us, and the letter could be posted.
    """
    customer = complaint.customer
    how = reading(complaint, to=customer.email, reader=customer, now=now)
    if how is Reading.ALONE:
        return
    because = "this complaint cannot be followed on the web now."
    if how is Reading.WITH_A_CODE:
        if way_refusal(customer, "post"):
            return
        because = (
            "their address is new, or whoever speaks for them gave it or has it too, so that they "
            "would have to ring you for a code."
        )
    instead = (
        "Send it by post, or ask whether they want whole letters by e-mail, and say so on the page "
        "of the customer."
        if complaint.level == Level.NORMAL
        else "Send it by post, or tell them in another way: while a complaint is sensitive or "
        "restricted, no letter is in an e-mail."
    )
    raise ActionNotAllowed(
        f"An e-mail to {customer.name} says only that there is a letter, and they could not read "
        f"it there: {because} {instead}"
    )


def notice(
    complaint: Complaint,
    *,
    to: str,
    to_name: str,
    reader: Customer | None,
    now: datetime,
    speaker: Representative | None = None,
    joint: JointComplainant | None = None,
) -> str:
    """Return the words of an e-mail that says only that there is a letter, with the way to it.

    That is a link of their own; where it would prove too little, a code from us.
    """
    told = _told(TOLD, complaint, to_name, reader)
    link = tracking_link(complaint, to=to, now=now, speaker=speaker, joint=joint)
    if link:
        return f"{told}{link}"
    with speaking_to(reader):
        way = _(CODE_FROM_US).format(ask=_ask(), page=address_of(public_path(CODE_PAGE)))
        return f"{told}\n\n{way}\n{machine_note()}"


def write_anew(message: OutboundMessage, *, now: datetime) -> None:
    """Give an e-mail that only tells of a letter, and is sent again, a link that works.

    :raises ActionNotAllowed: if it would not go to the address that is on the record, or its
        reader could not read the letter there.
    """
    letter, complaint = letter_in(message), message.complaint
    if complaint is None and any(anew(message, now=now) for anew in WRITTEN_ANEW):
        return
    if letter is None or complaint is None or not is_read_on_the_web(letter):
        return
    joint = None
    if letter.to_customer_id is not None:
        together = complaint.joint_complainants.select_related("customer")
        joint = together.filter(customer=letter.to_customer_id).first()
        if joint is None:
            raise ActionNotAllowed("They do not complain together with the customer any more.")
    speaker = letter.to_speaker
    whose = joint.customer if joint else complaint.customer
    known = speaker.email if speaker else whose.email
    if known.casefold() != message.to_address.casefold():
        raise ActionNotAllowed(
            "The e-mail says only that there is a letter, which is read with the address that is "
            "on the record. Put that address right first, and then send it there."
        )
    if joint is None and speaker is None:
        check_can_be_read(complaint, now=now)
    message.body = notice(
        complaint,
        to=message.to_address,
        to_name=letter.to_name,
        reader=None if speaker else whose,
        speaker=speaker,
        joint=joint,
        now=now,
    )


def notice_of_question(complaint: Complaint) -> str:
    """Return an e-mail that says only that there is a question to the customer.

    It is answered by a link of its own, whether the complaint is accepted or not.
    """
    return f"{_told(ASKED, complaint, complaint.customer.name, complaint.customer)}\n"


def told_of_letter(reference: str, *, to_name: str, reader: Customer | None) -> str:
    """Return what an e-mail says instead of a letter, before the way to it. Two queries.

    `to_name` is empty for somebody who did not give their name.
    """
    return _in_their_words(TOLD, reference, to_name, reader)


def _told(words: str, complaint: Complaint, to_name: str, reader: Customer | None) -> str:
    return _in_their_words(words, complaint.reference, to_name, reader)


def _in_their_words(words: str, reference: str, to_name: str, reader: Customer | None) -> str:
    landlord = Landlord.objects.only("name").first()
    with speaking_to(reader):
        told = _(words).format(
            reader=to_name,
            reference=reference,
            ask=_ask(),
            name=landlord.name if landlord else "",
        )
        if not to_name:
            _greeting, _gap, rest = told.partition("\n\n")
            told = f"{_(HELLO)}\n\n{rest}"
    return told.rstrip()


def _ask() -> str:
    landlord = Landlord.objects.only("telephone").first()
    telephone = landlord.telephone if landlord else ""
    return _(RING_US).format(telephone=telephone) if telephone else _(ASK_US)
