"""From the instant of the customer's words to the day a promise is due, counted twice (P5).

The second count shares nothing with the first: London's summer time by the law that sets it, the
days one by one, and what each procedure promises written out here from the landlords' documents.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.events import Event, EventKind
from cases.rules.periods import london_day
from cases.rules.replay import replay
from cases.tests.rules.slow_counter import count_on, published_holidays
from cases.tests.rules.strategies import TERMS

pytestmark = [pytest.mark.promise("P5"), pytest.mark.one_database]

PASSED_ON, ASKED = EventKind.PASSED_ON, EventKind.ESCALATION_REQUESTED
ACKNOWLEDGED, CONTACTED = EventKind.ACKNOWLEDGED, EventKind.CONTACTED
CALENDARS = {nation: national_calendar(nation) for nation in Nation}
OFF = {nation: published_holidays(nation) for nation in Nation}


@dataclass(frozen=True)
class Promise:
    """Within so many working days of the day its stage begins, which is reached by these moves.

    `after`: it counts from an act, or while there is none from the last of so many days for it;
    `in_time`: never from a day later than that. `of_receipt`: it counts from the first day of all.
    `moves_out`: an extension moves it.
    """

    procedure: str
    moves: tuple[EventKind, ...]
    code: str
    days: int
    after: tuple[EventKind | None, int] | None = None
    of_receipt: bool = False
    moves_out: bool = False
    in_time: bool = False


def _answer(procedure, moves, days, after=None, *, code="respond", of_receipt=False):
    return Promise(procedure, moves, code, days, after, of_receipt, moves_out=True)


PROMISES = (
    Promise("kht-three-stage", (), "acknowledge", 3),
    _answer("kht-three-stage", (), 5),
    _answer("kht-three-stage", (ASKED,), 5),
    Promise("kht-three-stage", (ASKED, ASKED), "hold-hearing", 10),
    Promise("kht-three-stage", (ASKED, ASKED), "inform-outcome", 5, after=(None, 10)),
    Promise("first-ark-panel", (), "first-contact", 1),
    Promise("first-ark-panel", (), "manager-contact", 5),
    replace(_answer("first-ark-panel", (), 15, (CONTACTED, 1)), in_time=True),
    Promise("first-ark-panel", (ASKED,), "decide-escalation", 3),
    Promise("first-ark-panel", (ASKED,), "hold-hearing", 20),
    Promise("first-ark-panel", (ASKED,), "inform-outcome", 10, after=(None, 20)),
    Promise("livv-two-stage", (), "first-contact", 5),
    Promise("livv-two-stage", (PASSED_ON,), "manager-contact", 5, of_receipt=True),
    _answer("livv-two-stage", (PASSED_ON,), 10, of_receipt=True),
    Promise("livv-two-stage", (PASSED_ON, ASKED), "decide-escalation", 5),
    _answer("livv-two-stage", (PASSED_ON, ASKED), 20),
    Promise("herefordshire", (), "log", 1),
    _answer("herefordshire", (), 15, code="resolve"),
    Promise("herefordshire", (PASSED_ON,), "acknowledge", 3),
    _answer("herefordshire", (PASSED_ON,), 15),
    Promise("herefordshire", (PASSED_ON, ASKED), "acknowledge", 3),
    _answer("herefordshire", (PASSED_ON, ASKED), 15),
    Promise("herefordshire", (PASSED_ON, ASKED, ASKED), "hold-hearing", 20),
    Promise("herefordshire", (PASSED_ON, ASKED, ASKED), "inform-outcome", 10, after=(None, 20)),
    Promise("code-2024", (), "acknowledge", 5),
    _answer("code-2024", (), 10, (ACKNOWLEDGED, 5)),
    Promise("code-2024", (ASKED,), "acknowledge", 5),
    _answer("code-2024", (ASKED,), 20, (ACKNOWLEDGED, 5)),
)


@dataclass(frozen=True)
class Drawn:
    """A promise, the instant of the first word, and what follows it.

    `gaps` are the days until each move; `acted` those from the beginning of the stage until the
    act from which the promise counts, if it is done; `extension` in working days, if there is one.
    """

    promise: Promise
    nation: Nation
    at: datetime
    gaps: tuple[int, ...]
    acted: int | None
    extension: int | None


# From February 2012 to December 2027.
BEGINNING = datetime(2012, 2, 1, tzinfo=UTC)
instants = st.integers(0, 5_800 * 24 * 3600).map(lambda n: BEGINNING + timedelta(seconds=n))
half_hours = st.builds(
    lambda at, minutes: at.replace(hour=0, minute=0) + timedelta(minutes=minutes),
    instants,
    st.sampled_from([0, 30, 59, 60, 61, 1350, 1379, 1380, 1410, 1439]),
)


@st.composite
def drawn(draw: st.DrawFn) -> Drawn:
    """Draw a promise in a complaint, one time in two near midnight."""
    promise = draw(st.sampled_from(PROMISES))
    gaps = draw(st.tuples(*[st.integers(0, 40) for _ in promise.moves]))
    acts = promise.after is not None and promise.after[0] is not None
    return Drawn(
        promise,
        draw(st.sampled_from(Nation)),
        draw(instants | half_hours),
        gaps,
        draw(st.none() | st.integers(0, 12)) if acts else None,
        draw(st.none() | st.integers(1, 30)) if promise.moves_out else None,
    )


# The slow count ---------------------------------------------------------------------------------


def slow_london_day(at: datetime) -> date:
    """Return the day in London: an hour on between one o'clock on two last Sundays."""
    summer = _last_sunday(at.year, 3), _last_sunday(at.year, 10)
    return (at + timedelta(hours=summer[0] <= at < summer[1])).date()


