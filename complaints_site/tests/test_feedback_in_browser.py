"""The public form as people use it: without script, on the smallest phone, in two tabs."""

from base64 import b64decode
from datetime import date

import pytest
import time_machine
from django.test import Client
from playwright.sync_api import FilePayload, Locator, Page, expect

from cases.models import Complaint
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory
from complaints_site.tests.browser import PHONE, Window
from feedback.models import Submission
from feedback.operations.surveys import begin_round
from feedback.tests.conftest import NOW
from feedback.tests.factories import praise
from feedback.tests.tracking import TUESDAY, acknowledged, link_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]

STORY = "The lift has been out since Friday.\n\nNobody tells us when it will work."
PDF = b"%PDF-1.7\n" + b"x" * 99
LETTER = FilePayload(name="letter.pdf", mimeType="application/pdf", buffer=PDF)
# One white dot.
DOT = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg=="
)
PICTURE = FilePayload(name="lift.png", mimeType="image/png", buffer=DOT)
PROGRAM = FilePayload(name="a.exe", mimeType="application/pdf", buffer=b"MZ" + b"x" * 99)


@pytest.fixture(autouse=True)
def clock():
    """Stop the clock on a Wednesday: nobody is quick or slow but where the test says so."""
    with time_machine.travel(NOW, tick=False) as stopped:
        yield stopped


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()


def click_twice(page: Page, button: str) -> None:
    """Press a button twice before the page can answer."""
    found = page.get_by_role("button", name=button)
    found.evaluate("(button) => { button.click(); button.click() }")


# The pages that may stay empty, by their headings, for somebody with an address alone.
OF_WHAT_HAPPENED = (
    "When did it happen, or since when?",
    "How does it affect you?",
    "What would put it right?",
)
OF_THEM = (
    "Which of these are you?",
    "Reaching you safely",
    "Do you prefer to talk?",
    "How do you need letters and other information?",
    "Do you need another language than English, or sign language?",
    "Is there anything else that we should do differently for you?",
)


def leave_empty(page: Page, *headings: str) -> None:
    """Go on past pages without an answer."""
    for heading in headings:
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        go_on(page)


def fill_in(page: Page, url: str) -> None:
    """Fill the form in up to the page for files, as somebody without an e-mail address."""
    page.goto(f"{url}/let-us-know/")
    page.get_by_role("button", name="Start now").click()
    page.get_by_label("Something has gone wrong").check()
    go_on(page)
    page.get_by_label("For myself").check()
    go_on(page)
    page.get_by_label("What happened?").fill(STORY)
    go_on(page)
    leave_empty(page, *OF_WHAT_HAPPENED)
    page.get_by_label("No", exact=True).check()
    go_on(page)
    page.get_by_label("Your full name").fill("Margaret Shaw")
    page.get_by_label("Your address").fill("Flat 3, Quay House")
    go_on(page)
    leave_empty(page, *OF_THEM)


@pytest.mark.rule("K3-9")
@pytest.mark.rule("KF-5")
def test_a_complaint_is_sent_from_a_small_phone_without_script_or_email(
    open_window: Window, live_server, house, clock
):
    page = open_window(width=PHONE, has_script=False)
    fill_in(page, live_server.url)

    page.locator("input[type=file]").set_input_files(PROGRAM)
    go_on(page)
    expect(page.get_by_text("“a.exe” cannot be taken").first).to_be_visible()
    for each in (PICTURE, LETTER):
        page.locator("input[type=file]").set_input_files(each)
        go_on(page)
        expect(page.get_by_text(f"Added: {each['name']}")).to_be_visible()
    expect(page.get_by_label("Do you want to add another file?")).to_be_visible()
    page.get_by_role("link", name="Look at it lift.png").click()
    expect(page.locator("img")).to_have_js_property("naturalWidth", 1)
    page.go_back()
    go_on(page)
    page.get_by_role("button", name="Remove lift.png").click()
    expect(page.get_by_text("Removed: lift.png")).to_be_visible()
    expect(page.get_by_text("The lift has been out since Friday.")).to_be_visible()
    clock.shift(60)
    page.get_by_role("button", name="Send your complaint").click()

    expect(page.get_by_role("heading", name="We have your complaint")).to_be_visible()
    sent = Submission.objects.get()
    expect(page.get_by_text(sent.reference)).to_be_visible()
    expect(page.get_by_text("By Wednesday 17 June 2026")).to_be_visible()
    assert [file.name for file in Complaint.objects.get().files.all()] == ["letter.pdf"]
    page.get_by_role("link", name="Print or keep what you told us").click()
    expect(page.get_by_text("Nobody tells us when it will work.")).to_be_visible()


