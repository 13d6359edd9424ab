"""Every public page and every state of it, opened in a browser in a language.

The words on buttons are not the same in every language, so that what is pressed is found by what
it is, not by what it says.
"""

from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

from cases.models import Adoption, Landlord
from complaints_site.tests.languages.states import FOR_ANOTHER, FOR_THEM, RINGING
from complaints_site.tests.permissions.world import NOW, World
from complaints_site.tests.test_every_page import NEEDED, NEVER_WRONG, PAGES, part_of, thing_for
from complaints_site.tests.walking import Walk
from feedback.selectors.exits import SETTING
from feedback.selectors.receipts import code_of
from feedback.tests.factories import (
    COMPLAINT,
    COMPLIMENT,
    PNG,
    SUGGESTION,
    Visitor,
    pages_of,
)
from feedback.tests.live_forms import OTHERS, answered
from feedback.tests.tracking import speaks_for

SENDS = "main form button.govuk-button:not(.govuk-button--secondary)"
# The button that puts a form away, and what it is folded away in.
LATER = "button[value=later], form[action$='/save/'] button"


# Pages that are asked in other words of each kind.
OF_EACH_KIND = ("what-happened", "regarding", "about-you")


@dataclass
class Looking:
    """Somebody who goes through the public pages in a language; English has no `tag`."""

    walk: Walk
    world: World
    tag: str

    @property
    def prefix(self) -> str:
        """Return what addresses begin with."""
        return f"/{self.tag}" if self.tag else ""

    def address(self, name: str, *args: Any) -> str:
        """Return the address of a page in the language."""
        if not self.tag:
            return reverse(name, args=args)
        with translation.override(self.tag):
            return reverse(name, args=args)

    def carry(self, client: Client) -> None:
        """Go on with the cookies of a browser."""
        self.walk.carry({name: each.value for name, each in client.cookies.items()})

    def everything(self) -> None:
        """Look at all there is."""
        self.at_pages()
        self.at_form()
        self.at_states()

    def at_pages(self) -> None:
        """Look at every page of the matrix of permissions, as it is and with mistakes."""
        for row in PAGES:
            if part_of(row) != "public" or row.url.startswith("cases:"):
                continue
            thing = thing_for(self.world, row)
            cache.clear()
            self.walk.carry(thing.cookies)
            path = self.address(row.url, *thing.args)
            self.walk.visit(row.url, path, spoils=row.url not in NEVER_WRONG)
        for code in SETTING:
            path = self.address("feedback:instead", code)
            self.walk.visit(f"instead: {code}", path, spoils=False)

    def at_form(self) -> None:
        """Look at every page of Let Us Know: for somebody else, and for what is no complaint."""
        seen: set[str] = set()
        for form in (FOR_ANOTHER, COMPLIMENT, SUGGESTION):
            self.take_up(form)
            kind = form["kind"]["kind"]
            pages = [step for step in pages_of(form) if step in OF_EACH_KIND or step not in seen]
            # The last page first: a mistake shuts the pages after it.
            for step in reversed(pages):
                # A mistake looks the same in each of them.
                spoils = step not in seen and step in NEEDED
                path = self.address("feedback:step", step)
                self.walk.visit(f"{kind}: {step}", path, spoils=spoils)
            seen |= {*pages}
        # It is asked of those who complain for themselves.
        self.take_up(RINGING)
        self.goto("call-back", self.address("feedback:step", "call-back"))

    def take_up(self, form: Any, **options: Any) -> Visitor:
        """Go on with a form that is filled in and not sent."""
        visitor = Visitor(prefix=self.prefix)
        visitor.fill(form, **options)
        self.carry(visitor.client)
        return visitor

    def at_states(self) -> None:
        """Look at what is shown after something was done, came too late, or cannot be done."""
        for state in (
            self._with_files,
            self._confirmed_and_sent,
            self._too_old,
            self._put_away,
            self._lost,
            self._by_code,
            self._closed_links,
            self._followed,
            self._followed_for_them,
            self._waiting,
            self._shut,
        ):
            cache.clear()
            state()

    def goto(self, name: str, path: str, *, status: int = 200) -> None:
        """Look at a page on which nothing is spoilt."""
        self.walk.visit(name, path, spoils=False, status=status)

    def press(self, name: str, button: str = SENDS) -> None:
        """Press a button of the page shown, and look at what follows."""
        with self.walk.page.expect_navigation():
            self.walk.page.locator(button).first.click()
        self.walk.look(name)

    def _with_files(self) -> None:
        self.take_up(COMPLAINT, files=[SimpleUploadedFile("lift.png", PNG)])
        for name in ("feedback:files", "feedback:check"):
            self.goto(f"{name} with a file", self.address(name))

    def _confirmed_and_sent(self) -> None:
        for form in (COMPLIMENT, SUGGESTION):
            # What was sent in the same words is sent again once somebody says so.
            Visitor().tell(form)
            self.take_up(form)
            self.walk.page.goto(f"{self.walk.url}{self.address('feedback:check')}")
            kind = form["kind"]["kind"]
            self.press(f"{kind}: are you sending this now?")
            self.press(f"{kind}: sent")

    def _too_old(self) -> None:
        self.take_up(COMPLAINT)
        self.walk.page.goto(f"{self.walk.url}{self.address('feedback:check')}")
        self.walk.page.context.clear_cookies(name="csrftoken")
        self.press("check, too old")

    def _put_away(self) -> None:
        self.take_up(COMPLAINT)
        self.goto("a draft waits", self.address("feedback:start"))
        page = self.walk.page
        page.goto(f"{self.walk.url}{self.address('feedback:check')}")
        page.locator(f"details:has({LATER})").first.evaluate("(each) => { each.open = true }")
        page.context.clear_cookies(name="csrftoken")
        self.press("not saved yet", LATER)
        self.press("saved")

    def _lost(self) -> None:
        self.walk.carry({})
        self.goto("lost", self.address("feedback:check"), status=404)
        self.goto("gone", self.address("feedback:sent", "AAAA-AAAA-A"), status=404)
        self.goto("no such page", f"{self.prefix}/no-such-page/", status=404)

    def _by_code(self) -> None:
        sender = Visitor(prefix=self.prefix)
        sent = sender.tell(COMPLAINT)
        reader = Visitor(prefix=self.prefix)
        reader.post("/track/code/", {"reference": sent.reference, "code": code_of(sent)})
        self.carry(reader.client)
        self.goto("receipt by its code", self.address("feedback:sent", sent.reference))

    def _closed_links(self) -> None:
        self.walk.carry({})
        for name in ("track-link", "asked", "consent", "survey"):
            path = self.address(f"feedback:{name}", "unknown")
            self.goto(f"{name} is closed", path, status=404)
        self.goto("nobody is signed in", self.address("feedback:tracked"), status=404)

    def _followed(self) -> None:
        for name in ("next stage", "speaking"):
            live = OTHERS[name](self.world.house)
            self.carry(live.client)
            self.walk.visit(name, f"{self.prefix}{live.path}", spoils=name != "next stage")
        self.goto("with an answer", self.address("feedback:tracked"))

    def _followed_for_them(self) -> None:
        self.carry(speaks_for(self.world.house, answered(self.world.house)).client)
        for name in FOR_THEM:
            self.goto(f"speaker: {name}", self.address(f"feedback:{name}"))

    def _waiting(self) -> None:
        self.walk.carry({})
        page = self.walk.page
        for _ in range(12):
            Client().post("/track/", {"reference": "KX7M-2QPD-6", "how": "code"})
        page.goto(f"{self.walk.url}{self.address('feedback:track')}")
        page.locator("input[name=reference]").fill("KX7M-2QPD-6")
        page.locator("input[type=radio]").last.check()
        self.press("there were many tries")

    def _shut(self) -> None:
        """Close the pages to everybody, and then the form: nothing is looked at after that."""
        Landlord.objects.update(following_closed_at=NOW, following_notice="")
        self.goto("nobody follows a complaint", self.address("feedback:track"), status=503)
        path = self.address("feedback:track-code")
        self.walk.visit("shut, with the code of a form", path, status=503)
        Landlord.objects.update(following_closed_at=None)
        Adoption.objects.all().delete()
        self.goto("the form is not open yet", self.address("feedback:start"), status=503)
