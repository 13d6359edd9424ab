"""What holds for every history, sensible or not."""

import itertools
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import ABOUT_A_PROMISE, Event, EventKind, PanelDecision
from cases.rules.explanation import explain
from cases.rules.permissions import permitted
from cases.rules.replay import replay
from cases.rules.state import CaseState, DeadlineState, Status
from cases.tests.rules.strategies import RECEIVED_ON, STORY_KINDS, TERMS, histories

CALENDAR = national_calendar(Nation.ENGLAND_AND_WALES)
CLOSED_A_WEEK = WorkingCalendar(
    holidays=CALENDAR.holidays,
    closures={RECEIVED_ON + timedelta(days=n): "Flood" for n in range(14, 19)},
)
EDITIONS = {1: CALENDAR, 2: CLOSED_A_WEEK, 3: CALENDAR}
LAST = RECEIVED_ON + timedelta(days=400)
WINDOWS = {"escalate-by", "ombudsman-from"}
procedures = st.sampled_from(sorted(TERMS))
CORRECTING = {EventKind.CORRECTED, EventKind.RETRACTED}
# A judgement in an event refers to what was recorded before it; these tell only of themselves.
PLAIN_KINDS = [kind for kind in STORY_KINDS if kind not in CORRECTING]
# A promise is known by the number of its event.
UNNUMBERED_KINDS = [
    kind for kind in PLAIN_KINDS if kind not in ABOUT_A_PROMISE | {EventKind.PROMISED}
]


@st.composite
def adopted(draw: st.DrawFn) -> list[Event]:
    """Draw a history in which the calendar changes on the way."""
    events = draw(histories())
    for edition in (2, 3):
        place = draw(st.integers(1, len(events)))
        change = Event(0, EventKind.CALENDAR_ADOPTED, LAST, facts={"calendar": edition})
        events.insert(place, change)
    return [replace(event, number=n) for n, event in enumerate(events, 1)]


def story(state: CaseState) -> dict:
    """Return what the state tells, without the numbers of the events it is told from."""
    return {
        "where": (state.status, state.stage, state.visit, state.closed_on, state.closed_as),
        "found": (state.outcome, state.panel_decision, state.officer, state.area),
        "visits": [replace(visit, began_by=0) for visit in state.visits],
        "moves": [replace(move, number=0) for move in state.transitions],
        "deadlines": [
            (d.stage, d.visit, d.code, d.state, d.original_due_on, d.due_on, d.met_on)
            for d in state.deadlines
        ],
        "handlers": state.handlers,
        "irregular": sorted(words for _, words in state.irregular),
    }


@given(code=procedures, events=adopted())
def test_no_history_is_refused_and_the_same_events_give_the_same_state(code, events):
    assert replay(TERMS[code], events, EDITIONS) == replay(TERMS[code], events, EDITIONS)


@given(code=procedures, events=adopted())
def test_the_explanation_ends_on_the_day_first_promised(code, events):
    state = replay(TERMS[code], events, EDITIONS)

    for deadline in state.deadlines:
        told = explain(deadline, TERMS[code], 1, EDITIONS[deadline.calendar])
        assert all(told.sentences())
        if deadline.promise is not None:
            assert told.counting is None
            assert len(told.moves) == len(deadline.new_days)
        elif deadline.anchor is not None:
            days = [line.day for line in told.counting.days]
            assert (days[-1] if days else deadline.anchor.on) == deadline.original_due_on
            assert len(told.moves) == len(deadline.new_days)


@given(code=procedures, events=adopted())
def test_a_state_agrees_with_itself(code, events):
    state = replay(TERMS[code], events, EDITIONS)

    assert (state.status is Status.CLOSED) == bool(state.closed_on) == bool(state.closed_as)
    assert state.is_open != bool(state.closed_on)
    assert state.stage in TERMS[code].by_code
    assert (state.current.stage, state.current.number) == (state.stage, state.visit)
    stays = Counter((visit.stage, visit.number) for visit in state.visits)
    assert set(stays.values()) == {1}
    for stage, number in stays:
        assert number == 1 or (stage, number - 1) in stays
    promised = Counter((d.stage, d.visit, d.code) for d in state.deadlines)
    assert set(promised.values()) == {1}
    assert {(stage, visit) for stage, visit, _ in promised} <= set(stays)


@given(code=procedures, events=adopted())
def test_every_move_leads_on_from_the_one_before_and_each_event_moves_once(code, events):
    moves = replay(TERMS[code], events, EDITIONS).transitions

    assert moves[0].from_stage == ""
    assert len({move.number for move in moves}) == len(moves)
    for before, after in itertools.pairwise(moves):
        assert after.from_stage == before.to_stage


@given(code=procedures, events=adopted())
def test_what_became_of_a_promise_agrees_with_its_days(code, events):
    state = replay(TERMS[code], events, EDITIONS)

    for each in state.deadlines:
        assert (each.original_due_on is None) == (each.anchor is None)
        assert (each.due_on is None) <= (not each.new_days)
        match each.state:
            case DeadlineState.MET:
                assert each.met_on
                assert each.due_on is None or each.met_on <= each.due_on
            case DeadlineState.MET_LATE:
                assert each.met_on
                assert each.due_on
                assert each.met_on > each.due_on
            case DeadlineState.OPEN:
                assert each.due_on
                assert each.met_on is None
            case DeadlineState.WAITING:
                assert each.met_on is None
            case DeadlineState.USED:
                assert each.is_window
                assert each.met_on
            case _:
                assert each.met_on is None
        assert each.is_window or each.state is not DeadlineState.USED


@given(code=procedures, events=adopted())
def test_a_closed_complaint_binds_nobody_but_by_what_was_promised(code, events):
    state = replay(TERMS[code], events, EDITIONS)

    if not state.is_open:
        assert state.live_deadlines == state.open_promises


