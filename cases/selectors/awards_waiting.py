"""Compensation that waits for somebody to approve it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.urls import reverse

from cases.models import Complaint, User
from cases.rules.acts import GRANTS, Act
from cases.rules.awards import limit_of
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
    """What somebody may approve, and whether there is more."""

    lines: Sequence[AwardLine] = ()
    is_more: bool = False

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.lines)


def awards_to_approve(user: User) -> AwardsWaiting:
    """Return the compensation that `user` may approve and did not propose, the oldest case first.

    No query for whoever approves none, one where none waits, else at most one more.
    """
    if not user.has_role(*GRANTS[Act.DECIDE_COMPENSATION]):
        return AwardsWaiting()
    waiting = Complaint.objects.filter(award_waiting__isnull=False)
    if not waiting.exists():
        return AwardsWaiting()
    ours = landlord()
    limit = limit_of(user.scope.roles, ours.award_limits if ours else {})
    theirs = (
        Complaint.objects.counted()
        .readable_by(user)
        .filter(acted_on_by(user), award_waiting__isnull=False, award_waiting__lte=limit)
    )
    found = theirs.exclude(award_by=user.pk).select_related("customer", "award_by")
    rows = list(found.order_by("received_on", "pk")[: SHOWN + 1])
    lines = [
        AwardLine(
            amount=each.award_waiting or Decimal(0),
            reference=each.reference,
            customer=each.customer.name,
            name=each.award_by.name if each.award_by else "",
            url=reverse(f"cases:{Act.DECIDE_COMPENSATION.value}", args=[each.reference]),
        )
        for each in rows[:SHOWN]
    ]
    return AwardsWaiting(lines, is_more=len(rows) > SHOWN)
