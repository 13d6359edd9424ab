"""Pages that people print: what was found out, without what leads elsewhere, and nothing cut."""

import io
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from cases.models import Complaint
from cases.rules.roles import AREA_ROLES, Role
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.fixtures import House
from complaints_site.tests.test_lists import NOW, letter_of

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]
# A4 without its margins, in pixels.
PAPER = 680
# Nobody presses or follows these on paper.
UNPRINTED = (
    "nav, button, input[type=submit], .govuk-button, .govuk-breadcrumbs, .govuk-pagination, "
    ".govuk-skip-link, .house-search"
)
# What stands beyond the edge of the paper, or is cut by what holds it.
CUT = """() => [...document.querySelectorAll("main, main *")].filter((each) => {
    const box = each.getBoundingClientRect();
    const shown = each.checkVisibility({visibilityProperty: true}) && box.width > 1;
    const isHidden = each.closest(".govuk-visually-hidden, svg");
    const isClipped = each.tagName === "TABLE"
        && each.scrollWidth > each.parentElement.clientWidth + 1;
    return shown && !isHidden
        && (isClipped || box.right > document.documentElement.clientWidth + 1);
}).map((each) => each.outerHTML.slice(0, 120))"""
# What follows each link: an address of ours helps nobody, one of somebody else's is printed.
ADDRESSES = """() => [...document.querySelectorAll("main a.govuk-link[href]")]
    .filter((each) => each.checkVisibility())
    .map((each) => [
        each.getAttribute("href").startsWith("http"),
        getComputedStyle(each, "::after").content.includes(" ("),
    ])"""


@pytest.fixture
def desk(live_server, open_window, house):
    """Return a window in which somebody with every role is signed in, as wide as paper."""
    with time_machine.travel(NOW, tick=False):
        client = Client()
        areas = dict.fromkeys(AREA_ROLES, house.directorate)
        roles = [(role, areas.get(role)) for role in Role]
        client.force_login(UserFactory(name="Everybody", roles=roles))
        page = open_window()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}]
        )
        page.set_viewport_size({"width": PAPER, "height": 1000})
        yield page


def on_paper(page: Page) -> str:
    """Return what the page says on paper, after a look at how it is printed."""
    page.emulate_media(media="print")
    expect(page.get_by_role("heading", level=1).or_(page.locator("article")).first).to_be_visible()
    expect(page.locator(UNPRINTED).filter(visible=True)).to_have_count(0)
    assert page.evaluate(CUT) == []
    assert [pair for pair in page.evaluate(ADDRESSES) if pair[0] != pair[1]] == []
    pdf = PdfReader(io.BytesIO(page.pdf(format="A4", print_background=True)))
    page.emulate_media(media="screen")
    return " ".join(" ".join(sheet.extract_text() for sheet in pdf.pages).split())


def test_what_people_print_is_whole_and_leads_nowhere(house: House, desk: Any, live_server):
    cases = [
        house.lodge(
            on=NOW.date() - timedelta(days=number),
            customer=CustomerFactory(name=f"Agnes Featherstonehaugh-Cholmondeley {number}"),
        )
        for number in range(4)
    ]
    letter = letter_of(house, cases[3], "post")
    acknowledged = Complaint.objects.get(pk=cases[3].pk)

    def printed(name: str, *args: Any, query: str = "") -> str:
        desk.goto(f"{live_server.url}{reverse(name, args=args)}{query}")
        return on_paper(desk)

    queue = printed("cases:queue")
    dashboard = printed("reporting:dashboard")
    boards = [printed(f"reporting:{name}-board") for name in ("answers", "complaints", "ahead")]
    sheet = printed("cases:case-sheet", acknowledged.reference)
    page = printed("cases:complaint", acknowledged.reference)
    posted = printed("cases:letter", acknowledged.reference, letter.event_number)
    desk.goto(f"{live_server.url}{reverse('cases:acknowledge', args=[cases[0].reference])}")
    desk.get_by_label("The customer did not say what they want", exact=True).check()
    desk.get_by_label("For all of it", exact=True).check()
    desk.get_by_role("button", name="Preview", exact=True).click()
    desk.get_by_role("heading", name="Nothing is recorded yet").wait_for()
    preview = on_paper(desk)

    assert [each.reference for each in cases if each.reference not in queue] == []
    assert "Showing 1 to 4 of 4 complaints" in queue
    assert "Open" in dashboard
    assert "No answers in these days" in boards[0]
    assert "What complaints were about" in boards[1]
    assert "At risk in the next five working days" in boards[2]
    assert acknowledged.reference in page
    assert "The lift has been out of order" in sheet
    assert "Dear " in posted
    assert "Dear Agnes" in preview
    # What stands beyond the edge is found.
    desk.emulate_media(media="print")
    desk.evaluate("document.querySelector('main h1').style.width = '2000px'")
    assert any("<h1" in each for each in desk.evaluate(CUT))
