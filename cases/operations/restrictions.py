"""Restricting a customer's contact: proposed, decided by a second person, reviewed, ended.

Nothing here touches a complaint: whoever is restricted complains like anybody else.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, ReasonMissing, WrongDate
from cases.models import (
    ContactRestriction,
    Customer,
    OutboundMessage,
    RestrictionRecord,
    User,
)
from cases.operations.alerts import address_of
from cases.operations.inserting import insert_unless_taken
from cases.operations.restriction_letters import write_about
from cases.rules.pages import CHANGERS, Page
from cases.rules.periods import london_day
from cases.rules.procedure_words import in_a_row
from cases.rules.restrictions import (
    CHASED_BEFORE,
    ContactWay,
    RestrictionState,
    RestrictionStep,
    lapses_on,
    restriction_words,
    why_not_reviewed,
    why_too_far,
)
from cases.selectors.reminders import may_alert
from cases.selectors.restrictions import deciding_roles, restrictions_known_to, told_of

KIND = "restriction"
OVER = "This restriction is over, or is not decided yet."


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is to be restricted, why, on what evidence, and when it is looked at again."""

    closed: frozenset[ContactWay]
    limits: str
    reason: str
    evidence: str
    considered: str
    review_on: date


@transaction.atomic
def propose_restriction(
    proposal: Proposal, *, customer_id: int, by: User, now: datetime
) -> ContactRestriction:
    """Propose to restrict a customer's contact; nothing is restricted until it is approved.

    :raises NotEntitled: if this person does not deal with complaints.
    :raises ReasonMissing: if reason, evidence or what was considered is missing.
    :raises ActionNotAllowed: if nothing would be restricted, no way would be left open, or a
        restriction of theirs waits or counts already.
    :raises WrongDate: if it would not be reviewed in time.
    """
    if not by.has_role(*CHANGERS[Page.RESTRICTIONS]):
        raise NotEntitled("This is for those who deal with complaints.")
    customer = _locked(customer_id)
    _check(proposal, customer, begins=london_day(now))
    if ContactRestriction.objects.live().filter(customer=customer).exists():
        raise ActionNotAllowed("A restriction of theirs waits or is in force already.")
    restriction = ContactRestriction.objects.create(
        customer=customer,
        closed=[each.value for each in ContactWay if each in proposal.closed],
        limits=proposal.limits.strip(),
        reason=proposal.reason.strip(),
        evidence=proposal.evidence.strip(),
        considered=proposal.considered.strip(),
        review_on=proposal.review_on,
        proposed_at=now,
        proposed_by=by,
    )
    _note(restriction, RestrictionStep.PROPOSED, by=by, now=now, review_on=proposal.review_on)
    _tell(
        restriction,
        what="proposed",
        subject="A restriction of contact waits for a decision",
        now=now,
        but=by,
    )
    return restriction


def _check(proposal: Proposal, customer: Customer, *, begins: date) -> None:
    if not (proposal.reason.strip() and proposal.evidence.strip() and proposal.considered.strip()):
        raise ReasonMissing("Say why, on what evidence, and what was considered.")
    if not proposal.closed and not proposal.limits.strip():
        raise ActionNotAllowed("Choose a way to close, or say what is limited.")
    if refusal := why_too_far(proposal.closed, usable=customer.usable_ways):
        raise ActionNotAllowed(refusal)
    if refusal := why_not_reviewed(proposal.review_on, begins=begins):
        raise WrongDate(refusal)


