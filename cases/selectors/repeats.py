"""Repeats and hot spots: complaints of one customer, home, street or cause, against what is usual.

Only what the reader may read is counted and listed, so nothing hidden leaves a trace in a number.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from cases.models import Category, Complaint, Customer, ServiceArea, User
from cases.rules.events import EventKind
from cases.rules.repeats import SMALL, Frequency, before_from, recent_from

# Complaints that are none of their own.
NONE_OF_THEIR_OWN = (EventKind.ANNULLED.value, EventKind.MERGED.value)
MOST_SPOTS = 25
MOST_LISTED = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """Something that complaints have in common, and how many have it."""

    code: str
    label: str
    frequency: Frequency


def counted(user: User, *, today: date) -> QuerySet[Complaint]:
    """Return the complaints that count: readable, of the days looked at, and their own."""
    return (
        Complaint.objects.readable_by(user)
        .filter(received_on__gte=before_from(today), received_on__lte=today)
        .exclude(closed_as__in=NONE_OF_THEIR_OWN)
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
    found = [("customer", f"Complaints of {customer.name}", Q(customer=complaint.customer_id))]
    if customer.address.strip() and customer.postcode:
        home = Q(customer__postcode=customer.postcode, customer__address__iexact=customer.address)
        found.append(("home", f"From this home: {', '.join(customer.address_lines)}", home))
    if customer.postcode:
        street = Q(customer__postcode=customer.postcode)
        found.append(("street", f"From this street or block: {customer.postcode}", street))
    if complaint.category and complaint.service_area:
        cause = Q(category=complaint.category_id, service_area=complaint.service_area_id)
        label = f"{complaint.category.name} in {complaint.service_area.name}"
        found.append(("cause", label, cause))
    return found


def above_usual(
    customer: Customer, *, user: User, today: date, category: int, area: int
) -> list[Spot]:
    """Return what there is more of than usual, of all that a new complaint would have in common.

    `category` and `area` are keys, 0 where they are not known yet. One query, and one for each
    of the two that is known.
    """
    new = Complaint(
        customer=customer,
        category=Category.objects.filter(pk=category).first() if category and area else None,
        service_area=ServiceArea.objects.filter(pk=area).first() if category and area else None,
    )
    spots = repeats_of(new, user=user, today=today)
    return [spot for spot in spots if spot.frequency.is_above]


def listed(which: Q, *, user: User, today: date) -> list[Complaint]:
    """Return the complaints behind a number, the newest first. One query."""
    found = counted(user, today=today).filter(which).select_related("customer", "category")
    return list(found.order_by("-received_on", "-pk")[:MOST_LISTED])


def hot_spots(user: User, *, today: date) -> list[Spot]:
    """Return the streets and causes with more complaints than usual, the worst first. Two queries.

    Causes are counted in each service area by itself.
    """
    streets = _grouped(
        user,
        today,
        ("customer__postcode",),
        lambda row: (f"street:{row['customer__postcode']}", row["customer__postcode"]),
        Q(customer__postcode__gt=""),
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
    above = [spot for spot in (*streets, *causes) if spot.frequency.is_above]
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
        return Q(customer__postcode=rest)
    category, _, area = rest.partition(":")
    if kind == "cause" and category and area:
        return Q(category__code=category, service_area__code=area)
    return None
