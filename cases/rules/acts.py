"""The acts of the procedure: what each records, and whose it is."""

from enum import StrEnum

from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.rules.terms import Stage, StageKind


class Act(StrEnum):
    """What somebody can do with a complaint."""

    TRIAGE = "triage"
    ASSIGN = "assign"
    RECEIVE_BY_TEAM = "receive-by-team"
    ACKNOWLEDGE = "acknowledge"
    CONTACT = "contact"
    MANAGER_CONTACT = "manager-contact"
    UPDATE = "update"
    RESOLVE = "resolve"
    PASS_ON = "pass-on"  # noqa: S105  the name of an act
    RESPOND = "respond"
    APPROVE_LETTER = "approve-letter"
    POST_LETTER = "post-letter"
    DELIVER = "deliver"
    ESCALATE = "escalate"
    ACCEPT_ESCALATION = "accept-escalation"
    REFUSE_ESCALATION = "refuse-escalation"
    EXTEND_WINDOW = "extend-window"
    EXPLAIN_DELAY = "explain-delay"
    AGREE_DATE = "agree-date"
    EXTEND = "extend"
    ARRANGE_HEARING = "arrange-hearing"
    SEND_INVITATION = "send-invitation"
    SEND_PAPERS = "send-papers"
    HOLD_HEARING = "hold-hearing"
    SEND_OUTCOME = "send-outcome"
    WITHDRAW = "withdraw"
    REFER_ELSEWHERE = "refer-elsewhere"
    REFUSE = "refuse"
    REFUSE_UNREASONABLE = "refuse-unreasonable"
    CLOSE = "close"
    REOPEN = "reopen"
    REFER_TO_OMBUDSMAN = "refer-to-ombudsman"
    DETERMINE = "determine"
    DESIGNATED_PERSON = "designated-person"
    OMBUDSMAN_DEMAND = "ombudsman-demand"
    DEFINE_POINTS = "define-points"
    PROPOSE_COMPENSATION = "propose-compensation"
    DECIDE_COMPENSATION = "decide-compensation"
    OFFER_COMPENSATION = "offer-compensation"
    GIVE_UP_COMPENSATION = "give-up-compensation"
    ANSWER_COMPENSATION = "answer-compensation"
    KEEP_OFFER_OPEN = "keep-offer-open"
    WITHDRAW_OFFER = "withdraw-offer"
    PAY_COMPENSATION = "pay-compensation"
    PROMISE = "promise"
    KEEP_PROMISE = "keep-promise"
    MOVE_PROMISE = "move-promise"
    GIVE_PROMISE = "give-promise"
    WITHDRAW_PROMISE = "withdraw-promise"
    LINK = "link"
    UNLINK = "unlink"
    DIVIDE = "divide"
    ADD_ACTION = "add-action"
    FINISH_ACTION = "finish-action"
    CHANGE_ACTION = "change-action"
    DROP_ACTION = "drop-action"
    NOTE = "note"
    ASK_INFORMATION = "ask-information"
    ADD_FILE = "add-file"
    CHANGE_DETAILS = "change-details"
    CHANGE_PEOPLE = "change-people"
    CHANGE_ACCESS = "change-access"
    DECLARE_CONFLICT = "declare-conflict"
    CORRECT = "correct"
    ANNUL = "annul"
    MERGE = "merge"


# Who may do what, wherever their role counts for the complaint. Acts that a stage's procedure
# gives to somebody are added in `entitled_roles`.
_MANAGERS = frozenset({Role.LINE_MANAGER, Role.HEAD_OF_SERVICE})
_WORKING = _MANAGERS | {Role.RESPONSIBLE_OFFICER, Role.COMPLAINTS_COORDINATOR}
_SENIOR = _MANAGERS | {Role.ASSISTANT_DIRECTOR, Role.DIRECTOR}
_COORDINATOR = frozenset({Role.COMPLAINTS_COORDINATOR})
_PROMISING = _SENIOR | _COORDINATOR | {Role.RESPONSIBLE_OFFICER}
_ANYBODY_WORKING = _WORKING | {Role.FRONT_LINE, Role.ASSISTANT_DIRECTOR, Role.DIRECTOR}

