"""What comes after its day, for every timescale of every procedure: none is met late unnoticed."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from cases.rules.acts import KINDS
from cases.rules.events import Event, EventKind
from cases.rules.lateness import kept_late_by, told_of
from cases.rules.replay import replay
from cases.rules.state import CaseState, Deadline
from cases.rules.terms import ProcedureTerms, Stage, StageKind
from cases.tests.rules.stories import ENGLAND
from cases.tests.rules.strategies import TERMS

pytestmark = pytest.mark.one_database
MONDAY = date(2026, 6, 8)
CALENDARS = {1: ENGLAND}


def every_way_to_keep_one() -> Iterator[pytest.param]:
    """Yield each timescale of each procedure with each event that meets it."""
    for code, terms in TERMS.items():
        for stage in terms.stages:
            for timescale in stage.timescales:
                for kind in timescale.met_by:
                    told = f"{code}, {stage.code}: {timescale.code} by {kind.value}"
                    yield pytest.param(code, stage.code, timescale.code, kind, id=told)


def answer_of(stage: Stage) -> EventKind:
    """Return what answers a stage."""
    if stage.panel:
        return EventKind.OUTCOME_SENT
    is_first = stage.kind is StageKind.INITIAL_CONTACT
    return EventKind.RESOLVED if is_first else EventKind.RESPONDED


class Told:
    """A complaint that is told until a timescale of a stage has its day."""

    def __init__(self, terms: ProcedureTerms, stage: str, kind: EventKind) -> None:
        self.terms, self.kind = terms, kind
        self.events = [Event(1, EventKind.RECEIVED, MONDAY, facts={"calendar": 1})]
        for to, by_customer in self._way_to(stage):
            if not by_customer:
                self.add(EventKind.PASSED_ON, to)
                continue
            self.add(answer_of(terms.stage(self.state.stage)))
            self.add(EventKind.ESCALATION_REQUESTED, to, in_time=True)
            if kind not in {EventKind.ESCALATION_ACCEPTED, EventKind.ESCALATION_REFUSED}:
                self.add(EventKind.ESCALATION_ACCEPTED)

    def _way_to(self, stage: str) -> list[tuple[str, bool]]:
        """Return the stages after the first, up to this one, and whether the customer asks."""
        ways: list[tuple[str, list[tuple[str, bool]]]] = [(self.terms.first_stage, [])]
        for at, way in ways:
            if at == stage:
                return way
            routes = self.terms.stage(at).routes
            ways += [(route.to, [*way, (route.to, route.by_customer)]) for route in routes]
        raise AssertionError(f"No way leads to {stage}.")

    @property
    def state(self) -> CaseState:
        return replay(self.terms, self.events, CALENDARS)

    def add(self, kind: EventKind, stage: str = "", on: date = MONDAY, **facts: object) -> int:
        number = len(self.events) + 1
        self.events.append(Event(number, kind, on, None, stage, 0, 1, facts))
        return number

    def until_due(self, code: str) -> date:
        """Tell what starts the timescale, and return its day."""
        starts: list[tuple[EventKind, dict[str, object]]] = [
            (EventKind.RECEIVED_BY_TEAM, {}),
            (EventKind.ACKNOWLEDGED, {}),
            (EventKind.HEARING_ARRANGED, {"hearing_on": "2026-08-03", "members": []}),
            (EventKind.HEARING_HELD, {}),
        ]
        for kind, facts in starts:
            if self.deadline(code).due_on is None and kind is not self.kind:
                self.add(kind, **facts)
        due = self.deadline(code).due_on
        assert due is not None
        return due

    def deadline(self, code: str) -> Deadline:
        found = self.state.deadline(self.state.stage, code, self.state.visit)
        assert found is not None
        return found


@pytest.mark.rule("HH-29")
@pytest.mark.parametrize(("code", "stage", "timescale", "kind"), list(every_way_to_keep_one()))
def test_whatever_meets_a_timescale_after_its_day_is_late_and_on_its_day_is_not(
    code, stage, timescale, kind
):
    told = Told(TERMS[code], stage, kind)
    due = told.until_due(timescale)

    number = told.add(kind, on=due)
    assert timescale not in [each.code for each in kept_late_by(told.state, number)]
    told.events.pop()
    number = told.add(kind, on=due + timedelta(days=1))

    late = [each for each in kept_late_by(told.state, number) if each.code == timescale]
    assert len(late) == 1
    assert told_of(late[0])


def test_each_event_that_meets_a_timescale_is_recorded_by_an_act_or_by_logging():
    met_by = {
        kind
        for terms in TERMS.values()
        for stage in terms.stages
        for timescale in stage.timescales
        for kind in timescale.met_by
    }

    assert met_by - set(KINDS.values()) == {EventKind.LOGGED}
