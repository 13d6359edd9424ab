"""How soon a page stands on a slow telephone: its largest part, and what moves afterwards.

Chromium makes the network and the processor as slow as they are there; beginning a connection
takes longer still in life.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from playwright.sync_api import Browser, sync_playwright

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
    path = chromium()
    if not path:
        return
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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path,
            args=[*ARGUMENTS, f"--host-resolver-rules=MAP {HOST} 127.0.0.1"],
        )
        for what, goals in asked:
            for network, most in goals.items():
                seen = [
                    _opened(browser, server.port, chosen[what], network)
                    for _ in range(min(times, TIMES))
                ]
                soon = median(largest for largest, _ in seen)
                yield Figure(f"on {network.name}: {what}", soon, goal=Goal(most=most))
                if network is SLOW:
                    moved = max(moved for _, moved in seen)
                    yield Figure(f"how much moves: {what}", moved, "", goal=Goal(most=MOVED))
        browser.close()


def _opened(browser: Browser, port: int, page: Opened, network: Network) -> tuple[float, float]:
    """Return when the largest part of a page was there, and how much moved."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        extra_http_headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.1"},
    )
    home = f"http://{HOST}:{port}"
    context.add_cookies(
        [
            {"name": name, "value": value, "url": home}
            for name, value in session_of(page.person).items()
        ]
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
    answer = window.goto(f"{home}{page.path}", wait_until="load")
    if answer is None or answer.status != 200:
        raise RuntimeError(f"{page.path} was not opened.")
    largest, moved = window.evaluate(SETTLED)
    context.close()
    return float(largest), float(moved)
