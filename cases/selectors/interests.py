"""Whose declared interests concern a complaint."""

from collections.abc import Iterable, Iterator
from itertools import chain

from django.db.models import Q

from cases.errors import NotIndependent
from cases.models import Complaint, Customer, DeclaredInterest, JointComplainant, User
from cases.rules.interests import Concern, Known, concern_of, name_key, postcode_key
from cases.selectors.independence import is_excluded


def interests_in(complaint: Complaint, people: Iterable[int] = ()) -> dict[int, Concern]:
    """Return by colleague how surely what they declared concerns a complaint. Two queries.

    Only these `people`, or everybody where none are named.
    """
    return interests_among([complaint], people).get(complaint.pk, {})


def interests_among(
    complaints: Iterable[Complaint], people: Iterable[int] = ()
) -> dict[int, dict[int, Concern]]:
    """Return by complaint, and by colleague, how surely what they declared concerns it.

    Two queries, however many there are, where the customers are loaded.
    """
    of_each = {each.pk: [_known(each.customer)] for each in complaints}
    joint = JointComplainant.objects.filter(complaint__in=list(of_each))
    for key, *known in joint.values_list("complaint", "customer__name", "customer__postcode"):
        of_each[key].append(Known(*known))
    found: dict[int, dict[int, Concern]] = {}
    for user, declared, applied in _declared(chain.from_iterable(of_each.values()), people):
        for key, customers in of_each.items():
            concern = concern_of(declared, customers)
            if key in applied:
                # It was closed to them once; where it is open again, somebody has looked at it.
                concern = min(concern, Concern.PERHAPS)
            if concern is not Concern.NONE:
                of_this = found.setdefault(key, {})
                of_this[user] = max(concern, of_this.get(user, Concern.NONE))
    return found


def _known(customer: Customer) -> Known:
    return Known(customer.name, customer.postcode)


def _declared(
    customers: Iterable[Known], people: Iterable[int]
) -> Iterator[tuple[int, Known, set[int]]]:
    """Yield what may be about these customers: whose, and what it closed. One query."""
    them = list(customers)
    about = Q(name_key__in={name_key(each.name) for each in them if each.name})
    about |= Q(postcode__in={each.postcode for each in them if each.postcode})
    rows = DeclaredInterest.objects.standing().filter(about)
    if wanted := list(people):
        rows = rows.filter(user__in=wanted)
    declared: dict[int, tuple[int, Known, set[int]]] = {}
    for key, user, name, postcode, closed in rows.values_list(
        "pk", "user", "name", "postcode", "closed"
    ):
        declared.setdefault(key, (user, Known(name, postcode), set()))[2].add(closed)
    yield from declared.values()


def interest_of(complaint: Complaint, person: User) -> Concern:
    """Return how surely what one colleague declared concerns a complaint. Two queries."""
    return interests_in(complaint, [person.pk]).get(person.pk, Concern.NONE)


def interest_in_customer(customer: Customer, person_id: int) -> Concern:
    """Return how surely what one colleague declared is about a customer. One query."""
    declared = DeclaredInterest.objects.standing().filter(user=person_id)
    them = [_known(customer)]
    return max(
        (concern_of(Known(*each), them) for each in declared.values_list("name", "postcode")),
        default=Concern.NONE,
    )


def is_barred(complaint: Complaint, person: User) -> bool:
    """Say whether a complaint is closed to somebody, or must be by what they declared."""
    return is_excluded(complaint.pk, person) or interest_of(complaint, person) is Concern.SURE


def check_no_interest(complaint: Complaint, person: User) -> None:
    """Refuse an answer by somebody whom what they declared bars from the complaint.

    :raises NotIndependent: if it does.
    """
    if is_barred(complaint, person):
        raise NotIndependent("What you declared about yourself concerns this customer.")


def not_closed_yet(interests: Iterable[DeclaredInterest]) -> list[tuple[int, DeclaredInterest]]:
    """Return the complaints that surely concern a declaration and were not closed because of it.

    Four queries, however many there are; one if nothing was declared.
    """
    wanted = [each for each in interests if each.name and each.postcode]
    if not wanted:
        return []
    by_place: dict[str, list[Customer]] = {}
    for customer in Customer.objects.filter(postcode__in={each.postcode for each in wanted}):
        by_place.setdefault(postcode_key(customer.postcode), []).append(customer)
    pairs = [
        (customer.pk, each)
        for each in wanted
        for customer in by_place.get(postcode_key(each.postcode), ())
        if name_key(customer.name) == each.name_key
    ]
    keys = {customer for customer, _ in pairs}
    of_them: dict[int, set[int]] = {}
    first = Complaint.objects.filter(customer__in=keys).values_list("customer", "pk")
    joint = JointComplainant.objects.filter(customer__in=keys)
    for customer_key, complaint in [*first, *joint.values_list("customer", "complaint")]:
        of_them.setdefault(customer_key, set()).add(complaint)
    applied = DeclaredInterest.closed.through.objects.filter(
        declaredinterest__in=[each.pk for _, each in pairs]
    )
    done = set(applied.values_list("complaint", "declaredinterest"))
    return [
        (complaint, each)
        for customer_key, each in pairs
        for complaint in sorted(of_them.get(customer_key, ()))
        if (complaint, each.pk) not in done
    ]
