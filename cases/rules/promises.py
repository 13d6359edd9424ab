"""Dated promises: what an answer promised, what the Ombudsman ordered, what a colleague is to do.

Each is a deadline without a timescale: its day is named, not counted. What was promised is kept
in words beside its event; here are codes and days.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from cases.rules.awards import PAYMENT_DAYS
from cases.rules.calendars import WorkingCalendar
from cases.rules.editions import AdoptedEditions
from cases.rules.events import NONE_OF_ITS_OWN, Event, EventKind
from cases.rules.periods import Period, Unit
from cases.rules.roles import Role
from cases.rules.state import AnchorFact, CaseState, Deadline, DeadlineState, NewDay
from cases.rules.terms import Reminder
from cases.rules.visits import VisitFacts
from cases.rules.wording import marked

# Told to the customer too, where they follow the complaint: who else looks there learns no number.
CALL = marked("Ring you, as you asked")


class PromiseKind(StrEnum):
    """To whom something is owed, and what."""

    PROMISE = "promise"
    PAYMENT = "payment"
    OFFER = "offer"
    NEW_DAY = "new-day"
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
        return self in {PromiseKind.PROMISE, PromiseKind.PAYMENT, PromiseKind.NEW_DAY}

    @property
    def is_kept_by_hand(self) -> bool:
        """Say whether it is recorded as kept by itself, and may be withdrawn.

        A payment is kept by being paid, and stays owed as long as the customer's acceptance stands;
        an offer that stays open is none of ours to keep; a new day for something overdue is kept by
        doing that.
        """
        return self not in {PromiseKind.PAYMENT, PromiseKind.OFFER, PromiseKind.NEW_DAY}

    @property
    def is_internal(self) -> bool:
        """Say whether it is among colleagues: no customer and no Ombudsman was told of it."""
        return self is PromiseKind.ACTION

    @property
    def is_window(self) -> bool:
        """Say whether its day is the customer's, and nothing that we do by it: an open offer."""
        return self is PromiseKind.OFFER

    @property
    def is_to_ombudsman(self) -> bool:
        """Say whether it is owed to the Ombudsman."""
        return not (self.is_to_customer or self.is_internal or self.is_window)


