"""E-mails that say only that there is a letter, and the letter that is read behind their link."""

from datetime import timedelta
from itertools import takewhile

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import (
    Complaint,
    Customer,
    Delivery,
    JointComplainant,
    Letter,
    Level,
    OutboundMessage,
    Representative,
    TrackingLink,
)
from cases.operations.enclosures import enclosures
from cases.operations.following import change_following
from cases.operations.messages import Tried, deliver_next, requeue_message
from cases.operations.messages_to_customers import write_to_customer
from cases.operations.rehearse import draft_of, rehearse
from cases.operations.representatives import ask_customer
from cases.operations.telling import Telling
from cases.operations.tracking import close_tracking, open_tracking
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.case_papers import how_it_went
from cases.selectors.messages import reason_not_to_send
from cases.tests.factories import CustomerFactory
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT, COMPLIMENT, SUGGESTION, changed
from feedback.tests.tracking import Follower, acknowledged, words

pytestmark = pytest.mark.usefixtures("now")
WORDS = "The surveyor found damp in your bedroom."
EMAILS_SAY = "What may our emails to you say?"
FOR_SOMEBODY_ELSE = changed(
    COMPLAINT,
    for_whom={"for_whom": "other"},
    person={"person_name": "Agnes Kowalczyk"},
    speaking_for_them={"relationship": "Solicitor"},
)


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


@pytest.fixture
def customer(db) -> Customer:
    return CustomerFactory(
        name="Margaret Shaw", email="margaret@example.org", letters_by_email=False
    )


def write(house, complaint: Complaint, channel: str = "email") -> Complaint:
    complaint.refresh_from_db()
    return write_to_customer(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        telling=Telling(channel, WORDS, language_because="A neighbour reads it to her."),
    )


def advocate(complaint: Complaint, **details) -> Representative:
    """Return somebody who speaks for the customer and is to have the letters."""
    return complaint.representatives.create(
        name="Ada Advocate", email="ada@example.org", authority="confirmed",
        established_by="signed_form", authority_on=NOW.date(), gets_letters=True, **details,
    )  # fmt: skip


def email_to(address: str) -> OutboundMessage:
    return OutboundMessage.objects.filter(to_address=address, kind__startswith="letter_").latest(
        "pk"
    )


@pytest.mark.promise("P14")
def test_an_email_says_only_that_there_is_a_letter_which_is_read_in_full_behind_its_link(
    house, customer
):
    complaint = acknowledged(house, customer=customer, summary="The lift in Quay House is out.")

    write(house, complaint)

    message, letter = email_to(customer.email), Letter.objects.get(kind="update")
    assert message.subject == f"About your enquiry {complaint.reference}"
    assert "There is a letter for you about your enquiry" in message.body
    officer = house[Role.COMPLAINTS_COORDINATOR].name
    for told in (WORDS, "damp", "lift", "Quay", "omplain", "Stage", "Ombudsman", officer):
        assert told not in message.body
    assert WORDS in letter.body
    assert letter.is_notice
    assert "The e-mail says only that there is a letter" in how_it_went(letter)[-1]
    assert draft_of(letter, None).subject == f"Your complaint {complaint.reference}"
    follower = Follower().opens(complaint)
    got = follower.get("tracked-letter", letter.event_number)
    assert got.getvalue().startswith(b"%PDF")


def test_whoever_asked_for_whole_letters_gets_them(house, customer):
    customer.letters_by_email = True
    customer.save()

    write(house, acknowledged(house, customer=customer))

    assert WORDS in email_to(customer.email).body
    assert not Letter.objects.filter(is_notice=True).exists()


def test_of_a_sensitive_complaint_no_letter_goes_whole(house, customer):
    customer.letters_by_email = True
    customer.save()
    complaint = acknowledged(house, customer=customer)
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.SENSITIVE)
    advocate(complaint)

    write(house, complaint)

    assert WORDS not in email_to(customer.email).body
    copy = email_to("ada@example.org").body
    assert WORDS not in copy
    assert "/track/link/" not in copy
    # No code can be sent to her, and the customer gets none because of her.
    assert "ring us on" in copy
    assert "the page sends you one" not in copy
    assert "/track/code/" in copy
    assert not OutboundMessage.objects.filter(kind="tracking_code").exists()


