"""The weekly report: when it is due, what it counts, and what its message says (HH-28)."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases.rules.periods import LONDON
from cases.rules.reminders import LONGEST_LIST, working_days

WEEK = timedelta(weeks=1)
# London time, on Monday.
REPORT_HOUR = 7
# How far back a report reaches for what came in while none was made.
LONGEST_GAP = 8 * WEEK
# So much of what a complaint says is shown beside it.
LONGEST_WORDS = 140
# What stands in addresses for no area; no area has such a code.
NO_AREA = "_"
NO_AREA_NAME = "No service area yet"


def week_due(now: datetime) -> date:
    """Return the Monday of the latest week whose report is due at this instant.

    A week runs from Monday to Sunday; its report is due from the next Monday, 07:00 in London.
    """
    local = now.astimezone(LONDON)
    monday = local.date() - timedelta(days=local.weekday())
    if local.date() == monday and local.hour < REPORT_HOUR:
        monday -= WEEK
    return monday - WEEK


def first_day_of(week: date, *, reported: date | None) -> date:
    """Return the first day a report tells of: its own Monday, or the day after the last report's.

    `reported` is the Monday of the last week of which reports were made. After an outage the next
    report tells of the weeks that were missed too, up to LONGEST_GAP.
    """
    if reported is None or reported >= week:
        return week
    return max(reported + WEEK, week - LONGEST_GAP)


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint as a report tells of it: nothing about the customer, none of their words.

    `about` is its category, if it has one that the reader may know. `days` are the working days
    since it was received, `late` those since its next day passed.
    """

    reference: str
    about: str
    stage: str
    status: str
    days: int
    officer: str
    next_due: str
    next_due_on: date | None
    late: int
    is_new: bool
    is_open: bool
    is_answered: bool

    @property
    def received_words(self) -> str:
        """Return how long ago it was received."""
        return ago(self.days)

    @property
    def is_unresolved(self) -> bool:
        """Say whether the customer still waits for an answer to this stage."""
        return self.is_open and not self.is_answered

    @property
    def is_ongoing(self) -> bool:
        """Say whether it is answered and not yet closed."""
        return self.is_open and self.is_answered

    @property
    def is_beyond_target(self) -> bool:
        """Say whether a promise of the procedure is overdue."""
        return self.is_open and self.late > 0


@dataclass(slots=True)
class Figures:
    """How many complaints a report tells of. Open ones are either unresolved or ongoing."""

    new: int = 0
    unresolved: int = 0
    ongoing: int = 0
    beyond_target: int = 0

    def count(self, line: Line) -> None:
        """Count one complaint."""
        self.new += line.is_new
        self.unresolved += line.is_unresolved
        self.ongoing += line.is_ongoing
        self.beyond_target += line.is_beyond_target


@dataclass(frozen=True, slots=True)
class Heading:
    """Whose complaints a report tells of, of which days, and why it comes to its reader.

    `area` is empty for those that have no service area yet. `instead_of` is the colleague who is
    away and for whom the reader stands in.
    """

    area: str
    first_day: date
    last_day: date
    as_at: datetime
    instead_of: str = ""
    is_unmanaged: bool = False

    @property
    def days(self) -> str:
        """Return the days in words: Mon 16 Nov to Sun 22 Nov 2026."""
        first = f"{self.first_day:%a %-d %b}"
        if self.first_day.year != self.last_day.year:
            first += f" {self.first_day:%Y}"
        return f"{first} to {self.last_day:%a %-d %b %Y}"

    @property
    def which(self) -> str:
        """Return which complaints these are, after the word."""
        return f"in {self.area}" if self.area else "without a service area"

    @property
    def why(self) -> str:
        """Return why it comes to this reader, or nothing for the area's own manager."""
        if self.instead_of:
            return f"This comes to you because you stand in for {self.instead_of}."
        if not self.area:
            return "This comes to you because no line manager is told of them yet."
        if self.is_unmanaged:
            return "This comes to you because no line manager of the area can be reached."
        return ""


def report_message(
    heading: Heading,
    figures: Figures,
    lines: Sequence[Line],
    *,
    more: int,
    page: str,
    address: Callable[[str], str],
) -> tuple[str, str]:
    """Return subject and body of the message. `more` complaints are told only by their number.

    `page` is the address of the report, `address` gives that of a complaint.
    """
    as_at = heading.as_at.astimezone(LONDON)
    parts = [
        f"Complaints {heading.which}, {heading.days}, as they stood on {as_at:%a %-d %b %Y} "
        f"at {as_at:%-H:%M}.",
        heading.why,
        f"New: {figures.new}\nUnresolved: {figures.unresolved}\nOngoing: {figures.ongoing}\n"
        f"Overdue: {figures.beyond_target}",
        page,
        *(f"{told(line)}\n{address(line.reference)}" for line in lines[:LONGEST_LIST]),
        "" if lines else "There are no open complaints, and none came in.",
        f"And {more:,} more, which are listed on the page of the report." if more else "",
    ]
    body = "\n\n".join(part for part in parts if part) + "\n"
    return f"Weekly report: complaints {heading.which}, {heading.days}", body


def told(line: Line) -> str:
    """Return one complaint in a sentence or two."""
    officer = line.officer or "nobody responsible yet"
    parts = (
        f"{line.reference}:",
        f"{line.about}." if line.about else "",
        f"{line.stage}, {line.status.lower()}, {officer}, received {ago(line.days)}.",
        next_step(line),
        "New." if line.is_new else "",
    )
    return " ".join(part for part in parts if part)


def first_words(text: str) -> str:
    """Return the first line of a text, cut at a word where it is long."""
    return textwrap.shorten(text.strip().partition("\n")[0], LONGEST_WORDS, placeholder=" …")


def ago(days: int) -> str:
    """Return how many working days ago something was: today, or since the last one, it is none."""
    return f"{working_days(days)} ago" if days else "less than a working day ago"


def next_step(line: Line) -> str:
    """Return what is to be done next and by when, as lists say it, or nothing."""
    if not line.next_due:
        return ""
    if line.next_due_on is None:
        return f"Next: {line.next_due}."
    day = f"{line.next_due_on:%a %-d %b %Y}"
    late = f", overdue by {working_days(line.late)}" if line.is_beyond_target else ""
    return f"Next: {line.next_due}, due {day}{late}."
