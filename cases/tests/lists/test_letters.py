"""Letters to print and post, and e-mails that did not arrive: whose they are, and what is done."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, WrongDate
from cases.models import (
    AccessEntry,
    Complaint,
    ContactRestriction,
    Customer,
    Deadline,
    Delivery,
    Exclusion,
    Letter,
    Level,
    OutboundMessage,
    RecordedEvent,
)
from cases.models.complaints import COUNT_LIMIT
from cases.operations.evidence_papers import letter_parts
from cases.operations.letters_posted import mark_posted
from cases.operations.messages import requeue_message
from cases.operations.posting import MOST_AT_ONCE, post_each, reached_otherwise, send_by_post
from cases.operations.restrictions import show_again
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.events import Outcome
from cases.rules.roles import Role
from cases.tests.answering import acknowledge, respond
from cases.tests.factories import CustomerFactory
from cases.tests.fixtures import at
from cases.tests.lists.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
URL = "/letters/"
RECEIVED = date(2026, 6, 15)
FRIDAY = date(2026, 6, 19)
FINDING = Answer(Outcome.UPHELD, remedy_words=["We apologise to you."])


@pytest.fixture
def officer(house):
    return house[Role.RESPONSIBLE_OFFICER]


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


def acknowledged(house, *, channel: str = "post", on: date = FRIDAY, **details) -> Letter:
    """Return the letter that acknowledges a new complaint."""
    complaint = house.lodge(on=RECEIVED, **details)
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(on),
        seen=complaint.version,
        on=on,
        telling=Telling(channel),
    )
    return Letter.objects.get(complaint=complaint)


def answered(house, *, channel: str, on: date) -> Letter:
    """Return the letter that answers a new complaint."""
    complaint = house.lodge(on=RECEIVED)
    respond(
        complaint_id=complaint.pk,
        by=house[Role.LINE_MANAGER],
        now=at(on),
        seen=complaint.version,
        on=on,
        answer=FINDING,
        telling=Telling(channel, "We looked into it."),
    )
    return Letter.objects.get(complaint=complaint)


def undelivered(letter: Letter) -> Letter:
    """Let the letter's e-mail have failed for good."""
    OutboundMessage.objects.filter(pk=letter.message_id).update(
        state=Delivery.UNDELIVERABLE.value, last_error="550 no such user"
    )
    return letter


def value(letter: Letter) -> str:
    """Return the value of the letter's box."""
    return f"{letter.complaint.reference}:{letter.event_number}"


def posted(client, *letters: Letter, on: date = TODAY):
    """Send the form that records letters as posted."""
    day = {"posted_on_day": on.day, "posted_on_month": on.month, "posted_on_year": on.year}
    return client.post(URL, {"step": "posted", "letter": [value(e) for e in letters], **day})


def test_letters_that_wait_are_listed_with_their_address_and_format(house, officer, browse):
    customer = CustomerFactory(name="Agnes Bell", letter_format="large_print")
    letter = acknowledged(house, customer=customer)

    html = browse(officer).get(URL).content.decode()

    assert letter.complaint.reference in html
    assert "Agnes Bell, 14 Dock Road, Harbourside, HB1 4AA" in html
    assert "Large print" in html
    assert reverse("feedback:letters") in html


def test_with_nothing_to_post_the_page_says_so(house, officer, browse):
    html = browse(officer).get(URL).content.decode()

    assert "No letter waits to be posted." in html
    assert "Record as posted" not in html


def test_those_who_thank_for_compliments_find_the_way_here(house, officer, browse):
    assert reverse("cases:letters") in browse(officer).get("/feedback/letters/").content.decode()


def test_letters_chosen_are_printed_each_on_its_own_page(house, officer, browse):
    first, second, third = (acknowledged(house) for _ in range(3))
    client = browse(officer)

    sent = client.post(URL, {"step": "print", "letter": [value(first), value(second)]})
    html = client.get(sent.url).content.decode()

    assert sent.status_code == 302
    assert html.count('class="house-posted"') == 2
    assert "2 letters to print" in html
    assert third.complaint.reference not in html
    every = client.get("/letters/print/?all=yes").content.decode()
    assert every.count('class="house-posted"') == 3


