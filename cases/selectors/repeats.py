"""Repeats and hot spots: complaints of one customer, home, street or cause, against what is usual.

Only what the reader may read is counted and listed, so nothing hidden leaves a trace in a number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    Count,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)

from cases.models import Category, Complaint, Contractor, Customer, ServiceArea, User
from cases.models.complaints import ComplaintQuerySet
from cases.rules.repeats import SMALL, Frequency, before_from, recent_from

MOST_SPOTS = 25
MOST_LISTED = 100
# What complaints of customers who have nothing to do with each other have in common.
ANYBODYS = frozenset({"contractor", "cause"})


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that complaints have in common, and how many have it."""

    code: str
    label: str
    frequency: Frequency


def counted(user: User, *, today: date) -> ComplaintQuerySet:
    """Return the complaints that count: readable, of the days looked at, and their own."""
    return (
        Complaint.objects.readable_by(user)
        .filter(received_on__gte=before_from(today), received_on__lte=today)
        .counted()
    )


def _both(which: Q, today: date) -> tuple[Count, Count]:
    recent = Q(received_on__gte=recent_from(today))
    return (
        Count("pk", filter=which & recent, distinct=True),
        Count("pk", filter=which & ~recent, distinct=True),
    )


def repeats_of(complaint: Complaint, *, user: User, today: date) -> list[Spot]:
    """Return what this complaint has in common with others, and how many there are. One query."""
    kinds = kinds_of(complaint)
    if not kinds:
        return []
    counts: dict[str, Count] = {}
    anywhere = Q(pk__in=[])
    for code, _label, which in kinds:
        recent, before = _both(which, today)
        counts |= {f"{code}_recent": recent, f"{code}_before": before}
        anywhere |= which
    found = counted(user, today=today).filter(anywhere).aggregate(**counts)
    return [
        Spot(code, label, Frequency(found[f"{code}_recent"], found[f"{code}_before"]))
        for code, label, _which in kinds
    ]


def kinds_of(complaint: Complaint) -> list[tuple[str, str, Q]]:
    """Return what others may have in common with a complaint: code, words, and which they are."""
    customer = complaint.customer
    found = []
    if complaint.customer_id:
        who = Q(customer=complaint.customer_id)
        found.append(("customer", f"Complaints of {customer.name}", who))
    if customer.address.strip() and customer.postcode:
        home = _lives(postcode=customer.postcode, address=customer.address)
        found.append(("home", f"From this home: {', '.join(customer.address_lines)}", home))
    if customer.block:
        block = _lives(block=customer.block)
        found.append(("block", f"From this block: {customer.block}", block))
    elif customer.postcode:
        street = _lives(postcode=customer.postcode)
        found.append(("street", f"From this street or block: {customer.postcode}", street))
    if complaint.contractor:
        work = Q(contractor=complaint.contractor_id)
        found.append(("contractor", f"About the work of {complaint.contractor.name}", work))
    if complaint.category and complaint.service_area:
        cause = Q(category=complaint.category_id, service_area=complaint.service_area_id)
        label = f"{complaint.category.name} in {complaint.service_area.name}"
        found.append(("cause", label, cause))
    return found


def _lives(**where: str) -> Q:
    return Q(customer__in=Customer.objects.filter(**where).values("pk"))


def above_usual(
    customer: Customer, *, user: User, today: date, category: int, area: int, contractor: int = 0
) -> list[Spot]:
    """Return what there is more of than usual, of all that a new complaint would have in common.

    `category`, `area` and `contractor` are keys, 0 where they are not known yet. One query, and
    one for each that is known.
    """
    new = Complaint(
        customer=customer,
        category=Category.objects.filter(pk=category).first() if category and area else None,
        service_area=ServiceArea.objects.filter(pk=area).first() if category and area else None,
        contractor=Contractor.objects.filter(pk=contractor).first() if contractor else None,
    )
    spots = repeats_of(new, user=user, today=today)
    return [spot for spot in spots if spot.frequency.is_above]


# What the page of a complaint counts beside it: by what others are like it.
_ALIKE: dict[str, dict[str, str]] = {
    "customer": {"customer": "customer"},
    "home": {
        "customer__postcode": "customer__postcode",
        "customer__address": "customer__address",
    },
    "block": {"customer__block": "customer__block"},
    "street": {"customer__postcode": "customer__postcode"},
    "contractor": {"contractor": "contractor"},
    "cause": {"category": "category", "service_area": "service_area"},
}


# More than there are complaints, and no more than PostgreSQL takes for a plain number: twice as
# much arrives there as less than nothing.
_MANY = 1 << 30
_WORDS = frozenset({"customer__postcode", "customer__address", "customer__block"})


