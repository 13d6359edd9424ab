"""The Ombudsman, who stands beside the stages and may come in at any time."""

from datetime import date, datetime

from cases.models import Complaint, User
from cases.operations.record import recording
from cases.rules.acts import Act
from cases.rules.events import EventKind, Finding

FINDINGS = tuple(finding.value for finding in Finding)


def refer_to_ombudsman(
    *, complaint_id: int, by: User, now: datetime, seen: int, on: date, words: str
) -> Complaint:
    """Record that the complaint was taken to the Ombudsman, by whomever."""
    with recording(
        complaint_id=complaint_id, act=Act.REFER_TO_OMBUDSMAN, by=by, now=now, seen=seen
    ) as case:
        case.add(EventKind.REFERRED_TO_OMBUDSMAN, on=on, words={"note": words})
    return case.complaint


def determine(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    finding: str,
    amount: str,
    words: str,
) -> Complaint:
    """Record what the Ombudsman decided.

    :raises ValueError: if the finding is not one of FINDINGS.
    """
    if finding not in FINDINGS:
        raise ValueError(f"{finding} is not a finding.")
    with recording(complaint_id=complaint_id, act=Act.DETERMINE, by=by, now=now, seen=seen) as case:
        case.add(
            EventKind.DETERMINED,
            on=on,
            facts={"finding": finding, "amount": amount},
            words={"note": words},
        )
    return case.complaint
