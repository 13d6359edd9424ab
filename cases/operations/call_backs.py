"""A call that a customer asks for when they complain: promised, by a day, to be kept like any."""

from datetime import datetime

from cases.models import Complaint
from cases.operations.promising import Promised, add_promise
from cases.operations.record import recording
from cases.rules.acts import Act
from cases.rules.promises import CALL, call_day


def promise_call(*, complaint_id: int, number: str, when: str, now: datetime) -> Complaint:
    """Promise to ring the customer by the first day by which something is due to them anyway.

    It is the responsible officer's to keep, as soon as there is one. `number` and `when` it is
    safe are for them and colleagues: they stand on the record beside the promise.
    """
    with recording(complaint_id=complaint_id, act=Act.NOTE, by=None, now=now, seen=None) as case:
        besides = {"call_number": number.strip(), "call_when": when.strip()}
        add_promise(
            case,
            Promised(CALL, call_day(case.state.live_deadlines, on=case.today)),
            besides={name: words for name, words in besides.items() if words},
        )
    return case.complaint
