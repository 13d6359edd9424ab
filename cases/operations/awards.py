"""Compensation: proposed, approved by somebody else, offered, answered by the customer, paid."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing
from cases.models import Complaint, Landlord, User
from cases.operations.letters import Telling, issue_letter
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.awards import Award, Head, approval_refusal, limit_of, waiting
from cases.rules.events import EventKind
from cases.rules.letters import LetterKind
from cases.selectors.standing import roles_for


def propose_compensation(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    heads: Sequence[tuple[Head, Decimal]],
    basis: str,
    set_off: bool = False,
    set_off_because: str = "",
) -> Complaint:
    """Propose compensation, each head with its amount, and say how it was worked out.

    It is not set off against arrears unless somebody says why.

    :raises ReasonMissing: if nothing is proposed, or it is not said how it was worked out.
    """
    if not heads or any(amount <= 0 for _, amount in heads):
        raise ReasonMissing("Give an amount for at least one head.")
    if not basis.strip():
        raise ReasonMissing("Say how the amount was worked out.")
    if set_off and not set_off_because.strip():
        raise ReasonMissing("Say why it is set off against arrears: usually it is paid.")
    with recording(
        complaint_id=complaint_id, act=Act.PROPOSE_COMPENSATION, by=by, now=now, seen=seen
    ) as case:
        case.add(
            EventKind.COMPENSATION_PROPOSED,
            facts={
                "heads": [[head.value, f"{amount:.2f}"] for head, amount in heads],
                "amount": f"{sum(amount for _, amount in heads):.2f}",
                "set_off": set_off,
            },
            words={"basis": basis, "set_off_because": set_off_because if set_off else ""},
        )
    return case.complaint


def decide_compensation(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    award: int,
    approved: bool,
    reason: str = "",
) -> Complaint:
    """Approve compensation or refuse it: somebody whose limit suffices, and who did not propose it.

    :raises NotEntitled: to whoever proposed it, and to whoever may not approve so much.
    :raises ReasonMissing: if it is refused without a reason.
    """
    if not approved and not reason.strip():
        raise ReasonMissing("Say why it is not approved.")
    with recording(
        complaint_id=complaint_id, act=Act.DECIDE_COMPENSATION, by=by, now=now, seen=seen
    ) as case:
        found = _waiting(case, award, EventKind.COMPENSATION_DECIDED)
        if refusal := approval_refusal(found, by=by.pk, limit=own_limit(case.complaint, by)):
            raise NotEntitled(refusal)
        case.add(
            EventKind.COMPENSATION_DECIDED,
            facts={"award": award, "approved": approved},
            words={"reason": reason},
        )
    return case.complaint


def offer_compensation(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    award: int,
    on: date,
    telling: Telling,
) -> Complaint:
    """Offer the customer what was approved, with a letter where they are told by one."""
    with recording(
        complaint_id=complaint_id, act=Act.OFFER_COMPENSATION, by=by, now=now, seen=seen
    ) as case:
        found = _waiting(case, award, EventKind.COMPENSATION_OFFERED)
        number = _add_offer(case, found, on=on, channel=telling.channel, words=telling.words)
        issue_letter(
            case,
            LetterKind.COMPENSATION,
            telling,
            event_number=number,
            amount=f"{found.amount:.2f}",
        )
    return case.complaint


def _add_offer(case: CaseFile, award: Award, *, on: date, channel: str, words: str = "") -> int:
    return case.add(
        EventKind.COMPENSATION_OFFERED,
        on=on,
        facts={"award": award.number, "amount": f"{award.amount:.2f}", "channel": channel},
        words={"letter": words},
    )


def record_answer(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    award: int,
    on: date,
    accepted: bool,
    words: str = "",
) -> Complaint:
    """Record whether the customer accepts what was offered."""
    with recording(
        complaint_id=complaint_id, act=Act.ANSWER_COMPENSATION, by=by, now=now, seen=seen
    ) as case:
        _waiting(case, award, EventKind.COMPENSATION_ANSWERED)
        case.add(
            EventKind.COMPENSATION_ANSWERED,
            on=on,
            facts={"award": award, "accepted": accepted},
            words={"note": words},
        )
    return case.complaint


def record_payment(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    award: int,
    on: date,
    proof: str,
) -> Complaint:
    """Record that compensation was paid, with what shows it.

    :raises ReasonMissing: if nothing shows it.
    """
    if not proof.strip():
        raise ReasonMissing("Say what shows that it was paid.")
    with recording(
        complaint_id=complaint_id, act=Act.PAY_COMPENSATION, by=by, now=now, seen=seen
    ) as case:
        found = _waiting(case, award, EventKind.COMPENSATION_PAID)
        case.add(
            EventKind.COMPENSATION_PAID,
            on=on,
            facts={"award": award, "amount": f"{found.amount:.2f}"},
            words={"proof": proof},
        )
    return case.complaint


def check_offer(case: CaseFile, amount: str) -> list[Award]:
    """Return the approved compensation that an answer offers, if its amount is that.

    :raises ActionNotAllowed: if it is something else, beyond what its author may offer.
    """
    if not amount:
        return []
    approved = waiting(case.state.awards, EventKind.COMPENSATION_OFFERED)
    if approved and sum(award.amount for award in approved) == Decimal(amount):
        return approved
    limit = own_limit(case.complaint, case.by) if case.by else Decimal(0)
    if Decimal(amount) > limit:
        raise ActionNotAllowed(
            f"You may offer up to £{limit:.2f} on your own. Propose £{amount} as compensation and "
            "have it approved first."
        )
    return []


def add_offers(case: CaseFile, awards: Sequence[Award], *, on: date, channel: str) -> None:
    """Record that an answer offered what was approved."""
    for award in awards:
        _add_offer(case, award, on=on, channel=channel)


def own_limit(complaint: Complaint, person: User) -> Decimal:
    """Return the most that somebody may approve for this complaint."""
    landlord = Landlord.objects.only("award_limits").first()
    return limit_of(roles_for(person, complaint), landlord.award_limits if landlord else {})


def _waiting(case: CaseFile, award: int, kind: EventKind) -> Award:
    for each in waiting(case.state.awards, kind):
        if each.number == award:
            return each
    raise ActionNotAllowed("This is not the next step for that compensation any more.")
