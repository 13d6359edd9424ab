"""Two people write one answer in two browsers: one is sent, and nothing of the other is lost."""

import pytest
from playwright.sync_api import expect

from cases.rules.acts import Act
from cases.tests.fixtures import House
from complaints_site.tests.browser import Window
from complaints_site.tests.journeys.desk import Desk
from complaints_site.tests.journeys.steps import (
    HEAD,
    MARGARET,
    OFFICER,
    answer,
    begin,
    june,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
THEIRS = "We did not ring you back. That was wrong, and we are sorry."


@pytest.fixture
def other(open_window: Window, live_server, staff: House, clock) -> Desk:
    """Another desk, with a browser of its own."""
    return Desk(open_window(width=1366), live_server.url, staff, clock)


def test_two_people_write_one_answer_and_what_the_second_wrote_is_kept(desk: Desk, other: Desk):
    begin(desk)
    other.reference = desk.reference
    desk.on(june(16), OFFICER).open_act(Act.RESPOND)
    other.sign_in(HEAD).open_act(Act.RESPOND)
    other.fill_in({"What the letter says": THEIRS})
    other.page.get_by_role("button", name="Save the draft").click()
    expect(other.page.get_by_text("Draft saved")).to_be_visible()

    desk.go(f"{desk.path}respond/")
    expect(desk.page.get_by_text("Ruth Adeyemi has a draft of this too")).to_be_visible()
    desk.fill_in(answer("Upheld", "The lift stood still for ten days."))
    desk.send(Act.RESPOND)
    desk.is_done(Act.RESPOND)
    other.fill_in(answer("Upheld", THEIRS))
    other.send(Act.RESPOND)

    page = other.page
    expect(page.get_by_role("heading", name="Somebody changed this meanwhile")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("by Dan Morris")
    expect(page.get_by_role("main")).to_contain_text(THEIRS)
    told = desk.mail_to(MARGARET)
    assert "The lift stood still for ten days." in told
    assert "ring you back" not in told
