"""Compensation: proposed, approved by somebody else, offered, answered by the customer, paid."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypedDict

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import Complaint, Landlord, User
from cases.operations.alerts import tell_of_decision, tell_of_giving_up, tell_of_proposal
from cases.operations.letters import issue_letter
from cases.operations.promising import check_due, given_to
from cases.operations.record import CaseFile, recording
from cases.operations.telling import Telling
from cases.rules.acts import Act, entitled_roles
from cases.rules.awards import (
    PAYMENT_DAYS,
    SOMETHING_ELSE,
    Award,
    Head,
    approval_refusal,
    limit_of,
    not_offered,
    own_total,
    waiting,
)
from cases.rules.events import EventKind
from cases.rules.letters import LetterKind
from cases.rules.periods import london_day
from cases.rules.points import one_line
from cases.rules.promises import PromiseKind, offer_is_kept, open_offer
from cases.selectors.approvers import approvers_of
from cases.selectors.reach import take_up
from cases.selectors.running import current_edition
from cases.selectors.standing import roles_for


@dataclass(frozen=True, slots=True)
class Offer:
    """Compensation that a letter offers besides what else it says.

    `approved` are the events that proposed what is offered now that it was approved; `heads` is
    what its author offers within their own limit, each with its amount, `something_else` what the
    head OTHER among them is, and `basis` how that was worked out.
    """

    approved: Sequence[int] = ()
    heads: Sequence[tuple[Head, Decimal]] = ()
    basis: str = ""
    something_else: str = ""

    def __bool__(self) -> bool:
        """Say whether anything is offered."""
        return bool(self.approved or self.heads)


@dataclass(frozen=True, slots=True)
class Payment:
    """By when compensation is paid that the customer accepts, and who sees to it.

    Without a day it is the usual one; `keeper` and `team` are keys, neither means the responsible
    officer.
    """

    due_on: date | None = None
    keeper: int | None = None
    team: int | None = None


NO_OFFER = Offer()
_NOT_NEXT = "This is not the next step for that compensation any more."
USUAL_PAYMENT = Payment()


def propose_compensation(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    heads: Sequence[tuple[Head, Decimal]],
    basis: str,
    something_else: str = "",
    set_off: bool = False,
    set_off_because: str = "",
) -> Complaint:
    """Propose compensation, each head with its amount, and say how it was worked out.

    It is not set off against arrears unless somebody says why.

    :raises ReasonMissing: if nothing is proposed, or it is not said how it was worked out, or what
        something else is.
    """
    _check_amounts(heads, basis, something_else)
    if set_off and not set_off_because.strip():
        raise ReasonMissing("Say why it is set off against arrears: usually it is paid.")
    with recording(
        complaint_id=complaint_id, act=Act.PROPOSE_COMPENSATION, by=by, now=now, seen=seen
    ) as case:
        case.add(
            EventKind.COMPENSATION_PROPOSED,
            facts={**_amounts(heads), "set_off": set_off},
            words={
                "basis": basis,
                SOMETHING_ELSE: something_else,
                "set_off_because": set_off_because if set_off else "",
            },
        )
        total = sum((amount for _, amount in heads), Decimal(0))
        tell_of_proposal(case, _first_to_decide(case, by, total))
    return case.complaint


def _first_to_decide(case: CaseFile, by: User, total: Decimal) -> list[User]:
    """Return who may approve so much, those with the lowest limit that suffices.

    One query, and two to four for each of at most 25 people.
    """
    act = Act.DECIDE_COMPENSATION
    whom = approvers_of(
        case.complaint,
        act,
        but=by,
        now=case.now,
        state=case.state,
        terms=case.terms,
        roles=entitled_roles(act, case.terms.stage(case.state.stage)),
    )
    given = _limits_given()
    for each in whom:
        take_up(each, london_day(case.now))
    limits = {each: limit_of(roles_for(each, case.complaint), given) for each in whom}
    enough = [limit for limit in limits.values() if limit >= total]
    return [each for each, limit in limits.items() if enough and limit == min(enough)]


def _check_amounts(heads: Sequence[tuple[Head, Decimal]], basis: str, something_else: str) -> None:
    if not heads or any(amount <= 0 for _, amount in heads):
        raise ReasonMissing("Give an amount for at least one head.")
    if not basis.strip():
        raise ReasonMissing("Say how the amount was worked out.")
    if any(head is Head.OTHER for head, _ in heads) and not something_else.strip():
        raise ReasonMissing("Say what “something else” is: the customer is told.")


def _amounts(heads: Sequence[tuple[Head, Decimal]]) -> dict[str, object]:
    return {
        "heads": [[head.value, f"{amount:.2f}"] for head, amount in heads],
        "amount": f"{sum(amount for _, amount in heads):.2f}",
    }


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
        tell_of_decision(case, found.proposed_by, approved=approved)
    return case.complaint


def give_up_compensation(
    *, complaint_id: int, by: User, now: datetime, seen: int, award: int, reason: str
) -> Complaint:
    """Give up compensation that was proposed or approved, and never offered, with the reason.

    The customer was never told of it and is not told now; whoever proposed or approved it is.

    :raises ReasonMissing: if it is not said why.
    :raises ActionNotAllowed: if it was offered, refused or given up already.
    """
    if not reason.strip():
        raise ReasonMissing("Say why it is given up.")
    with recording(
        complaint_id=complaint_id, act=Act.GIVE_UP_COMPENSATION, by=by, now=now, seen=seen
    ) as case:
        found = next((e for e in not_offered(case.state.awards) if e.number == award), None)
        if found is None:
            raise ActionNotAllowed(_NOT_NEXT)
        case.add(
            EventKind.COMPENSATION_DECIDED,
            facts={"award": award, "approved": False, "given_up": True},
            words={"reason": reason},
        )
        tell_of_giving_up(case, {found.proposed_by, found.decided_by} - {by.pk, None})
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
            heads=_as_told(case, [found]),
            set_off=_set_off([found]),
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
    payment: Payment = USUAL_PAYMENT,
) -> Complaint:
    """Record whether the customer accepts what was offered; what they accept is owed from then on.

    :raises WrongDate: if the day by which it is paid has passed or is years ahead.
    :raises ActionNotAllowed: if whoever is to see to it may not see the complaint.
    """
    with recording(
        complaint_id=complaint_id, act=Act.ANSWER_COMPENSATION, by=by, now=now, seen=seen
    ) as case:
        found = _waiting(case, award, EventKind.COMPENSATION_ANSWERED)
        owed = _owed(case, payment, on) if accepted else {}
        case.add(
            EventKind.COMPENSATION_ANSWERED,
            on=on,
            facts={"award": award, "accepted": accepted, **owed},
            words={"note": words, "promise": _promised(found) if accepted else ""},
        )
    return case.complaint


def keep_offer_open(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    award: int,
    on: date,
    until: date,
    telling: Telling,
    words: str = "",
) -> Complaint:
    """Keep an offer that nobody answered open until a day, and tell the customer (Code 7.3).

    The day is theirs: nothing of ours is due by it, and its answer ends it, whatever it is. `words`
    are what they said.

    :raises WrongDate: if the day has passed, is years ahead, or no later than what they were told.
    """
    with recording(
        complaint_id=complaint_id, act=Act.KEEP_OFFER_OPEN, by=by, now=now, seen=seen
    ) as case:
        found = _waiting(case, award, EventKind.COMPENSATION_ANSWERED)
        check_due(until, max(on, case.today))
        facts = {"channel": telling.channel}
        said = {"letter": telling.words, "note": words}
        issue_letter(
            case,
            LetterKind.OFFER_OPEN,
            telling,
            event_number=_add_open_until(case, found, on=on, until=until, facts=facts, words=said),
            offered=f"£{found.amount:.2f}",
            new_due_on=until,
        )
    return case.complaint


def _add_open_until(
    case: CaseFile,
    award: Award,
    *,
    on: date,
    until: date,
    facts: Mapping[str, str],
    words: Mapping[str, str],
) -> int:
    """Add that an offer stays open until a day, or until a later one than was told before.

    :raises WrongDate: if that is no later than the day told before.
    """
    told = open_offer(case.state, award.number)
    if told is None:
        due = {"award": award.number, "due_on": until.isoformat()}
        promise = f"Our offer of £{award.amount:.2f} in compensation"
        return case.add(
            EventKind.PROMISED,
            on=on,
            facts={"kind": PromiseKind.OFFER.value, **due, **facts},
            words={"promise": promise, **words},
        )
    if told.due_on is not None and until <= told.due_on:
        raise WrongDate(
            f"The customer was told that it stays open until {told.due_on:%-d %B %Y}. It may stay "
            "open longer, not shorter."
        )
    return case.add(
        EventKind.PROMISE_MOVED,
        on=on,
        facts={"promise": told.promise, "new_due_on": until.isoformat(), **facts},
        words=words,
    )


def withdraw_offer(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    award: int,
    on: date,
    telling: Telling,
    words: str = "",
) -> Complaint:
    """Take back an offer that the customer did not answer, and tell them why.

    `telling` has the reason as they are told it; `words` are what they said.

    :raises ReasonMissing: if it is not said why.
    :raises ActionNotAllowed: by the day until which they were told that it stays open.
    """
    if not telling.words.strip():
        raise ReasonMissing("Say why the offer is withdrawn: the customer is told.")
    with recording(
        complaint_id=complaint_id, act=Act.WITHDRAW_OFFER, by=by, now=now, seen=seen
    ) as case:
        found = _waiting(case, award, EventKind.COMPENSATION_ANSWERED)
        if refusal := offer_is_kept(case.state, award, on):
            raise ActionNotAllowed(refusal)
        number = case.add(
            EventKind.COMPENSATION_ANSWERED,
            on=on,
            facts={
                "award": award,
                "accepted": False,
                "withdrawn": True,
                "channel": telling.channel,
            },
            words={"reason": telling.words, "note": words},
        )
        issue_letter(
            case,
            LetterKind.OFFER_WITHDRAWN,
            telling,
            event_number=number,
            offered=f"£{found.amount:.2f}",
        )
    return case.complaint


def _owed(case: CaseFile, payment: Payment, on: date) -> dict[str, object]:
    due_on = payment.due_on or current_edition().calendar.add_working_days(on, PAYMENT_DAYS)
    check_due(due_on, on)
    return {"due_on": due_on.isoformat(), **given_to(case, payment.keeper, payment.team)}


def _promised(award: Award) -> str:
    if award.is_set_off:
        return f"We set £{award.amount:.2f} in compensation off against your arrears"
    return f"We pay you £{award.amount:.2f} in compensation"


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


def check_offer(case: CaseFile, offer: Offer) -> str:
    """Return the amount that a letter offers, as its event and its words carry it; none of none.

    :raises ReasonMissing: if an amount has no head, or it is not said how it was worked out, or
        what something else is.
    :raises ActionNotAllowed: if it was not approved, or is beyond what its author may offer.
    """
    if not offer:
        return ""
    amounts = [_waiting(case, key, EventKind.COMPENSATION_OFFERED).amount for key in offer.approved]
    if offer.heads:
        _check_amounts(offer.heads, offer.basis, offer.something_else)
        own = sum((amount for _, amount in offer.heads), Decimal(0))
        _check_own(case, own)
        amounts.append(own)
    return f"{sum(amounts, Decimal(0)):.2f}"


class MoneyTold(TypedDict):
    """What a letter tells of an offer, each as `LetterFacts` has it."""

    amount: str
    heads: Sequence[tuple[str, str]]
    set_off: str


def money_told(case: CaseFile, offer: Offer) -> MoneyTold:
    """Return what a letter tells of the compensation that it offers, before it is offered.

    :raises ReasonMissing: if an amount has no head, or it is not said how it was worked out, or
        what something else is.
    :raises ActionNotAllowed: if it was not approved, or is beyond what its author may offer.
    """
    amount = check_offer(case, offer)
    approved = [_waiting(case, key, EventKind.COMPENSATION_OFFERED) for key in offer.approved]
    return {
        "amount": amount,
        "heads": _as_told(case, approved, offer),
        "set_off": _set_off(approved),
    }


def _set_off(awards: Sequence[Award]) -> str:
    """Return how much of some awards goes against arrears and is not paid out; nothing of none."""
    amounts = [award.amount for award in awards if award.is_set_off]
    return f"{sum(amounts, Decimal(0)):.2f}" if amounts else ""


def _as_told(
    case: CaseFile, approved: Iterable[Award], offer: Offer = NO_OFFER
) -> list[tuple[str, str]]:
    """Return the heads in words, each with its amount; one that comes twice is added up.

    Something else is told in the words of whoever proposed it; without any it has no name. One
    query where it was proposed before.
    """
    approved = list(approved)
    others = [each.number for each in approved if Head.OTHER in dict(each.heads)]
    words = case.words_beside(others) if others else {}
    given = [(each.heads, words.get(each.number, {}).get(SOMETHING_ELSE, "")) for each in approved]
    sums: dict[str, Decimal] = {}
    for heads, what in [*given, (offer.heads, offer.something_else)]:
        for head, amount in heads:
            told = one_line(what).rstrip(".") if head is Head.OTHER else head.words.lower()
            sums[told] = sums.get(told, Decimal(0)) + amount
    return [(told, f"{amount:.2f}") for told, amount in sums.items()]


def _check_own(case: CaseFile, amount: Decimal) -> None:
    """Refuse what is, with what they offered before, more than its author may approve.

    :raises ActionNotAllowed: if it is.
    """
    limit = own_limit(case.complaint, case.by) if case.by else Decimal(0)
    before = own_total(case.state.awards, case.by.pk) if case.by else Decimal(0)
    if amount + before > limit:
        already = f", £{before:.2f} of which you offered already" if before else ""
        raise ActionNotAllowed(
            f"You may offer up to £{limit:.2f} on your own{already}. Propose £{amount:.2f} as "
            "compensation and have it approved first."
        )


def add_offer(case: CaseFile, offer: Offer, *, on: date, channel: str) -> None:
    """Record that a letter offered compensation, once `check_offer` let it pass."""
    numbers = list(offer.approved)
    if offer.heads:
        numbers.append(
            case.add(
                EventKind.COMPENSATION_PROPOSED,
                on=on,
                facts={**_amounts(offer.heads), "within_limit": True},
                words={"basis": offer.basis, SOMETHING_ELSE: offer.something_else},
            )
        )
    for number in numbers:
        found = _waiting(case, number, EventKind.COMPENSATION_OFFERED)
        _add_offer(case, found, on=on, channel=channel)


def own_limit(complaint: Complaint, person: User) -> Decimal:
    """Return the most that somebody may approve for this complaint."""
    return limit_of(roles_for(person, complaint), _limits_given())


def _limits_given() -> dict[str, str]:
    """Return the limits that the landlord set instead of the usual ones, by role. One query."""
    landlord = Landlord.objects.only("award_limits").first()
    return landlord.award_limits if landlord else {}


def _waiting(case: CaseFile, award: int, kind: EventKind) -> Award:
    for each in waiting(case.state.awards, kind):
        if each.number == award:
            return each
    raise ActionNotAllowed(_NOT_NEXT)
