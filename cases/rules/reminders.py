"""Reminders of a promise: which have come, when the next comes, and what they say."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.terms import Reminder

# A warning with so many working days left, or more, chases whoever is responsible (HH-29).
CHASED_BEFORE = 5
# A message lists at most so many reminders, and tells the number of the rest.
LONGEST_LIST = 200


def reminders_come(
    reminders: Iterable[Reminder],
    due_on: date,
    calendar: WorkingCalendar,
    *,
    since: date,
    today: date,
) -> list[Reminder]:
    """Return the reminders whose day lies from `since` to today, in the order of their days."""
    days = [(calendar.add_working_days(due_on, each.days), each.days, each) for each in reminders]
    come = [each for each in days if since <= each[0] <= today]
    return [reminder for _, _, reminder in sorted(come, key=lambda each: each[:2])]


def next_reminder_on(
    reminders: Iterable[Reminder], due_on: date, calendar: WorkingCalendar, *, today: date
) -> date | None:
    """Return the first day after today on which somebody is to be reminded, or nothing."""
    days = (calendar.add_working_days(due_on, each.days) for each in reminders)
    return min((day for day in days if day > today), default=None)


@dataclass(frozen=True, slots=True)
class Told:
    """One promise of which somebody is reminded.

    `left` is the number of working days until its day, negative when it is overdue;
    `outstanding` how many have passed since its period began. `is_chase`: the reader is to
    answer the customer at once.
    """

    reference: str
    stage: str
    promise: str
    due_on: date
    left: int
    outstanding: int
    is_chase: bool = False


def standing(told: Told) -> str:
    """Return in words how long is left or how late it is."""
    if told.left < 0:
        return f"overdue by {working_days(-told.left)}"
    if told.left == 0:
        return "due today"
    return f"{working_days(told.left)} left"


def working_days(count: int) -> str:
    """Return the number with its unit."""
    return f"{count} working day{'' if count == 1 else 's'}"


def reminder_message(
    reminders: Sequence[Told], *, more: int, address: Callable[[str], str], home: str
) -> tuple[str, str]:
    """Return subject and body of the message that tells one person of one or more reminders.

    It names references and days and nothing about customers. `more` are told only by their
    number. `address` gives the address of a complaint's page; at `home` the reader signs in.
    """
    if len(reminders) == 1 and not more:
        return _single(reminders[0], address)
    return _digest(reminders, more, address, home)


def _single(told: Told, address: Callable[[str], str]) -> tuple[str, str]:
    subject = f"Complaint {told.reference}: {standing(told)}"
    promise = f"“{told.promise}” ({told.stage})"
    if told.is_chase:
        words = (
            f"Complaint {told.reference} has been outstanding for "
            f"{working_days(told.outstanding)}, with {working_days(told.left)} left to resolve "
            f"it: {promise} is due on {told.due_on:%A %-d %B %Y}.\n\n"
            "Respond to the customer immediately. Offer an apology and give the reasons for the "
            "delay."
        )
    elif told.left < 0:
        words = (
            f"Complaint {told.reference} is {standing(told)}: {promise} was due on "
            f"{told.due_on:%A %-d %B %Y}."
        )
    elif told.left == 0:
        words = f"Complaint {told.reference}: {promise} is due today, {told.due_on:%A %-d %B %Y}."
    else:
        words = (
            f"Complaint {told.reference}: {promise} is due on {told.due_on:%A %-d %B %Y}, "
            f"with {standing(told)}."
        )
    return subject, f"{words}\n\n{address(told.reference)}\n"


def _digest(
    reminders: Sequence[Told], more: int, address: Callable[[str], str], home: str
) -> tuple[str, str]:
    one = {each.reference for each in reminders} == {reminders[0].reference}
    number = len(reminders) + more
    about = f"Complaint {reminders[0].reference}" if one and not more else "Complaints"
    lines = [_line(each, address) for each in reminders]
    if more:
        lines.append(f"And {more:,} more, which are not listed here. Sign in to see them all.")
    if any(each.is_chase for each in reminders):
        lines.append(
            "Where it says “respond immediately”, offer the customer an apology and give the "
            "reasons for the delay."
        )
    return f"{about}: {number:,} deadlines need attention", "\n\n".join([*lines, home]) + "\n"


def _line(told: Told, address: Callable[[str], str]) -> str:
    chase = " Respond immediately." if told.is_chase else ""
    return (
        f"{told.reference}, {told.stage}: “{told.promise}” {standing(told)} "
        f"({told.due_on:%A %-d %B %Y}).{chase}\n{address(told.reference)}"
    )
