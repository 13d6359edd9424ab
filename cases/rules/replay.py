"""From the events of a complaint to where it stands. Pure: the same events, the same answer.

Replay never refuses a stored event. What no longer fits is marked irregular; only recording
refuses. It knows no today: it gives dates, and whether something is overdue is asked of a day.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.deadlines import VOIDING, VisitFacts, visit_deadlines
from cases.rules.events import ANSWERS, Event, EventKind, Outcome, PanelDecision
from cases.rules.history import calendar_adoptions, effective_events
from cases.rules.state import CaseState, Hearing, Status, Transition, Visit
from cases.rules.terms import Handover, ProcedureTerms

CLOSING = VOIDING | {EventKind.CLOSED}
# Acts that show a request for a stage was taken up, though nobody recorded the acceptance.
TAKING_UP = frozenset(
    {
        EventKind.RESPONDED,
        EventKind.HEARING_ARRANGED,
        EventKind.INVITATION_SENT,
        EventKind.PAPERS_SENT,
        EventKind.HEARING_HELD,
        EventKind.OUTCOME_SENT,
    }
)
# Acts that make whoever did them a handler of the stage (Code 6.13).
HANDLING = frozenset(
    {
        EventKind.CONTACTED,
        EventKind.MANAGER_CONTACTED,
        EventKind.RESOLVED,
        EventKind.RESPONDED,
        EventKind.HEARING_HELD,
        EventKind.OUTCOME_SENT,
    }
)
# What may be recorded of a closed complaint without reopening it.
AFTER_THE_END = frozenset(
    {
        EventKind.DELIVERED,
        EventKind.NOTED,
        EventKind.FILE_ADDED,
        EventKind.DETAILS_CHANGED,
        EventKind.ACCESS_CHANGED,
        EventKind.WINDOW_EXTENDED,
        EventKind.LOGGED,
    }
)
STARTING_WORK = frozenset(
    {EventKind.ACKNOWLEDGED, EventKind.CONTACTED, EventKind.MANAGER_CONTACTED}
)


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
    story = _Story(terms, history, receipt)
    for event in history:
        story.take(event)
    return story.state(calendars, calendar_adoptions(recorded))


@dataclass
class _Stay:
    """A stay in a stage while the story is being told."""

    facts: VisitFacts
    is_pending: bool = False
    request_in_time: bool | None = None
    earlier: "_Stay | None" = None
    officer_before: int | None = None
    officers: set[int] = field(default_factory=set)


class _Story:
    """Walks through the events once and keeps what they amount to."""

    def __init__(self, terms: ProcedureTerms, events: list[Event], receipt: Event) -> None:
        self.terms = terms
        self.events = events
        self.receipt = receipt
        self.transitions: list[Transition] = []
        self.irregular: list[tuple[int, str]] = []
        self.closing: Event | None = None
        self.outcome: Outcome | None = None
        self.panel_decision: PanelDecision | None = None
        self.referred: Event | None = None
        self.determined: Event | None = None
        self.needs_triage = bool(receipt.facts.get("needs_triage"))
        self.area: int | None = receipt.facts.get("area")
        self.officer: int | None = receipt.facts.get("officer")
        code = receipt.stage if receipt.stage in terms.by_code else terms.first_stage
        facts = VisitFacts(stage=terms.stage(code), number=1, began=receipt, why="received")
        facts.events.append(receipt)
        self.stay = _Stay(facts)
        self.stays = [self.stay]
        self._note_officer()
        self._move(receipt, "", self.stay, why="received")
        self._moves: dict[EventKind, Callable[[Event], None]] = {
            EventKind.TRIAGED: self._triage,
            EventKind.ASSIGNED: self._assign,
            EventKind.PASSED_ON: self._pass_on,
            EventKind.ESCALATION_REQUESTED: self._request,
            EventKind.ESCALATION_ACCEPTED: self._decide_request,
            EventKind.ESCALATION_REFUSED: self._decide_request,
            EventKind.REOPENED: self._reopen,
            EventKind.REFERRED_TO_OMBUDSMAN: self._go_outside,
            EventKind.DETERMINED: self._go_outside,
            **dict.fromkeys(CLOSING, self._close),
        }

    def take(self, event: Event) -> None:
        """Let one event of the history have its effect."""
        if event is self.receipt:
            return
        if event.on < self.receipt.on:
            self.irregular.append((event.number, "It is dated before the complaint was received."))
        elif event.kind is EventKind.RECEIVED:
            self.irregular.append((event.number, "The complaint had been received already."))
        else:
            self._moves.get(event.kind, self._act)(event)

    # The moves ------------------------------------------------------------------------------

    def _pass_on(self, event: Event) -> None:
        leaving = self.stay
        to = event.stage or next(
            (route.to for route in leaving.facts.stage.routes if not route.by_customer), ""
        )
        leaving.facts.events.append(event)
        self._handle(leaving, event)
        if to not in self.terms.by_code or to == leaving.facts.stage.code:
            self.irregular.append((event.number, "There is no other stage to pass it on to."))
            return
        leaving.facts.ended = leaving.facts.ended or event
        self._open_again(event)
        self._begin(to, event, why="passed_on")

    def _request(self, event: Event) -> None:
        leaving = self.stay
        route = leaving.facts.stage.customer_route
        to = event.stage if event.stage in self.terms.by_code else (route.to if route else "")
        if not to:
            self.irregular.append((event.number, "There is no further stage to ask for."))
            return
        if route is None or route.to != to:
            self.irregular.append((event.number, "The procedure does not lead there from here."))
        leaving.facts.used_by = event
        leaving.facts.ended = leaving.facts.ended or event
        self.closing = None
        officer = self.officer
        self._begin(to, event, why="escalation_requested")
        in_time = event.facts.get("in_time")
        self.stay.facts.asked = event
        self.stay.officer_before = officer
        self.stay.request_in_time = in_time
        self.stay.earlier = leaving
        self.stay.is_pending = in_time is False or (
            route is not None and route.handover is Handover.ON_DECISION
        )

    def _decide_request(self, event: Event) -> None:
        stay = self._stay_of(event)
        if not stay.is_pending and self.stay.is_pending:
            stay = self.stay
        stay.facts.events.append(event)
        if not stay.is_pending:
            self.irregular.append((event.number, "No request was waiting for a decision."))
            return
        stay.is_pending = False
        if event.kind is EventKind.ESCALATION_REFUSED and stay.earlier is not None:
            stay.facts.is_void = True
            stay.facts.ended = event
            earlier = stay.earlier
            if earlier.facts.ended is stay.facts.asked:
                earlier.facts.ended = None
            self.stay = earlier
            # The complaint is back with whoever had it before the request.
            self.officer = stay.officer_before
            self._move(event, stay.facts.stage.code, earlier, why="escalation_refused")

    def _reopen(self, event: Event) -> None:
        if self.closing is None:
            self.irregular.append((event.number, "It was not closed."))
        self.closing = None
        leaving = self.stay
        leaving.facts.ended = leaving.facts.ended or event
        code = event.stage if event.stage in self.terms.by_code else leaving.facts.stage.code
        self._begin(code, event, why="reopened")

    def _close(self, event: Event) -> None:
        if self.closing is not None:
            self.irregular.append((event.number, "It was closed already."))
            return
        self.closing = event
        self.stay.facts.ended = self.stay.facts.ended or event
        if outcome := event.facts.get("outcome"):
            self.outcome = Outcome(outcome)

    def _act(self, event: Event) -> None:
        stay = self._stay_of(event)
        if self.closing is not None and event.kind not in AFTER_THE_END:
            self.irregular.append((event.number, "It was closed already."))
        stay.facts.events.append(event)
        self._handle(stay, event)
        if event.kind in TAKING_UP:
            stay.is_pending = False
        if event.kind in ANSWERS:
            self._answer(stay, event)

    def _answer(self, stay: _Stay, event: Event) -> None:
        stay.facts.first_answer = stay.facts.first_answer or event
        stay.facts.answer = event
        if outcome := event.facts.get("outcome"):
            self.outcome = Outcome(outcome)
        if not (decision := event.facts.get("panel_decision")):
            return
        self.panel_decision = PanelDecision(decision)
        panel = stay.facts.stage.panel
        if self.panel_decision is PanelDecision.RE_INVESTIGATE and panel and panel.sends_back_to:
            stay.facts.ended = stay.facts.ended or event
            self._begin(panel.sends_back_to, event, why="sent_back")

    def _triage(self, _event: Event) -> None:
        self.needs_triage = False

    def _go_outside(self, event: Event) -> None:
        if event.kind is EventKind.DETERMINED:
            self.determined = event
        else:
            self.referred = self.referred or event

    def _assign(self, event: Event) -> None:
        self.officer = event.facts.get("officer")
        self.area = event.facts.get("area", self.area)
        self._note_officer()

    # Helpers of the moves --------------------------------------------------------------------

    def _begin(self, code: str, event: Event, *, why: str) -> None:
        came_from = self.stay.facts.stage.code
        number = 1 + sum(stay.facts.stage.code == code for stay in self.stays)
        stage = self.terms.stage(code)
        self.stay = _Stay(VisitFacts(stage=stage, number=number, began=event, why=why))
        self.stays.append(self.stay)
        if stage.independence:
            # Somebody new is needed; the earlier officer may not simply carry on.
            self.officer = None
        self._note_officer()
        self._move(event, came_from, self.stay, why=why)

    def _move(self, event: Event, from_stage: str, to: _Stay, *, why: str) -> None:
        self.transitions.append(
            Transition(
                number=event.number,
                on=event.on,
                from_stage=from_stage,
                to_stage=to.facts.stage.code,
                visit=to.facts.number,
                why=why,
                actor=event.actor,
            )
        )

    def _stay_of(self, event: Event) -> _Stay:
        """Return the stay that the event names, or the current one."""
        if not event.stage:
            return self.stay
        for stay in reversed(self.stays):
            if stay.facts.stage.code == event.stage and event.visit in (0, stay.facts.number):
                return stay
        if event.stage not in self.terms.by_code or event.visit:
            self.irregular.append((event.number, "It names a stage the complaint was never in."))
            return self.stay
        # An untidy history: the stage was acted in, though nobody recorded how it began.
        self.irregular.append((event.number, "Nothing says how this stage began."))
        self.stay.facts.ended = self.stay.facts.ended or event
        self._open_again(event)
        self._begin(event.stage, event, why="implied")
        return self.stay

    def _open_again(self, event: Event) -> None:
        """A stage that begins after the end shows that the complaint goes on."""
        if self.closing is not None:
            self.irregular.append((event.number, "It was closed already."))
            self.closing = None

    def _note_officer(self) -> None:
        if self.officer is not None:
            self.stay.officers.add(self.officer)

    @staticmethod
    def _handle(stay: _Stay, event: Event) -> None:
        if event.kind in HANDLING and event.actor is not None:
            stay.officers.add(event.actor)

    # The state -------------------------------------------------------------------------------

    def _status(self) -> Status:
        facts = self.stay.facts
        if self.closing is not None:
            return Status.CLOSED
        if self.stay.is_pending:
            return Status.AWAITING_DECISION
        if facts.answer is not None:
            return Status.ANSWERED
        started = any(event.kind in STARTING_WORK for event in facts.events)
        return Status.INVESTIGATING if started or len(self.stays) > 1 else Status.RECEIVED

    def state(
        self, calendars: Mapping[int, WorkingCalendar], adoptions: tuple[tuple[int, int], ...]
    ) -> CaseState:
        """Return where the complaint stands after the events taken so far."""
        current = self.stay.facts
        deadlines = []
        for stay in self.stays:
            deadlines += visit_deadlines(
                self.terms,
                stay.facts,
                receipt=self.receipt,
                referred=self.referred,
                calendars=calendars,
                adoptions=adoptions,
            )
        held = [e.on for e in current.events if e.kind is EventKind.HEARING_HELD]
        return CaseState(
            status=self._status(),
            stage=current.stage.code,
            visit=current.number,
            received_on=self.receipt.on,
            received_by_team_on=self._first_day(EventKind.RECEIVED_BY_TEAM),
            acknowledged_on=self._first_day(EventKind.ACKNOWLEDGED, current),
            answered_on=current.answer.on if current.answer else None,
            closed_on=self.closing.on if self.closing else None,
            closed_as=self._closed_as(),
            outcome=self.outcome,
            panel_decision=self.panel_decision,
            officer=self.officer,
            area=self.area,
            referred_to_ombudsman_on=self.referred.on if self.referred else None,
            determined_on=self.determined.on if self.determined else None,
            hearing=(
                Hearing(current.hearing_on, held[-1] if held else None)
                if current.stage.panel
                else None
            ),
            visits=tuple(self._visit(stay) for stay in self.stays),
            deadlines=tuple(deadlines),
            transitions=tuple(self.transitions),
            handlers=self._people(lambda stay: frozenset(stay.officers)),
            responders=self._people(
                lambda stay: frozenset(
                    e.actor for e in stay.facts.events if e.kind in ANSWERS and e.actor is not None
                )
            ),
            irregular=tuple(self.irregular),
            events=tuple(self.events),
            needs_triage=self.needs_triage and self.closing is None,
        )

    def _closed_as(self) -> str:
        if self.closing is None:
            return ""
        if self.closing.kind is not EventKind.CLOSED:
            return self.closing.kind.value
        answer = self.stay.facts.answer
        if answer is None:
            return "closed"
        return "resolved" if answer.kind is EventKind.RESOLVED else "answered"

    def _first_day(self, kind: EventKind, facts: VisitFacts | None = None) -> date | None:
        events = facts.events if facts else self.events
        return next((event.on for event in events if event.kind is kind), None)

    def _people(self, who: Callable[[_Stay], frozenset[int]]) -> dict[str, frozenset[int]]:
        people: dict[str, frozenset[int]] = {}
        for stay in self.stays:
            code = stay.facts.stage.code
            people[code] = people.get(code, frozenset()) | who(stay)
        return people

    @staticmethod
    def _visit(stay: _Stay) -> Visit:
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
