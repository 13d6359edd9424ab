"""What every public page weighs, what it asks for, and in which order it is read without styles.

The budget is that of a slow, cheap telephone. How soon the largest part stands there is measured
by `make bench`, on the site as it is served in production.
"""

import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache as remembered
from pathlib import Path

import pytest
import time_machine
from django.conf import settings as site
from django.core.cache import cache
from django.urls import reverse
from django.utils import translation
from playwright.sync_api import Page, Request, Response

from complaints_site.tests.browser import Window
from complaints_site.tests.permissions.world import NOW, World, build_world
from complaints_site.tests.test_every_page import PAGES, part_of, thing_for
from complaints_site.tests.walking import Walk
from feedback.tests.factories import COMPLAINT, Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
    pytest.mark.timeout(900),
]

KILOBYTE = 1024
WIDTH = 390
MOST_BYTES, MOST_REQUESTS, MOST_SHIFT = 40 * KILOBYTE, 6, 0.02
MOST_HTML = 40 * KILOBYTE
MOST_MILLISECONDS = 200
# What a browser does not ask for again soon.
KEPT = re.compile(r"max-age=[1-9]")
# 400 ms there and back, 400 kbit/s, a processor of a quarter of the speed.
SLOW = {"offline": False, "latency": 400, "downloadThroughput": 5e4, "uploadThroughput": 5e4}
# One page of the form of each kind, and the longest.
STEPS_WEIGHED = (
    *("kind", "what-happened", "staff", "about-you", "who-you-are", "safe", "call-back", "files"),
)
# Those that most people open first, over a slow line.
FIRST = ("/let-us-know/", "/cy/let-us-know/", "/cy/track/")
# Notes from the first moment on what moves, and what keeps the page busy.
WATCH = """
window.moved = 0; window.busy = 0;
new PerformanceObserver((list) => list.getEntries()
  .filter((each) => !each.hadRecentInput).forEach((each) => { window.moved += each.value }))
  .observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => list.getEntries()
  .forEach((each) => { window.busy = Math.max(window.busy, each.duration) }))
  .observe({ type: "longtask", buffered: true });
"""
# What comes late moves a page too: two pictures are drawn first.
SETTLED = """() => new Promise((tell) => requestAnimationFrame(() => requestAnimationFrame(
  () => setTimeout(() => tell([window.moved, window.busy]), 50))))"""
# What is read in another order than it stands in: with styles what lies above something before it;
# without them what is asked before its words, and what is wider than the window.
ORDER = """() => {
  const found = []
  const words = (each) => (each.textContent || each.value || "").trim().slice(0, 40)
  const name = (each) => `${each.tagName} ${words(each)}`
  const asked = "input:not([type=hidden]), select, textarea"
  const read = `h1, h2, h3, legend, label, p, li, button, ${asked}`
  const shown = [...document.querySelectorAll(`main :is(${read})`)]
    .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height > 1
      && !each.closest(".govuk-visually-hidden"))
  shown.reduce((before, each) => {
    const [one, other] = [before.getBoundingClientRect(), each.getBoundingClientRect()]
    if (!before.contains(each) && other.bottom <= one.top - 1) {
      found.push(`${name(each)} is drawn above ${name(before)}`)
    }
    return each
  }, shown[0] ?? document.body)
  const sheets = [...document.styleSheets]
  sheets.forEach((each) => { each.disabled = true })
  const first = document.querySelector("h1")
  for (const each of document.querySelectorAll(`main :is(${asked})`)) {
    const label = each.matches("[type=radio], [type=checkbox]")
      ? each.closest("fieldset")?.querySelector("legend") : each.labels[0]
    if (label && !(label.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING)) {
      found.push(`${each.name} stands before its words`)
    }
    if (first && !(first.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING)) {
      found.push(`${each.name} stands before the heading`)
    }
  }
  const skip = document.querySelector("a, button, input:not([type=hidden])")
  // In a frame on another site there is nothing to be passed.
  if (document.querySelector("header") && !skip?.getAttribute("href")?.startsWith("#")) {
    found.push(`${skip && name(skip)} comes before the way past all of it`)
  }
  for (const each of document.querySelectorAll("svg, img")) {
    if (each.getBoundingClientRect().width > innerWidth) {
      found.push(`${name(each)} is wider than the window without styles`)
    }
  }
  sheets.forEach((each) => { each.disabled = false })
  return found
}"""


@dataclass(frozen=True, slots=True)
class Public:
    """A public page, and the browser in which it is open."""

    name: str
    path: str
    cookies: dict[str, str] = field(default_factory=dict)


def public_pages(world: World, tag: str) -> Iterator[Public]:
    """Yield every public page of the matrix and of the form in a language, filled in."""
    with translation.override(tag or site.LANGUAGE_CODE):
        for row in PAGES:
            if part_of(row) == "public" and not row.url.startswith("cases:"):
                thing = thing_for(world, row)
                yield Public(row.url, reverse(row.url, args=thing.args), thing.cookies)
        visitor = Visitor(prefix=f"/{tag}" if tag else "")
        visitor.fill(COMPLAINT)
        cookies = {name: each.value for name, each in visitor.client.cookies.items()}
        for step in STEPS_WEIGHED:
            yield Public(step, reverse("feedback:step", args=[step]), cookies)
        yield Public("all answers", reverse("feedback:check"), cookies)


