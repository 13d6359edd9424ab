"""The full set of letters of each procedure, each issued from its own screen."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from cases.models import Letter, LetterProposal, Representative
from cases.operations import escalate, hearing
from cases.operations.documents import letter_as_document
from cases.operations.hearing import Arrangement
from cases.operations.promises import Promised, make_promise
from cases.rules.acts import Act
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import checklist, to_vouch_for
from cases.rules.letter_templates import AGAIN, letters_of
from cases.rules.parts import Part
from cases.rules.permissions import permission
from cases.rules.requests import refusal_grounds
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.tests.case_page.situations import BY_PHONE, Story, day, the_promise, told
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at
from cases.tests.hearings import held_with, seated
from cases.tests.rules.strategies import TERMS

pytestmark = pytest.mark.one_database

COORDINATOR, OFFICER = Role.COMPLAINTS_COORDINATOR, Role.RESPONSIBLE_OFFICER
HEAD, DIRECTOR = Role.HEAD_OF_SERVICE, Role.DIRECTOR
TODAY = date(2026, 6, 22)
# When every window in which the next stage could be asked for is over.
MUCH_LATER = date(2026, 8, 3)
LATE = {
    "late_because": "The surveyor was ill.",
    "avoidable": "no",
    **day("late_done_by", "1 9 2026"),
}
POINT = {
    "new_1": "The lift is out of order.",
    "sought": "A lift that works.",
    "ours": "all",
}
WORDS = told("The lift was mended. The surveyor saw it.")
ALL = [(code, letter) for code, terms in TERMS.items() for letter in letters_of(terms)]
# What a letter says for each compulsory part, as far as it is the same in every letter.
SIGNS = {
    Part.DEFINITION: "lift",
    Part.REASONS: "The surveyor",
    Part.TAKING_PART: "You are welcome to take part.",
    Part.PLACE: "Town Hall",
    Part.HEARING: "6 July 2026",
    Part.APPEAL: "It would be heard by",
    Part.OMBUDSMAN: "Housing Ombudsman Service 0300 111 3000",
    Part.POLICY: "Enclosed: our complaints policy",
    Part.REMEDY: "We apologise to you.",
    Part.REACH: "in large print, in Braille, on audio or in another language",
}


class Walk(Story):
    """A complaint led under a procedure to where a letter is written, by the acts before it."""

    def begun(self) -> "Walk":
        """Bring it to its first formal stage."""
        return self.passed_on() if self.complaint.stage == "initial" else self

    def answered_once(self) -> "Walk":
        """Answer the first formal stage."""
        return self.begun().answered()

    def asked_for_more(self) -> "Walk":
        """Ask for the stage after it, in time or too late where only that is decided."""
        self.answered_once()
        on = date(2026, 6, 15) if self.code in ("first-ark-panel", "livv-two-stage") else MUCH_LATER
        return self.asked(on)

    def under_review(self) -> "Walk":
        """Bring it to the stage after the first, accepted where that is decided."""
        self.answered_once().asked(date(2026, 6, 15))
        if self.code in ("first-ark-panel", "livv-two-stage"):
            on = date(2026, 6, 16)
            details = {"on": on, "reason": "", "telling": BY_PHONE}
            self.act(escalate.accept_escalation, COORDINATOR, on, **details)
        return self

    def arranged(self) -> "Walk":
        """Arrange the hearing."""
        self.under_review()
        people = self.house.people
        panel = [people[Role.PANEL_MEMBER].pk]
        if self.code == "first-ark-panel":
            managers = [UserFactory(roles=[(Role.LINE_MANAGER, self.house.other_team)]).pk]
            panel = [people[DIRECTOR].pk, *managers, people[Role.LINE_MANAGER].pk]
        else:
            self.answered(DIRECTOR, date(2026, 6, 16)).asked(date(2026, 6, 17))
        if self.code == "kht-three-stage":
            panel += [people[Role.ASSISTANT_DIRECTOR].pk]
        if self.code == "herefordshire":
            panel += [UserFactory(roles=[Role.PANEL_MEMBER]).pk for _ in range(2)]
        where = Arrangement(date(2026, 7, 6), "Town Hall", "in_person", panel)
        self.act(hearing.arrange_hearing, COORDINATOR, date(2026, 6, 18), arrangement=where)
        return self

    def heard(self) -> "Walk":
        """Hold the hearing, earlier than arranged."""
        on = date(2026, 6, 19)
        self.arranged()
        mode = "in_person" if self.code == "first-ark-panel" else "in_writing"
        held = held_with(seated(self.complaint), mode=mode)
        return self.act(hearing.hold_hearing, COORDINATOR, on, on=on, held=held)

    def with_a_promise(self) -> "Walk":
        """Promise a plasterer."""
        promised = Promised("A plasterer comes", date(2026, 7, 1))
        self.begun()
        on = date(2026, 6, 12)
        return self.act(make_promise, OFFICER, on, promised=promised, on=on)

    def with_an_award(self) -> "Walk":
        """Propose compensation and approve it."""
        return self.begun().approved()

    def with_an_offer(self) -> "Walk":
        """Propose compensation, approve it, and offer it."""
        return self.begun().offered()

    def spoken_for(self) -> "Walk":
        """Let somebody say that they speak for the customer."""
        Representative.objects.create(complaint=self.complaint, name="Kim Morgan")
        return self

    @property
    def code(self) -> str:
        """Return the code of its procedure."""
        return self.complaint.procedure_version.procedure.code


Data = dict[str, Any]


def answer(walk: Walk) -> Data:
    """Return an answer with an apology, and all that only its writer can vouch for."""
    stage = walk.complaint.procedure_version.terms.stage(walk.complaint.stage)
    given = {"outcome": "upheld", "decision": "upheld", "remedies": ["apology"], **LATE, **WORDS}
    return {**given, "says": to_vouch_for(LetterKind.RESPONSE, stage)}


@dataclass(frozen=True)
class Issued:
    """How a letter is issued: after what, by which act, by whom and with which answers."""

    lead: Callable[[Walk], Any]
    act: Act
    by: Role
    data: Data | Callable[[Walk], Data] = field(default_factory=dict)
    on: date = TODAY
    says: Sequence[str] = ()


def ground_of(walk: Walk) -> str:
    """Return a ground on which the procedure lets a request be refused."""
    history = history_of(walk.complaint)
    return next(iter(refusal_grounds(history.state, history.terms)))


def all_papers(walk: Walk) -> Data:
    """Return everything that can go into the papers, sent by post with a letter."""
    client = Client()
    client.force_login(walk.house[COORDINATOR])
    form = client.get(reverse("cases:send-papers", args=[walk.complaint.reference]))
    chosen = [code for code, _ in form.context["form"]["contents"].field.choices]
    return {"contents": chosen, "words": "", **told("")}


def as_it_came(walk: Walk) -> Walk:
    """Leave it as it was received."""
    return walk


K = LetterKind
HOW: dict[str, Issued] = {
    K.ACKNOWLEDGEMENT: Issued(Walk.begun, Act.ACKNOWLEDGE, COORDINATOR, {**POINT, **WORDS}),
    AGAIN: Issued(Walk.under_review, Act.ACKNOWLEDGE, COORDINATOR, {**POINT, **WORDS}),
    K.RESPONSE: Issued(Walk.begun, Act.RESPOND, HEAD, answer),
    K.RESOLUTION: Issued(
        as_it_came, Act.RESOLVE, OFFICER, {"resolution": "Mended.", "close": "on", **WORDS}
    ),
    K.OUTCOME: Issued(Walk.heard, Act.SEND_OUTCOME, COORDINATOR, answer),
    K.ESCALATION_ACCEPTED: Issued(
        Walk.asked_for_more,
        Act.ACCEPT_ESCALATION,
        COORDINATOR,
        {"officer": "", "reason": "In hospital.", **WORDS},
        MUCH_LATER,
    ),
    K.ESCALATION_REFUSED: Issued(
        Walk.asked_for_more,
        Act.REFUSE_ESCALATION,
        DIRECTOR,
        lambda walk: {"ground": ground_of(walk), "evidence": "Policy 4.2.", **WORDS},
        MUCH_LATER,
    ),
    K.WINDOW_EXTENDED: Issued(
        Walk.answered_once,
        Act.EXTEND_WINDOW,
        COORDINATOR,
        {**day("new_due_on", "3 8 2026"), "reason": "In hospital.", **WORDS},
        says=["3 August 2026"],
    ),
    K.INVITATION: Issued(Walk.arranged, Act.SEND_INVITATION, COORDINATOR, {**LATE, **told("")}),
    K.PAPERS: Issued(
        Walk.arranged,
        Act.SEND_PAPERS,
        COORDINATOR,
        all_papers,
        says=["With this come the papers", "Enclosed: the papers for the hearing"],
    ),
    K.NOT_ACCEPTED: Issued(
        as_it_came,
        Act.REFUSE,
        COORDINATOR,
        {"ground": "over_12_months", "evidence": "The file.", **WORDS},
    ),
    K.REFERRED: Issued(
        as_it_came,
        Act.REFER_ELSEWHERE,
        COORDINATOR,
        {"to": "asb", "reason": "The surveyor rings you.", "channel": "post"},
    ),
    K.UPDATE: Issued(Walk.begun, Act.UPDATE, OFFICER, WORDS, says=["The lift was mended."]),
    K.CLOSING: Issued(
        Walk.answered_once, Act.CLOSE, COORDINATOR, {"words": "", **WORDS}, says=["We have closed"]
    ),
    K.COMPENSATION: Issued(
        Walk.with_an_award,
        Act.OFFER_COMPENSATION,
        OFFICER,
        lambda walk: {"award": str(walk.award), **WORDS},
        says=["£100.50"],
    ),
    K.PROMISE_MOVED: Issued(
        Walk.with_a_promise,
        Act.MOVE_PROMISE,
        OFFICER,
        lambda walk: {**the_promise(walk), **day("new_due_on", "8 7 2026"), **WORDS},
        says=["A plasterer comes", "We are sorry", "8 July 2026"],
    ),
    K.PROMISE_WITHDRAWN: Issued(
        Walk.with_a_promise,
        Act.WITHDRAW_PROMISE,
        COORDINATOR,
        lambda walk: {**the_promise(walk), **WORDS},
        says=["A plasterer comes", "we will not do it"],
    ),
    K.OFFER_OPEN: Issued(
        Walk.with_an_offer,
        Act.KEEP_OFFER_OPEN,
        OFFICER,
        lambda walk: {"award": str(walk.award), **day("open_until", "20 7 2026"), **WORDS},
        says=["£100.50", "stays open to you until Monday 20 July 2026"],
    ),
    K.OFFER_WITHDRAWN: Issued(
        Walk.with_an_offer,
        Act.WITHDRAW_OFFER,
        COORDINATOR,
        lambda walk: {"award": str(walk.award), **WORDS},
        says=["£100.50", "withdraw the offer"],
    ),
    K.CONSENT_REQUEST: Issued(
        Walk.spoken_for,
        Act.CHANGE_PEOPLE,
        COORDINATOR,
        told(""),
        says=["Kim Morgan has told us that they speak for you"],
    ),
    K.DELAY: Issued(
        Walk.begun,
        Act.EXPLAIN_DELAY,
        OFFICER,
        {**LATE, **day("done_by", "24 6 2026"), **told("")},
        says=["We are sorry", "24 June 2026"],
    ),
    K.EXTENSION: Issued(
        Walk.begun,
        Act.EXTEND,
        COORDINATOR,
        {
            "by": "day",
            **day("day", "31 7 2026"),
            "exceptional": "on",
            "reason": "The surveyor was ill.",
            "channel": "post",
        },
        says=["31 July 2026"],
    ),
}
# What a procedure does not know, though its words could be written: why not, as its page says.
NO_REQUEST = "No request for the next stage is waiting for a decision."
UNKNOWN: dict[tuple[str, str], str] = {
    ("code-2024", K.WINDOW_EXTENDED): "The customer may ask at any time after Stage 1.",
    ("code-2024", K.ESCALATION_ACCEPTED): NO_REQUEST,
    ("code-2024", K.ESCALATION_REFUSED): NO_REQUEST,
    ("code-2024", K.RESOLUTION): "Stage 1 ends with a response.",
    ("kht-three-stage", K.RESOLUTION): "Stage 1 ends with a response.",
}


def send(walk: Walk, how: Issued) -> Any:
    """Send the form of the act, as the browser of whoever does it."""
    client = Client()
    client.force_login(walk.house[how.by])
    given = how.data(walk) if callable(how.data) else how.data
    on = dict(
        zip(("on_day", "on_month", "on_year"), (how.on.day, how.on.month, how.on.year), strict=True)
    )
    reference = walk.complaint.reference
    url = reverse(f"cases:{how.act.value}", args=[reference])
    if how.act is Act.CHANGE_PEOPLE:
        url = reverse("cases:representative-ask", args=[reference, Representative.objects.get().pk])
    return client.post(url, {"seen": str(walk.complaint.version), **LATE, **on, **given})


def approve(walk: Walk) -> None:
    """Approve the letter that waits, as the browser of a second person, where one is wanted."""
    if not LetterProposal.objects.filter(complaint=walk.complaint).exists():
        return
    client = Client()
    client.force_login(walk.house[Role.ASSISTANT_DIRECTOR])
    url = reverse("cases:approve-letter", args=[walk.complaint.reference])
    form = client.get(url).context["form"]
    read = {name: form[name].value() for name in ("seen", "letter", "words_hash")}
    assert client.post(url, {**read, "decision": "approve", "reason": ""}).status_code == 302


def words_of(letter: Letter) -> str:
    """Return what the PDF of a letter says, all white space as one space."""
    content, _, _ = letter_as_document(letter)
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize(("code", "letter"), ALL)
def test_each_letter_of_each_procedure_is_issued_from_its_screen_with_all_its_parts(
    house, code, letter
):
    how = HOW[letter]
    walk = Walk(house, code)
    how.lead(walk)
    if why := UNKNOWN.get((code, letter)):
        history = history_of(walk.complaint)
        assert why in permission(how.act, history.state, history.terms, how.on).why_not
        return
    stage = walk.complaint.procedure_version.terms.stage(walk.complaint.stage)
    with time_machine.travel(at(how.on), tick=False):
        page = send(walk, how)
        approve(walk)

    errors = page.context["form"].errors if page.status_code != 302 else {}
    assert page.status_code == 302, errors
    kind = LetterKind.ACKNOWLEDGEMENT if letter == AGAIN else LetterKind(letter)
    issued = Letter.objects.filter(complaint=walk.complaint, kind=kind.value).latest("pk")
    told_in = words_of(issued) if code == "herefordshire" else " ".join(issued.body.split())
    wanted = [SIGNS[each.part] for each in checklist(kind, stage) if each.part in SIGNS]
    assert [sign for sign in (*wanted, *how.says) if sign not in told_in] == []
    assert "[missing" not in told_in


def test_every_letter_that_a_procedure_has_is_walked():
    assert {letter for _, letter in ALL} == set(HOW)
