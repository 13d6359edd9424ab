"""Compensation that waits for somebody to approve it, or to offer it to the customer."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Q
from django.urls import reverse

from cases.models import Complaint, User
from cases.models.complaints import held_by
from cases.rules.acts import GRANTS, Act
from cases.rules.awards import limit_of
from cases.rules.roles import Role
from cases.selectors.my_work import acted_on_by
from cases.selectors.running import landlord

# So many are shown on My work; when more wait, the page says so.
SHOWN = 15


@dataclass(frozen=True, slots=True)
class AwardLine:
    """Compensation on My work: how much, in which complaint, and who proposed it."""

    amount: Decimal
    reference: str
    customer: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class AwardsWaiting:
    """What waits for somebody, and whether there is more."""

    lines: Sequence[AwardLine] = ()
    is_more: bool = False

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.lines)


NONE_WAITING = AwardsWaiting()


def awards_to_approve(user: User) -> AwardsWaiting:
    """Return the compensation that `user` may approve and did not propose, the oldest case first.

    No query for whoever approves none, one where none waits, else at most one more.
    """
    if not user.has_role(*GRANTS[Act.DECIDE_COMPENSATION]):
        return NONE_WAITING
    waiting = Complaint.objects.filter(award_waiting__isnull=False)
    if not waiting.exists():
        return NONE_WAITING
    ours = landlord()
    limit = limit_of(user.scope.roles, ours.award_limits if ours else {})
    theirs = Complaint.objects.readable_by(user).filter(
        acted_on_by(user), award_waiting__isnull=False, award_waiting__lte=limit
    )
    found = theirs.exclude(award_by=user.pk).select_related("customer", "award_by")
    rows = found.order_by("received_on", "pk")[: SHOWN + 1]
    return _lines(
        [(each, each.award_waiting, each.award_by) for each in rows], Act.DECIDE_COMPENSATION
    )


def awards_to_offer(user: User) -> AwardsWaiting:
    """Return what was approved and never offered, and is `user`'s to offer, the oldest case first.

    Theirs is what they proposed and what is in a complaint that they hold, stand in for or cover,
    open or ended; as long as nobody holds it, the managers' and coordinators'. One query, and none
    for whoever offers nothing.
    """
    if not user.has_role(*GRANTS[Act.OFFER_COMPENSATION]):
        return NONE_WAITING
    mine = held_by(user) | Q(offer_by__in=user.own_keys)
    nobodys = Q(responsible_officer__isnull=True)
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        mine |= nobodys
    elif areas := user.scope.managed_areas:
        mine |= nobodys & Q(service_area__in=areas)
    theirs = Complaint.objects.readable_by(user).filter(acted_on_by(user), mine)
    found = theirs.filter(offer_waiting__isnull=False).select_related("customer", "offer_by")
    rows = found.order_by("received_on", "pk")[: SHOWN + 1]
    return _lines(
        [(each, each.offer_waiting, each.offer_by) for each in rows], Act.OFFER_COMPENSATION
    )


def _lines(
    rows: Sequence[tuple[Complaint, Decimal | None, User | None]], act: Act
) -> AwardsWaiting:
    lines = [
        AwardLine(
            amount=amount or Decimal(0),
            reference=each.reference,
            customer=each.customer.name,
            name=by.name if by else "",
            url=reverse(f"cases:{act.value}", args=[each.reference]),
        )
        for each, amount, by in rows[:SHOWN]
    ]
    return AwardsWaiting(lines, is_more=len(rows) > SHOWN)
