"""The customers of whom somebody may know."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Complaint, Customer, JointComplainant, RecordedEvent, ServiceRequest, User
from cases.rules.roles import Role


def customers_known_to(user: User) -> QuerySet[Customer]:
    """Return all customers but those who came with a complaint that is closed to this person.

    Whoever gave their name to complain of a colleague is not found by it, unless there is more
    that they are known for: another complaint, a request, or a row made before the complaint.
    What was not accepted yet may be about a colleague too: it is for coordinators.
    """
    told = Complaint.objects.not_closed_to(user)
    if not user.has_role(Role.COMPLAINTS_COORDINATOR):
        told = told.filter(needs_triage=False)
    came_with_one = RecordedEvent.objects.filter(
        number=1, complaint__customer=OuterRef("pk"), recorded_at=OuterRef("created_at")
    )
    known = (
        Exists(told.filter(customer=OuterRef("pk")))
        | Exists(JointComplainant.objects.filter(customer=OuterRef("pk"), complaint__in=told))
        | Exists(ServiceRequest.objects.filter(customer=OuterRef("pk")))
    )
    return Customer.objects.filter(Q(known) | ~Exists(came_with_one))
