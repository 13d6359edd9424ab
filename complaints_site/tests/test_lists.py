"""The lists as people use them: reassigning, letters to post, customers; wide and narrow."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.test import Client
from playwright.sync_api import Page, expect

from cases.models import (
    Absence,
    Complaint,
    Customer,
    Delivery,
    Exclusion,
    Letter,
    OutboundMessage,
)
from cases.operations.lateness import saying_why
from cases.operations.telling import Telling
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.tasks import deliver_messages
from cases.tests.answering import acknowledge
from cases.tests.factories import CustomerFactory, UserFactory
from complaints_site.tests.accessibility import findings, report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]
# Monday 22 June 2026.
SLOW = Lateness("The post was slow.", avoidable=True, done_by=date(2027, 6, 1))
NOW = datetime(2026, 6, 22, 9, tzinfo=UTC)
WIDTHS = (1280, 320)
Visit = Callable[..., Page]


@pytest.fixture
def visit(live_server, open_window) -> Visit:
    """A function that opens an address in a window in which somebody is signed in."""
    with time_machine.travel(NOW, tick=False):

        def open_as(user: Any, path: str, **options: Any) -> Page:
            client = Client()
            client.force_login(user)
            page = open_window(**options)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
            page.goto(f"{live_server.url}{path}")
            return page

        yield open_as


def check(page: Page) -> None:
    """Assert that people can use the page shown, as wide as a desk and as narrow as a phone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found = [*findings(page), *page.witness.findings]
        assert not found, f"{page.url} at {width}:\n{report(found)}"
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})


@saying_why(SLOW)
def letter_of(house, complaint: Complaint, channel: str) -> Letter:
    """Acknowledge a complaint and return the letter."""
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=complaint.version,
        on=NOW.date(),
        telling=Telling(channel),
    )
    return Letter.objects.get(complaint=complaint)


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_a_coordinator_gives_ticked_complaints_to_somebody_else(house, visit, has_script):
    dan = UserFactory(name="Dan Morris", roles=[Role.RESPONSIBLE_OFFICER])
    eve = UserFactory(name="Eve Hall", roles=[Role.RESPONSIBLE_OFFICER])
    Absence.objects.create(
        user=dan, deputy=eve, first_day=NOW.date(), last_day=NOW.date() + timedelta(days=2)
    )
    first, second, third = (house.lodge() for _ in range(3))
    Exclusion.objects.create(complaint=second, user=dan, reason="conflict")
    page = visit(house[Role.COMPLAINTS_COORDINATOR], "/queue/reassign/", has_script=has_script)
    if has_script:
        check(page)
    page.get_by_role("link", name="Go to the list").click()

    for complaint in (first, second):
        page.get_by_label(f"Select {complaint.reference}").check()
    page.get_by_role("button", name="Reassign selected").click()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_role("alert")).to_contain_text("Who takes them? Select an answer")
    if has_script:
        check(page)
    page.get_by_label("Dan Morris").check()
    page.get_by_role("button", name="Check").click()
    expect(page.get_by_text("1 of 2 will go to Dan Morris")).to_be_visible()
    expect(page.get_by_text("Eve Hall stands in and is told too")).to_be_visible()
    if has_script:
        check(page)
    page.get_by_role("button", name="Reassign 1 complaint").click()

    expect(page.get_by_role("heading", level=1)).to_have_text(
        "1 of 2 complaints reassigned to Dan Morris"
    )
    if has_script:
        check(page)
    held = Complaint.objects.filter(responsible_officer=dan)
    assert [each.pk for each in held] == [first.pk]
    page.get_by_role("button", name="Choose somebody for the 1 left").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reassign 1 complaint")
    assert third.responsible_officer != dan