@transaction.atomic
def decide_restriction(
    *, restriction_id: int, approves: bool, words: str, by: User, now: datetime
) -> ContactRestriction:
    """Approve a restriction, which counts from today and is told to the customer, or do not.

    :raises NotEntitled: if the procedure gives the decision to others (HH-6), or this person
        proposed it or is a party to a complaint of the customer's.
    :raises ReasonMissing: if no reason is given.
    :raises ActionNotAllowed: if it was decided already, or no way would be left open any more.
    :raises WrongDate: if the day of its review has come.
    :raises ActionNotAllowed: if the letter to the customer would lack something.
    """
    restriction = _decided_by(restriction_id, by=by, now=now)
    if restriction.standing is not RestrictionState.PROPOSED:
        raise ActionNotAllowed("This restriction was decided already.")
    if restriction.proposed_by_id == by.pk:
        raise NotEntitled("Nobody approves what they proposed. Ask another director.")
    _check_words(words)
    restriction.decided_at, restriction.decided_by = now, by
    step = RestrictionStep.REFUSED
    if approves:
        step = RestrictionStep.APPROVED
        restriction.starts_on = london_day(now)
        _check_still_right(restriction, restriction.review_on, now=now)
    restriction.state = (RestrictionState.IN_FORCE if approves else RestrictionState.REFUSED).value
    restriction.save(update_fields=["state", "decided_at", "decided_by", "starts_on"])
    record = _note(restriction, step, by=by, now=now, words=words, review_on=restriction.review_on)
    _show(restriction)
    if approves:
        write_about(record, by=by, now=now)
    return restriction


@transaction.atomic
def renew_restriction(
    *, restriction_id: int, review_on: date, words: str, by: User, now: datetime
) -> ContactRestriction:
    """Look at a restriction again and keep it until another review.

    :raises NotEntitled: if the decision is for others, or this person is a party.
    :raises ReasonMissing: if no reason is given.
    :raises ActionNotAllowed: if it does not count, or no way would be left open any more.
    :raises WrongDate: if it would not be reviewed within the time allowed.
    """
    restriction = _decided_by(restriction_id, by=by, now=now)
    if restriction.standing is not RestrictionState.IN_FORCE:
        raise ActionNotAllowed(OVER)
    _check_words(words)
    _check_still_right(restriction, review_on, now=now)
    restriction.review_on = review_on
    restriction.save(update_fields=["review_on"])
    step = RestrictionStep.RENEWED
    record = _note(restriction, step, by=by, now=now, words=words, review_on=review_on)
    _show(restriction)
    write_about(record, by=by, now=now)
    return restriction


@transaction.atomic
def end_restriction(
    *, restriction_id: int, words: str, by: User, now: datetime
) -> ContactRestriction:
    """End a restriction, at its review or before.

    :raises NotEntitled: if the decision is for others, or this person is a party.
    :raises ReasonMissing: if no reason is given.
    :raises ActionNotAllowed: if it does not count.
    """
    restriction = _decided_by(restriction_id, by=by, now=now)
    if restriction.standing is not RestrictionState.IN_FORCE:
        raise ActionNotAllowed(OVER)
    _check_words(words)
    _end(restriction, RestrictionState.ENDED, now=now)
    write_about(
        _note(restriction, RestrictionStep.ENDED, by=by, now=now, words=words), by=by, now=now
    )
    return restriction


def _decided_by(restriction_id: int, *, by: User, now: datetime) -> ContactRestriction:
    """Return a restriction, locked, if this person may decide on it."""
    roles = deciding_roles(london_day(now))
    if not by.scope.own & roles:
        names = in_a_row(sorted(role.words for role in roles), last="or")
        raise NotEntitled(f"Under the procedure this is for the {names}.")
    restriction = restrictions_known_to(by).filter(pk=restriction_id).first()
    if restriction is None:
        raise NotEntitled("Somebody else must decide this.")
    _locked(restriction.customer_id)
    return restrictions_known_to(by).get(pk=restriction_id)


def _check_words(words: str) -> None:
    if not words.strip():
        raise ReasonMissing("Give the reason.")


def _check_still_right(restriction: ContactRestriction, review_on: date, *, now: datetime) -> None:
    usable = restriction.customer.usable_ways
    if refusal := why_too_far(restriction.ways_closed, usable=usable):
        raise ActionNotAllowed(refusal)
    if refusal := why_not_reviewed(review_on, begins=london_day(now)):
        raise WrongDate(refusal)


