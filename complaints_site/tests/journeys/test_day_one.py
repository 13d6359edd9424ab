"""A landlord's first days, done on the screens by its administrator: nothing by a command."""

import re
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from cases.rules.roles import Role
from complaints_site.tests.journeys.desk import Desk
from complaints_site.tests.journeys.steps import MANAGER, OFFICER, begin, june

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]


def test_somebody_stands_in_and_the_days_and_the_figures_of_the_procedure_change(desk: Desk):
    begin(desk)
    page = desk.page

    desk.on(june(9), OFFICER).go("/account/")
    page.get_by_role("button", name="Record an absence").click()
    desk.fill_in(
        {
            "First day away": june(10),
            "Last day away": june(12),
            "Who stands in": "Grace Lin",
        }
    )
    press(page, "Save the absence", "Grace Lin stands in")
    desk.on(june(10), MANAGER).go("/my-work/")
    expect(page.get_by_role("link", name=desk.reference).first).to_be_visible()

    # From Mon 8 June: Tue 9 = 1, Fri 12 = 4, Mon 15 = 5; with the 12th closed, Tue 16.
    desk.sign_in(Role.SYSTEM_ADMINISTRATOR)
    settings(desk, "Working days")
    page.get_by_role("button", name="Add a closure").click()
    desk.fill_in({"First day": june(12), "Why": "The office moves"})
    press(page, "Add the closure", "A closure of 1 working day is added.")
    page.get_by_role("button", name="See what moves, and publish").click()
    expect(page.get_by_text("2 deadlines of 1 open complaint")).to_be_visible()
    press(page, "Publish the working days", "The working days are published, and 2 deadlines have")

    settings(desk, "Procedures")
    page.get_by_role("link", name="Complaint Handling Code", exact=False).first.click()
    press(page, "New draft from this version", "")
    page.get_by_role("link", name="Change Stage 1", exact=True).click()
    desk.fill_in({"Name of the stage": "First look"})
    press(page, "Save", "First look is saved in the draft.")
    page.get_by_role(
        "link", name=re.compile("^Change ?: Acknowledge, define and log")
    ).first.click()
    desk.fill_in({"How many": "3"})
    press(page, "Save", "is saved in the draft.")
    page.get_by_role("button", name="Publish", exact=True).click()
    desk.fill_in({"In force from": june(15)})
    press(page, "Publish this version", "Version 2 is published.")

    desk.on(june(15), OFFICER)
    desk.shows("Stage 1", "Received", due=june(16))
    begin_anew(desk, june(15))
    # Tue 16 = 1, Wed 17 = 2, Thu 18 = 3.
    desk.shows("First look", "Received", due=june(18))


def press(page: Page, button: str | re.Pattern[str], told: str) -> None:
    """Press a button, and see on the next page that it was done."""
    page.get_by_role("button", name=button, exact=isinstance(button, str)).click()
    expect(page.locator("[data-message]")).to_contain_text(told)


def settings(desk: Desk, name: str) -> None:
    """Come to a page of the settings by their index."""
    desk.go("/settings/")
    desk.page.get_by_role("main").get_by_role("link", name=re.compile(f"^{name}")).first.click()
    expect(desk.page.get_by_role("heading", level=1)).to_contain_text(name)


def begin_anew(desk: Desk, on: date) -> None:
    """Begin a complaint received on a day, under the procedure that then runs."""
    desk.reference = desk.house.lodge(on=on).reference
