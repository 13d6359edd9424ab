"""The public pages in other languages as people use them: narrow, enlarged, set apart, turned."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page

from complaints_site.tests.browser import PHONE, Window
from complaints_site.tests.languages.pseudo import accented
from complaints_site.tests.permissions.world import World, build_world
from complaints_site.tests.test_every_page import NEVER_WRONG, PAGES, thing_for
from complaints_site.tests.walking import Walk
from feedback.tests.factories import COMPLAINT, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
    pytest.mark.timeout(600),
]

# One page of every kind that there is.
LOOKED_AT = (
    "feedback:start",
    "feedback:small-form",
    "feedback:procedure",
    "feedback:paper",
    "feedback:you-said",
    "feedback:check",
    "feedback:sent",
    "feedback:formats",
    "feedback:track",
    "feedback:track-code",
    "feedback:tracked",
    "feedback:tracked-add",
    "feedback:tracked-next-stage",
    "feedback:tracked-wishes",
    "feedback:tracked-speaker",
    "feedback:tracked-withdraw",
    "feedback:consent",
    "feedback:asked",
    "feedback:survey",
    "reporting:code",
    "reporting:complaints-report",
)
# Those whose weight is measured behind a proof, or as they are read most.
WEIGHED = (
    "feedback:procedure",
    "feedback:sent",
    "feedback:tracked",
    "feedback:tracked-wishes",
)
LEFTWARD = "ar"
KILOBYTE = 1024
MOST_BYTES, MOST_REQUESTS, MOST_SHIFT = 40 * KILOBYTE, 6, 0.02
MOST_HTML = 40 * KILOBYTE
# 400 ms there and back, 400 kbit/s, a processor of a quarter of the speed.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 5e4, "uploadThroughput": 5e4}
SHIFTS = """() => new Promise((tell) => new PerformanceObserver((list) => tell(
  list.getEntries().filter((each) => !each.hadRecentInput)
    .reduce((sum, each) => sum + each.value, 0)
)).observe({ type: "layout-shift", buffered: true }) || setTimeout(() => tell(0), 500))"""


def look_at_all(walk: Walk, world: World, tag: str) -> None:
    """Look at the pages in a language, filled in and with mistakes."""
    rows = {row.url: row for row in PAGES}
    for name in LOOKED_AT:
        thing = thing_for(world, rows[name])
        walk.carry(thing.cookies)
        with translation.override(tag):
            path = reverse(name, args=thing.args)
        walk.visit(name, path, spoils=name not in NEVER_WRONG)
    visitor = Visitor(prefix=f"/{tag}")
    visitor.fill(COMPLAINT)
    walk.carry({name: each.value for name, each in visitor.client.cookies.items()})
    for step in ("files", "about-you", "what-happened"):
        path = f"/{tag}/let-us-know/{step}/"
        walk.visit(step, path, spoils=step != "files")


def test_people_can_use_the_pages_in_welsh(open_window: Window, live_server, clock, db):
    walk = Walk(open_window(), live_server.url, error="Gwall: ", spaces=True)

    look_at_all(walk, build_world(), "cy")

    assert not walk.report(), walk.report()


def test_people_can_use_the_pages_in_a_language_that_runs_to_the_left(
    open_window: Window, live_server, clock, db, speak: Callable[[str], None]
):
    world = build_world()
    speak(LEFTWARD)
    walk = Walk(open_window(), live_server.url, error=accented("Error: "), spaces=True)

    look_at_all(walk, world, LEFTWARD)

    assert not walk.report(), walk.report()


def test_a_page_that_runs_to_the_left_begins_at_the_right(
    open_window: Window, live_server, clock, house, speak: Callable[[str], None]
):
    speak(LEFTWARD)
    page = open_window(width=PHONE)

    page.goto(f"{live_server.url}/{LEFTWARD}/let-us-know/kind/")

    assert page.locator("html").get_attribute("dir") == "rtl"
    circle = page.locator("input[type=radio]").first.bounding_box()
    words = page.locator(".govuk-radios__label").first.bounding_box()
    assert circle
    assert words
    assert circle["x"] > PHONE / 2
    assert words["x"] + words["width"] <= circle["x"] + circle["width"]


@pytest.mark.parametrize("path", ["/let-us-know/", "/cy/let-us-know/", "/cy/track/"])
def test_a_public_page_is_light_and_stays_where_it_is(
    open_window: Window, live_server, built_assets: Path, clock, house, path: str
):
    page = open_window(width=390)
    slow_down(page)

    assert not too_much(page, live_server.url, path, built_assets, {})


def test_pages_behind_a_proof_and_of_information_are_as_light(
    open_window: Window, live_server, built_assets: Path, clock, db
):
    world, rows = build_world(), {row.url: row for row in PAGES}
    found = []
    for name in WEIGHED:
        thing = thing_for(world, rows[name])
        # A window of its own: nothing is kept from the page before.
        page = open_window(width=390)
        slow_down(page)
        Walk(page, live_server.url).carry(thing.cookies)
        path = reverse(name, args=thing.args)
        found += too_much(page, live_server.url, path, built_assets, thing.cookies)
        page.context.close()

    assert not found, found


def slow_down(page: Page) -> None:
    """Let a page come over a slow line to a slow machine."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


def too_much(page: Page, url: str, path: str, assets: Path, cookies: dict[str, str]) -> list[str]:
    """Return in what a page is more than it may be: requests, bytes, or shifting about."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    # What comes late moves a page too: nothing has been asked for half a second then.
    answer = page.goto(f"{url}{path}", wait_until="networkidle")
    if answer is None or answer.status != 200:
        return [f"{path} is not shown"]
    far = [f"{path} asks {each}" for each in asked if not each.startswith(url)]
    size, shift = weight(path, asked, assets, cookies), page.evaluate(SHIFTS)
    html = len(page.content().encode())
    return [
        *far,
        *([f"{path}: {len(asked)} requests"] if len(asked) > MOST_REQUESTS else []),
        *([f"{path}: {size} bytes"] if size > MOST_BYTES else []),
        *([f"{path}: {html} bytes of HTML"] if html > MOST_HTML else []),
        *([f"{path} shifts by {shift}"] if shift > MOST_SHIFT else []),
    ]


def weight(path: str, asked: list[str], assets: Path, cookies: dict[str, str]) -> int:
    """Return how many bytes a page takes with all it asks for, as a server compresses them."""
    client = Client(headers={"accept-encoding": "gzip"})
    client.cookies.load(cookies)
    bodies = [client.get(path).content]
    for url in asked[1:]:
        if "/static/" in url:
            bodies.append(gzip.compress((assets / url.rsplit("/", 1)[-1]).read_bytes(), 9))
        else:
            bodies.append(Client().get("/" + url.split("/", 3)[3]).content)
    return sum(len(each) for each in bodies)
