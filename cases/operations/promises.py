"""Promises with a day: made, moved, given to somebody else, kept with a proof, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from django.db import transaction
from django.db.models import F

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Complaint, Deadline, StoredFile, User
from cases.operations.jobs import each_in_turn
from cases.operations.letters import issue_letter
from cases.operations.promising import (
    Promised,
    add_promise,
    check_due,
    given_to,
    tell_keepers,
    with_day,
)
from cases.operations.record import CaseFile, lock_complaint, recording
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.letters import LetterKind
from cases.rules.promises import is_kept_by_hand, is_new_day, is_to_customer
from cases.rules.state import Deadline as Promise
from cases.selectors.history import events_of, words_of


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows that something was done: words, an entry of the record, or files."""

    words: str = ""
    entry: int | None = None
    file_ids: Sequence[int] = ()


def make_promise(
    *, complaint_id: int, by: User, now: datetime, seen: int, promised: Promised, on: date
) -> Complaint:
    """Record a promise made to the customer outside a letter, such as on the telephone."""
    with recording(complaint_id=complaint_id, act=Act.PROMISE, by=by, now=now, seen=seen) as case:
        add_promise(case, promised, on=on)
    return case.complaint


def keep_promise(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    promise: int,
    on: date,
    proof: Proof,
) -> Complaint:
    """Record that a promise was kept, with its proof: words, an entry of the record, or files.

    :raises ReasonMissing: if there is no proof of any kind (Code 7.3).
    """
    with recording(
        complaint_id=complaint_id, act=Act.KEEP_PROMISE, by=by, now=now, seen=seen
    ) as case:
        kept = _kept_by_hand(open_promise(case, promise))
        add_kept(case, kept, on=on, proof=proof)
    return case.complaint


def add_kept(case: CaseFile, kept: Promise, *, on: date, proof: Proof) -> None:
    """Add to the record of an open complaint file that a dated promise was kept.

    :raises ReasonMissing: if there is no proof of any kind.
    :raises WrongDate: if it was promised later than that day.
    """
    if not proof.words.strip() and proof.entry is None and not proof.file_ids:
        raise ReasonMissing("Give a proof: a file, an entry of the record, or words.")
    if kept.anchor is not None and on < kept.anchor.on:
        raise WrongDate(f"It was promised on {kept.anchor.on:%-d %B %Y}, after that day.")
    files = [_added(case, key) for key in proof.file_ids]
    facts = {"promise": kept.promise, "files": files, "entry": proof.entry}
    case.add(
        EventKind.PROMISE_KEPT,
        on=on,
        facts={name: value for name, value in facts.items() if value},
        words={"proof": proof.words},
    )


def _added(case: CaseFile, key: int) -> int:
    """Add a stored file to the complaint, and return its key."""
    file = StoredFile.objects.get(pk=key, complaint__isnull=True)
    file.complaint = case.complaint
    file.save(update_fields=["complaint"])
    case.add(EventKind.FILE_ADDED, facts={"file": file.pk, "sha256": file.sha256})
    return file.pk


def move_promise(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    promise: int,
    on: date,
    new_due_on: date,
    telling: Telling | None,
    reason: str = "",
) -> Complaint:
    """Move a promise to another day, with the reason, and tell the customer.

    `telling` has the reason as the customer is told it; what is owed to the Ombudsman is moved
    without, and has a `reason` of its own.

    :raises ReasonMissing: if it is not said why.
    :raises ActionNotAllowed: if the customer is not told of a promise to them.
    :raises WrongDate: if it is moved to the day it has already, or one that has passed.
    """
    why = telling.words if telling else reason
    if not why.strip():
        raise ReasonMissing("Say why it moves.")
    with recording(
        complaint_id=complaint_id, act=Act.MOVE_PROMISE, by=by, now=now, seen=seen
    ) as case:
        moved = open_promise(case, promise)
        _check_told(moved, telling)
        if new_due_on == moved.due_on:
            raise WrongDate("It is due on that day already.")
        if new_due_on < case.today:
            raise WrongDate(f"{new_due_on:%-d %B %Y} has passed.")
        check_due(new_due_on, on)
        number = case.add(
            EventKind.PROMISE_MOVED,
            on=on,
            facts={
                "promise": promise,
                "new_due_on": new_due_on.isoformat(),
                **({"channel": telling.channel} if telling else {}),
            },
            words={"reason": why},
        )
        if telling is not None:
            issue_letter(
                case,
                LetterKind.PROMISE_MOVED,
                telling,
                event_number=number,
                promise=_as_promised(case, moved),
                new_due_on=new_due_on,
            )
    return case.complaint


