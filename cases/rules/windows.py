"""The customer's windows: until when the next stage may be asked for, from when an outside body."""

from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.editions import AdoptedEditions
from cases.rules.events import Event, EventKind
from cases.rules.periods import Period, due_on
from cases.rules.state import AnchorFact, Deadline, DeadlineState, NewDay
from cases.rules.terms import OutsideBody, ProcedureTerms, Route
from cases.rules.visits import VisitFacts

WINDOW = "escalate-by"
POSTED = frozenset({"post", "letter_elsewhere"})


def visit_windows(
    terms: ProcedureTerms,
    facts: VisitFacts,
    *,
    referred: Event | None,
    editions: AdoptedEditions,
) -> list[Deadline]:
    """Return the windows of one stay; `referred` took the complaint to the Ombudsman."""
    found = [
        _window(terms, facts, route, route.window, editions)
        for route in facts.stage.routes
        if route.by_customer and route.window is not None
    ]
    for body in terms.outside_bodies:
        if body.after == facts.stage.code:
            if body.wait is not None:
                found.append(_outside(facts, body, body.wait, referred, editions, earliest=True))
            if body.within is not None:
                found.append(_outside(facts, body, body.within, referred, editions, earliest=False))
    return found


def answer_received_on(
    answer: Event, facts: VisitFacts, terms: ProcedureTerms, calendar: WorkingCalendar
) -> AnchorFact:
    """Return the day the customer has the letter: as recorded, else as deemed.

    By post, and by a letter written elsewhere of which nobody knows better, it is the second
    working day after posting; by every other way the same day.
    """
    for event in facts.events:
        if event.kind is EventKind.DELIVERED and event.on >= answer.on:
            return AnchorFact(event.kind.value, event.on, event.number)
    if answer.facts.get("channel") in POSTED:
        # What was written and what was posted may be days apart; the post counts.
        on = calendar.add_working_days(answer.day("posted_on") or answer.on, terms.post_takes)
        return AnchorFact(answer.kind.value, on, answer.number)
    return AnchorFact(answer.kind.value, answer.on, answer.number)


def _window(
    terms: ProcedureTerms,
    facts: VisitFacts,
    route: Route,
    period: Period,
    editions: AdoptedEditions,
) -> Deadline:
    used = facts.used_by
    edition = editions.at(used.number if used else None)
    anchor = original = due = None
    new_days: tuple[NewDay, ...] = ()
    if facts.answer is not None:
        edition, anchor, original = _told(terms, facts, facts.answer, period, editions)
        new_days = _longer(facts, original)
        due = new_days[-1].due_on if new_days else original
    open_or_waiting = DeadlineState.OPEN if anchor else DeadlineState.WAITING
    return Deadline(
        stage=facts.stage.code,
        visit=facts.number,
        code=WINDOW,
        words=f"Customer may ask for {terms.stage(route.to).name}",
        period=period,
        anchor=anchor,
        original_due_on=original,
        due_on=due,
        met_on=used.on if used else None,
        met_by=used.number if used else None,
        state=DeadlineState.USED if used else open_or_waiting,
        binds=None,
        calendar=edition,
        provisional=due is not None and editions[edition].is_provisional(due),
        new_days=new_days,
        source=route,
        is_window=True,
    )


def _told(
    terms: ProcedureTerms,
    facts: VisitFacts,
    answer: Event,
    period: Period,
    editions: AdoptedEditions,
) -> tuple[int, AnchorFact, date]:
    """Return the edition, the anchor and the last day of a window that has begun.

    A day already told to the customer is never shortened by a later calendar, so of the
    editions since the answer the kindest counts.
    """
    found = []
    for edition in editions.since(answer.number, facts.used_by.number if facts.used_by else None):
        anchor = answer_received_on(answer, facts, terms, editions[edition])
        found.append((edition, anchor, due_on(period, anchor.on, editions[edition])))
    # Of equals the newest, which is the last.
    return max(reversed(found), key=lambda each: each[2])


def _longer(facts: VisitFacts, original: date) -> tuple[NewDay, ...]:
    told = []
    for event in facts.events:
        new = event.day("new_due_on")
        if event.kind is EventKind.WINDOW_EXTENDED and new is not None:
            told.append(NewDay(event.number, event.on, new, event.on <= original))
    return tuple(told)


def _outside(
    facts: VisitFacts,
    body: OutsideBody,
    period: Period,
    referred: Event | None,
    editions: AdoptedEditions,
    *,
    earliest: bool,
) -> Deadline:
    answer = facts.ended if facts.is_void else facts.answer
    edition = editions.at(None)
    anchor = AnchorFact(answer.kind.value, answer.on, answer.number) if answer else None
    due = due_on(period, anchor.on, editions[edition]) if anchor else None
    state = DeadlineState.OPEN if anchor else DeadlineState.WAITING
    if anchor and referred is not None and body.code == "ombudsman":
        state = DeadlineState.USED
    code, words = ("from", "from") if earliest else ("by", "until")
    return Deadline(
        stage=facts.stage.code,
        visit=facts.number,
        code=f"{body.code}-{code}",
        words=f"{body.name} may be asked {words}",
        period=period,
        anchor=anchor,
        original_due_on=due,
        due_on=due,
        met_on=referred.on if state is DeadlineState.USED and referred else None,
        met_by=None,
        state=state,
        binds=None,
        calendar=edition,
        source=body,
        is_window=True,
        is_earliest=earliest,
    )
