"""The way in for customers who follow their complaint: links, codes, and what opens nothing."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.errors import ActionNotAllowed
from cases.models import (
    Customer,
    Delivery,
    Exclusion,
    Letter,
    Level,
    OutboundMessage,
    Representative,
    TrackingCode,
    TrackingLink,
    TrackingVisit,
)
from cases.models.tracking import Proof
from cases.operations.customer_changes import TOLD, change_customer
from cases.operations.customers import Particulars
from cases.operations.messages import deliver_next
from cases.operations.tracking import (
    close_tracking,
    hand_out_code,
    how_to_follow,
    open_tracking,
    send_codes,
)
from cases.rules.roles import Role
from cases.rules.tracking import NEW_ADDRESS, handed_out_code, tidy_code
from cases.tests.factories import CustomerFactory
from feedback.tests.conftest import NOW
from feedback.tests.tracking import Follower, acknowledged, link_of, words

pytestmark = pytest.mark.usefixtures("now")


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


@pytest.fixture
def follower() -> Follower:
    return Follower()


def test_the_officer_is_told_that_their_complaint_was_closed_to_the_web_and_opened(house):
    complaint = acknowledged(house)
    coordinator = house[Role.COMPLAINTS_COORDINATOR]

    close_tracking(complaint_id=complaint.pk, by=coordinator, now=NOW)
    open_tracking(complaint_id=complaint.pk, by=coordinator, now=NOW)

    about = OutboundMessage.objects.filter(subject__endswith="the customer’s page on the web")
    assert [each.to_user for each in about] == [house[Role.RESPONSIBLE_OFFICER]] * 2
    assert "cannot follow" in about.order_by("pk")[0].body
    assert "open again" in about.order_by("pk")[1].body


def test_nobody_is_told_of_what_they_closed_themselves_or_may_not_read(house):
    theirs, hidden = acknowledged(house), acknowledged(house)
    officer = house[Role.RESPONSIBLE_OFFICER]
    Exclusion.objects.create(complaint=hidden, user=officer, reason="subject")

    close_tracking(complaint_id=theirs.pk, by=officer, now=NOW)
    close_tracking(complaint_id=hidden.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)

    assert not OutboundMessage.objects.filter(
        subject__endswith="the customer’s page on the web"
    ).exists()


def test_the_complaint_says_since_when_it_is_closed_to_the_web(house, sign_in):
    complaint = acknowledged(house)
    client = sign_in(house[Role.RESPONSIBLE_OFFICER])
    before = client.get(complaint.get_absolute_url()).content.decode()

    close_tracking(complaint_id=complaint.pk, by=house[Role.COMPLAINTS_COORDINATOR], now=NOW)

    after = client.get(complaint.get_absolute_url()).content.decode()
    assert "Cannot be followed on the web" not in before
    assert "Cannot be followed on the web" in after
    assert "Since 10 Jun 2026 the customer cannot follow it there" in after


@pytest.mark.promise("P14")
def test_looking_at_a_link_begins_no_visit_and_uses_nothing_up(house, follower):
    link = link_of(acknowledged(house))

    for _ in range(3):
        assert follower.client.get(link).status_code == 200

    assert not TrackingVisit.objects.exists()
    assert not follower.is_in
    assert follower.client.post(link).status_code == 302
    assert follower.is_in


@pytest.mark.promise("P14")
def test_every_link_that_does_not_work_gives_the_same_page(house, follower):
    complaint = acknowledged(house)
    link = link_of(complaint)
    unknown = follower.client.get("/track/link/nothing/")
    other = CustomerFactory()

    def page() -> tuple[int, str]:
        answer = follower.client.get(link)
        return answer.status_code, re.sub(r'value="[^"]{64}"', "", words(answer))

    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        ended = page()
    TrackingLink.objects.update(customer=other)
    somebody_elses = page()
    TrackingLink.objects.update(customer=complaint.customer)
    Customer.objects.filter(pk=complaint.customer_id).update(email_unsafe=True)
    unsafe = page()
    Customer.objects.filter(pk=complaint.customer_id).update(email_unsafe=False)
    works = page()
    TrackingLink.objects.update(ended_at=NOW)
    replaced = page()

    assert unknown.status_code == 404
    assert works[0] == 200
    assert ended == somebody_elses == unsafe == replaced
    assert ended == (404, re.sub(r'value="[^"]{64}"', "", words(unknown)))


def test_the_link_stands_in_the_email_and_not_in_the_letter_that_colleagues_read(house):
    complaint = acknowledged(house)

    letter = Letter.objects.get(complaint=complaint)

    assert "/track/link/" in letter.message.body
    assert "/track/" not in letter.body
    assert not TrackingLink.objects.filter(token_hash__in=letter.message.body.split("/")).exists()


def test_a_letter_on_paper_says_how_to_follow_it_and_how_to_get_a_code(house):
    complaint = acknowledged(house, channel="post")

    letter = Letter.objects.get(complaint=complaint)

    assert "/track/" in letter.body
    assert "ring us on 0800 000 0000" in letter.body
    assert not TrackingLink.objects.exists()


@pytest.mark.one_database
def test_how_to_follow_it_is_told_on_paper_in_the_customers_language_too():
    welsh = how_to_follow("0800 000 0000", language="cy")

    assert "/cy/track/" in welsh
    assert "ffoniwch ni ar 0800 000 0000" in welsh
    assert "ring us on 0800 000 0000" in how_to_follow("0800 000 0000")
    assert how_to_follow("0800 000 0000", language="ur") == ""


def test_a_code_that_is_posted_goes_in_the_customers_language(house, sign_in):
    complaint = acknowledged(house)
    Customer.objects.filter(pk=complaint.customer_id).update(
        language="Welsh", address="1 Dock Road", postcode="HB1 4AA"
    )
    path = f"{complaint.get_absolute_url()}following/"

    page = words(sign_in(Role.FRONT_LINE).post(path, {"step": "post"}))

    sheet = page.split('<div class="house-code')[1].split("</div>")[0]
    assert 'lang="cy"' in sheet
    assert "/cy/track/" in sheet
    assert "Eich cod" in sheet
    assert "ddarllen" in sheet
    assert "Your code" not in sheet


def test_a_code_goes_to_the_address_on_the_record_and_opens_the_complaint_once(house, follower):
    complaint = acknowledged(house)

    code = follower.asks_for_code(complaint.reference.lower().replace("-", " "))
    opened = follower.enters(complaint.reference, code)
    again = Follower(client=follower.client).enters(complaint.reference, code)

    assert re.fullmatch(r"\d{8}", code)
    assert opened.status_code == 302
    assert again.status_code == 422
    assert follower.is_in


@pytest.mark.promise("P14")
def test_a_code_by_email_works_in_the_browser_that_asked_and_in_no_other(house, follower):
    complaint = acknowledged(house)
    code = follower.asks_for_code(complaint.reference)
    stranger = Follower()
    stranger.post("track", {"reference": complaint.reference, "how": "code"})

    assert stranger.enters(complaint.reference, code).status_code == 422
    assert follower.enters(complaint.reference, code).status_code == 302


@pytest.mark.promise("P14")
def test_a_code_dies_after_five_tries_and_after_a_quarter_of_an_hour(house, follower):
    complaint = acknowledged(house)
    code = follower.asks_for_code(complaint.reference)
    wrong = f"{(int(code) + 1) % 10**8:08d}"

    for _ in range(5):
        assert follower.enters(complaint.reference, wrong).status_code == 422

    assert follower.enters(complaint.reference, code).status_code == 422
    fresh = follower.asks_for_code(complaint.reference)
    with time_machine.travel(NOW + timedelta(minutes=16), tick=False):
        assert follower.enters(complaint.reference, fresh).status_code == 422


@pytest.mark.promise("P14")
def test_an_unknown_reference_and_a_wrong_code_look_alike(house, follower):
    complaint = acknowledged(house)

    def whole_way(reference: str) -> tuple[str, str, int]:
        browser = Follower(address="127.0.0.20")
        asked = browser.post("track", {"reference": reference, "how": "email"})
        page = words(browser.get("track-code")).replace(reference, "REFERENCE")
        answer = browser.enters(reference, "12345678")
        told = words(answer).replace(reference, "REFERENCE")
        marks = r'value="[^"]{64}"'
        return asked["Location"] + re.sub(marks, "", page), re.sub(marks, "", told), len(told)

    assert whole_way(complaint.reference) == whole_way("AAAA-BBBB-C")


@pytest.mark.promise("P14")
def test_asking_does_the_same_work_whether_there_is_such_a_complaint(house):
    known = acknowledged(house)
    silent = acknowledged(house, customer=CustomerFactory(email=""), channel="post")
    unsafe = acknowledged(house, customer=CustomerFactory(email_unsafe=True), channel="post")

    def queries(reference: str, number: int) -> list[str]:
        browser = Follower(address=f"127.0.1.{number}")
        with CaptureQueriesContext(connection) as done:
            browser.post("track", {"reference": reference, "how": "email"})
        return [each["sql"].split(" ")[0] for each in done]

    asked = ["AAAA-BBBB-C", known.reference, silent.reference, unsafe.reference, "CCCC-BBBB-A"]
    _first, *others = [queries(each, number) for number, each in enumerate(asked)]

    assert all(each == others[0] for each in others)
    assert TrackingCode.objects.filter(complaint=None).count() == 4
    assert send_codes(now=NOW, name="") == 1


def test_no_more_than_three_codes_go_to_one_complaint_in_a_quarter_of_an_hour(house):
    complaint = acknowledged(house)

    sent = [bool(Follower().asks_for_code(complaint.reference)) for _ in range(5)]

    assert sent == [True, True, True, False, False]


def test_whoever_tries_many_has_to_wait(house, follower):
    for _ in range(10):
        assert follower.enters("AAAA-BBBB-C", "12345678").status_code == 422

    answer = [follower.enters("AAAA-BBBB-C", "12345678") for _ in range(2)][-1]

    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "AAAA-BBBB-C" in words(answer)


def test_a_code_that_is_read_out_opens_it_for_somebody_without_an_email_address(house, follower):
    customer = CustomerFactory(email="")
    complaint = acknowledged(house, customer=customer, channel="post")
    by = house[Role.FRONT_LINE]

    code = hand_out_code(complaint_id=complaint.pk, by=by, now=NOW, proof=Proof.PHONE)
    spoken = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-?){3}", code)
    assert follower.enters(complaint.reference, spoken).status_code == 302
    assert follower.is_in
    assert Follower().enters(complaint.reference, code).status_code == 422


def test_the_record_says_who_made_a_code_and_nobody_finds_the_code_in_it(house):
    complaint = acknowledged(house)
    by = house[Role.FRONT_LINE]

    code = hand_out_code(complaint_id=complaint.pk, by=by, now=NOW, proof=Proof.POST)

    event = complaint.events.latest("number")
    assert event.actor == by
    assert code not in str(event.words.parts)
    assert not TrackingCode.objects.filter(code_hash=code).exists()


def test_a_code_does_not_go_by_post_to_whom_post_is_not_safe(house):
    customer = CustomerFactory(post_unsafe=True)
    complaint = acknowledged(house, customer=customer)
    by = house[Role.FRONT_LINE]

    with pytest.raises(ActionNotAllowed, match="Not safe"):
        hand_out_code(complaint_id=complaint.pk, by=by, now=NOW, proof=Proof.POST)


@pytest.mark.one_database
def test_a_code_forgives_what_sounds_or_looks_alike():
    code = handed_out_code()

    assert tidy_code(code.lower().replace("0", "O").replace("1", "i")) == tidy_code(code)


@pytest.mark.parametrize("level", [Level.SENSITIVE, Level.RESTRICTED])
def test_what_is_sensitive_or_restricted_asks_for_a_code_behind_the_link(house, follower, level):
    complaint = acknowledged(house)
    complaint.level = level.value
    complaint.save(update_fields=["level"])

    answer = follower.client.post(link_of(complaint))

    assert answer["Location"] == "/track/code/"
    assert not follower.is_in
    assert send_codes(now=NOW, name="") == 1


def test_a_complaint_that_nobody_accepted_yet_cannot_be_followed(house, follower):
    complaint = house.lodge(triaged=False)

    assert follower.asks_for_code(complaint.reference) == ""


def test_a_visit_ends_after_half_an_hour_of_nothing_and_after_four_hours(house, follower):
    follower.opens(acknowledged(house))

    with time_machine.travel(NOW + timedelta(minutes=31), tick=False):
        assert not follower.is_in
    other = Follower().opens(acknowledged(house))
    for minutes in range(20, 241, 20):
        with time_machine.travel(NOW + timedelta(minutes=minutes), tick=False):
            was_in = other.is_in
    assert not was_in


def test_signing_out_ends_the_visit_even_for_a_copied_cookie(house, follower):
    follower.opens(acknowledged(house))
    copied = follower.client.cookies["my_complaint"].value

    follower.post("track-sign-out")
    thief = Follower()
    thief.client.cookies["my_complaint"] = copied

    assert not follower.is_in
    assert not thief.is_in


def test_a_visit_is_no_sign_in_for_staff_and_a_sign_in_is_no_visit(house, follower, sign_in):
    complaint = acknowledged(house)
    follower.opens(complaint)
    colleague = sign_in(Role.COMPLAINTS_COORDINATOR)

    assert follower.client.get(complaint.get_absolute_url()).status_code == 302
    assert "sessionid" not in follower.client.cookies
    assert colleague.get("/track/complaint/").status_code == 404


def test_closing_it_ends_every_visit_link_and_code(house, follower):
    complaint = acknowledged(house)
    link = link_of(complaint)
    follower.opens(complaint)
    by = house[Role.COMPLAINTS_COORDINATOR]
    code = hand_out_code(complaint_id=complaint.pk, by=by, now=NOW, proof=Proof.PHONE)

    close_tracking(complaint_id=complaint.pk, by=by, now=NOW)

    assert not follower.is_in
    assert follower.client.get(link).status_code == 404
    assert follower.enters(complaint.reference, code).status_code == 422
    assert follower.asks_for_code(complaint.reference) == ""
    open_tracking(complaint_id=complaint.pk, by=by, now=NOW)
    assert follower.enters(complaint.reference, follower.asks_for_code(complaint.reference))
    assert follower.is_in


def test_staff_see_who_looked_and_hand_out_a_code_on_the_page_of_the_complaint(house, sign_in):
    complaint = acknowledged(house)
    Follower().opens(complaint)
    client = sign_in(Role.FRONT_LINE)
    path = f"{complaint.get_absolute_url()}following/"

    page, code = client.get(path), client.post(path, {"step": "read-out"})

    assert "Link in one of our e-mails" in words(page)
    assert re.search(r"Your code: <strong>[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}<", words(code))


@pytest.mark.promise("P20")
@pytest.mark.parametrize(
    "typed", ["\x00", "\ufffd", "a" * 70_000, "' OR 1=1 --", "\uff11\uff12345678"]
)
def test_nothing_that_is_typed_at_the_door_is_an_error(house, follower, typed):
    complaint = acknowledged(house)

    first = follower.enters(typed, typed)
    second = follower.enters(complaint.reference, typed)
    third = follower.post("track", {"reference": typed, "how": "email"})

    assert {first.status_code, second.status_code, third.status_code} <= {302, 422}


@pytest.mark.promise("P14")
def test_no_link_and_no_code_is_kept_in_a_message_that_was_sent(house, follower):
    complaint = acknowledged(house)
    link = link_of(complaint)
    code = follower.asks_for_code(complaint.reference)

    while deliver_next(now=NOW):
        pass

    kept = OutboundMessage.objects.filter(complaint=complaint, state=Delivery.SENT)
    bodies = {each.kind: each.body for each in kept}
    assert not any(link.split("/")[-2] in body or code in body for body in bodies.values())
    assert "/track/\n" in bodies["letter_acknowledgement"]
    assert "(code-not-kept)" in bodies["tracking_code"]
    assert follower.client.get(link).status_code == 200


@pytest.mark.promise("P14")
def test_no_link_and_no_code_is_kept_in_a_message_that_was_stopped(house, follower):
    complaint = acknowledged(house)
    token = link_of(complaint).split("/")[-2]
    code = follower.asks_for_code(complaint.reference)
    Customer.objects.filter(pk=complaint.customer_id).update(email_unsafe=True)

    while deliver_next(now=NOW):
        pass

    stopped = OutboundMessage.objects.filter(complaint=complaint, state=Delivery.CANCELLED)
    assert {"letter_acknowledgement", "tracking_code"} <= {each.kind for each in stopped}
    assert not any(token in each.body or code in each.body for each in stopped)


def test_nobody_is_told_of_a_code_that_could_not_go(house, follower):
    complaint = acknowledged(house)
    follower.asks_for_code(complaint.reference)
    Customer.objects.filter(pk=complaint.customer_id).update(email_unsafe=True)

    while deliver_next(now=NOW):
        pass

    stopped = OutboundMessage.objects.filter(complaint=complaint, state=Delivery.CANCELLED)
    unsent = OutboundMessage.objects.filter(kind="unsent")
    told_of = {each.kind: unsent.filter(key__startswith=f"unsent:{each.pk}:") for each in stopped}
    assert told_of["letter_acknowledgement"].exists()
    assert not told_of["tracking_code"].exists()


@pytest.mark.promise("P14")
def test_an_email_proves_nothing_where_a_representative_has_the_address_too(house, follower):
    complaint = acknowledged(house)
    link = link_of(complaint)
    Representative.objects.create(
        complaint=complaint, name="Ann Lee", email=complaint.customer.email.upper()
    )

    assert follower.client.post(link).status_code == 404
    assert follower.asks_for_code(complaint.reference) == ""


@pytest.mark.promise("P14")
def test_whoever_came_by_an_address_is_signed_out_when_the_customer_has_another(house, follower):
    complaint = acknowledged(house)
    code = Follower().asks_for_code(complaint.reference)
    waiting = follower.opens(complaint).asks_for_code(complaint.reference)
    told = {name: getattr(complaint.customer, name) for name in TOLD}

    change_customer(
        Particulars(**{**told, "email": "new@example.org"}),
        customer_id=complaint.customer_id,
        seen=0,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
    )

    assert code
    assert not follower.is_in
    assert follower.enters(complaint.reference, waiting).status_code == 422
    assert follower.asks_for_code(complaint.reference) == ""
    with time_machine.travel(NOW + NEW_ADDRESS, tick=False):
        cache.clear()
        assert follower.enters(complaint.reference, follower.asks_for_code(complaint.reference))
        assert follower.is_in
