"""Compensation: for what, how much, who may approve it, and what became of it.

Amounts are Decimals in pounds; in events they stand as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cases.rules.events import Event, EventKind
from cases.rules.roles import Role


class Head(StrEnum):
    """What compensation is for."""

    DISTRESS = "distress"
    DELAY = "delay"
    APPOINTMENT = "appointment"
    HEATING = "heating"
    POWER = "power"
    COSTS = "costs"
    HANDLING = "handling"
    OTHER = "other"

    @property
    def words(self) -> str:
        """Return the head for people."""
        return {
            "distress": "Distress and inconvenience",
            "delay": "Delay",
            "appointment": "Missed appointment",
            "heating": "Loss of heating or hot water",
            "power": "Loss of power or lighting",
            "costs": "Costs and damage",
            "handling": "How the complaint was handled",
            "other": "Something else",
        }[self.value]


# The part of an event's words that tells the customer what the head OTHER is.
SOMETHING_ELSE = "something_else"
# What each role may approve, or offer with an answer, until the landlord says otherwise.
USUAL_LIMITS = {
    Role.RESPONSIBLE_OFFICER: Decimal(100),
    Role.LINE_MANAGER: Decimal(250),
    Role.HEAD_OF_SERVICE: Decimal(750),
    Role.ASSISTANT_DIRECTOR: Decimal(1_500),
    Role.DIRECTOR: Decimal(10_000),
}
# The Ombudsman's guidance of 1 April 2026, until the landlord writes its own.
USUAL_GUIDANCE = (
    "No heating and no hot water: £15 a day\n"
    "No heating, or no hot water: £8 a day\n"
    "No power: £10 a day\n"
    "No lighting: £10 a week\n"
    "Missed appointment: £15 each"
)


# What a proposal waits for until the customer is told of it.
_BEFORE_THE_OFFER = frozenset({EventKind.COMPENSATION_DECIDED, EventKind.COMPENSATION_OFFERED})
# Compensation that was accepted is paid within so many working days, unless another day is agreed.
PAYMENT_DAYS = 20


def limit_of(roles: Iterable[Role], limits: Mapping[str, str]) -> Decimal:
    """Return the most that somebody with these roles may approve."""
    return max((_limit(role, limits) for role in roles), default=Decimal(0))


def _limit(role: Role, limits: Mapping[str, str]) -> Decimal:
    if role.value in limits:
        return Decimal(limits[role.value])
    return USUAL_LIMITS.get(role, Decimal(0))


@dataclass(frozen=True, slots=True)
class Award:
    """Compensation as it stands. `number` is the event that proposed it.

    `is_within_limit` says that whoever proposed it could approve as much, so nobody else had to.
    """

    number: int
    heads: tuple[tuple[Head, Decimal], ...]
    proposed_by: int | None
    proposed_on: date
    stage: str
    is_set_off: bool = False
    is_within_limit: bool = False
    approved: bool | None = None
    decided_by: int | None = None
    offered_on: date | None = None
    accepted: bool | None = None
    paid_on: date | None = None
    # It was given up before it was offered: the customer was never told of it.
    is_given_up: bool = False
    decided_on: date | None = None
    # The landlord took the offer back, as the customer did not answer it.
    is_withdrawn: bool = False

    @property
    def amount(self) -> Decimal:
        """Return all of it."""
        return sum((amount for _, amount in self.heads), Decimal(0))

    @property
    def heads_words(self) -> str:
        """Return for what it is, each with its amount."""
        return ", ".join(f"{head.words.lower()} £{amount:.2f}" for head, amount in self.heads)

    @property
    def standing(self) -> str:
        """Return in words how far it has come."""
        if self.paid_on is not None:
            return f"Paid on {self.paid_on:%-d %B %Y}"
        if self.is_withdrawn:
            return "The offer was withdrawn"
        if self.accepted is not None:
            return "Accepted, to be paid" if self.accepted else "The customer did not accept it"
        if self.offered_on is not None:
            return f"Offered on {self.offered_on:%-d %B %Y}"
        if self.is_given_up:
            return "Given up, not offered"
        if self.approved is None:
            return "Waits for approval"
        return "Approved, to be offered" if self.approved else "Not approved"

    @property
    def waits_for(self) -> EventKind | None:
        """Return what comes next; nothing when it is over."""
        if self.approved is None:
            return EventKind.COMPENSATION_DECIDED
        if not self.approved or self.accepted is False or self.paid_on is not None:
            return None
        if self.offered_on is None:
            return EventKind.COMPENSATION_OFFERED
        return (
            EventKind.COMPENSATION_ANSWERED
            if self.accepted is None
            else EventKind.COMPENSATION_PAID
        )


def awards_of(events: Iterable[Event]) -> tuple[Award, ...]:
    """Return the compensation proposed among the events, in order, as it stands after them."""
    found: dict[int, Award] = {}
    for event in events:
        if event.kind is EventKind.COMPENSATION_PROPOSED:
            found[event.number] = _proposed(event)
        elif (award := found.get(event.facts.get("award", 0))) is not None:
            found[award.number] = _after(award, event)
    return tuple(found.values())


def _proposed(event: Event) -> Award:
    heads = tuple((Head(code), Decimal(amount)) for code, amount in event.facts.get("heads", ()))
    within = bool(event.facts.get("within_limit"))
    return Award(
        event.number,
        heads,
        event.actor,
        event.on,
        event.stage,
        bool(event.facts.get("set_off")),
        within,
        approved=True if within else None,
        decided_by=event.actor if within else None,
        decided_on=event.on if within else None,
    )


def _after(award: Award, event: Event) -> Award:
    match event.kind:
        case EventKind.COMPENSATION_DECIDED:
            approved = bool(event.facts.get("approved"))
            return replace(
                award,
                approved=approved,
                decided_by=event.actor,
                decided_on=event.on,
                is_given_up=bool(event.facts.get("given_up")),
            )
        case EventKind.COMPENSATION_OFFERED:
            return replace(award, offered_on=event.on)
        case EventKind.COMPENSATION_ANSWERED:
            return replace(
                award,
                accepted=bool(event.facts.get("accepted")),
                is_withdrawn=bool(event.facts.get("withdrawn")),
            )
        case EventKind.COMPENSATION_PAID:
            return replace(award, paid_on=event.on)
    return award


def waiting(awards: Sequence[Award], kind: EventKind) -> list[Award]:
    """Return the compensation for which a step comes next."""
    return [award for award in awards if award.waits_for is kind]


def not_offered(awards: Sequence[Award]) -> list[Award]:
    """Return the compensation that was proposed and is neither offered, refused nor given up."""
    return [award for award in awards if award.waits_for in _BEFORE_THE_OFFER]


def not_offered_words(awards: Sequence[Award]) -> str:
    """Return what has to become of compensation before a complaint ends; nothing without any."""
    approved = _sums(waiting(awards, EventKind.COMPENSATION_OFFERED))
    proposed = _sums(waiting(awards, EventKind.COMPENSATION_DECIDED))
    found = []
    if approved:
        found.append(
            f"{approved} was approved and not offered to the customer. Offer it first, or give it "
            "up with a reason."
        )
    if proposed:
        found.append(
            f"{proposed} waits for approval. Have it decided first, or give it up with a reason."
        )
    return " ".join(found)


def _sums(awards: Sequence[Award]) -> str:
    return ", ".join(f"£{award.amount:.2f}" for award in awards)


def told_before(awards: Sequence[Award]) -> list[str]:
    """Return in lines what was approved, offered and paid besides what waits for approval.

    The last one adds up what was not refused, declined, withdrawn or given up, as far as there is
    any; each has its heads and its day. Nothing of none.
    """
    decided = [each for each in awards if each.approved is not None]
    if not decided:
        return []
    found = [_with_days(each) for each in decided]
    stands = [e for e in decided if e.waits_for is not None or e.paid_on is not None]
    total = sum((each.amount for each in stands), Decimal(0))
    waits = sum((e.amount for e in waiting(awards, EventKind.COMPENSATION_DECIDED)), Decimal(0))
    return [
        "In this complaint already:",
        *found,
        f"Together £{total:.2f} of it stands; with what waits for approval it is "
        f"£{total + waits:.2f}.",
    ]


def _with_days(award: Award) -> str:
    day = award.decided_on or award.proposed_on
    standing = award.standing
    if award.offered_on is None or (award.accepted is not None and award.paid_on is None):
        standing += f" ({award.offered_on or day:%-d %B %Y})"
    return f"£{award.amount:.2f}: {award.heads_words}. {standing}."


def own_total(awards: Sequence[Award], person: int) -> Decimal:
    """Return what somebody offered in this complaint with nobody else's approval."""
    own = (a for a in awards if a.is_within_limit and a.proposed_by == person)
    return sum((award.amount for award in own), Decimal(0))


def approval_refusal(award: Award, *, by: int, limit: Decimal) -> str:
    """Return why somebody may not approve compensation, or nothing."""
    if award.proposed_by == by:
        return "Somebody else approves what you proposed."
    if award.amount > limit:
        return f"£{award.amount:.2f} is beyond what you may approve, £{limit:.2f}."
    return ""
