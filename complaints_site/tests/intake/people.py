"""People who send the public form over HTTP while the servers are being killed, and never give up.

Each sends one form: page by page, a file, and the button. Whatever is not answered is sent again as
it was. What was answered is remembered, to be looked for afterwards.
"""

import hashlib
import http.client
import random
import re
import secrets
import threading
import time
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from urllib.parse import urlencode

PATIENCE_SECONDS = 90
TIMEOUT_SECONDS = 15
BOUNDARY = "form-of-the-tests"
KEY = re.compile(r'name="key" value="([0-9a-f]{32})"')
LOG_KEY = re.compile(r'name="key" value="([\w-]{20,64})"')
REFERENCE = re.compile(r"/complaints/([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z])/")
CSRF = "c" * 32
CHECK = "/let-us-know/check/"
# What a browser keeps: whose draft it is, and whose visit.
KEPT = ("let_us_know", "my_complaint")


class GaveUp(Exception):
    """No answer came in all that time."""


@dataclass
class Sent:
    """What one person sent, and the references they were told, in the order of the answers.

    `sha256` is of the file they sent; what a colleague logged has none. `took` has the seconds of
    each request that was answered.
    """

    number: int
    words: str
    sha256: str = ""
    references: list[str] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    tries: int = 0
    took: list[float] = field(default_factory=list)


@dataclass
class Person:
    """Somebody with a browser that keeps its cookies and sends again what was not answered.

    They give up after `patience` seconds without an answer.
    """

    # How often somebody presses the button once more though they had the answer.
    doubt: ClassVar[float] = 0.2

    port: int
    number: int
    rng: random.Random
    patience: float = PATIENCE_SECONDS

    def __post_init__(self) -> None:
        story = f"Form {self.number}: the lift is out of order. {secrets.token_hex(8)}"
        self.file = b"%PDF-1.7\n" + self.rng.randbytes(2_000)
        self.sent = Sent(self.number, story, hashlib.sha256(self.file).hexdigest())
        self.cookies = {"csrftoken": CSRF}
        self.email = f"person{self.number}@example.org"
        self.brings_file = True
        self.key = ""
        high, low = divmod(self.number, 250)
        self.headers = {
            "X-Forwarded-For": f"10.1.{high}.{low + 1}",
            "X-Forwarded-Proto": "https",
            "Origin": f"https://127.0.0.1:{self.port}",
            "Connection": "close",
        }

    def tell(self) -> Sent:
        """Send the form until its reference is known, and at times once more to be sure."""
        self._fill()
        self._send()
        if self.rng.random() < self.doubt:
            self._send()
        return self.sent

    def _fill(self) -> None:
        """Answer what must be answered; the other pages may stay empty (decision 91)."""
        pages = {
            "kind": {"kind": "complaint"},
            "for-whom": {"for_whom": "me"},
            "what-happened": {"words": self.sent.words},
            "staff": {"about_staff": "no"},
            "about-you": {
                "name": f"Person {self.number}",
                "email": self.email,
            },
        }
        for code, answers in pages.items():
            self._until(302, "POST", f"/let-us-know/{code}/", urlencode({**self._csrf, **answers}))
        self._until(302, "POST", "/let-us-know/files/", self._upload(do="continue"), is_upload=True)

    @property
    def _csrf(self) -> dict[str, str]:
        return {"csrfmiddlewaretoken": CSRF}

    def _upload(self, **answers: str) -> bytes:
        """Return the body of a form with these answers and, if they bring one, the file."""
        parts = "".join(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {**self._csrf, **answers}.items()
        )
        if not self.brings_file:
            return f"{parts}--{BOUNDARY}--\r\n".encode()
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="uploads"; '
            f'filename="letter-{self.number}.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
        )
        return (parts + head).encode() + self.file + f"\r\n--{BOUNDARY}--\r\n".encode()

    def _send(self) -> None:
        """Press the button on the page with all answers, until the receipt comes."""
        self.key = self.key or self._read_key()
        body = {**self._csrf, "key": self.key, "fax_number": ""}
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            answers = self._press(CHECK, urlencode(body))
            for status, location, _ in answers:
                if status == 302 and "?asked=" in location:
                    body["confirmed"] = "yes"
                if status == 302 and "/sent/" in location:
                    self.sent.references.append(location.rstrip("/").rsplit("/", 1)[-1])
            leads = [location for status, location, _ in answers if status == 302]
            if any("/sent/" in location for location in leads):
                return
            if CHECK in leads:
                # A file that was sent once more came late: the page shows it, with a new key.
                body["key"] = self.key = self._read_key()
            if not any(status for status, _, _ in answers):
                time.sleep(0.2)
        raise GaveUp(f"Form {self.number} was never answered.")

    def _read_key(self) -> str:
        _, _, page = self._until(200, "GET", CHECK, "")
        found = KEY.search(page)
        if found is None:
            raise GaveUp(f"The page of form {self.number} has no key.")
        self.sent.keys.add(found[1])
        return found[1]

    def _press(
        self, path: str, body: str | bytes, *, is_upload: bool = False
    ) -> list[tuple[int, str, str]]:
        """Send the form, by a double click at times; an answer that did not come is all empty."""
        clicks = 2 if self.rng.random() < 0.2 else 1
        answers: list[tuple[int, str, str]] = []

        def click() -> None:
            answers.append(self._once("POST", path, body, is_upload=is_upload))

        threads = [threading.Thread(target=click) for _ in range(clicks)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def _until(
        self, wanted: int, method: str, path: str, body: str | bytes, *, is_upload: bool = False
    ) -> tuple[int, str, str]:
        """Send a request again and again until it is answered as it should be."""
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            answer = self._once(method, path, body, is_upload=is_upload)
            if answer[0] == wanted:
                return answer
            if answer[0] == 404 and not path.endswith("/kind/"):
                # The answer that had the cookie was lost: the draft is not ours.
                raise GaveUp(f"Form {self.number} found nothing at {path}.")
            time.sleep(0.2)
        raise GaveUp(f"Form {self.number} was not answered at {path}.")

    def _once(
        self, method: str, path: str, body: str | bytes, *, is_upload: bool = False
    ) -> tuple[int, str, str]:
        """Send one request; return status, where it leads and the page, all empty for no answer."""
        self.sent.tries += 1
        kind = "application/x-www-form-urlencoded"
        if is_upload:
            kind = f"multipart/form-data; boundary={BOUNDARY}"
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=TIMEOUT_SECONDS)
        began = time.monotonic()
        try:
            connection.request(
                method, path, body, {**self.headers, "Cookie": cookies, "Content-Type": kind}
            )
            response = connection.getresponse()
            page = response.read().decode()
        except (OSError, http.client.HTTPException):
            return 0, "", ""
        finally:
            connection.close()
        self.sent.took.append(time.monotonic() - began)
        for header in response.msg.get_all("Set-Cookie") or ():
            name, _, value = header.partition(";")[0].partition("=")
            if name in KEPT:
                self.cookies[name] = value
        return response.status, response.headers.get("Location", ""), page