def test_printing_changes_nothing(house, officer, browse):
    letter = acknowledged(house)

    browse(officer).get("/letters/print/?all=yes")

    letter.refresh_from_db()
    assert letter.posted_on is None


def test_letters_are_recorded_as_posted_on_a_day(house, officer, browse):
    letters = [acknowledged(house) for _ in range(2)]
    client = browse(officer)

    response = posted(client, *letters, on=FRIDAY)

    assert response.status_code == 302
    for letter in letters:
        letter.refresh_from_db()
        assert (letter.posted_on, letter.posted_by) == (FRIDAY, officer)
    html = client.get(URL).content.decode()
    assert "2 letters are recorded as posted on Fri 19 Jun 2026." in html
    assert "No letter waits to be posted." in html


@pytest.mark.rule("HH-16")
def test_an_answer_posted_later_begins_the_time_to_go_further_later(house, officer):
    house.run("herefordshire")
    complaint = house.lodge(on=RECEIVED, stage="stage-1")
    respond(
        complaint_id=complaint.pk,
        by=house[Role.HEAD_OF_SERVICE],
        now=at(FRIDAY),
        seen=complaint.version,
        on=FRIDAY,
        answer=FINDING,
        telling=Telling("post", "We looked into it."),
    )
    window = Deadline.objects.get(complaint=complaint, code="escalate-by")
    was = window.due_on

    mark_posted(letter_id=Letter.objects.get().pk, by=officer, now=NOW, on=TODAY)

    window.refresh_from_db()
    assert window.due_on > was


def test_one_that_is_refused_does_not_stop_the_others(house, officer, browse):
    early, late = acknowledged(house, on=date(2026, 6, 17)), acknowledged(house)
    client = browse(officer)

    posted(client, early, late, on=date(2026, 6, 18))

    early.refresh_from_db()
    late.refresh_from_db()
    assert (early.posted_on, late.posted_on) == (date(2026, 6, 18), None)
    html = client.get(URL).content.decode()
    assert "1 letter is recorded as posted" in html
    assert f"{late.complaint.reference}: The letter was written on 19 June 2026" in html


@pytest.mark.parametrize(
    ("on", "words"),
    [(TODAY + timedelta(days=1), "in the future"), (date(2026, 6, 18), "was written on")],
)
def test_a_letter_is_not_posted_on_a_day_that_cannot_be(house, officer, on, words):
    letter = acknowledged(house)

    with pytest.raises(WrongDate, match=words):
        mark_posted(letter_id=letter.pk, by=officer, now=NOW, on=on)

    letter.refresh_from_db()
    assert letter.posted_on is None


def test_a_wrong_day_keeps_what_was_ticked(house, officer, browse):
    letter, other = acknowledged(house), acknowledged(house)

    response = posted(browse(officer), letter, on=TODAY + timedelta(days=1))

    html = response.content.decode()
    assert response.status_code == 422
    assert "must be on or before 22 June 2026" in html
    ticked = [part.split('"')[0] for part in html.split('name="letter" value="')[1:]]
    assert set(ticked) == {value(letter), value(other)}
    box = html.split(f'value="{value(letter)}"')[1].split(">")[0]
    assert "checked" in box
    assert "checked" not in html.split(f'value="{value(other)}"')[1].split(">")[0]


def test_a_letter_posted_by_somebody_else_meanwhile_is_not_posted_again(house, officer, browse):
    letter = acknowledged(house)
    client = browse(officer)
    posted(client, letter, on=FRIDAY)

    posted(client, letter, on=TODAY)

    letter.refresh_from_db()
    assert letter.posted_on == FRIDAY
    assert "Tick the letters first." in client.get(URL).content.decode()


def test_too_many_at_once_are_refused_whole(house, officer):
    letter = acknowledged(house)

    with pytest.raises(ActionNotAllowed, match="at most 100"):
        post_each([letter.pk] * (MOST_AT_ONCE + 1), by=officer, now=NOW, on=TODAY)

    letter.refresh_from_db()
    assert letter.posted_on is None


