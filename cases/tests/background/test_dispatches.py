"""Letters and text messages through a provider: once each, safe, and told how far they got."""

import base64
import io
from datetime import timedelta

import pypdf
import pytest
import time_machine

from cases.models import Dispatch, Letter
from cases.operations.dispatches import dispatch_next, hand_over, queue_texts
from cases.operations.letters import Telling
from cases.operations.providers import Files, Notify, NotTaken, ProviderAway, _read
from cases.operations.stage_acts import acknowledge
from cases.rules.dispatches import DispatchState, mobile_number, text_message
from cases.rules.roles import Role
from cases.tests.background.notify import KEY, notify_on_loopback
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

pytestmark = pytest.mark.django_db
COORDINATOR = Role.COMPLAINTS_COORDINATOR
NOW = at(MONDAY, 11)
WORDS = "We look into the damp in the bedroom."
RUNG = {"preferred_channel": "phone", "phone": "07700 900 123", "address": "1 Quay Street"}


@pytest.fixture
def notify(settings, tmp_path):
    """GOV.UK Notify, as it stands in for itself on this machine."""
    settings.MEDIA_ROOT = tmp_path
    with notify_on_loopback() as stand_in:
        settings.PROVIDER = "notify"
        settings.NOTIFY_URL = stand_in.url
        settings.NOTIFY_KEY = KEY
        settings.NOTIFY_TEXT_TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"
        yield stand_in


def written(house, *, channel: str = "post", **customer) -> Letter:
    """Return the letter that acknowledges a complaint of a customer like that."""
    customer.setdefault("address", "1 Quay Street")
    complaint = house.lodge(customer=CustomerFactory(name="Sam Hill", **customer))
    acknowledge(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=at(MONDAY),
        seen=complaint.version,
        on=MONDAY,
        telling=Telling(channel, WORDS),
    )
    return complaint.letters.select_related("complaint__customer", "to_customer").get()


def handed(house, letter: Letter) -> Dispatch:
    """Hand a letter to the provider and return how it stands."""
    assert [each.refusal for each in hand_over([letter], by=house[COORDINATOR], now=NOW)] == [""]
    return Dispatch.objects.get(letter=letter, kind="letter", state="queued")


def test_a_letter_goes_as_the_pdf_that_was_kept_and_counts_as_posted_when_it_is(house, notify):
    letter = written(house)
    row = handed(house, letter)

    assert dispatch_next(now=NOW) == "taken"
    letter.refresh_from_db()
    assert letter.posted_on is None
    notify.everything_is("accepted")
    assert dispatch_next(now=NOW + timedelta(minutes=2)) == "asked"
    notify.everything_is("received")
    assert dispatch_next(now=NOW + timedelta(hours=1)) == "done"

    [sent] = notify.of("letter")
    assert (sent["reference"], sent["postage"]) == (row.key, "second")
    letter.refresh_from_db()
    assert (letter.posted_on, letter.posted_by) == (MONDAY, house[COORDINATOR])
    row.refresh_from_db()
    assert row.state == "done"
    assert dispatch_next(now=NOW + timedelta(days=2)) == ""


def test_the_letter_that_is_posted_can_be_read(house, notify):
    handed(house, written(house))
    dispatch_next(now=NOW)

    [sent] = notify.of("letter")
    pdf = pypdf.PdfReader(io.BytesIO(base64.b64decode(sent["content"])))
    assert WORDS in " ".join(page.extract_text() for page in pdf.pages)


def test_an_answer_that_was_lost_sends_nothing_twice(house, notify):
    handed(house, written(house))
    notify.breaks_off = True

    assert dispatch_next(now=NOW) == "later"
    assert dispatch_next(now=NOW + timedelta(minutes=2)) == "taken"

    assert len(notify.of("letter")) == 1


