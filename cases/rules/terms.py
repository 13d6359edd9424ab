"""The terms of a procedure: its stages, what each promises, and the ways from one to the next."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from cases.rules.events import EventKind, PanelDecision
from cases.rules.periods import Period
from cases.rules.roles import Role
from cases.rules.stage_letters import NO_MORE, StageLetters


class StageKind(StrEnum):
    """What is done in a stage."""

    INITIAL_CONTACT = "initial_contact"
    INVESTIGATION = "investigation"
    REVIEW = "review"
    PANEL_HEARING = "panel_hearing"


class AnchorKind(StrEnum):
    """What starts a period. `EVENT` and `DUE` need a code beside them."""

    RECEIVED = "received"
    STAGE_BEGAN = "stage_began"
    ASKED_FOR_STAGE = "asked_for_stage"
    HEARING_DAY = "hearing_day"
    EVENT = "event"
    DUE = "due"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where a period starts: an event of the stage visit, or the due day of another promise."""

    kind: AnchorKind
    code: str = ""

    def __str__(self) -> str:
        if self.kind is AnchorKind.DUE:
            return f"due:{self.code}"
        return self.code if self.kind is AnchorKind.EVENT else self.kind.value


class Handover(StrEnum):
    """How a request for the next stage takes effect."""

    AT_ONCE = "at_once"
    ON_DECISION = "on_decision"


class NewMatters(StrEnum):
    """What happens to a new matter raised in a stage."""

    JOIN = "join"
    LINKED = "linked"


class Independence(StrEnum):
    """Who may not decide a stage."""

    NOT_AN_EARLIER_HANDLER = "not_an_earlier_handler"
    MORE_SENIOR = "more_senior"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A warning, so many working days before (negative) or after the due day, and to whom."""

    days: int
    to: tuple[Role, ...]

    @property
    def code(self) -> str:
        """Return the name under which it is sent once: before-5, due, overdue-1."""
        if self.days == 0:
            return "due"
        return f"before-{-self.days}" if self.days < 0 else f"overdue-{self.days}"


@dataclass(frozen=True, slots=True)
class Timescale:
    """A promise: within this period of that event. `longest_extension` is in working days.

    `earliest`: of the anchors known, the soonest counts; otherwise the first known in order.
    `renewed_by`: only what meets the promise after that event counts. `is_gap`: the procedure
    gives no figure, and the period is an editable default.
    """

    code: str
    words: str
    anchors: tuple[Anchor, ...]
    period: Period
    met_by: tuple[EventKind, ...]
    binds: Role
    earliest: bool = False
    lifted_by: EventKind | None = None
    renewed_by: EventKind | None = None
    may_be_agreed: bool = False
    longest_extension: int | None = None
    in_writing: bool = False
    is_gap: bool = False
    reminders: tuple[Reminder, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A way out of a stage, by the customer or by the landlord.

    Without a `window` the customer may take it at any time. `grounds` are the codes on which a
    request may be refused; none means that it may not be. `refusal_approved`: a second person
    approves each refusal (KF-14).
    """

    to: str
    by_customer: bool
    window: Period | None = None
    handover: Handover = Handover.AT_ONCE
    reasons_required: bool = False
    grounds: tuple[str, ...] = ()
    refusal_approved: bool = False
    when_answer_overdue: bool = False
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """Who hears a case, and what they may decide.

    `composition` has an entry for each seat: the roles of which its holder needs one. If it
    `includes_service_complained_about`, whoever takes the first seat has its role there: for the
    service area of the complaint, or one above it. If it is `led_by_committee`, a panel member on
    it chairs or vice-chairs a committee that answers for that area. It sits on working days alone,
    unless `on_any_day`.
    """

    size: int
    smallest: int
    make_up: str
    composition: tuple[tuple[Role, ...], ...]
    modes: tuple[str, ...]
    decisions: tuple[PanelDecision, ...] = ()
    sends_back_to: str = ""
    includes_service_complained_about: bool = False
    led_by_committee: bool = False
    on_any_day: bool = False
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a procedure."""

    code: str
    name: str
    kind: StageKind
    decided_by: tuple[Role, ...]
    decided_by_words: str
    timescales: tuple[Timescale, ...]
    routes: tuple[Route, ...] = ()
    independence: tuple[Independence, ...] = ()
    new_matters: NewMatters = NewMatters.JOIN
    panel: Panel | None = None
    companion: bool = False
    answer_in_writing: bool = True
    letters: StageLetters = NO_MORE
    answer_copied_to_coordinator: bool = False
    rules: tuple[str, ...] = ()

    def timescale(self, code: str) -> Timescale | None:
        """Return the promise with this code, or nothing."""
        return next((each for each in self.timescales if each.code == code), None)

    @property
    def customer_route(self) -> Route | None:
        """Return the customer's way to the next stage, or nothing."""
        return next((each for each in self.routes if each.by_customer), None)

    @property
    def answer(self) -> Timescale | None:
        """Return the promise of an answer: of a response, a resolution or a hearing's outcome."""
        return self.extendable or self.timescale("inform-outcome")

    @property
    def is_answered_in_writing(self) -> bool:
        """Say whether the customer gets the answer, or the outcome, in writing unasked."""
        return self.answer_in_writing or bool(self.answer and self.answer.in_writing)

    @property
    def extendable(self) -> Timescale | None:
        """Return the promise that an extension moves; a hearing's days are arranged anew."""
        return self.timescale("respond") or self.timescale("resolve")


@dataclass(frozen=True, slots=True)
class OutsideBody:
    """Somebody outside the landlord to whom the customer may go, beside the stages.

    `after` is the stage after which the procedure names them, empty for at any time; with
    `only_after` they may not be asked before. `wait` counts from the answer of that stage to the
    earliest day; `within` to the last.
    """

    code: str
    name: str
    after: str = ""
    only_after: bool = False
    wait: Period | None = None
    within: Period | None = None
    rules: tuple[str, ...] = ()


@dataclass(frozen=True)
class ProcedureTerms:
    """The terms of one version of a procedure."""

    code: str
    name: str
    first_stage: str
    stages: tuple[Stage, ...]
    outside_bodies: tuple[OutsideBody, ...]
    feedback_acknowledgement: Period
    post_takes: int = 2
    customer_categories: tuple[str, ...] = ()
    not_complaints: tuple[str, ...] = ()
    definition: str = ""
    # What staff are to keep to, and the kinds of complaint that are named to customers.
    care_standards: tuple[str, ...] = ()
    care_targets: tuple[str, ...] = ()
    kinds_of_complaint: tuple[str, ...] = ()
    separate_register: bool = False
    director_refuses_unreasonable: bool = False
    rules: tuple[str, ...] = ()

    @cached_property
    def by_code(self) -> dict[str, Stage]:
        """Return the stages by their codes."""
        return {stage.code: stage for stage in self.stages}

    def stage(self, code: str) -> Stage:
        """Return the stage with this code.

        :raises KeyError: if the procedure has no such stage.
        """
        return self.by_code[code]

    def position(self, code: str) -> int:
        """Return where the stage stands in the procedure, from 0."""
        return [stage.code for stage in self.stages].index(code)