@pytest.mark.parametrize("step", ["print", "posted", "again", "by-post", "otherwise", "nonsense"])
@pytest.mark.parametrize("given", ["", "x", "KX7M-2QPD-6:1", ":", "\x00:9", "a:" + "9" * 30])
def test_nothing_that_arrives_breaks_the_page(house, officer, browse, step, given):
    client = browse(officer)

    day = {"posted_on_day": 22, "posted_on_month": 6, "posted_on_year": 2026}
    response = client.post(URL, {"step": step, "letter": given, "message": given, **day})

    assert response.status_code == 302
    named = {"letter": given.replace("\x00", "")}
    assert client.get("/letters/print/", named).status_code == 200


def test_a_letter_is_not_printed_once_post_is_not_safe(house, officer, browse):
    letter = acknowledged(house)
    Customer.objects.filter(pk=letter.complaint.customer_id).update(post_unsafe=True)
    client = browse(officer)

    html = client.get(URL).content.decode()
    posted(client, letter)

    assert "Do not post: not safe for them" in html
    assert f'value="{value(letter)}"' not in html
    for query in ("all=yes", f"letter={value(letter)}"):
        printed = client.get(f"/letters/print/?{query}").content.decode()
        assert "house-posted" not in printed
    letter.refresh_from_db()
    assert letter.posted_on is None


# Who sees which --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["restricted", "excluded"])
def test_letters_of_what_is_hidden_are_absent(house, coordinator, browse, how):
    letter = acknowledged(house, customer=CustomerFactory(name="Agnes Bell"))
    failed = undelivered(acknowledged(house, channel="email"))
    for complaint in (letter.complaint, failed.complaint):
        if how == "restricted":
            Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)
        else:
            Exclusion.objects.create(complaint=complaint, user=coordinator, reason="subject")
    client = browse(coordinator)

    html = client.get(URL).content.decode()
    printed = client.get("/letters/print/", {"letter": value(letter)}).content.decode()
    posted(client, letter)
    client.post(URL, {"step": "by-post", "message": failed.message_id})

    for page in (html, printed, client.get("/letters/print/?all=yes").content.decode()):
        assert letter.complaint.reference not in page
        assert "Agnes" not in page
        assert failed.complaint.reference not in page
    letter.refresh_from_db()
    failed.refresh_from_db()
    assert letter.posted_on is None
    assert failed.channel == "email"


@pytest.mark.rule("HH-6")
def test_a_letter_that_waits_when_post_is_closed_says_so_and_can_still_go(
    house, officer, browse, django_assert_num_queries
):
    letter = acknowledged(house)
    client = browse(officer)
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        assert "Post is closed to them" not in client.get(URL).content.decode()
        needed = len(one)

    ContactRestriction.objects.create(
        customer=letter.complaint.customer,
        closed=["post"],
        reason="Sends back every letter, torn up.",
        evidence="The letters.",
        considered="Nothing known.",
        review_on=TODAY + timedelta(days=60),
        proposed_at=NOW,
        proposed_by=house[Role.COMPLAINTS_COORDINATOR],
        state="in_force",
        decided_at=NOW,
        decided_by=house[Role.DIRECTOR],
        starts_on=TODAY,
    )
    show_again(letter.complaint.customer)
    with django_assert_num_queries(needed):
        page = client.get(URL).content.decode()

    assert "Post is closed to them: see whether it still has to go" in page
    assert f'value="{value(letter)}"' in page


