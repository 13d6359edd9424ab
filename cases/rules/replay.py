"""From the events of a complaint to where it stands. Pure: the same events, the same answer.

Replay never refuses a stored event. What no longer fits is marked irregular; only recording
refuses. It knows no today: it gives dates, and whether something is overdue is asked of a day.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date

from cases.rules.awards import awards_of
from cases.rules.calendars import WorkingCalendar
from cases.rules.deadlines import visit_deadlines
from cases.rules.editions import AdoptedEditions
from cases.rules.events import ANSWERS, Event, EventKind
from cases.rules.history import calendar_adoptions, effective_events
from cases.rules.points import points_of
from cases.rules.promises import promise_deadlines
from cases.rules.state import CaseState, Deadline, Status, Visit
from cases.rules.story import STARTING_WORK, Stay, Story
from cases.rules.terms import ProcedureTerms


def replay(
    terms: ProcedureTerms,
    events: Iterable[Event],
    calendars: Mapping[int, WorkingCalendar],
) -> CaseState:
    """Return where a complaint stands after these events, given in the order recorded.

    `calendars` are the published editions by number; the receipt names the edition it starts with.

    :raises ValueError: if no receipt is among the events.
    """
    recorded = list(events)
    history = effective_events(recorded)
    receipt = next((event for event in history if event.kind is EventKind.RECEIVED), None)
    if receipt is None:
        raise ValueError("The events of a complaint begin with its receipt.")
    story = Story(terms, receipt)
    for event in history:
        story.take(event)
    return state_of(story, AdoptedEditions(calendars, calendar_adoptions(recorded)))


def state_of(story: Story, editions: AdoptedEditions) -> CaseState:
    """Return where the complaint stands after what the story took so far."""
    current = story.stay.facts
    return CaseState(
        status=_status(story),
        stage=current.stage.code,
        visit=current.number,
        received_on=story.receipt.on,
        received_by_team_on=_first_day(EventKind.RECEIVED_BY_TEAM, story.events),
        acknowledged_on=_first_day(EventKind.ACKNOWLEDGED, current.events),
        answered_on=current.answer.on if current.answer else None,
        closed_on=story.closing.on if story.closing else None,
        closed_as=_closed_as(story),
        outcome=story.outcome,
        panel_decision=story.panel_decision,
        officer=story.officer,
        area=story.area,
        referred_to_ombudsman_on=story.referred.on if story.referred else None,
        determined_on=story.determined.on if story.determined else None,
        hearing=current.hearing if current.stage.panel else None,
        visits=tuple(_visit(stay) for stay in story.stays),
        deadlines=_deadlines(story, editions),
        transitions=tuple(story.transitions),
        handlers=_people(story, lambda stay: frozenset(stay.officers)),
        responders=_people(story, _responders),
        irregular=tuple(story.irregular),
        events=tuple(story.events),
        needs_triage=story.needs_triage and story.closing is None,
        points=points_of(story.events),
        awards=awards_of(story.events),
        given_on=_given_on(story),
    )


def _given_on(story: Story) -> date | None:
    given = story.given
    if given is None:
        return None
    later = [event for event in story.events if event.number > given.number]
    if any(event.actor == story.officer for event in later):
        return None
    # Named with the receipt they have it since it was logged, however long that took.
    logged = _first_day(EventKind.LOGGED, later) if given is story.receipt else None
    return logged or given.on


def _deadlines(story: Story, editions: AdoptedEditions) -> tuple[Deadline, ...]:
    counted = [
        deadline
        for stay in story.stays
        for deadline in visit_deadlines(
            story.terms,
            stay.facts,
            receipt=story.receipt,
            referred=story.referred,
            editions=editions,
        )
    ]
    return (
        *counted,
        *promise_deadlines([stay.facts for stay in story.stays], story.events, editions, counted),
    )


def _status(story: Story) -> Status:
    facts = story.stay.facts
    if story.closing is not None:
        return Status.CLOSED
    if story.stay.is_pending:
        return Status.AWAITING_DECISION
    if facts.answer is not None:
        return Status.ANSWERED
    started = any(event.kind in STARTING_WORK for event in facts.events)
    return Status.INVESTIGATING if started or len(story.stays) > 1 else Status.RECEIVED


def _closed_as(story: Story) -> str:
    if story.closing is None:
        return ""
    if story.closing.kind is not EventKind.CLOSED:
        return story.closing.kind.value
    answer = story.stay.facts.answer
    if answer is None:
        return "closed"
    return "resolved" if answer.kind is EventKind.RESOLVED else "answered"


def _first_day(kind: EventKind, events: Iterable[Event]) -> date | None:
    return next((event.on for event in events if event.kind is kind), None)


def _responders(stay: Stay) -> frozenset[int]:
    answers = (event for event in stay.facts.events if event.kind in ANSWERS)
    return frozenset(event.actor for event in answers if event.actor is not None)


def _people(story: Story, who: Callable[[Stay], frozenset[int]]) -> dict[str, frozenset[int]]:
    people: dict[str, frozenset[int]] = {}
    for stay in story.stays:
        code = stay.facts.stage.code
        people[code] = people.get(code, frozenset()) | who(stay)
    return people


def _visit(stay: Stay) -> Visit:
    facts = stay.facts
    return Visit(
        stage=facts.stage.code,
        number=facts.number,
        began_on=facts.began.on,
        began_by=facts.began.number,
        asked_on=facts.asked.on if facts.asked else None,
        is_pending=stay.is_pending,
        is_void=facts.is_void,
        answered_on=facts.answer.on if facts.answer else None,
        ended_on=facts.ended.on if facts.ended else None,
        request_in_time=stay.request_in_time,
    )