def _locked(customer_id: int) -> Customer:
    return Customer.objects.select_for_update(no_key=True).get(pk=customer_id)


def _note(
    restriction: ContactRestriction,
    step: RestrictionStep,
    *,
    by: User | None,
    now: datetime,
    words: str = "",
    review_on: date | None = None,
) -> RestrictionRecord:
    return RestrictionRecord.objects.create(
        restriction=restriction,
        step=step.value,
        at=now,
        by=by,
        words=words.strip(),
        review_on=review_on,
    )


def _end(restriction: ContactRestriction, state: RestrictionState, *, now: datetime) -> None:
    restriction.state, restriction.ended_on = state.value, london_day(now)
    restriction.save(update_fields=["state", "ended_on"])
    _show(restriction)


def show_again(customer: Customer) -> None:
    """Say anew what of a customer's contact is open, as the ways that are safe have changed."""
    restriction = ContactRestriction.objects.live().filter(customer=customer).first()
    if restriction is not None:
        restriction.customer = customer
        _show(restriction)


def _show(restriction: ContactRestriction) -> None:
    """Keep beside the customer what is restricted now, so that every page can show it."""
    customer = restriction.customer
    words = ""
    if restriction.standing is RestrictionState.IN_FORCE:
        words = restriction_words(
            restriction.ways_closed,
            restriction.limits,
            usable=customer.usable_ways,
            until=restriction.review_on,
        )
    customer.restricted_contact = words
    customer.save(update_fields=["restricted_contact"])


def chase_reviews(*, now: datetime) -> tuple[int, int]:
    """End what nobody reviewed in time, and tell who must review what. May run at any time, twice.

    Return how many ended, and how many messages were queued.
    """
    today = london_day(now)
    lapsed = told = 0
    waiting = ContactRestriction.objects.to_review(by_day=today + CHASED_BEFORE)
    for key, customer in list(waiting.order_by("pk").values_list("pk", "customer")):
        with transaction.atomic():
            _locked(customer)
            restriction = waiting.select_related("customer").filter(pk=key).first()
            if restriction is None:
                continue
            if today > lapses_on(restriction.review_on):
                _end(restriction, RestrictionState.LAPSED, now=now)
                _note(restriction, RestrictionStep.LAPSED, by=None, now=now)
                lapsed += 1
            elif may_alert(now):
                told += _chase(restriction, today=today, now=now)
    return lapsed, told


def _chase(restriction: ContactRestriction, *, today: date, now: datetime) -> int:
    is_late = today > restriction.review_on
    return _tell(
        restriction,
        what=f"{'late' if is_late else 'soon'}:{restriction.review_on}",
        subject=(
            "The review of a restriction of contact is overdue"
            if is_late
            else "A restriction of contact is to be reviewed"
        ),
        now=now,
    )


def _tell(
    restriction: ContactRestriction,
    *,
    what: str,
    subject: str,
    now: datetime,
    but: User | None = None,
) -> int:
    """Tell who decides, and the coordinators, once; nobody to whom a complaint is closed."""
    page = address_of(reverse("cases:restriction", args=[restriction.code]))
    key = f"{KIND}:{restriction.code}:{what}:"
    before = OutboundMessage.objects.filter(key__startswith=key)
    told_before = set(before.values_list("to_user", flat=True))
    if but is not None:
        told_before.add(but.pk)
    told = 0
    for person in told_of(restriction, today=london_day(now), but=told_before):
        told += insert_unless_taken(
            OutboundMessage(
                key=f"{key}{person.pk}",
                kind=KIND,
                to_user=person,
                to_address=person.email,
                subject=subject,
                body=f"{subject}. Sign in to see it:\n\n{page}\n",
                created_at=now,
                next_try_at=now,
            )
        )
    return told
