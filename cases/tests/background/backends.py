"""Mail servers that fail, at the edge where Django's own would stand."""

import smtplib

from django.core.mail.backends.base import BaseEmailBackend


class Failing(BaseEmailBackend):
    """Raises `failure` for every message."""

    failure: Exception

    def send_messages(self, email_messages):
        raise self.failure


class AskedToWait(Failing):
    """The server asks to be tried again."""

    failure = smtplib.SMTPDataError(451, b"4.3.0 Come back later, kim@example.org")


class RefusedAfterData(Failing):
    """The server refuses the message for good once it has it."""

    failure = smtplib.SMTPDataError(554, b"5.7.1 Refused")


class GreyListed(Failing):
    """The server asks to be tried again for this recipient."""

    failure = smtplib.SMTPRecipientsRefused({"kim@example.org": (450, b"4.2.0 Greylisted")})


class SenderRefused(Failing):
    """The server does not take anything from us."""

    failure = smtplib.SMTPSenderRefused(550, b"5.7.1 Quota", "complaints@localhost")


class CutOff(Failing):
    """The connection is lost before the answer."""

    failure = smtplib.SMTPServerDisconnected("Connection unexpectedly closed")


class Broken(Failing):
    """Something fails that nobody thought of."""

    failure = ZeroDivisionError("kim@example.org")


class Away(BaseEmailBackend):
    """There is no server."""

    def open(self):
        raise ConnectionRefusedError

    def send_messages(self, email_messages):
        raise AssertionError("Nothing can be sent without a server.")


class NotLettingUsIn(BaseEmailBackend):
    """The server does not know us."""

    def open(self):
        raise smtplib.SMTPAuthenticationError(535, b"5.7.8 Wrong password")


class RudeGoodbye(BaseEmailBackend):
    """The server takes the message and is gone before we can say good-bye."""

    def send_messages(self, email_messages):
        return len(email_messages)

    def close(self):
        raise TimeoutError
