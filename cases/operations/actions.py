"""Actions in a complaint: what a colleague, a team or somebody outside has to do by a day.

They are kept as dated promises are, among colleagues: no customer is told of one, and none holds
a complaint open.
"""

from dataclasses import dataclass
from datetime import date, datetime

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Complaint, User
from cases.operations.alerts import tell_of_action
from cases.operations.promises import Proof, add_kept
from cases.operations.promising import Promised, add_promise, check_due, given_to
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.promises import PromiseKind
from cases.rules.state import Deadline


def add_action(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    action: Promised,
    outside: str = "",
) -> Complaint:
    """Record what is to be done by a day, and who does it or sees to it.

    `outside` is who does it, where that is nobody of the landlord's own.

    :raises ReasonMissing: if it is not said what is to be done.
    :raises WrongDate: if its day has passed or is years ahead.
    :raises ActionNotAllowed: if whoever sees to it may not see the complaint.
    """
    if not action.words.strip():
        raise ReasonMissing("Say what is to be done.")
    with recording(
        complaint_id=complaint_id, act=Act.ADD_ACTION, by=by, now=now, seen=seen
    ) as case:
        add_promise(case, action, kind=PromiseKind.ACTION, outside=outside)
        _tell_keeper(case, action.keeper)
    return case.complaint


def finish_action(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    action: int,
    on: date,
    proof: Proof,
) -> Complaint:
    """Record that an action was done, with what shows it.

    :raises ReasonMissing: if nothing shows it.
    """
    with recording(
        complaint_id=complaint_id, act=Act.FINISH_ACTION, by=by, now=now, seen=seen
    ) as case:
        add_kept(case, _open_action(case, action), on=on, proof=proof)
    return case.complaint


@dataclass(frozen=True, slots=True)
class Changed:
    """The day of an action and who sees to it, as they are from now on."""

    due_on: date
    keeper: int | None = None
    team: int | None = None


def change_action(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    action: int,
    changed: Changed,
    reason: str = "",
) -> Complaint:
    """Give an action to somebody else, move it to another day, or both.

    :raises ReasonMissing: if it moves and it is not said why.
    :raises ActionNotAllowed: if nothing changes, or the new keeper may not see the complaint.
    :raises WrongDate: if the new day has passed or is years ahead.
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_ACTION, by=by, now=now, seen=seen
    ) as case:
        found = _open_action(case, action)
        is_moved = changed.due_on != found.due_on
        is_given = (changed.keeper, changed.team) != (found.keeper, found.team)
        if not is_moved and not is_given:
            raise ActionNotAllowed("Nothing would change: it is theirs by that day already.")
        if is_moved:
            _check_move(case, changed.due_on, reason)
            case.add(
                EventKind.PROMISE_MOVED,
                facts={"promise": action, "new_due_on": changed.due_on.isoformat()},
                words={"reason": reason},
            )
        if is_given:
            given = given_to(case, changed.keeper, changed.team)
            case.add(EventKind.PROMISE_GIVEN, facts={"promise": action, **given})
            if changed.keeper != found.keeper:
                # What is nobody's in particular is the responsible officer's.
                theirs = case.state.officer if changed.team is None else None
                _tell_keeper(case, changed.keeper or theirs)
    return case.complaint


def _tell_keeper(case: CaseFile, keeper: int | None) -> None:
    """Tell a colleague that an action is theirs, unless they gave it to themselves."""
    if keeper is not None and (case.by is None or keeper != case.by.pk):
        tell_of_action(case, User.objects.get(pk=keeper))


def _check_move(case: CaseFile, due_on: date, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing("Say why it moves to another day.")
    if due_on < case.today:
        raise WrongDate(f"{due_on:%-d %B %Y} has passed.")
    check_due(due_on, case.today)


def drop_action(
    *, complaint_id: int, by: User, now: datetime, seen: int, action: int, reason: str
) -> Complaint:
    """Record that an action need not be done any more, with the reason.

    :raises ReasonMissing: if it is not said why.
    """
    if not reason.strip():
        raise ReasonMissing("Say why it need not be done.")
    with recording(
        complaint_id=complaint_id, act=Act.DROP_ACTION, by=by, now=now, seen=seen
    ) as case:
        _open_action(case, action)
        case.add(EventKind.PROMISE_WITHDRAWN, facts={"promise": action}, words={"reason": reason})
    return case.complaint


def _open_action(case: CaseFile, action: int) -> Deadline:
    """Return the action that an event asked for, while it is open.

    :raises ActionNotAllowed: if there is none, or it is done or dropped.
    """
    for each in case.state.open_actions:
        if each.promise == action:
            return each
    raise ActionNotAllowed("This action is not open any more.")
