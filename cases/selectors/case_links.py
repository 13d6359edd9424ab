"""Other complaints that a reader of one should know of."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Q

from cases.models import Complaint, ComplaintLink, User
from cases.rules.links import LinkKind
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


@dataclass(frozen=True, slots=True)
class LinkedLine:
    """A complaint that this one is linked with, and how; `is_made_by_hand` can be undone."""

    words: str
    complaint: Complaint
    is_made_by_hand: bool


@dataclass(frozen=True, slots=True)
class Linked:
    """What a complaint is linked with. `hidden` are not open to the reader, who learns no more."""

    lines: list[LinkedLine]
    hidden: int

    @property
    def keys(self) -> set[int]:
        """Return the keys of the complaints that the reader may open."""
        return {line.complaint.pk for line in self.lines}

    @property
    def to_part(self) -> list[LinkedLine]:
        """Return those from which it can be parted."""
        return [line for line in self.lines if line.is_made_by_hand]


def linked_with(complaint: Complaint, *, user: User) -> Linked:
    """Return the complaints that somebody linked with this one, as far as the reader may know.

    Of those closed to the reader, or restricted to others, not even the number is told. One
    query, a second where there are any, a third where some are not open to the reader.
    """
    links = ComplaintLink.objects.filter(Q(complaint=complaint) | Q(other=complaint))
    made = list(links.order_by("pk").values_list("complaint", "other", "kind"))
    if not made:
        return Linked([], 0)
    keys = {key for first, second, _ in made for key in (first, second)} - {complaint.pk}
    readable = Complaint.objects.readable_by(user).filter(pk__in=keys).select_related("category")
    found = {each.pk: each for each in readable}
    lines = []
    for first, second, code in made:
        kind, is_named_here = LinkKind(code), first == complaint.pk
        if other := found.get(second if is_named_here else first):
            words = kind.words if is_named_here else kind.words_back
            lines.append(LinkedLine(words, other, kind is not LinkKind.DIVIDED))
    unread = keys - set(found)
    hidden = Complaint.objects.not_closed_to(user).filter(pk__in=unread).count() if unread else 0
    return Linked(lines, hidden)