GRANTS: dict[Act, frozenset[Role]] = {
    # A director only of a complaint about the coordinator, which no other director sees.
    Act.TRIAGE: _COORDINATOR | {Role.DIRECTOR},
    Act.ASSIGN: _SENIOR | _COORDINATOR,
    Act.RECEIVE_BY_TEAM: _WORKING,
    Act.ACKNOWLEDGE: _COORDINATOR | {Role.RESPONSIBLE_OFFICER},
    Act.CONTACT: _WORKING | {Role.FRONT_LINE},
    Act.MANAGER_CONTACT: _MANAGERS | _COORDINATOR,
    Act.UPDATE: _WORKING | {Role.FRONT_LINE},
    Act.RESOLVE: _WORKING | {Role.FRONT_LINE},
    Act.PASS_ON: _WORKING,
    Act.RESPOND: frozenset(),
    Act.APPROVE_LETTER: _SENIOR | _COORDINATOR,
    Act.POST_LETTER: _ANYBODY_WORKING,
    Act.DELIVER: _WORKING,
    Act.ESCALATE: _WORKING | {Role.FRONT_LINE},
    Act.ACCEPT_ESCALATION: _COORDINATOR | {Role.DIRECTOR, Role.ASSISTANT_DIRECTOR},
    Act.REFUSE_ESCALATION: frozenset({Role.DIRECTOR, Role.ASSISTANT_DIRECTOR}),
    Act.EXTEND_WINDOW: _COORDINATOR | {Role.DIRECTOR, Role.ASSISTANT_DIRECTOR},
    Act.EXPLAIN_DELAY: _WORKING | {Role.DIRECTOR, Role.ASSISTANT_DIRECTOR},
    Act.AGREE_DATE: _WORKING | {Role.FRONT_LINE},
    Act.EXTEND: _COORDINATOR | _SENIOR - {Role.LINE_MANAGER},
    Act.ARRANGE_HEARING: _COORDINATOR,
    Act.SEND_INVITATION: _COORDINATOR,
    Act.SEND_PAPERS: _COORDINATOR,
    Act.HOLD_HEARING: _COORDINATOR,
    Act.SEND_OUTCOME: _COORDINATOR,
    Act.WITHDRAW: _WORKING,
    Act.REFER_ELSEWHERE: _COORDINATOR,
    Act.REFUSE: _COORDINATOR,
    Act.REFUSE_UNREASONABLE: frozenset({Role.DIRECTOR}),
    Act.CLOSE: _SENIOR | _COORDINATOR | {Role.RESPONSIBLE_OFFICER},
    Act.REOPEN: _SENIOR | _COORDINATOR,
    Act.REFER_TO_OMBUDSMAN: _COORDINATOR | {Role.DIRECTOR},
    Act.DETERMINE: _COORDINATOR,
    Act.DESIGNATED_PERSON: _COORDINATOR | {Role.DIRECTOR},
    Act.OMBUDSMAN_DEMAND: _COORDINATOR | {Role.DIRECTOR},
    Act.DEFINE_POINTS: _WORKING | {Role.DIRECTOR, Role.ASSISTANT_DIRECTOR},
    Act.PROPOSE_COMPENSATION: _PROMISING,
    Act.DECIDE_COMPENSATION: _SENIOR,
    Act.OFFER_COMPENSATION: _PROMISING,
    Act.GIVE_UP_COMPENSATION: _PROMISING,
    Act.ANSWER_COMPENSATION: _ANYBODY_WORKING,
    Act.KEEP_OFFER_OPEN: _PROMISING,
    Act.WITHDRAW_OFFER: _SENIOR | _COORDINATOR,
    Act.PAY_COMPENSATION: _PROMISING,
    Act.PROMISE: _PROMISING,
    Act.KEEP_PROMISE: _ANYBODY_WORKING,
    Act.MOVE_PROMISE: _PROMISING,
    Act.GIVE_PROMISE: _PROMISING,
    Act.WITHDRAW_PROMISE: _SENIOR | _COORDINATOR,
    Act.LINK: _WORKING,
    Act.UNLINK: _WORKING,
    Act.DIVIDE: _COORDINATOR,
    Act.ADD_ACTION: _ANYBODY_WORKING,
    Act.FINISH_ACTION: _ANYBODY_WORKING,
    Act.CHANGE_ACTION: _PROMISING,
    Act.DROP_ACTION: _PROMISING,
    Act.NOTE: _ANYBODY_WORKING,
    Act.ASK_INFORMATION: _ANYBODY_WORKING,
    Act.ADD_FILE: _ANYBODY_WORKING,
    Act.CHANGE_DETAILS: _COORDINATOR,
    Act.CHANGE_PEOPLE: _WORKING | {Role.FRONT_LINE},
    Act.CHANGE_ACCESS: _COORDINATOR | {Role.DIRECTOR},
    Act.DECLARE_CONFLICT: _ANYBODY_WORKING | {Role.PANEL_MEMBER},
    Act.CORRECT: _COORDINATOR,
    Act.ANNUL: _COORDINATOR,
    Act.MERGE: _COORDINATOR,
}
# Acts that decide the stage: they belong to whoever the procedure names, and nobody else.
DECIDING = frozenset({Act.RESPOND})
# Acts that turn the customer away: keeping a promise by them is for those they are granted to.
TURNING_AWAY = frozenset({Act.REFUSE_ESCALATION})
# Acts that decide a stage, or whether there will be one: not by whoever the procedure shuts out,
# who does not approve their letter either.
JUDGING = DECIDING | TURNING_AWAY | {Act.ACCEPT_ESCALATION}
# Acts that decide a hearing: recorded by the coordinator too, who keeps its papers.
HEARING = frozenset({Act.HOLD_HEARING, Act.SEND_OUTCOME})


