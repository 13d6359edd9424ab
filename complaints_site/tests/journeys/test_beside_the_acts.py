"""What no act of a procedure is: the case sheet, the customer's copy, quarantine, two registers."""

import re
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from cases.models import Complaint
from cases.rules.customers import CustomerCategory, Register
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory
from complaints_site.tests.journeys.desk import Desk
from complaints_site.tests.journeys.steps import COORDINATOR, OFFICER, begin, june
from feedback.tests.factories import COMPLAINT, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]


def test_the_case_sheet_and_the_copy_for_the_customer_are_opened_and_can_be_printed(desk: Desk):
    begin(desk)
    page = desk.page

    desk.on(june(9), OFFICER).open_case()
    page.get_by_role("link", name="Case sheet to print").click()
    expect(page).to_have_url(re.compile("/sheet/$"))
    page.emulate_media(media="print")
    expect(page.get_by_role("navigation", name="Menu")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.emulate_media(media="screen")

    desk.open_case()
    page.get_by_role("link", name="Copy of the record for the customer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Your complaint {desk.reference}")
    page.get_by_role("link", name="Put the staff notes in").click()
    expect(page.get_by_text("It has the staff notes")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.get_by_text("It has the staff notes")).to_be_hidden()


def test_the_evidence_for_the_ombudsman_is_made_and_taken_away_with_one_press_each(desk: Desk):
    begin(desk)
    page = desk.page

    desk.on(june(9), COORDINATOR).open_case()
    page.get_by_role("link", name="Papers and evidence").click()
    page.get_by_role("button", name="Make the evidence bundle").click()
    links = page.locator(".house-papers").get_by_role("link")
    expect(links).to_have_count(2)
    taken = {}
    for number in range(2):
        with page.expect_download() as download:
            links.nth(number).click()
        name = download.value.suggested_filename
        taken[name.rsplit(".", 1)[-1]] = download.value.path()

    words = "".join(sheet.extract_text() for sheet in PdfReader(taken["pdf"]).pages)
    assert desk.reference in words
    assert "lift" in words
    with ZipFile(taken["zip"]) as archive:
        assert archive.testzip() is None
        assert len(archive.namelist()) > 1
    page.reload()
    expect(page.get_by_text("taken 1 time").first).to_be_visible()


def test_what_looked_like_abuse_is_read_and_released(desk: Desk):
    page = desk.page
    desk.on(june(9), COORDINATOR)
    sender = Visitor()
    sender.fill(COMPLAINT)
    # What people do not see, a robot fills in.
    sender.send(confirmed="yes", fax_number="1")
    assert not Complaint.objects.exists()

    desk.go("/my-work/")
    page.get_by_role("link", name="Compliments and suggestions").click()
    page.get_by_role("link", name=re.compile("^Quarantine")).click()
    page.get_by_role("table").get_by_role("link").click()
    expect(page.get_by_role("heading", name="Why it is here")).to_be_visible()
    page.get_by_role("button", name="Release it").click()

    expect(page.locator("[data-message]")).to_be_visible()
    desk.reference = Complaint.objects.get().reference
    desk.open_case()
    assert Complaint.objects.get().received_on == june(9)


@pytest.mark.rule("HH-13")
def test_whoever_rents_nothing_stands_in_the_other_register(desk: Desk):
    page = desk.page
    desk.house.run("herefordshire")
    passer_by = CustomerFactory(category=CustomerCategory.MEMBER_OF_THE_PUBLIC)
    desk.on(june(9))
    theirs = desk.house.lodge(customer=passer_by, on=june(9))
    ours = desk.house.lodge(on=june(9))
    assert theirs.register == Register.NON_TENANT

    desk.sign_in(COORDINATOR).go("/complaints/")
    page.get_by_text("More filters").click()
    desk.fill_in({"Register": Register.NON_TENANT.words})
    page.get_by_role("button", name="Apply filters").click()

    expect(page.get_by_role("link", name=theirs.reference)).to_be_visible()
    expect(page.get_by_role("link", name=ours.reference)).to_have_count(0)


def test_an_administrator_sees_what_works_in_the_background(desk: Desk):
    begin(desk)
    page = desk.page

    desk.on(june(9), Role.SYSTEM_ADMINISTRATOR).go("/settings/")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Operations")).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Operations")
    expect(page.get_by_role("table").first).to_be_visible()
