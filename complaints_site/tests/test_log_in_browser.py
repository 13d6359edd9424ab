"""Logging what a caller says, in a browser: by keyboard, without JavaScript, by everybody."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import Page, expect

from cases.models import Adoption, Complaint, ServiceRequest, User
from cases.operations.service_requests import Asked, log_request
from cases.rules.roles import Role
from cases.tests.factories import CategoryFactory, CustomerFactory, ProcedureFactory
from complaints_site.tests.accessibility import findings, report
from complaints_site.tests.browser import DESK, PHONE, Window

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]
NOW = datetime(2026, 6, 22, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield
    cache.clear()


def sit_down(page: Page, user: User, url: str) -> Page:
    """Let somebody be signed in."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
    return page


def check(page: Page) -> None:
    """Assert that nothing on the page keeps anybody from using it."""
    found = findings(page) + page.witness.findings
    assert not found, report(found)


def test_a_tired_officer_logs_a_call_by_keyboard_alone(house, desk, live_server):
    CategoryFactory(name="Lifts")
    customer = CustomerFactory(name="Agnes Moyo")
    CustomerFactory(name="Agnes Kowalczyk")
    page = sit_down(desk, house[Role.FRONT_LINE], live_server.url)
    keys = page.keyboard

    page.goto(f"{live_server.url}/log/")
    # The page begins where the search is.
    expect(page.get_by_label("Find them by name")).to_be_focused()
    keys.type("agnes")
    keys.press("Enter")
    # Those found are in their order, the first in focus.
    expect(page.get_by_label("Agnes Kowalczyk")).to_be_focused()
    keys.press("ArrowDown")
    expect(page.get_by_label("Agnes Moyo")).to_be_checked()
    keys.press("Tab")
    expect(page.get_by_label("The customer", exact=True)).to_be_focused()
    keys.press("Tab")
    expect(page.get_by_label("How it came")).to_be_focused()
    for _ in range(5):
        keys.press("Tab")
    expect(page.get_by_label("What they say, in their words")).to_be_focused()
    keys.type("The lift is out of order again.")
    keys.press("Tab")
    expect(page.get_by_label("When it happened")).to_be_focused()
    keys.press("Tab")
    expect(page.get_by_label("How it affects them")).to_be_focused()
    keys.press("Tab")
    keys.type("Mend it.")
    keys.press("Tab")
    expect(page.get_by_label("The points of the complaint")).to_be_focused()
    for _ in range(3):
        keys.press("Tab")
    expect(page.get_by_label("Category")).to_be_focused()
    keys.type("Lifts")
    keys.press("Tab")
    keys.press("Tab")
    expect(page.get_by_label("A complaint", exact=True)).to_be_focused()
    keys.press("Space")
    expect(page.get_by_role("heading", name="Deadlines")).to_be_visible()
    while page.evaluate("document.activeElement.textContent").strip() != "Log it":
        keys.press("Tab")
    keys.press("Enter")

    expect(page.get_by_text("Tell the customer: Acknowledge")).to_be_visible()
    complaint = Complaint.objects.get()
    assert (complaint.customer, complaint.category.name) == (customer, "Lifts")
    assert complaint.desired_outcome == "Mend it."


def test_what_would_follow_is_shown_while_it_is_typed(house, desk, live_server):
    customer = CustomerFactory(name="Agnes Moyo")
    complaint = house.lodge(customer=customer)
    page = sit_down(desk, house[Role.FRONT_LINE], live_server.url)
    page.goto(f"{live_server.url}/log/?find=agnes")
    page.get_by_label("What they say, in their words").fill("The same again.")

    page.get_by_label("Agnes Moyo").check()
    expect(page.get_by_text("Agnes Moyo has 1 open already")).to_be_visible()
    page.get_by_role("group", name="Received").get_by_label("Day").fill("8")
    page.get_by_label("Time, if known").focus()
    expect(page.get_by_text("Overdue by 5 working days").first).to_be_visible()
    page.get_by_label("A request or a report, not a complaint").check()
    expect(page.get_by_role("heading", name="A request", exact=True)).to_be_visible()
    page.get_by_label("A complaint", exact=True).check()
    page.get_by_role("button", name="Log it").click()

    expect(page.get_by_text("Logged as")).to_be_visible()
    assert Complaint.objects.exclude(pk=complaint.pk).get().received_on.day == 8