def entitled_roles(act: Act, stage: Stage) -> frozenset[Role]:
    """Return the roles that may do this act in this stage, where the role counts."""
    roles = GRANTS[act]
    if act in DECIDING or (act in HEARING and stage.panel):
        roles |= frozenset(stage.decided_by)
    if act is Act.RESOLVE and stage.kind is StageKind.INITIAL_CONTACT:
        roles |= frozenset(stage.decided_by)
    kind = KINDS[act]
    for timescale in stage.timescales:
        # Whoever a promise binds may keep it.
        if kind in timescale.met_by and act not in DECIDING | TURNING_AWAY:
            roles |= {timescale.binds}
    return roles


# The event that each act records. Acts without one are kept by other records.
KINDS: dict[Act, EventKind] = {
    Act.TRIAGE: EventKind.TRIAGED,
    Act.ASSIGN: EventKind.ASSIGNED,
    Act.RECEIVE_BY_TEAM: EventKind.RECEIVED_BY_TEAM,
    Act.ACKNOWLEDGE: EventKind.ACKNOWLEDGED,
    Act.CONTACT: EventKind.CONTACTED,
    Act.MANAGER_CONTACT: EventKind.MANAGER_CONTACTED,
    Act.UPDATE: EventKind.UPDATED,
    Act.RESOLVE: EventKind.RESOLVED,
    Act.PASS_ON: EventKind.PASSED_ON,
    Act.RESPOND: EventKind.RESPONDED,
    Act.APPROVE_LETTER: EventKind.LETTER_DECIDED,
    Act.POST_LETTER: EventKind.CORRECTED,
    Act.DELIVER: EventKind.DELIVERED,
    Act.ESCALATE: EventKind.ESCALATION_REQUESTED,
    Act.ACCEPT_ESCALATION: EventKind.ESCALATION_ACCEPTED,
    Act.REFUSE_ESCALATION: EventKind.ESCALATION_REFUSED,
    Act.EXTEND_WINDOW: EventKind.WINDOW_EXTENDED,
    Act.EXPLAIN_DELAY: EventKind.DELAY_EXPLAINED,
    Act.AGREE_DATE: EventKind.AGREED_DATE,
    Act.EXTEND: EventKind.EXTENDED,
    Act.ARRANGE_HEARING: EventKind.HEARING_ARRANGED,
    Act.SEND_INVITATION: EventKind.INVITATION_SENT,
    Act.SEND_PAPERS: EventKind.PAPERS_SENT,
    Act.HOLD_HEARING: EventKind.HEARING_HELD,
    Act.SEND_OUTCOME: EventKind.OUTCOME_SENT,
    Act.WITHDRAW: EventKind.WITHDRAWN,
    Act.REFER_ELSEWHERE: EventKind.REFERRED_ELSEWHERE,
    Act.REFUSE: EventKind.REFUSED,
    Act.REFUSE_UNREASONABLE: EventKind.REFUSED,
    Act.CLOSE: EventKind.CLOSED,
    Act.REOPEN: EventKind.REOPENED,
    Act.REFER_TO_OMBUDSMAN: EventKind.REFERRED_TO_OMBUDSMAN,
    Act.DETERMINE: EventKind.DETERMINED,
    Act.DESIGNATED_PERSON: EventKind.DESIGNATED_PERSON,
    Act.OMBUDSMAN_DEMAND: EventKind.PROMISED,
    Act.DEFINE_POINTS: EventKind.POINTS_DEFINED,
    Act.PROPOSE_COMPENSATION: EventKind.COMPENSATION_PROPOSED,
    Act.DECIDE_COMPENSATION: EventKind.COMPENSATION_DECIDED,
    Act.OFFER_COMPENSATION: EventKind.COMPENSATION_OFFERED,
    Act.GIVE_UP_COMPENSATION: EventKind.COMPENSATION_DECIDED,
    Act.ANSWER_COMPENSATION: EventKind.COMPENSATION_ANSWERED,
    Act.KEEP_OFFER_OPEN: EventKind.PROMISED,
    Act.WITHDRAW_OFFER: EventKind.COMPENSATION_ANSWERED,
    Act.PAY_COMPENSATION: EventKind.COMPENSATION_PAID,
    Act.PROMISE: EventKind.PROMISED,
    Act.KEEP_PROMISE: EventKind.PROMISE_KEPT,
    Act.MOVE_PROMISE: EventKind.PROMISE_MOVED,
    Act.GIVE_PROMISE: EventKind.PROMISE_GIVEN,
    Act.WITHDRAW_PROMISE: EventKind.PROMISE_WITHDRAWN,
    Act.LINK: EventKind.DETAILS_CHANGED,
    Act.UNLINK: EventKind.DETAILS_CHANGED,
    Act.DIVIDE: EventKind.POINTS_DEFINED,
    Act.ADD_ACTION: EventKind.PROMISED,
    Act.FINISH_ACTION: EventKind.PROMISE_KEPT,
    Act.CHANGE_ACTION: EventKind.PROMISE_GIVEN,
    Act.DROP_ACTION: EventKind.PROMISE_WITHDRAWN,
    Act.NOTE: EventKind.NOTED,
    Act.ASK_INFORMATION: EventKind.NOTED,
    Act.ADD_FILE: EventKind.FILE_ADDED,
    Act.CHANGE_DETAILS: EventKind.DETAILS_CHANGED,
    Act.CHANGE_PEOPLE: EventKind.DETAILS_CHANGED,
    Act.CHANGE_ACCESS: EventKind.ACCESS_CHANGED,
    Act.DECLARE_CONFLICT: EventKind.ACCESS_CHANGED,
    Act.CORRECT: EventKind.CORRECTED,
    Act.ANNUL: EventKind.ANNULLED,
    Act.MERGE: EventKind.MERGED,
}
