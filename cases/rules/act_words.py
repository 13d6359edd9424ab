"""What staff call each act, in which order acts are offered, and which is the natural next one."""

from collections.abc import Collection, Iterable
from enum import StrEnum

from cases.rules.acts import KINDS, Act, entitled_roles
from cases.rules.awards import waiting
from cases.rules.events import EventKind
from cases.rules.permissions import DESIGNATED_PERSON, Permission
from cases.rules.procedure_words import in_a_row
from cases.rules.state import CaseState, Deadline, Status
from cases.rules.terms import ProcedureTerms, StageKind


class Group(StrEnum):
    """Where an act is offered: among the steps, the ends, the promises, or beside the record."""

    STEP = "step"
    ENDING = "ending"
    PROMISES = "promises"
    RECORD = "record"


# In the order in which they are offered.
LABELS: dict[Act, str] = {
    Act.TRIAGE: "Accept and sort",
    Act.ASSIGN: "Assign",
    Act.RECEIVE_BY_TEAM: "Received by the team",
    Act.APPROVE_LETTER: "Approve a letter",
    Act.ACKNOWLEDGE: "Acknowledge",
    Act.CONTACT: "Record a contact",
    Act.MANAGER_CONTACT: "Record the manager’s contact",
    Act.UPDATE: "Write to the customer",
    Act.RESOLVE: "Resolve",
    Act.PASS_ON: "Pass on to the next stage",
    Act.ACCEPT_ESCALATION: "Accept the request",
    Act.REFUSE_ESCALATION: "Refuse the request",
    Act.ARRANGE_HEARING: "Arrange the hearing",
    Act.SEND_INVITATION: "Invite the customer",
    Act.SEND_PAPERS: "Send the papers",
    Act.HOLD_HEARING: "Record the hearing",
    Act.SEND_OUTCOME: "Send the outcome",
    Act.RESPOND: "Respond",
    Act.EXTEND: "Extend the deadline",
    Act.EXPLAIN_DELAY: "Apologise for a delay",
    Act.AGREE_DATE: "Agree a date",
    Act.DELIVER: "Record when the letter arrived",
    Act.ESCALATE: "Ask for the next stage",
    Act.EXTEND_WINDOW: "Give more time to ask",
    Act.DEFINE_POINTS: "Set out the points",
    Act.PROPOSE_COMPENSATION: "Propose compensation",
    Act.DECIDE_COMPENSATION: "Approve compensation",
    Act.OFFER_COMPENSATION: "Offer compensation",
    Act.GIVE_UP_COMPENSATION: "Give up compensation not offered",
    Act.ANSWER_COMPENSATION: "Record the answer to an offer",
    Act.KEEP_OFFER_OPEN: "Keep an offer open",
    Act.WITHDRAW_OFFER: "Withdraw an offer",
    Act.PAY_COMPENSATION: "Record that compensation was paid",
    Act.PROMISE: "Record a promise",
    Act.KEEP_PROMISE: "Record that a promise was kept",
    Act.MOVE_PROMISE: "Move a promise to another day",
    Act.GIVE_PROMISE: "Give a promise to somebody else",
    Act.WITHDRAW_PROMISE: "Cancel a promise",
    Act.ADD_ACTION: "Add an action",
    Act.FINISH_ACTION: "Record that an action was done",
    Act.CHANGE_ACTION: "Change an action",
    Act.DROP_ACTION: "Drop an action",
    Act.NOTE: "Add a note",
    Act.ASK_INFORMATION: "Ask somebody for information",
    Act.ADD_FILE: "Add files",
    Act.CLOSE: "Close",
    Act.REOPEN: "Reopen",
    Act.WITHDRAW: "Withdraw",
    Act.REFER_ELSEWHERE: "Refer to another procedure",
    Act.REFUSE: "Refuse the complaint",
    Act.REFUSE_UNREASONABLE: "Refuse as unreasonable",
    Act.REFER_TO_OMBUDSMAN: "Record that it went to the Ombudsman",
    Act.DESIGNATED_PERSON: "Record the part of a designated person",
    Act.OMBUDSMAN_DEMAND: "Record what the Ombudsman asks or orders",
    Act.DETERMINE: "Record the Ombudsman’s decision",
    Act.CHANGE_DETAILS: "Change the details",
    Act.CHANGE_PEOPLE: "Change the people",
    Act.CHANGE_ACCESS: "Change who may see it",
    Act.DECLARE_CONFLICT: "Declare a conflict of interest",
    Act.LINK: "Link with another complaint",
    Act.UNLINK: "Part it from another complaint",
    Act.DIVIDE: "Divide into two complaints",
    Act.CORRECT: "Correct the record",
    Act.ANNUL: "Annul as logged by mistake",
    Act.MERGE: "Merge into another complaint",
    Act.POST_LETTER: "Record that a letter was posted",
}
ENDINGS = frozenset(
    {
        Act.CLOSE,
        Act.REOPEN,
        Act.WITHDRAW,
        Act.REFER_ELSEWHERE,
        Act.REFUSE,
        Act.REFUSE_UNREASONABLE,
        Act.REFER_TO_OMBUDSMAN,
        Act.DETERMINE,
        Act.DESIGNATED_PERSON,
        Act.OMBUDSMAN_DEMAND,
    }
)
# Those that end a complaint or take it to the next stage, and leave behind what still waits there.
LEAVING = frozenset(
    {
        Act.WITHDRAW,
        Act.CLOSE,
        Act.REFER_ELSEWHERE,
        Act.REFUSE,
        Act.REFUSE_UNREASONABLE,
        Act.MERGE,
        Act.PASS_ON,
        Act.ESCALATE,
        Act.ACCEPT_ESCALATION,
    }
)
RECORD = frozenset(
    {
        Act.DEFINE_POINTS,
        Act.CHANGE_DETAILS,
        Act.CHANGE_PEOPLE,
        Act.CHANGE_ACCESS,
        Act.DECLARE_CONFLICT,
        Act.LINK,
        Act.UNLINK,
        Act.DIVIDE,
        Act.CORRECT,
        Act.ANNUL,
        Act.MERGE,
        Act.POST_LETTER,
    }
)
PROMISES = frozenset(
    {
        Act.PROPOSE_COMPENSATION,
        Act.DECIDE_COMPENSATION,
        Act.OFFER_COMPENSATION,
        Act.GIVE_UP_COMPENSATION,
        Act.ANSWER_COMPENSATION,
        Act.KEEP_OFFER_OPEN,
        Act.WITHDRAW_OFFER,
        Act.PAY_COMPENSATION,
        Act.PROMISE,
        Act.KEEP_PROMISE,
        Act.MOVE_PROMISE,
        Act.GIVE_PROMISE,
        Act.WITHDRAW_PROMISE,
        Act.ADD_ACTION,
        Act.FINISH_ACTION,
        Act.CHANGE_ACTION,
        Act.DROP_ACTION,
    }
)
# Told as refused only where there is something that they are about.
ABOUT_PROMISES = PROMISES - {Act.PROMISE, Act.PROPOSE_COMPENSATION, Act.ADD_ACTION} | {
    Act.APPROVE_LETTER
}
_HEARING = frozenset(
    {
        Act.ARRANGE_HEARING,
        Act.SEND_INVITATION,
        Act.SEND_PAPERS,
        Act.HOLD_HEARING,
        Act.SEND_OUTCOME,
    }
)
# What an answered or closed complaint, and an undecided request, wait for.
_AFTER_ANSWER = (Act.DETERMINE, Act.CLOSE, Act.ESCALATE, Act.REOPEN)
_ON_REQUEST = (Act.ACCEPT_ESCALATION, Act.REFUSE_ESCALATION)
_DECISIONS = {EventKind.ESCALATION_ACCEPTED, EventKind.ESCALATION_REFUSED}
_FALLBACK = (Act.RESPOND, Act.RESOLVE, Act.SEND_OUTCOME, Act.NOTE)


