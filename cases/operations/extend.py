"""Moving the day of an answer: by agreement with the customer, or by an extension."""

from dataclasses import replace
from datetime import date, datetime

from cases.errors import ActionNotAllowed, ExtensionTooLong, ReasonMissing
from cases.models import Complaint, Editions, User
from cases.operations.letters import issue_letter
from cases.operations.record import CaseFile, recording
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.letters import LetterKind
from cases.rules.state import Deadline
from cases.rules.terms import Timescale


def agree_date(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    new_due_on: date,
    words: str,
    channel: str = "",
) -> Complaint:
    """Record a day agreed with the customer in place of the promised one (HH-8).

    `channel` is how it was agreed.

    :raises ActionNotAllowed: if the new day comes before the day on which it was agreed.
    """
    with recording(
        complaint_id=complaint_id, act=Act.AGREE_DATE, by=by, now=now, seen=seen
    ) as case:
        promise = next(
            each for each in case.terms.stage(case.state.stage).timescales if each.may_be_agreed
        )
        if new_due_on < on:
            raise ActionNotAllowed("The new day comes before the day on which it was agreed.")
        case.add(
            EventKind.AGREED_DATE,
            on=on,
            facts={
                "timescale": promise.code,
                "new_due_on": new_due_on.isoformat(),
                "channel": channel,
            },
            words={"reason": words},
        )
    return case.complaint


def extend(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    new_due_on: date,
    reason: str,
    exceptional: bool,
    telling: Telling,
    on: date | None = None,
) -> Complaint:
    """Extend the day of the stage's answer, with the reason, and tell the customer in writing.

    `on` is the day on which they were told, today when left out. The length is counted from the
    day first due (Code 6.4, 6.15). `exceptional` says that there is good reason to go beyond the
    longest extension.

    :raises ReasonMissing: if no reason is given.
    :raises ExtensionTooLong: if it goes beyond what the procedure allows without good reason.
    :raises ActionNotAllowed: if the new day is not later, or the customer is not told in writing.
    """
    if not reason.strip():
        raise ReasonMissing("Say why more time is needed: the customer is told the reason.")
    if not telling.is_written:
        raise ActionNotAllowed("The customer must be told of the new day in writing.")
    with recording(complaint_id=complaint_id, act=Act.EXTEND, by=by, now=now, seen=seen) as case:
        promise, deadline = _answer(case)
        if deadline.due_on is None or new_due_on <= max(deadline.due_on, on or case.today):
            raise ActionNotAllowed("The new day must be later than the present one, and to come.")
        _check_length(case, promise, deadline, new_due_on, exceptional=exceptional)
        number = case.add(
            EventKind.EXTENDED,
            on=on,
            facts={
                "timescale": promise.code,
                "new_due_on": new_due_on.isoformat(),
                "exceptional": exceptional,
                "channel": telling.channel,
            },
            words={"reason": reason},
        )
        issue_letter(
            case,
            LetterKind.EXTENSION,
            replace(telling, words=reason),
            event_number=number,
            new_due_on=new_due_on,
        )
    return case.complaint


def _answer(case: CaseFile) -> tuple[Timescale, Deadline]:
    promise = case.terms.stage(case.state.stage).extendable
    deadline = (
        case.state.deadline(case.state.stage, promise.code, case.state.visit) if promise else None
    )
    if promise is None or deadline is None:
        raise ActionNotAllowed("This stage has no response or resolution whose day could move.")
    return promise, deadline


def _check_length(
    case: CaseFile, promise: Timescale, deadline: Deadline, new_due_on: date, *, exceptional: bool
) -> None:
    longest = promise.longest_extension
    if longest is None or deadline.original_due_on is None or exceptional:
        return
    last = Editions()[deadline.calendar].add_working_days(deadline.original_due_on, longest)
    if new_due_on > last:
        raise ExtensionTooLong(
            f"At most {longest} working days may be added: until {last:%A %-d %B %Y}. If there is "
            "good reason to go beyond that, say so."
        )
