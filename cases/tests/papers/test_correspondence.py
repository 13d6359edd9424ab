"""Messages and e-mails, to the customer and from them, among the papers and the evidence."""

import pytest

from cases.models import Delivery, JointComplainant, OutboundMessage
from cases.operations.evidence import evidence_parts, make_bundle
from cases.operations.hearing_papers import Pack, bind_papers, choices_of
from cases.operations.mail_intake import Took, take_mail
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.redacted import Redaction
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.selectors.case_page import case_page
from cases.tests.background.odd_mails import mail
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at
from cases.tests.papers.test_bundles import opened, pages_of

NOW = at(MONDAY, 15)


@pytest.fixture
def complaint(house):
    """Return a complaint with a message, a receipt, an e-mail that came, and mail of others."""
    complaint = house.lodge(customer=CustomerFactory(name="Agnes Bell", email="agnes@tenant.test"))
    write_to_customer(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        telling=Telling("email", "The surveyor comes on Friday."),
    )
    common = {"complaint": complaint, "created_at": NOW, "next_try_at": NOW}
    OutboundMessage.objects.create(
        key="a", kind="receipt", to_address="agnes@tenant.test", subject="We have your message",
        body="Thank you for getting in touch.", **common,
    )  # fmt: skip
    OutboundMessage.objects.create(
        key="b", kind="receipt", to_address="agnes@tenant.test", subject="We have it again",
        body="Not sent.", state=Delivery.CANCELLED.value, **common,
    )  # fmt: skip
    OutboundMessage.objects.create(
        key="c", kind="information", to_address="roofer@contractor.test", subject="A question",
        body="Answer at https://complaints.example/answer/secret", **common,
    )  # fmt: skip
    officer = house[Role.RESPONSIBLE_OFFICER]
    OutboundMessage.objects.create(
        key="d", kind="assigned", to_user=officer, to_address=officer.email, subject="Yours",
        body="It is yours.", **common,
    )  # fmt: skip
    took = take_mail(
        mail("Mr Jones saw it stuck.", subject=f"The lift again, {complaint.reference}"),
        received_at=NOW,
        now=NOW,
    )
    assert took is Took.JOINED
    complaint.refresh_from_db()
    return complaint


def titles(house, complaint) -> list[str]:
    """Return what the documents of the evidence are called."""
    page = case_page(complaint, user=house[Role.COMPLAINTS_COORDINATOR], today=MONDAY)
    return [part.title for part in evidence_parts(page, now=NOW)]


def test_messages_and_e_mails_are_documents_of_the_evidence(house, complaint):
    found = titles(house, complaint)

    assert [title for title in found if "mail" in title or "essage" in title] == [
        "Message to the customer by e-mail",
        "E-mail to the customer: We have your message",
        f"E-mail received: The lift again, {complaint.reference}",
    ]


@pytest.mark.rule("KF-1")
def test_a_receipt_to_somebody_who_may_be_anybody_is_not_called_the_customers(house, complaint):
    joint = JointComplainant.objects.create(
        complaint=complaint, customer=CustomerFactory(email="ada@tenant.test"), capacity="Tenant"
    )
    for address in ("kim@friend.test", joint.customer.email.upper()):
        OutboundMessage.objects.create(
            key=address, kind="receipt", complaint=complaint, to_address=address,
            subject=f"Hello {address}", body="It came.", created_at=NOW, next_try_at=NOW,
        )  # fmt: skip

    found = titles(house, complaint)

    assert "Receipt to whoever wrote: Hello kim@friend.test" in found
    assert "E-mail to the customer: Hello ADA@TENANT.TEST" in found
    assert "E-mail to the customer: We have your message" in found


@pytest.mark.rule("HH-23")
def test_messages_and_e_mails_are_ticked_among_the_papers_of_a_hearing(house, complaint):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    choices = choices_of(case_page(complaint, user=coordinator, today=MONDAY))
    kinds = [each.name.partition(":")[0] for each in choices if not each.is_note]
    assert kinds == ["letter", "message", "mail"]

    pack = Pack([each.name for each in choices if not each.is_note])
    told = str(bind_papers(complaint, pack, by=coordinator, now=NOW).index)

    for words in ("surveyor comes on Friday", "Thank you for getting in touch", "saw it stuck"):
        assert words in told
    assert "Not sent." not in told


def test_what_goes_to_colleagues_and_those_asked_is_in_no_bundle(house, complaint):
    documents = make_bundle(
        complaint_id=complaint.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW
    )

    told = " ".join(pages_of(opened(documents[0])))
    assert "secret" not in told
    assert "It is yours." not in told
    assert "Not sent." not in told


def test_an_e_mail_that_came_in_is_blacked_out_in_the_redacted_twin(house, complaint):
    documents = make_bundle(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        redaction=Redaction("Mr Jones"),
    )

    told = " ".join(pages_of(opened(documents[0])))
    assert "Jones" not in told
    assert "[redacted] saw it stuck." in told
