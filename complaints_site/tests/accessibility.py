"""What a browser test asks of every page: that people can use it.

axe knows the rules that can be read from the page's source. What it passes although people
cannot use it (error links that lead nowhere, pale borders, small targets, words that lie over
each other, a page that scrolls sideways) is looked for by our own checks.
"""

from dataclasses import dataclass
from pathlib import Path

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Request, Response

CHECKS = (Path(__file__).parent / "accessibility.js").read_text()
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# What the title of a page begins with on which something is wrong.
ERROR = "Error: "
# Sets words as far apart as somebody may want them, by a style sheet that no policy forbids.
SPACED = """(isOn) => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: 0.12em !important; "
    + "word-spacing: 0.16em !important } p { margin-bottom: 2em !important }")
  document.adoptedStyleSheets = isOn ? [sheet] : []
}"""
# The rules of axe that depend on where things lie. The others, of which that on contrast takes
# longer than all the rest, find the same at every width where the same is shown in the same
# colours.
LIE = ["target-size", "scrollable-region-focusable"]
# Whether axe has been through this document as it is shown now: the same elements, their names
# and states, in the same colours, their words as large. Remembers it if not.
SEEN_ALREADY = """() => {
  const shown = [...document.querySelectorAll("body *")].filter((each) => each.checkVisibility())
  const drawn = shown.map((each) => {
    const style = getComputedStyle(each)
    const size = parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    const filling = [style.backgroundColor, style.backgroundImage, style.opacity]
    return [each.cloneNode(false).outerHTML, style.color, filling, isLarge]
  })
  const words = document.title + document.body.textContent
  const now = JSON.stringify([drawn, words, document.documentElement.lang])
  const isSeen = window.seenByAxe === now
  window.seenByAxe = now
  return isSeen
}"""
# Runs axe, and returns what breaks a rule. Of words that are drawn alike, as in the rows of a list,
# the contrast is measured once, which takes four fifths of the time of a long page: words that hold
# nothing else, of the same element by tag and class in the same colours and size, and everything
# around them so too, up to the page.
AXE = """async (options) => {
  const drawn = new Map()
  const known = (words) => drawn.set(words, drawn.get(words) ?? drawn.size).get(words)
  const kinds = new Map()
  const kindOf = (element) => {
    if (!element) {
      return 0
    }
    if (!kinds.has(element)) {
      const style = getComputedStyle(element)
      const own = [element.tagName, element.className, style.color, style.backgroundColor,
        style.backgroundImage, style.opacity, style.fontSize, style.fontWeight, style.textShadow,
        style.visibility, style.display, style.position, style.zIndex, style.transform,
        element.matches(":disabled, [aria-disabled=true]"), element.control?.disabled,
        element.type, element.matches(":placeholder-shown")]
      kinds.set(element, known(`${kindOf(element.parentElement)} ${own.join("|")}`))
    }
    return kinds.get(element)
  }
  const first = new Set()
  const alike = [...document.querySelectorAll("body *")].filter((each) => {
    // axe passes over what is hidden, and over a single sign.
    const isTyped = each.matches("input:not([type=hidden]), textarea")
    const isMeasured = each.checkVisibility() && (isTyped || each.textContent.trim().length > 1)
    if (each.childElementCount || !isMeasured || each.closest("svg, script, select")) {
      return false
    }
    const kind = kindOf(each)
    return first.has(kind) || !first.add(kind)
  })
  const mark = "data-measured-elsewhere"
  axe.configure({ rules: [{ id: "color-contrast", selector: `*:not([${mark}])` }] })
  alike.forEach((each) => each.setAttribute(mark, ""))
  const results = await axe.run(document, { runOnly: options, resultTypes: ["violations"] })
  alike.forEach((each) => each.removeAttribute(mark))
  return results.violations
}"""
STAFF_TARGET = 24
PUBLIC_TARGET = 44


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that keeps somebody from using a page: what, in words, and where."""

    check: str
    words: str
    where: str = ""

    def __str__(self) -> str:
        return f"{self.check}: {self.words} {self.where}".strip()


class Witness:
    """Remembers what a page complains of while it loads; ask it after the checks."""

    def __init__(self, page: Page) -> None:
        self.findings: list[Finding] = []
        page.on("console", self.hear)
        page.on("response", self.see)
        page.on("requestfailed", self.miss)
        page.on("pageerror", lambda error: self.add("script", str(error)))

    def add(self, check: str, words: str) -> None:
        """Remember one finding."""
        self.findings.append(Finding(check, words))

    def hear(self, message: ConsoleMessage) -> None:
        """Remember what breaks the Content-Security-Policy."""
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.add("policy", message.text)

    def see(self, response: Response) -> None:
        """Remember files that are asked for and not there."""
        if response.status >= 400 and response.request.resource_type != "document":
            self.add("missing file", response.url)

    def miss(self, request: Request) -> None:
        """Remember style sheets and pictures that did not arrive; scripts are blocked at times."""
        if request.resource_type in {"stylesheet", "image", "font"}:
            self.add("missing file", request.url)


def own_findings(page: Page, *, target: int = STAFF_TARGET, error: str = ERROR) -> list[Finding]:
    """Return what our own checks find, at the size the page has."""
    found = page.evaluate(CHECKS, {"target": target, "isEnlarged": False, "error": error})
    return [Finding(**each) for each in found]


def spaced_findings(page: Page) -> list[Finding]:
    """Return what is cut off or lies over something else with the spaces of WCAG 1.4.12."""
    page.evaluate(SPACED, True)
    found = page.evaluate(CHECKS, {"target": 0, "isEnlarged": True})
    page.evaluate(SPACED, False)
    return [Finding(f"{each['check']} spaced", each["words"], each["where"]) for each in found]


def enlarged_findings(page: Page) -> list[Finding]:
    """Return what is cut off or lies over something else when text is twice its size."""
    root = "document.documentElement.style"
    page.evaluate(f"() => {{ {root}.fontSize = '200%' }}")
    found = page.evaluate(CHECKS, {"target": 0, "isEnlarged": True})
    page.evaluate(f"() => {{ {root}.fontSize = '' }}")
    return [Finding(f"{each['check']} at 200%", each["words"], each["where"]) for each in found]


def axe_findings(page: Page) -> list[Finding]:
    """Return what axe finds.

    What it has seen of the same document, drawn alike in another width, it is not asked again.
    """
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    is_seen = page.evaluate(SEEN_ALREADY)
    rules = {"type": "rule", "values": LIE} if is_seen else RULES
    violations = page.evaluate(AXE, rules)
    return [
        Finding(f"axe {violation['id']}", violation["help"], node["html"][:200])
        for violation in violations
        for node in violation["nodes"]
    ]


def findings(
    page: Page, *, target: int = STAFF_TARGET, error: str = ERROR, with_axe: bool = True
) -> list[Finding]:
    """Return everything that is wrong with the page shown, readable and empty when all is well.

    `target` is the least height of what is touched: STAFF_TARGET or PUBLIC_TARGET; `error` is what
    the title begins with where something is wrong, in the page's language. The page is waited for:
    measured before its style sheet has come, every target is too small. axe, which takes longest,
    may be left out of pages that it has seen elsewhere.
    """
    page.wait_for_load_state()
    found = own_findings(page, target=target, error=error)
    found += axe_findings(page) if with_axe else []
    if page.viewport_size and page.viewport_size["width"] >= 1280:
        found += enlarged_findings(page)
    return found


def report(found: list[Finding]) -> str:
    """Return the findings one under another, as an assertion shows them."""
    return "\n".join(str(finding) for finding in found)
