"""Working together as people do it: seeing who is here, keys, and the same for several at once."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from cases.models import User
from cases.rules.roles import Role
from cases.tests.case_page.situations import NOW
from complaints_site.tests.accessibility import findings, report

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]
Visit = Callable[..., Page]


@pytest.fixture
def visit(live_server, open_window) -> Visit:
    """A function that opens an address in a window in which somebody is signed in."""
    with time_machine.travel(NOW, tick=False):

        def open_as(user: Any, path: str) -> Page:
            client = Client()
            client.force_login(user)
            page = open_window(looks_around=True)
            cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
            page.context.add_cookies(
                [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
            )
            page.goto(f"{live_server.url}{path}")
            return page

        yield open_as


def check(page: Page) -> None:
    """Assert that people can use the page shown, as wide as a desk and as narrow as a phone."""
    for width in (1280, 320):
        page.set_viewport_size({"width": width, "height": 800})
        found = [*findings(page), *page.witness.findings]
        assert not found, f"{page.url} at {width}:\n{report(found)}"
    page.set_viewport_size({"width": 1280, "height": 800})


def test_a_page_that_stays_open_says_who_comes(house, visit):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]
    page = visit(house[Role.COMPLAINTS_COORDINATOR], complaint.get_absolute_url())
    here = page.locator("[data-here]")
    expect(here).to_be_empty()

    other = visit(officer, f"{complaint.get_absolute_url()}note/")
    expect(other.locator("[data-here]")).to_contain_text("Also here now")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    expect(here).to_have_text(f"Also here now: {officer.name} (writing: Add a note)")
    check(page)


def test_keys_lead_on_for_whoever_switched_them_on_and_never_from_a_box(house, visit):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]
    page = visit(officer, complaint.get_absolute_url())
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.get_by_role("link", name="Your account").click()
    page.get_by_role("button", name="Switch them on").click()
    expect(page.locator("[data-message]")).to_contain_text("Keyboard shortcuts are on.")
    assert User.objects.get(pk=officer.pk).uses_shortcuts
    # A page that is left while it loads misses its style sheet.
    page.wait_for_load_state()
    page.goto(page.url.replace("/account/", complaint.get_absolute_url()))
    check(page)
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_contain_text("Add a note")
    page.get_by_role("button", name="Close").click()
    page.keyboard.press("a")
    page.keyboard.press("n")
    page.wait_for_url("**/note/")

    box = page.get_by_label("Note", exact=True)
    box.press_sequentially("gw?/")
    expect(box).to_have_value("gw?/")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_complaints_are_ticked_noted_and_each_has_a_result(house, visit):
    for _ in range(2):
        house.lodge()
    page = visit(house[Role.COMPLAINTS_COORDINATOR], "/complaints/")
    for box in page.get_by_role("row").get_by_role("checkbox").all()[-2:]:
        box.check()
    page.get_by_role("button", name="Note or move selected").click()
    page.get_by_label("Add the same note to each").check()
    page.get_by_label("Note", exact=True).fill("The contractor changed.")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("2 of 2")
    check(page)
    page.get_by_role("button", name="Add the note to 2 complaints").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("2 of 2 complaints given the note")
    check(page)
