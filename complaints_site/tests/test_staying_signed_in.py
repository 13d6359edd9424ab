"""A colleague at a desk is asked before their session ends by itself."""

import pytest
from playwright.sync_api import expect

from cases.rules.roles import Role
from complaints_site.tests.accessibility import axe_findings, report
from complaints_site.tests.browser import Window
from complaints_site.tests.walking import Walk

INK = "rgb(11, 12, 12)"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
    pytest.mark.promise("P19"),
]


def test_whoever_works_on_a_page_for_long_is_asked_and_told_when_it_is_too_late(
    house, open_window: Window, live_server
):
    page = open_window()
    page.clock.install()
    Walk(page, live_server.url).sign_in(house[Role.RESPONSIBLE_OFFICER])
    page.goto(f"{live_server.url}/my-work/")

    page.clock.fast_forward("28:00")
    expect(page.get_by_role("dialog", name="Do you need more time?")).to_be_visible()
    assert not report(axe_findings(page))
    # axe does not judge the colours of what lies over the page.
    words = page.get_by_text("Nothing was done here for a while.")
    expect(words).to_have_css("color", INK)
    with page.expect_response("**/account/stay/") as answer:
        page.keyboard.press("Escape")
    assert answer.value.status == 200
    expect(page.get_by_role("dialog")).to_be_hidden()

    page.clock.fast_forward("31:00")
    late = page.get_by_role("dialog", name="You are signed out")
    expect(late).to_contain_text("What you typed still stands here")
    assert not report(axe_findings(page))