@pytest.mark.parametrize("answer", [403, 429, 500, 503])
def test_while_the_provider_is_away_everything_waits(house, notify, answer):
    row = handed(house, written(house))
    notify.answers_with = [answer]

    assert dispatch_next(now=NOW) == "later"
    row.refresh_from_db()
    assert row.state == "queued"
    assert dispatch_next(now=NOW) == ""
    assert dispatch_next(now=NOW + timedelta(minutes=2)) == "taken"


def test_what_is_refused_comes_back_to_the_list_without_a_name_in_the_reason(house, notify):
    letter = written(house)
    row = handed(house, letter)
    notify.answers_with = [400]

    assert dispatch_next(now=NOW) == "failed"

    row.refresh_from_db()
    assert row.last_error == "The provider refused it: BadRequestError."
    assert handed(house, letter).key != row.key


def test_a_letter_that_cannot_be_posted_after_all_is_not_posted(house, notify):
    letter = written(house)
    row = handed(house, letter)
    dispatch_next(now=NOW)
    notify.everything_is("validation-failed")

    assert dispatch_next(now=NOW + timedelta(minutes=2)) == "failed"

    letter.refresh_from_db()
    row.refresh_from_db()
    assert letter.posted_on is None
    assert row.last_error == "The provider says: validation failed."


def test_a_letter_is_handed_over_once_and_only_if_it_may_go(house, notify):
    letter = written(house)
    handed(house, letter)
    by = house[COORDINATOR]
    braille = written(house, letter_format="braille")

    again, dots = hand_over([letter, braille], by=by, now=NOW)

    assert again.refusal == "It is with the provider already."
    assert dots.refusal == "The provider posts printed letters only."


@pytest.mark.promise("P18")
def test_a_letter_that_is_not_safe_any_more_does_not_go(house, notify):
    letter = written(house)
    row = handed(house, letter)
    type(letter.complaint.customer).objects.update(post_unsafe=True)

    assert dispatch_next(now=NOW) == "failed"

    row.refresh_from_db()
    assert "Not safe" in row.last_error
    assert not notify.taken


@time_machine.travel(NOW, tick=False)
def test_the_lists_and_the_complaint_say_that_the_provider_has_it(
    house, notify, client, django_assert_max_num_queries
):
    letter = written(house)
    client.force_login(house[COORDINATOR])
    page = client.get("/letters/").content.decode()
    assert "Have the provider post selected" in page
    value = page.split('name="letter" value="')[1].split('"')[0]

    answer = client.post("/letters/", {"step": "provider", "letter": value}, follow=True)

    assert "1 letter goes to the provider" in answer.content.decode()
    assert "No letter waits to be posted." in answer.content.decode()
    case = letter.complaint.get_absolute_url()
    assert "Goes to the provider to be posted" in client.get(case).content.decode()
    dispatch_next(now=NOW)
    with django_assert_max_num_queries(14):
        assert "With the provider to be posted" in client.get(case).content.decode()


def test_without_a_provider_nothing_is_offered_and_nothing_queued(house, client):
    letter = written(house, **RUNG)
    client.force_login(house[COORDINATOR])

    assert "provider" not in client.get("/letters/").content.decode().split("<main")[1]
    assert hand_over([letter], by=house[COORDINATOR], now=NOW)[0].refusal == "No provider is set."
    assert queue_texts(now=NOW) == 0


# Text messages ----------------------------------------------------------------------------------


@pytest.mark.promise("P24")
def test_whoever_prefers_the_telephone_is_told_of_a_letter_by_text_once(house, notify):
    letter = written(house, **RUNG)

    assert [queue_texts(now=NOW) for _ in range(2)] == [1, 0]
    assert dispatch_next(now=NOW) == "taken"

    [sent] = notify.of("sms")
    assert sent["phone_number"] == "+447700900123"
    message = sent["personalisation"]["message"]
    assert letter.complaint.reference in message
    for word in ("complain", "damp", "sam", "hill"):
        assert word not in message.lower()


