"""What is known of a customer who rings: their complaints and requests, as far as one may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from cases.models import Complaint, JointComplainant, ServiceRequest, User
from cases.models.procedures import published_terms
from cases.rules.next_steps import stage_name

# More of one customer's complaints or requests nobody compares with a new one.
KNOWN = 8
# So many of a customer's open cases are told where they are one of several found.
HINTED = 3
# Complaints of one customer that came so many days apart may be the same.
TWINS_DAYS = 14


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A complaint or request of somebody, as far as the reader may read it."""

    pk: int
    reference: str
    url: str
    about: str
    words: str
    is_open: bool
    received_on: date
    is_complaint: bool = True
    category_id: int | None = None


def known_cases(customer_ids: Sequence[int], user: User) -> dict[int, list[KnownCase]]:
    """Return by customer their complaints and waiting requests that `user` may read.

    The open ones first, then the latest; at most KNOWN for each kind and customer asked for.
    Two queries. Nothing is told of what is hidden from the reader, not even that it is there.
    """
    found: dict[int, list[KnownCase]] = {key: [] for key in customer_ids}
    if not found:
        return found
    joint = JointComplainant.objects.filter(customer__in=customer_ids)
    of_them = Q(customer__in=customer_ids) | Q(pk__in=joint.values("complaint"))
    together = joint.filter(complaint=OuterRef("pk")).values("customer")[:1]
    complaints = (
        Complaint.objects.readable_by(user)
        .filter(of_them)
        .order_by("-is_open", "-received_on", "-pk")
        .values_list(*_COLUMNS, "customer", Subquery(together))
    )
    for *columns, customer, joined in complaints[: KNOWN * len(found)]:
        case = _known_complaint(*columns)
        for owner in {customer, joined} & found.keys():
            found[owner].append(case)
    requests = ServiceRequest.objects.visible_to(user).waiting().filter(customer__in=customer_ids)
    for asked in requests.order_by("-received_on", "-pk")[: KNOWN * len(found)]:
        found[asked.customer_id].append(
            KnownCase(
                pk=asked.pk,
                reference=asked.reference,
                url=asked.get_absolute_url(),
                about=asked.kind_words,
                words=f"{asked.kind_words}, received {asked.received_on:%-d %b %Y}, not done yet",
                is_open=True,
                received_on=asked.received_on,
                is_complaint=False,
                category_id=asked.category_id,
            )
        )
    return found


def may_be_twins(case: KnownCase, category: str, received_on: date) -> bool:
    """Say whether a complaint may be the same as a new one: of its category, or of its days."""
    if category and case.category_id is not None:
        return str(case.category_id) == category
    return abs((received_on - case.received_on).days) <= TWINS_DAYS


_COLUMNS = (
    "pk",
    "reference",
    "received_on",
    "closed_on",
    "stage",
    "procedure_version",
    "category",
    "category__name",
)


def _known_complaint(
    pk: int,
    reference: str,
    received_on: date,
    closed_on: date | None,
    stage: str,
    version: int,
    category: int | None,
    category_name: str | None,
) -> KnownCase:
    about = category_name or "Complaint"
    named = stage_name(published_terms(version), stage)
    stands = f"closed {closed_on:%-d %b %Y}" if closed_on else named
    return KnownCase(
        pk=pk,
        reference=reference,
        url=reverse("cases:complaint", args=[reference]),
        about=about,
        words=f"{about}, received {received_on:%-d %b %Y}, {stands}",
        is_open=closed_on is None,
        received_on=received_on,
        category_id=category,
    )
