"""Dated promises: what an answer promised, what the Ombudsman ordered, what a colleague is to do.

Each is a deadline without a timescale: its day is named, not counted. What was promised is kept
in words beside its event; here are codes and days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.rules.editions import AdoptedEditions
from cases.rules.events import Event, EventKind
from cases.rules.periods import Period, Unit
from cases.rules.roles import Role
from cases.rules.state import AnchorFact, Deadline, DeadlineState, NewDay
from cases.rules.terms import Reminder
from cases.rules.visits import VisitFacts


class PromiseKind(StrEnum):
    """To whom something is owed, and what."""

    PROMISE = "promise"
    INFORMATION = "information"
    ORDER = "order"
    RECOMMENDATION = "recommendation"
    FAILURE_ORDER = "failure-order"
    FAILURE_NOTICE = "failure-notice"
    ACTION = "action"

    @property
    def words(self) -> str:
        """Return the kind for people; nothing about the customer."""
        return _WORDS[self]

    @property
    def is_to_customer(self) -> bool:
        """Say whether the customer was promised it."""
        return self is PromiseKind.PROMISE

    @property
    def is_internal(self) -> bool:
        """Say whether it is among colleagues: no customer and no Ombudsman was told of it."""
        return self is PromiseKind.ACTION

    @property
    def is_to_ombudsman(self) -> bool:
        """Say whether it is owed to the Ombudsman."""
        return not (self.is_to_customer or self.is_internal)


_WORDS = {
    PromiseKind.PROMISE: "Promise to the customer",
    PromiseKind.INFORMATION: "Information for the Ombudsman",
    PromiseKind.ORDER: "Order of the Ombudsman",
    PromiseKind.RECOMMENDATION: "Recommendation of the Ombudsman",
    PromiseKind.FAILURE_ORDER: "Complaint handling failure order",
    PromiseKind.FAILURE_NOTICE: "Complaint handling failure notice",
    PromiseKind.ACTION: "Action",
}

# Whoever keeps the promise stands as the responsible officer here.
_KEEPER, _ABOVE = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER
_COORDINATOR = Role.COMPLAINTS_COORDINATOR
TO_THE_CUSTOMER_OR_EACH_OTHER = (
    Reminder(-3, (_KEEPER,)),
    Reminder(0, (_KEEPER,)),
    Reminder(1, (_KEEPER, _ABOVE)),
    Reminder(5, (_KEEPER, _ABOVE, _COORDINATOR)),
)
TO_THE_OMBUDSMAN = (
    Reminder(-10, (_KEEPER, _COORDINATOR)),
    Reminder(-5, (_KEEPER, _COORDINATOR)),
    Reminder(0, (_KEEPER, _COORDINATOR)),
    Reminder(1, (_KEEPER, _COORDINATOR, Role.HEAD_OF_SERVICE)),
)
_ENDED_WITHOUT_EFFECT = frozenset({EventKind.ANNULLED, EventKind.MERGED})


def kind_of(code: str) -> PromiseKind | None:
    """Return the kind of a dated promise by the code of its deadline; nothing for a timescale."""
    kind, _, number = code.rpartition("-")
    if not number.isdecimal() or kind not in {each.value for each in PromiseKind}:
        return None
    return PromiseKind(kind)


def is_to_customer(deadline: Deadline) -> bool:
    """Say whether a deadline is a dated promise to the customer."""
    kind = kind_of(deadline.code)
    return kind is not None and kind.is_to_customer


def dated_reminders(code: str) -> tuple[Reminder, ...]:
    """Return the reminders of a dated promise; none for what is not one."""
    kind = kind_of(code)
    if kind is None:
        return ()
    return TO_THE_OMBUDSMAN if kind.is_to_ombudsman else TO_THE_CUSTOMER_OR_EACH_OTHER


def reminders_of(deadline: Deadline) -> tuple[Reminder, ...]:
    """Return the reminders of any deadline: those of its timescale, or of a dated promise."""
    if deadline.timescale is not None:
        return deadline.timescale.reminders
    return dated_reminders(deadline.code)


@dataclass(frozen=True, slots=True)
class _Promise:
    """What was recorded of one promise, in order of happening."""

    made: Event
    later: Sequence[Event]

    def last(self, kind: EventKind) -> Event | None:
        return next((event for event in reversed(self.later) if event.kind is kind), None)


def promise_deadlines(
    stays: Iterable[VisitFacts], events: Sequence[Event], editions: AdoptedEditions
) -> list[Deadline]:
    """Return the dated promises of a complaint, each in the stay in which it was made."""
    ended = next((event for event in events if event.kind in _ENDED_WITHOUT_EFFECT), None)
    return [
        _deadline(
            stay,
            _Promise(made, [e for e in events if e.facts.get("promise") == made.number]),
            ended,
            editions,
        )
        for stay in stays
        for made in stay.events
        if made.kind is EventKind.PROMISED
    ]


def _deadline(
    stay: VisitFacts, promise: _Promise, ended: Event | None, editions: AdoptedEditions
) -> Deadline:
    made = promise.made
    kind = PromiseKind(made.facts.get("kind", PromiseKind.PROMISE.value))
    kept = promise.last(EventKind.PROMISE_KEPT)
    withdrawn = promise.last(EventKind.PROMISE_WITHDRAWN)
    settled = kept or withdrawn or ended
    edition = editions.at(settled.number if settled else None)
    calendar = editions[edition]
    original = made.day("due_on") or made.on
    new_days = _new_days(promise, original)
    due = new_days[-1].due_on if new_days else original
    given = promise.last(EventKind.PROMISE_GIVEN) or made
    return Deadline(
        stage=stay.stage.code,
        visit=stay.number,
        code=f"{kind.value}-{made.number}",
        words=kind.words,
        period=Period(calendar.working_days_between(made.on, original), Unit.WORKING_DAYS),
        anchor=AnchorFact(made.kind.value, made.on, made.number),
        original_due_on=original,
        due_on=due,
        met_on=kept.on if kept else None,
        met_by=kept.number if kept else None,
        state=_state(due, kept=kept, withdrawn=withdrawn, ended=ended),
        binds=_binds(kind, given),
        calendar=edition,
        provisional=calendar.is_provisional(due),
        new_days=new_days,
        promise=made.number,
        keeper=given.facts.get("officer"),
        team=given.facts.get("area"),
        is_internal=kind.is_internal,
    )


def _new_days(promise: _Promise, original: date) -> tuple[NewDay, ...]:
    told: list[NewDay] = []
    due = original
    for event in promise.later:
        new = event.day("new_due_on")
        if event.kind is EventKind.PROMISE_MOVED and new is not None:
            told.append(NewDay(event.number, event.on, new, event.on <= due))
            due = new
    return tuple(told)


def _state(
    due: date, *, kept: Event | None, withdrawn: Event | None, ended: Event | None
) -> DeadlineState:
    if kept is not None:
        return DeadlineState.MET_LATE if kept.on > due else DeadlineState.MET
    if withdrawn is not None:
        return DeadlineState.LIFTED
    return DeadlineState.VOID if ended is not None else DeadlineState.OPEN


def _binds(kind: PromiseKind, given: Event) -> Role:
    if kind.is_to_ombudsman:
        return Role.COMPLAINTS_COORDINATOR
    return Role.LINE_MANAGER if given.facts.get("area") else Role.RESPONSIBLE_OFFICER
