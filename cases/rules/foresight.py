"""What an act leads to, told as the difference between before and after."""

from collections.abc import Mapping, Sequence
from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event
from cases.rules.replay import replay
from cases.rules.state import CaseState, Deadline, DeadlineState, Status
from cases.rules.terms import ProcedureTerms

Key = tuple[str, int, str]


def what_follows(before: CaseState, after: CaseState, terms: ProcedureTerms) -> list[str]:
    """Return in sentences what is different after an act: its place, its people, its days."""
    return [
        *_place(before, after, terms),
        *_kept(before, after),
        *_promises(before, after),
        *_windows(before, after),
        *_people(before, after),
        *_irregular(before, after),
    ]


def foresee(
    terms: ProcedureTerms,
    recorded: Sequence[Event],
    calendars: Mapping[int, WorkingCalendar],
    event: Event,
) -> list[str]:
    """Return in sentences what would be different if an event were recorded next."""
    before = replay(terms, recorded, calendars)
    return what_follows(before, replay(terms, [*recorded, event], calendars), terms)


def days_off(
    before: CaseState, after: CaseState, calendars: Mapping[int, WorkingCalendar]
) -> list[str]:
    """Return in sentences which days that an act promised are no working days.

    They stand as they were given: an order of the Ombudsman may name a Sunday.
    """
    was = {(_key(each), each.due_on) for each in before.live_deadlines}
    found = {
        each.due_on
        for each in after.live_deadlines
        if each.promise is not None
        and each.due_on is not None
        and (_key(each), each.due_on) not in was
        and not calendars[each.calendar].is_working_day(each.due_on)
    }
    return [f"{in_full(day)} is no working day: have it done before." for day in sorted(found)]


def in_full(day: date) -> str:
    """Return a day as staff read it: "Mon 7 Dec 2026"."""
    return f"{day:%a %-d %b %Y}"


def _place(before: CaseState, after: CaseState, terms: ProcedureTerms) -> list[str]:
    found = []
    moved = (before.stage, before.visit) != (after.stage, after.visit)
    name = terms.stage(after.stage).name
    if after.status is Status.AWAITING_DECISION and before.status is not after.status:
        found.append(f"The request for {name} waits for a decision.")
    elif before.status is Status.AWAITING_DECISION and not moved and after.is_open:
        found.append(f"It goes on at {name}.")
    elif moved and len(after.visits) == len(before.visits):
        found.append(f"It is back at {name}.")
    elif moved and any(v.stage == after.stage for v in before.visits):
        found.append(f"{name} begins anew.")
    elif moved:
        found.append(f"It goes to {name}.")
    if before.is_open and not after.is_open:
        found.append("The complaint is closed.")
    if after.is_open and not before.is_open:
        found.append("The complaint is open again.")
    return found


def _kept(before: CaseState, after: CaseState) -> list[str]:
    was = {_key(each): each for each in before.deadlines}
    found = []
    for each in after.deadlines:
        old = was.get(_key(each))
        if each.is_window or old is None or old.state is each.state or each.due_on is None:
            continue
        if each.state is DeadlineState.MET:
            found.append(f"{each.words}: in time, due {in_full(each.due_on)}.")
        elif each.state is DeadlineState.MET_LATE:
            found.append(f"{each.words}: late, it was due {in_full(each.due_on)}.")
        elif each.state is DeadlineState.LIFTED:
            found.append(f"{each.words}: no longer needed.")
    return found


def _promises(before: CaseState, after: CaseState) -> list[str]:
    was = {_key(each): each.due_on for each in before.live_deadlines}
    found = []
    for each in after.live_deadlines:
        old = was.get(_key(each))
        if each.due_on is None or old == each.due_on:
            continue
        moved = f", instead of {in_full(old)}" if old else ""
        found.append(f"{each.words}: due {in_full(each.due_on)}{moved}.")
    return found


def _windows(before: CaseState, after: CaseState) -> list[str]:
    was = {_key(each): each.due_on for each in before.deadlines if each.is_window}
    return [
        window_words(each)
        for each in after.deadlines
        if each.is_window
        and each.state is DeadlineState.OPEN
        and was.get(_key(each)) != each.due_on
    ]


def window_words(window: Deadline) -> str:
    """Return until when, or from when, the customer may go further; nothing before it began."""
    if window.due_on is None:
        return ""
    # The words of an outside body's window end with its direction.
    until = "" if window.words.endswith(("from", "until")) else " until"
    return f"{window.words}{until} {in_full(window.due_on)}."


def _people(before: CaseState, after: CaseState) -> list[str]:
    if before.officer is not None and after.officer is None and after.is_open:
        return ["It needs a new responsible officer."]
    return []


def _irregular(before: CaseState, after: CaseState) -> list[str]:
    known = set(before.irregular)
    return [
        f"This does not fit: {why}" for number, why in after.irregular if (number, why) not in known
    ]


def _key(deadline: Deadline) -> Key:
    return deadline.stage, deadline.visit, deadline.code
