"""The events of a complaint walked through once: which stays in stages they amount to.

Nothing is refused here. What does not fit is marked irregular, and the story goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cases.rules.acts import Act
from cases.rules.events import (
    ABOUT_A_PROMISE,
    ANSWERS,
    COMPENSATION,
    Event,
    EventKind,
    Outcome,
    PanelDecision,
)
from cases.rules.letter_approvals import Decision
from cases.rules.state import Transition
from cases.rules.terms import Handover, ProcedureTerms
from cases.rules.visits import VOIDING, VisitFacts

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
        EventKind.UPDATED,
        EventKind.FILE_ADDED,
        EventKind.DETAILS_CHANGED,
        EventKind.ACCESS_CHANGED,
        EventKind.WINDOW_EXTENDED,
        EventKind.LOGGED,
        EventKind.POINTS_DEFINED,
        EventKind.DESIGNATED_PERSON,
        EventKind.PROMISED,
        *ABOUT_A_PROMISE,
        *COMPENSATION,
        EventKind.MAIL_RECEIVED,
        EventKind.LETTER_PROPOSED,
        EventKind.LETTER_DECIDED,
    }
)
STARTING_WORK = frozenset(
    {EventKind.ACKNOWLEDGED, EventKind.CONTACTED, EventKind.MANAGER_CONTACTED}
)


# What was written for these has an author, whoever sends it, and once approved a second one.
_ANSWERED_BY_TWO = frozenset({Act.RESPOND.value, Act.RESOLVE.value})


def _is_handling(event: Event) -> bool:
    """Say whether an event makes whoever did it a handler of the stage."""
    if event.kind is EventKind.LETTER_PROPOSED:
        return event.facts.get("act") in _ANSWERED_BY_TWO
    if event.kind is EventKind.LETTER_DECIDED:
        approved = event.facts.get("decision") == Decision.APPROVED.value
        return approved and event.facts.get("act") in _ANSWERED_BY_TWO
    return event.kind in HANDLING


@dataclass
class Stay:
    """A stay in a stage while the story is being told."""

    facts: VisitFacts
    is_pending: bool = False
    request_in_time: bool | None = None
    earlier: "Stay | None" = None
    officer_before: int | None = None
    officers: set[int] = field(default_factory=set)


class Story:
    """Walks through the events once and keeps what they amount to."""

    def __init__(self, terms: ProcedureTerms, receipt: Event) -> None:
        self.terms = terms
        self.receipt = receipt
        self.events: list[Event] = []
        self.transitions: list[Transition] = []
        self.irregular: list[tuple[int, str]] = []
        self.closing: Event | None = None
        self.outcome: Outcome | None = None
        self.panel_decision: PanelDecision | None = None
        self.referred: Event | None = None
        self.determined: Event | None = None
        self.needs_triage = bool(receipt.facts.get("needs_triage"))
        self.area: int | None = receipt.facts.get("area")
        self.officer: int | None = None
        # The event by which somebody else gave it to the officer.
        self.given: Event | None = None
        self._give(receipt, receipt.facts.get("officer"))
        code = receipt.stage if receipt.stage in terms.by_code else terms.first_stage
        facts = VisitFacts(stage=terms.stage(code), number=1, began=receipt, why="received")
        facts.events.append(receipt)
        self.stay = Stay(facts)
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
        """Let the next event, in order of happening, have its effect."""
        self.events.append(event)
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
        if not stay.is_pending or self.closing is not None:
            self.irregular.append((event.number, "No request was waiting for a decision."))
            return
        stay.is_pending = False
        if event.kind is EventKind.ESCALATION_REFUSED and stay.earlier is not None:
            stay.facts.is_void = True
            stay.facts.ended = event
            self._leave(event)
            earlier = stay.earlier
            if earlier.facts.ended is stay.facts.asked:
                earlier.facts.ended = None
            self.stay = earlier
            # The complaint is back with whoever had it before the request.
            self._give(event, stay.officer_before)
            self._move(event, stay.facts.stage.code, earlier, why="escalation_refused")

    def _reopen(self, event: Event) -> None:
        if self.closing is None:
            self.irregular.append((event.number, "It was not closed."))
        self.closing = None
        code = event.stage if event.stage in self.terms.by_code else self.stay.facts.stage.code
        self._begin(code, event, why="reopened")

    def _close(self, event: Event) -> None:
        if self.closing is not None:
            self.irregular.append((event.number, "It was closed already."))
            return
        self.closing = event
        self._leave(event)
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

    def _answer(self, stay: Stay, event: Event) -> None:
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
        self._give(event, event.facts.get("officer"))
        self.area = event.facts.get("area", self.area)
        self._note_officer()

    # Helpers of the moves --------------------------------------------------------------------

    def _leave(self, event: Event) -> None:
        """Nothing more is owed in the stay that is current."""
        self.stay.facts.ended = self.stay.facts.ended or event

    def _begin(self, code: str, event: Event, *, why: str) -> None:
        self._leave(event)
        came_from = self.stay.facts.stage.code
        number = 1 + sum(stay.facts.stage.code == code for stay in self.stays)
        stage = self.terms.stage(code)
        self.stay = Stay(VisitFacts(stage=stage, number=number, began=event, why=why))
        self.stays.append(self.stay)
        if stage.independence:
            # Somebody new is needed; the earlier officer may not simply carry on.
            self._give(event, None)
        self._note_officer()
        self._move(event, came_from, self.stay, why=why)

    def _move(self, event: Event, from_stage: str, to: Stay, *, why: str) -> None:
        if self.transitions and self.transitions[-1].number == event.number:
            # What one event only passed through is no move of its own.
            from_stage = self.transitions.pop().from_stage
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

    def _stay_of(self, event: Event) -> Stay:
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
        self._open_again(event)
        self._begin(event.stage, event, why="implied")
        return self.stay

    def _open_again(self, event: Event) -> None:
        """A stage that begins after the end shows that the complaint goes on."""
        if self.closing is not None:
            self.irregular.append((event.number, "It was closed already."))
            self.closing = None

    def _give(self, event: Event, officer: int | None) -> None:
        """Let it be an officer's; whoever takes it on themselves was given nothing."""
        if officer != self.officer:
            self.given = None if officer in (None, event.actor) else event
        self.officer = officer

    def _note_officer(self) -> None:
        if self.officer is not None:
            self.stay.officers.add(self.officer)

    @staticmethod
    def _handle(stay: Stay, event: Event) -> None:
        if event.actor is not None and _is_handling(event):
            stay.officers.add(event.actor)
