"""Other complaints that a reader of one should know of."""

from django.db.models import Q

from cases.models import Complaint, User

LISTED = 10


def linked_complaints(complaint: Complaint, *, user: User) -> list[Complaint]:
    """Return the complaints linked with this one and those of the same customer, newest first.

    Only what the reader may read, at most LISTED; one query.
    """
    same = Q(linked_to=complaint) | Q(pk=complaint.linked_to_id) | Q(customer=complaint.customer_id)
    return list(
        Complaint.objects.readable_by(user)
        .filter(same)
        .exclude(pk=complaint.pk)
        .select_related("category")
        .order_by("-received_on", "-pk")[:LISTED]
    )
