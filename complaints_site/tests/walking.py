"""Going from page to page of the site and looking at each, wide and narrow, right and wrong."""

from dataclasses import dataclass, field

from django.test import Client
from playwright.sync_api import Page

from cases.models import User
from complaints_site.tests.accessibility import (
    ERROR,
    PUBLIC_TARGET,
    STAFF_TARGET,
    findings,
    spaced_findings,
)
from complaints_site.tests.browser import DESK, HEIGHT, PHONE

# Leaves out or spoils every answer of the page's form, and marks the button that sends it. A page
# on which there is nothing to answer is left alone.
SPOIL = """() => {
  const wanted = "textarea, select, input:not([type=hidden], [type=search], [type=file])"
  const asks = (form) => [...form.querySelectorAll(`${wanted}, [type=file]`)]
    .some((each) => each.checkVisibility())
  const form = [...document.querySelectorAll("main form[method=post]")].find(asks)
  const button = form?.querySelector(".govuk-button:not(.govuk-button--secondary)")
  if (!button) {
    return false
  }
  for (const each of form.querySelectorAll(wanted)) {
    if (each.matches("[type=radio], [type=checkbox]")) {
      each.checked = false
    } else if (each.matches("select")) {
      each.selectedIndex = each.options[0].value ? each.selectedIndex : 0
    } else {
      each.value = each.id.endsWith("_day") ? "31" : each.id.endsWith("_month") ? "2" : ""
    }
  }
  button.id = "the-button-that-sends-it"
  return true
}"""


@dataclass
class Walk:
    """Somebody who goes from page to page, and what they found wrong, a line each."""

    page: Page
    url: str
    found: list[str] = field(default_factory=list)
    # What titles begin with where something is wrong, and whether words are set apart too.
    error: str = ERROR
    spaces: bool = False
    # Whether pages are looked at in one width alone, narrow and wide in turn, and every other two
    # by axe. Two who begin in turn at 0 and at 1 see all of it between them.
    in_turn: bool = False
    begins: int = 0
    looks: int = 0

    def sign_in(self, user: User) -> None:
        """Let somebody be signed in."""
        client = Client()
        client.force_login(user)
        self.carry({name: each.value for name, each in client.cookies.items()})

    def carry(self, cookies: dict[str, str]) -> None:
        """Go on with these cookies and no others."""
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in cookies.items()]
        )

    def visit(self, name: str, path: str, *, spoils: bool = True, status: int = 200) -> None:
        """Look at a page, and at the same page with every answer wrong."""
        answer = self.page.goto(f"{self.url}{path}")
        assert answer is not None
        if answer.status != status or "html" not in answer.headers.get("content-type", ""):
            self.found.append(f"{name}: {path} answers {answer.status}")
            return
        self.look(name)
        if spoils and self.page.evaluate(SPOIL):
            with self.page.expect_navigation():
                self.page.locator("#the-button-that-sends-it").click()
            if self.page.locator(".govuk-error-summary").count():
                self.look(f"{name} with mistakes")
            else:
                self.found.append(f"{name}: {path} takes whatever is sent")

    def look(self, name: str) -> None:
        """Check the page shown, wide and narrow, or in one of the two in turn."""
        is_public = self.page.locator("html.house-public").count()
        target = PUBLIC_TARGET if is_public else STAFF_TARGET
        widths, turn = (PHONE, DESK), self.looks
        self.looks += 1
        with_axe = not self.in_turn or (turn // 2 + self.begins) % 2 == 0
        for width in [widths[(turn + self.begins) % 2]] if self.in_turn else widths:
            self.page.set_viewport_size({"width": width, "height": HEIGHT})
            found = findings(self.page, target=target, error=self.error, with_axe=with_axe)
            found += spaced_findings(self.page) if self.spaces else []
            self.found += [f"{name} at {width}: {each}" for each in found]

    def report(self) -> str:
        """Return everything that was found wrong."""
        witness = self.page.witness.findings  # type: ignore[attr-defined]
        return "\n".join([*self.found, *map(str, witness)])
