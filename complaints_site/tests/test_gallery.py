"""The gallery shows every component and every field; people can use all of it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from complaints_site.tests.accessibility import (
    PUBLIC_TARGET,
    STAFF_TARGET,
    findings,
    own_findings,
    report,
)
from complaints_site.tests.browser import DESK, PHONE, Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PUBLIC_PAGES = [
    "start/",
    "before-set-up/",
    "question/",
    "question/?state=filled",
    "question/?state=errors",
    "wish/",
    "wish/?state=errors",
    "public-form/",
    "public-form/?state=filled",
    "public-form/?state=errors",
    "check-answers/",
    "confirmation/",
]
STAFF_PAGES = [
    "staff-form/",
    "staff-form/?state=filled",
    "staff-form/?state=errors",
    "queue/",
    "queue/?q=shaw&status=received&due_by_day=1&due_by_month=12&due_by_year=2026&page=2&sort=-due",
    "queue/?q=nobody-of-this-name",
    "case/",
    "dashboard/",
    "parts/",
    "mistake/409/",
]
MISTAKES = ["mistake/400/", "mistake/403/", "mistake/403_csrf/", "mistake/404/", "mistake/500/"]
PAGES = [(path, PUBLIC_TARGET) for path in PUBLIC_PAGES] + [
    (path, STAFF_TARGET) for path in STAFF_PAGES + MISTAKES
]


@pytest.fixture(autouse=True)
def gallery(settings) -> None:
    """Put the gallery in the place of the site."""
    settings.ROOT_URLCONF = "complaints_site.tests.gallery.urls"
    [engine] = settings.TEMPLATES
    pages = Path(__file__).parent / "gallery" / "templates"
    settings.TEMPLATES = [{**engine, "DIRS": [*engine["DIRS"], pages]}]


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def has_script(request) -> bool:
    """With JavaScript, and without."""
    return request.param


@pytest.mark.parametrize("width", [DESK, PHONE])
@pytest.mark.parametrize(("path", "target"), PAGES, ids=[path for path, _ in PAGES])
def test_nothing_on_a_page_keeps_anybody_from_using_it(
    path: str, target: int, width: int, has_script: bool, open_window: Window, live_server
):
    page = open_window(width=width, has_script=has_script)

    page.goto(f"{live_server.url}/{path}")

    found = findings(page, target=target) + page.witness.findings
    assert not found, report(found)


@pytest.mark.parametrize(
    ("check", "width"),
    [
        ("title", DESK),
        ("error link", DESK),
        ("heading", DESK),
        ("border", DESK),
        ("target", DESK),
        ("clipped", DESK),
        ("collision", DESK),
        ("reflow", PHONE),
    ],
)
def test_each_own_check_finds_what_it_is_for(
    check: str, width: int, open_window: Window, live_server
):
    page = open_window(width=width)

    page.goto(f"{live_server.url}/broken/")

    assert check in {finding.check for finding in own_findings(page)}


def test_the_witness_hears_of_broken_policies_and_missing_files(desk: Page, live_server):
    desk.goto(f"{live_server.url}/broken/")

    assert {"policy", "missing file"} <= {finding.check for finding in desk.witness.findings}


def test_axe_and_the_enlarged_page_are_part_of_the_findings(desk: Page, live_server):
    desk.goto(f"{live_server.url}/broken/")

    checks = {finding.check for finding in findings(desk)}
    assert "reflow at 200%" in checks
    assert any(check.startswith("axe ") for check in checks)


def test_what_an_answer_reveals_needs_no_javascript(open_window: Window, live_server):
    page = open_window(has_script=False)
    page.goto(f"{live_server.url}/public-form/")
    expect(page.get_by_label("Email address")).to_be_hidden()

    page.get_by_label("Email", exact=True).check()

    expect(page.get_by_label("Email address")).to_be_visible()


def test_a_refused_form_keeps_what_was_typed_and_leads_to_each_mistake(desk: Page, live_server):
    desk.goto(f"{live_server.url}/public-form/")
    desk.get_by_label("Day").fill("31")
    desk.get_by_label("Month").fill("Feb")
    desk.get_by_label("Year").fill("2026")

    desk.get_by_role("button", name="Send your complaint").click()

    expect(desk).to_have_title("Error: Let Us Know - Harbourside Homes")
    expect(desk.get_by_label("Month")).to_have_value("Feb")
    desk.get_by_role("link", name="The date the problem started must be a real date").click()
    expect(desk.get_by_label("Day")).to_be_focused()


def test_filters_change_the_list_in_place_and_are_announced(desk: Page, live_server):
    desk.goto(f"{live_server.url}/queue/")
    desk.evaluate("window.stayed = true")

    desk.get_by_label("Name or reference", exact=True).fill("shaw")
    desk.get_by_role("button", name="Apply filters").click()

    expect(desk.locator("#live-status")).to_have_text("40 open complaints")
    expect(desk).to_have_url(
        f"{live_server.url}/queue/?q=shaw&stage=&due_by_day=&due_by_month=&due_by_year="
    )
    assert desk.evaluate("window.stayed")
    desk.go_back()
    expect(desk.get_by_text("240 open complaints")).to_be_visible()


def test_filters_work_without_javascript(open_window: Window, live_server):
    page = open_window(has_script=False)
    page.goto(f"{live_server.url}/queue/?sort=-due")

    page.get_by_label("Name or reference", exact=True).fill("shaw")
    page.get_by_role("button", name="Apply filters").click()

    expect(page.get_by_text("40 open complaints")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Answer due")).to_have_attribute(
        "aria-sort", "descending"
    )


def test_one_box_ticks_every_row(desk: Page, live_server):
    desk.goto(f"{live_server.url}/queue/")

    desk.get_by_label("Select all").check()

    expect(desk.get_by_text("25 selected")).to_be_visible()


def test_words_that_were_not_sent_are_still_there(desk: Page, live_server):
    desk.goto(f"{live_server.url}/staff-form/")
    desk.get_by_label("In their words").fill("It is worse since the rain.")

    desk.on("dialog", lambda dialog: dialog.accept())
    desk.goto(f"{live_server.url}/queue/")
    desk.goto(f"{live_server.url}/staff-form/")

    expect(desk.get_by_label("In their words")).to_have_value("It is worse since the rain.")
    expect(desk.get_by_text("This is what you typed earlier")).to_be_visible()


def test_leaving_a_form_with_unsent_words_is_asked_about(desk: Page, live_server):
    asked = []
    desk.goto(f"{live_server.url}/staff-form/")
    desk.get_by_label("First name").press_sequentially("Gareth")
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    desk.get_by_role("link", name="My work").click()
    desk.goto(f"{live_server.url}/queue/")

    assert asked == ["beforeunload"]
