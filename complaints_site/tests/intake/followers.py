"""People who add to a complaint that is there already, while the servers are being killed.

Its customer comes in by a code, and adds words and a file; somebody who was asked a question
answers it by a link, with words and a file. Both press once more though they had the answer.
"""

import re
import secrets
import time
from dataclasses import dataclass
from urllib.parse import urlencode

from complaints_site.tests.intake.people import GaveUp, Person, Sent

FOLLOWED, ADDING = "/track/complaint/", "/track/complaint/add/"
PAGE_KEY = re.compile(r'name="page" value="([0-9a-f]{32})"')
SHOWN_FILE = re.compile(r'name="remove" value="([0-9a-f]{32})"')


@dataclass(frozen=True)
class Doors:
    """A complaint, and all by which somebody outside adds to it.

    `code` opens it once and `link` as often as it is wanted, as paths of this site; `question` is
    the path of a question that was asked about it.
    """

    reference: str
    code: str
    link: str
    question: str


NOWHERE = Doors("", "", "", "")


@dataclass
class Added(Sent):
    """What somebody added to the complaint of that reference, and the kind of message that says so.

    Its `references` name the complaint once for each answer that said that it is there.
    """

    reference: str = ""
    tells: str = ""


@dataclass
class Adder(Person):
    """Somebody who adds words and a file, and presses again to be sure."""

    doubt = 1
    what, tells = "", ""

    doors: Doors = NOWHERE

    def __post_init__(self) -> None:
        super().__post_init__()
        words = f"{self.what} {self.number}: it is still out of order. {secrets.token_hex(8)}"
        self.sent = Added(
            self.number,
            words,
            self.sent.sha256,
            reference=self.doors.reference,
            tells=self.tells,
        )

    def _is_there(self) -> None:
        self.sent.references.append(self.doors.reference)


@dataclass
class Follower(Adder):
    """The customer, who follows the complaint by a code that came by post."""

    what, tells = "Addition", "from_customer"

    def _fill(self) -> None:
        """Come in, add the file, and look at the page, which shows it and has the key."""
        self._come_in()
        add = self._upload(words=self.sent.words, do="add")
        self._until(302, "POST", ADDING, add, is_upload=True)
        _, _, page = self._until(200, "GET", ADDING, "")
        found, files = PAGE_KEY.search(page), SHOWN_FILE.findall(page)
        if found is None or not files:
            raise GaveUp(f"The page of addition {self.number} has no key, or no file.")
        self.sent.keys.add(found[1])
        # An answer that never came let it be added once more: what is shown twice is taken out.
        for file in files[1:]:
            remove = {**self._csrf, "words": self.sent.words, "remove": file}
            self._until(302, "POST", ADDING, urlencode(remove))

    def _come_in(self) -> None:
        """Enter the code; if all dies, which may have used it up, take the link."""
        given = {**self._csrf, "reference": self.doors.reference, "code": self.doors.code}
        status, _, _ = self._once("POST", "/track/code/", urlencode(given))
        if status == 422:
            raise GaveUp(f"The code of addition {self.number} did not open the complaint.")
        if status != 302:
            self._until(302, "POST", self.doors.link, urlencode(self._csrf))

    def _send(self) -> None:
        """Press the button until the complaint is shown again."""
        [key] = self.sent.keys
        body = {**self._csrf, "page": key, "words": self.sent.words, "do": "send"}
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            answers = self._press(ADDING, urlencode(body))
            if any(status == 302 and leads == FOLLOWED for status, leads, _ in answers):
                self._is_there()
                return
            time.sleep(0.2)
        raise GaveUp(f"Addition {self.number} was never answered.")


@dataclass
class Asked(Adder):
    """Somebody who was asked a question. Once it is answered its link leads to a page that says so.

    That page is an answer too: whoever had none before and sees it takes it that theirs has come.
    """

    what, tells = "Answer", "information_answered"

    def _fill(self) -> None:
        """Open the question."""
        self._until(200, "GET", self.doors.question, "")

    def _send(self) -> None:
        """Press the button until it is said that the answer is there, or that the link was used."""
        body = self._upload(words=self.sent.words)
        end = time.monotonic() + self.patience
        while time.monotonic() < end:
            answers = self._press(self.doors.question, body, is_upload=True)
            if any(status in (302, 404) for status, _, _ in answers):
                self._is_there()
                return
            time.sleep(0.2)
        raise GaveUp(f"Answer {self.number} was never answered.")
