"""The Ombudsman, who stands beside the stages and may come in at any time."""

from collections.abc import Sequence
from datetime import date, datetime

from cases.errors import ReasonMissing
from cases.models import Complaint, User
from cases.operations.promises import Promised, add_promise
from cases.operations.record import recording
from cases.rules.acts import Act
from cases.rules.events import DesignatedStep, EventKind, Finding
from cases.rules.promises import PromiseKind

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
    issues: Sequence[tuple[str, Finding]] = (),
    orders: Sequence[Promised] = (),
) -> Complaint:
    """Record what the Ombudsman decided: the whole of it, and what was found on each issue.

    `issues` are each in words with the finding on it, per point where the complaint has points.
    `orders` are owed to the Ombudsman from then on, each by its day.

    :raises ValueError: if the finding is not one of FINDINGS.
    """
    if finding not in FINDINGS:
        raise ValueError(f"{finding} is not a finding.")
    found = {"issues": [each.value for _, each in issues]} if issues else {}
    with recording(complaint_id=complaint_id, act=Act.DETERMINE, by=by, now=now, seen=seen) as case:
        case.add(
            EventKind.DETERMINED,
            on=on,
            facts={"finding": finding, "amount": amount, **found},
            words={
                **{f"issue_{place}": text for place, (text, _) in enumerate(issues, start=1)},
                "note": words,
            },
        )
        for each in orders:
            add_promise(case, each, kind=PromiseKind.ORDER, on=on)
    return case.complaint


def demand(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    kind: PromiseKind,
    demanded: Promised,
    amount: str = "",
) -> Complaint:
    """Record what the Ombudsman asks for, orders or recommends, with the day in their letter.

    It is owed to the Ombudsman like a promise: reminded of, and kept with a proof.

    :raises ValueError: if it is not owed to the Ombudsman.
    """
    if not kind.is_to_ombudsman:
        raise ValueError("This is not owed to the Ombudsman.")
    with recording(
        complaint_id=complaint_id, act=Act.OMBUDSMAN_DEMAND, by=by, now=now, seen=seen
    ) as case:
        add_promise(case, demanded, kind=kind, on=on, amount=amount)
    return case.complaint


def record_designated_person(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    step: DesignatedStep,
    name: str,
    words: str,
) -> Complaint:
    """Record what a designated person, an MP or a councillor, was asked for or did (KF-20).

    :raises ReasonMissing: if it is not said who it is.
    """
    if not name.strip():
        raise ReasonMissing("Say who the designated person is.")
    with recording(
        complaint_id=complaint_id, act=Act.DESIGNATED_PERSON, by=by, now=now, seen=seen
    ) as case:
        case.add(
            EventKind.DESIGNATED_PERSON,
            on=on,
            facts={"step": step.value},
            words={"designated_person": name, "note": words},
        )
    return case.complaint
