"""The Ombudsman, who stands beside the stages and may come in at any time."""

from collections.abc import Sequence
from datetime import date, datetime

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Complaint, User
from cases.operations.promises import open_promise
from cases.operations.promising import Promised, add_promise
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import DesignatedStep, EventKind, Finding
from cases.rules.promises import PromiseKind, is_ordered
from cases.rules.timeline_words import THEIR_REFERENCE

CHANGED = "A decision of the Ombudsman is recorded. Say why it was changed on review."
FINDINGS = tuple(finding.value for finding in Finding)


def refer_to_ombudsman(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    words: str,
    their_reference: str = "",
) -> Complaint:
    """Record that the complaint was taken to the Ombudsman, by whomever.

    `their_reference` is the number under which the Ombudsman keeps it, once it is known.
    """
    with recording(
        complaint_id=complaint_id, act=Act.REFER_TO_OMBUDSMAN, by=by, now=now, seen=seen
    ) as case:
        told = {"note": words, **_numbered(their_reference)}
        case.add(EventKind.REFERRED_TO_OMBUDSMAN, on=on, words=told)
    return case.complaint


def _numbered(their_reference: str) -> dict[str, str]:
    given = their_reference.strip()
    return {THEIR_REFERENCE: given} if given else {}


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
    changed_because: str = "",
    no_longer_owed: Sequence[int] = (),
    their_reference: str = "",
) -> Complaint:
    """Record what the Ombudsman decided: the whole of it, and what was found on each issue.

    `issues` are each in words with the finding on it, per point where the complaint has points.
    `orders` are owed to the Ombudsman from then on, each by its day.

    The Ombudsman may review a decision and change it. The new one is recorded beside the first,
    with why it was changed, and counts from then on; `no_longer_owed` are the events by which the
    first ordered or recommended what does not stand any more.

    :raises ValueError: if the finding is not one of FINDINGS.
    :raises ReasonMissing: if a decision is recorded already, and nobody says why it was changed.
    :raises WrongDate: if it is said to be older than the decision that it changes.
    :raises ActionNotAllowed: if what is no longer owed was not ordered, or is not open.
    """
    if finding not in FINDINGS:
        raise ValueError(f"{finding} is not a finding.")
    found = {"issues": [each.value for _, each in issues]} if issues else {}
    with recording(complaint_id=complaint_id, act=Act.DETERMINE, by=by, now=now, seen=seen) as case:
        before = case.state.determined_on
        is_changed = before is not None
        if is_changed and not changed_because.strip():
            raise ReasonMissing(CHANGED)
        if before is not None and on < before:
            raise WrongDate(
                f"The decision that this one changes is of {before:%-d %B %Y}. It cannot be older."
            )
        case.add(
            EventKind.DETERMINED,
            on=on,
            facts={
                "finding": finding,
                "amount": amount,
                **found,
                **({"changed": True} if is_changed else {}),
            },
            words={
                **{f"issue_{place}": text for place, (text, _) in enumerate(issues, start=1)},
                "note": words,
                **({"changed_because": changed_because} if is_changed else {}),
                **_numbered(their_reference),
            },
        )
        for number in no_longer_owed:
            _let_go(case, number, on=on, because=changed_because)
        for each in orders:
            add_promise(case, each, kind=PromiseKind.ORDER, on=on)
    return case.complaint


def _let_go(case: CaseFile, number: int, *, on: date, because: str) -> None:
    """Record that what the Ombudsman ordered or recommended does not stand any more.

    :raises ActionNotAllowed: if the event ordered nothing, or nothing that is open.
    """
    if not is_ordered(open_promise(case, number)):
        raise ActionNotAllowed("The Ombudsman did not order or recommend this.")
    case.add(
        EventKind.PROMISE_WITHDRAWN, on=on, facts={"promise": number}, words={"reason": because}
    )


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
    their_reference: str = "",
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
        add_promise(
            case, demanded, kind=kind, on=on, amount=amount, besides=_numbered(their_reference)
        )
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