_WORDS = {
    PromiseKind.PROMISE: "Promise to the customer",
    PromiseKind.PAYMENT: "Compensation to be paid",
    PromiseKind.OFFER: "Offer of compensation, open to the customer",
    PromiseKind.NEW_DAY: "Told when it will be done",
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


def kind_of(code: str) -> PromiseKind | None:
    """Return the kind of a dated promise by the code of its deadline; nothing for a timescale."""
    kind, _, number = code.rpartition("-")
    if not number.isdecimal() or kind not in {each.value for each in PromiseKind}:
        return None
    return PromiseKind(kind)


def is_kept_by_hand(deadline: Deadline) -> bool:
    """Say whether a dated promise is recorded as kept, or withdrawn, by itself."""
    kind = kind_of(deadline.code)
    return kind is not None and kind.is_kept_by_hand


def is_payment(deadline: Deadline) -> bool:
    """Say whether a deadline is compensation that was accepted and is to be paid."""
    return kind_of(deadline.code) is PromiseKind.PAYMENT


def is_offer(deadline: Deadline) -> bool:
    """Say whether a deadline is an offer of compensation that stays open to the customer."""
    return kind_of(deadline.code) is PromiseKind.OFFER


def open_offer(state: CaseState, award: int) -> Deadline | None:
    """Return until when the customer was told that an offer stays open; nothing if they were not.

    `award` is the event that proposed the compensation.
    """
    made = {each.number for each in state.events if each.facts.get("award") == award}
    return next((each for each in state.open_offers if each.promise in made), None)


def offer_is_kept(state: CaseState, award: int, day: date) -> str:
    """Return why an offer cannot be withdrawn on a day: the customer was told that it is open."""
    told = open_offer(state, award)
    if told is None or told.due_on is None or day > told.due_on:
        return ""
    return (
        f"The customer was told that the offer stays open until {told.due_on:%-d %B %Y}. It can be "
        "withdrawn from the day after."
    )


def is_ordered(deadline: Deadline) -> bool:
    """Say whether a deadline is what the Ombudsman ordered or recommended in a decision."""
    return kind_of(deadline.code) in {PromiseKind.ORDER, PromiseKind.RECOMMENDATION}


def is_new_day(deadline: Deadline) -> bool:
    """Say whether a deadline is a new day that the customer was told for something overdue."""
    return kind_of(deadline.code) is PromiseKind.NEW_DAY


def is_to_customer(deadline: Deadline) -> bool:
    """Say whether a deadline is a dated promise to the customer."""
    kind = kind_of(deadline.code)
    return kind is not None and kind.is_to_customer


def is_to_ombudsman(deadline: Deadline) -> bool:
    """Say whether a deadline is owed to the Ombudsman."""
    kind = kind_of(deadline.code)
    return kind is not None and kind.is_to_ombudsman


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

    kind: PromiseKind
    made: Event
    later: Sequence[Event]

    def last(self, kind: EventKind) -> Event | None:
        return next((event for event in reversed(self.later) if event.kind is kind), None)


def promise_deadlines(
    stays: Iterable[VisitFacts],
    events: Sequence[Event],
    editions: AdoptedEditions,
    counted: Sequence[Deadline],
) -> list[Deadline]:
    """Return the dated promises of a complaint, each in the stay in which it was made.

    `counted` are the deadlines of the procedure, for some of which a new day may have been told.
    """
    stays = list(stays)
    made = _promises(stays, events, editions)
    known = {(each.stage, each.visit, each.code): each for each in (*counted, *made)}
    return [*made, *_new_days_told(stays, events, editions, known)]


def _promises(
    stays: Iterable[VisitFacts], events: Sequence[Event], editions: AdoptedEditions
) -> list[Deadline]:
    ended = next((event for event in events if event.kind in NONE_OF_ITS_OWN), None)
    return [
        _deadline(
            stay,
            _Promise(kind, made, [e for e in events if _is_about(e, made)]),
            ended,
            editions,
        )
        for stay in stays
        for made in stay.events
        if (kind := kind_made(made)) is not None
    ]


def kind_made(event: Event) -> PromiseKind | None:
    """Return which kind of dated promise an event makes; nothing if it makes none.

    Compensation that the customer accepts is owed from then on.
    """
    if event.kind is EventKind.PROMISED:
        return PromiseKind(event.facts.get("kind", PromiseKind.PROMISE.value))
    if event.kind is EventKind.COMPENSATION_ANSWERED and event.facts.get("accepted"):
        return PromiseKind.PAYMENT
    return None


def _is_about(event: Event, made: Event) -> bool:
    if event.kind is EventKind.COMPENSATION_ANSWERED:
        is_offer = made.kind is EventKind.PROMISED and "award" in made.facts
        return is_offer and event.facts.get("award") == made.facts["award"]
    if event.kind is EventKind.COMPENSATION_PAID:
        is_answer = made.kind is EventKind.COMPENSATION_ANSWERED
        return is_answer and event.facts.get("award") == made.facts.get("award")
    return bool(event.facts.get("promise") == made.number)


def _new_days_told(
    stays: Iterable[VisitFacts],
    events: Sequence[Event],
    editions: AdoptedEditions,
    known: Mapping[tuple[str, int, str], Deadline],
) -> list[Deadline]:
    """Return the new days told for what was overdue: each ends with what it is about.

    Where another day was told later for the same, that counts, and the former was missed or not.
    """
    told = [
        (stay, event, overdue)
        for stay in stays
        for event in stay.events
        if event.kind is EventKind.DELAY_EXPLAINED
        and event.facts.get("done_by")
        and (overdue := known.get(_about(event))) is not None
    ]
    last = {_about(event): event.number for _, event, _ in told}
    return [
        _new_day(
            stay,
            _Promise(PromiseKind.NEW_DAY, event, [e for e in events if _is_about(e, event)]),
            overdue,
            editions,
            is_last=last[_about(event)] == event.number,
        )
        for stay, event, overdue in told
    ]


def _about(event: Event) -> tuple[str, int, str]:
    """Return which deadline it is for which a new day was told."""
    facts = event.facts
    return (
        facts.get("of_stage", event.stage),
        facts.get("of_visit", event.visit),
        facts.get("timescale", ""),
    )


def _new_day(
    stay: VisitFacts,
    promise: _Promise,
    overdue: Deadline,
    editions: AdoptedEditions,
    *,
    is_last: bool,
) -> Deadline:
    made = promise.made
    day = made.day("done_by") or made.on
    found = _dated(stay, promise, day, editions, settled=overdue.met_by)
    state = overdue.state
    if overdue.met_on is not None:
        is_late = overdue.met_on > (found.due_on or day)
        state = DeadlineState.MET_LATE if is_late else DeadlineState.MET
    elif not is_last and state is DeadlineState.OPEN:
        state = DeadlineState.LIFTED
    return replace(
        found,
        state=state,
        met_on=overdue.met_on,
        met_by=overdue.met_by,
        about=(overdue.stage, overdue.visit, overdue.code),
    )


def _deadline(
    stay: VisitFacts, promise: _Promise, ended: Event | None, editions: AdoptedEditions
) -> Deadline:
    made = promise.made
    kept = promise.last(EventKind.PROMISE_KEPT) or promise.last(EventKind.COMPENSATION_PAID)
    withdrawn = promise.last(EventKind.PROMISE_WITHDRAWN)
    if answered := promise.last(EventKind.COMPENSATION_ANSWERED):
        is_taken_back = answered.facts.get("withdrawn")
        kept, withdrawn = (None, answered) if is_taken_back else (answered, None)
    settled = kept or withdrawn or ended
    number = settled.number if settled else None
    day = made.day("due_on") or _usual_day(made, editions[editions.at(number)])
    found = _dated(stay, promise, day, editions, settled=number)
    return replace(
        found,
        met_on=kept.on if kept else None,
        met_by=kept.number if kept else None,
        state=_state(
            found.due_on or day,
            kept=kept,
            withdrawn=withdrawn,
            ended=ended,
            is_window=promise.kind.is_window,
        ),
    )


def _dated(
    stay: VisitFacts,
    promise: _Promise,
    original: date,
    editions: AdoptedEditions,
    *,
    settled: int | None,
) -> Deadline:
    """Return a dated promise that is open, with its day and who keeps it."""
    made, kind = promise.made, promise.kind
    edition = editions.at(settled)
    calendar = editions[edition]
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
        met_on=None,
        met_by=None,
        state=DeadlineState.OPEN,
        binds=_binds(kind, given),
        is_window=kind.is_window,
        calendar=edition,
        provisional=calendar.is_provisional(due),
        new_days=new_days,
        promise=made.number,
        keeper=given.facts.get("officer"),
        team=given.facts.get("area"),
        is_internal=kind.is_internal,
    )