def group_of(act: Act) -> Group:
    """Return where the act is offered."""
    if act in RECORD:
        return Group.RECORD
    if act in PROMISES:
        return Group.PROMISES
    return Group.ENDING if act in ENDINGS else Group.STEP


def next_act(state: CaseState, allowed: Collection[Act]) -> Act | None:
    """Return the natural next of the acts allowed: what keeps the promise that is due first."""
    return next((act for act in _candidates(state) if act in allowed), None)


def _candidates(state: CaseState) -> Iterable[Act]:
    if state.needs_triage:
        yield Act.TRIAGE
    yield Act.APPROVE_LETTER
    if state.status is Status.AWAITING_DECISION:
        yield from _ON_REQUEST
    if not state.is_open or state.status is Status.ANSWERED:
        yield from _telling_of_money(state)
        if state.open_promises:
            yield Act.KEEP_PROMISE
        # A decision that is recorded is changed seldom.
        yield from (a for a in _AFTER_ANSWER if a is not Act.DETERMINE or not state.determined_on)
        return
    if state.officer is None:
        yield Act.ASSIGN
    for deadline in state.live_deadlines:
        if deadline.timescale is not None:
            yield from _keeping(deadline.timescale.met_by, state)
    yield from _FALLBACK


def _telling_of_money(state: CaseState) -> Iterable[Act]:
    """Yield what comes next of compensation that the answer did not tell of."""
    for act in (Act.OFFER_COMPENSATION, Act.DECIDE_COMPENSATION):
        if waiting(state.awards, KINDS[act]):
            yield act


