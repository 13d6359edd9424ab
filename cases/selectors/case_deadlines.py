"""The promises and windows of a complaint as its page tells them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cases.rules.calendars import WEEKDAY_NAMES, WorkingCalendar
from cases.rules.due_words import standing
from cases.rules.explanation import Explanation, explain
from cases.rules.foresight import in_full
from cases.rules.periods import Unit
from cases.rules.promises import is_offer
from cases.rules.state import Deadline, DeadlineState
from cases.selectors.case_history import CaseHistory

_STATES = {
    DeadlineState.WAITING: "Not begun",
    DeadlineState.MET: "Done in time",
    DeadlineState.MET_LATE: "Done late",
    DeadlineState.OVERTAKEN: "Not needed any more",
    DeadlineState.NEVER_DONE: "Never done",
    DeadlineState.LIFTED: "No longer needed",
    DeadlineState.VOID: "Without effect",
    DeadlineState.USED: "Used",
}
# What became of an offer of compensation that stayed open to the customer.
_OFFERS = {DeadlineState.USED: "Answered", DeadlineState.LIFTED: "Withdrawn"}
_TONES = {
    DeadlineState.MET: "green",
    DeadlineState.USED: "green",
    DeadlineState.MET_LATE: "orange",
    DeadlineState.NEVER_DONE: "orange",
}


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a counted period: its number, or why it was skipped."""

    on: date
    number: int | None
    why: str
    is_start: bool = False
    is_due: bool = False
    is_today: bool = False

    @property
    def why_words(self) -> str:
        """Return why it is not counted, beside the name of its weekday."""
        is_weekend = self.on.weekday() >= 5 and self.why == WEEKDAY_NAMES[self.on.weekday()]
        return "weekend" if is_weekend else self.why


@dataclass(frozen=True, slots=True)
class DeadlineLine:
    """A promise or a window: whose, by when, how it stands, and why that day."""

    deadline: Deadline
    stage: str
    words: str
    binds: str
    due_on: date | None
    status: str
    tone: str
    explanation: Explanation | None = None
    weeks: tuple[tuple[DayCell | None, ...], ...] = ()

    @property
    def was_due_on(self) -> date | None:
        """Return the day first promised, where it has moved."""
        moved = self.deadline.original_due_on != self.due_on
        return self.deadline.original_due_on if moved else None

    @property
    def stay(self) -> tuple[str, int]:
        """Return the stay in a stage to which it belongs."""
        return self.deadline.stage, self.deadline.visit

    @property
    def stage_words(self) -> str:
        """Return the stage, and which stay in it where it is not the first."""
        again = self.deadline.visit
        return self.stage if again == 1 else f"{self.stage}, stay {again}"

    @property
    def is_soon(self) -> bool:
        """Say whether it needs attention before its day."""
        return self.tone == "amber"

    @property
    def anchor(self) -> str:
        """Return the name under which a page leads to it."""
        return f"{self.deadline.stage}-{self.deadline.visit}-{self.deadline.code}"


def deadline_lines(history: CaseHistory, *, today: date, explained: bool) -> list[DeadlineLine]:
    """Return every promise and window of every stay, those that bind somebody now first.

    `explained`: with the counting of each; otherwise of those of the current stay alone.
    """
    state = history.state
    here = (state.stage, state.visit)
    lines = [
        _line(each, history, today, explained or (each.stage, each.visit) == here)
        for each in state.deadlines
    ]
    return sorted(lines, key=_place)


def next_deadline(lines: Sequence[DeadlineLine]) -> DeadlineLine | None:
    """Return the promise that binds the landlord now and is due first."""
    live = [
        line
        for line in lines
        if line.deadline.is_live and line.due_on and not line.deadline.is_internal
    ]
    return min(live, key=lambda line: line.due_on or date.max, default=None)


def _place(line: DeadlineLine) -> tuple[bool, bool, date]:
    deadline = line.deadline
    is_over = deadline.state not in (DeadlineState.OPEN, DeadlineState.WAITING)
    return is_over, deadline.is_window, line.due_on or date.max


def _line(
    deadline: Deadline, history: CaseHistory, today: date, is_explained: bool
) -> DeadlineLine:
    calendar = history.editions[deadline.calendar]
    status, tone = _standing(deadline, today, calendar)
    is_explained = is_explained and deadline.anchor is not None
    version = history.complaint.procedure_version.number
    why = explain(deadline, history.terms, version, calendar) if is_explained else None
    return DeadlineLine(
        deadline=deadline,
        stage=history.terms.stage(deadline.stage).name,
        words=deadline.words,
        binds="the customer" if deadline.binds is None else f"the {deadline.binds.words}",
        due_on=deadline.due_on,
        status=status,
        tone=tone,
        explanation=why,
        weeks=_weeks(why, today) if why else (),
    )


def _standing(deadline: Deadline, today: date, calendar: WorkingCalendar) -> tuple[str, str]:
    """Return how it stands in words, and the tone of them."""
    due = deadline.due_on
    if deadline.state is not DeadlineState.OPEN or due is None:
        words = _STATES.get(deadline.state, "Not begun")
        words = _OFFERS.get(deadline.state, words) if is_offer(deadline) else words
        on = f", {in_full(deadline.met_on)}" if deadline.met_on else ""
        return f"{words}{on}", _TONES.get(deadline.state, "grey")
    if deadline.is_window:
        return _open_window(deadline, due, today)
    return promise_words(deadline, due, today, calendar)


def _open_window(window: Deadline, due: date, today: date) -> tuple[str, str]:
    if window.is_earliest:
        return f"From {in_full(due)}", "grey"
    if today > due:
        return f"Ended on {in_full(due)}", "grey"
    return f"Open until {in_full(due)}", "blue"


def promise_words(
    deadline: Deadline, due: date, today: date, calendar: WorkingCalendar
) -> tuple[str, str]:
    """Return how a live promise stands: "day 7 of 10, 3 working days left", and its tone."""
    how = standing(
        due,
        today=today,
        calendar=calendar,
        began_on=deadline.anchor.on if deadline.anchor else None,
        in_working_days=deadline.period.unit is Unit.WORKING_DAYS,
    )
    if not how.words.startswith("day "):
        return how.words, how.tone
    left = calendar.working_days_between(today, due)
    return f"{how.words}, {left} working day{'' if left == 1 else 's'} left", how.tone


def _weeks(why: Explanation, today: date) -> tuple[tuple[DayCell | None, ...], ...]:
    """Return the counted days as the weeks of a calendar, Monday first."""
    counting = why.counting
    if counting is None:
        return ()
    lines = {line.day: line for line in counting.days}
    first, last = min([*lines, counting.start]), max([*lines, counting.start])
    found = []
    day = first - timedelta(days=first.weekday())
    while day <= last:
        week = [day + timedelta(days=n) for n in range(7)]
        found.append(tuple(_cells(week, first, last, why, today)))
        day += timedelta(days=7)
    return tuple(found)


def _cells(
    week: Sequence[date], first: date, last: date, why: Explanation, today: date
) -> Iterator[DayCell | None]:
    counting = why.counting
    lines = {line.day: line for line in counting.days} if counting else {}
    for day in week:
        if not first <= day <= last or counting is None:
            yield None
            continue
        line = lines.get(day)
        yield DayCell(
            on=day,
            number=0 if day == counting.start else (line.number if line else None),
            why=line.skipped_because if line else "",
            is_start=day == counting.start,
            is_due=day == counting.due,
            is_today=day == today,
        )