def test_whoever_is_on_the_list_of_a_restricted_complaint_posts_its_letters(
    house, coordinator, browse
):
    letter = acknowledged(house)
    Complaint.objects.filter(pk=letter.complaint_id).update(level=Level.RESTRICTED.value)
    AccessEntry.objects.create(complaint=letter.complaint, user=coordinator)

    assert letter.complaint.reference in browse(coordinator).get(URL).content.decode()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.RESPONSIBLE_OFFICER, True),
        (Role.LINE_MANAGER, True),
        (Role.HEAD_OF_SERVICE, True),
        (Role.COMPLAINTS_COORDINATOR, True),
        (Role.FRONT_LINE, False),
    ],
)
def test_letters_are_for_those_who_deal_with_the_complaint(house, browse, role, sees):
    letter = acknowledged(house, by=house[Role.COMPLAINTS_COORDINATOR])

    assert (letter.complaint.reference in browse(house[role]).get(URL).content.decode()) is sees


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.PANEL_MEMBER, Role.SYSTEM_ADMINISTRATOR])
@pytest.mark.parametrize("address", [URL, "/letters/print/"])
def test_others_have_no_letters(house, browse, role, address):
    assert browse(house[role]).get(address).status_code == 403
    assert browse(house[role]).post(URL, {"step": "posted"}).status_code == 403


def test_the_page_takes_the_same_queries_however_many_letters_wait(
    house, officer, browse, django_assert_max_num_queries, django_assert_num_queries
):
    acknowledged(house)
    undelivered(acknowledged(house, channel="email"))
    client = browse(officer)
    client.get(URL)
    with django_assert_max_num_queries(12) as few:
        client.get(URL)
    for _ in range(12):
        acknowledged(house)
        undelivered(acknowledged(house, channel="email"))

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(URL)


def test_pages_and_no_more_than_a_thousand_counted(house, officer, browse):
    letter = acknowledged(house)
    fields = [f for f in Letter._meta.concrete_fields if f.name != "id"]
    Letter.objects.bulk_create(
        Letter(**{field.attname: getattr(letter, field.attname) for field in fields})
        for _ in range(COUNT_LIMIT)
    )

    html = browse(officer).get(f"{URL}?page=2").content.decode()

    assert "<strong>1,000+ letters</strong>" in html
    assert html.count('name="letter"') == 50
    assert "Print the first 100" in html


# E-mails that did not arrive -------------------------------------------------------------------


def test_an_email_that_did_not_arrive_is_sent_again_to_the_address_known_now(
    house, officer, browse
):
    letter = undelivered(acknowledged(house, channel="email"))
    Customer.objects.filter(pk=letter.complaint.customer_id).update(email="new@example.org")
    client = browse(officer)

    shown = client.get(URL).content.decode()
    client.post(URL, {"step": "again", "message": letter.message_id})

    assert "550 no such user" in shown
    assert "Send again to new@example.org" in shown
    message = OutboundMessage.objects.get(pk=letter.message_id)
    assert (message.state, message.to_address) == (Delivery.QUEUED, "new@example.org")
    assert "The e-mail waits to be sent again." in client.get(URL).content.decode()


def test_the_record_keeps_to_which_address_an_email_went_first(house, officer, browse):
    letter = undelivered(acknowledged(house, channel="email"))
    first = OutboundMessage.objects.get(pk=letter.message_id).to_address
    client = browse(officer)
    again = reverse("cases:send-again", args=[letter.complaint.reference, letter.event_number])

    client.post(again, {"to_address": "new@example.org"})

    event = RecordedEvent.objects.filter(complaint=letter.complaint).latest("number")
    assert event.facts == {"sent_elsewhere": letter.event_number, "letter_kind": letter.kind}
    assert event.words.parts == {"address_before": first, "address_now": "new@example.org"}
    page = client.get(letter.complaint.get_absolute_url()).content.decode()
    assert "E-mail sent again to another address" in page
    assert first in page
    call_command("verify_record")


def test_sent_again_to_the_same_address_leaves_the_record_as_it_is(house, officer, browse):
    letter = undelivered(acknowledged(house, channel="email"))
    before = Complaint.objects.get().version
    address = OutboundMessage.objects.get(pk=letter.message_id).to_address

    requeue_message(message_id=letter.message_id, by=officer, now=NOW, to_address=address)

    assert Complaint.objects.get().version == before


