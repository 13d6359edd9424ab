"""How long a complaint under a version of a procedure takes at most, from a day on."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from cases.models import ProcedureVersion, RecordedEvent
from cases.rules.events import Event
from cases.rules.last_days import on_its_last_days
from cases.rules.periods import LONDON
from cases.selectors.case_deadlines import DeadlineLine, deadline_lines
from cases.selectors.log_page import begun
from cases.selectors.running import current_edition


@dataclass(frozen=True, slots=True)
class LastDays:
    """Every promise and window by stage with its last day, and the day on which all is over."""

    stages: list[tuple[str, list[DeadlineLine]]]
    ends_on: date
    weeks: int


def last_days(version: ProcedureVersion, received_on: date) -> LastDays:
    """Return what is promised in a complaint received on a day, if everybody takes all their time.

    It is received by the team and logged on the same day. One query, for the calendar in force.

    :raises ActionNotAllowed: if the landlord is not set up.
    """
    noon = datetime.combine(received_on, time(12), LONDON)
    history = begun(version, current_edition().pk, received_on, noon, received_on)
    events = on_its_last_days(version.terms, history.events, history.editions)
    later = [_row(each, noon) for each in events[len(history.rows) :]]
    history = replace(history, rows=(*history.rows, *later))
    lines = deadline_lines(history, today=received_on, explained=True)
    stages: dict[str, list[DeadlineLine]] = defaultdict(list)
    for line in sorted(lines, key=lambda each: each.due_on or date.max):
        if line.due_on is not None:
            stages[line.stage_words].append(replace(line, status=_latest(line), tone="grey"))
    ends_on = max(each.on for each in events)
    return LastDays(list(stages.items()), ends_on, (ends_on - received_on).days // 7)


def _row(event: Event, recorded_at: datetime) -> RecordedEvent:
    return RecordedEvent(
        number=event.number,
        kind=event.kind.value,
        on=event.on,
        stage=event.stage,
        visit=event.visit,
        facts=dict(event.facts),
        recorded_at=recorded_at,
    )


def _latest(line: DeadlineLine) -> str:
    if not line.deadline.is_window:
        return "at the latest"
    return "from this day" if line.deadline.is_earliest else "the customer’s last day"
