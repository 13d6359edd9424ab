"""From stage to stage: passing on, and requests for the next stage with their decisions."""

from collections.abc import Sequence
from datetime import date, datetime

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, User
from cases.operations.assign import give_to
from cases.operations.considered import Earlier, link_earlier
from cases.operations.letters import issue_letter
from cases.operations.points import evidence_facts
from cases.operations.record import CaseFile, recording
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.letters import LetterKind
from cases.rules.requests import refusal_grounds, request_is_in_time
from cases.selectors.independence import check_may_judge
from cases.selectors.interests import check_no_interest


def pass_on(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    words: str,
    officer_id: int | None = None,
) -> Complaint:
    """Pass a complaint that first contact could not resolve to the next stage (HH-12, LV-5)."""
    with recording(complaint_id=complaint_id, act=Act.PASS_ON, by=by, now=now, seen=seen) as case:
        stage = case.terms.stage(case.state.stage)
        to = next(route.to for route in stage.routes if not route.by_customer)
        case.add(EventKind.PASSED_ON, on=on, stage=to, visit=0, words={"reason": words})
        _give(case, officer_id, on)
    return case.complaint


def request_escalation(
    *,
    complaint_id: int,
    by: User | None,
    now: datetime,
    seen: int | None,
    on: date,
    channel: str,
    reasons: str,
    speaker_id: int | None = None,
) -> Complaint:
    """Record that the customer asks for the next stage, in time or late.

    Whether it came in time is judged now and stands. A late request, and any request under a
    procedure that decides on requests, waits for its decision. `speaker_id` is whoever asks in the
    customer's place on the web.

    :raises ReasonMissing: if the procedure demands reasons and none are given (KF-13, LV-9).
    """
    with recording(complaint_id=complaint_id, act=Act.ESCALATE, by=by, now=now, seen=seen) as case:
        route = case.terms.stage(case.state.stage).customer_route
        if route is None:
            raise ActionNotAllowed("This is the last stage.")
        if route.reasons_required and not reasons.strip():
            raise ReasonMissing(
                "This procedure asks for the customer’s reasons, or for what was not known before."
            )
        case.add(
            EventKind.ESCALATION_REQUESTED,
            on=on,
            stage=route.to,
            visit=0,
            facts={
                "channel": channel,
                "in_time": request_is_in_time(case.state, on),
                **({"by_speaker": speaker_id} if speaker_id else {}),
            },
            words={"reasons": reasons},
        )
    return case.complaint


def accept_escalation(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    reason: str,
    telling: Telling,
    officer_id: int | None = None,
) -> Complaint:
    """Accept a request for the next stage.

    :raises ReasonMissing: if the request was late and nobody says why it is accepted (KF-15).
    :raises NotIndependent: if this person gave the answer that is to be reviewed.
    """
    with recording(
        complaint_id=complaint_id, act=Act.ACCEPT_ESCALATION, by=by, now=now, seen=seen
    ) as case:
        check_may_judge(Act.ACCEPT_ESCALATION, case.state, case.terms, by)
        if case.state.current.request_in_time is False and not reason.strip():
            raise ReasonMissing("The request came late. Say why it is accepted all the same.")
        number = case.add(
            EventKind.ESCALATION_ACCEPTED,
            on=on,
            facts={"channel": telling.channel},
            words={"reason": reason, "letter": telling.words},
        )
        issue_letter(case, LetterKind.ESCALATION_ACCEPTED, telling, event_number=number)
        _give(case, officer_id, on)
    return case.complaint


def refuse_escalation(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    ground: str,
    evidence: str,
    telling: Telling,
    rests_on: Sequence[str] = (),
    earlier: Earlier | None = None,
) -> Complaint:
    """Refuse a request for the next stage on a ground that the procedure lists, with evidence.

    `rests_on` names files and entries that show it, as "file:12" and "entry:5". `earlier` is the
    complaint in which the matter was considered before.

    :raises ActionNotAllowed: if the procedure does not list the ground, or the earlier complaint
        cannot be named.
    :raises ReasonMissing: if the evidence is not given (KF-14, LV-9, Code 5.11).
    :raises NotIndependent: if this person dealt with an earlier stage and may not decide the one
        that was asked for, or what they declared concerns the customer.
    """
    with recording(
        complaint_id=complaint_id, act=Act.REFUSE_ESCALATION, by=by, now=now, seen=seen
    ) as case:
        check_no_interest(case.complaint, by)
        check_may_judge(Act.REFUSE_ESCALATION, case.state, case.terms, by)
        asked_for = (case.state.stage, case.state.visit)
        if ground not in refusal_grounds(case.state, case.terms):
            raise ActionNotAllowed("The procedure does not allow refusal on that ground.")
        if not evidence.strip():
            raise ReasonMissing(
                "Say what shows that the ground applies: refusals must be evidenced."
            )
        number = case.add(
            EventKind.ESCALATION_REFUSED,
            on=on,
            facts={
                "ground": ground,
                "channel": telling.channel,
                **evidence_facts(case, rests_on),
            },
            words={"evidence": evidence, "letter": telling.words},
        )
        named = link_earlier(case, earlier, ground=ground, by=by)
        issue_letter(
            case,
            LetterKind.ESCALATION_REFUSED,
            telling,
            event_number=number,
            heard_in=asked_for,
            ground=ground,
            earlier=named,
        )
    return case.complaint


def extend_window(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    new_due_on: date,
    reason: str,
    telling: Telling | None = None,
    on: date | None = None,
) -> Complaint:
    """Give the customer more time to ask for the next stage, for example after a hospital stay.

    :raises ReasonMissing: if no reason is given (KF-15, LV-10).
    :raises ActionNotAllowed: if the new day is not later than the present one.
    """
    if not reason.strip():
        raise ReasonMissing("Say why the customer is given more time.")
    with recording(
        complaint_id=complaint_id, act=Act.EXTEND_WINDOW, by=by, now=now, seen=seen
    ) as case:
        until = case.complaint.window_until
        if until is not None and new_due_on <= until:
            raise ActionNotAllowed(f"The customer already has until {until:%-d %B %Y}.")
        number = case.add(
            EventKind.WINDOW_EXTENDED,
            on=on,
            facts={
                "new_due_on": new_due_on.isoformat(),
                **({"channel": telling.channel} if telling else {}),
            },
            words={"reason": reason, "letter": telling.words if telling else ""},
        )
        if telling is not None:
            issue_letter(
                case,
                LetterKind.WINDOW_EXTENDED,
                telling,
                event_number=number,
                new_due_on=new_due_on,
            )
    return case.complaint


def _give(case: CaseFile, officer_id: int | None, on: date) -> None:
    if officer_id is None:
        return
    if case.state.area is None:
        raise ActionNotAllowed(
            "The complaint has no service area yet, so nobody can be given it. Give it to a "
            "service area and an officer first."
        )
    give_to(case, officer_id=officer_id, area_id=case.state.area, on=on)
