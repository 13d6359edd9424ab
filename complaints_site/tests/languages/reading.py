"""What a page says, as somebody reads it or has it read out, but for what is marked as English."""

import re
from html.parser import HTMLParser

ENGLISH = "en-gb"
SILENT = frozenset({"script", "style"})
# Elements without an end.
VOID = frozenset({"meta", "link", "input", "br", "img", "path", "hr"})
# Addresses, references and codes, and what a script fills in.
NO_WORDS = re.compile(r"\S+@\S+|https?://\S+|\b[0-9A-Z]{4}(-[0-9A-Z]{4})*(-[0-9A-Z])?\b|%\{\w+\}")
SPOKEN = ("aria-label", "title", "alt", "placeholder")


class Reader(HTMLParser):
    """Reads a page: `said` has every piece of text, whatever its element."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note whether what follows is to be read, and read out what the element itself says."""
        given = {name: value or "" for name, value in attrs}
        told_lang = given.get("lang", "").lower()
        is_shut = tag != "html" and bool(told_lang)
        is_shut = is_shut or tag in SILENT or (bool(self.open) and self.open[-1][1])
        if not is_shut:
            spoken = [value for name, value in given.items() if name.startswith("data-i18n")]
            spoken += [given[name] for name in SPOKEN if name in given]
            self.said += spoken
        if tag not in VOID:
            self.open.append((tag, is_shut))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Read what an element says that is closed at once."""
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        """Go back to what stands around an element."""
        while self.open:
            if self.open.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        """Take what stands between."""
        if data.strip() and not (self.open and self.open[-1][1]):
            self.said.append(" ".join(data.split()))


def said_by(page: str) -> list[str]:
    """Return what a page says."""
    reader = Reader()
    reader.feed(page)
    return reader.said


def left_in_english(page: str, *, data: tuple[str, ...]) -> list[str]:
    """Return what a page says without an accent, but for what somebody typed."""
    found = []
    for text in said_by(page):
        rest = text
        for each in sorted(data, key=len, reverse=True):
            rest = rest.replace(each, " ")
        rest = re.sub(
            r"\S+@\S+|https?://\S+|\b[0-9A-Z]{4}(-[0-9A-Z]{4})*(-[0-9A-Z])?\b|%\{\w+\}", " ", rest
        )
        if re.search(r"[A-Za-z]{2}", rest):
            found.append(text)
    return found