def _keeping(kinds: Iterable[EventKind], state: CaseState) -> Iterable[Act]:
    """Yield the acts that keep a promise, what comes before papers and hearing first."""
    for kind in kinds:
        if kind in (EventKind.HEARING_HELD, EventKind.PAPERS_SENT):
            yield from _before_hearing(state)
        yield from (act for act, recorded in KINDS.items() if recorded is kind)


def _before_hearing(state: CaseState) -> Iterable[Act]:
    """Yield what must be done before a hearing can be held: setting its day, then inviting."""
    if not (state.hearing and state.hearing.arranged_for):
        yield Act.ARRANGE_HEARING
        return
    steps = [
        event.kind
        for event in state.events
        if event.kind in (EventKind.HEARING_ARRANGED, EventKind.INVITATION_SENT)
    ]
    if steps and steps[-1] is EventKind.HEARING_ARRANGED:
        yield Act.SEND_INVITATION


def concerns(act: Act, terms: ProcedureTerms) -> bool:
    """Say whether the procedure knows the act in any of its stages."""
    stages = terms.stages
    if act in _HEARING:
        return any(stage.panel for stage in stages)
    if act is Act.RECEIVE_BY_TEAM:
        anchors = (a.code for stage in stages for t in stage.timescales for a in t.anchors)
        return EventKind.RECEIVED_BY_TEAM.value in anchors
    if act is Act.MANAGER_CONTACT:
        return any(stage.timescale("manager-contact") for stage in stages)
    if act is Act.AGREE_DATE:
        return any(t.may_be_agreed for stage in stages for t in stage.timescales)
    if act is Act.DESIGNATED_PERSON:
        return any(body.code == DESIGNATED_PERSON for body in terms.outside_bodies)
    if act is Act.PASS_ON:
        return any(not route.by_customer for stage in stages for route in stage.routes)
    if act is Act.RESOLVE:
        return any(
            stage.kind is StageKind.INITIAL_CONTACT
            or any(t.lifted_by is EventKind.RESOLVED for t in stage.timescales)
            for stage in stages
        )
    return act is not Act.POST_LETTER


def waits_for_decision(state: CaseState, terms: ProcedureTerms) -> str:
    """Return who decides on the request for the next stage, and by when; nothing without one.

    Not every procedure says by when: what else is due is no day for the decision.
    """
    if state.status is not Status.AWAITING_DECISION:
        return ""
    stage = terms.stage(state.stage)
    acts = (Act.ACCEPT_ESCALATION, Act.REFUSE_ESCALATION)
    deciding = sorted({role.words for act in acts for role in entitled_roles(act, stage)})
    days = [each.due_on for each in state.live_deadlines if each.due_on and _decides(each, state)]
    by_when = f", by {min(days):%A %-d %B %Y}" if days else ""
    whom = in_a_row(deciding, last="or")
    return f"{stage.name} was asked for. The {whom} decides on the request{by_when}."


def _decides(deadline: Deadline, state: CaseState) -> bool:
    """Say whether a decision on the request that waits keeps this promise."""
    is_of_this_stay = (deadline.stage, deadline.visit) == (state.stage, state.visit)
    kept_by = deadline.timescale.met_by if deadline.timescale else ()
    return is_of_this_stay and bool(_DECISIONS & set(kept_by))


def not_yours(permission: Permission) -> str:
    """Return whose the act is, for somebody who lacks the role."""
    roles = sorted(role.words for role in permission.roles)
    return f"This is for the {in_a_row(roles, last='or')}." if roles else "Nobody may do this."
