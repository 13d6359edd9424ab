"""Writing to the customer between the letters of the procedure, and notes that are not mistaken."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.errors import ActionNotAllowed, ComplaintChanged, ReasonMissing
from cases.models import Delivery, Letter, OutboundMessage
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.note import add_note
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.tests.case_page.situations import NOW, TODAY
from cases.tests.factories import CustomerFactory

WORDS = "The surveyor comes on Friday at nine."


@pytest.fixture
def complaint(house):
    with time_machine.travel(NOW, tick=False):
        yield house.lodge(customer=CustomerFactory(name="Amina Khan", email="khan@mail.example"))


@pytest.fixture
def officer(house):
    return house[Role.RESPONSIBLE_OFFICER]


def write(complaint, by, channel="email", words=WORDS, seen=None):
    return write_to_customer(
        complaint_id=complaint.pk,
        by=by,
        now=NOW,
        seen=complaint.version if seen is None else seen,
        telling=Telling(channel, words),
    )


@pytest.fixture
def window(officer, complaint) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def test_a_message_goes_out_and_stands_in_the_record_and_moves_no_deadline(complaint, officer):
    before = list(complaint.deadlines.order_by("pk").values_list("code", "due_on", "state"))

    write(complaint, officer)

    message = OutboundMessage.objects.get(complaint=complaint, kind="letter_update")
    assert message.to_address == "khan@mail.example"
    assert message.state == Delivery.QUEUED
    assert WORDS in message.body
    assert "Ombudsman" not in message.body
    assert complaint.reference in message.subject
    after = list(complaint.deadlines.order_by("pk").values_list("code", "due_on", "state"))
    assert after == before


def test_a_message_on_paper_waits_to_be_posted(complaint, officer):
    write(complaint, officer, "post")

    assert Letter.objects.get(complaint=complaint, kind="update").posted_on is None


@pytest.mark.promise("P16")
def test_a_message_never_goes_by_a_way_that_is_not_safe(complaint, officer):
    complaint.customer.email_unsafe = True
    complaint.customer.save()

    with pytest.raises(ActionNotAllowed, match="Not safe"):
        write(complaint, officer)

    assert not OutboundMessage.objects.filter(kind="letter_update").exists()


@pytest.mark.parametrize("channel", ["phone", "in_person", "letter_elsewhere"])
def test_what_is_told_in_another_way_is_a_contact_and_no_message(complaint, officer, channel):
    with pytest.raises(ActionNotAllowed, match="Record anything else as a contact"):
        write(complaint, officer, channel)


def test_an_empty_message_is_not_sent(complaint, officer):
    with pytest.raises(ReasonMissing):
        write(complaint, officer, words="  ")


def test_a_note_written_meanwhile_is_told_before_a_message_goes(complaint, officer):
    seen = complaint.version
    add_note(complaint_id=complaint.pk, by=officer, now=NOW, words="She moved out.")

    with pytest.raises(ComplaintChanged):
        write(complaint, officer, seen=seen)


def test_a_message_is_sent_only_from_its_preview(complaint, window):
    page = reverse("cases:update", args=[complaint.reference])
    first = window.get(page).content.decode()
    assert "Review and send to Amina Khan" in first
    assert "Send to Amina Khan now" not in first
    assert "This goes to Amina Khan." in first

    typed = {"seen": complaint.version, "channel": "email", "letter": WORDS}
    typed["letter_format"] = complaint.customer.letter_format
    shown = window.post(page, {**typed, "preview": "yes"}).content.decode()
    assert "Nothing is recorded yet" in shown
    assert "Send to Amina Khan now" in shown
    assert not OutboundMessage.objects.filter(kind="letter_update").exists()

    assert window.post(page, typed).status_code == 302
    assert OutboundMessage.objects.filter(kind="letter_update").count() == 1


def test_a_mistake_in_a_message_is_shown_with_what_was_typed_and_nothing_to_send(complaint, window):
    page = reverse("cases:update", args=[complaint.reference])

    answer = window.post(page, {"seen": complaint.version, "letter": WORDS, "preview": "yes"})

    assert answer.status_code == 422
    assert WORDS in answer.content.decode()
    assert "Send to Amina Khan now" not in answer.content.decode()


def test_a_note_says_that_it_is_for_colleagues_and_goes_to_nobody(complaint, window):
    page = reverse("cases:note", args=[complaint.reference])

    shown = window.get(page).content.decode()
    assert "For colleagues only." in shown
    assert "Save note" in shown
    assert "Send" not in shown.partition("<form")[2].partition("</form>")[0]

    typed = {"seen": complaint.version, "words": WORDS}
    typed |= {"on_day": TODAY.day, "on_month": TODAY.month, "on_year": TODAY.year}
    window.post(page, typed)
    assert not OutboundMessage.objects.filter(complaint=complaint, to_user=None).exists()
