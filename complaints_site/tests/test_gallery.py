"""The gallery shows every component and every field; people can use all of it."""

import pytest
from playwright.sync_api import Page

from complaints_site.tests.accessibility import (
    PUBLIC_TARGET,
    STAFF_TARGET,
    axe_findings,
    findings,
    own_findings,
    report,
)
from complaints_site.tests.browser import DESK, PHONE, Window

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("gallery"),
]

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


@pytest.mark.parametrize("pale", ["list", "list.children[50]"], ids=["all", "one"])
def test_pale_words_are_found_among_many_that_are_alike(desk: Page, live_server, pale: str):
    desk.goto(f"{live_server.url}/case/")
    assert axe_findings(desk) == []

    desk.evaluate(
        f"""() => {{
          const list = document.createElement("ul")
          list.innerHTML = "<li>Not paid</li>".repeat(60)
          document.querySelector("main").append(list)
          {pale}.style.color = "rgb(220, 220, 220)"
        }}"""
    )

    [found] = axe_findings(desk)
    assert found.check == "axe color-contrast"


def test_axe_is_asked_again_of_what_is_drawn_in_another_way_and_only_then(desk: Page, live_server):
    desk.goto(f"{live_server.url}/broken/")

    first = {finding.check for finding in axe_findings(desk)}
    again = {finding.check for finding in axe_findings(desk)}
    desk.evaluate("() => { document.querySelector('h1').style.color = 'rgb(250, 250, 250)' }")
    in_another_colour = {finding.check for finding in axe_findings(desk)}

    assert first > again
    assert first <= in_another_colour
    assert "axe color-contrast" in in_another_colour
