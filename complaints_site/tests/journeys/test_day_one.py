"""A landlord's first days, done on the screens by its administrator: nothing by a command."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from cases.models import User
from cases.rules.roles import Role
from complaints_site.tests.accessibility import report
from complaints_site.tests.browser import Window
from complaints_site.tests.journeys.desk import PASSWORD, Desk, one_line
from complaints_site.tests.journeys.steps import MANAGER, OFFICER, begin, june

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]
FIRST = "an orchard under water"
SECOND = "two kites and a ladder"
THIRD = "paper boats in autumn"
DAN = "dan.morris@landlord.example"


def test_an_empty_installation_is_set_up_and_people_come_and_leave(
    open_window: Window, live_server, clock, monkeypatch, tmp_path
):
    monkeypatch.setattr("cases.middleware.Memory.is_set_up", False)
    page = open_window(width=1366)
    desk = Desk(page, live_server.url, None, clock)
    # What `createsuperuser` leaves: one person, and nothing else.
    ines = User.objects.create_superuser(email="ines@landlord.example", password=PASSWORD)
    User.objects.filter(pk=ines.pk).update(name="Ines Costa")

    desk.sign_in(ines)
    expect(page).to_have_url(f"{desk.url}/set-up/")
    desk.fill_in(
        {
            "The landlord’s name": "Harbourside Homes",
            "Nation, for the bank holidays": "Scotland",
            "Procedure": "Complaint Handling Code",
        }
    )
    press(page, "Set it up", "Harbourside Homes is set up.")

    add_areas_and_categories(desk)
    put_name_and_logo_everywhere(desk, tmp_path)
    invite_dan(desk)
    his = open_window(width=1366)
    dan = Desk(his, live_server.url, None, clock)
    dan.go(link_in(dan.mail_to(DAN)))
    choose(his, FIRST)
    come_in(his, FIRST)
    change_and_forget(dan)

    # An hour without doing anything has signed her out.
    desk.sign_in(ines)
    person_page(desk, "Dan Morris")
    page.get_by_role("button", name="Has left").click()
    press(page, "Switch the account off", "Dan Morris can no longer sign in")
    dan.go("/my-work/")
    expect(his.get_by_role("heading", level=1)).to_have_text("Sign in")
    his.get_by_label("E-mail address").fill(DAN)
    his.get_by_label("Password", exact=True).fill(THIRD)
    his.get_by_role("button", name="Sign in").click()
    expect(his.get_by_role("alert")).to_contain_text("is not right")

    for each in (page, his):
        broken = [found for found in each.witness.findings if found.check != "missing file"]
        assert not broken, report(broken)


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
    press(
        page, "Publish the working days", "The working days are published. Open complaints follow"
    )

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


def add_areas_and_categories(desk: Desk) -> None:
    """Add a service area below another; add a category, rename, move and retire some."""
    page = desk.page
    settings(desk, "Service areas")
    for name, answers in (
        ("Homes", {"Name": "Homes"}),
        ("Repairs", {"Name": "Repairs", "Part of": "Homes"}),
    ):
        page.get_by_role("button", name="Add a service area").click()
        desk.fill_in(answers)
        press(page, "Save", f"{name} is added.")

    settings(desk, "Categories")
    page.get_by_role("button", name="Add a category").click()
    desk.fill_in({"Name": "Lift"})
    press(page, "Save", "“Lift” is added at the end of the list.")
    page.get_by_role("link", name="Lift", exact=True).click()
    desk.fill_in({"Name": "Lifts"})
    press(page, "Save", "The category is called “Lifts” now.")
    press(page, re.compile("^Up ?: move Lifts"), "“Lifts” is moved up.")
    press(page, "Retire Lifts", "“Lifts” is")
    press(page, "Bring back Lifts", "“Lifts” is in use again.")


def put_name_and_logo_everywhere(desk: Desk, folder) -> None:
    """Change the landlord's particulars, and see them and the logo on the public's page."""
    page = desk.page
    picture = BytesIO()
    Image.new("RGB", (120, 40), "teal").save(picture, "PNG")
    logo = folder / "logo.png"
    logo.write_bytes(picture.getvalue())
    settings(desk, "Landlord")
    page.get_by_role("link", name=re.compile("^Change\\s+name", re.IGNORECASE)).first.click()
    desk.fill_in({"Name": "Harbour Homes", "Telephone": "0800 555 0100"})
    press(page, "Save", "The particulars are saved.")
    page.get_by_role("button", name="Add a logo").click()
    page.locator("input[type=file]").set_input_files(logo)
    press(page, "Save the logo", "The logo is saved and stands on every page.")
    desk.go("/")
    shown = page.get_by_role("img", name="Harbour Homes")
    expect(shown).to_be_visible()
    assert shown.evaluate("each => each.naturalWidth") == 120
    expect(page.get_by_text("0800 555 0100").first).to_be_visible()


def invite_dan(desk: Desk) -> None:
    """Add somebody, and give and take roles."""
    page = desk.page
    settings(desk, "People")
    page.get_by_role("button", name="Invite somebody").click()
    desk.fill_in({"Name": "Dan Morris", "E-mail address": DAN, "Job title": "Repairs officer"})
    press(page, "Add and send the invitation", "Dan Morris is added")
    for role, area in (("Responsible officer", ""), ("Front-line colleague", "Homes / Repairs")):
        page.get_by_role("button", name="Give a role").click()
        desk.fill_in({"Role": role})
        if area:
            page.get_by_label("In which service area").locator("visible=true").select_option(
                label=area
            )
        press(page, "Give the role", "Dan Morris has the role now")
    page.get_by_role("button", name=re.compile("^Take away the role of front-line")).click()
    expect(page.locator("[data-message]")).to_contain_text("no longer has the role of front-line")


def person_page(desk: Desk, name: str) -> None:
    """Find somebody in the list of people."""
    settings(desk, "People")
    desk.page.get_by_role("link", name=name, exact=True).click()
    expect(desk.page.get_by_role("heading", level=1)).to_have_text(name)


def link_in(message: str) -> str:
    """Return the path of the link by which a password is chosen."""
    found = re.search(r"https?://[^/\s]+(/\S*password/\S+)", message)
    assert found, one_line(message)
    return found.group(1)


def choose(page: Page, password: str) -> None:
    """Choose a password on the page that the link opened."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a password")
    page.get_by_label("New password", exact=True).fill(password)
    page.get_by_label("New password again").fill(password)
    press(page, "Save the password", "Your password is saved.")