def test_what_is_refused_leaves_the_address_and_the_record_as_they_are(house, officer):
    letter = undelivered(acknowledged(house, channel="email"))
    before = Complaint.objects.get().version

    with pytest.raises(ActionNotAllowed, match="not an e-mail address"):
        requeue_message(message_id=letter.message_id, by=officer, now=NOW, to_address="kim")

    assert Complaint.objects.get().version == before


def test_a_letter_says_to_which_address_it_went_and_when(house, officer, browse):
    letter = acknowledged(house, channel="email")
    client = browse(officer)
    url = reverse("cases:letter", args=[letter.complaint.reference, letter.event_number])
    address = OutboundMessage.objects.get(pk=letter.message_id).to_address

    waiting = client.get(url).content.decode()
    OutboundMessage.objects.filter(pk=letter.message_id).update(
        state=Delivery.SENT.value, sent_at=NOW
    )
    sent = client.get(url).content.decode()

    assert f"E-mail to {address}: waiting to be sent." in waiting
    assert f"Sent by e-mail to {address} on 22 June 2026 at 10:00am." in sent
    page = client.get(letter.complaint.get_absolute_url()).content.decode()
    assert "E-mail: sent 22 Jun 2026, 10:00am" in page
    [part] = letter_parts(letter.complaint)
    assert part.sheet.to == [
        letter.to_name,
        f"Sent by e-mail to {address} on 22 June 2026 at 10:00am.",
    ]


def test_a_letter_that_was_posted_says_when_and_who_saw_to_it(house, officer, browse):
    letter = acknowledged(house)
    client = browse(officer)
    url = reverse("cases:letter", args=[letter.complaint.reference, letter.event_number])

    waiting = client.get(url).content.decode()
    posted(client, letter, on=FRIDAY)
    told = f"Posted on 19 June 2026; {officer.name} saw to it."

    assert "saw to it" not in waiting
    assert told in client.get(url).content.decode()
    [part] = letter_parts(letter.complaint)
    assert part.sheet.to == [letter.to_name, *letter.to_address.splitlines(), told]


def test_an_email_that_did_not_arrive_goes_by_post_instead(house, officer, browse):
    letter = undelivered(acknowledged(house, channel="email"))
    client = browse(officer)

    client.post(URL, {"step": "by-post", "message": letter.message_id})

    letter.refresh_from_db()
    assert letter.channel == "post"
    assert letter.to_address == "14 Dock Road\nHarbourside\nHB1 4AA"
    assert OutboundMessage.objects.get(pk=letter.message_id).state == Delivery.CANCELLED
    event = RecordedEvent.objects.filter(complaint=letter.complaint).latest("number")
    assert event.facts == {"target": letter.event_number, "changes": {"channel": "post"}}
    html = client.get(URL).content.decode()
    assert "E-mails that did not arrive" not in html
    assert f'value="{value(letter)}"' in html
    page = client.get(letter.complaint.get_absolute_url()).content.decode()
    assert "E-mail did not arrive: letter by post instead" in page
    assert "did not reach the customer" not in page
    assert "To be posted" in page


@pytest.mark.rule("HH-16")
def test_the_time_to_go_further_runs_from_the_post_then(house, officer):
    house.run("herefordshire")
    complaint = house.lodge(on=RECEIVED, stage="stage-1")
    respond(
        complaint_id=complaint.pk,
        by=house[Role.HEAD_OF_SERVICE],
        now=at(FRIDAY),
        seen=complaint.version,
        on=FRIDAY,
        answer=FINDING,
        telling=Telling("email", "We looked into it."),
    )
    letter = undelivered(Letter.objects.get())
    window = Deadline.objects.get(complaint=complaint, code="escalate-by")
    by_email = window.due_on

    send_by_post(letter_id=letter.pk, by=officer, now=NOW)
    window.refresh_from_db()
    by_post = window.due_on
    mark_posted(letter_id=letter.pk, by=officer, now=NOW, on=TODAY)

    window.refresh_from_db()
    assert by_email < by_post < window.due_on


