"""Many colleagues at browsers of their own, who send a form about one complaint at one moment."""

import html
import http.client
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from complaints_site.tests.installation import Hand, Installation
from complaints_site.tests.intake.site import Site

TIMEOUT_SECONDS = 60
CSRF = "c" * 32
TOLD = {"channel": "post"}


@dataclass
class Answer:
    """What the site answered one of them: a page, and what they had typed themselves, if any."""

    name: str
    act: str
    typed: str
    status: int = 0
    page: str = ""


@contextmanager
def served(installation: Installation) -> Iterator[tuple[Hand, int]]:
    """Serve an installation as production does, with a hand inside it; give that and the port."""
    site = Site(installation, None)
    site.start()
    try:
        site.wait_until_it_answers()
        yield installation.hand(), site.port
    finally:
        site.stop()


def send_at_once(
    port: int, acts: Sequence[str], complaint: dict[str, Any], seats: dict[str, Any]
) -> list[Answer]:
    """Let everybody send one of the acts, all from the same version of the page."""
    answers = [_begun(number, acts[number % len(acts)]) for number in range(len(seats["cookies"]))]
    start = threading.Barrier(len(answers))
    threads = [
        threading.Thread(target=_send, args=(port, answer, cookie, complaint, seats, start))
        for answer, cookie in zip(answers, seats["cookies"], strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def _begun(number: int, act: str) -> Answer:
    # Whom a complaint is given to is chosen, and nothing is typed.
    typed = "" if act == "assign" else f"Typed by contender {number}."
    return Answer(f"Contender {number}", act, typed)


def statuses(acts: Sequence[str], answers: Sequence[Answer]) -> str:
    """Return what was answered, for somebody who looks into a failure."""
    told = Counter((each.act, each.status) for each in answers)
    strange = next((each.page for each in answers if each.status not in (302, 409)), "")
    _, _, said = strange.partition("<main")
    return f"{acts}: {dict(told)} {said[:3000]}"


def _send(
    port: int,
    answer: Answer,
    cookie: str,
    complaint: dict[str, Any],
    seats: dict[str, Any],
    start: threading.Barrier,
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_SECONDS)
    body = urlencode(
        {
            "csrfmiddlewaretoken": CSRF,
            "seen": complaint["version"],
            **_filled_in(answer.act, answer.typed, seats),
        }
    )
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={CSRF}; sessionid={cookie}",
    }
    # Connected before the start, so that they meet in the site and not before it.
    connection.connect()
    start.wait()
    try:
        path = f"/complaints/{complaint['reference']}/{answer.act}/"
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        answer.status, answer.page = response.status, html.unescape(response.read().decode())
    except (OSError, http.client.HTTPException) as error:
        answer.page = repr(error)
    finally:
        connection.close()


def _filled_in(act: str, typed: str, seats: dict[str, Any]) -> dict[str, Any]:
    """Return the answers of a form, of which one is in somebody's own words."""
    year, month, day = seats["today"].split("-")
    on = {"on_day": day, "on_month": month, "on_year": year}
    return {
        "acknowledge": {
            **on, **TOLD, "new_1": "The lift stands.", "sought_unsaid": "on", "ours": "all",
            "letter": typed,
        },
        "refuse": {
            **on, **TOLD, "ground": "over_12_months", "evidence": "The file.", "letter": typed,
        },
        "withdraw": {**on, "channel": "none", "letter": "", "words": typed},
        "refer-elsewhere": {**on, **TOLD, "to": "asb", "reason": typed},
        "annul": {**on, "reason": typed},
        "assign": {**on, "officer": seats["officer"], "area": seats["area"]},
        "change-details": {
            **on, "category": "", "summary": typed, "desired_outcome": "", "reason": "Misheard.",
        },
        "extend": {**on, **TOLD, "by": "days", "days": "5", "reason": typed},
    }[act]  # fmt: skip