def _last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def slow_days(each: Drawn) -> tuple[date, date]:
    """Return the day first promised and the day due, counted one by one."""
    off, promise = OFF[each.nation], each.promise
    began = slow_london_day(each.at + timedelta(days=sum(each.gaps)))
    start = slow_london_day(each.at) if promise.of_receipt else began
    if promise.after is not None:
        last = _counted(began, promise.after[1], off)
        start = last if each.acted is None else began + timedelta(days=each.acted)
        start = min(start, last) if promise.in_time else start
    first = _counted(start, promise.days, off)
    return first, first if each.extension is None else _counted(first, each.extension, off)


def _counted(start: date, days: int, off: set[date]) -> date:
    return next(islice(count_on(start, off), days - 1, None))


# The rules --------------------------------------------------------------------------------------


def told_days(each: Drawn, *, day_of=london_day) -> tuple[date | None, date | None]:
    """Return the day first promised and the day due, as the rules tell them."""
    promise, at = each.promise, each.at
    events = [Event(1, EventKind.RECEIVED, day_of(at), at, facts={"calendar": 1})]

    def add(kind: EventKind, on: date, at: datetime | None = None, **facts: str) -> None:
        events.append(Event(len(events) + 1, kind, on, at, facts=facts))

    for kind, gap in zip(promise.moves, each.gaps, strict=True):
        at += timedelta(days=gap)
        add(kind, day_of(at), at)
    if each.acted is not None and promise.after and promise.after[0]:
        add(promise.after[0], day_of(at) + timedelta(days=each.acted))
    if each.extension is not None:
        moved = _counted(slow_days(each)[0], each.extension, OFF[each.nation])
        add(EventKind.EXTENDED, events[-1].on, new_due_on=moved.isoformat())
    state = replay(TERMS[promise.procedure], events, {1: CALENDARS[each.nation]})
    found = state.deadline(state.stage, promise.code)
    return (found.original_due_on, found.due_on) if found else (None, None)


@given(each=drawn())
def test_a_promise_is_due_on_the_day_that_the_slow_counter_comes_to(each):
    assert told_days(each) == slow_days(each)


@pytest.mark.long
@pytest.mark.timeout(3600)
@given(each=drawn())
@settings(max_examples=20_000)
def test_so_are_twenty_thousand(each):
    assert told_days(each) == slow_days(each)


def test_the_comparison_catches_who_takes_the_day_in_greenwich_for_the_day_in_london():
    late = datetime(2026, 6, 15, 23, 30, tzinfo=UTC)
    each = Drawn(PROMISES[0], Nation.ENGLAND_AND_WALES, late, (), None, None)

    assert told_days(each) == slow_days(each)
    assert told_days(each, day_of=lambda at: at.date()) != slow_days(each)


def test_every_promise_of_a_figure_from_a_day_that_comes_by_itself_is_compared():
    compared = {(each.procedure, len(each.moves), each.code) for each in PROMISES}
    promised = {
        (code, number, timescale.code)
        for code, terms in TERMS.items()
        for number, stage in enumerate(terms.stages)
        for timescale in stage.timescales
    }

    # These count back from the day of a hearing.
    assert promised - compared == {
        ("first-ark-panel", 1, "give-notice"),
        ("herefordshire", 3, "send-papers"),
    }
