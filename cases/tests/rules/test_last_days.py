"""How long a procedure takes if everybody takes all their time."""

import pytest

from cases.rules.events import EventKind
from cases.rules.last_days import MOST, on_its_last_days
from cases.rules.replay import replay
from cases.rules.state import DeadlineState
from cases.tests.rules.stories import ENGLAND, day, events
from cases.tests.rules.strategies import TERMS

pytestmark = pytest.mark.one_database
CALENDARS = {1: ENGLAND}
BEGUN = (("received", "8 Jun"), ("received_by_team", "8 Jun"), ("logged", "8 Jun"))


def whole_way(code: str):
    """Return what happens to a complaint of Monday 8 June, and where that leaves it."""
    found = on_its_last_days(TERMS[code], events(*BEGUN), CALENDARS)
    return found, replay(TERMS[code], found, CALENDARS)


@pytest.mark.parametrize("code", sorted(TERMS))
def test_every_promise_is_kept_on_its_last_day_and_every_stage_is_reached(code):
    found, state = whole_way(code)

    assert len(found) < MOST
    assert state.irregular == ()
    assert {visit.stage for visit in state.visits} == {each.code for each in TERMS[code].stages}
    assert state.answered_on == found[-1].on
    promises = [each for each in state.deadlines if not each.is_window]
    assert {each.state for each in promises} == {DeadlineState.MET}
    # What one act keeps together is kept on the day of the one that is due first.
    on_the_day = [each for each in promises if each.met_on == each.due_on]
    assert len(on_the_day) >= len(promises) - 1


@pytest.mark.rule("K3-9")
def test_three_stages_with_a_hearing_take_until_the_middle_of_august():
    found, _ = whole_way("kht-three-stage")

    # Acknowledged in 3 working days, answered in 5; asked in 10, answered in 5; heard in 10.
    told = {(each.kind, each.on) for each in found}
    assert (EventKind.ACKNOWLEDGED, day("11 Jun")) in told
    assert (EventKind.RESPONDED, day("15 Jun")) in told
    assert (EventKind.ESCALATION_REQUESTED, day("29 Jun")) in told
    assert (EventKind.HEARING_HELD, day("7 Aug")) in told


def test_the_two_stages_of_the_code_take_forty_working_days():
    found, state = whole_way("code-2024")

    # 5 and 10 working days, then 5 and 20.
    assert [each.on for each in found[3:]] == [
        day("15 Jun"),
        day("29 Jun"),
        day("29 Jun"),
        day("6 Jul"),
        day("3 Aug"),
    ]
    assert ENGLAND.working_days_between(day("8 Jun"), state.answered_on) == 40


def test_a_request_is_decided_before_its_hearing_is_arranged():
    found, _ = whole_way("first-ark-panel")

    kinds = [each.kind for each in found]
    assert kinds.index(EventKind.ESCALATION_ACCEPTED) < kinds.index(EventKind.HEARING_ARRANGED)