@pytest.fixture
def clock(settings, tmp_path) -> Iterator[None]:
    """Stop the clock on the day of the world."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        cache.clear()
        yield
    cache.clear()


@pytest.mark.parametrize("tag", ["", "cy"])
def test_every_public_page_is_light_stays_where_it_is_and_reads_in_its_order(
    open_window: Window, live_server, built_assets: Path, clock, db, tag: str
):
    walk = Walk(open_window(width=WIDTH), live_server.url)
    walk.page.add_init_script(WATCH)
    # Every page is asked for with all that belongs to it, as if it were the first.
    forget = walk.page.context.new_cdp_session(walk.page)
    forget.send("Network.enable")
    forget.send("Network.setCacheDisabled", {"cacheDisabled": True})
    found: list[str] = []
    for public in public_pages(build_world(), tag):
        cache.clear()
        walk.carry(public.cookies)
        opened = Opened(walk.page, live_server.url, public.path)
        found += [f"{public.name}: {each}" for each in opened.too_much(built_assets)]
        found += [f"{public.name}: {each}" for each in walk.page.evaluate(ORDER)]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("path", FIRST)
def test_a_page_is_as_light_over_a_slow_line_and_the_second_time_asks_for_itself_alone(
    open_window: Window, live_server, built_assets: Path, clock, house, path: str
):
    page = open_window(width=WIDTH)
    page.add_init_script(WATCH)
    slow_down(page)

    cold = Opened(page, live_server.url, path, until="networkidle")
    again = Opened(page, live_server.url, path, until="networkidle")

    assert [*cold.too_much(built_assets)] == []
    assert again.fetched_anew == []


@pytest.mark.long
def test_no_public_page_keeps_a_slow_telephone_busy(
    open_window: Window, live_server, built_assets: Path, clock, db
):
    found = []
    for public in public_pages(build_world(), ""):
        cache.clear()
        page = open_window(width=WIDTH)
        page.add_init_script(WATCH)
        slow_down(page)
        Walk(page, live_server.url).carry(public.cookies)
        opened = Opened(page, live_server.url, public.path, until="networkidle")
        found += [f"{public.name}: {each}" for each in opened.too_much(built_assets)]
        if opened.busy > MOST_MILLISECONDS:
            found.append(f"{public.name}: busy for {opened.busy:.0f} ms")
        page.context.close()

    assert not found, "\n".join(found)


UPSIDE_DOWN = """() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync("form { display: flex !important; flex-direction: column-reverse !important }")
  document.adoptedStyleSheets = [sheet]
}"""


def test_the_proof_sees_a_page_that_is_drawn_upside_down(open_window: Window, live_server, house):
    page = open_window(width=WIDTH)
    page.goto(f"{live_server.url}/track/")
    assert page.evaluate(ORDER) == []

    page.evaluate(UPSIDE_DOWN)

    assert any("is drawn above" in each for each in page.evaluate(ORDER))


def slow_down(page: Page) -> None:
    """Let a page come over a slow line to a slow machine."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})


class Opened:
    """A page that was opened: what it asked for, and what moved and was busy meanwhile."""

    def __init__(self, page: Page, url: str, path: str, *, until: str = "load") -> None:
        self.url, self.home = f"{url}{path}", url
        self.asked: list[str] = []
        self.answers: list[Response] = []
        ask, answer = self._ask, self._answer
        page.on("request", ask)
        page.on("response", answer)
        document = page.goto(self.url, wait_until=until)  # type: ignore[arg-type]
        self.moved, self.busy = page.evaluate(SETTLED)
        page.remove_listener("request", ask)
        page.remove_listener("response", answer)
        assert document is not None
        self.status = document.status
        self.html = document.body() if self.status == 200 else b""

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def _answer(self, response: Response) -> None:
        self.answers.append(response)

    @property
    def fetched_anew(self) -> list[str]:
        """Return what a browser fetches each time that it opens the page, besides the page.

        The files of `static` have names of their own in production, and are kept for good there.
        """
        return [
            each.url
            for each in self.answers
            if "/static/" not in each.url
            and not each.request.is_navigation_request()
            and not KEPT.search(each.headers.get("cache-control", ""))
        ]

    def too_much(self, assets: Path) -> Iterator[str]:
        """Yield in what it is more than it may be."""
        if self.status != 200:
            yield f"answers {self.status}"
            return
        yield from (f"asks {each}" for each in self.asked if not each.startswith(self.home))
        yield from (f"asks each time {each}" for each in self.fetched_anew)
        if len(self.asked) > MOST_REQUESTS:
            yield f"{len(self.asked)} requests"
        others = [each for each in self.answers if not each.request.is_navigation_request()]
        size = len(gzip.compress(self.html)) + sum(weight(each, assets) for each in others)
        if size > MOST_BYTES:
            yield f"{size} bytes"
        if len(self.html) > MOST_HTML:
            yield f"{len(self.html)} bytes of HTML"
        if self.moved > MOST_SHIFT:
            yield f"moves by {self.moved}"


@remembered
def compressed(file: Path) -> int:
    """Return how many bytes a file takes as the server sends it."""
    return len(gzip.compress(file.read_bytes(), 9))


def weight(answer: Response, assets: Path) -> int:
    """Return how many bytes something that a page asked for takes."""
    if "/static/" in answer.url:
        return compressed(assets / answer.url.rsplit("/", 1)[-1])
    return len(answer.body())
