"""The letter that tells a customer of a restriction of their contact, and where it is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import (
    Customer,
    Delivery,
    Exclusion,
    OutboundMessage,
    OutsideBodyDetails,
    RestrictionLetter,
)
from cases.operations.evidence import evidence_parts, make_bundle, taken
from cases.operations.messages import deliver_next, requeue_message
from cases.operations.redacted import Redaction
from cases.operations.restriction_letters import (
    post_restriction_letter_instead,
    send_restriction_letter_again,
    told_otherwise,
)
from cases.operations.restrictions import (
    Proposal,
    decide_restriction,
    end_restriction,
    propose_restriction,
    renew_restriction,
)
from cases.operations.undeliverable import cancel_message
from cases.rules.restriction_letters import (
    APPEAL,
    COMPLAIN,
    NOT_EASY,
    NOTE_OF_EASY_READ,
    RestrictionFacts,
    letter_paragraphs,
    note_of_closed_way,
    what_is_missing,
)
from cases.rules.restrictions import ContactWay, RestrictionStep
from cases.rules.roles import Role
from cases.selectors.case_page import case_page
from cases.selectors.restrictions import letters_waiting
from cases.tests.factories import MONDAY
from cases.tests.fixtures import at
from cases.tests.people.conftest import NOW

pytestmark = pytest.mark.rule("HH-6")

REVIEW = MONDAY + timedelta(days=60)
WHY = "You rang our staff forty times a day and shouted at them."
FACTS = RestrictionFacts(
    step=RestrictionStep.APPROVED,
    closed=frozenset({ContactWay.PHONE}),
    limits="One visit a week",
    usable=frozenset({ContactWay.PHONE, ContactWay.EMAIL, ContactWay.POST}),
    why=WHY,
    starts_on=MONDAY,
    review_on=REVIEW,
    reach="If you have a question, please e-mail hello@landlord.example.",
    outside=("Housing Ombudsman Service", "0300 111 3000"),
)


@pytest.mark.one_database
def test_the_letter_says_what_why_how_long_how_to_object_and_that_they_can_complain():
    told = "\n\n".join(letter_paragraphs(FACTS))

    assert what_is_missing(FACTS) == []
    assert "From 8 June 2026 we limit how you can reach us." in told
    assert "Please do not contact us by telephone. This is limited: One visit a week." in told
    assert "You can reach us by e-mail or letter." in told
    assert f"The reason is: {WHY}" in told
    assert "We look at it again by 7 August 2026" in told
    assert "It ends by itself after 21 August 2026" in told
    assert APPEAL in told
    assert COMPLAIN in told
    assert "Housing Ombudsman Service\n0300 111 3000" in told
    assert FACTS.reach in told


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("gap", "missing"),
    [
        ({"why": " "}, "the reason"),
        ({"outside": ()}, "the Ombudsman’s details"),
        ({"reach": ""}, "how to reach us, and other formats"),
    ],
)
def test_a_letter_with_a_part_missing_is_named(gap, missing):
    assert what_is_missing(replace(FACTS, **gap)) == [missing]


@pytest.fixture
def in_force(house, customer, coordinator):
    """Return a restriction that a director approved."""
    return approve(house, customer, coordinator)


def approve(house, customer, coordinator, **details):
    proposal = Proposal(
        closed=frozenset({ContactWay.PHONE}),
        limits="One visit a week",
        reason="Rings forty times a day and shouts.",
        evidence="The list of calls of May.",
        considered="Anxiety; one named colleague was offered first.",
        review_on=REVIEW,
    )
    proposed = propose_restriction(
        replace(proposal, **details), customer_id=customer.pk, by=coordinator, now=NOW
    )
    return decide_restriction(
        restriction_id=proposed.pk, approves=True, words=WHY, by=house[Role.DIRECTOR], now=NOW
    )


def test_whoever_is_restricted_gets_a_letter_in_the_act_that_decides_it(customer, in_force):
    letter = RestrictionLetter.objects.get()

    assert letter.restriction == in_force
    assert letter.record.step == "approved"
    assert letter.to_name == customer.name
    assert WHY in letter.body


@pytest.fixture
def by_email(house, customer, coordinator):
    """Return the letter of a restriction that goes by e-mail."""
    Customer.objects.update(preferred_channel="email")
    approve(house, customer, coordinator)
    return RestrictionLetter.objects.get()


def fail(letter: RestrictionLetter, state: Delivery = Delivery.UNDELIVERABLE) -> None:
    OutboundMessage.objects.filter(pk=letter.message_id).update(
        state=state.value, last_error="550 No such mailbox"
    )


def steps_of(letter: RestrictionLetter) -> list[str]:
    return list(letter.restriction.records.order_by("pk").values_list("step", flat=True))


def test_whoever_prefers_e_mail_gets_it_so(customer, by_email, mailoutbox):
    assert by_email.channel == "email"
    assert by_email.message.to_address == customer.email

    while deliver_next(now=NOW):
        pass

    [sent] = [each for each in mailoutbox if each.to == [customer.email]]
    assert WHY in sent.body
    assert sent.attachments == []


@pytest.mark.rule("HH-27")
def test_an_e_mail_carries_the_letter_in_the_format_that_its_reader_needs(
    house, customer, coordinator, mailoutbox
):
    Customer.objects.update(preferred_channel="email", letter_format="large_print")
    approve(house, customer, coordinator)

    while deliver_next(now=NOW):
        pass

    [sent] = [each for each in mailoutbox if each.to == [customer.email]]
    [(name, content, media_type)] = sent.attachments
    assert name == "restriction 1 large_print.pdf"
    assert content.startswith(b"%PDF")
    assert media_type == "application/pdf"


@pytest.mark.rule("HH-27")
def test_whoever_needs_easy_read_is_told_that_it_is_not_and_the_record_says_so(
    house, customer, coordinator
):
    Customer.objects.update(letter_format="easy_read")

    approve(house, customer, coordinator)

    letter = RestrictionLetter.objects.get()
    assert NOT_EASY in letter.body
    assert steps_of(letter) == ["proposed", "approved", "noted"]
    assert letter.restriction.records.get(step="noted").words == NOTE_OF_EASY_READ


def test_a_closed_way_that_alone_is_left_to_write_is_used_and_noted(house, customer, coordinator):
    Customer.objects.update(post_unsafe=True)

    approve(house, customer, coordinator, closed=frozenset({ContactWay.EMAIL}))

    letter = RestrictionLetter.objects.get()
    assert letter.channel == "email"
    noted = letter.restriction.records.get(step="noted")
    assert noted.words == note_of_closed_way("email")


@pytest.mark.promise("P4")
def test_of_an_e_mail_that_is_stopped_only_those_hear_who_may_know_of_the_restriction(
    house, complaint, customer, coordinator, by_email
):
    Exclusion.objects.create(complaint=complaint, user=coordinator, reason="conflict")
    Customer.objects.update(email_unsafe=True)

    while deliver_next(now=NOW):
        pass

    told = OutboundMessage.objects.filter(kind="unsent")
    assert house[Role.DIRECTOR].pk in told.values_list("to_user", flat=True)
    assert not told.filter(to_user=coordinator).exists()
    assert all(by_email.get_absolute_url() in each.body for each in told)
    assert {each.subject for each in told} == {"Restriction of contact: an e-mail was not sent"}


def test_an_e_mail_that_did_not_arrive_is_listed_and_sent_again_to_the_address_of_today(
    coordinator, by_email, client, every_write_is_recorded
):
    fail(by_email)
    Customer.objects.update(email="new@canary.example")
    client.force_login(coordinator)
    url = by_email.get_absolute_url()

    with time_machine.travel(NOW, tick=False):
        letters = client.get(reverse("cases:letters")).content.decode()
        listed = client.get(reverse("cases:restrictions")).content.decode()
        page = client.get(url).content.decode()
        done = client.post(url, {"step": "again"}, follow=True).content.decode()
        again = client.post(url, {"step": "again"}, follow=True).content.decode()

    assert "1 letter to post or to send again" in letters
    assert f'href="{url}"' in listed
    assert "E-mail did not arrive" in listed
    assert "550 No such mailbox" in page
    assert "Send again to new@canary.example" in page
    assert "waits to be sent again." in done
    assert "not waiting to be sent again" in again
    by_email.message.refresh_from_db()
    assert (by_email.message.state, by_email.message.to_address) == ("queued", "new@canary.example")
    assert steps_of(by_email)[-1] == "sent_again"


@pytest.mark.parametrize("state", [Delivery.UNDELIVERABLE, Delivery.CANCELLED])
def test_it_is_posted_instead(coordinator, by_email, client, every_write_is_recorded, state):
    fail(by_email, state)
    client.force_login(coordinator)

    answer = client.post(by_email.get_absolute_url(), {"step": "by-post"}, follow=True)

    by_email.refresh_from_db()
    assert "waits to be printed and posted." in answer.content.decode()
    assert by_email.is_to_post
    assert by_email.message.state == Delivery.CANCELLED
    assert steps_of(by_email)[-1] == "by_post"


def test_where_no_way_to_write_is_safe_any_more_it_is_recorded_that_they_were_told(
    coordinator, by_email, client
):
    fail(by_email, Delivery.CANCELLED)
    Customer.objects.update(email_unsafe=True, post_unsafe=True)
    client.force_login(coordinator)
    url = by_email.get_absolute_url()

    again = client.post(url, {"step": "again"}, follow=True).content.decode()
    by_post = client.post(url, {"step": "by-post"}, follow=True).content.decode()
    told = client.post(url, {"step": "otherwise"}, follow=True).content.decode()

    assert "e-mail is not safe" in again
    assert "not to write by post" in by_post
    assert "was told another way." in told
    assert letters_waiting(coordinator) == []
    assert "told another way" in client.get(url).content.decode()


def test_what_is_on_its_way_is_not_turned_and_no_party_turns_it(
    house, complaint, coordinator, by_email
):
    act = {"letter_id": by_email.pk, "now": NOW}

    for turn in (post_restriction_letter_instead, told_otherwise, send_restriction_letter_again):
        with pytest.raises(ActionNotAllowed, match="not waiting"):
            turn(**act, by=coordinator)
    Exclusion.objects.create(complaint=complaint, user=coordinator, reason="conflict")
    fail(by_email)
    for turn in (post_restriction_letter_instead, told_otherwise, send_restriction_letter_again):
        with pytest.raises(NotEntitled):
            turn(**act, by=coordinator)
    with pytest.raises(NotEntitled):
        requeue_message(message_id=by_email.message_id, by=coordinator, now=NOW)


def test_an_administrator_does_not_give_up_what_a_customer_has_to_know(house, by_email):
    fail(by_email)

    with pytest.raises(ActionNotAllowed, match="tells them another way first"):
        cancel_message(message_id=by_email.message_id, by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW)


def test_a_way_that_stays_open_is_taken_before_one_that_it_closes(house, customer, coordinator):
    Customer.objects.update(email="olu@example.org", preferred_channel="email")

    approve(house, customer, coordinator, closed=frozenset({ContactWay.EMAIL}))

    assert RestrictionLetter.objects.get().channel == "post"


def test_nothing_is_decided_while_the_letter_would_lack_the_ombudsman(house, customer, coordinator):
    OutsideBodyDetails.objects.all().delete()

    with pytest.raises(ActionNotAllowed, match="Missing: the Ombudsman’s details"):
        approve(house, customer, coordinator)

    customer.refresh_from_db()
    assert customer.restricted_contact == ""
    assert not RestrictionLetter.objects.exists()


def test_a_review_and_the_end_are_told_too(house, in_force):
    director = house[Role.DIRECTOR]
    later = MONDAY + timedelta(days=90)
    common = {"restriction_id": in_force.pk, "by": director, "now": NOW}

    renew_restriction(**common, review_on=later, words="You still ring as often.")
    end_restriction(**common, words="You ring no more than you need to.")

    kept, ended = RestrictionLetter.objects.order_by("number")[1:]
    assert "keep it limited" in kept.body
    assert "We look at it again by 6 September 2026" in kept.body
    assert "has ended today" in ended.body
    assert "You ring no more than you need to." in ended.body


def test_nobody_is_written_to_by_a_way_that_is_not_safe(house, customer, coordinator, client):
    Customer.objects.update(email_unsafe=True, post_unsafe=True)
    client.force_login(house[Role.DIRECTOR])
    proposed = propose_restriction(
        Proposal(frozenset(), "One call a week", "Calls.", "A list.", "Anxiety.", REVIEW),
        customer_id=customer.pk,
        by=coordinator,
        now=NOW,
    )

    with time_machine.travel(NOW, tick=False):
        url = reverse("cases:restriction-decide", args=[proposed.code])
        page = client.post(url, {"decision": "yes", "words": WHY}, follow=True)

    assert "tell them by word of mouth" in page.content.decode()
    assert not RestrictionLetter.objects.exists()


def test_it_is_listed_read_taken_away_and_ticked_off_as_posted(
    house, customer, coordinator, client, every_write_is_recorded
):
    Customer.objects.update(email="", preferred_channel="post")
    restriction = approve(house, customer, coordinator)
    url = reverse("cases:restriction-letter", args=[restriction.code, 1])
    client.force_login(coordinator)

    with time_machine.travel(NOW, tick=False):
        listed = client.get(reverse("cases:restrictions")).content.decode()
        page = client.get(url).content.decode()
        pdf = client.get(url, {"format": "large_print"})
        unknown = client.get(url, {"format": "easy_read"})
        posted = client.post(url, follow=True).content.decode()
        again = client.post(url, follow=True).content.decode()

    assert f'href="{url}"' in listed
    assert WHY in page
    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"].startswith("attachment")
    assert unknown.status_code == 404
    assert "is posted." in posted
    assert "This letter is not waiting to be posted." in again
    letter = RestrictionLetter.objects.get()
    assert letter.posted_by == coordinator
    assert steps_of(letter)[-1] == "posted"


def test_a_letter_is_not_posted_where_post_has_become_unsafe(house, customer, coordinator, client):
    Customer.objects.update(email="", preferred_channel="post")
    approve(house, customer, coordinator)
    Customer.objects.update(post_unsafe=True)
    client.force_login(coordinator)
    url = RestrictionLetter.objects.get().get_absolute_url()

    page = client.get(url).content.decode()
    refused = client.post(url, follow=True).content.decode()

    assert "Posted today" not in page
    assert "Do not post: not safe for them" in page
    assert "not to write by post" in refused
    assert RestrictionLetter.objects.get().is_to_post


# The evidence ----------------------------------------------------------------------------------


def parts_for(complaint, user, day=MONDAY):
    page = case_page(complaint, user=user, today=day, is_kept=True)
    return {part.title: str(part.blocks) for part in evidence_parts(page, now=at(day))}


def test_what_counted_while_a_complaint_was_open_is_in_its_evidence_and_chronology(
    house, complaint, coordinator, in_force
):
    parts = parts_for(complaint, coordinator)

    assert "The list of calls of May." in parts["Restriction of the customer’s contact"]
    assert WHY in parts["Restriction of the customer’s contact"]
    assert "Restriction of the customer’s contact: approved." in parts["Chronology"]


def test_a_restriction_that_ended_before_or_is_only_proposed_is_not(
    house, complaint, customer, coordinator
):
    propose_restriction(
        Proposal(frozenset(), "One call a week", "Calls.", "A list.", "Anxiety.", REVIEW),
        customer_id=customer.pk,
        by=coordinator,
        now=NOW,
    )

    parts = parts_for(complaint, coordinator)

    assert "Restriction of the customer’s contact" not in parts
    assert "Restriction of the customer’s contact" not in parts["Chronology"]


def test_whoever_may_not_know_of_it_finds_it_in_no_evidence(house, complaint, in_force):
    director = house[Role.DIRECTOR]
    other = house.lodge(customer=complaint.customer)
    Exclusion.objects.create(complaint=other, user=director, reason="conflict")

    assert "Restriction of the customer’s contact" not in parts_for(complaint, director)


@pytest.mark.promise("P4")
def test_whoever_may_not_know_of_it_does_not_take_the_evidence_that_others_made(
    house, complaint, coordinator, in_force, client
):
    director = house[Role.DIRECTOR]
    made = {"complaint_id": complaint.pk, "now": at(MONDAY)}
    other = house.lodge(customer=complaint.customer)
    bundles = [
        *make_bundle(**made, by=coordinator),
        *make_bundle(**made, by=coordinator, redaction=Redaction("Canary")),
    ]
    Exclusion.objects.create(complaint=other, user=director, reason="conflict")
    papers = reverse("cases:case-papers", args=[complaint.reference])
    client.force_login(director)

    for each in bundles:
        with pytest.raises(ActionNotAllowed, match="made for others"):
            taken(complaint=complaint, key=each.file.key, by=director, now=at(MONDAY))
        assert taken(complaint=complaint, key=each.file.key, by=coordinator, now=at(MONDAY))
    assert "?document=" not in client.get(papers).content.decode()
    own = make_bundle(complaint_id=complaint.pk, by=director, now=at(MONDAY + timedelta(days=1)))
    assert taken(complaint=complaint, key=own[0].file.key, by=director, now=at(MONDAY))
    assert client.get(papers).content.decode().count("?document=") == len(own)


@pytest.mark.parametrize(
    "change", [{"body": "Other."}, {"sender": "Others"}, {"signed": "X"}, {"to_name": "Y"}]
)
def test_what_was_issued_is_never_written_anew(in_force, change):
    letters = RestrictionLetter.objects.all()
    issued = letters.values().get()

    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        letters.update(**change)
    # What becomes of it is.
    letters.update(posted_on=None, channel=issued["channel"])

    assert letters.values().get() == issued


@pytest.mark.parametrize(
    ("details", "way"),
    [
        ({"letters_by_email": True}, "email"),
        ({"letters_by_email": False}, "post"),
        ({"letters_by_email": False, "address": "", "postcode": ""}, "email"),
    ],
    ids=["asked for whole letters", "did not", "has no other address"],
)
def test_it_goes_on_paper_unless_whole_letters_may_go_by_email(
    house, customer, coordinator, details, way
):
    Customer.objects.filter(pk=customer.pk).update(preferred_channel="email", **details)

    approve(house, customer, coordinator)

    assert RestrictionLetter.objects.get().channel == way
