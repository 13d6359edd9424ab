"""What another program is told of by itself, and how it knows that it was us."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cases.rules.events import EventKind

SIGNATURE = "Complaints-Signature"
# What can be told: that it happened, to which complaint. Never who or what was said.
TOLD_OF: Mapping[EventKind, str] = {
    EventKind.LOGGED: "A complaint is logged",
    EventKind.TRIAGED: "It is accepted",
    EventKind.ACKNOWLEDGED: "It is acknowledged",
    EventKind.ASSIGNED: "It is given to somebody",
    EventKind.EXTENDED: "Its answer is put off",
    EventKind.RESPONDED: "It is answered",
    EventKind.RESOLVED: "It is put right without a formal answer",
    EventKind.ESCALATION_REQUESTED: "The next stage is asked for",
    EventKind.ESCALATION_ACCEPTED: "It goes to the next stage",
    EventKind.ESCALATION_REFUSED: "The next stage is refused",
    EventKind.OUTCOME_SENT: "The outcome of a hearing is sent",
    EventKind.WITHDRAWN: "It is withdrawn",
    EventKind.CLOSED: "It is closed",
    EventKind.REOPENED: "It is opened again",
    EventKind.REFERRED_TO_OMBUDSMAN: "It is with the Housing Ombudsman",
    EventKind.DETERMINED: "The Housing Ombudsman has decided",
}
# What happened longer before it was recorded is no news: old cases that are taken in, above all.
NEWS = timedelta(days=14)
# How long to wait after the first try that failed, the second, …; after the last a person looks.
WAITS = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240, 480))


def body_of(
    *, name: str, kind: str, reference: str, on: str, recorded_at: datetime, link: str
) -> bytes:
    """Return what is sent: no name of anybody, and no word of anybody's."""
    told: dict[str, Any] = {
        "id": name,
        "event": kind,
        "reference": reference,
        "occurred_on": on,
        "recorded_at": recorded_at.isoformat(),
        "link": link,
    }
    return json.dumps(told, ensure_ascii=True).encode()


def signed(body: bytes, *, secret: str, at: datetime) -> str:
    """Return the signature: of the time together with the body, so that neither is put anew."""
    moment = int(at.timestamp())
    made = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={made}"
