"""A code by text for whoever is reached by telephone alone."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases.models import Complaint, Customer, Dispatch, Letter, OutboundMessage
from cases.operations.customers import Particulars, save_customer
from cases.operations.dispatches import dispatch_next, hand_over
from cases.operations.tracking import forget_tracking, send_codes
from cases.rules.roles import Role
from cases.selectors.operations_page import operations_overview
from cases.tests.background.notify import KEY, notify_on_loopback
from cases.tests.factories import CustomerFactory
from feedback.tests.conftest import NOW
from feedback.tests.tracking import Follower, acknowledged, words

pytestmark = [pytest.mark.usefixtures("now"), pytest.mark.promise("P14")]
RUNG = {"preferred_channel": "phone", "phone": "07700 900 123", "email": ""}


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


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


def rung(house, **details) -> Complaint:
    customer = CustomerFactory(**{**RUNG, **details})
    return acknowledged(house, customer=customer, channel="post")


def asks(complaint: Complaint, follower: Follower) -> None:
    """Ask for a code, and let it be made and handed to the provider."""
    follower.post("track", {"reference": complaint.reference, "how": "email"})
    send_codes(now=timezone.now(), name="Harbourside Homes")
    while dispatch_next(now=timezone.now()):
        pass


def texts(notify) -> list[str]:
    return [each["personalisation"]["message"] for each in notify.of("sms")]


def test_a_code_goes_by_text_opens_the_complaint_once_and_is_kept_nowhere(house, notify):
    complaint, follower = rung(house), Follower()
    assert "or by text if you only ring me" in words(follower.get("track"))

    asks(complaint, follower)

    [text] = texts(notify)
    assert "omplain" not in text
    assert complaint.reference not in text
    found = re.search(r"code is (\d{8})", text)
    assert found
    row = Dispatch.objects.get(kind="code")
    assert (row.words, row.to_phone, row.state) == ("", "+447700900123", "taken")
    assert not OutboundMessage.objects.filter(kind="tracking_code").exists()
    other = Follower(address="127.0.0.44")
    other.enters(complaint.reference, found[1])
    assert not other.is_in
    follower.enters(complaint.reference, found[1])
    assert follower.is_in
    assert complaint.tracking_visits.get().proof == "text"
    follower.client.cookies.clear()
    follower.enters(complaint.reference, found[1])
    assert not follower.is_in


@pytest.mark.parametrize(
    "details",
    [
        {"phone": "01632 960 001"},
        {"phone_unsafe": True},
        {"preferred_channel": "post"},
        {"restricted_contact": "Letters only"},
        {"phone_changed_at": NOW - timedelta(hours=3)},
        {"email": "sam@example.org"},
        {"phone_by_another": True},
    ],
    ids=["no mobile", "not safe", "prefers post", "restricted", "new", "has e-mail", "of another"],
)
def test_no_code_goes_by_text_where_it_is_not_safe_or_there_is_another_way(house, notify, details):
    asks(rung(house, **details), Follower())

    assert not Dispatch.objects.filter(kind="code").exists()


def test_no_code_goes_by_text_to_a_shared_number_nor_of_what_is_sensitive(house, notify):
    shared, sensitive = rung(house), rung(house)
    shared.representatives.create(name="Ada", phone="+44 7700 900123")
    Complaint.objects.filter(pk=sensitive.pk).update(level="sensitive")

    for complaint in (shared, sensitive):
        asks(complaint, Follower())

    assert texts(notify) == []


def test_a_code_that_has_ended_before_it_could_go_is_not_sent(house, notify, time_machine):
    complaint = rung(house)
    Follower().post("track", {"reference": complaint.reference, "how": "email"})
    send_codes(now=NOW, name="Harbourside Homes")

    assert dispatch_next(now=NOW + timedelta(minutes=16)) == "failed"

    row = Dispatch.objects.get(kind="code")
    assert (row.words, row.last_error) == ("", "The code has ended.")
    assert texts(notify) == []


def test_without_a_provider_none_is_offered_or_sent(house):
    complaint, follower = rung(house), Follower()

    asks(complaint, follower)

    assert "by text" not in words(follower.get("track"))
    assert not Dispatch.objects.exists()


def test_whoever_came_by_a_text_is_out_once_the_customer_has_another_number(house, notify):
    complaint, follower = rung(house), Follower()
    asks(complaint, follower)
    follower.enters(complaint.reference, texts(notify)[0].partition("code is ")[2][:8])
    customer = complaint.customer
    told = Particulars(
        name=customer.name,
        category="tenant",
        phone="07700 900 999",
        preferred_channel="phone",
    )

    save_customer(told, customer_id=customer.pk, now=NOW)

    assert Customer.objects.get(pk=customer.pk).phone_changed_at == NOW
    assert not follower.is_in


@pytest.mark.parametrize(
    ("changes", "is_still_in"),
    [
        ({"preferred_channel": "post"}, True),
        ({"email": "sam@example.org"}, True),
        ({"phone_unsafe": True}, False),
        ({"restricted_contact": "Letters only"}, False),
    ],
    ids=["prefers post", "has e-mail", "not safe", "restricted"],
)
def test_whoever_came_by_a_text_stays_in_while_the_number_is_theirs_and_safe(
    house, notify, changes, is_still_in
):
    complaint, follower = rung(house), Follower()
    asks(complaint, follower)
    follower.enters(complaint.reference, texts(notify)[0].partition("code is ")[2][:8])
    assert follower.is_in

    Customer.objects.filter(pk=complaint.customer_id).update(**changes)

    assert follower.is_in is is_still_in


def test_a_number_written_otherwise_is_the_same_number(house):
    customer = CustomerFactory(**RUNG)
    told = Particulars(name=customer.name, category="tenant", phone="+44 7700 900123")

    save_customer(told, customer_id=customer.pk, now=NOW)

    assert Customer.objects.get(pk=customer.pk).phone_changed_at is None


def test_a_code_goes_before_letters_that_waited_longer(house, notify):
    complaint = rung(house)
    letter = Letter.objects.get(complaint=complaint)
    assert not hand_over([letter], by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)[0].refusal
    Follower().post("track", {"reference": complaint.reference, "how": "email"})
    send_codes(now=NOW + timedelta(minutes=1), name="Harbourside Homes")

    dispatch_next(now=NOW + timedelta(minutes=1))

    assert len(texts(notify)) == 1
    assert Dispatch.objects.get(kind="letter").state == "queued"


def test_a_code_is_not_tried_past_its_end_and_operators_see_that_it_did_not_go(house, notify):
    complaint = rung(house)
    Follower().post("track", {"reference": complaint.reference, "how": "email"})
    send_codes(now=NOW, name="Harbourside Homes")
    notify.answers_with = [503] * 5
    tried = [NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=6)]

    assert [dispatch_next(now=at) for at in tried] == ["later", "later", "failed"]

    row = Dispatch.objects.get(kind="code")
    assert (row.words, row.state) == ("", "failed")
    assert operations_overview(now=tried[-1]).codes_failed == 1
    assert operations_overview(now=tried[-1] + timedelta(days=1)).codes_failed == 0


def test_of_a_code_that_never_went_nothing_is_kept(house, notify, settings):
    complaint = rung(house)
    Follower().post("track", {"reference": complaint.reference, "how": "email"})
    send_codes(now=NOW, name="Harbourside Homes")
    settings.PROVIDER = ""

    forget_tracking(now=NOW + timedelta(minutes=14))
    assert Dispatch.objects.get(kind="code").words
    forget_tracking(now=NOW + timedelta(minutes=15))
    assert Dispatch.objects.get(kind="code").words == ""


def test_colleagues_see_that_a_customer_without_email_can_have_a_code_by_text(
    house, notify, sign_in
):
    complaint, sensitive = rung(house), rung(house)
    Complaint.objects.filter(pk=sensitive.pk).update(level="sensitive")
    browser = sign_in(house[Role.COMPLAINTS_COORDINATOR])

    pages = [
        words(browser.get(f"{each.get_absolute_url()}following/"))
        for each in (complaint, sensitive)
    ]

    assert "a code sent by text to 07700 900 123 there, or need one from you" in pages[0]
    assert "They need a code from you." in pages[1]


def test_asking_does_the_same_work_whether_a_text_goes_or_not(house, notify):
    known = rung(house)

    def work(reference: str, number: int) -> list[str]:
        browser = Follower(address=f"127.0.1.{number}")
        with CaptureQueriesContext(connection) as done:
            browser.post("track", {"reference": reference, "how": "email"})
        return [each["sql"].split(" ")[0] for each in done]

    asked = ["AAAA-BBBB-C", known.reference, "CCCC-BBBB-A"]
    _first, *others = [work(each, number) for number, each in enumerate(asked)]

    assert others[0] == others[1]
