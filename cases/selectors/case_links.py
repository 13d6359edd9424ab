"""Other complaints that a reader of one should know of."""

from functools import lru_cache

from django.db.models import Q

from cases.models import Complaint, User
from cases.selectors.prepared import KEPT, PreparedModels, Reader, blank_keys, reader_of

LISTED = 10


def linked_complaints(complaint: Complaint, *, user: User) -> list[Complaint]:
    """Return the complaints linked with this one and those of the same customer, newest first.

    Only what the reader may read, at most LISTED; one query.
    """
    own, linked, same = _LINKS
    keys = {own: complaint.pk, linked: complaint.linked_to_id or 0, same: complaint.customer_id}
    return _linked(reader_of(user)).all(keys=keys)


# Stand for the complaint, for the one it is linked to, and for its customer.
_LINKS = blank_keys(0, 3)


@lru_cache(maxsize=KEPT)
def _linked(reader: Reader) -> PreparedModels[Complaint]:
    own, linked, same = _LINKS
    return PreparedModels(
        Complaint.objects.readable_by(reader.user)
        .filter(Q(linked_to=own) | Q(pk=linked) | Q(customer=same))
        .exclude(pk=own)
        .select_related("category")
        .order_by("-received_on", "-pk")[:LISTED]
    )
