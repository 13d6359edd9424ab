"""Codes on paper through the provider: printed there, kept nowhere here."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

import pypdf
import pytest
from django.core.cache import cache
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import Complaint, Customer, Dispatch, OutboundMessage, TrackingCode
from cases.models.tracking import Proof
from cases.operations.code_letters import CodeLetters
from cases.operations.dispatches import dispatch_next
from cases.operations.posted_codes import post_code
from cases.operations.tracking import hand_out_code
from cases.rules.roles import Role
from cases.tests.background.notify import KEY, notify_on_loopback
from cases.tests.factories import CustomerFactory
from feedback.tests.conftest import NOW
from feedback.tests.tracking import Follower, acknowledged, words

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.promise("P14")]
COORDINATOR = Role.COMPLAINTS_COORDINATOR
ADDRESS = {"address": "1 Quay Street", "postcode": "HB1 2QH"}


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


@pytest.fixture
def notify(settings):
    """GOV.UK Notify, as it stands in for itself on this machine."""
    with notify_on_loopback() as stand_in:
        settings.PROVIDER = "notify"
        settings.NOTIFY_URL = stand_in.url
        settings.NOTIFY_KEY = KEY
        settings.NOTIFY_TEXT_TEMPLATE = ""
        yield stand_in


@pytest.fixture
def complaint(house) -> Complaint:
    return acknowledged(house, customer=CustomerFactory(name="Margaret Shaw", **ADDRESS))


def hand_over(house, complaint: Complaint, **whom) -> TrackingCode:
    return post_code(complaint_id=complaint.pk, by=house[COORDINATOR], now=NOW, **whom)


def text_of(sent) -> str:
    reader = pypdf.PdfReader(io.BytesIO(base64.b64decode(sent["content"])))
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def printed(notify) -> str:
    """Return the code that stands in the letter that was handed over last."""
    return text_of(notify.of("letter")[-1]).partition("Your code: ")[2][:14]


def following(complaint: Complaint) -> str:
    return reverse("cases:following", args=[complaint.reference])


def test_a_code_goes_to_the_provider_and_opens_the_complaint_once(
    complaint, notify, sign_in, house
):
    browser, path = sign_in(COORDINATOR), following(complaint)
    assert "Have the provider post a code" in words(browser.get(path))

    answer = words(browser.post(path, {"step": "provider"}, follow=True))

    assert "The code goes to the provider" in answer
    assert "Goes to the provider to be posted" in answer
    assert dispatch_next(now=NOW) == "taken"
    assert "With the provider to be posted" in words(browser.get(path))
    code = printed(notify)
    row = TrackingCode.objects.get(proof=Proof.POST.value)
    for kept in (row.code_hash, str(Dispatch.objects.values_list().get()), answer):
        assert code not in kept
    for told in ("Margaret Shaw", "1 Quay Street", complaint.reference, "Dear Margaret Shaw"):
        assert told in text_of(notify.of("letter")[0])
    notify.everything_is("received")
    assert dispatch_next(now=NOW + timedelta(hours=1)) == "done"
    assert "Posted by the provider" in words(browser.get(path))
    follower = Follower()
    follower.enters(complaint.reference, code)
    assert follower.is_in
    again = Follower()
    again.enters(complaint.reference, code)
    assert not again.is_in


def test_a_second_try_prints_the_same_code(complaint, notify, house):
    row = hand_over(house, complaint)
    dispatch_next(now=NOW)
    first = printed(notify)
    # The answer was lost, and the provider knows nothing of it.
    notify.taken.clear()
    Dispatch.objects.update(state="sending", provider_id="", attempts=1, next_try_at=NOW)

    dispatch_next(now=NOW)

    assert printed(notify) == first
    row.refresh_from_db()
    assert row.used_at is None


def test_what_could_not_be_posted_is_told_to_whoever_handed_it_over(
    complaint, notify, sign_in, house
):
    hand_over(house, complaint)
    dispatch_next(now=NOW)
    notify.everything_is("validation-failed")
    assert dispatch_next(now=NOW + timedelta(hours=1)) == "failed"

    [message] = OutboundMessage.objects.filter(key__startswith="code-unposted:")
    assert message.to_user == house[COORDINATOR]
    assert "Shaw" not in message.subject + message.body
    page = words(sign_in(COORDINATOR).get(following(complaint)))
    assert "The provider could not post it: The provider says: validation failed." in page
    assert "Make a code to post: it ends that one." in page
    made = words(sign_in(COORDINATOR).post(following(complaint), {"step": "post"}))
    assert "Print this page and post it" in made


@pytest.mark.promise("P18")
@pytest.mark.parametrize(
    "change",
    [
        lambda house, complaint: Customer.objects.update(post_unsafe=True),
        lambda house, complaint: hand_out_code(
            complaint_id=complaint.pk, by=house[COORDINATOR], now=NOW, proof=Proof.PHONE
        ),
    ],
    ids=["no longer safe", "another was made"],
)
def test_what_may_not_go_any_more_does_not(complaint, notify, house, change):
    hand_over(house, complaint)
    change(house, complaint)

    assert dispatch_next(now=NOW) == "failed"
    assert not notify.taken


def test_nobody_is_told_to_replace_a_code_that_another_took_the_place_of(
    complaint, notify, sign_in, house
):
    hand_over(house, complaint)
    good = hand_over(house, complaint)

    assert [dispatch_next(now=NOW), dispatch_next(now=NOW)] == ["failed", "taken"]

    assert not OutboundMessage.objects.filter(key__startswith="code-unposted:").exists()
    page = words(sign_in(COORDINATOR).get(following(complaint)))
    assert "This code works no more" in page
    assert "Make a code to post: it ends that one." not in page
    good.refresh_from_db()
    assert good.used_at is None


def test_a_letter_in_another_language_is_in_that_language_throughout(
    complaint, notify, house, settings
):
    settings.PUBLIC_LANGUAGES = ["cy", "ar"]
    Customer.objects.update(language="Welsh")
    row = hand_over(house, complaint)
    dispatch_next(now=NOW)
    told = text_of(notify.of("letter")[-1])
    assert f"Ynglŷn â’ch ymholiad {complaint.reference}" in told
    assert str(NOW.year) in told
    for english in ("About your enquiry", f"{NOW:%B}", "Page 1"):
        assert english not in told
    Customer.objects.update(language="Arabic")
    with patch("cases.operations.code_letters.set_paper") as setter:
        CodeLetters().paper(row.pk, now=NOW)
    assert (setter.call_args.args[0]["lang"], setter.call_args.args[0]["dir"]) == ("ar", "rtl")


def test_a_code_for_whoever_speaks_goes_to_them_until_they_may_not(complaint, notify, house):
    speaker = complaint.representatives.create(
        name="Ada Advocate",
        address="2 Court Row",
        authority="confirmed",
        established_by="signed_form",
        authority_on=NOW.date(),
        letter_format="large_print",
    )
    hand_over(house, complaint, speaker_id=speaker.pk)
    dispatch_next(now=NOW)
    told = text_of(notify.of("letter")[0])
    assert "Ada Advocate" in told
    assert "2 Court Row" in told
    assert "Shaw" not in told
    hand_over(house, complaint, speaker_id=speaker.pk)
    complaint.representatives.update(authority="revoked")

    assert dispatch_next(now=NOW) == "failed"
    assert len(notify.of("letter")) == 1


@pytest.mark.parametrize(
    ("columns", "refusal"),
    [
        ({"letter_format": "braille"}, "posts printed letters only"),
        ({"post_unsafe": True}, "Not safe"),
        ({"address": "", "postcode": ""}, "no postal address"),
    ],
    ids=["braille", "not safe", "no address"],
)
def test_what_cannot_be_posted_makes_no_code(complaint, notify, house, columns, refusal):
    Customer.objects.update(**columns)
    before = complaint.events.count()

    with pytest.raises(ActionNotAllowed, match=refusal):
        hand_over(house, complaint)

    assert not TrackingCode.objects.filter(proof=Proof.POST.value).exists()
    assert not Dispatch.objects.exists()
    assert complaint.events.count() == before


def test_without_a_provider_it_is_printed_and_posted_here(complaint, house, sign_in):
    with pytest.raises(ActionNotAllowed, match="No provider is set"):
        hand_over(house, complaint)

    page = words(sign_in(COORDINATOR).get(following(complaint)))
    assert "Make a code to post" in page
    assert "Have the provider post" not in page


@pytest.mark.one_database
def test_a_code_of_another_key_is_not_printed(complaint, notify, house, settings):
    hand_over(house, complaint)
    settings.SECRET_KEY = "another key, of another machine, that nobody has seen before"

    assert dispatch_next(now=NOW) == "failed"
    assert not notify.taken
