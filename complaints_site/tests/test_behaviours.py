"""What the script adds to a page, and that all goes on without it."""

import pytest
from playwright.sync_api import Page, expect

from complaints_site.tests.browser import DESK, PHONE, Window, settled

pytestmark = [
    pytest.mark.one_database,
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("gallery"),
]

WATCH_FOR_JUMPS = """
window.moved = 0
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) { window.moved += entry.value }
}).observe({ type: "layout-shift", buffered: true })
window.shown = new Promise((resolve) => {
  new PerformanceObserver(resolve).observe({ type: "paint", buffered: true })
})
"""


@pytest.mark.parametrize("width", [PHONE, 390, DESK])
@pytest.mark.parametrize(
    ("path", "files"),
    [("start/", 6), ("public-form/", 6), ("queue/", 8), ("case/", 8), ("dashboard/", 8)],
)
def test_a_page_asks_for_few_files_and_does_not_jump_while_it_loads(
    path: str, files: int, width: int, open_window: Window, live_server
):
    page = open_window(width=width)
    asked, held = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.add_init_script(WATCH_FOR_JUMPS)
    page.route("**/*.js", lambda route: held.append(route))

    with page.expect_request("**/*.js"):
        page.goto(f"{live_server.url}/{path}", wait_until="commit")
    # On a slow line the script comes when the page is read already.
    page.evaluate("window.shown.then(() => true)")
    for route in held:
        route.continue_()
    page.wait_for_load_state()
    page.wait_for_timeout(300)

    assert len(held) == 1
    assert len(asked) <= files
    assert page.evaluate("window.moved") <= 0.02


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


def test_words_that_were_sent_are_forgotten(desk: Page, live_server):
    desk.goto(f"{live_server.url}/staff-form/?state=filled")
    desk.get_by_label("In their words").fill("Since the rain it is worse.")

    desk.get_by_role("button", name="Save and acknowledge").click()

    expect(desk.get_by_role("status")).to_contain_text("The note was added.")
    assert settled(desk).evaluate("Object.keys(sessionStorage)") == []


def test_words_of_a_refused_form_are_kept_until_they_are_sent(desk: Page, live_server):
    desk.goto(f"{live_server.url}/staff-form/")
    desk.get_by_label("In their words").fill("It is worse since the rain.")

    desk.get_by_role("button", name="Save and acknowledge").click()

    expect(desk.get_by_role("heading", name="There is a problem")).to_be_visible()
    assert settled(desk).evaluate("Object.keys(sessionStorage)") == ["draft:PRIYA:log"]


def test_words_of_another_person_are_shown_to_nobody_and_dropped(desk: Page, live_server):
    desk.goto(f"{live_server.url}/start/")
    desk.evaluate("sessionStorage.setItem('draft:ANOTHER:log', 'She hid the letters.')")

    desk.goto(f"{live_server.url}/staff-form/")

    expect(desk.get_by_label("In their words")).to_have_value("")
    assert desk.evaluate("Object.keys(sessionStorage)") == []


def test_words_stay_while_nobody_is_signed_in(desk: Page, live_server):
    desk.goto(f"{live_server.url}/staff-form/")
    desk.get_by_label("In their words").fill("It is worse since the rain.")
    desk.on("dialog", lambda dialog: dialog.accept())

    desk.goto(f"{live_server.url}/start/")

    assert desk.evaluate("Object.keys(sessionStorage)") == ["draft:PRIYA:log"]


def test_signing_out_forgets_all_drafts(desk: Page, live_server):
    desk.goto(f"{live_server.url}/staff-form/")
    desk.evaluate("sessionStorage.setItem('draft:PRIYA:log', 'It is worse.')")

    desk.get_by_role("button", name="Sign out").click()

    expect(desk.get_by_role("heading", name="Let Us Know")).to_be_visible()
    assert settled(desk).evaluate("Object.keys(sessionStorage)") == []


def test_leaving_a_form_with_unsent_words_is_asked_about(desk: Page, live_server):
    asked = []
    desk.goto(f"{live_server.url}/staff-form/")
    desk.get_by_label("First name").press_sequentially("Gareth")
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    desk.get_by_role("link", name="My work").click()
    desk.goto(f"{live_server.url}/queue/")

    assert asked == ["beforeunload"]