@given(code=procedures, events=adopted(), ahead=st.integers(0, 400))
def test_on_every_day_each_act_is_allowed_or_refused_with_a_reason(code, events, ahead):
    state = replay(TERMS[code], events, EDITIONS)

    for act, permission in permitted(
        state, TERMS[code], RECEIVED_ON + timedelta(days=ahead)
    ).items():
        assert permission.act is act
        assert permission.is_allowed == (permission.why_not == "")
        assert permission.roles


@given(code=procedures, events=histories(kinds=UNNUMBERED_KINDS), shuffled=st.randoms())
def test_the_order_of_recording_does_not_matter_where_every_event_has_its_own_day(
    code, events, shuffled
):
    days = [RECEIVED_ON + timedelta(days=2 * n) for n in range(len(events))]
    told = [replace(e, on=day, at=None) for e, day in zip(events, days, strict=True)]
    numbers = list(range(1, len(told) + 1))
    shuffled.shuffle(numbers)
    otherwise = sorted(
        (replace(e, number=n) for e, n in zip(told, numbers, strict=True)),
        key=lambda event: event.number,
    )

    one, other = (replay(TERMS[code], each, EDITIONS) for each in (told, otherwise))

    assert story(one) == story(other)


@given(code=procedures, events=histories(), target=st.integers(2, 9))
def test_striking_out_an_event_is_as_if_it_had_never_been(code, events, target):
    plain = [event for event in events if event.kind not in CORRECTING]
    retraction = Event(99, EventKind.RETRACTED, LAST, facts={"target": target, "kind": "noted"})

    struck = replay(TERMS[code], [*plain, retraction], EDITIONS)
    without = replay(TERMS[code], [e for e in plain if e.number != target], EDITIONS)

    assert story(struck) == story(without)


@given(code=procedures, events=histories(kinds=PLAIN_KINDS), target=st.integers(2, 9))
def test_striking_out_a_retraction_brings_the_event_back(code, events, target):
    struck = Event(98, EventKind.RETRACTED, LAST, facts={"target": target})
    undone = Event(99, EventKind.RETRACTED, LAST, facts={"target": 98})

    state = replay(TERMS[code], [*events, struck, undone], EDITIONS)

    assert story(state) == story(replay(TERMS[code], events, EDITIONS))


@given(code=procedures, events=histories(kinds=UNNUMBERED_KINDS))
@example(
    code="herefordshire",
    events=[
        Event(1, EventKind.RECEIVED, RECEIVED_ON, facts={"calendar": 1}),
        Event(2, EventKind.ACCESS_CHANGED, RECEIVED_ON, stage="stage-3"),
        Event(3, EventKind.ACCESS_CHANGED, RECEIVED_ON + timedelta(days=1), stage="stage-1"),
        Event(
            4,
            EventKind.OUTCOME_SENT,
            RECEIVED_ON + timedelta(days=2),
            stage="stage-3",
            facts={"panel_decision": PanelDecision.RE_INVESTIGATE},
        ),
    ],
)
@example(
    code="herefordshire",
    events=[
        Event(1, EventKind.RECEIVED, RECEIVED_ON, stage="stage-2", facts={"calendar": 1}),
        Event(2, EventKind.ESCALATION_REQUESTED, RECEIVED_ON, facts={"in_time": False}),
        Event(3, EventKind.NOTED, RECEIVED_ON + timedelta(days=1), stage="stage-1"),
        Event(4, EventKind.ESCALATION_REFUSED, RECEIVED_ON + timedelta(days=2), stage="stage-3"),
    ],
)
def test_no_stage_but_the_current_one_goes_on_owing_anything(code, events):
    state = replay(TERMS[code], events, EDITIONS)

    owed = {
        (d.stage, d.visit)
        for d in state.deadlines
        if d.state in (DeadlineState.OPEN, DeadlineState.WAITING) and d.code not in WINDOWS
    }
    assert owed <= ({(state.stage, state.visit)} if state.is_open else set())


@given(code=procedures, events=histories(kinds=PLAIN_KINDS))
def test_a_calendar_adopted_after_everything_is_over_changes_nothing(code, events):
    closed = Event(50, EventKind.CLOSED, RECEIVED_ON + timedelta(days=100))
    change = Event(51, EventKind.CALENDAR_ADOPTED, LAST, facts={"calendar": 2})
    before = replay(TERMS[code], [*events, closed], EDITIONS)
    after = replay(TERMS[code], [*events, closed, change], EDITIONS)

    def duties(state):
        return [d for d in story(state)["deadlines"] if d[2] not in WINDOWS]

    assert duties(before) == duties(after)


@given(code=procedures, events=adopted())
def test_a_window_told_to_a_customer_is_never_shortened_by_a_later_calendar(code, events):
    last = max(event.number for event in events if event.kind is EventKind.CALENDAR_ADOPTED)
    earlier = replay(TERMS[code], [e for e in events if e.number != last], EDITIONS)
    later = replay(TERMS[code], events, EDITIONS)

    told = {(d.stage, d.visit): d.due_on for d in earlier.deadlines if d.code == "escalate-by"}
    for window in later.deadlines:
        before = told.get((window.stage, window.visit))
        answered = [
            e
            for e in later.events
            if e.number < last and e.kind.value == (window.anchor.label if window.anchor else "")
        ]
        if window.code == "escalate-by" and before and answered:
            assert window.due_on >= before or window.anchor.number > last


def test_a_history_without_a_receipt_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="begin with its receipt"):
        replay(TERMS["code-2024"], [Event(1, EventKind.NOTED, date(2026, 6, 8))], EDITIONS)