def reach(page: Page, found: Locator) -> Locator:
    """Go on with the Tab key until something has the focus."""
    found.wait_for()
    for _ in range(60):
        if found.evaluate("(each) => each === document.activeElement"):
            return found
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not lead to {found}.")


def enter(page: Page, name: str, heading: str) -> None:
    """Press a button with the Enter key, and wait for the page that it leads to."""
    reach(page, page.get_by_role("button", name=name))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=heading).first).to_be_visible()


def test_a_complaint_is_sent_with_the_keyboard_alone_at_four_times_the_size(
    open_window: Window, live_server, house, clock
):
    page = open_window()
    # A window of 1280 by 1024 pixels in which everything is four times as large.
    page.set_viewport_size({"width": 320, "height": 256})
    # Whoever asks for choosers only when one is about to come may ask too late.
    page.on("filechooser", lambda _: None)
    page.goto(f"{live_server.url}/let-us-know/")
    enter(page, "Start now", "What would you like to tell us?")
    for label, heading in (
        ("Something has gone wrong", "Who are you telling us this for?"),
        ("For myself", "What happened?"),
    ):
        reach(page, page.get_by_label(label))
        page.keyboard.press("Space")
        enter(page, "Continue", heading)
    enter(page, "Continue", "There is a problem")
    # It takes the focus by itself: only then does the Tab key begin from there.
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    reach(page, page.locator(".govuk-error-summary a"))
    page.keyboard.press("Enter")
    story = page.get_by_label("What happened?")
    expect(story).to_be_focused()
    page.keyboard.type("The lift has been out since Friday.")
    for heading in (*OF_WHAT_HAPPENED, "Is it about how one of our staff"):
        enter(page, "Continue", heading)
    reach(page, page.get_by_label("Yes"))
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("No", exact=True)).to_be_checked()
    enter(page, "Continue", "About you")
    for label, words in (("Your full name", "Ann Shaw"), ("Your address", "3 Quay House")):
        reach(page, page.get_by_label(label))
        page.keyboard.type(words)
    for heading in (*OF_THEM, "Photos and documents"):
        enter(page, "Continue", heading)
    reach(page, page.locator("button.govuk-file-upload-button"))
    with page.expect_file_chooser() as asked:
        page.keyboard.press("Enter")
    asked.value.set_files([LETTER])
    enter(page, "Continue", "Added")
    enter(page, "Continue", "Check your answers")
    expect(page.get_by_text("letter.pdf").first).to_be_visible()
    clock.shift(60)
    enter(page, "Send your complaint", "We have your complaint")

    assert [file.name for file in Complaint.objects.get().files.all()] == ["letter.pdf"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.promise("P1")
@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_double_clicks_the_back_button_and_two_tabs_send_one_form(
    has_script: bool, open_window: Window, live_server, house, clock
):
    page = open_window(has_script=has_script)
    fill_in(page, live_server.url)
    go_on(page)
    other = page.context.new_page()
    other.goto(f"{live_server.url}/let-us-know/check/")
    clock.shift(60)

    click_twice(page, "Send your complaint")
    expect(page.get_by_role("heading", name="We have your complaint")).to_be_visible()
    told = page.url
    page.go_back()
    expect(page.get_by_text("If you have sent it already and have a reference")).to_be_visible()
    click_twice(other, "Send your complaint")

    expect(other).to_have_url(told)
    assert Submission.objects.count() == Complaint.objects.count() == 1


@pytest.mark.promise("P1")
def test_back_never_asks_whether_to_send_a_form_again(open_window: Window, live_server, house):
    page = open_window(width=PHONE, has_script=False)
    fill_in(page, live_server.url)
    page.goto(f"{live_server.url}/let-us-know/what-happened/")
    page.get_by_label("What happened?").fill("")
    go_on(page)
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("What happened?").fill(STORY)
    go_on(page)
    page.goto(f"{live_server.url}/let-us-know/files/")
    for each in (LETTER, PROGRAM):
        page.locator("input[type=file]").set_input_files(each)
        go_on(page)
    expect(page.get_by_text("“a.exe” cannot be taken").first).to_be_visible()
    go_on(page)
    # Nobody types so fast: they are asked first.
    page.get_by_role("button", name="Send your complaint").click()
    click_twice(page, "Yes, send my complaint")
    expect(page.get_by_role("heading", name="We have your complaint")).to_be_visible()

    methods = []
    page.on("request", lambda request: methods.append(request.method))
    for _ in range(page.evaluate("history.length") - 2):
        assert page.go_back() is not None

    assert set(methods) == {"GET"}
    expect(page.get_by_role("button", name="Start now")).to_be_visible()
    assert Submission.objects.count() == Complaint.objects.count() == 1


@pytest.mark.rule("K3-20")
@pytest.mark.rule("HH-34")
def test_a_compliment_a_survey_and_a_letter_behind_a_link_need_no_script(
    open_window: Window, live_server, house, clock
):
    customer = CustomerFactory(name="Ann Shaw", preferred_channel="email", letters_by_email=False)
    complaint = acknowledged(house, customer=customer)
    begun = begin_round(
        first_day=TUESDAY,
        last_day=TUESDAY,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
    )
    page = open_window(width=PHONE, has_script=False)
    page.goto(f"{live_server.url}/let-us-know/kind/")
    page.get_by_label("Somebody or something was good").check()
    go_on(page)
    page.get_by_label("What was good?").fill("Dan came at once and was kind.")
    go_on(page)
    leave_empty(page, "Who or what is it about?")
    page.get_by_label("Your full name").fill("Olu Ade")
    page.get_by_label("Email address").fill("olu@example.org")
    go_on(page)
    leave_empty(page, *OF_THEM[:2], "What may our emails to you say?", *OF_THEM[3:])
    leave_empty(page, "Photos and documents")
    clock.shift(60)
    page.get_by_role("button", name="Send your compliment").click()
    expect(page.get_by_role("heading", name="We have your compliment")).to_be_visible()

    page.goto(f"{live_server.url}/survey/{begun.requests.get().code}/")
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    page.get_by_label("Fairly satisfied").first.check()
    page.get_by_role("button", name="Send my answers").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()

    page.goto(f"{live_server.url}{link_of(complaint)}")
    page.get_by_role("button", name="Open my page").click()
    expect(page.get_by_role("heading", name="Your complaint", exact=True)).to_be_visible()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Acknowledgement").click()
    with open(saved.value.path(), "rb") as letter:
        assert letter.read(4) == b"%PDF"


def test_an_officer_thanks_somebody_and_passes_the_compliment_on(desk: Page, live_server, house):
    remark = praise(received_on=date(2026, 6, 8))
    client = Client()
    client.force_login(house[Role.FRONT_LINE])
    desk.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    desk.goto(f"{live_server.url}/feedback/")

    desk.get_by_role("link", name=remark.reference).click()
    desk.get_by_role("button", name="Pass it on to a colleague").click()
    desk.get_by_label("Colleague").select_option("line manager")
    desk.get_by_role("button", name="Pass it on").click()
    expect(desk.get_by_text("Your colleague is told by email.")).to_be_visible()
    desk.get_by_role("button", name="Thank the sender").click()
    desk.get_by_label("E-mail").check()
    desk.get_by_role("button", name="Thank the sender").click()

    expect(desk.get_by_text("The sender is thanked.")).to_be_visible()
    desk.get_by_role("link", name="Thanks", exact=True).click()
    expect(desk.get_by_text("We have passed it on to line manager.")).to_be_visible()