def _usual_day(made: Event, calendar: WorkingCalendar) -> date:
    if made.kind is EventKind.COMPENSATION_ANSWERED:
        return calendar.add_working_days(made.on, PAYMENT_DAYS)
    return made.on


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
    due: date,
    *,
    kept: Event | None,
    withdrawn: Event | None,
    ended: Event | None,
    is_window: bool,
) -> DeadlineState:
    if kept is not None and is_window:
        return DeadlineState.USED
    if kept is not None:
        return DeadlineState.MET_LATE if kept.on > due else DeadlineState.MET
    if withdrawn is not None:
        return DeadlineState.LIFTED
    return DeadlineState.VOID if ended is not None else DeadlineState.OPEN


def _binds(kind: PromiseKind, given: Event) -> Role | None:
    if kind.is_window:
        return None
    if kind.is_to_ombudsman:
        return Role.COMPLAINTS_COORDINATOR
    return Role.LINE_MANAGER if given.facts.get("area") else Role.RESPONSIBLE_OFFICER


def call_day(deadlines: Iterable[Deadline], *, on: date) -> date:
    """Return until when a call is promised that was asked for on a day: the first day promised.

    It is that day itself where nothing is, or what was first is over.
    """
    dues = [
        each.due_on
        for each in deadlines
        if each.due_on is not None and each.timescale is not None and not each.is_window
    ]
    return max(min(dues, default=on), on)
