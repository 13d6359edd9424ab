"""Putting the record right without changing it: corrections, retractions, annulments."""

from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Complaint, User
from cases.operations.letters import stop_letters
from cases.operations.merging import lock_both, part_twin
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import KEPT_AS_THEY_ARE, Event, EventKind


def correct_date(
    *, complaint_id: int, by: User, now: datetime, seen: int, number: int, on: date, reason: str
) -> Complaint:
    """Correct the day of an earlier entry; what was first recorded stays to be seen.

    It changes what is measured, and never moves the complaint by itself.

    :raises WrongDate: if the new day is in the future, or would put the entry before the receipt.
    :raises ActionNotAllowed: if there is no such entry, or it has no day to correct.
    """
    _require(reason)
    with recording(complaint_id=complaint_id, act=Act.CORRECT, by=by, now=now, seen=seen) as case:
        event = _entry(case, number)
        if event.kind in KEPT_AS_THEY_ARE | {EventKind.CORRECTED}:
            raise ActionNotAllowed("This entry has no day of its own to correct.")
        if on > case.today:
            raise WrongDate(f"{on:%-d %B %Y} is in the future.")
        _check_order(case, event, on)
        case.add(
            EventKind.CORRECTED,
            facts={"target": number, "on": on.isoformat(), "was": event.on.isoformat()},
            words={"reason": reason},
        )
    return case.complaint


def _check_order(case: CaseFile, event: Event, on: date) -> None:
    if event.kind is EventKind.RECEIVED:
        others = [each.on for each in case.state.events if each.number != event.number]
        if others and on > min(others):
            raise WrongDate("Something else is recorded before that day.")
    elif on < case.state.received_on:
        raise WrongDate("That is before the complaint was received.")


@transaction.atomic
def retract(
    *, complaint_id: int, by: User, now: datetime, seen: int, number: int, reason: str
) -> Complaint:
    """Strike out an entry made by mistake. Striking out an annulment or a merger undoes it.

    A letter that tells of it and has not gone yet is stopped.

    :raises ActionNotAllowed: if there is no such entry, or it is the receipt itself, or its kind
        is followed by a better entry instead (`KEPT_AS_THEY_ARE`).
    """
    _require(reason)
    lock_both(complaint_id)
    with recording(complaint_id=complaint_id, act=Act.CORRECT, by=by, now=now, seen=seen) as case:
        event = _entry(case, number)
        if event.kind is EventKind.RECEIVED:
            raise ActionNotAllowed("The receipt cannot be struck out; annul the complaint instead.")
        if event.kind in KEPT_AS_THEY_ARE:
            raise ActionNotAllowed(
                "This entry cannot be struck out, because what it changed would stay. Change it "
                "again instead."
            )
        case.add(
            EventKind.RETRACTED,
            facts={"target": number, "kind": event.kind.value},
            words={"reason": reason},
        )
        stop_letters(case, event_number=number)
        if event.kind is EventKind.MERGED:
            part_twin(case, event, reason=reason)
    return case.complaint


def _entry(case: CaseFile, number: int) -> Event:
    for event in case.state.events:
        if event.number == number:
            return event
    raise ActionNotAllowed("There is no such entry, or it is struck out already.")


def annul(*, complaint_id: int, by: User, now: datetime, seen: int, reason: str) -> Complaint:
    """Record that the complaint was logged by mistake: it stays, closed and uncounted.

    Letters about it that have not gone yet are stopped.
    """
    _require(reason)
    with recording(complaint_id=complaint_id, act=Act.ANNUL, by=by, now=now, seen=seen) as case:
        case.add(EventKind.ANNULLED, words={"reason": reason})
        stop_letters(case)
    return case.complaint


def _require(reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing("Say why: the reason is kept with the record.")
