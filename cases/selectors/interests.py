"""Whose declared interests concern a complaint."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from cases.errors import NotIndependent
from cases.models import Complaint, Customer, DeclaredInterest, JointComplainant, User
from cases.rules.interests import Concern, Known, concern_of, name_key, postcode_key
from cases.selectors.independence import is_excluded


def interests_in(complaint: Complaint, people: Iterable[int] = ()) -> dict[int, Concern]:
    """Return by colleague how surely what they declared concerns a complaint. Two queries.

    Only these `people`, or everybody where none are named.
    """
    customers = [Known(complaint.customer.name, complaint.customer.postcode)]
    joint = complaint.joint_complainants.values_list("customer__name", "customer__postcode")
    customers += [Known(name, postcode) for name, postcode in joint]
    about = Q(name_key__in=[name_key(each.name) for each in customers if each.name])
    about |= Q(postcode__in=[each.postcode for each in customers if each.postcode])
    applied = DeclaredInterest.closed.through.objects.filter(
        declaredinterest=OuterRef("pk"), complaint=complaint
    )
    rows = DeclaredInterest.objects.standing().filter(about).annotate(is_applied=Exists(applied))
    if wanted := list(people):
        rows = rows.filter(user__in=wanted)
    found: dict[int, Concern] = {}
    for user, name, postcode, is_applied in rows.values_list(
        "user", "name", "postcode", "is_applied"
    ):
        concern = concern_of(Known(name, postcode), customers)
        if is_applied:
            # It was closed to them once; where it is open again, somebody has looked at it.
            concern = min(concern, Concern.PERHAPS)
        found[user] = max(concern, found.get(user, Concern.NONE))
    return found


def interest_of(complaint: Complaint, person: User) -> Concern:
    """Return how surely what one colleague declared concerns a complaint. Two queries."""
    return interests_in(complaint, [person.pk]).get(person.pk, Concern.NONE)


def interest_in_customer(customer: Customer, person_id: int) -> Concern:
    """Return how surely what one colleague declared is about a customer. One query."""
    declared = DeclaredInterest.objects.standing().filter(user=person_id)
    them = [Known(customer.name, customer.postcode)]
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
