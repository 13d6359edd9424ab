"""What it takes to log a complaint: by the public form, and by staff on the telephone."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.client import HTTPResponse

from django.db.models import F
from django.urls import reverse

from complaints_site.tests.bench.measures import Figure, Goal, timed
from complaints_site.tests.bench.pages import ALL_THREADS, THREADS, session_of, warming
from complaints_site.tests.bench.serving import Browser, Server, queries_of, sql_of
from complaints_site.tests.bench.work import Work
from feedback.models import Draft, State, Submission
from feedback.tests.factories import COMPLAINT, by_page

Sent = tuple[float, HTTPResponse]
LOGGING = Goal(ratio=30)
CHECK = "/let-us-know/check/"
KEY = re.compile(r'name="key" value="([^"]+)"')


def measure_form(server: Server, *, times: int, floor: float) -> Figure:
    """Return what sending the public form takes: the last button, which stores everything."""
    together = times + warming(times, ALL_THREADS)
    ready = [(_filled(server.port, number), number) for number in range(together)]
    keys = dict(Draft.objects.values_list("answers__about-you__email__0", "key"))

    def send(browser: Browser, number: int, *, is_counted: bool = False) -> Sent:
        key = keys[f"caller{number}@example.org"]
        return browser.send(CHECK, {"key": key}, is_counted=is_counted)

    figure = _measured("logging by the public form", server, ready, send, times=times, floor=floor)
    held = Submission.objects.exclude(state=State.ACCEPTED.value).count()
    if held:
        raise RuntimeError(f"{held} forms were held as if they were abuse.")
    return figure


def _measured(
    what: str,
    server: Server,
    ready: list[tuple[Browser, int]],
    send: Callable[..., Sent],
    *,
    times: int,
    floor: float,
) -> Figure:
    """Send what is ready, all but the last `times` to warm up, and return what those took."""
    before = len(ready) - times
    work = Work(server.workers)
    for each in ready[: before - 1]:
        send(*each)
    # Once it is warm: what the queries take then, and the page to which it leads.
    browser, number = ready[before - 1]
    _, answer = send(browser, number, is_counted=True)
    _, page = browser.ask("GET", answer.headers["Location"])
    waiting = iter(ready[before:])
    taken: list[float] = []
    spent = work.of(lambda: taken.append(send(*next(waiting))[0]), times=times)
    return Figure(
        what,
        **timed(taken),
        work=spent,
        floor=floor,
        sql=sql_of(answer),
        queries=queries_of(answer),
        size=len(page),
        goal=LOGGING,
    )


def _filled(port: int, number: int) -> Browser:
    """Return the browser of somebody who has filled in the form, each from another network."""
    browser = Browser(port, address=f"198.51.{number // 200}.{number % 200 + 1}")
    browser.ask("GET", "/let-us-know/kind/")
    for code, answers in _told(number):
        browser.send(f"/let-us-know/{code}/", {"do": "continue", **answers})
    # It takes people some minutes; a form that took none looks like abuse.
    Draft.objects.update(began_at=F("began_at") - timedelta(minutes=5))
    return browser


def _told(number: int) -> Iterator[tuple[str, dict[str, str]]]:
    for code, answers in by_page(COMPLAINT).items():
        own = {}
        if code == "about-you":
            own = {
                "name": f"Person Number{number}",
                "email": f"caller{number}@example.org",
                "phone": f"01632 {960_000 + number}",
                "address": f"{number} Quay House",
            }
        if code == "what-happened":
            own = {"words": f"{answers['words']} This has happened {number + 1} times."}
        yield code, {**answers, **own}


def measure_desk(server: Server, adviser: int, *, times: int, today: date, floor: float) -> Figure:
    """Return what it takes to log what a new customer says on the telephone."""
    browser = Browser(server.port, session_of(adviser))
    path = reverse("cases:log")
    place = {
        "area": _first_offered(browser, path, "area"),
        "about": _first_offered(browser, path, "about"),
    }
    together = times + warming(times, THREADS)
    keys = [_key(browser, path) for _ in range(together)]

    def send(desk: Browser, number: int, *, is_counted: bool = False) -> Sent:
        fields = {"key": keys[number], **place, **_said(number, today)}
        return desk.send(path, fields, is_counted=is_counted)

    ready = [(browser, number) for number in range(together)]
    return _measured("logging by staff", server, ready, send, times=times, floor=floor)


def _key(browser: Browser, path: str) -> str:
    _, content = browser.ask("GET", path)
    found = KEY.search(content.decode())
    if found is None:
        raise RuntimeError("The page for logging has no key.")
    return found[1]


def _first_offered(browser: Browser, path: str, name: str) -> str:
    """Return the first choice of a list on the page, or nothing where there is none."""
    _, content = browser.ask("GET", path)
    select = content.decode().partition(f'name="{name}"')[2].partition("</select>")[0]
    return next((value for value in re.findall(r'value="([^"]*)"', select) if value), "")


def _said(number: int, today: date) -> dict[str, str]:
    return {
        "customer": "new",
        "name": f"Caller Distinct{number}",
        "category": "tenant",
        "phone": f"0151 496 {number:04}",
        "address": f"{number} Chandlers Row",
        "postcode": f"HB27 {number % 10}C{'ABDEFGHJLN'[number // 10 % 10]}",
        "preferred_channel": "phone",
        "letter_format": "standard",
        "speaks": "self",
        "received_day": str(today.day),
        "received_month": str(today.month),
        "received_year": str(today.year),
        "channel": "phone",
        "words": f"The lift has been out for {number + 1} days and nobody comes.",
        "level": "normal",
        "ends": "complaint",
    }
