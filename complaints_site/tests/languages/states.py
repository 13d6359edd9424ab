"""The public pages in the states in which people meet them, as the test's client gets them."""

from collections.abc import Iterator

from django.test import Client
from django.urls import reverse
from django.utils import translation

from cases.models import Customer, Landlord, User
from cases.operations.call_backs import promise_call
from cases.rules.roles import Role
from complaints_site.tests.permissions.world import NOW, World
from complaints_site.tests.test_every_page import PAGES, part_of, thing_for
from feedback.tests.factories import (
    COMPLAINT,
    COMPLIMENT,
    SUGGESTION,
    Visitor,
    changed,
    pages_of,
)
from feedback.tests.live_forms import answered
from feedback.tests.tracking import speaks_for

FOR_ANOTHER = changed(
    COMPLAINT,
    for_whom={"for_whom": "other"},
    person={"person_name": "Ada Shaw"},
    speaking_for_them={"permission": "yes"},
    staff={"about_staff": "yes", "staff_named": "Dan"},
)
RINGING = changed(
    COMPLAINT,
    contact={"call_back": "yes", "call_number": "01632 960 777", "call_when": "After six"},
)
# What whoever speaks for a customer does there in their place.
FOR_THEM = ("tracked", "tracked-add", "tracked-next-stage", "tracked-withdraw")
FORMS = {"complaint": RINGING, "another": FOR_ANOTHER, "compliment": COMPLIMENT}
FORMS["suggestion"] = SUGGESTION

Page = tuple[str, str]


def every_state(world: World, tag: str) -> Iterator[Page]:
    """Yield every public page in a language, empty and with every mistake: its name, and itself."""
    yield from _of_matrix(world, tag)
    yield from _of_the_form(tag)
    yield from _beside(tag)
    yield from _of_a_speaker(world, tag)
    yield from _closed_to_everybody(tag)


def _of_matrix(world: World, tag: str) -> Iterator[Page]:
    for row in PAGES:
        # A form that was sent in English before is told in English.
        if part_of(row) != "public" or row.url.startswith("cases:"):
            continue
        thing = thing_for(world, row)
        client = Client()
        client.cookies.load(thing.cookies)
        with translation.override(tag):
            path = reverse(row.url, args=thing.args)
        yield row.url, _words(client.get(path))
        answer = client.post(path, {})
        if answer.status_code == 422:
            yield f"{row.url} with mistakes", _words(answer)


def _of_the_form(tag: str) -> Iterator[Page]:
    for name, form in FORMS.items():
        visitor = Visitor(prefix=f"/{tag}")
        visitor.fill(form)
        for step in pages_of(form):
            yield f"{name}: {step}", _words(visitor.get(f"/let-us-know/{step}/"))
        yield f"{name}: check", _words(visitor.get("/let-us-know/check/"))
        sent = visitor.tell(form)
        yield f"{name}: sent", _words(visitor.get(f"/let-us-know/sent/{sent.reference}/"))
        yield f"{name}: copy", _words(visitor.get(f"/let-us-know/sent/{sent.reference}/copy/"))
        visitor = Visitor(prefix=f"/{tag}")
        visitor.fill(form)
        # The last page first: a mistake shuts the pages after it.
        spoiled = {"phone": "1", "unsafe": ["post", "email"], "preferred": "pigeon"}
        for step in reversed(pages_of(form)):
            visitor.post(f"/let-us-know/{step}/", spoiled)
            yield f"{name}: {step}, wrong", _words(visitor.get(f"/let-us-know/{step}/"))


def _beside(tag: str) -> Iterator[Page]:
    visitor = Visitor(prefix=f"/{tag}")
    for path in ("/let-us-know/check/", "/let-us-know/sent/AAAA-AAAA-A/", "/no-such-page/"):
        yield path, _words(visitor.get(path))
    visitor.fill(COMPLAINT)
    yield "a draft waits", _words(visitor.get("/let-us-know/"))
    yield "saved", _words(visitor.post("/let-us-know/save/"))
    visitor.fill(COMPLAINT)
    forgotten = visitor.post("/let-us-know/forget/")
    yield "forgotten", _words(visitor.get("/let-us-know/"))
    assert forgotten.status_code == 302
    visitor = Visitor(prefix=f"/{tag}", client=Client(enforce_csrf_checks=True))
    for path in ("/let-us-know/kind/", "/let-us-know/save/", "/track/", "/let-us-know/come-back/"):
        yield f"{path}, too old", _words(visitor.post(path))


def _of_a_speaker(world: World, tag: str) -> Iterator[Page]:
    """Yield what whoever speaks for a customer sees; the customer asked to be rung."""
    complaint = answered(world.house)
    # Names that are known to be nobody's words.
    Customer.objects.filter(pk=complaint.customer_id).update(name=COMPLAINT["about-you"]["name"])
    User.objects.filter(pk=world.house[Role.RESPONSIBLE_OFFICER].pk).update(name="Second")
    promise_call(complaint_id=complaint.pk, number="01632 960 777", when="", now=NOW)
    follower = speaks_for(world.house, complaint)
    for name in FOR_THEM:
        with translation.override(tag):
            yield f"speaker: {name}", _words(follower.get(name))


def _closed_to_everybody(tag: str) -> Iterator[Page]:
    Landlord.objects.update(following_closed_at=NOW)
    yield (
        "nobody follows a complaint",
        _words(Visitor(prefix=f"/{tag}").post("/track/", {"reference": "Z9"})),
    )
    Landlord.objects.update(following_closed_at=None)


def _words(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined]
