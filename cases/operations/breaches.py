"""Somebody saw what is not theirs on a page that belongs to no visit: behind a link of its own."""

from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from django.db import transaction

from cases.models import ConsentLink, InformationRequest
from cases.operations.alerts import tell_of_breach
from cases.operations.consent import open_link
from cases.operations.information import open_question
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.customers import Channel
from cases.rules.events import EventKind

# No link ends before it begins.
AT_ONCE = timedelta(microseconds=1)
NOTHING_SAID = "They do not say what they saw."


@transaction.atomic
def breach_at_question(*, token: str, words: str, now: datetime) -> bool:
    """End the link of a question to somebody outside the case, and tell whoever has to act.

    Both or neither. False if the link does not work any more.
    """
    asked = open_question(token, now=now)
    if asked is None:
        return False
    where = f"behind the link to {asked.to_name}"
    with _noting(asked.complaint_id, now) as case:
        # Asked again under the lock: of two at once the first tells.
        current = open_question(token, now=now)
        if current is None:
            return False
        ended = max(now, current.asked_at + AT_ONCE)
        InformationRequest.objects.filter(pk=current.pk).update(expires_at=ended)
        _note(case, words, where=where)
    return True


@transaction.atomic
def breach_at_consent(*, token: str, words: str, now: datetime) -> bool:
    """End the link by which a customer answers whether somebody may speak for them, and tell.

    Both or neither. False if the link does not work any more.
    """
    link = open_link(token, now=now)
    if link is None:
        return False
    with _noting(link.representative.complaint_id, now) as case:
        # Asked again under the lock: of two at once the first tells.
        current = open_link(token, now=now)
        if current is None:
            return False
        ended = max(now, current.asked_at + AT_ONCE)
        ConsentLink.objects.filter(pk=current.pk).update(expires_at=ended)
        _note(case, words, where="where the customer is asked who may speak")
    return True


def breach_at_receipt(*, complaint_id: int, words: str, now: datetime, tells: bool = True) -> None:
    """Note that a receipt was seen by somebody whose it is not, and tell whoever has to act.

    `tells`: nobody is told once more of what they were told today already.
    """
    with _noting(complaint_id, now) as case:
        _note(case, words, where="on the page of the receipt", tells=tells)


def _noting(complaint_id: int, now: datetime) -> AbstractContextManager[CaseFile]:
    """Lock a complaint to add a note to it."""
    return recording(complaint_id=complaint_id, act=Act.NOTE, by=None, now=now, seen=None)


def _note(case: CaseFile, words: str, *, where: str, tells: bool = True) -> None:
    number = case.add(
        EventKind.NOTED,
        facts={"breach": True, "beside": True, "channel": Channel.ONLINE.value},
        words={"note": f"Seen {where}. {words.strip() or NOTHING_SAID}"},
    )
    if tells:
        key = f"breach:{case.complaint.pk}:{number}"
        tell_of_breach(case.complaint, key=key, now=case.now, is_closed=False)
