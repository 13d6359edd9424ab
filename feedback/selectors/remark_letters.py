"""Thanks and answers that are read on the web: by which link, and whether it still works."""

from datetime import datetime

from cases.models import OutboundMessage
from cases.selectors.tracking import following_is_closed
from feedback.models import RemarkLetter

# How the kind of a message with one of these letters begins.
KIND = "remark_"


def letter_with(token_hash: str, *, now: datetime) -> RemarkLetter | None:
    """Return the letter with this link while it works, or nothing. One query.

    It ends after its time, when the e-mail is sent again with another, and when the address to
    which it went is not its reader's any more, or not safe for them.
    """
    letters = RemarkLetter.objects.select_related("remark__customer", "message")
    letter = letters.filter(token_hash=token_hash, is_notice=True, opens_until__gt=now).first()
    customer = letter.remark.customer if letter else None
    if letter is None or letter.message is None or customer is None or customer.email_unsafe:
        return None
    is_theirs = customer.email.casefold() == letter.message.to_address.casefold()
    return letter if is_theirs else None


def why_not_read(message: OutboundMessage, *, now: datetime) -> str:
    """Return why nobody could read the thanks or the answer that an e-mail tells of, or nothing.

    At most three queries for such an e-mail, none for others.
    """
    if not message.kind.startswith(KIND):
        return ""
    letter = RemarkLetter.objects.filter(message=message, is_notice=True).first()
    if letter is None:
        return ""
    if following_is_closed():
        return "It says only that there is a letter, and no letter is read on the web now."
    works = letter_with(letter.token_hash, now=now) is not None
    return "" if works else "The link in it opens nothing any more."
