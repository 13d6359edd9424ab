"""What Hypothesis draws from: calendars, periods, and the events of a complaint."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import strategies as st

from cases.rules.acts import Act
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind, Outcome, PanelDecision
from cases.rules.letter_approvals import Decision
from cases.rules.periods import Period, Unit
from cases.rules.procedure_files import read_shipped, shipped_codes, terms_from
from cases.rules.promises import PromiseKind

FIRST = date(2024, 1, 1)
# Sixty and sixty days more, of one working day a week, do not lead out of it.
LAST = date(2029, 12, 31)
TERMS = {code: terms_from(read_shipped(code)) for code in shipped_codes()}

days = st.dates(min_value=date(2026, 1, 1), max_value=date(2026, 12, 31))
working_weeks = st.frozensets(st.integers(0, 6), min_size=1)
counts = st.integers(0, 60)

calendars = st.builds(
    lambda weekdays, holidays, closures: WorkingCalendar(
        weekdays=weekdays,
        holidays=dict.fromkeys(holidays, "Holiday"),
        closures=dict.fromkeys(closures, "Closure"),
        first=FIRST,
        last=LAST,
    ),
    working_weeks,
    st.frozensets(days, max_size=20),
    st.frozensets(days, max_size=20),
)

rolling = st.builds(
    Period,
    st.integers(1, 40),
    st.sampled_from([Unit.CALENDAR_DAYS, Unit.WEEKS]),
    st.booleans(),
) | st.builds(Period, st.integers(1, 18), st.just(Unit.MONTHS), st.booleans())
periods = (
    rolling
    | st.builds(Period, st.integers(-40, 60), st.just(Unit.WORKING_DAYS))
    | st.builds(Period, st.integers(1, 31), st.just(Unit.DAY_OF_NEXT_MONTH))
)

RECEIVED_ON = date(2026, 6, 8)
STORY_KINDS = sorted(set(EventKind) - {EventKind.RECEIVED, EventKind.CALENDAR_ADOPTED})


later_days = st.integers(0, 120).map(lambda n: (RECEIVED_ON + timedelta(days=n)).isoformat())
outcomes = st.sampled_from([None, *Outcome])
letters = {"outcome": outcomes, "channel": st.sampled_from(["post", "email", "phone"])}
decisions = st.sampled_from([None, *PanelDecision])
# What an event of a kind may carry; `None` is left out.
FACTS = {
    EventKind.RESPONDED: letters,
    EventKind.RESOLVED: letters,
    EventKind.OUTCOME_SENT: {**letters, "panel_decision": decisions},
    EventKind.CLOSED: {"outcome": outcomes},
    EventKind.EXTENDED: {"new_due_on": later_days},
    EventKind.AGREED_DATE: {"new_due_on": later_days},
    EventKind.WINDOW_EXTENDED: {"new_due_on": later_days},
    EventKind.HEARING_ARRANGED: {"hearing_on": later_days},
    EventKind.ESCALATION_REQUESTED: {"in_time": st.sampled_from([True, False, None])},
    EventKind.ASSIGNED: {"officer": st.sampled_from([None, 1, 2]), "area": st.just(1)},
    EventKind.CORRECTED: {
        "target": st.integers(2, 9),
        "on": st.integers(-3, 60).map(lambda n: (RECEIVED_ON + timedelta(days=n)).isoformat()),
    },
    EventKind.RETRACTED: {"target": st.integers(2, 9)},
    EventKind.COMPENSATION_DECIDED: {"award": st.integers(2, 9), "approved": st.booleans()},
    EventKind.COMPENSATION_OFFERED: {"award": st.integers(2, 9)},
    EventKind.LETTER_PROPOSED: {
        "act": st.sampled_from([Act.RESPOND.value, Act.EXTEND.value]),
        "letter_kind": st.just("response"),
        "replaces": st.sampled_from([None, *range(2, 10)]),
    },
    EventKind.LETTER_DECIDED: {
        "proposal": st.integers(2, 9),
        "act": st.just(Act.RESPOND.value),
        "decision": st.sampled_from([each.value for each in Decision]),
    },
    EventKind.PROMISED: {"due_on": later_days, "kind": st.sampled_from([None, *PromiseKind])},
    EventKind.PROMISE_MOVED: {"promise": st.integers(2, 9), "new_due_on": later_days},
    EventKind.PROMISE_GIVEN: {"promise": st.integers(2, 9), "officer": st.just(2)},
    EventKind.PROMISE_KEPT: {"promise": st.integers(2, 9)},
    EventKind.PROMISE_WITHDRAWN: {"promise": st.integers(2, 9)},
}


@st.composite
def histories(
    draw: st.DrawFn, *, kinds: list[EventKind] = STORY_KINDS, longest: int = 12
) -> list[Event]:
    """Draw a receipt and whatever may be recorded after it, sensible or not."""
    events = [Event(1, EventKind.RECEIVED, RECEIVED_ON, facts={"calendar": 1})]
    for number in range(2, draw(st.integers(1, longest)) + 2):
        kind = draw(st.sampled_from(kinds))
        on = RECEIVED_ON + timedelta(days=draw(st.integers(-2, 90)))
        at = draw(st.sampled_from([None, datetime.combine(on, time(9 + number % 8), UTC)]))
        stage = draw(
            st.sampled_from(["", "", "initial", "stage-1", "stage-2", "stage-3", "stage-9"])
        )
        visit = draw(st.sampled_from([0, 0, 0, 1, 2])) if stage else 0
        actor = draw(st.sampled_from([None, 1, 2, 3]))
        drawn = draw(st.fixed_dictionaries(FACTS.get(kind, {})))
        given = {name: value for name, value in drawn.items() if value is not None}
        events.append(Event(number, kind, on, at, stage, visit, actor, given))
    return events
