"""The steps that journeys share, and the days they happen on."""

import functools
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from playwright.sync_api import Locator, expect
from pypdf import PdfReader

from cases.models import Customer, ServiceArea, User
from cases.rules.acts import Act
from cases.rules.roles import Role
from cases.tests.factories import MONDAY, CustomerFactory, UserFactory
from complaints_site.tests.journeys.desk import PASSWORD, Desk, tell_us

COORDINATOR = Role.COMPLAINTS_COORDINATOR
OFFICER = Role.RESPONSIBLE_OFFICER
MANAGER = Role.LINE_MANAGER
HEAD = Role.HEAD_OF_SERVICE
GARETH, MARGARET = "gareth@example.org", "margaret@example.org"
CALL = {"How": "Telephone", "What was said": "A carer shops for her; she cannot leave the flat."}
EMAIL = "E-mail, sent from here"
POST = "Letter, made here to print and post"
LIFT = "The lift has been out of order since Friday. I cannot get my wheelchair down."


TO_THE_END = (Act.ESCALATE, Act.REFER_TO_OMBUDSMAN, Act.DETERMINE, Act.CLOSE)
HEARING = (
    Act.ARRANGE_HEARING,
    Act.SEND_INVITATION,
    Act.SEND_PAPERS,
    Act.HOLD_HEARING,
    Act.SEND_OUTCOME,
)
Journey = Callable[..., None]


def performs(*acts: Act) -> Callable[[Journey], Journey]:
    """Say which acts a journey does in the browser, and hold it to them."""

    def hold(journey: Journey) -> Journey:
        @functools.wraps(journey)
        def held(desk: Desk, **fixtures: Any) -> None:
            journey(desk, **fixtures)
            assert desk.performed == set(acts)

        held.acts = frozenset(acts)  # type: ignore[attr-defined]
        return held

    return hold


def june(day: int) -> date:
    """Return a day of June 2026. The first is a Monday, and there is no bank holiday."""
    return date(2026, 6, day)


def july(day: int) -> date:
    """Return a day of July 2026. The first is a Wednesday, and there is no bank holiday."""
    return date(2026, 7, day)


def august(day: int) -> date:
    """Return a day of August 2026. The first is a Saturday; the 31st is a bank holiday."""
    return date(2026, 8, day)


def begin(desk: Desk, procedure: str = "code-2024") -> None:
    """Begin another complaint of Margaret Shaw's, received on Monday 8 June."""
    desk.house.run(procedure)
    customer = CustomerFactory(name="Margaret Shaw", email=MARGARET)
    desk.reference = desk.house.lodge(on=MONDAY, customer=customer).reference


def story(desk: Desk) -> Locator:
    """Return the part of the page that tells what happened."""
    return desk.open_case().page.get_by_role("region", name="What happened")


def complain_online(desk: Desk) -> str:
    """Send a tenant's complaint by the public form, and return its reference."""
    return tell_us(
        desk,
        {"What would you like to tell us?": "Something has gone wrong"},
        {"Who are you telling us this for?": "For myself"},
        {"What happened?": LIFT},
        {},
        {"How does it affect you?": "I missed a hospital appointment."},
        {"What would put it right?": "Mend the lift, and say what happens next time."},
        {"Is it about how one of our staff, or somebody working for us, behaved?": "No"},
        {
            "Your full name": "Gareth Evans",
            "Your address": "14 Dock Road",
            "Your postcode": "HB1 4AA",
            "Email address": GARETH,
        },
        {"Which of these are you?": "I rent my home from you"},
        {},
        {"How would you like us to reach you?": "By email"},
        {},
        {"What may our emails to you say?": "The whole letter"},
        {},
        {},
        {},
        {},
    )


# What goes with the points where the procedure defines the complaint (Code 5.6, 5.7).
DEFINED = {
    "What the customer wants": "A lift that works.",
    "Are we responsible for it?": "For all of it",
}


def found(outcome: str) -> dict[str, Any]:
    """Return the finding about the one point of a complaint, and why."""
    return {
        "What we find about point 1": outcome,
        "Why: the reason for the finding about point 1": "We looked into all of it.",
    }


def answer(
    outcome: str, letter: str, *, told: str = EMAIL, has_point: bool = False
) -> dict[str, Any]:
    """Return the answers of a response: what was found, and what the letter says."""
    remedies = {} if outcome == "Not upheld" else {"What puts it right": ["Apologise"]}
    return {
        **(found(outcome) if has_point else {}),
        "Outcome of the complaint": outcome,
        **remedies,
        "How the customer is told": told,
        "What the letter says": letter,
    }


def colleague(name: str, *roles: Role | tuple[Role, ServiceArea]) -> User:
    """Return one more person with roles, who can sign in."""
    return UserFactory(name=name, roles=roles, password=make_password(PASSWORD))


