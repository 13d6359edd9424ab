"""Somebody who has a keyboard and no mouse, reads everything four times as large, and set apart."""

from typing import Any

from playwright.sync_api import Page, expect

from complaints_site.tests.accessibility import CHECKS, SPACED
from complaints_site.tests.browser import Window

# A window of 1280 by 1024 pixels in which everything is four times as large.
LARGE = {"width": 320, "height": 256}
MOST_TABS = 150
SENDS = "main form button.govuk-button:not(.govuk-button--secondary)"
HAS_FOCUS = "(wanted) => document.activeElement?.matches(wanted) ?? false"
# Whether what has the focus can be seen, at least in part.
IS_SEEN = """() => {
  const box = document.activeElement.getBoundingClientRect()
  return box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth
}"""


class Keys:
    """A window without script, driven by its keyboard; every page is looked at on the way.

    `found` has what was wrong with a page, a line each.
    """

    def __init__(self, open_window: Window, url: str) -> None:
        self.page: Page = open_window(has_script=False)
        self.page.set_viewport_size(LARGE)  # type: ignore[arg-type]
        self.page.add_init_script(f"({SPACED})(true)")
        self.url = url
        self.found: list[str] = []

    def carry(self, cookies: Any) -> None:
        """Go on with the cookies of a client of the tests."""
        self.page.context.add_cookies(
            [{"name": each.key, "value": each.value, "url": self.url} for each in cookies.values()]
        )

    def goto(self, path: str) -> None:
        """Open a page, as by its address."""
        self.page.goto(f"{self.url}{path}")
        self.look()

    def look(self) -> None:
        """Note what is cut off, lies over something else, or has to be pushed sideways."""
        self.page.wait_for_load_state()
        where = self.page.url.removeprefix(self.url)
        if self.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            self.found.append(f"{where} scrolls sideways")
        wrong = self.page.evaluate(CHECKS, {"target": 0, "isEnlarged": True})
        self.found += [f"{where}: {each['check']} {each['words']}" for each in wrong]

    def reach(self, wanted: str) -> None:
        """Go on with the Tab key until what a selector names has the focus.

        :raises AssertionError: if the keyboard does not lead there, or it is not seen then.
        """
        for _ in range(MOST_TABS):
            if self.page.evaluate(HAS_FOCUS, wanted):
                assert self.page.evaluate(IS_SEEN), f"{wanted} has the focus and is not seen"
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not reach {wanted} on {self.page.url}")

    def follow(self, words: str) -> None:
        """Follow a link by what it says."""
        found = self.page.get_by_role("link", name=words).first
        self.reach(f"a[href='{found.get_attribute('href')}']")
        self.enter()

    def enter(self) -> None:
        """Press Enter where the focus is, and look at the page that comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.look()

    def send(self, words: str = "") -> None:
        """Send the form, by the button that says something, or by the one that is first."""
        if words:
            self.page.get_by_role("button", name=words).first.evaluate(
                "(each) => { each.id = 'it' }"
            )
        self.reach("#it" if words else SENDS)
        self.enter()

    def asks(self, name: str) -> bool:
        """Say whether the page asks something."""
        return self.page.locator(f"main [name='{name}']").count() > 0

    def answer(self, name: str, value: str) -> None:
        """Answer a question: type, choose, or tick."""
        asked = self.page.locator(f"main [name='{name}']").first
        kind = asked.evaluate("(each) => each.type")
        if kind == "checkbox":
            is_one = self.page.locator(f"main [name='{name}']").count() == 1
            self.reach(f"[name='{name}']" if is_one else f"[name='{name}'][value='{value}']")
            self.page.keyboard.press("Space")
        elif kind == "radio":
            self._choose(name, value)
        else:
            self.reach(f"[name='{name}']")
            self.page.keyboard.type(value)

    def _choose(self, name: str, value: str) -> None:
        self.reach(f"[name='{name}']")
        wanted = self.page.locator(f"[name='{name}'][value='{value}']")
        number = self.page.locator(f"[name='{name}']").count()
        if not self.page.locator(f"[name='{name}']:checked").count():
            self.page.keyboard.press("Space")
        for _ in range(number):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not choose {value} of {name}")

    def sees(self, words: str) -> None:
        """Wait for words on the page.

        :raises AssertionError: if they do not come.
        """
        expect(self.page.get_by_text(words).first).to_be_visible()
