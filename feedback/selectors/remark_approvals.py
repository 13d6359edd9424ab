"""Letters about remarks that wait for a second person: who that may be, and what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from cases.models import ProposalState, RoleGrant, User
from cases.rules.acts import GRANTS, Act
from cases.rules.pages import CHANGERS, Page
from cases.rules.roles import MANAGING_ROLES, Role
from feedback.models import Remark, RemarkProposal
from feedback.rules.remark_letters import Purpose

# The roles that may be the second person for a letter about a remark.
APPROVERS = GRANTS[Act.APPROVE_LETTER] & CHANGERS[Page.FEEDBACK]


def may_approve(user: User, remark: Remark) -> bool:
    """Say whether somebody may be the second person: a coordinator, or who manages its area.

    What has no area yet is for any manager.
    """
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        return True
    if not user.has_role(*APPROVERS):
        return False
    return remark.service_area_id is None or remark.service_area_id in user.scope.managed_areas


def approvers_of(remark: Remark, *, but: User) -> list[User]:
    """Return who is asked: the coordinators, or where there is no other the managers.

    Up to three queries, however many people there are.
    """
    found = User.objects.filter(is_active=True).exclude(pk=but.pk).order_by("pk")
    coordinators = found.filter(grants__role=Role.COMPLAINTS_COORDINATOR.value).distinct()
    if people := list(coordinators):
        return people
    managers = found.filter(pk__in=_holders_of(APPROVERS))
    if remark.service_area is not None:
        within = _holders_of(MANAGING_ROLES).filter(area__in=remark.service_area.ancestors)
        managers = managers.filter(pk__in=within)
    return list(managers)


def _holders_of(roles: Iterable[Role]) -> QuerySet[RoleGrant, Any]:
    """Return the keys of those who hold one of these roles anywhere, to be asked within a query."""
    return RoleGrant.objects.filter(role__in=[role.value for role in roles]).values("user")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter on the page of its remark: it waits, or came back to whoever reads the page."""

    purpose: Purpose
    name: str
    at: datetime
    is_own: bool
    is_waiting: bool
    may_decide: bool
    returned_by: str
    reason: str


def letters_waiting(remark: Remark, user: User) -> Sequence[Waiting]:
    """Return the letters that wait, and those that were sent back to `user`. One query."""
    waiting = Q(state=ProposalState.WAITING.value)
    returned = Q(state=ProposalState.SENT_BACK.value, asked_by=user)
    rows = remark.proposals.filter(waiting | returned).select_related("asked_by", "decided_by")
    return [
        Waiting(
            purpose=Purpose(each.purpose),
            name=each.asked_by.name,
            at=each.asked_at,
            is_own=each.asked_by_id == user.pk,
            is_waiting=each.state == ProposalState.WAITING,
            may_decide=each.asked_by_id != user.pk and may_approve(user, remark),
            returned_by=each.decided_by.name if each.decided_by else "",
            reason=each.reason,
        )
        for each in rows.order_by("pk")
    ]


def typed_before(remark: Remark, purpose: Purpose, user: User) -> dict[str, str]:
    """Return what somebody typed of a letter that came back to them, or that waits. One query."""
    kept = (ProposalState.SENT_BACK, ProposalState.WITHDRAWN, ProposalState.WAITING)
    mine = RemarkProposal.objects.filter(
        remark=remark, purpose=purpose.value, asked_by=user, state__in=[s.value for s in kept]
    )
    last = mine.order_by("-pk").first()
    return {**last.typed, "answer": last.typed["words"]} if last else {}
