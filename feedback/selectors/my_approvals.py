"""Letters about compliments and suggestions that wait or came back, for My work."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from cases.models import ProposalState, User
from cases.rules.calendars import WorkingCalendar
from cases.rules.letter_approvals import is_urgent
from cases.rules.letter_templates import letter_words
from cases.rules.pages import READERS, Page
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.letter_approvals import SHOWN, ApprovalLine, Approvals
from feedback.models import RemarkProposal
from feedback.rules.kinds import Kind
from feedback.rules.remark_letters import Purpose, letter_code
from feedback.selectors.remark_approvals import APPROVERS

NOBODY = "Somebody who gave no name"
# The page on which a letter is written.
WRITTEN_ON = {Purpose.THANKS: "feedback:thank", Purpose.ANSWER: "feedback:decide"}


def unsettled_remark_letters() -> QuerySet[RemarkProposal]:
    """Return the letters that wait or came back, whosever they are."""
    states = [ProposalState.WAITING.value, ProposalState.SENT_BACK.value]
    return RemarkProposal.objects.filter(state__in=states)


def remark_approvals_for(user: User, today: date, calendar: WorkingCalendar) -> Approvals:
    """Return the letters about remarks that `user` may approve, theirs that came back, and theirs
    that wait for somebody else, the oldest first.

    One query.
    """
    if not user.has_role(*READERS[Page.FEEDBACK]):
        return Approvals()
    waits, mine = Q(state=ProposalState.WAITING.value), Q(asked_by=user)
    back = mine & Q(state=ProposalState.SENT_BACK.value)
    found = _oldest(waits & mine) | _oldest(back) | _oldest(waits & ~mine & _approvable_by(user))
    rows = RemarkProposal.objects.filter(found).order_by("asked_at", "pk")
    some = list(rows.select_related("remark__customer", "asked_by", "decided_by").defer("typed"))

    def lines(chosen: Sequence[RemarkProposal]) -> list[ApprovalLine]:
        return [_line(each, user, today=today, calendar=calendar) for each in chosen[:SHOWN]]

    returned = [each for each in some if each.state == ProposalState.SENT_BACK]
    waiting = [each for each in some if each.state == ProposalState.WAITING]
    own = [each for each in waiting if each.asked_by_id == user.pk]
    others = [each for each in waiting if each.asked_by_id != user.pk]
    return Approvals(
        lines(others),
        lines(returned),
        lines(own),
        is_more=len(others) > SHOWN,
        is_more_back=len(returned) > SHOWN,
        is_more_own=len(own) > SHOWN,
    )


def _approvable_by(user: User) -> Q:
    """Return the condition that `user` may be the second person, as `may_approve` says."""
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        return Q()
    if not user.has_role(*APPROVERS):
        return Q(pk__in=())
    areas = Q(remark__service_area__in=user.scope.managed_areas)
    return Q(remark__service_area__isnull=True) | areas


def _oldest(found: Q) -> Q:
    """Return the condition that a letter is among the first that can still go."""
    rows: QuerySet[RemarkProposal, Any] = RemarkProposal.objects.filter(found, _is_to_come())
    return Q(pk__in=rows.order_by("asked_at", "pk").values("pk")[: SHOWN + 1])


def _is_to_come() -> Q:
    """Return the condition that what a letter says was not said otherwise meanwhile."""
    unsaid = Q(purpose=Purpose.THANKS.value, remark__acknowledged_on__isnull=True)
    unsaid |= Q(purpose=Purpose.ANSWER.value, remark__decided_on__isnull=True)
    return Q(remark__complaint__isnull=True) & unsaid


def _line(
    proposal: RemarkProposal, user: User, *, today: date, calendar: WorkingCalendar
) -> ApprovalLine:
    remark, purpose = proposal.remark, Purpose(proposal.purpose)
    is_back = proposal.state == ProposalState.SENT_BACK
    due_on = remark.acknowledge_by if purpose is Purpose.THANKS else None
    read_on = reverse("feedback:approve", args=[remark.reference, purpose.value])
    asked_on = london_day(proposal.asked_at)
    return ApprovalLine(
        words=letter_words(letter_code(purpose, Kind(remark.kind))),
        reference=remark.reference,
        customer=(remark.customer.name if remark.customer else "") or NOBODY,
        name=proposal.asked_by.name,
        at=proposal.asked_at,
        due_on=due_on,
        is_urgent=is_urgent(asked_on, due_on, today=today, calendar=calendar),
        is_put_to_me=False,
        url=reverse(WRITTEN_ON[purpose], args=[remark.reference]) if is_back else read_on,
        number=proposal.pk,
        whom=proposal.decided_by.name if proposal.decided_by else "",
        reason=proposal.reason,
    )
