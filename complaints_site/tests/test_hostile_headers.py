"""What a real mail server is told: one recipient and the same headers, whatever somebody wrote."""

import pytest
from django.core.mail import EmailMessage

from cases.models import OutboundMessage
from cases.operations.email import Refused, send
from cases.tests.background.odd_headers import header_strings
from cases.tests.background.test_headers import HEADERS, NOW, TO
from complaints_site.tests.mail_sink import mail_sink

pytestmark = [pytest.mark.promise("P18"), pytest.mark.one_database]
STRINGS = list(header_strings())


@pytest.fixture
def sink(settings):
    """Send to a mail server on this machine."""
    with mail_sink() as sink:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
        yield sink


def waiting(number: int, **fields) -> OutboundMessage:
    given = {"to_address": TO, "subject": "Update", "body": "Hello", **fields}
    return OutboundMessage(
        key=f"x{number}", kind="letter", created_at=NOW, next_try_at=NOW, **given
    )


def test_no_subject_or_body_reaches_another_mailbox_or_makes_a_header(sink):
    for number, text in enumerate(STRINGS):
        send(waiting(number, subject=text, body=f"{text}\r\n.\r\nRCPT TO:<victim@evil.example>"))

    assert len(sink.taken) == len(STRINGS) >= 200
    for each in sink.taken:
        assert each.recipients == (TO,)
        names = [name.lower() for name in each.message]
        assert sorted(names) == sorted(HEADERS)
        assert each.message["Auto-Submitted"] == "auto-generated"


def test_no_address_with_more_in_it_is_handed_to_the_server(sink):
    refused = 0
    for number, text in enumerate(STRINGS):
        try:
            send(waiting(number, to_address=f"{TO}{text}"))
        except Refused:
            refused += 1

    assert refused == len(STRINGS)
    assert sink.taken == []


def test_the_server_would_take_more_than_one(sink):
    """The one who listens hears of every recipient that it is told."""
    EmailMessage("Update", "Hello", to=[TO, "victim@evil.example"]).send()

    assert sink.taken[0].recipients == (TO, "victim@evil.example")