def test_an_officer_prints_and_posts_letters_and_mends_an_email(house, visit):
    officer = house[Role.RESPONSIBLE_OFFICER]
    page = visit(officer, "/letters/")
    expect(page.get_by_text("No letter waits to be posted.")).to_be_visible()
    check(page)
    large = house.lodge(customer=CustomerFactory(name="Agnes Bell", letter_format="large_print"))
    letters = [letter_of(house, each, "post") for each in (large, house.lodge())]
    far = CustomerFactory(email="somebody.with.a.long.name.indeed@housing.example.org")
    failed = letter_of(house, house.lodge(customer=far), "email")
    OutboundMessage.objects.filter(pk=failed.message_id).update(
        state=Delivery.UNDELIVERABLE.value, last_error="550 no such user"
    )
    page.reload()
    check(page)

    page.get_by_role("button", name="Post it instead").click()
    expect(page.get_by_role("status")).to_contain_text("waits to be printed and posted")
    for letter in letters:
        page.get_by_label(f"Select acknowledgement {letter.complaint.reference}").check()
    page.get_by_role("button", name="Print selected").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 letters to print")
    check(page)
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Record as posted")).to_be_hidden()
    expect(page.get_by_role("main").get_by_text("Harbourside Homes").first).to_be_visible()
    page.emulate_media(media="screen")
    page.get_by_label("Day").fill("31")
    page.get_by_role("button", name="Record as posted").click()
    expect(page.get_by_role("alert")).to_contain_text("must be a real date")
    check(page)
    page.get_by_label("Day").fill("22")
    page.get_by_role("button", name="Record as posted").click()

    expect(page.get_by_role("status")).to_contain_text(
        "2 letters are recorded as posted on Mon 22 Jun 2026."
    )
    waiting = Letter.objects.filter(channel="post", posted_on=None)
    assert [each.pk for each in waiting] == [failed.pk]


def test_an_officer_sends_a_failed_email_again_to_where_the_customer_is_now(house, visit):
    agnes = CustomerFactory(name="Agnes Bell", email="agnes@old.example.org")
    letter = letter_of(house, house.lodge(customer=agnes), "email")
    OutboundMessage.objects.filter(pk=letter.message_id).update(
        state=Delivery.UNDELIVERABLE.value, last_error="550 no such user"
    )
    Customer.objects.filter(pk=agnes.pk).update(email="agnes@example.org")
    page = visit(house[Role.RESPONSIBLE_OFFICER], "/letters/")
    expect(page.get_by_text("550 no such user")).to_be_visible()
    mail.outbox.clear()

    page.get_by_role("button", name="Send again to agnes@example.org").click()
    expect(page.get_by_role("status")).to_contain_text("The e-mail waits to be sent again.")
    expect(page.get_by_text("550 no such user")).to_have_count(0)
    deliver_messages()

    assert ["agnes@example.org"] in [each.to for each in mail.outbox]
    letter.message.refresh_from_db()
    assert letter.message.state == Delivery.SENT


def test_a_coordinator_finds_adds_and_changes_a_customer(house, visit):
    agnes = CustomerFactory(
        name="Agnes Bell",
        email="agnes.with.a.long.name.indeed@housing.example.org",
        needs="Ring first.",
        language="Polish",
    )
    complaint = house.lodge(customer=agnes)
    page = visit(house[Role.COMPLAINTS_COORDINATOR], "/customers/")
    check(page)
    search = page.get_by_label("Name, address, telephone, e-mail or reference")

    search.fill("nobody at all")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("Nobody is found")).to_be_visible()
    check(page)
    search.fill("bell dock")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("1 customer found")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Agnes Bell").click()
    expect(page.get_by_role("link", name=complaint.reference)).to_be_visible()
    check(page)
    page.get_by_role("button", name="Change what is known").click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Agnes Bell")
    check(page)
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("Name: enter an answer")
    check(page)
    page.get_by_label("Name", exact=True).fill("Agnes Carr")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Agnes Carr")
    page.get_by_text("What was changed").click()
    expect(page.get_by_text("Agnes Bell → Agnes Carr")).to_be_visible()
    check(page)

    page.get_by_role("link", name="Customers").first.click()
    page.get_by_role("button", name="Add a customer").click()
    page.get_by_label("Name", exact=True).fill("Agnes Carr")
    page.get_by_role("button", name="Add the customer").click()
    expect(page.get_by_text("Somebody we know already?")).to_be_visible()
    check(page)
    page.get_by_label("It is none of these people").check()
    page.get_by_role("button", name="Add the customer").click()

    expect(page.get_by_role("status")).to_contain_text("Agnes Carr is added.")
    expect(page.get_by_text("No complaint of theirs is open to you.")).to_be_visible()