@time_machine.travel(NOW, tick=False)
def test_the_complaint_says_whether_the_text_arrived(house, notify, client):
    letter = written(house, **RUNG)
    queue_texts(now=NOW)
    dispatch_next(now=NOW)
    notify.everything_is("delivered")
    dispatch_next(now=NOW + timedelta(minutes=2))
    client.force_login(house[COORDINATOR])

    page = client.get(letter.complaint.get_absolute_url()).content.decode()

    assert "To be posted; text delivered" in page


@pytest.mark.promise("P18")
@pytest.mark.parametrize(
    "customer",
    [
        {**RUNG, "phone_unsafe": True},
        {**RUNG, "phone": "0151 555 0100"},
        {**RUNG, "preferred_channel": "post"},
        {**RUNG, "restricted_contact": "Letters alone."},
    ],
    ids=["not safe", "no mobile", "prefers letters", "contact is restricted"],
)
def test_nobody_else_gets_a_text(house, notify, customer):
    written(house, **customer)

    assert queue_texts(now=NOW) == 0


@pytest.mark.promise("P18")
def test_a_text_that_is_not_safe_any_more_does_not_go(house, notify):
    letter = written(house, **RUNG)
    queue_texts(now=NOW)
    type(letter.complaint.customer).objects.update(phone_unsafe=True)

    assert dispatch_next(now=NOW) == "failed"
    assert not notify.taken


def test_old_letters_are_told_of_in_no_text(house, notify):
    written(house, **RUNG)

    assert queue_texts(now=NOW + timedelta(days=2)) == 0


# The providers ----------------------------------------------------------------------------------


@pytest.mark.one_database
def test_the_key_is_read_as_it_is_given_out_whatever_its_name():
    for name in ("complaints", "a-b-c", ""):
        provider = Notify("https://api.example", f"{name}{KEY.removeprefix('complaints')}", "")
        assert f"{provider.service}-{provider.secret}" == KEY.removeprefix("complaints-")
        assert not provider.sends_texts


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("status", "answer"), [(201, b"{}"), (201, b"[]"), (200, b"null"), (404, b"[]"), (404, b"<p>")]
)
def test_an_answer_that_is_none_of_the_providers_is_for_later(monkeypatch, status, answer):
    ours = Notify("http://127.0.0.1:9", KEY, "")
    monkeypatch.setattr(ours, "_ask", lambda *_, **__: _read(status, answer))

    with pytest.raises(ProviderAway, match="cannot be read"):
        ours.post_letter(b"%PDF", key="letter:1:1", now=NOW)


@pytest.mark.one_database
@pytest.mark.parametrize("answer", [b"{}", b'{"errors": {}}', b'{"errors": ["no"]}'])
def test_a_refusal_without_its_reason_is_a_refusal(answer):
    with pytest.raises(NotTaken, match="refused it: 400"):
        _read(400, answer)


@pytest.mark.one_database
def test_a_trial_writes_everything_to_files(tmp_path):
    files = Files(tmp_path / "provider")

    name = files.send_text("+447700900123", "Hello", key="text:1:2", now=NOW)

    assert (tmp_path / "provider" / name).read_text() == "+447700900123\nHello\n"
    assert files.find("text:1:2", now=NOW) == name
    assert files.find("text:9", now=NOW) == ""
    assert files.fate_of(name, now=NOW).state is DispatchState.DONE


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("07700 900123", "+447700900123"),
        ("+44 7700 900-123", "+447700900123"),
        ("0044 (7700) 900123", "+447700900123"),
        ("0151 555 0100", ""),
        ("07700 900123 (daughter)", ""),
        ("", ""),
    ],
)
def test_only_mobile_numbers_get_texts(written, number):
    assert mobile_number(written) == number


@pytest.mark.one_database
def test_a_text_without_a_number_to_ring_names_none():
    told = text_message(landlord="Harbourside", reference="KX7M-2QPD-6", telephone="")

    assert told == "Harbourside: we have written to you about your enquiry KX7M-2QPD-6."
