"""A desk with a browser, at which one person after another works on one complaint."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path

from django.core import mail
from playwright.sync_api import Locator, Page, expect
from time_machine import Traveller

from cases.models import User
from cases.rules.act_words import ENDINGS, LABELS, PROMISES, RECORD
from cases.rules.acts import Act
from cases.rules.periods import LONDON
from cases.rules.roles import Role
from cases.tasks import deliver_messages
from cases.tests.fixtures import House
from cases.views.acts.all import ACT_PAGES

PASSWORD = "three words together"
MORE = "Promise or compensate, end it, take it outside, or put the record right"
WHY_NOT = "What is not possible now, and why"
# Who answers to which role, as the screen shows them.
NAMES = {
    Role.FRONT_LINE: "Kelly Owen",
    Role.RESPONSIBLE_OFFICER: "Dan Morris",
    Role.LINE_MANAGER: "Grace Lin",
    Role.HEAD_OF_SERVICE: "Ruth Adeyemi",
    Role.ASSISTANT_DIRECTOR: "Nia Roberts",
    Role.DIRECTOR: "Helen Marsh",
    Role.COMPLAINTS_COORDINATOR: "Priya Shah",
    Role.PANEL_MEMBER: "Mary Doyle",
    Role.EXECUTIVE_SUPPORT_MANAGER: "Lucy Grant",
    Role.MEMBER_RESPONSIBLE: "David Cole",
    Role.SYSTEM_ADMINISTRATOR: "Ines Costa",
    Role.AUDITOR: "Frank Hill",
}

Answer = str | date | Sequence[str] | bool | Path
Answers = Mapping[str, Answer]


@dataclass
class Desk:
    """One window, one complaint, and the clock on the wall.

    `performed` are the acts that the browser has done here.
    """

    page: Page
    url: str
    house: House
    clock: Traveller
    reference: str = ""
    performed: set[Act] = field(default_factory=set)

    # The day and the person ---------------------------------------------------------------------

    def on(self, day: date, who: Role | User | None = None, *, hour: int = 10) -> "Desk":
        """Let it be that hour in London on that day, and let somebody sign in."""
        self.clock.move_to(datetime.combine(day, time(hour), LONDON))
        return self.sign_in(who) if who is not None else self

    def sign_in(self, who: Role | User) -> "Desk":
        """Let somebody else take the seat, through the page where people sign in."""
        user = self.house[who] if isinstance(who, Role) else who
        self.page.context.clear_cookies()
        self.go("/sign-in/")
        self.page.get_by_label("E-mail address").fill(user.email)
        self.page.get_by_label("Password", exact=True).fill(PASSWORD)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()
        return self

    def go(self, path: str) -> None:
        """Open an address."""
        self.page.goto(f"{self.url}{path}")

    # The page of the complaint ------------------------------------------------------------------

    @property
    def path(self) -> str:
        """Return the address of the complaint's page."""
        return f"/complaints/{self.reference}/"

    def open_case(self) -> "Desk":
        """Open the page of the complaint, unless it is the one shown."""
        if not self.page.url.endswith(self.path):
            self.go(self.path)
        return self

    def open_my_work(self) -> "Desk":
        """Come to the complaint from the list of one's own work."""
        self.go("/my-work/")
        self.page.get_by_role("link", name=self.reference).first.click()
        return self

    def shows(
        self,
        stage: str,
        status: str,
        promise: str = "",
        due: date | None = None,
        words: str = "",
        officer: str = "",
    ) -> "Desk":
        """Assert what the head of the complaint's page says.

        `due` is the day and `words` how it stands: "day 7 of 10, 3 working days left".
        """
        self.open_case()
        head = self.page.locator(".house-case")
        expect(head).to_contain_text(stage)
        expect(head.locator(".govuk-tag").first).to_have_text(status)
        if promise:
            expect(head).to_contain_text(promise)
        if due is not None:
            expect(head).to_contain_text(f"{due:%A %-d %B %Y}")
        if words:
            expect(head).to_contain_text(words)
        if officer:
            expect(head).to_contain_text(f"Officer: {officer}")
        return self

    def deadline(self, words: str, *parts: str) -> "Desk":
        """Assert what the list of deadlines says of one of them."""
        self.open_case()
        section = self.page.get_by_role("region", name="Deadlines")
        line = section.locator(".house-deadline").filter(
            has=self.page.get_by_role("heading", name=words, exact=True)
        )
        for part in parts:
            expect(line).to_contain_text(part)
        return self

    def offers_first(self, act: Act) -> "Desk":
        """Assert which act the page puts first."""
        self.open_case()
        offered = self.page.get_by_role("region", name="What you can do now")
        expect(offered.locator("a.govuk-button").first).to_have_text(LABELS[act])
        return self

    def says_why_not(self, act: Act, reason: str) -> "Desk":
        """Assert that the act is not offered, and the reason given for it."""
        self.open_case()
        expect(self.page.get_by_role("button", name=LABELS[act], exact=True)).to_have_count(0)
        self.page.get_by_text(WHY_NOT).click()
        refused = self.page.locator(".house-refused > div").filter(
            has=self.page.get_by_text(LABELS[act], exact=True)
        )
        expect(refused).to_contain_text(reason)
        return self

    def is_turned_away(self, act: Act) -> "Desk":
        """Assert that the page of the act is not for whoever sits here."""
        answer = self.page.goto(f"{self.url}{self.path}{act.value}/")
        assert answer is not None
        assert answer.status == 403
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.open_case()
        return self

    # The acts -----------------------------------------------------------------------------------

    def open_act(self, act: Act) -> None:
        """Come to the page of an act by what the complaint's page offers."""
        self.open_case()
        offered = self.page.get_by_role("region", name="What you can do now")
        button = offered.get_by_role("button", name=LABELS[act], exact=True)
        if act in ENDINGS | PROMISES | RECORD and not button.count():
            self.page.get_by_text(MORE).click()
            offered.get_by_role("link", name=LABELS[act], exact=True).click()
        else:
            button.click()
        self.page.wait_for_url(f"{self.url}{self.path}{act.value}/")

    def act(self, act: Act, answers: Answers | None = None, *, says: str = "") -> "Desk":
        """Perform an act from the page of the complaint, and see that it was done.

        `says` is part of what the page tells of what follows.
        """
        self.open_act(act)
        self.fill_in(answers or {})
        self.send(act)
        self.is_done(act, says)
        return self

    def fill_in(self, answers: Answers) -> None:
        """Answer the questions of the form shown."""
        for label, answer in answers.items():
            fill_in(self.page, label, answer)

    def send(self, act: Act) -> None:
        """Press the button that performs the act."""
        text = ACT_PAGES[act].form_class.act_text
        self.page.get_by_role("button", name=text, exact=True).click()

    def preview(self, act: Act) -> Locator:
        """Press the button that shows what the act would lead to, and return what it shows."""
        text = ACT_PAGES[act].form_class.preview_text
        self.page.get_by_role("button", name=text, exact=True).click()
        shown = self.page.get_by_role("status").filter(has_text="Nothing is recorded yet")
        expect(shown).to_be_visible()
        return shown

    def is_done(self, act: Act, says: str = "") -> None:
        """See that the act was done, and remember it."""
        told = self.page.locator("[data-message]")
        expect(told).to_contain_text(ACT_PAGES[act].done)
        if says:
            expect(told).to_contain_text(says)
        self.performed.add(act)

    # What went out ------------------------------------------------------------------------------

    def mail_to(self, address: str) -> str:
        """Let the queue be delivered, and return the newest e-mail to an address, in one line."""
        deliver_messages()
        found = [message for message in mail.outbox if message.to == [address]]
        assert found, f"No e-mail went to {address}."
        return one_line(str(found[-1].body))

    def letter(self, words: str) -> str:
        """Open the newest letter that the complaint's page calls so, and return what it says."""
        self.open_case()
        papers = self.page.get_by_role("region", name="Letters")
        papers.get_by_role("link", name=words, exact=True).first.click()
        return one_line(self.page.get_by_role("article", name="The letter").inner_text())

    def post_letter(self, words: str, on: date | None = None) -> "Desk":
        """Record that a letter went to the post, today unless another day is given."""
        self.letter(words)
        if on is not None:
            fill_in(self.page, "Posted on", on)
        self.page.get_by_role("button", name="Record as posted").click()
        expect(self.page.locator("[data-message]")).to_have_text(
            "The letter is recorded as posted."
        )
        self.performed.add(Act.POST_LETTER)
        return self