def test_a_whole_letter_that_waits_does_not_go_once_its_complaint_is_sensitive(house, customer):
    customer.letters_by_email = True
    customer.save()
    complaint = write(house, acknowledged(house, customer=customer))
    assert reason_not_to_send(email_to(customer.email), now=NOW) == ""

    Complaint.objects.filter(pk=complaint.pk).update(level=Level.SENSITIVE)

    why = reason_not_to_send(email_to(customer.email), now=NOW)
    assert why.startswith("The complaint is sensitive or restricted since")
    write(house, complaint)
    assert reason_not_to_send(email_to(customer.email), now=NOW) == ""


@pytest.mark.rule("HH-27")
def test_nothing_goes_with_it_in_whatever_format_the_letter_is(house, customer):
    customer.letter_format = "large_print"
    customer.save()

    complaint = write(house, acknowledged(house, customer=customer))

    assert enclosures(email_to(customer.email)) == []
    letter = Letter.objects.get(kind="update")
    got = Follower().opens(complaint).get("tracked-letter", letter.event_number)
    assert "large_print" in got["Content-Disposition"]
    assert got.getvalue().startswith(b"%PDF")


def test_no_email_leads_to_a_letter_that_cannot_be_read(house, customer):
    complaint = acknowledged(house, customer=customer)
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    close_tracking(complaint_id=complaint.pk, by=coordinator, now=NOW)

    with pytest.raises(ActionNotAllowed, match="cannot be followed on the web now"):
        write(house, complaint)

    assert not Letter.objects.filter(kind="update").exists()
    Customer.objects.filter(pk=customer.pk).update(letters_by_email=True)
    write(house, complaint)
    assert WORDS in email_to(customer.email).body


def deliver() -> list[Tried]:
    """Deliver all that waits, and return what became of it."""
    return list(takewhile(bool, iter(lambda: deliver_next(now=NOW), object())))


