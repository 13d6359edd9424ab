"""The browser of the tests: Debian's Chromium, and windows of the sizes that matter.

A test that drives it is marked `browser` and uses `page`, `desk` (1280 pixels wide), `phone`
(320) or `open_window`; every page opened by them is watched for broken policies and missing
files.
"""

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from complaints_site.tests.accessibility import Witness
from complaints_site.tests.chromium import chromium
from complaints_site.tests.turns import TURN, transactions_in_turn

# Playwright keeps an event loop in the thread of the test, where the test uses the database.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

DESK = 1280
PHONE = 320
HEIGHT = 800
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# How long a page may take to show what is expected of it, on a machine that is busy.
PATIENCE = 60_000  # milliseconds
# Where a page asks who else is here.
HERE = re.compile(r"/here/(\?|$)")
# How WhiteNoise lets a browser keep files whose names tell what is in them.
KEEP = "max-age=315360000, public, immutable"
expect.set_options(timeout=PATIENCE)
Window = Callable[..., Page]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Launch the Chromium of the machine, without its services."""
    return {**browser_type_launch_args, "executable_path": chromium(), "args": ARGUMENTS}


@pytest.fixture(scope="session")
def built_assets() -> Path:
    """The folder of the style sheets and the script, which `npm run build` fills."""
    folder = Path(settings.BASE_DIR) / "static" / "build"
    if not (folder / "house.js").exists():
        pytest.fail("Run `npm ci && npm run build` first: static/build is empty.")
    # Where collectstatic would put them; the server warns when it is not there.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def live_server(django_db_setup: None, built_assets: Path, live_server: Any) -> Iterator[Any]:
    """The site, served to the browser with its style sheets and script.

    The database is there before it, so that it knows which one it serves. SQLite in memory has one
    connection for all threads: there two requests at once, a draft kept while the form is sent,
    would be one transaction, and so would be a request and what the test does itself. They take
    turns, as on files writers do.
    """
    served = live_server.thread.httpd
    site = served.get_app()
    shared = live_server.thread.connections_override.values()
    site = without_late_farewells(in_turn(site) if shared else site)
    served.set_app(keeping_files(site))
    with transactions_in_turn(shared):
        yield live_server


def in_turn(site: Callable[..., Any]) -> Callable[..., Any]:
    """Return a WSGI application that makes one answer at a time."""

    def answer(environ: Any, start_response: Any) -> Any:
        with TURN:
            return site(environ, start_response)

    return answer


# Set while a test looks at who else is here.
LOOKING = Event()


def without_late_farewells(site: Callable[..., Any]) -> Callable[..., Any]:
    """Return a WSGI application that nobody asks who else is here unless a test looks at that.

    Nobody waits for the answer, which is written down: it would meet the cookies of the next
    person, and that to the good-bye which a page says when it is left the database of the next
    test.
    """

    def answer(environ: Any, start_response: Any) -> Any:
        if HERE.search(environ["PATH_INFO"]) and not LOOKING.is_set():
            start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        return site(environ, start_response)

    return answer


def keeping_files(site: Callable[..., Any]) -> Callable[..., Any]:
    """Return a WSGI application whose style sheets and script a browser keeps, as in production.

    Otherwise each page asks for all of them again, and a third of what it takes goes into that.
    """

    def answer(environ: Any, start_response: Any) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            if status.startswith("200"):
                headers = [*headers, ("Cache-Control", KEEP)]
            return start_response(status, headers, *more)

        is_file = environ["PATH_INFO"].startswith(settings.STATIC_URL)
        return site(environ, start if is_file else start_response)

    return answer


def settled(page: Page) -> Page:
    """Return the page once its script has run, which is after what it says can be seen."""
    page.wait_for_load_state()
    return page


@pytest.fixture
def open_window(browser: Browser, built_assets: Path) -> Iterator[Window]:
    """A function that opens a window of a width, with JavaScript or without.

    Without, the site's script does not arrive: its policy allows no other, and the checks, which
    are scripts themselves, still run. The page carries its `Witness` as `page.witness`.

    Only with `looks_around` is a page told who else is here.

    A window that is watched on its way to the server, as by `page.route`, keeps no file: every
    request then goes through the test as well.
    """
    contexts = []

    def open_one(
        *, width: int = DESK, has_script: bool = True, looks_around: bool = False, **options: Any
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": HEIGHT},
            locale="en-GB",
            timezone_id="Europe/London",
            **options,
        )
        contexts.append(context)
        if not has_script:
            context.route("**/*.js", lambda route: route.abort())
        if looks_around:
            LOOKING.set()
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.witness = Witness(page)  # type: ignore[attr-defined]
        return page

    yield open_one
    LOOKING.clear()
    for context in contexts:
        context.close()


@pytest.fixture
def desk(open_window: Window) -> Page:
    """A page in a window as wide as a small desktop screen."""
    return open_window(width=DESK)


@pytest.fixture
def phone(open_window: Window) -> Page:
    """A page in a window as narrow as the smallest phone."""
    return open_window(width=PHONE)
