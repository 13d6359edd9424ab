"""Short ways to tell a complaint's history in a test and to ask what became of it."""

from calendar import month_abbr
from datetime import date
from typing import Any

from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.replay import replay
from cases.rules.state import CaseState, Deadline
from cases.tests.rules.strategies import TERMS

ENGLAND = national_calendar(Nation.ENGLAND_AND_WALES)
Told = tuple[str, str] | tuple[str, str, dict[str, Any]]


def day(text: str) -> date:
    """Return the day: "8 Jun" is in 2026, "8 Jan 2027" where it says."""
    parts = text.split()
    year = int(parts[2]) if len(parts) > 2 else 2026
    return date(year, list(month_abbr).index(parts[1]), int(parts[0]))


def events(*told: Told) -> list[Event]:
    """Return events, each told as its code, its day, and facts with `stage` and `actor` if any."""
    found = []
    for number, each in enumerate(told, 1):
        code, on, *more = each
        facts = dict(more[0]) if more else {}
        stage, visit = facts.pop("stage", ""), facts.pop("visit", 0)
        actor = facts.pop("actor", None)
        if code == "received":
            facts.setdefault("calendar", 1)
        for name in ("new_due_on", "hearing_on", "posted_on", "on"):
            if name in facts:
                facts[name] = day(facts[name]).isoformat()
        kind = EventKind(code)
        found.append(Event(number, kind, day(on), None, stage, visit, actor, facts))
    return found


def happened(
    code: str, *told: Told, calendars: dict[int, WorkingCalendar] | None = None
) -> CaseState:
    """Return where a complaint stands under a shipped procedure after these events."""
    return replay(TERMS[code], events(*told), calendars or {1: ENGLAND})


def promise(state: CaseState, code: str, *, stage: str = "", visit: int | None = None) -> Deadline:
    """Return one deadline, of the current stage unless another is named."""
    found = state.deadline(stage or state.stage, code, visit)
    assert found is not None, f"{stage or state.stage} has no {code}"
    return found


def due(state: CaseState, code: str, *, stage: str = "", visit: int | None = None) -> str:
    """Return the day a promise is due, as "8 Jun"."""
    on = promise(state, code, stage=stage, visit=visit).due_on
    return f"{on:%-d %b}" if on else "not known"


def became(state: CaseState, code: str, *, stage: str = "", visit: int | None = None) -> str:
    """Return what became of a promise."""
    return promise(state, code, stage=stage, visit=visit).state.value
