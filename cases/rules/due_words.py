"""How far a promise has come, in the words that staff use: "day 7 of 10, due Fri 27 Nov"."""

from dataclasses import dataclass
from datetime import date

from cases.rules.calendars import WorkingCalendar

# A promise due within so many working days is marked before its time.
SOON_DAYS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """How a promise stands on a day: in words, and the tone that goes with them."""

    words: str
    tone: str


def standing(
    due_on: date | None,
    *,
    today: date,
    calendar: WorkingCalendar,
    began_on: date | None = None,
    in_working_days: bool = True,
) -> Standing:
    """Return how far a promise has come that counts from `began_on`, its day 0.

    `in_working_days` says what its period is counted in. Days late and days left are always
    working days.
    """
    if due_on is None:
        return Standing("No date set", "grey")
    if due_on < today:
        late = calendar.working_days_between(due_on, today)
        return Standing(f"Overdue by {_days(late)}" if late else "Overdue", "red")
    if due_on == today:
        return Standing("Due today", "amber")
    tone = "amber" if due_on <= soon_until(today, calendar) else "grey"
    return Standing(_progress(due_on, today, calendar, began_on, in_working_days), tone)


def offer_standing(until: date, *, today: date) -> Standing:
    """Return how an offer stands that is the customer's to answer: never as late."""
    if until < today:
        return Standing("Open no longer: record what became of it", "amber")
    return Standing("Open to the customer until", "grey")


def soon_until(today: date, calendar: WorkingCalendar) -> date:
    """Return the last day on which something is due soon."""
    return calendar.add_working_days(today, SOON_DAYS)


def told(due_on: date, how: Standing) -> str:
    """Return the whole of it in one piece: "day 7 of 10, due Fri 27 Nov 2026"."""
    return f"{how.words}, due {due_on:%a %-d %b %Y}"


def _progress(
    due_on: date,
    today: date,
    calendar: WorkingCalendar,
    began_on: date | None,
    in_working_days: bool,
) -> str:
    if began_on is not None and began_on <= today:
        if in_working_days:
            gone = calendar.working_days_between(began_on, today)
            whole = calendar.working_days_between(began_on, due_on)
        else:
            gone, whole = (today - began_on).days, (due_on - began_on).days
        # A promise that ends before its first working day has no first day to be on.
        if whole > 0:
            return f"day {gone} of {whole}"
    left = calendar.working_days_between(today, due_on)
    return f"{_days(left)} left"


def _days(count: int) -> str:
    return "1 working day" if count == 1 else f"{count} working days"