def come_in(page: Page, password: str) -> None:
    """Sign in as Dan Morris, on the page where people do."""
    page.get_by_label("E-mail address").fill(DAN)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def change_and_forget(dan: Desk) -> None:
    """Change the password; then sign out, have forgotten it, and choose another."""
    page = dan.page
    dan.clock.shift(timedelta(minutes=20))
    dan.go("/account/")
    page.get_by_role("link", name=re.compile("^Change\\s+password", re.IGNORECASE)).click()
    page.get_by_label("Your password now").fill(FIRST)
    page.get_by_label("New password", exact=True).fill(SECOND)
    page.get_by_label("New password again").fill(SECOND)
    press(page, "Save the password", "Your password is changed.")
    press(page, "Sign out", "You are signed out.")
    come_in(page, SECOND)
    press(page, "Sign out", "You are signed out.")

    dan.clock.shift(timedelta(hours=1))
    page.get_by_role("link", name="Forgotten your password?").click()
    dan.fill_in({"E-mail address": DAN})
    page.get_by_role("button", name="Send me a link").click()
    expect(page).to_have_url(re.compile("forgotten.*sent"))
    dan.go(link_in(dan.mail_to(DAN)))
    choose(page, THIRD)
    come_in(page, THIRD)


def begin_anew(desk: Desk, on: date) -> None:
    """Begin a complaint received on a day, under the procedure that then runs."""
    desk.reference = desk.house.lodge(on=on).reference