def log_a_call(desk: Desk) -> None:
    """Log what a known customer says on the telephone, as the front line does."""
    CustomerFactory(name="Margaret Shaw", email=MARGARET)
    desk.page.get_by_role("button", name="Log a complaint").click()
    desk.page.get_by_label(re.compile("^Find them by")).fill("Shaw")
    desk.page.get_by_role("button", name="Find").click()
    desk.fill_in(
        {
            "Who is it?": "Margaret Shaw",
            "What they say, in their words": LIFT,
            "What would put it right": "Mend the lift, and say what happens next time.",
            "Service area": "Repairs north",
            "What is it?": "A complaint",
        }
    )
    desk.page.get_by_role("button", name="Log it").click()
    told = desk.page.locator("[data-message]")
    expect(told).to_contain_text("Logged as")
    found = re.search(r"Logged as (\S+)\.", told.inner_text())
    assert found is not None
    desk.reference = found[1]


def give_to(desk: Desk, officer: str) -> None:
    """Give the complaint to an officer."""
    desk.act(Act.ASSIGN, {"Responsible officer": officer})
    desk.shows("", "Received", officer=officer)


def triage(desk: Desk, *, officer: str = "Dan Morris") -> None:
    """Accept the complaint of somebody who wants whole letters by e-mail; give it to an officer."""
    Customer.objects.update(letters_by_email=True)
    desk.act(
        Act.TRIAGE,
        {
            "Service area": "Repairs north",
            "Responsible officer": officer,
            "Who may see it": "Normal",
        },
    )
    desk.shows("", "Received", officer=officer)


def arrange(desk: Desk, day: date, members: list[str]) -> None:
    """Arrange the hearing for a day, before these people."""
    desk.act(
        Act.ARRANGE_HEARING,
        {
            "Day of the hearing": day,
            "Place and time": "Town Hall, committee room 2, at 2pm",
            "How it is heard": "In person",
            "Members of the panel": members,
        },
    )
    people = desk.page.get_by_role("region", name="People")
    for name in members:
        expect(people).to_contain_text(name)


def invite(desk: Desk, day: str) -> None:
    """Invite the customer to the hearing and send the papers."""
    desk.act(Act.SEND_INVITATION, {"How the customer is told": EMAIL})
    address = GARETH if "Gareth" in desk.page.title() else MARGARET
    told = desk.mail_to(address)
    assert f"will be heard on {day}." in told
    assert "It is held at this place: Town Hall, committee room 2, at 2pm." in told
    desk.act(Act.SEND_PAPERS, {"How the customer gets the papers": EMAIL})
    index = _index_of_papers(desk, address)
    for words in (desk.reference, "What the customer told us", "Letter: invitation"):
        assert words in index


def _index_of_papers(desk: Desk, address: str) -> str:
    """Follow the link in the e-mail to the customer, and return the index of the papers there."""
    link = re.search(r"/track/link/[^/]+/", desk.mail_to(address))
    assert link
    context = desk.page.context.browser.new_context()  # type: ignore[union-attr]
    page = context.new_page()
    page.goto(f"{desk.url}{link[0]}")
    page.get_by_role("button", name="Open my page").click()
    papers = page.get_by_role("region", name="Papers for the hearing")
    with page.expect_download() as download:
        papers.get_by_role("link").click()
    told = PdfReader(download.value.path()).pages[0].extract_text()
    context.close()
    return " ".join(told.split())


def took_part(members: list[str], customer: str = "In person") -> dict[str, str]:
    """Return that all of the panel came to the hearing, and how the customer took part."""
    return {
        "How the customer took part": customer,
        **{f"How {name} took part": "In person" for name in members},
    }


def to_the_ombudsman(desk: Desk, day: date, *, by: Role = COORDINATOR) -> None:
    """Take a complaint answered for good to the Ombudsman, and close it after the decision."""
    desk.on(day, by)
    desk.act(Act.REFER_TO_OMBUDSMAN, {"What is known of it": "Letter from the Ombudsman."})
    desk.on(date(2026, 10, 5), COORDINATOR)
    desk.offers_first(Act.DETERMINE)
    desk.act(
        Act.DETERMINE,
        {
            "Finding on the whole": "Service failure",
            "Compensation ordered": "150",
            "To be paid by, as their letter says": date(2026, 11, 2),
            "Order 1": "An apology by a director",
            "Order 1: by when": date(2026, 11, 2),
            "What else was said or recommended": "To look at how repairs are booked.",
        },
    )
    timeline = desk.page.get_by_role("region", name="What happened")
    expect(timeline).to_contain_text("Housing Ombudsman decided")
    expect(timeline).to_contain_text("£150")
    desk.act(
        Act.CLOSE,
        {"How the customer is told": "Not told of this step"},
        says="The complaint is closed.",
    )
    desk.shows(desk.reference, "Closed")
    desk.says_why_not(Act.WITHDRAW, "The complaint is closed. Reopen it first.")
