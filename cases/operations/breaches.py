"""Somebody saw what is not theirs on a page that belongs to no visit: behind a link of its own."""

from datetime import datetime, timedelta

from cases.models import ConsentLink, InformationRequest
from cases.operations.alerts import tell_of_breach
from cases.operations.consent import open_link
from cases.operations.information import open_question
from cases.operations.record import recording
from cases.rules.acts import Act
from cases.rules.customers import Channel
from cases.rules.events import EventKind

# No link ends before it begins.
AT_ONCE = timedelta(microseconds=1)
NOTHING_SAID = "They do not say what they saw."


def breach_at_question(*, token: str, words: str, now: datetime) -> bool:
    """End the link of a question to somebody outside the case, and tell whoever has to act.

    False if the link does not work any more.
    """
    asked = open_question(token, now=now)
    if asked is None:
        return False
    ended = max(now, asked.asked_at + AT_ONCE)
    InformationRequest.objects.filter(pk=asked.pk).update(expires_at=ended)
    _note(asked.complaint_id, words, where=f"behind the link to {asked.to_name}", now=now)
    return True


def breach_at_consent(*, token: str, words: str, now: datetime) -> bool:
    """End the link by which a customer answers whether somebody may speak for them, and tell.

    False if the link does not work any more.
    """
    link = open_link(token, now=now)
    if link is None:
        return False
    ended = max(now, link.asked_at + AT_ONCE)
    ConsentLink.objects.filter(pk=link.pk).update(expires_at=ended)
    complaint_id = link.representative.complaint_id
    _note(complaint_id, words, where="where the customer is asked who may speak", now=now)
    return True


def breach_at_receipt(*, complaint_id: int, words: str, now: datetime) -> None:
    """Tell whoever has to act that a receipt was seen by somebody whose it is not."""
    _note(complaint_id, words, where="on the page of the receipt", now=now)


def _note(complaint_id: int, words: str, *, where: str, now: datetime) -> None:
    said = words.strip() or NOTHING_SAID
    with recording(complaint_id=complaint_id, act=Act.NOTE, by=None, now=now, seen=None) as case:
        number = case.add(
            EventKind.NOTED,
            facts={"breach": True, "beside": True, "channel": Channel.ONLINE.value},
            words={"note": f"Seen {where}. {said}"},
        )
        key = f"breach:{case.complaint.pk}:{number}"
        tell_of_breach(case.complaint, key=key, now=now, is_closed=False)
