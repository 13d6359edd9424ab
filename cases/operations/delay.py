"""Telling a customer honestly that a promise is late: an apology, why, and by when (HH-29)."""

from datetime import date, datetime

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, User
from cases.operations.letters import issue_letter
from cases.operations.promising import check_due, given_to
from cases.operations.record import recording
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.lateness import Lateness, overdue_promises
from cases.rules.letters import LetterKind


def explain_delay(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    late_because: str,
    avoidable: bool,
    done_by: date,
    telling: Telling,
    keeper: int | None = None,
    team: int | None = None,
) -> Complaint:
    """Record why the promise that is overdue longest is late, and apologise to the customer.

    The day told does not move what was promised, which stays overdue until it is done; it is a
    promise of its own, kept by doing that (Code 7.3).

    :raises ReasonMissing: if it is not said why.
    :raises ActionNotAllowed: if nothing is overdue, the day told is not to come, or whoever is to
        keep it may not see the complaint.
    """
    if not late_because.strip():
        raise ReasonMissing("Say why it is late: the customer is told the reason.")
    with recording(
        complaint_id=complaint_id, act=Act.EXPLAIN_DELAY, by=by, now=now, seen=seen
    ) as case:
        late = overdue_promises(case.state, on)
        if not late:
            raise ActionNotAllowed(f"Nothing was overdue on {on:%-d %B %Y}.")
        if done_by < case.today:
            raise ActionNotAllowed("The day by which it will be done has passed.")
        check_due(done_by, on)
        case.explain(Lateness(late_because, avoidable))
        number = case.tell_new_day(
            late[0],
            done_by,
            on=on,
            facts={"channel": telling.channel, **given_to(case, keeper, team)},
            words={"letter": telling.words},
        )
        issue_letter(case, LetterKind.DELAY, telling, event_number=number, new_due_on=done_by)
    return case.complaint
