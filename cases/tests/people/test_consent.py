"""The customer answers by a link whether somebody may speak for them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import (
    Complaint,
    ConsentLink,
    Customer,
    Delivery,
    Letter,
    OutboundMessage,
    RecordedEvent,
)
from cases.operations.consent import LIFE, answer_link, open_link
from cases.operations.customer_changes import change_customer
from cases.operations.customers import Particulars
from cases.operations.messages import deliver_next, requeue_message
from cases.operations.rehearse import rehearse
from cases.operations.representatives import ask_customer
from cases.operations.telling import Telling
from cases.operations.tracking import tracking_link
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.tracking import may_be_followed
from cases.tests.people.conftest import NOW, confirmed
from cases.tests.people.test_representatives import CANARIES


@pytest.fixture(autouse=True)
def on_the_day(time_machine):
    time_machine.move_to(NOW, tick=False)


@pytest.fixture
def ask(complaint, coordinator):
    def ask(speaker, channel="email"):
        ask_customer(
            complaint_id=complaint.pk,
            representative_id=speaker.pk,
            telling=Telling(channel),
            by=coordinator,
            now=NOW,
        )
        letter = Letter.objects.filter(kind="consent_request").latest("pk")
        body = letter.message.body if letter.message else ""
        return body.partition("/consent/")[2].partition("/")[0]

    return ask


@pytest.fixture
def speaker(speak):
    return speak(relationship="Friend")


def page(token):
    return reverse("feedback:consent", args=[token])


@pytest.mark.rule("HH-4", "KF-1", "LV-1")
@pytest.mark.parametrize(("answer", "becomes"), [("yes", "confirmed"), ("no", "declined")])
def test_the_customer_confirms_or_refuses_by_the_link(
    client, ask, speaker, coordinator, answer, becomes
):
    token = ask(speaker)

    response = client.post(page(token), {"answer": answer})

    speaker.refresh_from_db()
    assert response["Location"] == reverse("feedback:consent-thanks")
    assert speaker.authority == becomes
    assert speaker.established_by == ("own_contact" if answer == "yes" else "")
    event = RecordedEvent.objects.latest("pk")
    assert (event.actor_id, event.facts["authority"]) == (None, becomes)
    told = OutboundMessage.objects.get(kind="information_answered")
    assert told.to_user == coordinator


@pytest.mark.parametrize("way", ["", "/cy"], ids=["English", "Welsh"])
def test_the_thanks_speak_of_the_answer_and_of_no_form(client, house, way):
    words = client.get(f"{way}{reverse('feedback:consent-thanks')}").content.decode()

    said = "Mae eich ateb wedi ein cyrraedd" if way else "Your answer has reached us"
    forms = ("ffurflen", "drosoch") if way else ("fill in the form", "on paper", "do it for you")
    main = words.partition("<main")[2].partition("</main>")[0]
    assert said in main
    assert not [each for each in forms if each in main]


def test_the_page_tells_nothing_of_the_complaint_or_the_customer(client, ask, speaker, complaint):
    shown = client.get(page(ask(speaker)))
    words = shown.content.decode().lower()

    assert "bob moyo" in words
    assert not [each for each in (*CANARIES, complaint.reference.lower()) if each in words]
    assert "no-store" in shown["Cache-Control"]


def test_looking_at_the_page_answers_nothing(client, ask, speaker):
    token = ask(speaker)

    client.get(page(token))
    client.head(page(token))

    speaker.refresh_from_db()
    assert speaker.authority == "asked"
    assert open_link(token, now=NOW)


def test_nothing_is_chosen_beforehand(client, ask, speaker):
    token = ask(speaker)

    answer = client.post(page(token), {})

    speaker.refresh_from_db()
    assert answer.status_code == 422
    assert "Choose yes or no" in answer.content.decode()
    assert speaker.authority == "asked"


def test_a_link_works_once(client, ask, speaker):
    token = ask(speaker)
    client.post(page(token), {"answer": "no"})

    again = client.post(page(token), {"answer": "yes"})

    speaker.refresh_from_db()
    assert again.status_code == 404
    assert speaker.authority == "declined"


def test_a_link_ends(ask, speaker):
    token = ask(speaker)

    assert open_link(token, now=NOW + LIFE - timedelta(seconds=1))
    assert open_link(token, now=NOW + LIFE) is None
    assert answer_link(token=token, may_speak=True, now=NOW + LIFE) is None


def test_a_newer_link_replaces_it(ask, speaker):
    first = ask(speaker)
    second = ask(speaker)

    assert open_link(first, now=NOW) is None
    assert open_link(second, now=NOW)


@pytest.mark.parametrize(
    "change", [{"email": "somebody@else.example"}, {"email_unsafe": True}], ids=str
)
def test_a_link_counts_only_at_an_address_that_is_still_their_own_and_safe(
    ask, speaker, customer, change
):
    token = ask(speaker)

    Customer.objects.filter(pk=customer.pk).update(**change)

    assert answer_link(token=token, may_speak=True, now=NOW) is None


def test_what_colleagues_recorded_meanwhile_is_not_changed_by_the_link(ask, speak, speaker):
    token = ask(speaker)
    speak(speaker.pk, authority="revoked")

    assert answer_link(token=token, may_speak=True, now=NOW) is None
    speaker.refresh_from_db()
    assert speaker.authority == "revoked"


@pytest.mark.rule("HH-4", "KF-1")
def test_no_link_goes_to_an_address_that_the_representative_has_too(ask, speak, customer):
    token = ask(speak(email=customer.email.upper()))

    assert token == ""
    assert not ConsentLink.objects.exists()


def test_a_representative_who_takes_the_address_afterwards_answers_nothing(
    ask, speak, speaker, customer
):
    token = ask(speaker)
    speak(speaker.pk, email=customer.email, authority="asked")

    assert answer_link(token=token, may_speak=True, now=NOW) is None


def test_without_an_e_mail_the_way_by_colleagues_remains(ask, speak, speaker):
    token = ask(speaker, channel="post")
    speak(speaker.pk, **confirmed(established_by="signed_form"))

    speaker.refresh_from_db()
    assert token == ""
    assert speaker.authority == "confirmed"


def test_colleagues_never_read_the_link(client, house, ask, speaker, complaint):
    token = ask(speaker)
    letter = Letter.objects.get(kind="consent_request")
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    pages = [
        client.get(complaint.get_absolute_url()),
        client.get(reverse("cases:letter", args=[complaint.reference, letter.event_number])),
        client.get(reverse("cases:representative", args=[complaint.reference, speaker.pk])),
    ]

    assert token
    assert token not in letter.body
    assert not [each for each in pages if token in each.content.decode()]


@pytest.mark.parametrize("whole", [True, False], ids=["the whole letter", "a notice"])
def test_the_preview_shows_that_the_link_is_made_when_it_goes(
    complaint, coordinator, customer, speaker, whole
):
    Customer.objects.filter(pk=customer.pk).update(letters_by_email=whole)

    def act():
        ask_customer(
            complaint_id=complaint.pk,
            representative_id=speaker.pk,
            telling=Telling("email"),
            by=coordinator,
            now=NOW,
        )
        return complaint

    draft = rehearse(act, before=history_of(complaint)).letter

    told = "\n".join((*draft.under, *draft.notice))
    assert "[the customer’s own link, made when this is sent]" in told
    assert "/consent/" not in told


@pytest.mark.parametrize("token", ["x", "a" * 500])
def test_a_link_that_never_was_is_closed_like_one_that_was_used(client, db, house, token):
    answer = client.get(f"/consent/{token}/")

    assert answer.status_code == 404
    assert "This page is closed" in answer.content.decode()


def test_whoever_tries_many_links_waits(client, house):
    answers = [client.get(page(f"guess-{number}")).status_code for number in range(12)]

    assert answers[0] == 404
    assert answers[-1] == 429


def test_a_page_that_was_open_too_long_keeps_what_was_chosen_and_takes_no_answer(
    client, ask, speaker
):
    token = ask(speaker)
    client.handler.enforce_csrf_checks = True

    answer = client.post(page(token), {"answer": "no"})

    assert answer.status_code == 403
    assert "nothing was sent" in answer.content.decode()
    assert re.search(r'value="no"[^>]* checked', answer.content.decode())
    assert open_link(token, now=NOW) is not None


def test_what_was_sent_is_kept_without_what_opens_the_page(ask, speaker, coordinator):
    token = ask(speaker)
    message = OutboundMessage.objects.get(kind="letter_consent_request")
    assert token in message.body

    while deliver_next(now=NOW):
        pass

    message.refresh_from_db()
    assert message.state == Delivery.SENT
    assert token not in message.body
    assert open_link(token, now=NOW) is not None
    message.state, message.sent_at = Delivery.UNDELIVERABLE.value, None
    message.save(update_fields=["state", "sent_at"])
    with pytest.raises(ActionNotAllowed, match=r"has ended\. Send a new one"):
        requeue_message(message_id=message.pk, by=coordinator, now=NOW)


ANOTHERS = "given by somebody who says that they speak for them"


@pytest.fixture
def browser(client, coordinator):
    client.force_login(coordinator)
    return client


@pytest.fixture
def of_another(customer):
    Customer.objects.filter(pk=customer.pk).update(email_by_another=True)


@pytest.mark.rule("HH-4", "KF-1")
@pytest.mark.usefixtures("of_another")
def test_nobody_confirms_themselves_at_an_address_that_they_gave(ask, speaker, browser):
    path = reverse("cases:representative-ask", args=[speaker.complaint.reference, speaker.pk])

    assert ANOTHERS in browser.get(path).content.decode()
    assert ask(speaker) == ""
    assert not ConsentLink.objects.exists()


@pytest.mark.rule("HH-4")
def test_an_address_that_is_new_gets_no_link_to_answer_by(ask, speaker, customer):
    Customer.objects.filter(pk=customer.pk).update(email_changed_at=NOW - timedelta(hours=23))

    assert ask(speaker) == ""


@pytest.mark.rule("HH-4")
def test_a_link_sent_before_works_no_more_once_its_address_is_in_doubt(ask, speaker, customer):
    token = ask(speaker)
    Customer.objects.filter(pk=customer.pk).update(email_by_another=True)

    assert answer_link(token=token, may_speak=True, now=NOW) is None
    speaker.refresh_from_db()
    assert speaker.authority == "asked"


@pytest.mark.rule("HH-4", "KF-1")
@pytest.mark.usefixtures("of_another")
def test_an_address_of_another_opens_no_page_until_the_customer_has_confirmed_it(
    complaint, customer, speaker, ask, browser
):
    Complaint.objects.filter(pk=complaint.pk).update(needs_triage=False)
    later = NOW + timedelta(days=400)
    shown = reverse("cases:customer", args=[customer.code])
    change = reverse("cases:customer-change", args=[customer.code])
    following = reverse("cases:following", args=[complaint.reference])

    assert "gave their e-mail address" in browser.get(shown).content.decode()
    assert "No link and no code goes to" in browser.get(following).content.decode()
    assert not may_be_followed(complaint, by_email=True, now=later)
    assert tracking_link(complaint, to=customer.email, now=later) == ""

    form = browser.get(change).context["form"]
    given = {name: value for name, value in form.initial.items() if name in form.fields and value}
    browser.post(change, {**given, "needs": "Ring first"})
    customer.refresh_from_db()
    assert (customer.needs, customer.email_by_another) == ("Ring first", True)

    seen = browser.get(change).context["form"].initial["seen"]
    browser.post(change, {**given, "needs": "Ring first", "seen": seen, "confirmed": "email"})

    said = browser.get(shown).content.decode()
    assert "gave their e-mail address" not in said
    assert "E-mail given by somebody else" in said
    complaint.refresh_from_db()
    assert may_be_followed(complaint, by_email=True, now=NOW)
    assert "/track/link/" in tracking_link(complaint, to=customer.email, now=NOW)
    assert ask(speaker)


@pytest.mark.usefixtures("of_another")
def test_whoever_gave_the_old_address_is_not_told_of_the_customers_own(customer, coordinator):
    names = Particulars.__dataclass_fields__
    known = Particulars(**{name: getattr(customer, name) for name in names})

    change_customer(
        replace(known, email="own@canary.example"),
        customer_id=customer.pk, seen=0, by=coordinator, now=NOW,
    )  # fmt: skip

    customer.refresh_from_db()
    assert (customer.email_by_another, customer.email_changed_at) == (False, NOW)
    assert not OutboundMessage.objects.filter(kind="customer_address").exists()
