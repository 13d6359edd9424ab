"""The public pages in other languages as people use them: narrow, enlarged, set apart, turned."""

from collections.abc import Callable

import pytest

from complaints_site.tests.browser import PHONE, Window
from complaints_site.tests.languages.looking import Looking
from complaints_site.tests.languages.pseudo import accented
from complaints_site.tests.permissions.world import build_world
from complaints_site.tests.walking import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
    pytest.mark.timeout(600),
]

LEFTWARD = "ar"
# Pages and states that there are at least: fewer would mean that some were passed over.
LEAST_LOOKS = 100


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["turn", "both"])
def in_turn(request: pytest.FixtureRequest) -> bool:
    """Say whether each page is looked at in one width alone, as the long form does not."""
    return bool(request.param)


def test_people_can_use_every_page_in_welsh(
    open_window: Window, live_server, clock, db, in_turn: bool
):
    walk = Walk(open_window(), live_server.url, error="Gwall: ", spaces=True, in_turn=in_turn)

    Looking(walk, build_world(), "cy").everything()

    assert not walk.report(), walk.report()
    assert walk.looks > LEAST_LOOKS


def test_people_can_use_every_page_in_a_language_that_runs_to_the_left(
    open_window: Window, live_server, clock, db, speak: Callable[[str], None], in_turn: bool
):
    world = build_world()
    speak(LEFTWARD)
    walk = Walk(open_window(), live_server.url, error=accented("Error: "), spaces=True)
    # Wide where in Welsh it is narrow: each page is seen in both.
    walk.in_turn, walk.begins = in_turn, 1

    Looking(walk, world, LEFTWARD).everything()

    assert not walk.report(), walk.report()
    assert walk.looks > LEAST_LOOKS


def test_people_can_use_the_states_of_the_public_pages_in_english(
    open_window: Window, live_server, clock, db, in_turn: bool
):
    walk = Walk(open_window(), live_server.url, spaces=True, in_turn=in_turn)

    Looking(walk, build_world(), "").at_states()

    assert not walk.report(), walk.report()


def test_a_page_that_runs_to_the_left_begins_at_the_right(
    open_window: Window, live_server, clock, house, speak: Callable[[str], None]
):
    speak(LEFTWARD)
    page = open_window(width=PHONE)

    page.goto(f"{live_server.url}/{LEFTWARD}/let-us-know/kind/")

    assert page.locator("html").get_attribute("dir") == "rtl"
    circle = page.locator("input[type=radio]").first.bounding_box()
    words = page.locator(".govuk-radios__label").first.bounding_box()
    assert circle
    assert words
    assert circle["x"] > PHONE / 2
    assert words["x"] + words["width"] <= circle["x"] + circle["width"]


def test_enter_goes_on_and_a_language_chosen_in_between_loses_nothing(
    open_window: Window, live_server, clock, house
):
    page = open_window(width=PHONE, has_script=False)
    page.goto(f"{live_server.url}/let-us-know/kind/")
    page.locator("input[value=complaint]").check()
    page.keyboard.press("Enter")
    page.get_by_label("For myself").check()

    page.get_by_role("button", name="Cymraeg").click()

    assert page.url.startswith(f"{live_server.url}/cy/let-us-know/for-whom/")
    assert page.locator("input[type=radio]:checked").count() == 1
    assert page.locator(".govuk-error-summary").count() == 0
    page.locator("input[type=radio]:checked").press("Enter")
    assert page.url == f"{live_server.url}/cy/let-us-know/what-happened/"
