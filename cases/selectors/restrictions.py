"""Restrictions of contact: what waits, what counts, what is to be reviewed, and who decides."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.db.models import Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet

from cases.models import (
    OF_LETTERS,
    Complaint,
    ContactRestriction,
    Customer,
    Delivery,
    Document,
    DocumentKind,
    Exclusion,
    RecordedEvent,
    RestrictionLetter,
    RestrictionRecord,
    RoleGrant,
    User,
)
from cases.models.restrictions import ContactRestrictionQuerySet
from cases.rules.events import EventKind
from cases.rules.pages import READERS, Page
from cases.rules.periods import london_day
from cases.rules.restrictions import CHASED_BEFORE, RestrictionState, approving_roles
from cases.rules.roles import Role
from cases.selectors.known_customers import customers_known_to
from cases.selectors.prepared import BLANK_DAY, Prepared
from cases.selectors.running import procedure_on, version_in_force

LISTED = 200


def deciding_roles(today: date) -> frozenset[Role]:
    """Return the roles that decide on restrictions under the procedure in force (HH-6)."""
    return approving_roles(version_in_force(procedure_on(today), today).terms)


def restrictions_known_to(user: User) -> ContactRestrictionQuerySet:
    """Return the restrictions of the customers of whom somebody may know.

    Not where they are a party to a complaint of the customer's: its reasons and its evidence tell
    what the complaint keeps from them.
    """
    known = customers_known_to(user).filter(pk=OuterRef("customer"))
    party = Exclusion.objects.filter(complaint__customer=OuterRef("customer"), user=user)
    return ContactRestriction.objects.filter(Exists(known), ~Exists(party)).select_related(
        "customer", "proposed_by", "decided_by"
    )


def are_kept_from(user: User, customer: Customer) -> bool:
    """Say whether restrictions of a customer are kept from a colleague who knows the customer."""
    return Exclusion.objects.filter(complaint__customer=customer, user=user).exists()


@dataclass(frozen=True, slots=True)
class Restrictions:
    """The restrictions that somebody may know of, by what is to be done."""

    to_decide: Sequence[ContactRestriction]
    in_force: Sequence[ContactRestriction]
    over: Sequence[ContactRestriction]


def restrictions_of(user: User) -> Restrictions:
    """Return the restrictions that somebody may know of, in one query: the next review first."""
    rows = restrictions_known_to(user).order_by("review_on", "pk")[:LISTED]
    found: dict[str, list[ContactRestriction]] = {}
    for each in rows:
        found.setdefault(each.state, []).append(each)
    proposed = found.pop(RestrictionState.PROPOSED.value, [])
    in_force = found.pop(RestrictionState.IN_FORCE.value, [])
    over = [each for rows in found.values() for each in rows]
    return Restrictions(proposed, in_force, sorted(over, key=lambda each: -each.pk))


def restrictions_waiting(user: User, *, today: date) -> int:
    """Return how many restrictions wait for somebody's decision or review.

    One query where none waits for anybody, else at most four. Coordinators are told too: they
    see to it that somebody decides.
    """
    if not user.has_role(Role.DIRECTOR, Role.ASSISTANT_DIRECTOR, Role.COMPLAINTS_COORDINATOR):
        return 0
    waiting = [key for (key,) in _waiting().rows(day=today + CHASED_BEFORE)]
    return restrictions_known_to(user).filter(pk__in=waiting).count() if waiting else 0


@lru_cache(maxsize=1)
def _waiting() -> Prepared:
    """Return the query of what waits, whoever may know of it: few do."""
    every = ContactRestriction.objects.all()
    proposed = every.filter(state=RestrictionState.PROPOSED.value)
    waiting = proposed | every.to_review(by_day=BLANK_DAY)
    return Prepared(waiting.order_by("pk").values_list("pk")[:LISTED])


def closed_ways(customer: Customer) -> frozenset[str]:
    """Return the ways of contact that a restriction of this customer closes now.

    A query only for whoever is restricted, and none where `restrictions` were read with them.
    """
    if not customer.restricted_contact:
        return frozenset()
    in_force = RestrictionState.IN_FORCE
    return frozenset(
        way
        for each in customer.restrictions.all()
        if each.standing is in_force
        for way in each.closed
    )


def letters_waiting(user: User) -> list[RestrictionLetter]:
    """Return the letters about restrictions with which something is to be done, in one query."""
    found = _waiting_letters(user).select_related("restriction__customer", "record", "message")
    return list(found.order_by("issued_at", "pk")[:LISTED])


def letters_waiting_count(user: User) -> int:
    """Return how many letters about restrictions wait for somebody. One query, if any."""
    if not user.has_role(*READERS[Page.RESTRICTIONS]):
        return 0
    return _waiting_letters(user).count()


def _waiting_letters(user: User) -> QuerySet[RestrictionLetter]:
    """Return what is to be printed and posted, and the e-mails that did not arrive."""
    to_post = Q(channel="post", posted_on__isnull=True)
    failed = Q(channel="email", message__state__in=[Delivery.UNDELIVERABLE, Delivery.CANCELLED])
    known = restrictions_known_to(user).values("pk")
    return RestrictionLetter.objects.filter(to_post | failed, restriction__in=known)


def told_of(
    restriction: ContactRestriction, *, today: date, but: Collection[int] = ()
) -> list[User]:
    """Return who decides and the coordinators, but nobody who may not know of a restriction.

    One query for each of them.
    """
    roles = deciding_roles(today) | {Role.COMPLAINTS_COORDINATOR}
    grants = RoleGrant.objects.filter(role__in=sorted(role.value for role in roles))
    people = User.objects.filter(is_active=True, pk__in=grants.values("user"))
    return [
        person
        for person in people.exclude(pk__in=list(but)).order_by("pk")
        if restrictions_known_to(person).filter(pk=restriction.pk).exists()
    ]


def restrictions_during(
    complaint: Complaint, user: User, *, today: date
) -> list[ContactRestriction]:
    """Return the restrictions of its customer that counted while a complaint was open.

    With what was done about each, and its letters: three queries where there is one, else one.
    """
    until = complaint.closed_on or today
    found = restrictions_known_to(user).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=complaint.received_on),
        customer=complaint.customer_id,
        starts_on__lte=until,
    )
    records = RestrictionRecord.objects.select_related("by").order_by("pk")
    letters = RestrictionLetter.objects.select_related("record").order_by("number")
    return list(
        found.order_by("starts_on", "pk").prefetch_related(
            Prefetch("records", records), Prefetch("letters", letters)
        )
    )


# What holds the restrictions of whose contact was limited while a complaint was open.
TELL_OF_THEM = frozenset(set(DocumentKind) - OF_LETTERS - {DocumentKind.PAPERS})
# How a complaint of the customer's came to be closed to somebody, beside being lodged so.
_CLOSING = (EventKind.ACCESS_CHANGED.value, EventKind.CORRECTED.value)


@dataclass(frozen=True, slots=True)
class KeptFrom:
    """Which evidence of a complaint tells of a restriction that its reader may not know of.

    `since` is the first day of such a restriction, `closed_at` when they were last shut out of a
    complaint of the customer's: what they made themselves after that does not hold it.
    """

    reader: User
    since: date | None
    closed_at: datetime | None

    def tells(self, document: Document) -> bool:
        """Say whether a document may hold it."""
        if self.since is None or document.kind not in TELL_OF_THEM:
            return False
        if london_day(document.made_at) < self.since:
            return False
        own = document.made_by_id == self.reader.pk
        return not own or (self.closed_at is not None and self.closed_at >= document.made_at)


def restrictions_kept_from(reader: User, complaint: Complaint) -> KeptFrom:
    """Return which evidence of a complaint is not for this reader. Two queries at most."""
    counted = ContactRestriction.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gte=complaint.received_on),
        customer=complaint.customer_id,
        starts_on__isnull=False,
    )
    kept = counted.exclude(pk__in=restrictions_known_to(reader).values("pk"))
    since = kept.aggregate(first=Min("starts_on"))["first"]
    if since is None:
        return KeptFrom(reader, None, None)
    shut = Exclusion.objects.filter(complaint__customer=complaint.customer_id, user=reader)
    closings = RecordedEvent.objects.filter(
        Q(kind__in=_CLOSING) | Q(number=1), complaint__in=shut.values("complaint")
    )
    return KeptFrom(reader, since, closings.aggregate(last=Max("recorded_at"))["last"])


def restriction_of(customer: Customer, user: User) -> ContactRestriction | None:
    """Return the restriction of a customer that waits or counts, if somebody may know of it."""
    return restrictions_known_to(user).live().filter(customer=customer).first()
