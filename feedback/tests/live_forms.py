"""Every form of the public, open in a browser that may send it: a visit, a link, a draft, a code.

What is tried on one that is closed is tried on nothing: each says for itself whether it is there.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cases.models import Category, Complaint, Landlord, Letter, OutboundMessage
from cases.operations.customers import Speaker, save_representative
from cases.operations.information import Question, ask_for_information
from cases.operations.representatives import ask_customer
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.events import Outcome
from cases.rules.roles import Role
from cases.tests.answering import respond
from cases.tests.factories import CategoryFactory
from cases.tests.fixtures import House
from feedback.forms.journey import STEPS
from feedback.forms.steps import TopicStep
from feedback.models import Draft, SurveyRequest
from feedback.selectors.drafts import token_hash
from feedback.selectors.receipts import code_of
from feedback.tests.factories import (
    COMPLAINT,
    SUGGESTION,
    Visitor,
    by_page,
    changed,
    pages_of,
)
from feedback.tests.tracking import Follower, acknowledged, link_of
from feedback.views.browser import COOKIE, new_token

BY = Role.COMPLAINTS_COORDINATOR
_NAME = re.compile(r'<(?:input|textarea|select|button)\b[^>]*?\bname="([^"]+)"')
_MAIN = re.compile(r"<main\b.*</main>", re.DOTALL)


def names_on(page: str) -> frozenset[str]:
    """Return the names of what can be sent from the main part of a page."""
    main = _MAIN.search(page)
    return frozenset(_NAME.findall(main[0])) if main else frozenset()


@dataclass
class Live:
    """A form that is open in a browser: where it is sent, and where it is shown.

    `given` is sent right whatever else is, and `names` has every name on the form.
    """

    client: Client
    path: str
    shown_at: str = ""
    given: dict[str, str] = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self.shown_at = self.shown_at or self.path
        self.names = self.names or self._names()

    def _names(self) -> frozenset[str]:
        answer = self.client.get(self.shown_at)
        return names_on(answer.content.decode()) if answer.status_code == 200 else frozenset()

    @property
    def is_shown(self) -> bool:
        """Say whether the form is there, with all that it had when it was opened."""
        found = self._names()
        return bool(found) and (self.shown_at != self.path or self.names <= found)


Make = Callable[[House], Live]


FOR_ANOTHER = changed(COMPLAINT, for_whom={"for_whom": "other"}, person={"person_name": "Ann Shaw"})
FORMS = (COMPLAINT, FOR_ANOTHER, SUGGESTION)
TOPICS = [("lifts", "Lifts")]


def form_until(step: str) -> dict[str, dict[str, list[Any]]]:
    """Return what is kept of the pages before a step, in the first form in which it is asked."""
    form, codes = next(
        (form, codes) for form in FORMS if step in (codes := pages_of(form, topics=TOPICS))
    )
    before = codes[: codes.index(step)]
    return {
        code: {name: [value] for name, value in page.items()}
        for code, page in by_page(form).items()
        if code in before
    }


def begun(step: str) -> Visitor:
    """Return somebody whose browser is at a page of the form.

    Their draft is there at once: to send every page before takes longer than what is tried.
    """
    cache.clear()
    for code, name in TOPICS:
        if step == TopicStep.code and not Category.objects.filter(code=code).exists():
            CategoryFactory(code=code, name=name)
    visitor, token, instant = Visitor(), new_token(), timezone.now()
    Draft.objects.create(
        token_hash=token_hash(token),
        answers=form_until(step),
        source="here",
        began_at=instant,
        changed_at=instant,
    )
    visitor.client.cookies[COOKIE] = token
    return visitor


def filled() -> Client:
    """Return a browser with a form that is filled in and not sent."""
    visitor = Visitor()
    visitor.fill(COMPLAINT)
    return visitor.client


def followed(house: House) -> Complaint:
    """Return a complaint that its customer can follow since today."""
    return acknowledged(house, on=timezone.localdate(timezone.now()) - timedelta(days=1))


def _all_answers(house: House) -> Live:
    return Live(filled(), "/let-us-know/check/")


def _small_form(house: House) -> Live:
    Landlord.objects.update(frame_origins="https://www.example.org")
    client = Client(headers={"origin": "http://testserver"})
    return Live(client, "/let-us-know/begin/", "/let-us-know/small/")


def _putting_away(house: House) -> Live:
    return Live(filled(), "/let-us-know/save/", "/let-us-know/check/")


def _forgetting(house: House) -> Live:
    return Live(filled(), "/let-us-know/forget/", "/let-us-know/check/")


def _coming_back(house: House) -> Live:
    filled().post("/let-us-know/save/")
    return Live(Client(), "/let-us-know/come-back/")


def _finding(house: House) -> Live:
    return Live(Client(), "/track/")


def _code_by_email(house: House) -> Live:
    follower, complaint = Follower(), followed(house)
    assert follower.asks_for_code(complaint.reference)
    given = {"reference": complaint.reference}
    return Live(follower.client, "/track/code/", given=given)


def _code_of_receipt(house: House) -> Live:
    sent = Visitor().tell(COMPLAINT)
    assert code_of(sent)
    return Live(Client(), "/track/code/", given={"reference": sent.reference})


def _link(house: House) -> Live:
    return Live(Client(), link_of(followed(house)))


def _question(house: House) -> Live:
    now = timezone.now()
    due = timezone.localdate(now) + timedelta(days=7)
    asked = ask_for_information(
        Question("Roofs & Co", "roofs@example.org", "When were you there?", due),
        complaint_id=followed(house).pk,
        by=house[BY],
        now=now,
    )
    body = OutboundMessage.objects.get(key=f"information:{asked.code}").body
    token = body.partition("/asked/")[2].partition("/")[0]
    return Live(Client(), reverse("feedback:asked", args=[token]))


def _consent(house: House) -> Live:
    complaint = followed(house)
    common = {"complaint_id": complaint.pk, "by": house[BY], "now": timezone.now()}
    speaker = save_representative(Speaker("Bob Moyo"), **common)
    ask_customer(**common, representative_id=speaker.pk, telling=Telling("email"))
    body = Letter.objects.get(complaint=complaint, kind="consent_request").message.body
    token = body.partition("/consent/")[2].partition("/")[0]
    return Live(Client(), reverse("feedback:consent", args=[token]))


def _survey(house: House) -> Live:
    asked = SurveyRequest.objects.create(
        complaint=followed(house), way="post", asked_at=timezone.now()
    )
    return Live(Client(), reverse("feedback:survey", args=[asked.code]))


def answered(house: House) -> Complaint:
    """Return a complaint that its customer can follow, and ask the next stage of."""
    complaint, now = followed(house), timezone.now()
    respond(
        complaint_id=complaint.pk,
        by=house[Role.RESPONSIBLE_OFFICER],
        now=now,
        seen=complaint.version,
        on=timezone.localdate(now),
        answer=Answer(outcome=Outcome.NOT_UPHELD),
        telling=Telling("email", "We found the lift in order."),
    )
    return complaint


def _next_stage(house: House) -> Live:
    follower = Follower().opens(answered(house))
    return Live(follower.client, reverse("feedback:tracked-next-stage"))


def _speaking(house: House) -> Live:
    follower = Follower().opens(followed(house))
    follower.post("tracked-speaker", {"name": "Ann Lee", "is_agreed": "on"})
    return Live(follower.client, reverse("feedback:tracked-speaker"))


def _of_visit(name: str) -> Make:
    def make(house: House) -> Live:
        follower = Follower().opens(followed(house))
        return Live(follower.client, reverse(f"feedback:{name}"))

    return make


def _signing_out(house: House) -> Live:
    follower = Follower().opens(followed(house))
    return Live(follower.client, reverse("feedback:track-sign-out"), reverse("feedback:tracked"))


def step_of(code: str) -> Make:
    """Return what opens a page of Let Us Know."""

    def make(house: House) -> Live:
        return Live(begun(code).client, f"/let-us-know/{code}/")

    return make


def _not_mine(name: str, of: Make) -> Make:
    """Return what opens the form for somebody else's information beside another page."""

    def make(house: House) -> Live:
        live = of(house)
        token = live.path.rstrip("/").rsplit("/", 1)[-1]
        return Live(live.client, reverse(f"feedback:{name}", args=[token]))

    return make


