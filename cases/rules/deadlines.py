"""What each promise of a stage comes to in one stay: its anchor, its day, what became of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.periods import Period, due_on
from cases.rules.state import AnchorFact, Deadline, DeadlineState, NewDay
from cases.rules.terms import (
    Anchor,
    AnchorKind,
    OutsideBody,
    ProcedureTerms,
    Route,
    Stage,
    Timescale,
)

WINDOW = "escalate-by"
# Ends of a complaint that leave its promises without effect.
VOIDING = frozenset(
    {
        EventKind.WITHDRAWN,
        EventKind.REFERRED_ELSEWHERE,
        EventKind.REFUSED,
        EventKind.ANNULLED,
        EventKind.MERGED,
    }
)
MOVING = frozenset({EventKind.EXTENDED, EventKind.AGREED_DATE})


@dataclass(eq=False)
class VisitFacts:
    """What happened in one stay in a stage."""

    stage: Stage
    number: int
    began: Event
    why: str
    events: list[Event] = field(default_factory=list)
    asked: Event | None = None
    first_answer: Event | None = None
    answer: Event | None = None
    ended: Event | None = None
    used_by: Event | None = None
    is_void: bool = False

    @property
    def hearing_on(self) -> date | None:
        """Return the day the hearing is set for, as last arranged."""
        days = [e.day("hearing_on") for e in self.events if e.kind is EventKind.HEARING_ARRANGED]
        return days[-1] if days else None

    @property
    def work_ended_on(self) -> date | None:
        """Return the day after which nothing more was owed: the answer or the end of the stay."""
        ends = [event.on for event in (self.first_answer, self.ended) if event is not None]
        return min(ends, default=None)


def visit_deadlines(
    terms: ProcedureTerms,
    facts: VisitFacts,
    *,
    receipt: Event,
    referred: Event | None,
    calendars: Mapping[int, WorkingCalendar],
    adoptions: tuple[tuple[int, int], ...],
) -> list[Deadline]:
    """Return every deadline and window of one stay."""
    working = _Working(terms, facts, receipt, referred, calendars, adoptions)
    found = [working.deadline(timescale) for timescale in facts.stage.timescales]
    found += [
        working.window(route, route.window)
        for route in facts.stage.routes
        if route.by_customer and route.window is not None
    ]
    for body in terms.outside_bodies:
        if body.after == facts.stage.code:
            found += working.outside(body)
    return found


def answer_received_on(
    answer: Event, facts: VisitFacts, terms: ProcedureTerms, calendar: WorkingCalendar
) -> AnchorFact:
    """Return the day the customer has the letter: as recorded, else as deemed.

    By post it is the second working day after posting; by every other way the same day.
    """
    for event in facts.events:
        if event.kind is EventKind.DELIVERED and event.on >= answer.on:
            return AnchorFact(event.kind.value, event.on, event.number)
    if answer.facts.get("channel") == "post":
        # What was written and what was posted may be days apart; the post counts.
        on = calendar.add_working_days(answer.day("posted_on") or answer.on, terms.post_takes)
        return AnchorFact(answer.kind.value, on, answer.number)
    return AnchorFact(answer.kind.value, answer.on, answer.number)


class _Working:
    """The sums for one stay."""

    def __init__(
        self,
        terms: ProcedureTerms,
        facts: VisitFacts,
        receipt: Event,
        referred: Event | None,
        calendars: Mapping[int, WorkingCalendar],
        adoptions: tuple[tuple[int, int], ...],
    ) -> None:
        self.terms = terms
        self.facts = facts
        self.receipt = receipt
        self.referred = referred
        self.calendars = calendars
        self.adoptions = adoptions
        self._done: dict[str, Deadline] = {}

    def deadline(self, timescale: Timescale) -> Deadline:
        if timescale.code not in self._done:
            self._done[timescale.code] = self._work_out(timescale)
        return self._done[timescale.code]

    def _work_out(self, timescale: Timescale) -> Deadline:
        met = self._met_by(timescale)
        edition = self._edition(self._settled_by(met))
        anchor = self._anchor(timescale)
        calendar = self.calendars[edition]
        original = due_on(timescale.period, anchor.on, calendar) if anchor else None
        new_days = self._new_days(timescale, original)
        due = new_days[-1].due_on if new_days else original
        return Deadline(
            stage=self.facts.stage.code,
            visit=self.facts.number,
            code=timescale.code,
            words=timescale.words,
            period=timescale.period,
            anchor=anchor,
            original_due_on=original,
            due_on=due,
            met_on=met.on if met else None,
            met_by=met.number if met else None,
            state=self._state(timescale, due, met),
            binds=timescale.binds,
            calendar=edition,
            provisional=due is not None and calendar.is_provisional(due),
            new_days=new_days,
            timescale=timescale,
            source=timescale,
        )

    def window(self, route: Route, period: Period) -> Deadline:
        facts = self.facts
        edition = self._edition(facts.used_by.number if facts.used_by else None)
        anchor = original = due = None
        new_days: tuple[NewDay, ...] = ()
        if facts.answer is not None:
            edition, anchor, original = self._told_window(facts.answer, period)
            new_days = self._longer_windows(original)
            due = new_days[-1].due_on if new_days else original
        if facts.used_by is not None:
            state = DeadlineState.USED
        else:
            state = DeadlineState.OPEN if anchor else DeadlineState.WAITING
        used_on = facts.used_by.on if facts.used_by else None
        return Deadline(
            stage=facts.stage.code,
            visit=facts.number,
            code=WINDOW,
            words=f"Customer may ask for {self.terms.stage(route.to).name}",
            period=period,
            anchor=anchor,
            original_due_on=original,
            due_on=due,
            met_on=used_on,
            met_by=facts.used_by.number if facts.used_by else None,
            state=state,
            binds=None,
            calendar=edition,
            provisional=due is not None and self.calendars[edition].is_provisional(due),
            new_days=new_days,
            source=route,
            is_window=True,
        )

    def _told_window(self, answer: Event, period: Period) -> tuple[int, AnchorFact, date]:
        """Return the edition, the anchor and the last day of a window that has begun.

        A day already told to the customer is never shortened by a later calendar, so of the
        editions since the answer the kindest counts.
        """
        found = []
        for edition in self._editions_since(answer.number):
            calendar = self.calendars[edition]
            anchor = answer_received_on(answer, self.facts, self.terms, calendar)
            found.append((edition, anchor, due_on(period, anchor.on, calendar)))
        # Of equals the newest, which is the last.
        return max(reversed(found), key=lambda each: each[2])

    def outside(self, body: OutsideBody) -> list[Deadline]:
        found = []
        if body.wait is not None:
            found.append(self._outside(body, f"{body.code}-from", body.wait, earliest=True))
        if body.within is not None:
            found.append(self._outside(body, f"{body.code}-by", body.within, earliest=False))
        return found

    def _outside(self, body: OutsideBody, code: str, period: Period, *, earliest: bool) -> Deadline:
        answer = self.facts.ended if self.facts.is_void else self.facts.answer
        edition = self._edition(None)
        anchor = AnchorFact(answer.kind.value, answer.on, answer.number) if answer else None
        due = due_on(period, anchor.on, self.calendars[edition]) if anchor else None
        state = DeadlineState.OPEN if anchor else DeadlineState.WAITING
        if anchor and self.referred is not None and body.code == "ombudsman":
            state = DeadlineState.USED
        when = "may be asked from" if earliest else "may be asked until"
        return Deadline(
            stage=self.facts.stage.code,
            visit=self.facts.number,
            code=code,
            words=f"{body.name} {when}",
            period=period,
            anchor=anchor,
            original_due_on=due,
            due_on=due,
            met_on=self.referred.on if state is DeadlineState.USED and self.referred else None,
            met_by=None,
            state=state,
            binds=None,
            calendar=edition,
            source=body,
            is_window=True,
            is_earliest=earliest,
        )

    # What started it --------------------------------------------------------------------------

    def _anchor(self, timescale: Timescale) -> AnchorFact | None:
        known = [found for each in timescale.anchors if (found := self._anchor_fact(each))]
        if not known:
            return None
        return min(known, key=lambda fact: fact.on) if timescale.earliest else known[0]

    def _anchor_fact(self, anchor: Anchor) -> AnchorFact | None:
        facts = self.facts
        match anchor.kind:
            case AnchorKind.RECEIVED if facts.why not in ("reopened", "sent_back"):
                return _fact(self.receipt)
            case AnchorKind.RECEIVED | AnchorKind.STAGE_BEGAN:
                return _fact(facts.began)
            case AnchorKind.ASKED_FOR_STAGE:
                return _fact(facts.asked) if facts.asked else None
            case AnchorKind.HEARING_DAY:
                day = facts.hearing_on
                return AnchorFact(EventKind.HEARING_ARRANGED.value, day) if day else None
            case AnchorKind.DUE:
                return self._due_day(anchor)
            case AnchorKind.EVENT:
                return self._happened(anchor.code)

    def _due_day(self, anchor: Anchor) -> AnchorFact | None:
        """Return the day another promise of the stage was first due, which extensions leave."""
        timescale = self.facts.stage.timescale(anchor.code)
        due = self.deadline(timescale).original_due_on if timescale else None
        return AnchorFact(str(anchor), due) if due else None

    def _happened(self, code: str) -> AnchorFact | None:
        happened = [event for event in self.facts.events if event.kind.value == code]
        if not happened:
            return None
        # A hearing that was adjourned counts from its last day; anything else from its first.
        return _fact(happened[-1 if code == EventKind.HEARING_HELD else 0])

    # What became of it ------------------------------------------------------------------------

    def _met_by(self, timescale: Timescale) -> Event | None:
        events = self.facts.events
        if timescale.renewed_by is not None:
            renewals = [n for n, e in enumerate(events) if e.kind is timescale.renewed_by]
            events = events[renewals[-1] :] if renewals else events
        return next((event for event in events if event.kind in timescale.met_by), None)

    def _state(self, timescale: Timescale, due: date | None, met: Event | None) -> DeadlineState:
        if met is not None:
            late = due is not None and met.on > due
            return DeadlineState.MET_LATE if late else DeadlineState.MET
        lifted = [e.on for e in self.facts.events if e.kind is timescale.lifted_by]
        if lifted and (due is None or lifted[0] <= due):
            return DeadlineState.LIFTED
        if self.facts.is_void or self._is_voided:
            return DeadlineState.VOID
        ended = self.facts.work_ended_on
        if ended is not None:
            overtaken = due is None or ended <= due
            return DeadlineState.OVERTAKEN if overtaken else DeadlineState.NEVER_DONE
        return DeadlineState.WAITING if due is None else DeadlineState.OPEN

    @property
    def _is_voided(self) -> bool:
        """Say whether an end of the complaint that voids its promises ended this stay."""
        ended = self.facts.ended
        return ended is not None and ended.kind in VOIDING and self.facts.first_answer is None

    def _new_days(self, timescale: Timescale, original: date | None) -> tuple[NewDay, ...]:
        answer = self.facts.stage.answer
        told: list[NewDay] = []
        due = original
        for event in self.facts.events:
            if event.kind not in MOVING:
                continue
            code = event.facts.get("timescale") or (answer.code if answer else "")
            new = event.day("new_due_on")
            if code == timescale.code and new is not None:
                in_time = due is not None and event.on <= due
                told.append(NewDay(event.number, event.on, new, in_time))
                due = new
        return tuple(told)

    def _longer_windows(self, original: date) -> tuple[NewDay, ...]:
        told = []
        for event in self.facts.events:
            new = event.day("new_due_on")
            if event.kind is EventKind.WINDOW_EXTENDED and new is not None:
                told.append(NewDay(event.number, event.on, new, event.on <= original))
        return tuple(told)

    # Which working days -----------------------------------------------------------------------

    def _settled_by(self, met: Event | None) -> int | None:
        """Return the event after which a promise is history: what met it, or the end of the work.

        A calendar adopted later moves only what is still open.
        """
        if met is not None:
            return met.number
        ends = [each for each in (self.facts.first_answer, self.facts.ended) if each is not None]
        return min(ends, key=lambda each: each.on).number if ends else None

    def _edition(self, settled_by: int | None) -> int:
        """Return the calendar that counts: the last adopted before the promise was settled."""
        edition = self.adoptions[0][1]
        for number, calendar in self.adoptions:
            if settled_by is None or number < settled_by:
                edition = calendar
        return edition

    def _editions_since(self, number: int) -> list[int]:
        """Return the calendar in force at an event, and the later ones until the window is used."""
        used = self.facts.used_by.number if self.facts.used_by else None
        later = [c for n, c in self.adoptions if n > number and (used is None or n < used)]
        return [self._edition(number), *later]


def _fact(event: Event) -> AnchorFact:
    return AnchorFact(event.kind.value, event.on, event.number)
