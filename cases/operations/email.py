"""Handing one e-mail to the mail server, and what its refusals mean."""

import re
import smtplib
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email

from cases.errors import NotMade
from cases.models import OutboundMessage
from cases.operations.enclosures import enclosures
from cases.operations.typesetting import TypesetterLost

# Control characters and the line separators of Unicode: none may stand in a header.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ADDRESS = re.compile(r"\S+@\S+")


class NotDelivered(Exception):
    """The server did not take the message; `words` say why without naming anybody."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


class Refused(NotDelivered):
    """It will never be taken as it is: a person has to look at it."""


class NotNow(NotDelivered):
    """It may be taken later."""


class NoServer(NotNow):
    """There is no mail server to talk to, so no other message would fare better."""


def send(message: OutboundMessage) -> None:
    """Hand the message to the mail server, for its one recipient.

    Once the server has answered that it took the message, nothing that follows can fail it.

    :raises Refused: if the recipient or the message is refused for good.
    :raises NoServer: if the server cannot be reached or does not let us in.
    :raises NotNow: if the server asks to be tried again, or its answer was lost.
    """
    mail = compose(message)
    connection = get_connection()
    _open(connection)
    try:
        connection.send_messages([mail])
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        raise _answered(code, words) from None
    except smtplib.SMTPSenderRefused as refused:
        # Our own address or the day's quota: nothing that the recipient could help.
        raise NotNow(_told(refused.smtp_code, refused.smtp_error)) from None
    except smtplib.SMTPResponseException as answer:
        raise _answered(answer.smtp_code, answer.smtp_error) from None
    except (smtplib.SMTPException, OSError) as lost:
        raise NotNow(f"The connection was lost: {type(lost).__name__}.") from None
    finally:
        _close(connection)


def compose(message: OutboundMessage) -> EmailMessage:
    """Return the e-mail: plain text, one recipient, the same Message-ID at every try.

    A letter in a format that the customer needs goes with it as a document.

    :raises Refused: if the address is not one e-mail address, or the words cannot be encoded.
    :raises NotNow: if a document that goes with it could not be made just now.
    """
    try:
        validate_email(message.to_address)
    except ValidationError:
        raise Refused("The address is not an e-mail address.") from None
    mail = EmailMessage(
        subject=_BREAKS.sub(" ", message.subject).strip(),
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to_address],
        headers={
            "Message-ID": f"<{message.message_id}@{our_domain()}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        enclosed = enclosures(message)
    except TypesetterLost:
        raise NotNow("Its document could not be made just now.") from None
    except NotMade as reason:
        raise Refused(f"It is not in the format that its reader needs: {reason}"[:300]) from None
    for each in enclosed:
        mail.attach(each.name, each.content, each.media_type)
    try:
        mail.message().as_bytes()
    except ValueError as unwritable:
        raise Refused(f"It cannot be written: {type(unwritable).__name__}.") from None
    return mail


def our_domain() -> str:
    """Return the domain of our own address, which makes a Message-ID ours."""
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname
    return host or settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")


def _open(connection: BaseEmailBackend) -> None:
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as closed:
        _close(connection)
        raise NoServer(f"The mail server cannot be reached: {type(closed).__name__}.") from None


def _close(connection: BaseEmailBackend) -> None:
    """Say good-bye; a server that does not answer has all the same taken what it took."""
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return


def _answered(code: int, words: bytes | str) -> NotDelivered:
    """Return what an answer of the server means: 5xx is for good, the rest for now."""
    told = _told(code, words)
    return Refused(told) if 500 <= code <= 599 else NotNow(told)


def _told(code: int, words: bytes | str) -> str:
    """Return the server's answer without the addresses in it."""
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {_ADDRESS.sub('(address)', ' '.join(text.split()))}"[:300]
