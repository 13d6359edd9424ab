"""What replaying a complaint's events gives: where it stands, and what became of each promise."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cases.rules.awards import Award
from cases.rules.events import Event, Outcome, PanelDecision
from cases.rules.periods import Period
from cases.rules.points import Point
from cases.rules.roles import Role
from cases.rules.terms import OutsideBody, Route, Timescale


class Status(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    INVESTIGATING = "investigating"
    AWAITING_DECISION = "awaiting_decision"
    ANSWERED = "answered"
    CLOSED = "closed"

    @property
    def words(self) -> str:
        """Return the status for people."""
        return {
            "received": "Received",
            "investigating": "Being investigated",
            "awaiting_decision": "Next stage asked for",
            "answered": "Answered",
            "closed": "Closed",
        }[self.value]


class DeadlineState(StrEnum):
    """What became of a promise. `USED` is only for windows. Overdue is asked of a day."""

    WAITING = "waiting"
    OPEN = "open"
    MET = "met"
    MET_LATE = "met_late"
    OVERTAKEN = "overtaken"
    NEVER_DONE = "never_done"
    LIFTED = "lifted"
    VOID = "void"
    USED = "used"

    def on(self, day: date, due: date | None, *, is_window: bool) -> str:
        """Return the state as told on a day: open ones may be overdue, windows expired."""
        if self is DeadlineState.OPEN and due is not None and day > due:
            return "expired" if is_window else "overdue"
        return self.value


@dataclass(frozen=True, slots=True)
class AnchorFact:
    """The fact a period was counted from: an event, or the due day of another promise."""

    label: str
    on: date
    number: int | None = None


@dataclass(frozen=True, slots=True)
class NewDay:
    """A day told to the customer in place of the one first promised.

    `in_time`: it was told by the day then due (the Code asks for notice within the timescale).
    """

    number: int
    told_on: date
    due_on: date
    in_time: bool


@dataclass(frozen=True, slots=True)
class Deadline:
    """A promise applied to one stay in a stage, or a window of the customer."""

    stage: str
    visit: int
    code: str
    words: str
    period: Period
    anchor: AnchorFact | None
    original_due_on: date | None
    due_on: date | None
    met_on: date | None
    met_by: int | None
    state: DeadlineState
    binds: Role | None
    calendar: int
    provisional: bool = False
    new_days: tuple[NewDay, ...] = ()
    timescale: Timescale | None = None
    source: Timescale | Route | OutsideBody | None = None
    # Windows end on a day that is the customer's; an earliest day is neither duty nor limit.
    is_window: bool = False
    is_earliest: bool = False
    # Of a dated promise: the event that made it, and the colleague or team that keeps it.
    promise: int | None = None
    keeper: int | None = None
    team: int | None = None
    # Of a new day told for something overdue: the stage, stay and code of that.
    about: tuple[str, int, str] | None = None
    # Among colleagues: an action, which is neither promised to the customer nor owed outside.
    is_internal: bool = False

    @property
    def is_live(self) -> bool:
        """Say whether somebody is bound by it now."""
        return self.state is DeadlineState.OPEN and not self.is_window

    @property
    def is_the_officers(self) -> bool:
        """Say whether it is a dated promise that the responsible officer keeps, whoever that is."""
        is_given = self.keeper is not None or self.team is not None
        return self.promise is not None and self.binds is Role.RESPONSIBLE_OFFICER and not is_given


@dataclass(frozen=True, slots=True)
class Visit:
    """One stay in a stage."""

    stage: str
    number: int
    began_on: date
    began_by: int
    asked_on: date | None
    is_pending: bool
    is_void: bool
    answered_on: date | None
    ended_on: date | None
    request_in_time: bool | None


@dataclass(frozen=True, slots=True)
class Transition:
    """A move from stage to stage."""

    number: int
    on: date
    from_stage: str
    to_stage: str
    visit: int
    why: str
    actor: int | None


@dataclass(frozen=True, slots=True)
class Hearing:
    """The hearing of a panel stage.

    `arranged_as` is the event that arranged it last, which happened on `arranged_on`, `held_as` the
    one by which it was held last, and `members` are who sits; `is_invited` says whether the
    customer was invited to that day, and `invited_to` to which day they were invited last, unless
    it was heard since.
    """

    arranged_for: date | None
    held_on: date | None
    arranged_as: int = 0
    arranged_on: date | None = None
    held_as: int = 0
    members: tuple[int, ...] = ()
    is_invited: bool = False
    invited_to: date | None = None

    @property
    def is_held(self) -> bool:
        """Say whether it was held as it is arranged, be it on another day.

        An arrangement that was entered after the hearing, and was made before it or is for no later
        day, is that of this hearing: papers that came in late arrange nothing anew.
        """
        if self.held_as > self.arranged_as:
            return True
        if self.held_on is None or self.arranged_on is None or self.arranged_for is None:
            return False
        return self.arranged_on < self.held_on or self.arranged_for <= self.held_on

    @property
    def instead_of(self) -> date | None:
        """Return the day to which the customer was invited, where it is arranged for another."""
        return None if self.invited_to == self.arranged_for else self.invited_to

    @property
    def to_come_on(self) -> date | None:
        """Return the day for which it is arranged, unless it was held since; it may have passed."""
        return None if self.is_held else self.arranged_for


@dataclass(frozen=True, slots=True)
class CaseState:
    """Where a complaint stands after all its events."""

    status: Status
    stage: str
    visit: int
    received_on: date
    received_by_team_on: date | None
    acknowledged_on: date | None
    answered_on: date | None
    closed_on: date | None
    closed_as: str
    outcome: Outcome | None
    panel_decision: PanelDecision | None
    officer: int | None
    area: int | None
    referred_to_ombudsman_on: date | None
    determined_on: date | None
    hearing: Hearing | None
    visits: tuple[Visit, ...]
    deadlines: tuple[Deadline, ...]
    transitions: tuple[Transition, ...]
    handlers: Mapping[str, frozenset[int]]
    responders: Mapping[str, frozenset[int]]
    irregular: tuple[tuple[int, str], ...]
    # The events as they count: corrections applied, struck-out ones gone, in order of happening.
    events: tuple[Event, ...]
    needs_triage: bool
    points: tuple[Point, ...] = ()
    awards: tuple[Award, ...] = ()
    # The day on which somebody else gave it to its officer, until the officer does something on it.
    given_on: date | None = None

    @property
    def is_open(self) -> bool:
        """Say whether the landlord still has to act or wait."""
        return self.status is not Status.CLOSED

    @property
    def current(self) -> Visit:
        """Return the stay in a stage that is current."""
        return next(
            visit
            for visit in reversed(self.visits)
            if visit.stage == self.stage and visit.number == self.visit
        )

    @property
    def hearing_to_come_on(self) -> date | None:
        """Return the day of the hearing to come; none where the complaint is closed."""
        return self.hearing.to_come_on if self.hearing and self.is_open else None

    def deadline(self, stage: str, code: str, visit: int | None = None) -> Deadline | None:
        """Return one deadline, of the latest stay in the stage unless another is named."""
        for each in reversed(self.deadlines):
            if each.stage == stage and each.code == code and visit in (None, each.visit):
                return each
        return None

    @property
    def open_promises(self) -> list[Deadline]:
        """Return the dated promises that are not kept yet, the soonest first."""
        return [each for each in self.live_deadlines if each.promise is not None]

    @property
    def open_offers(self) -> list[Deadline]:
        """Return the offers that stay open to the customer until a day, or did until it passed."""
        found = (e for e in self.deadlines if e.is_window and e.promise is not None)
        return [each for each in found if each.state is DeadlineState.OPEN]

    @property
    def live_deadlines(self) -> list[Deadline]:
        """Return the promises that the landlord is bound by now, the soonest first."""
        return self._live(internal=False)

    @property
    def open_actions(self) -> list[Deadline]:
        """Return the actions that colleagues have not done yet, the soonest first."""
        return self._live(internal=True)

    def _live(self, *, internal: bool) -> list[Deadline]:
        live = [each for each in self.deadlines if each.is_live and each.is_internal is internal]
        return sorted(live, key=lambda each: (each.due_on or date.max, each.code))
