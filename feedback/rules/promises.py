"""What the running procedure promises to somebody who tells the landlord something, with days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.periods import due_on
from cases.rules.promises import call_day
from cases.rules.replay import replay
from cases.rules.state import Deadline
from cases.rules.terms import ProcedureTerms, Stage
from cases.rules.wording import marked
from feedback.rules.kinds import Kind

# By what keeps the promise, the most telling first: for the page, and for an e-mail that others
# may see. What only colleagues notice, such as logging, is not told.
_PROMISES = (
    (
        EventKind.CONTACTED,
        marked("get in touch with you to hear more"),
        marked("be in touch with you"),
    ),
    (
        EventKind.MANAGER_CONTACTED,
        marked("have a manager of the team concerned get in touch with you"),
        marked("be in touch with you again"),
    ),
    (
        EventKind.ACKNOWLEDGED,
        marked("confirm that we are looking into your complaint, and how we understand it"),
        marked("confirm what you told us"),
    ),
    (EventKind.RESPONDED, marked("give you our answer"), marked("give you our answer")),
    (
        EventKind.RESOLVED,
        marked("put it right with you, or pass it on to the next stage"),
        marked("let you know what we have done"),
    ),
    (
        EventKind.ESCALATION_ACCEPTED,
        marked("tell you whether we take it to the next stage"),
        marked("be in touch with you"),
    ),
    (
        EventKind.HEARING_ARRANGED,
        marked("set the day of the hearing"),
        marked("be in touch with you"),
    ),
    (EventKind.INVITATION_SENT, marked("invite you to the hearing"), marked("write to you")),
    (EventKind.PAPERS_SENT, marked("send you the papers for the hearing"), marked("write to you")),
    (EventKind.HEARING_HELD, marked("hold the hearing"), marked("be in touch with you")),
    (
        EventKind.OUTCOME_SENT,
        marked("tell you what was decided at the hearing"),
        marked("give you our answer"),
    ),
)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something the landlord will have done by a day.

    `doing` goes on after "we will"; `neutral_words` tell nothing of a complaint. It is done in
    writing where `in_writing`, and not at all where things are put right by then and `may_lapse`.
    """

    by: date
    doing: str
    neutral_words: str
    in_writing: bool = False
    may_lapse: bool = False

    @property
    def words(self) -> str:
        """Return all of it, to go on after "we will"."""
        written = " in writing" if self.in_writing else ""
        unless = ", unless we have put things right with you by then" if self.may_lapse else ""
        return f"{self.doing}{written}{unless}"


def complaint_steps(
    terms: ProcedureTerms,
    *,
    received_on: date,
    edition: int,
    calendars: Mapping[int, WorkingCalendar],
    with_call: bool = False,
) -> list[NextStep]:
    """Return what is promised for a complaint received on that day, the soonest first.

    `with_call`: the sender asked to be rung, which is promised by the first of these days.
    """
    receipt = Event(1, EventKind.RECEIVED, received_on, facts={"calendar": edition})
    logged = Event(2, EventKind.LOGGED, received_on)
    state = replay(terms, [receipt, logged], calendars)
    steps = [told_step(deadline, terms.stage(state.stage)) for deadline in state.live_deadlines]
    told = [step for step in steps if step is not None]
    if not with_call:
        return told
    day = call_day(state.live_deadlines, on=received_on)
    return [NextStep(day, marked("ring you, as you asked"), marked("be in touch with you")), *told]


def told_step(deadline: Deadline, stage: Stage) -> NextStep | None:
    """Return a promise in words for the customer; nothing for what only colleagues notice."""
    timescale = deadline.timescale
    if timescale is None or deadline.due_on is None:
        return None
    for kind, words, neutral in _PROMISES:
        if kind not in timescale.met_by:
            continue
        in_writing = timescale.in_writing or (
            kind is EventKind.RESPONDED and stage.answer_in_writing
        )
        return NextStep(
            by=deadline.due_on,
            doing=words,
            neutral_words=neutral,
            in_writing=in_writing and kind is not EventKind.CONTACTED,
            may_lapse=bool(timescale.lifted_by),
        )
    return None


def remark_step(
    kind: Kind, terms: ProcedureTerms, *, received_on: date, calendar: WorkingCalendar
) -> NextStep:
    """Return what is promised for a compliment or a suggestion (K3-20)."""
    day = due_on(terms.feedback_acknowledgement, received_on, calendar)
    if kind is Kind.COMPLIMENT:
        return NextStep(
            day,
            marked("thank you, and tell the people it is about"),
            marked("be in touch with you"),
        )
    return NextStep(
        day,
        marked("thank you, and tell you who is looking at your suggestion"),
        marked("be in touch with you"),
    )


def further_stages(terms: ProcedureTerms) -> list[str]:
    """Return the names of the stages the customer can ask for after the first, in order."""
    found = []
    stage = terms.stage(terms.first_stage)
    while stage.routes:
        route = stage.customer_route or stage.routes[0]
        stage = terms.stage(route.to)
        found.append(stage.name)
    return found