def test_what_the_procedure_of_the_day_does_not_have_is_shut_and_opened_with_the_day(
    house, desk, live_server
):
    house.run("livv-two-stage")
    code_2024 = ProcedureFactory(code="code-2024")
    Adoption.objects.create(procedure=code_2024, from_on=date(2026, 6, 15))
    page = sit_down(desk, house[Role.FRONT_LINE], live_server.url)
    page.goto(f"{live_server.url}/log/")
    at_once = page.get_by_label("A complaint, put right there and then")
    why = page.get_by_text("Choose “A complaint”: the response then says how it was put right.")
    day = page.get_by_role("group", name="Received").get_by_label("Day")
    expect(at_once).to_be_disabled()
    expect(why).to_be_visible()

    day.fill("8")
    page.get_by_label("Time, if known").focus()
    expect(at_once).to_be_enabled()
    expect(why).to_have_count(0)
    day.fill("16")
    page.get_by_label("Time, if known").focus()

    expect(at_once).to_be_disabled()
    expect(why).to_be_visible()


def test_without_javascript_nothing_is_lost_on_the_way(house, open_window: Window, live_server):
    CustomerFactory(name="Agnes Moyo")
    page = open_window(has_script=False)
    sit_down(page, house[Role.FRONT_LINE], live_server.url)
    page.goto(f"{live_server.url}/log/")

    page.get_by_label("What they say, in their words").fill("The lift is out of order again.")
    page.get_by_label("Files").set_input_files(
        {"name": "note.txt", "mimeType": "text/plain", "buffer": b"It squeaks."}
    )
    page.get_by_label("Find them by name").fill("moyo")
    page.get_by_role("button", name="Find").click()
    page.get_by_label("Agnes Moyo").check()
    page.get_by_role("button", name="Show the deadlines").click()
    expect(page.get_by_role("heading", name="Deadlines")).to_be_focused()
    page.get_by_role("group", name="Received").get_by_label("Year").fill("")
    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_role("link", name="must include a year")).to_be_visible()
    page.get_by_role("group", name="Received").get_by_label("Year").fill("2026")
    page.get_by_role("button", name="Log it").click()

    expect(page.get_by_text("Logged as")).to_be_visible()
    complaint = Complaint.objects.get()
    assert complaint.summary == "The lift is out of order again."
    assert [file.name for file in complaint.files.all()] == ["note.txt"]


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_everybody_can_use_the_page_empty_filled_and_with_mistakes(
    width, house, open_window: Window, live_server
):
    house.run("herefordshire")
    customer = CustomerFactory(name="Agnes Moyo", needs="Ring first", language="Welsh")
    house.lodge(customer=customer)
    page = open_window(width=width)
    sit_down(page, house[Role.COMPLAINTS_COORDINATOR], live_server.url)

    page.goto(f"{live_server.url}/log/")
    check(page)

    page.goto(f"{live_server.url}/log/?find=moyo")
    page.get_by_label("Agnes Moyo").check()
    expect(page.get_by_text("Agnes Moyo has 1 open already")).to_be_visible()
    page.get_by_label("Somebody who speaks for them").check()
    page.get_by_label("Yes, the customer has confirmed it").check()
    page.get_by_label("The coordinators only").check()
    page.get_by_label("A complaint, put right there and then").check()
    expect(page.get_by_role("heading", name="Put right there and then")).to_be_visible()
    check(page)

    page.get_by_role("button", name="Log it").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    check(page)


