"""How soon a page stands on a slow telephone: its largest part, and what moves afterwards.

Chromium makes the network and the processor as slow as they are there; beginning a connection
takes longer still in life.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, sync_playwright

from complaints_site.tests.bench.measures import Figure, Goal
from complaints_site.tests.bench.pages import Opened, session_of
from complaints_site.tests.bench.serving import HOST, Server
from complaints_site.tests.browser import ARGUMENTS
from complaints_site.tests.chromium import chromium

TIMES = 3
# Of a telephone: pixels, and how much slower its processor is than this one.
WIDTH, HEIGHT, SLOWER = 390, 844, 4
# What moves on a page once it stands, as a share of the window times that of the way.
MOVED = 0.02
WATCH = """
    window.largest = 0; window.moved = 0;
    new PerformanceObserver(list => {
        for (const each of list.getEntries()) window.largest = each.startTime;
    }).observe({type: 'largest-contentful-paint', buffered: true});
    new PerformanceObserver(list => {
        for (const each of list.getEntries()) window.moved += each.value;
    }).observe({type: 'layout-shift', buffered: true});
"""
SETTLED = """
    new Promise(done => {
        const look = () => window.largest ? done([window.largest, window.moved])
            : setTimeout(look, 50);
        setTimeout(look, 200);
    })
"""


@dataclass(frozen=True, slots=True)
class Network:
    """A network: milliseconds there and back, and bits in a second."""

    name: str
    latency: int
    bits: int


SLOW = Network("slow 3G", 400, 400_000)
USUAL = Network("usual 4G", 150, 1_600_000)
# For whom a page is, and within how many milliseconds its largest part stands there.
PUBLIC = {SLOW: 2_500, USUAL: 1_200}
STAFF = {SLOW: 2_800, USUAL: 1_300}
DASHBOARD = {SLOW: 3_000, USUAL: 1_500}


def measure(server: Server, pages: Sequence[Opened], *, times: int) -> Iterator[Figure]:
    """Yield how soon some pages stand there on a telephone; nothing without Chromium.

    A bench of a few opens one of them, once.
    """
    chosen = {page.what: page for page in pages}
    asked = [
        ("public form, first page", PUBLIC),
        ("my work, officer", STAFF),
        ("queue, open, coordinator", STAFF),
        ("case, the longest", STAFF),
        ("dashboard, manager", DASHBOARD),
    ]
    if times < TIMES:
        asked, times = asked[:1], 1
    with launched() as browser:
        for what, goals in asked if browser else ():
            page = chosen[what]
            cookies = session_of(page.person)
            for network, most in goals.items():
                seen = [
                    opened(browser, server.port, page.path, cookies, network)
                    for _ in range(min(times, TIMES))
                ]
                soon = median(each.largest for each in seen)
                yield Figure(f"on {network.name}: {what}", soon, goal=Goal(most=most))
                if network is SLOW:
                    moved = max(each.moved for each in seen)
                    yield Figure(f"how much moves: {what}", moved, "", goal=Goal(most=MOVED))


@contextmanager
def launched() -> Iterator[Browser | None]:
    """Start Chromium; give nothing where there is none."""
    path = chromium()
    if not path:
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[*ARGUMENTS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
        )
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Seen:
    """A page that was opened: when its largest part was there, how much moved, what it weighs.

    `largest` in milliseconds; `weight` in bytes as they come over the line, without their headers.
    """

    largest: float
    moved: float
    weight: int


def opened(
    browser: Browser, port: int, path: str, cookies: Mapping[str, str], network: Network
) -> Seen:
    """Open a page as the first of a visit."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        extra_http_headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"},
    )
    home = f"http://{HOST}:{port}"
    context.add_cookies(
        [{"name": name, "value": value, "url": home} for name, value in cookies.items()]
    )
    context.add_init_script(WATCH)
    window = context.new_page()
    tools = context.new_cdp_session(window)
    tools.send("Network.enable")
    tools.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": network.latency,
            "downloadThroughput": network.bits / 8,
            "uploadThroughput": network.bits / 8,
        },
    )
    tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    sizes = _sizes(tools)
    answer = window.goto(f"{home}{path}", wait_until="load")
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{path} was not opened.")
    largest, moved = window.evaluate(SETTLED)
    context.close()
    return Seen(float(largest), float(moved), int(sum(sizes.values())))


def _sizes(tools: CDPSession) -> dict[str, float]:
    """Return what is filled while a page comes: the bytes of each answer, without its headers."""
    heads: dict[str, float] = {}
    sizes: dict[str, float] = {}

    def begun(event: dict[str, Any]) -> None:
        heads[event["requestId"]] = event["response"]["encodedDataLength"]

    def ended(event: dict[str, Any]) -> None:
        name = event["requestId"]
        sizes[name] = event["encodedDataLength"] - heads.get(name, 0)

    tools.on("Network.responseReceived", begun)
    tools.on("Network.loadingFinished", ended)
    return sizes
