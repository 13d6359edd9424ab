"""Asking the customer, the receipt, copies of letters, and what ends them."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import Letter, OutboundMessage, RecordedEvent
from cases.operations.from_customer import stop_speaking
from cases.operations.messages import deliver_next
from cases.operations.representatives import ask_customer, send_receipt
from cases.operations.telling import Telling
from cases.rules.foresight import in_full
from cases.rules.roles import Role
from cases.selectors.case_page import case_page
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
    speaker = speak(gets_letters=True, letters_by_email=True, **confirmed())

    write(complaint, coordinator)

    body = OutboundMessage.objects.get(to_address=speaker.email).body.lower()
    assert "canary words of the letter" in body
    assert "quillfeather" in body


@pytest.mark.rule("HH-27")
def test_a_copy_is_in_the_format_of_whoever_speaks_not_in_the_customers(
    coordinator, complaint, customer, speak
):
    customer.letter_format = "giant_print"
    customer.save()
    speaker = speak(
        gets_letters=True, letter_format="large_print", needs="Ring slowly", **confirmed()
    )

    write(complaint, coordinator)

    assert Letter.objects.get(to_speaker=speaker).letter_format == "large_print"
    assert Letter.objects.get(to_speaker=None).letter_format == "giant_print"
    shown = case_page(complaint, user=coordinator, today=MONDAY).people.speakers[0]
    assert (shown.needs_words, shown.needs) == (["Large print"], "Ring slowly")


@pytest.mark.rule("HH-27")
def test_a_copy_in_easy_read_that_nobody_wrote_keeps_the_letter_back(complaint, coordinator, speak):
    speak(gets_letters=True, letter_format="easy_read", **confirmed())

    with pytest.raises(ActionNotAllowed, match="needs easy read"):
        write(complaint, coordinator)

    assert not Letter.objects.exists()


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
    assert "Customer asked about a representative: Bob Moyo" in page
    assert "Representative told that their message came: Bob Moyo" in page


def titles(complaint, reader):
    complaint.refresh_from_db()
    return [each.title for each in case_page(complaint, user=reader, today=MONDAY).entries]


def test_the_record_names_whom_each_entry_about_a_representative_is_about(
    coordinator, complaint, speak
):
    bob, ann = speak(), speak(name="Ann Other", email="ann@example.org", gets_letters=True)
    ask(complaint, bob, coordinator)
    speak(bob.pk, authority="declined")
    receipt(complaint, bob, coordinator)
    speak(ann.pk, name="Ann Other", gets_letters=True, email="ann@example.org", **confirmed())
    write(complaint, coordinator)
    stop_speaking(complaint_id=complaint.pk, representative_id=ann.pk, now=NOW)

    told = titles(complaint, coordinator)

    assert [each for each in told if "epresentative" in each][::-1] == [
        "Representative recorded: Bob Moyo",
        "Representative recorded: Ann Other",
        "Customer asked about a representative: Bob Moyo",
        "Representative refused by the customer: Bob Moyo",
        "Representative told that their message came: Bob Moyo",
        "Representative confirmed: Ann Other",
        "Copy of the letter to the representative: Ann Other",
        "Authority of a representative revoked: Ann Other",
    ]


def test_a_new_telephone_number_is_not_told_as_if_they_were_confirmed_again(
    coordinator, complaint, speak
):
    speaker = speak(**confirmed())
    speak(speaker.pk, phone="07700 900123", **confirmed())

    assert titles(complaint, coordinator)[0] == "Details of a representative changed: Bob Moyo"


def test_an_authority_that_had_ended_is_told_as_confirmed_when_it_goes_on(
    coordinator, complaint, speak
):
    speaker = speak(**confirmed(ends_on=MONDAY - timedelta(days=1)))
    speak(speaker.pk, **confirmed(ends_on=MONDAY + timedelta(days=30)))

    [newest, *_] = case_page(complaint, user=coordinator, today=MONDAY).entries
    assert newest.title == "Representative confirmed: Bob Moyo"
    assert ("Ends after", in_full(MONDAY + timedelta(days=30))) in [
        (each.label, each.text) for each in newest.lines
    ]


def test_the_name_of_a_representative_is_no_part_of_the_chain(complaint, speak):
    speak(**confirmed())

    assert "Moyo" not in str(RecordedEvent.objects.latest("pk").facts)


@pytest.mark.parametrize(
    ("details", "label"),
    [
        ({}, "Ask the customer"),
        ({"authority": "asked"}, "Ask the customer again"),
        ({"authority": "revoked"}, "Ask the customer"),
        (confirmed(ends_on=MONDAY - timedelta(days=1)), "Ask the customer"),
    ],
    ids=["claimed", "asked", "revoked", "ended"],
)
@pytest.mark.rule("HH-4", "KF-1")
def test_the_people_page_leads_to_asking_the_customer(
    client, coordinator, complaint, speak, details, label
):
    speaker = speak(**details)
    client.force_login(coordinator)

    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("cases:change-people", args=[complaint.reference]))

    url = reverse("cases:representative-ask", args=[complaint.reference, speaker.pk])
    assert f'<a class="govuk-link" href="{url}">{label}<span' in page.content.decode()


def test_the_people_page_leads_to_no_question_about_whoever_is_confirmed(
    client, coordinator, complaint, speak
):
    speaker = speak(**confirmed(ends_on=MONDAY))
    client.force_login(coordinator)

    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("cases:change-people", args=[complaint.reference]))

    url = reverse("cases:representative-ask", args=[complaint.reference, speaker.pk])
    assert url not in page.content.decode()
