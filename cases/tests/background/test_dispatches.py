"""Letters and text messages through a provider: once each, safe, and told how far they got."""

import base64
import io
import re
from datetime import timedelta

import pypdf
import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import Dispatch, Letter, RoleGrant
from cases.operations.correct import annul
from cases.operations.dispatches import CUT_SHORT, WAITS, dispatch_next, hand_over, queue_texts
from cases.operations.letters_posted import mark_posted
from cases.operations.providers import Files, Notify, NotTaken, ProviderAway, _read
from cases.operations.telling import Telling
from cases.rules.dispatches import MOBILE_AS_WRITTEN, DispatchState, mobile_number, text_message
from cases.rules.roles import Role
from cases.selectors.case_papers import papers_of
from cases.tests.answering import acknowledge
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
    assert (sent["reference"], sent["postage"]) == (row.reference, "second")
    assert sent["reference"].startswith(f"letter:{letter.pk}:1:")
    letter.refresh_from_db()
    assert (letter.posted_on, letter.posted_by) == (MONDAY, house[COORDINATOR])
    row.refresh_from_db()
    assert row.state == "done"
    assert dispatch_next(now=NOW + timedelta(days=2)) == ""


def annulled(house, letter: Letter) -> Letter:
    """Return a letter after its complaint was annulled."""
    complaint = letter.complaint
    complaint.refresh_from_db()
    annul(
        complaint_id=complaint.pk,
        by=house[COORDINATOR],
        now=NOW,
        seen=complaint.version,
        reason="Logged twice.",
    )
    letter.refresh_from_db()
    return letter


def test_what_the_provider_posted_counts_though_whoever_handed_it_over_has_left(house, notify):
    letter = written(house)
    handed(house, letter)
    dispatch_next(now=NOW)
    RoleGrant.objects.filter(user=house[COORDINATOR]).delete()
    notify.everything_is("received")

    assert dispatch_next(now=NOW + timedelta(hours=1)) == "done"

    letter.refresh_from_db()
    assert (letter.posted_on, letter.posted_by) == (MONDAY, house[COORDINATOR])


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("state", ["queued", "sending", "taken", "done"])
def test_what_the_provider_has_is_not_for_anybody_here_to_post(house, notify, client, state):
    letter = written(house)
    url = reverse("cases:letter", args=[letter.complaint.reference, letter.event_number])
    client.force_login(house[COORDINATOR])
    assert 'name="letter"' in client.get(url).content.decode()
    handed(house, letter)
    settled = NOW if state == "done" else None
    Dispatch.objects.update(state=state, settled_at=settled)

    with pytest.raises(ActionNotAllowed, match="The provider posts this letter"):
        mark_posted(letter_id=letter.pk, by=house[COORDINATOR], now=NOW, on=MONDAY)

    assert 'name="letter"' not in client.get(url).content.decode()
    assert "No letter waits to be posted." in client.get("/letters/").content.decode()


@pytest.mark.parametrize(
    ("state", "is_stopped"), [("queued", True), ("sending", False), ("taken", False)]
)
def test_only_what_the_provider_has_not_got_can_be_stopped(house, notify, state, is_stopped):
    letter = written(house)
    row = handed(house, letter)
    Dispatch.objects.update(state=state)
    [line] = papers_of(letter.complaint).letters

    assert line.may_be_stopped is is_stopped
    assert (annulled(house, letter).channel == "stopped") is is_stopped
    if is_stopped:
        assert dispatch_next(now=NOW) == "failed"
        row.refresh_from_db()
        assert row.last_error == "This letter is not waiting to be posted."


def test_a_letter_stopped_too_late_is_shown_as_going(house, notify):
    letter = written(house)
    handed(house, letter)
    notify.breaks_off = True
    assert dispatch_next(now=NOW) == "later"
    assert annulled(house, letter).channel == "stopped"

    assert dispatch_next(now=NOW + timedelta(minutes=2)) == "taken"

    letter.refresh_from_db()
    assert letter.channel == "post"


@pytest.mark.promise("P18")
def test_a_letter_that_was_taken_before_it_became_unsafe_is_known_to_be_gone(house, notify):
    letter = written(house)
    handed(house, letter)
    notify.breaks_off = True
    dispatch_next(now=NOW)
    type(letter.complaint.customer).objects.update(post_unsafe=True)

    assert dispatch_next(now=NOW + timedelta(minutes=2)) == "taken"


def test_tries_that_are_always_cut_short_come_to_an_end(house, notify):
    row = handed(house, written(house))
    Dispatch.objects.update(state="sending", attempts=len(WAITS) + 1)

    assert dispatch_next(now=NOW) == "failed"

    row.refresh_from_db()
    assert row.last_error == CUT_SHORT
    assert not notify.taken


def test_a_copy_of_the_database_uses_other_references(house, notify):
    row = handed(house, written(house))
    dispatch_next(now=NOW)
    first = row.reference
    Dispatch.objects.all().delete()

    again = handed(house, Letter.objects.get(pk=row.letter_id))

    assert again.key == row.key
    assert again.reference != first
    assert dispatch_next(now=NOW) == "taken"
    assert len(notify.of("letter")) == 2


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

    asked = client.post("/letters/", {"step": "provider", "letter": value})
    assert "1 letter would go to the provider" in asked.content.decode()
    assert [row.is_ticked for row in asked.context["rows"]] == [True]
    assert not Dispatch.objects.exists()
    answer = client.post("/letters/", {"step": "provider-now", "letter": value}, follow=True)

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


def test_those_without_a_mobile_keep_nobody_else_waiting(house, notify, monkeypatch):
    monkeypatch.setattr("cases.operations.dispatches.TEXTS_AT_A_TIME", 1)
    written(house, **{**RUNG, "phone": "0151 555 0100"})
    written(house, **RUNG)
    written(house, **{**RUNG, "phone": "+44 (7700) 900124"})

    assert [queue_texts(now=NOW) for _ in range(3)] == [1, 1, 0]


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
    assert bool(re.search(MOBILE_AS_WRITTEN, written)) is bool(number)


@pytest.mark.one_database
def test_a_text_without_a_number_to_ring_names_none():
    told = text_message(landlord="Harbourside", reference="KX7M-2QPD-6", telephone="")

    assert told == "Harbourside: we have written to you about your enquiry KX7M-2QPD-6."
