"""Letters that wait for a second person: of one act, and of somebody's own work."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, IntegerField, JSONField, OuterRef, Q, QuerySet, Subquery
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact
from django.urls import reverse

from cases.models import Complaint, EventWords, LetterProposal, Level, ProposalState, User
from cases.rules.act_words import LABELS
from cases.rules.acts import DECIDING, GRANTS, Act
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import EventKind
from cases.rules.letter_approvals import Decision, is_urgent, roles_approving
from cases.rules.letter_facts import LetterKind
from cases.rules.periods import london_day
from cases.rules.roles import Role
from cases.selectors.case_history import CaseHistory
from cases.selectors.my_work import acted_on_by
from cases.selectors.standing import roles_for

# So many are shown on My work; when more wait, the page says so.
SHOWN = 15


@dataclass(frozen=True, slots=True)
class Proposed:
    """A letter for approval on the page of its act: whose, since when, and what became of it."""

    number: int
    name: str
    at: datetime
    approver: str
    is_own: bool
    is_put_to_me: bool
    is_waiting: bool
    returned_by: str
    reason: str


def proposals_of(history: CaseHistory, act: Act, user: User) -> Sequence[Proposed]:
    """Return what waits for approval of an act, and what was sent back to `user`. One query."""
    complaint = history.complaint
    waiting = Q(state=ProposalState.WAITING.value)
    returned = Q(state=ProposalState.SENT_BACK.value, asked_by=user)
    rows = LetterProposal.objects.filter(
        waiting | returned,
        complaint=complaint,
        act=act.value,
        stage=complaint.stage,
        visit=complaint.visit,
    )
    return [
        Proposed(
            number=each.number,
            name=each.asked_by.name,
            at=each.asked_at,
            approver=each.approver.name if each.approver else "",
            is_own=each.asked_by_id == user.pk,
            is_put_to_me=each.approver_id == user.pk,
            is_waiting=each.state == ProposalState.WAITING,
            returned_by=each.decided_by.name if each.decided_by else "",
            reason=reason_of(history, each.number),
        )
        for each in rows.select_related("asked_by", "approver", "decided_by").order_by("pk")
    ]


def asked_last(complaint: Complaint, act: Act, user: User) -> int | None:
    """Return whom somebody put the letter of an act to the last time, if to anybody. One query."""
    asked = LetterProposal.objects.filter(complaint=complaint, act=act.value, asked_by=user)
    return asked.order_by("-pk").values_list("approver", flat=True).first()


def reason_of(history: CaseHistory, number: int) -> str:
    """Return why the letter that an event put to a second person was sent back, or nothing."""
    for event in history.events:
        if event.kind is EventKind.LETTER_DECIDED and event.facts.get("proposal") == number:
            return history.parts(event.number).get("reason", "")
    return ""


@dataclass(frozen=True, slots=True)
class ApprovalLine:
    """A letter on My work: what it is, of which complaint, since when, and how urgent it is.

    `name` is its author, `whom` somebody else whom it was put to or who sent it back, `reason` why.
    """

    words: str
    reference: str
    customer: str
    name: str
    at: datetime
    due_on: date | None
    is_urgent: bool
    is_put_to_me: bool
    url: str
    number: int
    whom: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Approvals:
    """What somebody has to do with letters for approval, and whether there are more of each."""

    to_approve: Sequence[ApprovalLine] = ()
    sent_back: Sequence[ApprovalLine] = ()
    own: Sequence[ApprovalLine] = ()
    is_more: bool = False
    is_more_back: bool = False
    is_more_own: bool = False

    def __bool__(self) -> bool:
        """Say whether there is anything of it."""
        return bool(self.to_approve or self.sent_back or self.own)


_UNSETTLED = (ProposalState.WAITING.value, ProposalState.SENT_BACK.value)


def unsettled_letters() -> QuerySet[LetterProposal]:
    """Return the letters that wait or came back, whosever they are."""
    return LetterProposal.objects.filter(state__in=_UNSETTLED)


def approvals_for(user: User, today: date, calendar: WorkingCalendar) -> Approvals:
    """Return the letters that `user` may approve, the urgent first, those sent back to them, and
    their own that wait for somebody else.

    One query.
    """
    readable = Complaint.objects.readable_by(user)
    found = Q()
    for state in _UNSETTLED:
        found |= _oldest(Q(state=state, asked_by=user, complaint__in=readable), SHOWN + 1)
    if user.has_role(*GRANTS[Act.APPROVE_LETTER]):
        found |= _oldest(_to_approve(user, readable), 2 * SHOWN + 1)
    rows = LetterProposal.objects.filter(found).select_related(
        "complaint__customer", "asked_by", "approver", "decided_by"
    )
    words = Subquery(_words_of_decision(), output_field=JSONField())
    some = list(rows.annotate(words=words).defer("typed", "body").order_by("asked_at", "pk"))
    if not some:
        return Approvals()
    back = [each for each in some if each.state == ProposalState.SENT_BACK]
    waits = [each for each in some if each.state == ProposalState.WAITING]
    own = [each for each in waits if each.asked_by_id == user.pk]
    waiting = [each for each in waits if each.asked_by_id != user.pk]
    to_approve = list(_lines(waiting, user, today=today, calendar=calendar))
    to_approve.sort(key=lambda line: (not line.is_urgent, not line.is_put_to_me))
    return Approvals(
        to_approve[:SHOWN],
        list(_lines(back[:SHOWN], user, today=today, calendar=calendar)),
        list(_lines(own[:SHOWN], user, today=today, calendar=calendar)),
        is_more=len(to_approve) > SHOWN or len(waiting) > 2 * SHOWN,
        is_more_back=len(back) > SHOWN,
        is_more_own=len(own) > SHOWN,
    )


def _words_of_decision() -> QuerySet[EventWords, Any]:
    """Return the query of what was written beside the event that sent a letter back."""
    number = Cast(KeyTextTransform("proposal", "event__facts"), IntegerField())
    decided = EventWords.objects.filter(
        event__complaint=OuterRef("complaint"),
        event__kind=EventKind.LETTER_DECIDED.value,
        event__facts__decision=Decision.SENT_BACK.value,
    )
    return decided.filter(Exact(number, OuterRef("number"))).values("parts")[:1]


def _to_approve(user: User, readable: QuerySet[Complaint]) -> Q:
    """Return the condition that a letter waits for a role that `user` has."""
    theirs = readable.filter(acted_on_by(user))
    found = Q(state=ProposalState.WAITING.value, complaint__in=theirs) & ~Q(asked_by=user)
    if user.scope.roles & GRANTS[Act.APPROVE_LETTER] == {Role.COMPLAINTS_COORDINATOR}:
        # What decides a stage is not for them: it may not crowd out what is.
        found &= ~Q(act__in=[act.value for act in DECIDING])
    return found


def _oldest(found: Q, at_most: int) -> Q:
    """Return the condition that a letter is among the first of those of the present stays."""
    here = Q(stage=F("complaint__stage"), visit=F("complaint__visit"))
    rows = LetterProposal.objects.filter(found, here).order_by("asked_at", "pk")
    return Q(pk__in=rows.values("pk")[:at_most])


def _lines(
    rows: Sequence[LetterProposal], user: User, *, today: date, calendar: WorkingCalendar
) -> Iterator[ApprovalLine]:
    for each in rows:
        complaint, act = each.complaint, Act(each.act)
        is_own = each.asked_by_id == user.pk
        if not is_own and not _roles(user, complaint) & roles_approving(act):
            continue
        page = act.value if is_own else "approve-letter"
        whom = each.decided_by if each.state == ProposalState.SENT_BACK else each.approver
        parts = getattr(each, "words", None) or {}
        url = reverse(f"cases:{page}", args=[complaint.reference])
        asked_on = london_day(each.asked_at)
        yield ApprovalLine(
            words=LABELS[act] if is_own else LetterKind(each.kind).words,
            reference=complaint.reference,
            customer=complaint.customer.name,
            name=each.asked_by.name,
            at=each.asked_at,
            due_on=complaint.next_due_on,
            is_urgent=is_urgent(asked_on, complaint.next_due_on, today=today, calendar=calendar),
            is_put_to_me=each.approver_id in user.own_keys,
            url=url if is_own else f"{url}?letter={each.number}",
            number=each.number,
            whom=whom.name if whom else "",
            reason=parts.get("reason", ""),
        )


def _roles(user: User, complaint: Complaint) -> frozenset[Role]:
    """Return the roles that count, without a query: a restricted one is on its list for them."""
    is_listed = complaint.level == Level.RESTRICTED
    listed = user.scope.own - {Role.PANEL_MEMBER} if is_listed else frozenset()
    return roles_for(user, complaint, listed=listed, is_second=True)
