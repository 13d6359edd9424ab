"""Thanking the sender of a compliment or suggestion, answering it, and posting what is on paper."""

from datetime import date, datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Landlord, OutboundMessage, User
from cases.operations.letters import check_channel
from cases.rules.letters import SUBJECT
from cases.rules.periods import london_day
from feedback.models import Remark, RemarkLetter
from feedback.operations.remark_rights import check_role, lock_remark
from feedback.rules.kinds import Decision, Kind, Way
from feedback.rules.remark_letters import Purpose, RemarkFacts, letter_text
from feedback.rules.told import UNNAMED


@transaction.atomic
def acknowledge_remark(
    *, remark_id: int, by: User, now: datetime, way: Way, on: date, words: str = ""
) -> Remark:
    """Record that the sender was thanked, and write the letter or e-mail if it is one (K3-20).

    A letter or an e-mail is of today; a call may have been on an earlier day.

    :raises ActionNotAllowed: if they were thanked before, or that way is not safe or not known.
    :raises WrongDate: if the day is in the future or before the receipt.
    """
    remark = lock_remark(remark_id, by)
    if remark.acknowledged_on is not None:
        raise ActionNotAllowed("The sender was thanked already.")
    day = _day_of(remark, way, on, now=now)
    _write(remark, Purpose.THANKS, way, words=words, by=by, now=now)
    remark.acknowledged_on = day
    remark.acknowledged_by = by
    remark.acknowledged_how = way.value
    remark.save(update_fields=["acknowledged_on", "acknowledged_by", "acknowledged_how"])
    return remark


@transaction.atomic
def decide_suggestion(
    *, remark_id: int, by: User, now: datetime, decision: Decision, answer: str, way: Way | None
) -> Remark:
    """Decide about a suggestion and answer its sender, where there is a way to reach them.

    :raises ReasonMissing: without an answer.
    :raises ActionNotAllowed: if it is no suggestion, was decided before, or must be answered some
        other way.
    """
    remark = lock_remark(remark_id, by)
    if remark.kind != Kind.SUGGESTION:
        raise ActionNotAllowed("Only a suggestion is decided about.")
    if remark.decided_on is not None:
        raise ActionNotAllowed("This suggestion is decided already.")
    if not answer.strip():
        raise ReasonMissing("Write the answer: what you decided, and why.")
    if way is None and remark.acknowledge_by is not None:
        raise ActionNotAllowed("Choose how the sender is told.")
    if way is not None:
        _write(remark, Purpose.ANSWER, way, words=answer, by=by, now=now, decision=decision)
        remark.answered_how = way.value
    remark.decision = decision.value
    remark.answer = answer.strip()
    remark.decided_on = london_day(now)
    remark.decided_by = by
    remark.save(update_fields=["decision", "answer", "decided_on", "decided_by", "answered_how"])
    return remark


@transaction.atomic
def mark_letter_posted(*, letter_id: int, by: User, on: date, now: datetime) -> RemarkLetter:
    """Record that a letter went to the post on a day.

    :raises ActionNotAllowed: if it is not a letter on paper, or was posted already.
    :raises WrongDate: if the day is in the future.
    """
    check_role(by)
    letter = RemarkLetter.objects.select_for_update(of=("self",)).get(pk=letter_id)
    if letter.channel != Way.POST or letter.posted_on is not None:
        raise ActionNotAllowed("This letter is not waiting to be posted.")
    if on > london_day(now):
        raise WrongDate(f"{on:%-d %B %Y} is in the future.")
    letter.posted_on = on
    letter.posted_by = by
    letter.save(update_fields=["posted_on", "posted_by"])
    return letter


def _day_of(remark: Remark, way: Way, on: date, *, now: datetime) -> date:
    today = london_day(now)
    day = today if way.is_written else on
    if day > today:
        raise WrongDate(f"{day:%-d %B %Y} is in the future.")
    if day < remark.received_on:
        raise WrongDate(f"It was received on {remark.received_on:%-d %B %Y}, after that day.")
    return day


def _write(
    remark: Remark,
    purpose: Purpose,
    way: Way,
    *,
    words: str,
    by: User,
    now: datetime,
    decision: Decision | None = None,
) -> RemarkLetter | None:
    """Write the letter of this purpose, or nothing for what was said aloud."""
    customer = remark.customer
    if customer is None:
        raise ActionNotAllowed("Its sender left no way to reach them.")
    check_channel(customer, way.value)
    if not way.is_written:
        return None
    landlord = Landlord.objects.first()
    body = letter_text(
        purpose,
        RemarkFacts(
            kind=Kind(remark.kind),
            reference=remark.reference,
            received_on=remark.received_on,
            to_name="" if customer.name == UNNAMED else customer.name,
            signed=landlord.name if landlord else "",
            words=words.strip(),
            told=list(remark.passed_on.values_list("to__name", flat=True)),
            decision=decision,
        ),
    )
    return RemarkLetter.objects.create(
        remark=remark,
        purpose=purpose.value,
        channel=way.value,
        to_name=customer.name,
        to_address="\n".join(customer.address_lines),
        letter_format=customer.letter_format,
        body=body,
        issued_at=now,
        issued_by=by,
        message=_queue(remark, purpose, body, now=now) if way is Way.EMAIL else None,
    )


def _queue(remark: Remark, purpose: Purpose, body: str, *, now: datetime) -> OutboundMessage:
    customer = remark.customer
    return OutboundMessage.objects.create(
        key=f"remark:{remark.reference}:{purpose.value}",
        kind=f"remark_{purpose.value}",
        to_address=customer.email if customer else "",
        subject=SUBJECT.format(reference=remark.reference),
        body=f"{body}\n",
        created_at=now,
        next_try_at=now,
    )
