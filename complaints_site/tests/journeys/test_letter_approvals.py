"""An answer that a second person approves: asked for, sent back, changed, approved, gone."""

import pytest
from playwright.sync_api import Page, expect

from cases.models import Landlord, Letter
from cases.operations.documents import letter_document
from cases.operations.files import open_file
from cases.rules.acts import Act
from cases.rules.customers import LetterFormat
from cases.tests.fixtures import at
from complaints_site.tests.accessibility import findings, report
from complaints_site.tests.journeys.desk import Desk
from complaints_site.tests.journeys.steps import (
    MANAGER,
    OFFICER,
    POST,
    answer,
    begin,
    june,
    performs,
    story,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def is_usable(page: Page) -> None:
    """See that people can use the page shown, in a narrow and in an ordinary window."""
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert not report(findings(page))
    page.set_viewport_size({"width": 1366, "height": 768})


@performs(Act.APPROVE_LETTER)
def test_an_answer_is_put_to_a_manager_sent_back_changed_approved_and_goes_as_it_was_read(
    desk: Desk,
):
    begin(desk)
    Landlord.objects.update(approved_letters=["response"])
    page = desk.page
    desk.on(june(9), OFFICER)
    desk.open_act(Act.RESPOND)
    desk.fill_in(answer("Upheld", "The lift was mended.", told=POST))
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.locator("[data-message]")).to_contain_text("Nothing is sent yet")
    expect(page.get_by_text("Your letter waits for approval")).to_be_visible()

    desk.on(june(10), MANAGER)
    desk.go("/my-work/")
    is_usable(page)
    page.get_by_role("region", name="Letters to approve").get_by_role("link").first.click()
    expect(page.get_by_text("The lift was mended.").first).to_be_visible()
    is_usable(page)
    desk.fill_in({"Decision": "Send it back to its author", "What is to be changed": "Say when."})
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("[data-message]")).to_contain_text("sent back to Dan Morris")

    desk.sign_in(OFFICER)
    desk.go("/my-work/")
    page.get_by_role("region", name="Letters sent back to you").get_by_role("link").first.click()
    expect(page.get_by_text("Say when.")).to_be_visible()
    is_usable(page)
    desk.fill_in({"What the letter says": "The lift was mended on Friday."})
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.locator("[data-message]")).to_contain_text("Nothing is sent yet")

    desk.sign_in(MANAGER)
    desk.open_act(Act.APPROVE_LETTER)
    expect(page.get_by_text("What was changed since")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="The letter as the document that goes").click()
    read = download.value.path().read_bytes()
    desk.fill_in({"Decision": "Approve it: it goes now, in these words"})
    page.get_by_role("button", name="Record the decision").click()
    desk.is_done(Act.APPROVE_LETTER)

    expect(story(desk)).to_contain_text("Letter approved")
    [letter] = Letter.objects.all()
    kept = letter_document(letter, LetterFormat.STANDARD, now=at(june(11)))
    with open_file(kept.file) as file:
        assert file.read() == read
