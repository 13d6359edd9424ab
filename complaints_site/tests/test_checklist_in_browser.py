"""The list of what a letter must say follows what somebody types, in a browser."""

from datetime import UTC, datetime

import pytest
import time_machine
from playwright.sync_api import expect

from cases.models import Letter
from cases.rules.roles import Role
from complaints_site.tests.test_log_in_browser import check, sit_down

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]
NOW = datetime(2026, 6, 10, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _today(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


def test_the_list_beside_the_composer_shows_and_says_what_is_missing(house, desk, live_server):
    complaint = house.lodge()
    page = sit_down(desk, house[Role.RESPONSIBLE_OFFICER], live_server.url)
    page.goto(f"{live_server.url}/complaints/{complaint.reference}/respond/")
    listed = page.locator("#checklist")
    told = page.get_by_role("status").filter(has_text="letter")

    page.get_by_label("Upheld", exact=True).check()
    expect(listed).to_contain_text("the decision is there")
    expect(listed).to_contain_text("the reasons is missing")
    expect(told).to_have_text("The letter still lacks: the reasons; what puts it right.")
    check(page)

    page.get_by_label("What the letter says", exact=True).fill("The lift was mended.")
    expect(listed).to_contain_text("the reasons is there")
    page.get_by_label("Apologise", exact=True).check()
    expect(told).to_have_text("The letter has all that you write for it.")
    expect(listed).not_to_contain_text("missing")
    assert not Letter.objects.exists()


def test_the_acknowledgement_lacks_the_complaint_once_its_points_are_emptied(
    house, desk, live_server
):
    complaint = house.lodge()
    page = sit_down(desk, house[Role.COMPLAINTS_COORDINATOR], live_server.url)
    page.goto(f"{live_server.url}/complaints/{complaint.reference}/acknowledge/")
    listed = page.locator("#checklist")
    told = page.get_by_role("status").filter(has_text="letter")

    page.get_by_label("Point 1", exact=True).fill("")
    expect(listed).to_contain_text("the complaint as we understand it is missing")
    expect(told).to_contain_text("The letter still lacks: the complaint as we understand it")

    page.get_by_label("Point 1", exact=True).fill("The lift is out of order.")
    expect(listed).to_contain_text("the complaint as we understand it is there")
    expect(told).to_contain_text("what the customer wants")
    page.get_by_label("The customer did not say what they want", exact=True).check()
    expect(listed).to_contain_text("what the customer wants is there")
    page.get_by_label("For all of it", exact=True).check()
    expect(listed).to_contain_text("what we are and are not responsible for is there")
    expect(listed).not_to_contain_text("missing")
    check(page)


def test_a_message_and_a_letter_that_closes_have_their_list_too(house, desk, live_server):
    complaint = house.lodge()
    page = sit_down(desk, house[Role.COMPLAINTS_COORDINATOR], live_server.url)
    page.goto(f"{live_server.url}/complaints/{complaint.reference}/update/")
    listed = page.locator("#checklist")

    expect(listed).to_contain_text("the message")
    page.get_by_label("Message", exact=True).fill("The surveyor was here.")
    expect(listed).to_contain_text("the message is there")
    page.get_by_label("Message", exact=True).fill("")
    expect(listed).to_contain_text("the message is missing")
    check(page)

    page.goto(f"{live_server.url}/complaints/{complaint.reference}/withdraw/")
    expect(page.get_by_role("heading", name="A letter, if one goes, must say")).to_be_visible()
    page.get_by_label("Not told of this step").check()
    expect(listed).to_contain_text("No letter goes")
    page.get_by_label("Letter, made here to print and post").check()
    expect(listed).not_to_contain_text("No letter goes")
    expect(listed).to_contain_text("how and by when to go further")
    check(page)
