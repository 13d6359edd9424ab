"""When each act of the procedure is allowed, and in words why it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from cases.rules.acts import Act, entitled_roles
from cases.rules.awards import not_offered, not_offered_words, waiting
from cases.rules.events import EventKind
from cases.rules.lateness import overdue_promises
from cases.rules.letter_approvals import letters_waiting
from cases.rules.promises import is_kept_by_hand, is_to_customer, offer_is_kept
from cases.rules.requests import refusal_grounds
from cases.rules.roles import Role
from cases.rules.state import CaseState, Status
from cases.rules.terms import ProcedureTerms, Route, Stage, StageKind
from cases.rules.windows import WINDOW

# The code of an outside body whom old procedures name before the Ombudsman.
DESIGNATED_PERSON = "designated_person"


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether an act is allowed now, by whom, and if it is not, why not."""

    act: Act
    why_not: str
    roles: frozenset[Role]

    @property
    def is_allowed(self) -> bool:
        """Say whether the complaint stands where this act belongs."""
        return not self.why_not


def permitted(state: CaseState, terms: ProcedureTerms, day: date) -> dict[Act, Permission]:
    """Return for every act whether it is allowed on that day, and why not otherwise."""
    return {act: permission(act, state, terms, day) for act in Act}


def permission(act: Act, state: CaseState, terms: ProcedureTerms, day: date) -> Permission:
    """Return whether one act is allowed on that day, and why not otherwise."""
    stage = terms.stage(state.stage)
    return Permission(
        act, _REFUSALS[act](_Asked(state, terms, stage, day)), entitled_roles(act, stage)
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a refusal is judged by."""

    state: CaseState
    terms: ProcedureTerms
    stage: Stage
    day: date

    @property
    def is_answered(self) -> bool:
        return self.state.answered_on is not None


# A complaint that was none of its own is not reopened: what ended it is taken back.
_NONE_OF_ITS_OWN = {
    EventKind.ANNULLED.value: "It was annulled as logged by mistake.",
    EventKind.MERGED.value: "It was merged into another complaint, which goes on.",
}
_TAKE_BACK = "To go on with it, the complaints coordinator strikes that entry out of its record."


def _closed(state: CaseState) -> str:
    """Return what has to come before anything else is done with a closed complaint."""
    if why := _NONE_OF_ITS_OWN.get(state.closed_as):
        return f"{why} {_TAKE_BACK}"
    return "The complaint is closed. Reopen it first."


def _of_its_own(asked: _Asked) -> str:
    """Refuse what belongs to a complaint that goes on, or went on to an end of its own."""
    return _closed(asked.state) if asked.state.closed_as in _NONE_OF_ITS_OWN else ""


def _open(asked: _Asked) -> str:
    return "" if asked.state.is_open else _closed(asked.state)


def _working(asked: _Asked) -> str:
    """Refuse unless the stage is being worked on."""
    if refusal := _open(asked):
        return refusal
    if asked.state.needs_triage:
        return "It has not been accepted yet: the complaints coordinator does that first."
    if asked.state.status is Status.AWAITING_DECISION:
        return "The request for this stage has not been decided yet."
    return ""


def _unanswered(asked: _Asked) -> str:
    if refusal := _working(asked):
        return refusal
    return f"{asked.stage.name} has been answered already." if asked.is_answered else ""


def _triage(asked: _Asked) -> str:
    return "" if asked.state.needs_triage else "It has been accepted already."


def _receive_by_team(asked: _Asked) -> str:
    if asked.state.received_by_team_on:
        return "The day the team received it is recorded already."
    return _unanswered(asked)


def _acknowledge(asked: _Asked) -> str:
    if asked.state.acknowledged_on:
        return f"{asked.stage.name} was acknowledged on {asked.state.acknowledged_on:%-d %B %Y}."
    if refusal := _open(asked):
        return refusal
    if asked.state.needs_triage:
        return _working(asked)
    return f"{asked.stage.name} has been answered already." if asked.is_answered else ""


def _manager_contact(asked: _Asked) -> str:
    if asked.stage.timescale("manager-contact") is None:
        return f"The procedure has no contact by a manager in {asked.stage.name}."
    return _unanswered(asked)


def _resolve(asked: _Asked) -> str:
    lifted = any(t.lifted_by is EventKind.RESOLVED for t in asked.stage.timescales)
    if asked.stage.kind is not StageKind.INITIAL_CONTACT and not lifted:
        return f"{asked.stage.name} ends with a response."
    return _unanswered(asked)


def _respond(asked: _Asked) -> str:
    if asked.stage.kind is StageKind.INITIAL_CONTACT:
        return f"{asked.stage.name} ends with a resolution, or by passing the complaint on."
    if asked.stage.panel:
        return f"{asked.stage.name} ends with the outcome of a hearing."
    return _unanswered(asked)


def _pass_on(asked: _Asked) -> str:
    if not any(not route.by_customer for route in asked.stage.routes):
        return f"From {asked.stage.name} only the customer can ask for the next stage."
    return _working(asked)


def _deliver(asked: _Asked) -> str:
    if refusal := _of_its_own(asked):
        return refusal
    return "" if asked.is_answered else "No answer has been sent yet."


def _escalate(asked: _Asked) -> str:
    state, route = asked.state, asked.stage.customer_route
    if state.needs_triage:
        return _working(asked)
    if state.closed_as not in ("", "answered", "resolved", "closed"):
        return _closed(state)
    if state.status is Status.AWAITING_DECISION:
        return "The next stage has been asked for already."
    if route is None:
        if asked.stage.routes:
            return f"{asked.stage.name} is passed on by the landlord."
        return f"{asked.stage.name} is the last stage: the next step is outside the landlord."
    if asked.is_answered or (route.window is None and not route.when_answer_overdue):
        return ""
    return _unanswered_on_time(asked, route)


def _unanswered_on_time(asked: _Asked, route: Route) -> str:
    """Return why the next stage cannot be asked for while this one is not answered."""
    if not route.when_answer_overdue:
        return f"{asked.stage.name} has not been answered yet."
    answer = asked.stage.answer
    due = (
        asked.state.deadline(asked.state.stage, answer.code, asked.state.visit) if answer else None
    )
    if due and due.due_on and asked.day > due.due_on:
        return ""
    return f"{asked.stage.name} has not been answered yet, and its answer is not overdue."


def _decide(asked: _Asked) -> str:
    if asked.state.status is not Status.AWAITING_DECISION:
        return "No request for the next stage is waiting for a decision."
    return ""


def _refuse_escalation(asked: _Asked) -> str:
    if refusal := _decide(asked):
        return refusal
    return (
        ""
        if refusal_grounds(asked.state, asked.terms)
        else ("The procedure gives no ground on which this request may be refused.")
    )


def _extend_window(asked: _Asked) -> str:
    if refusal := _of_its_own(asked):
        return refusal
    window = asked.state.deadline(asked.state.stage, WINDOW, asked.state.visit)
    if window is None:
        return f"The customer may ask at any time after {asked.stage.name}."
    return "" if window.due_on else "The time to ask for the next stage has not begun."


def _explain_delay(asked: _Asked) -> str:
    if refusal := _open(asked):
        return refusal
    return "" if overdue_promises(asked.state, asked.day) else "Nothing is overdue."


def _agree_date(asked: _Asked) -> str:
    if not any(timescale.may_be_agreed for timescale in asked.stage.timescales):
        return f"In {asked.stage.name} a date cannot be agreed; a deadline can be extended."
    return _unanswered(asked)


def _extend(asked: _Asked) -> str:
    promise = asked.stage.extendable
    if promise is None:
        return f"{asked.stage.name} has no response or resolution whose day could move."
    if refusal := _unanswered(asked):
        return refusal
    deadline = asked.state.deadline(asked.state.stage, promise.code, asked.state.visit)
    return "" if deadline and deadline.due_on else "Its day is not known yet."


def _hearing(asked: _Asked) -> str:
    return _unanswered(asked) if asked.stage.panel else f"{asked.stage.name} has no hearing."


def _arranged(asked: _Asked) -> str:
    if refusal := _hearing(asked):
        return refusal
    hearing = asked.state.hearing
    return "" if hearing and hearing.arranged_for else "No day is set for the hearing yet."


# Without a panel nothing is heard, and nothing decided (K3-15, KF-17, HH-21).
NOBODY_SITS = (
    "It is not recorded who sits on the panel. Arrange the hearing and say who sits first; if it "
    "has been held already, with the day on which it was arranged."
)


def _hold_hearing(asked: _Asked) -> str:
    if refusal := _hearing(asked):
        return refusal
    hearing = asked.state.hearing
    if hearing and hearing.held_on and hearing.is_held:
        return f"It was heard on {hearing.held_on:%-d %B %Y}."
    return "" if hearing and hearing.members else NOBODY_SITS


def _send_outcome(asked: _Asked) -> str:
    if refusal := _hearing(asked):
        return refusal
    hearing = asked.state.hearing
    if hearing is None or not hearing.held_on:
        return "It has not been heard yet."
    return "" if hearing.members else NOBODY_SITS


def _turn_away(asked: _Asked) -> str:
    """Refuse to end over money of which the customer was never told."""
    return _unanswered_or_triage(asked) or not_offered_words(asked.state.awards)


def _refuse_unreasonable(asked: _Asked) -> str:
    return _open(asked) or not_offered_words(asked.state.awards)


def _unanswered_or_triage(asked: _Asked) -> str:
    if refusal := _open(asked):
        return refusal
    return f"{asked.stage.name} has been answered already." if asked.is_answered else ""


def _close(asked: _Asked) -> str:
    if refusal := _open(asked):
        return refusal
    if promised := [each for each in asked.state.open_promises if is_to_customer(each)]:
        number = "A promise" if len(promised) == 1 else f"{len(promised)} promises"
        return (
            f"{number} to the customer must be kept first, or withdrawn with a reason (Code 7.3); "
            "compensation that was accepted must be paid."
        )
    if offered := waiting(asked.state.awards, EventKind.COMPENSATION_ANSWERED):
        amounts = ", ".join(f"£{each.amount:.2f}" for each in offered)
        return (
            f"{amounts} was offered and not answered. Record first what became of it: accepted, "
            "not accepted, or withdrawn (Code 7.3)."
        )
    if refusal := not_offered_words(asked.state.awards):
        return refusal
    if asked.is_answered:
        return ""
    if asked.stage.kind is StageKind.INITIAL_CONTACT:
        return "A resolution must be recorded before it is closed."
    return f"{asked.stage.name} has not been answered. Answer it, or record that it was withdrawn."


def _promise(asked: _Asked) -> str:
    if asked.state.needs_triage:
        return _working(asked)
    if asked.state.closed_as in _NONE_OF_ITS_OWN:
        return "Nothing is promised in a complaint that is none of its own."
    return ""


def _next_of_compensation(kind: EventKind, why_not: str) -> Callable[[_Asked], str]:
    """Return the refusal where no compensation waits for this step."""
    return lambda asked: "" if waiting(asked.state.awards, kind) else why_not


def _give_up_compensation(asked: _Asked) -> str:
    if not_offered(asked.state.awards):
        return ""
    return "No compensation is proposed or approved that was not offered yet."


_NONE_OFFERED = "No offer of compensation waits for an answer."


def _withdraw_offer(asked: _Asked) -> str:
    offered = waiting(asked.state.awards, EventKind.COMPENSATION_ANSWERED)
    if not offered:
        return _NONE_OFFERED
    refusals = [offer_is_kept(asked.state, each.number, asked.day) for each in offered]
    return refusals[0] if all(refusals) else ""


def _about_a_promise(asked: _Asked) -> str:
    return "" if asked.state.open_promises else "No promise is open."


def _about_a_promise_by_hand(asked: _Asked) -> str:
    if refusal := _about_a_promise(asked):
        return refusal
    if any(is_kept_by_hand(each) for each in asked.state.open_promises):
        return ""
    return (
        "What is open is kept by doing it: paying compensation, recording the answer to an offer, "
        "or doing what is overdue."
    )


def _divide(asked: _Asked) -> str:
    if refusal := _unanswered_or_triage(asked):
        return refusal
    if asked.state.needs_triage:
        return _working(asked)
    if len(asked.state.points) < 2:
        return "Set out its points first: it is divided between them, and has fewer than two."
    if all(point.finding is not None for point in asked.state.points):
        return "Its points are answered, and what was found about them stays here: it is too late."
    return ""


def _about_an_action(asked: _Asked) -> str:
    return "" if asked.state.open_actions else "No action is open."


def _reopen(asked: _Asked) -> str:
    return "The complaint is open." if asked.state.is_open else _of_its_own(asked)


def _refer_to_ombudsman(asked: _Asked) -> str:
    if refusal := _of_its_own(asked):
        return refusal
    if asked.state.referred_to_ombudsman_on:
        return "It has been taken to the Ombudsman already."
    return ""


def _determine(asked: _Asked) -> str:
    # One that is recorded may be changed on review, and the new one recorded too.
    if not asked.state.referred_to_ombudsman_on:
        return "It has not been taken to the Ombudsman."
    return ""


def _designated_person(asked: _Asked) -> str:
    if not any(body.code == DESIGNATED_PERSON for body in asked.terms.outside_bodies):
        return "The procedure names no designated person."
    return _of_its_own(asked)


def _approve_letter(asked: _Asked) -> str:
    waiting = letters_waiting(asked.state.events, asked.state)
    return "" if waiting else "No letter waits for approval."


def _always(_asked: _Asked) -> str:
    return ""


_REFUSALS: dict[Act, Callable[[_Asked], str]] = {
    Act.TRIAGE: _triage,
    Act.ASSIGN: _open,
    Act.RECEIVE_BY_TEAM: _receive_by_team,
    Act.ACKNOWLEDGE: _acknowledge,
    Act.CONTACT: _open,
    Act.MANAGER_CONTACT: _manager_contact,
    Act.UPDATE: _always,
    Act.RESOLVE: _resolve,
    Act.PASS_ON: _pass_on,
    Act.RESPOND: _respond,
    Act.APPROVE_LETTER: _approve_letter,
    Act.POST_LETTER: _always,
    Act.DELIVER: _deliver,
    Act.ESCALATE: _escalate,
    Act.ACCEPT_ESCALATION: _decide,
    Act.REFUSE_ESCALATION: _refuse_escalation,
    Act.EXTEND_WINDOW: _extend_window,
    Act.EXPLAIN_DELAY: _explain_delay,
    Act.AGREE_DATE: _agree_date,
    Act.EXTEND: _extend,
    Act.ARRANGE_HEARING: _hearing,
    Act.SEND_INVITATION: _arranged,
    Act.SEND_PAPERS: _arranged,
    Act.HOLD_HEARING: _hold_hearing,
    Act.SEND_OUTCOME: _send_outcome,
    Act.WITHDRAW: _open,
    Act.REFER_ELSEWHERE: _turn_away,
    Act.REFUSE: _turn_away,
    Act.REFUSE_UNREASONABLE: _refuse_unreasonable,
    Act.CLOSE: _close,
    Act.REOPEN: _reopen,
    Act.REFER_TO_OMBUDSMAN: _refer_to_ombudsman,
    Act.DETERMINE: _determine,
    Act.DESIGNATED_PERSON: _designated_person,
    Act.OMBUDSMAN_DEMAND: _promise,
    Act.DEFINE_POINTS: _unanswered_or_triage,
    Act.PROPOSE_COMPENSATION: _promise,
    Act.DECIDE_COMPENSATION: _next_of_compensation(
        EventKind.COMPENSATION_DECIDED, "No compensation waits for approval."
    ),
    Act.OFFER_COMPENSATION: _next_of_compensation(
        EventKind.COMPENSATION_OFFERED, "No compensation is approved that was not offered yet."
    ),
    Act.GIVE_UP_COMPENSATION: _give_up_compensation,
    Act.ANSWER_COMPENSATION: _next_of_compensation(EventKind.COMPENSATION_ANSWERED, _NONE_OFFERED),
    Act.KEEP_OFFER_OPEN: _next_of_compensation(EventKind.COMPENSATION_ANSWERED, _NONE_OFFERED),
    Act.WITHDRAW_OFFER: _withdraw_offer,
    Act.PAY_COMPENSATION: _next_of_compensation(
        EventKind.COMPENSATION_PAID, "No compensation was accepted that was not paid yet."
    ),
    Act.PROMISE: _promise,
    Act.KEEP_PROMISE: _about_a_promise_by_hand,
    Act.MOVE_PROMISE: _about_a_promise,
    Act.GIVE_PROMISE: _about_a_promise,
    Act.WITHDRAW_PROMISE: _about_a_promise_by_hand,
    Act.LINK: _always,
    Act.UNLINK: _always,
    Act.DIVIDE: _divide,
    Act.ADD_ACTION: _promise,
    Act.FINISH_ACTION: _about_an_action,
    Act.CHANGE_ACTION: _about_an_action,
    Act.DROP_ACTION: _about_an_action,
    Act.NOTE: _always,
    Act.ASK_INFORMATION: _of_its_own,
    Act.ADD_FILE: _always,
    Act.CHANGE_DETAILS: _always,
    Act.CHANGE_PEOPLE: _always,
    Act.CHANGE_ACCESS: _always,
    Act.DECLARE_CONFLICT: _always,
    Act.CORRECT: _always,
    Act.ANNUL: _open,
    Act.MERGE: _open,
}
