"""Telling a customer honestly that a promise is late: an apology, why, and by when (HH-29)."""

from datetime import date, datetime

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, User
from cases.operations.letters import Telling, issue_letter
from cases.operations.record import recording
from cases.operations.stage_acts import avoidable_facts
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.lateness import overdue_promises
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
) -> Complaint:
    """Record why the promise that is overdue longest is late, and apologise to the customer.

    The day told does not move what was promised: it stays overdue until it is done.

    :raises ReasonMissing: if it is not said why.
    :raises ActionNotAllowed: if nothing is overdue, or the day told is not to come.
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
        number = case.add(
            EventKind.DELAY_EXPLAINED,
            on=on,
            facts={
                "timescale": late[0].code,
                **avoidable_facts(avoidable),
                "done_by": done_by.isoformat(),
                "channel": telling.channel,
            },
            words={"late_because": late_because, "letter": telling.words},
        )
        issue_letter(
            case,
            LetterKind.DELAY,
            telling,
            event_number=number,
            late_because=late_because,
            new_due_on=done_by,
        )
    return case.complaint
