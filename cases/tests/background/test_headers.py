"""Nobody can inject a header or a recipient, whatever they write and wherever they write it."""

from email import message_from_bytes, policy
from email.errors import HeaderParseError

import pytest
from django.core import mail as outbox
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Landlord, OutboundMessage
from cases.operations.email import Refused, compose, send
from cases.operations.files import clean_name
from cases.operations.mail_intake import take_mail
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.tests.background.odd_headers import header_strings
from cases.tests.background.odd_mails import odd_mails
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

pytestmark = [pytest.mark.promise("P18"), pytest.mark.django_db]
NOW = at(MONDAY, 14)
STRINGS = list(header_strings())
HEADERS = {
    *("content-type", "mime-version", "content-transfer-encoding", "subject", "from", "to"),
    *("date", "message-id", "auto-submitted"),
}
TO = "zoe@example.com"


def message(**fields) -> OutboundMessage:
    """Return a message that waits."""
    given = {"to_address": TO, "subject": "Update", "body": "Hello", **fields}
    return OutboundMessage(key="x", kind="letter", created_at=NOW, next_try_at=NOW, **given)


def headers_of(raw: bytes) -> list[str]:
    """Return the names of the headers of an e-mail as a mail program reads it."""
    return [name.lower() for name in message_from_bytes(raw, policy=policy.default).keys()]  # noqa: SIM118  one name may stand there twice


def test_no_subject_makes_a_header_or_a_recipient():
    for text in STRINGS:
        made = compose(message(subject=text, body=text))

        raw = made.message().as_bytes()
        assert set(headers_of(raw)) == HEADERS, text
        assert len(headers_of(raw)) == len(HEADERS), text
        assert made.recipients() == [TO]
        read = message_from_bytes(raw, policy=policy.default)
        assert read["To"].addresses[0].addr_spec == TO
        assert read["Auto-Submitted"] == "auto-generated"
        assert not read.is_multipart()


def test_no_address_is_more_than_one_address():
    addresses = [f"{TO}{each.removeprefix('Zoë')}" for each in STRINGS]

    taken = []
    for address in [*addresses, "", "a@b", f"{TO},x@evil.example", f"<{TO}>", f"Zoë <{TO}>"]:
        try:
            taken.append(compose(message(to_address=address)).recipients())
        except Refused:
            continue

    assert taken == []


def test_whoever_is_called_so_gets_their_letter_and_nobody_else_does(house, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    Landlord.objects.update(name="Homes\r\nBcc: victim@evil.example")
    for text in STRINGS[::8]:
        customer = CustomerFactory(name=text.replace("\x00", "")[:200], email=TO)
        complaint = house.lodge(customer=customer, summary="Canary")
        write_to_customer(
            complaint_id=complaint.pk,
            by=house[Role.COMPLAINTS_COORDINATOR],
            now=NOW,
            seen=complaint.version,
            telling=Telling("email", f"Canary {text}".replace("\x00", "")),
        )
    for each in OutboundMessage.objects.filter(kind="letter_update"):
        send(each)

    assert len(outbox.outbox) == len(STRINGS[::8])
    for sent in outbox.outbox:
        assert sent.recipients() == [TO]
        assert set(headers_of(sent.message().as_bytes())) == HEADERS
        assert "canary" not in sent.subject.lower()
        assert "Zoë" not in sent.subject


def test_no_e_mail_that_comes_in_makes_a_receipt_to_somebody_else(house):
    for text in STRINGS[::6]:
        raw = f"From: {TO}{text}\nSubject: {text}\nMessage-ID: <{text}>\n\nHello {text}"
        take_mail(raw.encode("utf-8", "replace"), received_at=NOW, now=NOW)
    for _, raw in odd_mails():
        take_mail(raw, received_at=NOW, now=NOW)

    receipts = OutboundMessage.objects.filter(kind="mail_receipt")
    assert receipts.exists()
    for each in receipts:
        made = compose(each)
        assert len(made.recipients()) == 1
        assert set(headers_of(made.message().as_bytes())) == HEADERS
        assert made.subject == "We have your e-mail"


def test_no_name_of_a_file_makes_a_header():
    made = compose(message())
    for text in STRINGS:
        made.attach(clean_name(f"{text}.pdf"), b"%PDF-1.7", "application/pdf")
        assert SimpleUploadedFile(clean_name(text), b"x").name

    for part in made.message().walk():
        names = {name.lower() for name in part.keys()}  # noqa: SIM118
        assert "bcc" not in names
        assert "reply-to" not in names


def test_a_careless_sender_would_send_them_on():
    caught = 0
    for text in STRINGS:
        raw = f"To: {TO}\nSubject: {text}\n\nHello".encode("utf-8", "replace")
        try:
            names = headers_of(raw)
        except (HeaderParseError, ValueError):
            caught += 1
            continue
        caught += sorted(names) != ["subject", "to"]

    assert caught > 20
