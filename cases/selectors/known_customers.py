"""The customers of whom somebody may know."""

from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.db.models.lookups import Exact

from cases.models import Complaint, Customer, JointComplainant, RecordedEvent, ServiceRequest, User
from cases.rules.roles import Role

# Where an event names a customer: at the receipt and where one was compared, as a joint
# complainant, and as the right one.
_NAMED = (
    ("customer", "facts"),
    ("joint", "facts"),
    ("customer", KeyTransform("changes", "facts")),
)


def customers_known_to(user: User) -> QuerySet[Customer]:
    """Return all customers but those who came with a complaint that is closed to this person.

    Whoever gave their name to complain of a colleague is not found by it, unless there is more
    that they are known for: another complaint, a request, or a row made before the complaint. The
    same goes for whoever was added to it as a joint complainant or as the right customer, and for
    the row that the form gave before it was found that they are known. What was not accepted yet
    may be about a colleague too: it is for coordinators.
    """
    told = Complaint.objects.not_closed_to(user)
    if not user.has_role(Role.COMPLAINTS_COORDINATOR):
        told = told.filter(needs_triage=False)
    came_with_one = (
        RecordedEvent.objects.filter(recorded_at=OuterRef("created_at"))
        .filter(~Exists(told.filter(pk=OuterRef("complaint"))))
        .filter(Q(complaint__customer=OuterRef("pk")) | _names(OuterRef("pk")))
    )
    known = (
        Exists(told.filter(customer=OuterRef("pk")))
        | Exists(JointComplainant.objects.filter(customer=OuterRef("pk"), complaint__in=told))
        | Exists(ServiceRequest.objects.filter(customer=OuterRef("pk")))
    )
    return Customer.objects.filter(Q(known) | ~Exists(came_with_one))


def _names(customer: OuterRef) -> Q:
    """Return the condition that an event names the customer with this key."""
    key, found = Cast(customer, TextField()), Q()
    for name, place in _NAMED:
        found |= Q(Exact(Cast(KeyTextTransform(name, place), TextField()), key))
    return found
