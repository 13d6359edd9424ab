"""Ends of a complaint: withdrawn, referred, refused, closed; and reopening."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from cases.errors import ReasonMissing, WrongDate
from cases.models import Complaint, User
from cases.operations.considered import Earlier, link_earlier
from cases.operations.letters import issue_letter
from cases.operations.points import evidence_facts
from cases.operations.promising import Promised, add_promise
from cases.operations.record import CaseFile, recording
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.grounds import ELSEWHERE
from cases.rules.letters import LetterKind
from cases.rules.periods import london_day
from cases.rules.promises import PromiseKind

# Why a complaint need not be accepted (Code 2.2).
EXCLUSIONS = ("over_12_months", "legal_proceedings", "already_considered", "other")
# When it is looked at again that a complaint is not dealt with as pursued unreasonably.
USUAL_REVIEW = timedelta(days=182)
LOOK_AGAIN = "Look again at the decision not to deal with this complaint, and tell the customer"


def withdraw(
    *,
    complaint_id: int,
    by: User | None,
    now: datetime,
    seen: int | None,
    on: date,
    words: str,
    telling: Telling | None = None,
    speaker_id: int | None = None,
) -> Complaint:
    """Record that the customer does not want to go on, and confirm it to them if asked.

    `speaker_id` is whoever withdraws it in their place on the web.
    """
    with recording(complaint_id=complaint_id, act=Act.WITHDRAW, by=by, now=now, seen=seen) as case:
        kind = EventKind.WITHDRAWN
        _end(case, kind, on=on, words=words, telling=telling, speaker_id=speaker_id)
    return case.complaint


def _end(
    case: CaseFile,
    kind: EventKind,
    *,
    on: date,
    words: str,
    telling: Telling | None,
    speaker_id: int | None = None,
) -> None:
    """Add an end of the complaint, and make the letter that confirms it if asked."""
    number = case.add(
        kind,
        on=on,
        facts={
            **({"channel": telling.channel} if telling else {}),
            **({"by_speaker": speaker_id} if speaker_id else {}),
        },
        words={"note": words, "letter": telling.words if telling else ""},
    )
    if telling is not None:
        issue_letter(case, LetterKind.CLOSING, telling, event_number=number)


def refer_elsewhere(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    to: str,
    words: str,
    telling: Telling,
    on: date | None = None,
) -> Complaint:
    """Record that this is for another procedure, and tell the customer which and why.

    :raises ReasonMissing: if it is not said why.
    :raises ValueError: if `to` is not one of ELSEWHERE.
    """
    if to not in ELSEWHERE:
        raise ValueError(f"{to} is not a procedure.")
    _require(words, "Say why it is dealt with elsewhere, and by whom.")
    with recording(
        complaint_id=complaint_id, act=Act.REFER_ELSEWHERE, by=by, now=now, seen=seen
    ) as case:
        number = case.add(
            EventKind.REFERRED_ELSEWHERE,
            on=on,
            facts={"to": to, "channel": telling.channel},
            words={"reason": words},
        )
        issue_letter(
            case,
            LetterKind.REFERRED,
            replace(telling, words=words),
            event_number=number,
            ground=to,
        )
    return case.complaint


def refuse(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    ground: str,
    evidence: str,
    telling: Telling,
    on: date | None = None,
    rests_on: Sequence[str] = (),
    earlier: Earlier | None = None,
) -> Complaint:
    """Record that the complaint is not accepted, on a listed ground and with the evidence.

    `rests_on` names files and entries that show it, as "file:12" and "entry:5". `earlier` is the
    complaint in which the matter was considered before.

    :raises ReasonMissing: if the evidence is missing (Code 2.1, 2.5).
    :raises ActionNotAllowed: if the earlier complaint cannot be named.
    :raises ValueError: if the ground is not one of EXCLUSIONS.
    """
    if ground not in EXCLUSIONS:
        raise ValueError(f"{ground} is not a ground.")
    return _refuse(
        Act.REFUSE,
        complaint_id=complaint_id,
        by=by,
        now=now,
        seen=seen,
        ground=ground,
        evidence=evidence,
        telling=telling,
        on=on,
        rests_on=rests_on,
        earlier=earlier,
    )


def refuse_unreasonable(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    evidence: str,
    telling: Telling,
    on: date | None = None,
    review_on: date | None = None,
    rests_on: Sequence[str] = (),
) -> Complaint:
    """Record a Director's decision not to deal with a complaint pursued unreasonably (HH-6).

    It is looked at again by a day, half a year from now unless another is given (Code 5.15): the
    customer is told so, and it is an action of whoever decided.

    :raises ReasonMissing: if the evidence is missing.
    :raises WrongDate: if the day has passed or is years ahead.
    """
    # A decision may be entered days or months after it was taken and told.
    today = london_day(now)
    review_on = review_on or today + USUAL_REVIEW
    if review_on < today:
        raise WrongDate(f"{review_on:%-d %B %Y} has passed. Give a day to come.")
    return _refuse(
        Act.REFUSE_UNREASONABLE,
        complaint_id=complaint_id,
        by=by,
        now=now,
        seen=seen,
        ground="unreasonable",
        evidence=evidence,
        telling=telling,
        on=on,
        review_on=review_on,
        rests_on=rests_on,
    )


def _refuse(
    act: Act,
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    ground: str,
    evidence: str,
    telling: Telling,
    on: date | None,
    review_on: date | None = None,
    rests_on: Sequence[str] = (),
    earlier: Earlier | None = None,
) -> Complaint:
    _require(evidence, "Say what shows that the ground applies: a refusal must be evidenced.")
    with recording(complaint_id=complaint_id, act=act, by=by, now=now, seen=seen) as case:
        number = case.add(
            EventKind.REFUSED,
            on=on,
            facts={
                "ground": ground,
                "channel": telling.channel,
                **evidence_facts(case, rests_on),
            },
            words={"evidence": evidence, "letter": telling.words},
        )
        named = link_earlier(case, earlier, ground=ground, by=by)
        if review_on is not None:
            again = Promised(LOOK_AGAIN, review_on, keeper=by.pk)
            add_promise(case, again, on=on, kind=PromiseKind.ACTION)
        issue_letter(
            case,
            LetterKind.NOT_ACCEPTED,
            telling,
            event_number=number,
            ground=ground,
            earlier=named,
            new_due_on=review_on,
        )
    return case.complaint


def close(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    on: date,
    words: str,
    telling: Telling | None = None,
) -> Complaint:
    """Close an answered complaint, and confirm it to the customer if asked.

    The customer's time to go further runs on.
    """
    with recording(complaint_id=complaint_id, act=Act.CLOSE, by=by, now=now, seen=seen) as case:
        _end(case, EventKind.CLOSED, on=on, words=words, telling=telling)
    return case.complaint


def reopen(
    *, complaint_id: int, by: User, now: datetime, seen: int, on: date, words: str
) -> Complaint:
    """Open a closed complaint again; its stage begins anew with new deadlines.

    :raises ReasonMissing: if it is not said why.
    """
    _require(words, "Say why it is reopened.")
    with recording(complaint_id=complaint_id, act=Act.REOPEN, by=by, now=now, seen=seen) as case:
        case.add(EventKind.REOPENED, on=on, words={"reason": words})
    return case.complaint


def _require(words: str, message: str) -> None:
    if not words.strip():
        raise ReasonMissing(message)
