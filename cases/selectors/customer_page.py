"""Customers as their pages show them: found, and everything that one reader may know of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from cases.models import (
    Complaint,
    Customer,
    CustomerChange,
    JointComplainant,
    Representative,
    ServiceRequest,
    User,
)
from cases.models.complaints import COUNT_LIMIT
from cases.rules.customers import Register, register_for
from cases.rules.next_steps import stage_name
from cases.rules.references import may_be_reference, spellings
from cases.rules.state import Status
from cases.selectors.candidates import DEALING
from cases.selectors.customer_search import customers_matching
from cases.selectors.rows import status_shown
from cases.selectors.running import procedure_on, version_in_force

# More of one customer are found in the list of complaints.
LISTED = 50
CHANGES = 10


def handles_complaints(user: User) -> bool:
    """Say whether somebody deals with complaints, and not only looks customers up.

    Nobody else is shown that a customer has complained (roles: adverse treatment).
    """
    return user.has_role(*DEALING)


def customers_found(words: str, user: User) -> list[int]:
    """Return the keys of the customers meant, in the order of their names. At most three queries.

    A reference finds those of the complaint or request, if `user` may read that. Of many one more
    than are counted.
    """
    named = _by_reference(words, user)
    found = named if named is not None else customers_matching(words, user)
    return list(found.order_by("name", "pk").values_list("pk", flat=True)[: COUNT_LIMIT + 1])


def _by_reference(words: str, user: User) -> QuerySet[Customer] | None:
    """Return the customers of what has this reference, or None if nothing of theirs has it."""
    if not may_be_reference(words):
        return None
    references = spellings(words)
    requests = ServiceRequest.objects.visible_to(user).filter(reference__in=references)
    complaints = Complaint.objects.readable_by(user).filter(reference__in=references)
    joint = JointComplainant.objects.filter(complaint__in=complaints.values("pk"))
    found = Customer.objects.filter(
        Q(pk__in=complaints.values("customer"))
        | Q(pk__in=joint.values("customer"))
        | Q(pk__in=requests.values("customer"))
    )
    return found if found.exists() else None


@dataclass(frozen=True, slots=True)
class Line:
    """A complaint of a customer in a list."""

    reference: str
    url: str
    about: str
    stage: str
    status: str
    tone: str
    received_on: date
    officer: str
    part: str
    register: str
    is_separate: bool


@dataclass(frozen=True, slots=True)
class CustomerPage:
    """What one reader may know of a customer."""

    customer: Customer
    complaints: Sequence[Line]
    requests: Sequence[ServiceRequest]
    speakers: Sequence[Representative]
    joint: Sequence[JointComplainant]
    changes: Sequence[CustomerChange]
    register: Register | None
    handles: bool


def customer_page(customer: Customer, user: User, *, today: date) -> CustomerPage:
    """Return what `user` may know of a customer, in at most nine queries.

    Only what may be read is told, not even that there is more: a hidden complaint leaves no trace.
    Who does not deal with complaints is told of none (roles: adverse treatment).
    """
    handles = handles_complaints(user)
    requests = ServiceRequest.objects.visible_to(user).filter(customer=customer)
    if not handles:
        # That a request became a complaint is told by nothing on this page either.
        return CustomerPage(customer, [], list(_newest(requests)), [], [], [], None, handles)
    own = Complaint.objects.readable_by(user).filter(_part_of(customer))
    keys = list(
        own.order_by("-is_open", "-received_on", "-pk").values_list("pk", flat=True)[:LISTED]
    )
    joint = JointComplainant.objects.filter(complaint__in=keys).select_related(
        "customer", "complaint"
    )
    return CustomerPage(
        customer=customer,
        complaints=_lines(keys, customer, list(joint)),
        requests=list(_newest(requests)),
        speakers=list(
            Representative.objects.filter(complaint__in=keys)
            .select_related("complaint")
            .order_by("name", "-pk")
        ),
        joint=[each for each in joint if each.customer_id != customer.pk],
        changes=list(
            CustomerChange.objects.filter(customer=customer)
            .select_related("by")
            .order_by("-pk")[:CHANGES]
        ),
        register=_register(customer, today=today),
        handles=handles,
    )


def _part_of(customer: Customer) -> Q:
    joint = JointComplainant.objects.filter(customer=customer)
    return Q(customer=customer) | Q(pk__in=joint.values("complaint"))


def _newest(requests: QuerySet[ServiceRequest]) -> QuerySet[ServiceRequest]:
    return requests.order_by("-received_on", "-pk")[:LISTED]


def _lines(
    keys: Sequence[int], customer: Customer, joint: Sequence[JointComplainant]
) -> list[Line]:
    complaints = Complaint.objects.filter(pk__in=keys).select_related(
        "category", "responsible_officer", "procedure_version__procedure"
    )
    parts = {each.complaint_id: each.capacity for each in joint if each.customer_id == customer.pk}
    found = {each.pk: _line(each, customer, parts.get(each.pk, "")) for each in complaints}
    return [found[key] for key in keys if key in found]


def _line(complaint: Complaint, customer: Customer, part: str) -> Line:
    words, tone = status_shown(
        Status(complaint.status),
        needs_triage=complaint.needs_triage,
        closed_as=complaint.closed_as,
    )
    officer = complaint.responsible_officer
    return Line(
        reference=complaint.reference,
        url=complaint.get_absolute_url(),
        about=complaint.category.name if complaint.category else "",
        stage=stage_name(complaint.procedure_version.terms, complaint.stage),
        status=words,
        tone=tone,
        received_on=complaint.received_on,
        officer=officer.name if officer else "Nobody yet",
        part="" if complaint.customer_id == customer.pk else part,
        register=Register(complaint.register).words,
        is_separate=complaint.register != Register.MAIN,
    )


def _register(customer: Customer, *, today: date) -> Register | None:
    """Return the register for a complaint received today; None where there is only one (HH-13)."""
    terms = version_in_force(procedure_on(today), today).terms
    if not terms.separate_register:
        return None
    return register_for(customer.category, terms)


def last_change_of(customer: Customer) -> int:
    """Return the number of the last change of a customer, 0 for none: the version a form saw."""
    changes = CustomerChange.objects.filter(customer=customer).order_by("-pk")
    return changes.values_list("pk", flat=True).first() or 0
