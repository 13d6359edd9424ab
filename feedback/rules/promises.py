"""What the running procedure promises to somebody who tells the landlord something, with days."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.periods import due_on
from cases.rules.replay import replay
from cases.rules.state import Deadline
from cases.rules.terms import ProcedureTerms, Stage
from feedback.rules.kinds import Kind

# By what keeps the promise, the most telling first: for the page, and for an e-mail that others
# may see. What only colleagues notice, such as logging, is not told.
_PROMISES = (
    (EventKind.CONTACTED, "get in touch with you to hear more", "be in touch with you"),
    (
        EventKind.MANAGER_CONTACTED,
        "have a manager of the team concerned get in touch with you",
        "be in touch with you again",
    ),
    (
        EventKind.ACKNOWLEDGED,
        "confirm that we are looking into your complaint, and how we understand it",
        "confirm what you told us",
    ),
    (EventKind.RESPONDED, "give you our answer", "give you our answer"),
    (
        EventKind.RESOLVED,
        "put it right with you, or pass it on to the next stage",
        "let you know what we have done",
    ),
    (
        EventKind.ESCALATION_ACCEPTED,
        "tell you whether we take it to the next stage",
        "be in touch with you",
    ),
    (EventKind.HEARING_ARRANGED, "set the day of the hearing", "be in touch with you"),
    (EventKind.INVITATION_SENT, "invite you to the hearing", "write to you"),
    (EventKind.PAPERS_SENT, "send you the papers for the hearing", "write to you"),
    (EventKind.HEARING_HELD, "hold the hearing", "be in touch with you"),
    (EventKind.OUTCOME_SENT, "tell you what was decided at the hearing", "give you our answer"),
)


@dataclass(frozen=True, slots=True)
class NextStep:
    """Something the landlord will have done by a day.

    `words` go on after "we will"; `neutral_words` tell nothing of a complaint.
    """

    by: date
    words: str
    neutral_words: str


def complaint_steps(
    terms: ProcedureTerms,
    *,
    received_on: date,
    edition: int,
    calendars: Mapping[int, WorkingCalendar],
) -> list[NextStep]:
    """Return what is promised for a complaint received on that day, the soonest first."""
    receipt = Event(1, EventKind.RECEIVED, received_on, facts={"calendar": edition})
    logged = Event(2, EventKind.LOGGED, received_on)
    state = replay(terms, [receipt, logged], calendars)
    steps = [told_step(deadline, terms.stage(state.stage)) for deadline in state.live_deadlines]
    return [step for step in steps if step is not None]


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
        written = " in writing" if in_writing and kind is not EventKind.CONTACTED else ""
        unless = ", unless we have put things right with you by then" if timescale.lifted_by else ""
        return NextStep(deadline.due_on, f"{words}{written}{unless}", neutral)
    return None


def remark_step(
    kind: Kind, terms: ProcedureTerms, *, received_on: date, calendar: WorkingCalendar
) -> NextStep:
    """Return what is promised for a compliment or a suggestion (K3-20)."""
    day = due_on(terms.feedback_acknowledgement, received_on, calendar)
    if kind is Kind.COMPLIMENT:
        return NextStep(day, "thank you, and tell the people it is about", "be in touch with you")
    return NextStep(
        day, "thank you, and tell you who is looking at your suggestion", "be in touch with you"
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