def with_repeats(complaints: ComplaintQuerySet, *, user: User, today: date) -> ComplaintQuerySet:
    """Add to each complaint how many that `user` may read are like it: no query of its own."""
    is_recent = Q(received_on__gte=recent_from(today))
    others = counted(user, today=today).order_by()
    # Both numbers in one: to plan a query for each takes longer than to count.
    number = Count("pk", filter=is_recent) * _MANY + Count("pk", filter=~is_recent)
    notes = {}
    for code, alike in _ALIKE.items():
        found = others.filter(**{name: OuterRef(ours) for name, ours in alike.items()})
        rows = found.values(every=Value(1)).annotate(
            number=ExpressionWrapper(number, output_field=BigIntegerField())
        )
        # Where there is nothing to be alike in, nothing is gone through.
        known = {f"{name}__gt": "" for name in alike if name in _WORDS}
        both = Subquery(rows.values("number"))
        notes[f"{code}_alike"] = Case(When(**known, then=both)) if known else both
    return complaints.annotate(**notes)


def in_common(complaint: Complaint) -> list[Spot]:
    """Return what a complaint that came `with_repeats` has in common with another of late.

    What is above the usual comes first.
    """
    spots = []
    for code, label, _which in kinds_of(complaint):
        recent, before = divmod(getattr(complaint, f"{code}_alike", 0) or 0, _MANY)
        spots.append(Spot(code, label, Frequency(recent, before)))
    shared = [spot for spot in spots if spot.frequency.recent > 1]
    return sorted(shared, key=lambda spot: not spot.frequency.is_above)


def listed(which: Q, *, user: User, today: date) -> list[Complaint]:
    """Return the complaints behind a number, the newest first. One query."""
    found = counted(user, today=today).filter(which).select_related("customer", "category")
    return list(found.order_by("-received_on", "-pk")[:MOST_LISTED])


def hot_spots(user: User, *, today: date) -> list[Spot]:
    """Return the blocks, streets, contractors and causes with more complaints than usual.

    The worst come first. Four queries.

    Causes are counted in each service area by itself.
    """
    streets = _grouped(
        user,
        today,
        ("customer__postcode",),
        lambda row: (f"street:{row['customer__postcode']}", row["customer__postcode"]),
        Q(customer__postcode__gt="", customer__block=""),
    )
    blocks = _grouped(
        user,
        today,
        ("customer__block",),
        lambda row: (f"block:{row['customer__block']}", row["customer__block"]),
        Q(customer__block__gt=""),
    )
    contractors = _grouped(
        user,
        today,
        ("contractor__code", "contractor__name"),
        lambda row: (
            f"contractor:{row['contractor__code']}",
            f"The work of {row['contractor__name']}",
        ),
        Q(contractor__isnull=False),
    )
    causes = _grouped(
        user,
        today,
        ("category__code", "category__name", "service_area__code", "service_area__name"),
        lambda row: (
            f"cause:{row['category__code']}:{row['service_area__code']}",
            f"{row['category__name']} in {row['service_area__name']}",
        ),
        Q(category__isnull=False, service_area__isnull=False),
    )
    above = [spot for spot in (*blocks, *streets, *contractors, *causes) if spot.frequency.is_above]
    return sorted(above, key=_excess, reverse=True)[:MOST_SPOTS]


def _excess(spot: Spot) -> float:
    return spot.frequency.recent - spot.frequency.usual


def _grouped(
    user: User,
    today: date,
    keys: Sequence[str],
    named: Callable[[dict[str, Any]], tuple[str, str]],
    which: Q,
) -> list[Spot]:
    recent, before = _both(Q(), today)
    rows = (
        counted(user, today=today)
        .filter(which)
        .order_by()
        .values(*keys)
        .annotate(recent=recent, before=before)
        .filter(recent__gte=SMALL)
        .order_by(-F("recent"), *keys)
    )
    return [Spot(*named(row), Frequency(row["recent"], row["before"])) for row in rows]


def spot_named(code: str) -> Q | None:
    """Return which complaints the code of a hot spot means, or nothing if it means none."""
    kind, _, rest = code.replace("\x00", "").partition(":")
    if kind == "street" and rest:
        return Q(customer__postcode=rest, customer__block="")
    if kind == "block" and rest:
        return Q(customer__block=rest)
    if kind == "contractor" and rest:
        return Q(contractor__code=rest)
    category, _, area = rest.partition(":")
    if kind == "cause" and category and area:
        return Q(category__code=category, service_area__code=area)
    return None
