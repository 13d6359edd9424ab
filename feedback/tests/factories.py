"""Forms for tests: filled in like people do, and sent through the site itself.

The answers stand by what they are about. Each is sent on the page that asks it, and a page that may
stay empty is not sent: the form allows both.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from cases.rules.references import new_reference
from cases.tests.factories import CustomerFactory
from feedback.forms.journey import STEPS, Journey
from feedback.models import Draft, Remark, Submission

STORY = "The lift in Quay House has been out since Friday. Nobody tells us when it will work."
PNG = b"\x89PNG\r\n\x1a\n" + bytes(300)

COMPLAINT: dict[str, dict[str, Any]] = {
    "kind": {"kind": "complaint"},
    "for-whom": {"for_whom": "me"},
    "what-happened": {
        "words": STORY,
        "effect": "My mother cannot leave her flat.",
        "wanted": "Mend the lift, and say when.",
    },
    "staff": {"about_staff": "no"},
    "about-you": {
        "category": "tenant",
        "name": "Margaret Shaw",
        "address": "Flat 3, Quay House",
        "postcode": "hb1 2qh",
        "phone": "01632 960 555",
        "email": "margaret@example.org",
    },
    "contact": {"preferred": "post", "letter_format": "large_print", "needs": "Ring slowly"},
    "files": {},
}
COMPLIMENT: dict[str, dict[str, Any]] = {
    "kind": {"kind": "compliment"},
    "what-happened": {"words": "Dan came at once and was kind.", "regarding": "Dan, repairs"},
    "about-you": {"name": "Olu Ade", "address": "Flat 12, Quay House", "postcode": "HB1 2QH"},
    "contact": {},
    "files": {},
}
SUGGESTION: dict[str, dict[str, Any]] = {
    "kind": {"kind": "suggestion"},
    "what-happened": {"words": "Put a bench by the bus stop.", "regarding": "Dock Road"},
    "about-you": {"name": "Wei Chen", "email": "wei@example.org"},
    "contact": {},
    "files": {},
}


def changed(form: dict[str, dict[str, Any]], **pages: dict[str, Any] | None) -> Any:
    """Return a filled form with pages changed: `about_you={"email": ""}`; None leaves one out."""
    found = {code: dict(answers) for code, answers in form.items()}
    for name, answers in pages.items():
        code = name.replace("_", "-")
        if answers is None:
            del found[code]
        else:
            found[code] = {**found.get(code, {}), **answers}
    order = ["kind", "for-whom", "person", "speaking-for-them", "what-happened", "staff"]
    order += ["about-you", "contact", "files"]
    return {code: found[code] for code in order if code in found}


def by_page(form: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the answers of a form by the page that asks each, in the order of the pages."""
    asked = {name: step.code for step in STEPS for name in step.base_fields}
    found: dict[str, dict[str, Any]] = {}
    for code, answers in form.items():
        for name, value in answers.items():
            found.setdefault(asked.get(name, code), {})[name] = value
    return {step.code: found[step.code] for step in STEPS if step.code in found}


def pages_of(
    form: dict[str, dict[str, Any]], *, topics: Sequence[tuple[str, str]] = ()
) -> list[str]:
    """Return every page that is asked of whoever gives these answers, in order."""
    typed = {
        code: {name: value if isinstance(value, list) else [value] for name, value in page.items()}
        for code, page in by_page(form).items()
    }
    return [stop.code for stop in Journey(typed, topics).stops]


@dataclass
class Visitor:
    """Somebody with a browser, who fills the form in page by page."""

    client: Client = field(default_factory=Client)
    address: str = "127.0.0.5"
    # What the addresses of their language begin with: "/cy" for Welsh.
    prefix: str = ""

    def post(self, path: str, data: Any = None, **extra: Any) -> Any:
        """Send a form."""
        at = self.prefix + path
        return self.client.post(at, data or {}, REMOTE_ADDR=self.address, **extra)

    def get(self, path: str) -> Any:
        """Open a page."""
        return self.client.get(self.prefix + path, REMOTE_ADDR=self.address)

    def answer_to(self, answer: Any) -> Any:
        """Open the page to which an answer leads, as a browser does at once."""
        assert answer.status_code == 302, answer.content.decode()[:2000]
        return self.get(answer["Location"].removeprefix(self.prefix))

    def fill(self, form: dict[str, dict[str, Any]], *, files: list[Any] | None = None) -> Any:
        """Give every answer and return the last answer. It takes a minute, as it does people."""
        answer = None
        pages = by_page(form)
        if files:
            pages["files"] = {"uploads": files}
        for code, answers in pages.items():
            answer = self.post(f"/let-us-know/{code}/", {"do": "continue", **answers})
        self.draft_began(minutes_ago=1)
        return answer

    def draft_began(self, *, minutes_ago: int) -> None:
        """Put the beginning of the draft back."""
        Draft.objects.filter(pk=self.draft.pk).update(
            began_at=timezone.now() - timedelta(minutes=minutes_ago)
        )

    @property
    def draft(self) -> Draft:
        """Return the draft, as the only one or the latest."""
        return Draft.objects.latest("pk")

    def send(self, **more: Any) -> Any:
        """Press the button on the page with all answers."""
        key = self.draft.key
        return self.post("/let-us-know/check/", {"key": key, **more})

    def tell(self, form: dict[str, dict[str, Any]], **options: Any) -> Submission:
        """Fill in and send a form, confirm it if asked to, and return what was stored."""
        self.fill(form, **options)
        answer = self.send()
        if "?asked=" in answer["Location"]:
            answer = self.send(confirmed="yes")
        assert answer.status_code == 302, answer.content.decode()[:2000]
        reference = answer["Location"].rstrip("/").rsplit("/", 1)[-1]
        return Submission.objects.get(reference=reference)


def praise(*, received_on: date, **columns: Any) -> Remark:
    """Return a compliment, or what `kind` says, from somebody who can be reached in every way."""
    columns.setdefault("customer", CustomerFactory(name="Olu Ade"))
    return Remark.objects.create(
        **{
            "reference": new_reference(),
            "kind": "compliment",
            "channel": "phone",
            "received_on": received_on,
            "logged_at": datetime.combine(received_on, time(10), UTC),
            "words": "Dan came at once and was kind.",
            "acknowledge_by": received_on + timedelta(days=7),
            **columns,
        }
    )