@pytest.fixture
def outbox(settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    mail.outbox = []
    return mail.outbox


def test_an_email_that_waits_while_its_pages_are_closed_is_stopped_and_goes_again_with_a_new_link(
    house, customer, outbox
):
    complaint = acknowledged(house, customer=customer)
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    deliver()
    write(house, complaint)
    outbox.clear()
    change_following(
        is_closed=True, notice="", by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW, seen=None
    )

    assert Tried.CANCELLED in deliver()

    assert customer.email not in {address for each in outbox for address in each.to}
    stopped = email_to(customer.email)
    assert "cannot be followed on the web now" in stopped.last_error
    unsent = OutboundMessage.objects.filter(kind="unsent", to_user=coordinator)
    assert "Tell the customer another way" in unsent.get().body
    with pytest.raises(ActionNotAllowed, match="cannot be followed"):
        requeue_message(message_id=stopped.pk, by=coordinator, now=NOW)
    change_following(
        is_closed=False, notice="", by=house[Role.SYSTEM_ADMINISTRATOR], now=NOW, seen=None
    )
    requeue_message(message_id=stopped.pk, by=coordinator, now=NOW)
    follower = Follower().opens(complaint)
    assert follower.is_in
    assert set(deliver()) == {Tried.SENT}


def test_an_email_whose_link_has_died_is_not_sent(house, customer, outbox):
    complaint = acknowledged(house, customer=customer)
    deliver()
    write(house, complaint)
    TrackingLink.objects.filter(complaint=complaint).update(ended_at=NOW)

    assert deliver()[0] is Tried.CANCELLED

    assert email_to(customer.email).last_error == "The link in it opens nothing any more."


def test_an_email_whose_link_has_died_goes_where_a_newer_one_goes_too(house, customer, outbox):
    complaint = acknowledged(house, customer=customer)
    deliver()
    write(house, complaint)
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    close_tracking(complaint_id=complaint.pk, by=coordinator, now=NOW)
    open_tracking(complaint_id=complaint.pk, by=coordinator, now=NOW)

    assert set(deliver()) == {Tried.SENT}

    opened = [each.body for each in outbox if "Your page on our website" in each.body]
    assert len(opened) == 1
    assert "/track/link/" in opened[0]


def test_two_letters_that_wait_together_both_go(house, customer, outbox):
    complaint = acknowledged(house, customer=customer)
    write(house, complaint)

    assert set(deliver()) == {Tried.SENT}


def test_an_email_goes_again_to_the_address_on_the_record_alone(house, customer):
    complaint = acknowledged(house, customer=customer)
    message = email_to(customer.email)
    OutboundMessage.objects.filter(pk=message.pk).update(state=Delivery.UNDELIVERABLE)
    coordinator = house[Role.COMPLAINTS_COORDINATOR]

    def again():
        return requeue_message(
            message_id=message.pk, by=coordinator, now=NOW, to_address="m.shaw@example.org"
        )

    with pytest.raises(ActionNotAllowed, match="Put that address right first"):
        again()
    Customer.objects.filter(pk=customer.pk).update(
        email="m.shaw@example.org", email_changed_at=NOW - timedelta(days=2)
    )
    again()
    assert Follower().opens(complaint).is_in


def test_whoever_sends_it_again_unread_is_not_told_whose_it_is(house, customer, sign_in):
    complaint = acknowledged(house, customer=customer)
    message = email_to(customer.email)
    OutboundMessage.objects.filter(pk=message.pk).update(state=Delivery.UNDELIVERABLE)
    close_tracking(complaint_id=complaint.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)
    operator = sign_in(Role.SYSTEM_ADMINISTRATOR)

    page = operator.post(
        reverse("cases:message-send-again"), {"message": message.pk}, follow=True
    ).content.decode()

    assert "whoever deals with the complaint sends the letter another way" in page
    for told in (customer.name, "sensitive", "followed on the web", "whole letters"):
        assert told not in page
    message.refresh_from_db()
    assert message.state == Delivery.UNDELIVERABLE


def test_each_who_complains_too_is_told_as_they_asked_with_a_link_of_their_own(house, customer):
    complaint = acknowledged(house, customer=customer)
    whole, told = CustomerFactory(), CustomerFactory(letters_by_email=False)
    for each in (whole, told):
        each.preferred_channel = "email"
        each.save()
        JointComplainant.objects.create(
            complaint=complaint, customer=each, capacity="Joint tenant", gets_letters=True
        )

    write(house, complaint)

    assert WORDS in email_to(whole.email).body
    assert WORDS not in email_to(told.email).body
    assert "/track/link/" in email_to(told.email).body
    assert (
        list(Letter.objects.filter(is_notice=True).values_list("to_name", flat=True)).count(
            told.name
        )
        == 1
    )


def test_where_a_link_would_prove_too_little_the_letter_is_posted_or_a_code_is_asked_of_us(
    house, customer
):
    complaint = acknowledged(house, customer=customer)
    Customer.objects.filter(pk=customer.pk).update(email_changed_at=NOW)

    with pytest.raises(ActionNotAllowed, match=r"ring you for a code\. Send it by post, or ask"):
        write(house, complaint)

    Customer.objects.filter(pk=customer.pk).update(address="", postcode="")
    write(house, complaint)
    body = email_to(customer.email).body
    assert "/track/link/" not in body
    assert "the page sends you one" not in body
    assert "You need a code to read it. Please ring us on" in body


def test_whoever_shares_a_mailbox_with_the_customer_is_promised_no_code_by_email(house, customer):
    Customer.objects.filter(pk=customer.pk).update(address="", postcode="")
    complaint = acknowledged(house, customer=Customer.objects.get(pk=customer.pk))
    complaint.representatives.create(name="Ada Advocate", email=customer.email)

    write(house, complaint)

    assert "we give you one on the telephone or by post" in email_to(customer.email).body
    assert Follower().asks_for_code(complaint.reference) == ""


def test_a_copy_goes_by_post_where_its_email_could_not_be_read(house, customer):
    complaint = acknowledged(house, customer=customer)
    told = CustomerFactory(letters_by_email=False, preferred_channel="email")
    JointComplainant.objects.create(
        complaint=complaint, customer=told, capacity="Joint tenant", gets_letters=True
    )
    advocate(complaint, address="1 Quay Street")
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.SENSITIVE)
    close_tracking(complaint_id=complaint.pk, by=coordinator, now=NOW)

    write(house, complaint, channel="post")

    ways = Letter.objects.filter(kind="update").values_list("to_name", "channel")
    assert dict(ways) == {customer.name: "post", told.name: "post", "Ada Advocate": "post"}


def test_a_copy_that_could_be_read_in_no_way_is_refused_in_words_of_its_own(house, customer):
    complaint = acknowledged(house, customer=customer)
    advocate(complaint)
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.SENSITIVE)
    close_tracking(complaint_id=complaint.pk, by=coordinator, now=NOW)

    with pytest.raises(ActionNotAllowed, match=r"Ada Advocate .* Add their postal address"):
        write(house, complaint, channel="post")
    with pytest.raises(ActionNotAllowed, match="no letter is in an e-mail"):
        write(house, complaint)