def give_promise(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    promise: int,
    keeper: int | None,
    team: int | None,
) -> Complaint:
    """Give a promise to another colleague or team; neither means the responsible officer."""
    with recording(
        complaint_id=complaint_id, act=Act.GIVE_PROMISE, by=by, now=now, seen=seen
    ) as case:
        found = open_promise(case, promise)
        case.add(
            EventKind.PROMISE_GIVEN,
            facts={"promise": promise, **given_to(case, keeper, team)},
        )
        if (keeper, team) != (found.keeper, found.team):
            # What is nobody's in particular is the responsible officer's.
            tell_keepers(case, keeper or (case.state.officer if team is None else None))
    return case.complaint


def give_back_lost_promises(*, now: datetime) -> int:
    """Give back to the responsible officer what people are to keep who cannot see it any more.

    Every act sees to that for its own complaint. This is for what happens beside the complaints:
    somebody left, or lost a role. Return of how many complaints; may be run again at any time. None
    waits for another that fails. A query for each keeper.
    """
    kept = Deadline.objects.live().promised().filter(keeper__isnull=False)
    kept = kept.exclude(keeper=F("complaint__responsible_officer"))
    lost: set[int] = set()
    for keeper in User.objects.filter(pk__in=kept.values("keeper")):
        theirs = kept.filter(keeper=keeper)
        if keeper.is_active:
            theirs = theirs.exclude(complaint__in=Complaint.objects.readable_by(keeper))
        lost.update(theirs.values_list("complaint", flat=True))
    return sum(each_in_turn(partial(_give_back, key, now=now) for key in sorted(lost)))


@transaction.atomic
def _give_back(complaint_id: int, *, now: datetime) -> bool:
    complaint = lock_complaint(complaint_id, None)
    case = CaseFile(complaint, events_of(complaint), by=None, now=now)
    if not case.take_promises_back():
        return False
    tell_keepers(case, case.state.officer)
    case.save()
    return True


def withdraw_promise(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    promise: int,
    on: date,
    telling: Telling | None,
    reason: str = "",
) -> Complaint:
    """Withdraw a promise that will not be kept, with the reason, and tell the customer.

    :raises ReasonMissing: if it is not said why.
    :raises ActionNotAllowed: if the customer is not told of a promise to them.
    """
    why = telling.words if telling else reason
    if not why.strip():
        raise ReasonMissing("Say why it is cancelled.")
    with recording(
        complaint_id=complaint_id, act=Act.WITHDRAW_PROMISE, by=by, now=now, seen=seen
    ) as case:
        withdrawn = _kept_by_hand(open_promise(case, promise))
        _check_told(withdrawn, telling)
        number = case.add(
            EventKind.PROMISE_WITHDRAWN,
            on=on,
            facts={"promise": promise, **({"channel": telling.channel} if telling else {})},
            words={"reason": why},
        )
        if telling is not None:
            issue_letter(
                case,
                LetterKind.PROMISE_WITHDRAWN,
                telling,
                event_number=number,
                promise=_as_promised(case, withdrawn),
            )
    return case.complaint


def open_promise(case: CaseFile, promise: int) -> Promise:
    """Return the promise that an event made, while it is open.

    :raises ActionNotAllowed: if there is none, or it is kept or withdrawn.
    """
    for each in case.state.open_promises:
        if each.promise == promise:
            return each
    raise ActionNotAllowed("This promise is not open any more.")


def _kept_by_hand(promise: Promise) -> Promise:
    if is_new_day(promise):
        raise ActionNotAllowed("A new day for something overdue is kept by doing that.")
    if not is_kept_by_hand(promise):
        raise ActionNotAllowed(
            "Compensation that the customer accepted is kept by paying it: record that it was paid."
        )
    return promise


def promised_before(case: CaseFile) -> list[str]:
    """Return what the customer was promised and is still open, a sentence each, as a letter says.

    One query if there is any.
    """
    found = [e for e in case.state.open_promises if is_to_customer(e) and not is_new_day(e)]
    if not found:
        return []
    beside = case.words_beside(each.promise for each in found if each.promise)
    return [
        _still_open(
            beside.get(each.promise or 0, {}).get("promise") or each.words, each, case.today
        )
        for each in found
    ]


def _still_open(words: str, promise: Promise, today: date) -> str:
    day = promise.due_on
    if day is None or day >= today:
        return f"{with_day(words, day)}."
    return f"{words.rstrip(' .')}. It was due by {day:%A %-d %B %Y} and is late. We are sorry."


def _check_told(promise: Promise, telling: Telling | None) -> None:
    if telling is None and is_to_customer(promise):
        raise ActionNotAllowed("The customer must be told: it was promised to them.")


def _as_promised(case: CaseFile, promise: Promise) -> str:
    """Return what was promised and for when, as a letter recalls it."""
    words = words_of(case.complaint, promise.promise or 0).get("promise", "")
    return with_day(words, promise.due_on)
