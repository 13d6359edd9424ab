"""The full set of letters of each procedure, each written and issued in a browser."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from cases.models import Letter, LetterProposal, Representative
from cases.rules.acts import Act
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import checklist
from cases.rules.letter_templates import AGAIN, letters_of
from cases.rules.roles import Role
from cases.tests.case_page.test_every_letter_of_every_procedure import (
    HOW,
    LATE,
    SIGNS,
    UNKNOWN,
    Issued,
    Walk,
)
from cases.tests.rules.strategies import TERMS
from cases.views.acts.all import ACT_PAGES
from complaints_site.tests.journeys.desk import Desk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
]
# Letters that no other journey issues, of each kind of form one: with a ground, with a day, with
# nothing to write, with an amount, with a second person who approves it.
FEW = [
    ("herefordshire", LetterKind.ESCALATION_REFUSED),
    ("herefordshire", LetterKind.WINDOW_EXTENDED),
    ("herefordshire", LetterKind.CLOSING),
    ("kht-three-stage", LetterKind.DELAY),
    ("livv-two-stage", LetterKind.COMPENSATION),
    ("livv-two-stage", LetterKind.ESCALATION_REFUSED),
]
# The button of what is sent in other ways than by an act of one step.
ASK = "Ask the customer"
# The button where a second person has to approve the letter before.
ASK_FIRST = "Ask for approval"


@pytest.mark.timeout(600)
def test_letters_that_no_journey_comes_to_are_issued_from_their_screens(desk: Desk):
    for code, letter in FEW:
        Writer(desk, code, letter).issue()


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("code", TERMS)
def test_every_letter_of_a_procedure_is_issued_from_its_screen(desk: Desk, code: str):
    wanted = [each for each in letters_of(TERMS[code]) if (code, each) not in UNKNOWN]

    for letter in wanted:
        Writer(desk, code, letter).issue()

    kinds = set(Letter.objects.values_list("kind", flat=True))
    assert kinds >= {LetterKind(each).value for each in wanted if each != AGAIN}


class Writer:
    """Whoever writes a letter of a procedure, at a desk, on the day on which it is due."""

    def __init__(self, desk: Desk, code: str, letter: str) -> None:
        self.desk, self.code, self.letter = desk, code, letter
        self.how: Issued = HOW[letter]
        self.walk = Walk(desk.house, code)

    def issue(self) -> None:
        """Lead a complaint to where the letter is written, write it, and read what was issued."""
        self.how.lead(self.walk)
        complaint = self.walk.complaint
        self.desk.reference = complaint.reference
        stage = complaint.procedure_version.terms.stage(complaint.stage)
        self.desk.on(self.how.on, self.how.by)
        data = self.how.data(self.walk) if callable(self.how.data) else self.how.data
        self.desk.go(self.address)
        fill_by_name(self.desk.page, data)
        self.send()
        if LetterProposal.objects.filter(complaint=complaint).exists():
            self.approve()
        kind = LetterKind.ACKNOWLEDGEMENT if self.letter == AGAIN else LetterKind(self.letter)
        said = self.desk.letter(kind.words)
        wanted = [SIGNS[each.part] for each in checklist(kind, stage) if each.part in SIGNS]
        lacking = [sign for sign in (*wanted, *self.how.says) if sign not in said]
        assert not lacking, f"{self.code}, {self.letter}: {lacking} not in {said}"
        assert "[missing" not in said

    @property
    def address(self) -> str:
        """Return where the letter is written."""
        reference = self.walk.complaint.reference
        if self.how.act is Act.CHANGE_PEOPLE:
            speaker = Representative.objects.get(complaint=self.walk.complaint)
            return reverse("cases:representative-ask", args=[reference, speaker.pk])
        return reverse(f"cases:{self.how.act.value}", args=[reference])

    def press(self, act: Act) -> None:
        """Press the button of the act."""
        _buttons(self.desk.page, ACT_PAGES[act].form_class.act_text).click()

    def approve(self) -> None:
        """Approve the letter as a second person, where the procedure wants one."""
        self.desk.on(self.how.on, Role.ASSISTANT_DIRECTOR)
        decision = {"Decision": "Approve it: it goes now, in these words"}
        self.desk.act(Act.APPROVE_LETTER, decision)

    def send(self) -> None:
        """Press the button that sends it; say why it is late, where the page asks for that."""
        page, act = self.desk.page, self.how.act
        if act is Act.UPDATE:
            page.get_by_role("button", name=re.compile("^Review and send to")).click()
            page.get_by_role("button", name=re.compile("^Send to")).click()
        elif act is Act.CHANGE_PEOPLE:
            page.get_by_role("button", name=ASK, exact=True).click()
        else:
            self.press(act)
            told = page.locator("[data-message]").or_(page.locator('[name="late_because"]'))
            told.first.wait_for()
            if page.locator('[name="late_because"]').count():
                fill_by_name(page, LATE)
                self.press(act)
        expect(page.locator("[data-message]").first).to_be_visible()


def _buttons(page: Page, text: str) -> Locator:
    """Return the button of an act, or of asking a second person to approve its letter."""
    asking = page.get_by_role("button", name=ASK_FIRST, exact=True)
    return page.get_by_role("button", name=text, exact=True).or_(asking)


def fill_by_name(page: Page, given: Mapping[str, Any]) -> None:
    """Answer the questions of the form shown, what is chosen first: it may show other questions.

    What this form does not ask is left out: whether it was needed, the letter tells.
    """
    texts = {}
    for name, value in given.items():
        control = page.locator(f'main [name="{name}"]')
        if not value or not control.count():
            continue
        sort = control.first.evaluate("each => each.type || each.tagName")
        if sort in ("radio", "checkbox"):
            _tick(control, value)
        elif sort == "select-one":
            control.select_option(value)
        elif sort != "hidden":
            texts[name] = value
    for name, value in texts.items():
        page.locator(f'main [name="{name}"]').fill(value)


def _tick(boxes: Locator, value: str | Sequence[str]) -> None:
    """Choose what has this value, or these; a box alone is simply ticked."""
    if value == "on":
        boxes.check()
        return
    for each in [value] if isinstance(value, str) else value:
        boxes.and_(boxes.page.locator(f'[value="{each}"]')).check()