def test_an_email_on_its_way_or_arrived_is_not_turned_into_a_letter(house, officer):
    letter = acknowledged(house, channel="email")

    with pytest.raises(ActionNotAllowed, match="not waiting for another way"):
        send_by_post(letter_id=letter.pk, by=officer, now=NOW)

    letter.refresh_from_db()
    assert letter.channel == "email"
    assert OutboundMessage.objects.get(pk=letter.message_id).state == Delivery.QUEUED


@pytest.mark.parametrize(
    ("details", "words"),
    [({"post_unsafe": True}, "Not safe"), ({"address": "", "postcode": ""}, "no postal address")],
)
def test_nothing_goes_by_post_where_that_is_unsafe_or_impossible(house, officer, details, words):
    letter = undelivered(acknowledged(house, channel="email"))
    Customer.objects.filter(pk=letter.complaint.customer_id).update(**details)

    with pytest.raises(ActionNotAllowed, match=words):
        send_by_post(letter_id=letter.pk, by=officer, now=NOW)

    assert OutboundMessage.objects.get(pk=letter.message_id).state == Delivery.UNDELIVERABLE


def test_on_the_letters_own_page_it_can_go_by_post_too(house, officer, browse):
    letter = undelivered(acknowledged(house, channel="email"))
    client = browse(officer)
    page = reverse("cases:letter", args=[letter.complaint.reference, letter.event_number])

    assert "Post it instead" in client.get(page).content.decode()
    response = client.post(f"{page}by-post/")

    assert response.url == page
    letter.refresh_from_db()
    assert letter.channel == "post"
    assert "Record as posted" in client.get(page).content.decode()


@pytest.fixture
def receipt(house) -> OutboundMessage:
    """An e-mail about a complaint that is no letter, and did not arrive."""
    return OutboundMessage.objects.create(
        key="receipt:1",
        kind="receipt",
        complaint=house.lodge(on=RECEIVED),
        to_address="gone@example.org",
        subject="About your enquiry",
        body="",
        state=Delivery.UNDELIVERABLE.value,
        created_at=NOW,
        next_try_at=NOW,
    )


def test_a_receipt_that_did_not_arrive_is_set_aside_once_the_customer_was_reached(
    receipt, officer, browse
):
    client = browse(officer)

    shown = client.get(URL).content.decode()
    client.post(URL, {"step": "otherwise", "message": receipt.pk})

    assert "Reached another way" in shown
    assert "Post it instead" not in shown
    receipt.refresh_from_db()
    assert receipt.state == Delivery.CANCELLED
    assert receipt.last_error == f"Reached another way, said user {officer.pk}."
    assert "did not arrive" not in client.get(URL).content.decode()


def test_a_letter_is_not_set_aside(house, officer):
    letter = undelivered(acknowledged(house, channel="email"))

    with pytest.raises(ActionNotAllowed, match="send it again or by post"):
        reached_otherwise(message_id=letter.message_id, by=officer, now=NOW)


def test_nobody_sets_aside_what_they_may_not_read(receipt, house):
    with pytest.raises(NotEntitled):
        reached_otherwise(message_id=receipt.pk, by=house[Role.AUDITOR], now=NOW)

    receipt.refresh_from_db()
    assert receipt.state == Delivery.UNDELIVERABLE


def test_what_was_set_aside_is_not_set_aside_again(receipt, officer):
    reached_otherwise(message_id=receipt.pk, by=officer, now=NOW)

    with pytest.raises(ActionNotAllowed, match="not waiting any more"):
        reached_otherwise(message_id=receipt.pk, by=officer, now=NOW)


def test_why_an_email_cannot_be_mended_is_told(house, officer, browse):
    letter = undelivered(acknowledged(house, channel="email"))
    Customer.objects.filter(pk=letter.complaint.customer_id).update(
        email_unsafe=True, post_unsafe=True
    )
    client = browse(officer)

    shown = client.get(URL).content.decode()
    client.post(URL, {"step": "again", "message": letter.message_id})

    assert 'value="again"' not in shown
    assert 'value="by-post"' not in shown
    assert "It cannot be sent." in client.get(URL).content.decode()
    assert OutboundMessage.objects.get(pk=letter.message_id).state == Delivery.UNDELIVERABLE
