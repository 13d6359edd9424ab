"""A customer without an e-mail address follows the complaint: letter, code and keyboard."""

import re

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Page, expect

from cases.models import Letter
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory
from complaints_site.tests.accessibility import axe_findings, report
from complaints_site.tests.browser import PHONE, Window
from complaints_site.tests.walking import Walk
from feedback.tests.conftest import NOW
from feedback.tests.tracking import Follower, acknowledged

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]


@pytest.fixture(autouse=True)
def clock():
    """Stop the clock on a Wednesday, with nobody waiting."""
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        yield


def press_to(page: Page, name: str, *, role: str) -> None:
    """Go with the Tab key until what is called so has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    for _ in range(40):
        if wanted.evaluate("(each) => each === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {name}")


@pytest.mark.promise("P14")
def test_somebody_who_rang_follows_it_by_letter_alone_without_script_or_mouse(
    house, open_window: Window, live_server
):
    customer = CustomerFactory(name="Margaret Shaw", email="")
    complaint = acknowledged(house, customer=customer, channel="post")
    assert "/track/. You need the reference" in Letter.objects.get(complaint=complaint).body
    desk = Walk(open_window(), live_server.url)
    desk.sign_in(house[Role.COMPLAINTS_COORDINATOR])
    desk.page.goto(f"{live_server.url}{complaint.get_absolute_url()}following/")
    desk.page.get_by_role("button", name="Make a code to post").click()
    code_on_paper = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}")
    expect(desk.page.get_by_role("main")).to_contain_text(code_on_paper)
    paper = desk.page.get_by_role("main").inner_text()
    code = code_on_paper.search(paper)
    assert code, paper
    assert customer.address.splitlines()[0] in paper

    page = open_window(width=PHONE, has_script=False)
    keys = page.keyboard
    page.goto(f"{live_server.url}/track/")
    press_to(page, "Your reference", role="textbox")
    keys.type(complaint.reference)
    keys.press("Tab")
    keys.press("ArrowUp")
    expect(page.get_by_label("I have a code on paper")).to_be_checked()
    press_to(page, "Continue", role="button")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Enter your code")).to_be_visible()
    press_to(page, "Your code", role="textbox")
    keys.type(code[0].lower())
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Your complaint", exact=True)).to_be_visible()
    press_to(page, "Add something, or send photos and papers", role="link")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Add something to your complaint")).to_be_visible()
    press_to(page, "What do you want to add?", role="textbox")
    keys.type("It happened again.")
    press_to(page, "Send it to us", role="button")
    keys.press("Enter")
    expect(page.get_by_text("It is part of your complaint now")).to_be_visible()
    press_to(page, "Sign out", role="button")
    keys.press("Enter")
    expect(page.get_by_text("You are signed out.")).to_be_visible()

    added = complaint.events.filter(facts__has_key="from_customer").get()
    assert added.words.parts["added"] == "It happened again."


def test_somebody_who_takes_long_is_asked_in_time_stays_and_keeps_their_words(
    house, open_window: Window, live_server
):
    complaint = acknowledged(house, customer=CustomerFactory(name="Margaret Shaw"))
    page = open_window(width=PHONE)
    page.clock.install()
    cookies = Follower().opens(complaint).client.cookies
    Walk(page, live_server.url).carry({name: each.value for name, each in cookies.items()})
    page.goto(f"{live_server.url}/track/complaint/add/")
    page.locator("[name=words]").fill("It happened again.")
    asked = page.get_by_role("dialog", name="Do you need more time?")

    page.clock.fast_forward("26:00")
    expect(asked).to_be_hidden()
    page.clock.fast_forward("02:00")
    expect(asked).to_be_visible()
    expect(page.get_by_role("button", name="Stay signed in")).to_be_focused()
    assert not report(axe_findings(page))
    with page.expect_response("**/track/stay/") as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 200
    expect(asked).to_be_hidden()
    page.clock.fast_forward("26:00")
    expect(asked).to_be_hidden()

    page.clock.fast_forward("05:00")
    expect(page.get_by_role("dialog", name="You are signed out")).to_be_visible()
    page.get_by_role("button", name="Back to the page").click()
    expect(page.locator("[name=words]")).to_have_value("It happened again.")


def test_somebody_whose_visit_ended_elsewhere_is_not_told_that_they_stay(
    house, open_window: Window, live_server
):
    complaint = acknowledged(house, customer=CustomerFactory(name="Margaret Shaw"))
    page = open_window()
    page.clock.install()
    follower = Follower().opens(complaint)
    cookies = {name: each.value for name, each in follower.client.cookies.items()}
    Walk(page, live_server.url).carry(cookies)
    page.goto(f"{live_server.url}/track/complaint/")
    follower.post("track-sign-out")

    page.clock.fast_forward("28:00")
    page.get_by_role("button", name="Stay signed in").click()

    expect(page.get_by_role("dialog", name="You are signed out")).to_be_visible()