def fill_in(page: Page, label: str, answer: Answer) -> None:
    """Answer one question, whatever its control: told by its label or by its group's."""
    # What stands behind it says that it is optional, or when it is needed.
    name = re.compile(rf"^\s*{re.escape(label)}( \((optional|needed|one )[^()]*\))?\s*$")
    group = page.get_by_role("group", name=name)
    if isinstance(answer, Path):
        page.locator("input[type=file]").set_input_files(answer)
        return
    control = page.get_by_label(name)
    group.or_(control).first.wait_for()
    if isinstance(answer, date):
        for box, words in (("Day", "%-d"), ("Month", "%-m"), ("Year", "%Y")):
            group.get_by_label(box, exact=True).fill(answer.strftime(words))
    elif not isinstance(answer, str | bool):
        for each in answer:
            _choice(group, each).check()
    elif isinstance(answer, str) and group.count():
        _choice(group, answer).check()
    else:
        _set(control, answer)


def _choice(group: Locator, words: str) -> Locator:
    """Return the first radio or box whose label begins with these words."""
    return group.get_by_label(re.compile(rf"^\s*{re.escape(words)}")).first


def _set(control: Locator, answer: str | bool) -> None:
    if isinstance(answer, bool):
        control.set_checked(answer)
    elif control.evaluate("each => each.tagName") == "SELECT":
        option = control.locator("option").filter(has_text=re.compile(rf"{re.escape(answer)}\s*$"))
        control.select_option(value=option.get_attribute("value"))
    else:
        control.fill(answer)


def one_line(words: str) -> str:
    """Return a text with every gap as one space."""
    return " ".join(words.split())


def tell_us(desk: Desk, *pages: Answers) -> str:
    """Send the public form, page by page, within five minutes. Return its reference."""
    page = desk.page
    page.context.clear_cookies()
    desk.go("/")
    page.get_by_role("button", name="Start now").click()
    for number, answers in enumerate(pages, start=1):
        caption = re.compile(rf"Let Us Know: page {number}\b")
        expect(page.get_by_text(caption)).to_be_visible()
        desk.fill_in(answers)
        page.get_by_role("button", name="Continue").click()
    desk.clock.shift(timedelta(minutes=5))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Check your answers")
    page.get_by_role("button", name=re.compile("^Send your")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("We have your")
    # After it stands the code by which its sender follows it.
    desk.reference = page.locator(".govuk-panel strong").first.inner_text()
    return desk.reference
