"""E-mails that say only that there are thanks or an answer, and the link by which they are read.

The rule is that of letters about complaints (decision 62). Thanks and answers belong to no
complaint that could be followed, so that each has a link of its own, which opens nothing else.
"""

import secrets
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from cases.errors import ActionNotAllowed
from cases.models import Customer, OutboundMessage
from cases.operations.alerts import address_of
from cases.operations.notices import told_of_letter
from cases.operations.tracking import hashed
from cases.rules.tracking import LETTER_PATH, LINK_LIFE
from cases.rules.wording import marked
from cases.selectors.speaking import machine_note, public_path, speaking_to
from cases.selectors.tracking import following_is_closed, opens_by_email_from
from feedback.models import RemarkLetter
from feedback.rules.told import UNNAMED
from feedback.selectors.remark_letters import letter_with

READ_IT = marked(
    "You read it on this page, until {day}:\n\n{link}\n\nThe link is for you alone: please do not "
    "pass it on."
)


def check_can_be_read(customer: Customer, *, now: datetime) -> None:
    """Refuse an e-mail that leads to a letter which its reader could not read there. One query.

    :raises ActionNotAllowed: if nobody can read letters on the web now, or the address was changed
        to this one only now.
    """
    if following_is_closed():
        because = "the pages on which letters are read are closed now."
    elif customer.email_by_another:
        because = "somebody else gave their address, and they have not confirmed it."
    elif opens_by_email_from(customer, now=now):
        because = "their address is new, and opens nothing until tomorrow."
    else:
        return
    raise ActionNotAllowed(
        f"An e-mail to {customer.name} says only that there is a letter, and they could not read "
        f"it there: {because} Choose another way, or ask whether they want whole letters by "
        "e-mail, and say so on the page of the customer."
    )


def notice_of(letter: RemarkLetter, customer: Customer, *, now: datetime) -> str:
    """Return an e-mail that says only that there is a letter, and give the letter a new link.

    The letter is not saved.

    :raises ActionNotAllowed: if they could not read it there.
    """
    check_can_be_read(customer, now=now)
    token = secrets.token_urlsafe(32)
    letter.is_notice = True
    letter.token_hash = hashed(token)
    letter.opens_until = now + LINK_LIFE
    named = "" if customer.name == UNNAMED else customer.name
    told = told_of_letter(letter.remark.reference, to_name=named, reader=customer)
    with speaking_to(customer):
        way = _(READ_IT).format(
            day=date_format(letter.opens_until, "j F Y"),
            link=address_of(public_path(f"{LETTER_PATH}{token}/")),
        )
        return f"{told}\n\n{way}\n{machine_note()}"


def open_letter(token: str, *, now: datetime) -> RemarkLetter | None:
    """Return the letter behind a link that still works. Changes nothing."""
    return letter_with(hashed(token), now=now)


def write_anew(message: OutboundMessage, *, now: datetime) -> bool:
    """Give an e-mail that only tells of thanks or an answer a link that works; False of any other.

    :raises ActionNotAllowed: if it would not go to the address that is on the record, or its reader
        could not read the letter there.
    """
    letters = RemarkLetter.objects.select_related("remark__customer")
    letter = letters.filter(message=message, is_notice=True).first()
    customer = letter.remark.customer if letter else None
    if letter is None or customer is None:
        return False
    if customer.email.casefold() != message.to_address.casefold():
        raise ActionNotAllowed(
            "The e-mail says only that there is a letter, which is read with the address that is "
            "on the record. Put that address right first, and then send it there."
        )
    message.body = notice_of(letter, customer, now=now)
    letter.save(update_fields=["token_hash", "opens_until"])
    return True