def _receipt_not_mine(house: House) -> Live:
    sent = Visitor().tell(COMPLAINT)
    client = Client()
    client.post("/track/code/", {"reference": sent.reference, "code": code_of(sent)})
    return Live(client, reverse("feedback:receipt-not-mine", args=[sent.reference]))


# Every form of the public but the pages of Let Us Know.
OTHERS: dict[str, Make] = {
    "all answers": _all_answers,
    "small form": _small_form,
    "putting away": _putting_away,
    "coming back": _coming_back,
    "forgetting": _forgetting,
    "finding a complaint": _finding,
    "code by e-mail": _code_by_email,
    "code of a receipt": _code_of_receipt,
    "link": _link,
    "question": _question,
    "consent": _consent,
    "survey": _survey,
    "next stage": _next_stage,
    "speaking": _speaking,
    "signing out": _signing_out,
    "question of somebody else": _not_mine("asked-not-mine", _question),
    "consent of somebody else": _not_mine("consent-not-mine", _consent),
    "receipt of somebody else": _receipt_not_mine,
    **{name: _of_visit(f"tracked-{name}") for name in ("add", "wishes", "withdraw", "breach")},
}
EVERY: dict[str, Make] = {**{each.code: step_of(each.code) for each in STEPS}, **OTHERS}