def test_what_was_put_right_at_once_and_a_request_are_logged_to_the_end(house, desk, live_server):
    house.run("herefordshire")
    agnes = CustomerFactory(name="Agnes Moyo")
    page = sit_down(desk, house[Role.FRONT_LINE], live_server.url)
    page.goto(f"{live_server.url}/log/?customer={agnes.code}")
    page.get_by_label("What they say, in their words").fill("The lift is out of order again.")
    page.get_by_label("A complaint, put right there and then").check()
    expect(page.get_by_role("heading", name="Put right there and then")).to_be_visible()
    page.get_by_label("How it was put right").fill("I reset it with the caller on the line.")
    page.get_by_label("We apologised").check()
    page.get_by_role("group", name="How the customer was told").get_by_label("phone").check()
    page.get_by_role("button", name="Log it").click()

    expect(page.get_by_text("put right and closed")).to_be_visible()
    expect(page.locator(".house-case .govuk-tag").first).to_have_text("Closed")
    check(page)

    page.goto(f"{live_server.url}/log/?customer={agnes.code}")
    page.get_by_label("What they say, in their words").fill("The gutter drips.")
    page.get_by_label("A request or a report, not a complaint").check()
    expect(page.get_by_role("heading", name="A request", exact=True)).to_be_visible()
    page.get_by_label("Request for a service").check()
    page.get_by_label("Passed to").fill("Repairs north")
    page.get_by_role("button", name="Log it").click()

    expect(page.get_by_text("Logged as")).to_be_visible()
    asked = ServiceRequest.objects.get()
    expect(page.get_by_text(f"Logged as {asked.reference}.")).to_be_visible()
    expect(page.get_by_text("The gutter drips.")).to_be_visible()
    expect(page.get_by_text("Repairs north").first).to_be_visible()
    check(page)
    assert Complaint.objects.get().closed_as == "resolved"


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_everybody_can_use_the_pages_of_requests(width, house, open_window: Window, live_server):
    by = house[Role.FRONT_LINE]
    page = sit_down(open_window(width=width), by, live_server.url)
    page.goto(f"{live_server.url}/requests/")
    expect(page.get_by_text("No request waits to be done.")).to_be_visible()
    check(page)
    asked = Asked(
        kind="asb",
        customer_id=CustomerFactory(name="Agnes Moyo").pk,
        channel="phone",
        received_on=NOW.date(),
        words="Motorbikes on the footpath every evening.",
    )
    log_request(asked, by=by, now=NOW)

    page.goto(f"{live_server.url}/requests/?q=moyo")
    check(page)
    page.get_by_role("link", name=ServiceRequest.objects.get().reference).click()
    expect(page.get_by_role("heading", name="What was asked")).to_be_visible()
    check(page)
    page.get_by_role("button", name="It is done").click()
    page.get_by_role("button", name="Record it as done").click()
    expect(page.get_by_role("link", name="Write down what was done")).to_be_visible()
    check(page)
    page.get_by_role("link", name="Cancel").click()
    page.get_by_role("button", name="The customer is not satisfied").click()
    page.get_by_label("Yes: log a complaint").check()
    page.get_by_role("button", name="Record it").click()
    expect(page.get_by_text("There is a problem")).to_be_visible()
    check(page)
    page.get_by_label("What they say, in their words").fill("Nothing has happened.")
    page.get_by_role("button", name="Record it").click()

    expect(page.get_by_text("Tell the customer: Acknowledge")).to_be_visible()
    assert ServiceRequest.objects.get().complaint == Complaint.objects.get()


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_everybody_can_use_the_page_of_what_is_not_open_to_them_any_more(
    width, house, open_window: Window, live_server
):
    page = sit_down(open_window(width=width), house[Role.FRONT_LINE], live_server.url)
    page.goto(f"{live_server.url}/log/?customer={CustomerFactory().code}")
    page.get_by_label("What they say, in their words").fill("A man of yours was rude.")
    page.get_by_label("The coordinators only").check()
    page.get_by_label("A complaint", exact=True).check()
    page.get_by_role("button", name="Log it").click()

    expect(page.get_by_role("heading", name="Tell the customer")).to_be_visible()
    check(page)
    # What was typed about a colleague does not wait in the next form.
    page.get_by_role("link", name="Log something else").click()
    expect(page.get_by_label("What they say, in their words")).to_have_value("")