@dataclass
class Colleague(Person):
    """Somebody at the telephone who logs what a caller says, and presses again until it is there.

    `session` is the cookie that shows who they are.
    """

    session: tuple[str, str] = ("", "")
    received_on: date = date.min

    def __post_init__(self) -> None:
        super().__post_init__()
        story = f"Call {self.number}: the lift is out of order. {secrets.token_hex(8)}"
        self.sent = Sent(self.number, story)
        self.cookies |= dict([self.session])

    def _fill(self) -> None:
        """Open the page for logging, which has the key."""
        _, _, page = self._until(200, "GET", "/log/", "")
        found = LOG_KEY.search(page)
        if found is None:
            raise GaveUp(f"The page of call {self.number} has no key.")
        self.sent.keys.add(found[1])

    def _send(self) -> None:
        """Press the button until the page comes that says what was logged."""
        [key] = self.sent.keys
        said = {
            "key": key,
            **{"customer": "new", "name": f"Caller {self.number}", "category": "tenant"},
            **{"phone": f"0151 496 {self.number:04}", "address": f"{self.number} Dock Road"},
            **{"letter_format": "standard", "speaks": "self", "channel": "phone"},
            "received_day": str(self.received_on.day),
            "received_month": str(self.received_on.month),
            "received_year": str(self.received_on.year),
            **{"words": self.sent.words, "level": "normal", "ends": "complaint"},
        }
        _, logged, _ = self._until(302, "POST", "/log/", urlencode({**self._csrf, **said}))
        _, _, page = self._until(200, "GET", logged, "")
        found = REFERENCE.search(page)
        if found is None:
            raise GaveUp(f"The page of what was logged by call {self.number} names no complaint.")
        self.sent.references.append(found[1])
