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