@pytest.mark.rule("HH-4")
def test_a_question_whether_somebody_may_speak_opens_nothing_but_its_own_answer(house, customer):
    complaint = house.lodge(customer=customer)
    speaker = complaint.representatives.create(name="Ada Advocate", email="ada@example.org")

    ask_customer(
        complaint_id=complaint.pk,
        representative_id=speaker.pk,
        telling=Telling("email"),
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
    )

    body = email_to(customer.email).body
    assert "There is a question for you about your enquiry" in body
    assert "/consent/" in body
    assert "/track/" not in body
    assert "on our website" not in body
    assert "Ada" not in body
    [told] = how_it_went(Letter.objects.get(kind="consent_request"))[1:]
    assert told == (
        "The e-mail says only that there is a question, with the link by which it is answered."
    )


def test_it_comes_in_the_customers_language(house, customer):
    Customer.objects.filter(pk=customer.pk).update(language="Welsh")

    write(house, acknowledged(house, customer=Customer.objects.get(pk=customer.pk)))

    body = email_to(customer.email).body
    assert "Mae llythyr i chi" in body
    assert "/cy/track/link/" in body


def test_officers_see_before_they_send_what_the_email_says(house, customer):
    complaint = acknowledged(house, customer=customer)

    shown = rehearse(lambda: write(house, complaint), before=history_of(complaint)).letter

    assert WORDS in "\n".join(shown.paragraphs)
    assert WORDS not in "\n".join(shown.notice)
    assert "made when this is sent" in "\n".join(shown.notice)


@pytest.mark.parametrize(
    ("answer", "is_whole"), [("whole", True), ("notice", False), ("", False)], ids=str
)
def test_the_form_asks_what_emails_may_say_and_takes_silence_for_little(visitor, answer, is_whole):
    visitor.tell(changed(COMPLAINT, contact={"email_says": answer}))

    assert Customer.objects.get().letters_by_email is is_whole


@pytest.mark.parametrize(
    "form",
    [COMPLAINT, COMPLIMENT, SUGGESTION, FOR_SOMEBODY_ELSE],
    ids=["complaint", "compliment", "suggestion", "speaker"],
)
def test_everybody_with_an_email_address_is_asked_what_emails_may_say(visitor, form):
    visitor.fill(changed(form, about_you={"email": "ada@example.org"}))

    assert EMAILS_SAY in words(visitor.get("/let-us-know/emails/"))


def test_nobody_without_an_email_address_is_asked_what_emails_may_say(visitor):
    visitor.fill(changed(COMPLAINT, about_you={"email": ""}))

    assert EMAILS_SAY not in words(visitor.get("/let-us-know/emails/"))


@pytest.mark.parametrize(
    ("answer", "is_whole"), [("whole", True), ("notice", False), ("", False)], ids=str
)
def test_what_whoever_speaks_for_somebody_answers_is_kept_with_them(visitor, answer, is_whole):
    form = changed(FOR_SOMEBODY_ELSE, contact={"email_says": answer})

    visitor.tell(form)

    assert Representative.objects.get().letters_by_email is is_whole
    assert not Customer.objects.get().letters_by_email


@pytest.mark.parametrize("is_whole", [True, False], ids=["whole", "notice"])
def test_a_copy_says_as_much_as_whoever_speaks_for_the_customer_asked_for(
    house, customer, is_whole
):
    complaint = acknowledged(house, customer=customer)
    advocate(complaint, letters_by_email=is_whole)

    write(house, complaint)

    assert (WORDS in email_to("ada@example.org").body) is is_whole
    assert "/track/link/" in email_to("ada@example.org").body
    assert Letter.objects.get(to_name="Ada Advocate").is_notice is not is_whole


def test_colleagues_keep_whether_somebody_who_speaks_wants_whole_letters(house, customer, sign_in):
    complaint = acknowledged(house, customer=customer)
    page = reverse("cases:add-representative", args=[complaint.reference])
    browser = sign_in(Role.COMPLAINTS_COORDINATOR)
    assert "They want whole letters by e-mail" in words(browser.get(page))

    typed = {"name": "Ada Advocate", "speaker_kind": "person", "authority": "claimed"}
    browser.post(page, {**typed, "seen": complaint.version, "letters_by_email": "on"})

    assert Representative.objects.get().letters_by_email


def test_customers_change_it_where_they_follow_their_complaint(house, customer):
    follower = Follower().opens(acknowledged(house, customer=customer))
    wishes = {"preferred": "email", "letter_format": "standard"}
    assert "What may our emails to you say?" in words(follower.get("tracked-wishes"))

    follower.post("tracked-wishes", wishes | {"email_says": "whole"})
    customer.refresh_from_db()
    assert customer.letters_by_email
    assert ("Whole letters by e-mail", "No", "Yes") in customer.changes.latest("pk").lines

    follower.post("tracked-wishes", wishes)
    customer.refresh_from_db()
    assert not customer.letters_by_email
