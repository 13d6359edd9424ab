"""A call that a customer asks for when they complain: promised, by a day, to be kept like any."""

from datetime import date, datetime

from cases.models import Complaint
from cases.operations.promising import Promised, add_promise
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.wording import marked

# Told to the customer too, where they follow the complaint: who else looks there learns no number.
WORDS = marked("Ring you, as you asked")


def promise_call(*, complaint_id: int, number: str, when: str, now: datetime) -> Complaint:
    """Promise to ring the customer by the first day by which something is due to them anyway.

    It is the responsible officer's to keep, as soon as there is one. `number` and `when` it is
    safe are for them and colleagues: they stand on the record beside the promise.
    """
    with recording(complaint_id=complaint_id, act=Act.NOTE, by=None, now=now, seen=None) as case:
        besides = {"call_number": number.strip(), "call_when": when.strip()}
        add_promise(
            case,
            Promised(WORDS, _first_day(case)),
            besides={name: words for name, words in besides.items() if words},
        )
    return case.complaint


def _first_day(case: CaseFile) -> date:
    """Return the day of the first promise of the procedure; today if that is over, or none."""
    dues = [
        each.due_on
        for each in case.state.live_deadlines
        if each.due_on is not None and each.timescale is not None and not each.is_window
    ]
    return max(min(dues, default=case.today), case.today)
