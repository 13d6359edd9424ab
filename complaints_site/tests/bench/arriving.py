"""What it takes to log a complaint: by the public form, and by staff on the telephone."""

from collections.abc import Iterator
from datetime import timedelta
from statistics import median

from django.db.models import F

from complaints_site.tests.bench.measures import Figure, Goal, timed
from complaints_site.tests.bench.pages import HELLO
from complaints_site.tests.bench.serving import Browser, queries_of
from feedback.models import Draft, State, Submission
from feedback.tests.factories import COMPLAINT

LOGGING = Goal(ratio=30)
CHECK = "/let-us-know/check/"


def measure_form(port: int, *, times: int) -> Figure:
    """Return what sending the public form takes: the last button, which stores everything."""
    taken, queries = [], 0
    for number in range(times + 3):
        browser = _filled(port, number)
        spent, answer = browser.send(
            CHECK, {"key": Draft.objects.latest("pk").key}, is_counted=number == 0
        )
        if number == 0:
            queries = queries_of(answer)
        elif number >= 3:
            taken.append(spent)
    held = Submission.objects.exclude(state=State.ACCEPTED.value).count()
    if held:
        raise RuntimeError(f"{held} forms were held as if they were abuse.")
    middle, high = timed(taken)
    return Figure(
        "logging by the public form",
        middle,
        high=high,
        floor=_hello(port, times),
        queries=queries,
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
    for code, answers in COMPLAINT.items():
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


def _hello(port: int, times: int) -> float:
    browser = Browser(port)
    for _ in range(10):
        browser.open(HELLO)
    return median(browser.open(HELLO) for _ in range(times))
