"""Asking the customer, the receipt, copies of letters, and what ends them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import Letter, OutboundMessage
from cases.operations.messages import deliver_next
from cases.operations.representatives import ask_customer, send_receipt
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.tests.factories import MONDAY
from cases.tests.people.conftest import NOW, confirmed, write

CANARIES = ("canary", "quillfeather", "cn4 1ry", "900177")


def ask(complaint, speaker, by, channel="email"):
    return ask_customer(
        complaint_id=complaint.pk,
        representative_id=speaker.pk,
        telling=Telling(channel),
        by=by,
        now=NOW,
    )


def receipt(complaint, speaker, by):
    return send_receipt(complaint_id=complaint.pk, representative_id=speaker.pk, by=by, now=NOW)


@pytest.mark.parametrize("authority", ["claimed", "declined", "revoked"])
def test_the_day_of_a_confirmation_is_today_unless_another_is_typed(
    client, coordinator, complaint, speak, authority
):
    speaker = speak()
    earlier = MONDAY - timedelta(days=40)
    type(speaker).objects.filter(pk=speaker.pk).update(authority=authority, authority_on=earlier)
    client.force_login(coordinator)

    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("cases:representative", args=[complaint.reference, speaker.pk]))

    assert page.context["form"]["authority_on"].initial == MONDAY


def test_the_day_on_which_they_were_confirmed_stays(client, coordinator, complaint, speak):
    speaker = speak(**confirmed())
    client.force_login(coordinator)

    page = client.get(reverse("cases:representative", args=[complaint.reference, speaker.pk]))

    assert page.context["form"]["authority_on"].initial == speaker.authority_on


@pytest.mark.rule("HH-4", "KF-1")
def test_the_question_goes_to_the_customers_own_address(coordinator, complaint, customer, speak):
    speaker = speak(relationship="Friend")

    ask(complaint, speaker, coordinator)

    speaker.refresh_from_db()
    letter = Letter.objects.get(kind="consent_request")
    assert speaker.authority == "asked"
    assert letter.message.to_address == customer.email
    assert "Bob Moyo (Friend) has told us that they speak for you" in letter.body
    assert "Until you have said yes we tell them nothing" in letter.body


def test_the_question_is_not_asked_by_a_way_that_is_not_safe(
    coordinator, complaint, customer, speak
):
    speaker = speak()
    customer.email_unsafe = True
    customer.save()

    with pytest.raises(ActionNotAllowed, match="Not safe"):
        ask(complaint, speaker, coordinator)

    speaker.refresh_from_db()
    assert speaker.authority == "claimed"


def test_whoever_is_confirmed_is_not_asked_about_again(coordinator, complaint, speak):
    speaker = speak(**confirmed())

    with pytest.raises(ActionNotAllowed, match="confirmed them already"):
        ask(complaint, speaker, coordinator)


@pytest.mark.rule("HH-4")
@pytest.mark.promise("P18")
@pytest.mark.parametrize(
    "details",
    [
        {},
        {"gets_letters": True},
        {"kind": "elected", "gets_letters": True},
        {"gets_letters": True, **confirmed(ends_on=MONDAY - timedelta(days=1))},
    ],
    ids=["claimed", "wants letters", "councillor", "ended"],
)
def test_nothing_of_the_customer_reaches_somebody_who_is_not_confirmed(
    coordinator, complaint, speak, details
):
    speaker = speak(**details)
    receipt(complaint, speaker, coordinator)
    if not details.get("authority"):
        ask(complaint, speaker, coordinator)

    write(complaint, coordinator)

    theirs = OutboundMessage.objects.filter(to_address=speaker.email)
    told = " ".join(f"{each.subject} {each.body}" for each in theirs).lower()
    assert theirs.count() == 1
    assert not [each for each in (*CANARIES, complaint.reference.lower()) if each in told]
    assert not Letter.objects.filter(to_speaker=speaker).exists()


@pytest.mark.rule("HH-4")
def test_the_canary_is_found_where_it_may_be(coordinator, complaint, speak):
    """The search of the test above finds what it looks for in what the confirmed get."""
    speaker = speak(gets_letters=True, **confirmed())

    write(complaint, coordinator)

    body = OutboundMessage.objects.get(to_address=speaker.email).body.lower()
    assert "canary words of the letter" in body
    assert "quillfeather" in body


def test_the_receipt_goes_once(coordinator, complaint, speak):
    speaker = speak()
    receipt(complaint, speaker, coordinator)

    with pytest.raises(ActionNotAllowed, match="were told"):
        receipt(complaint, speaker, coordinator)


def test_a_copy_that_waits_does_not_go_once_the_authority_is_revoked(coordinator, complaint, speak):
    speaker = speak(gets_letters=True, **confirmed())
    write(complaint, coordinator)

    speak(speaker.pk, authority="revoked", gets_letters=True)

    assert Letter.objects.get(to_speaker=speaker).channel == "stopped"
    assert OutboundMessage.objects.get(to_address=speaker.email).state == "cancelled"


def test_a_copy_does_not_go_once_the_authority_has_ended(coordinator, complaint, speak):
    speaker = speak(gets_letters=True, **confirmed(ends_on=MONDAY))
    write(complaint, coordinator)
    OutboundMessage.objects.exclude(to_address=speaker.email).update(state="sent", sent_at=NOW)

    deliver_next(now=NOW + timedelta(days=1))

    message = OutboundMessage.objects.get(to_address=speaker.email)
    assert (message.state, message.last_error) == (
        "cancelled",
        "They may no longer speak for the customer.",
    )


def test_only_an_elected_representative_speaks_by_their_office(speak):
    with pytest.raises(ActionNotAllowed, match="by their office"):
        speak(**confirmed(established_by="elected_office"))

    assert speak(**confirmed(established_by="elected_office", kind="elected")).authority_on


def test_a_revoked_authority_cannot_be_claimed_again_by_itself(speak):
    speaker = speak(authority="revoked")

    with pytest.raises(ActionNotAllowed, match="cannot become"):
        speak(speaker.pk, authority="claimed")


@pytest.mark.rule("KF-2")
def test_their_page_warns_before_anything_is_sent(client, house, complaint, speak):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    speaker = speak(kind="solicitor")
    page = reverse("cases:representative", args=[complaint.reference, speaker.pk])

    before = client.get(page).content.decode()
    speak(speaker.pk, kind="solicitor", **confirmed())
    after = client.get(page).content.decode()

    assert "Tell them only that their message came" in before
    assert "Ask the customer about them" in before
    assert "speaks as an advocate only" in after
    assert "Ask the customer about them" not in after


def test_the_question_and_the_receipt_are_sent_from_the_pages(client, house, complaint, speak):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    speaker = speak()
    args = [complaint.reference, speaker.pk]
    complaint.refresh_from_db()

    asked = client.post(
        reverse("cases:representative-ask", args=args),
        {"seen": complaint.version, "channel": "email", "letter": ""},
    )
    told = client.post(reverse("cases:representative-receipt", args=args))

    assert (asked.status_code, told.status_code) == (302, 302)
    assert {each.kind for each in OutboundMessage.objects.all()} == {
        "letter_consent_request",
        "receipt",
    }
    page = client.get(complaint.get_absolute_url()).content.decode()
    assert "Customer asked about a representative" in page
    assert "Representative told that their message came" in page
