"""What each promise of a stage comes to in one stay: its anchor, its day, what became of it."""

from datetime import date

from cases.rules.editions import AdoptedEditions
from cases.rules.events import Event, EventKind
from cases.rules.periods import due_on
from cases.rules.state import AnchorFact, Deadline, DeadlineState, NewDay
from cases.rules.terms import Anchor, AnchorKind, ProcedureTerms, Timescale
from cases.rules.visits import VisitFacts
from cases.rules.windows import visit_windows

MOVING = frozenset({EventKind.EXTENDED, EventKind.AGREED_DATE})


def visit_deadlines(
    terms: ProcedureTerms,
    facts: VisitFacts,
    *,
    receipt: Event,
    referred: Event | None,
    editions: AdoptedEditions,
) -> list[Deadline]:
    """Return every deadline and window of one stay."""
    working = _Working(facts, receipt, editions)
    found = [working.deadline(timescale) for timescale in facts.stage.timescales]
    return found + visit_windows(terms, facts, referred=referred, editions=editions)


class _Working:
    """The sums for one stay."""

    def __init__(self, facts: VisitFacts, receipt: Event, editions: AdoptedEditions) -> None:
        self.facts = facts
        self.receipt = receipt
        self.editions = editions
        self._done: dict[str, Deadline] = {}

    def deadline(self, timescale: Timescale) -> Deadline:
        if timescale.code not in self._done:
            self._done[timescale.code] = self._work_out(timescale)
        return self._done[timescale.code]

    def _work_out(self, timescale: Timescale) -> Deadline:
        met = self._met_by(timescale)
        # What was settled before a calendar was adopted is history, met or not.
        settled = met or self.facts.work_ended_by
        edition = self.editions.at(settled.number if settled else None)
        calendar = self.editions[edition]
        anchor = self._anchor(timescale)
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
        if self.facts.is_voided:
            return DeadlineState.VOID
        ended = self.facts.work_ended_by
        if ended is not None:
            overtaken = due is None or ended.on <= due
            return DeadlineState.OVERTAKEN if overtaken else DeadlineState.NEVER_DONE
        return DeadlineState.WAITING if due is None else DeadlineState.OPEN

    def _new_days(self, timescale: Timescale, original: date | None) -> tuple[NewDay, ...]:
        extendable = self.facts.stage.extendable
        told: list[NewDay] = []
        due = original
        for event in self.facts.events:
            if event.kind not in MOVING:
                continue
            code = event.facts.get("timescale") or (extendable.code if extendable else "")
            new = event.day("new_due_on")
            if code == timescale.code and new is not None:
                in_time = due is not None and event.on <= due
                told.append(NewDay(event.number, event.on, new, in_time))
                due = new
        return tuple(told)


def _fact(event: Event) -> AnchorFact:
    return AnchorFact(event.kind.value, event.on, event.number)
