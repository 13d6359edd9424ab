"""Other complaints that a reader of one should know of."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Case, Exists, F, Max, OuterRef, Q, When

from cases.models import Complaint, ComplaintLink, Exclusion, Level, RecordedEvent, User
from cases.rules.events import EventKind
from cases.rules.links import LinkKind, other_of
from cases.selectors.prepared import KEPT, PreparedModels, Reader, blank_keys, reader_of

LISTED = 10


def linked_complaints(complaint: Complaint, *, user: User) -> list[Complaint]:
    """Return the complaints linked with this one, then those of the same customer, newest first.

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
    is_linked = Q(linked_to=own) | Q(pk=linked)
    return PreparedModels(
        Complaint.objects.readable_by(reader.user)
        .filter(is_linked | Q(customer=same))
        .exclude(pk=own)
        .select_related("category")
        .order_by(Case(When(is_linked, then=0), default=1), "-received_on", "-pk")[:LISTED]
    )


def complaint_to_merge_into(reference: str, twin: Complaint, *, user: User) -> Complaint | None:
    """Return the other open complaint that may go on in place of a twin. One query."""
    if not reference:
        return None
    readable = Complaint.objects.readable_by(user).open().exclude(pk=twin.pk)
    return (
        readable.filter(reference=reference)
        .select_related(
            *("customer", "category", "service_area", "responsible_officer"),
            "procedure_version__procedure",
        )
        .first()
    )


def merger_refusal(twin: Complaint, into: Complaint) -> str:
    """Return why a complaint may not be merged into a less protected one, or nothing.

    Its record would tell of the twin to people who may not know of that. One query.
    """
    level, other = Level(twin.level), Level(into.level)
    if other.protects_less_than(level):
        return (
            f"{twin.reference} is {level.words}, and {into.reference} is {other.words}. First "
            f"change who may see {into.reference}, so that it is protected as well as this one."
        )
    if closed_further(into, [twin.pk]):
        return (
            f"{twin.reference} is closed to somebody to whom {into.reference} is open. First "
            f"change who may see {into.reference}, so that it is closed to them too."
        )
    return ""


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

    Of those closed to the reader, or restricted to others, not even the number is told. One query.
    """
    [own] = _OWN
    found = _links(reader_of(user)).all(keys={own: complaint.pk})
    lines = [_line(each, complaint) for each in found if each.is_readable]
    return Linked(lines, len(found) - len(lines))


# Stands for the complaint.
_OWN = blank_keys(0, 1)


@lru_cache(maxsize=KEPT)
def _links(reader: Reader) -> PreparedModels[Any]:
    """Return the query of the links of a complaint of which a reader is told."""
    [own] = _OWN
    there = Complaint.objects.filter(pk=OuterRef("end"))
    return PreparedModels(
        ComplaintLink.objects.filter(Q(complaint=own) | Q(other=own))
        .annotate(end=Case(When(complaint=own, then=F("other")), default=F("complaint")))
        .annotate(
            is_told=Exists(there & Complaint.objects.not_closed_to(reader.user)),
            is_readable=Exists(there & Complaint.objects.readable_by(reader.user)),
        )
        .filter(is_told=True)
        .select_related("complaint__category", "other__category")
        .order_by("pk")
    )


def _line(link: ComplaintLink, complaint: Complaint) -> LinkedLine:
    kind, is_named_here = LinkKind(link.kind), link.complaint_id == complaint.pk
    return LinkedLine(
        kind.words if is_named_here else kind.words_back,
        link.other if is_named_here else link.complaint,
        kind is not LinkKind.DIVIDED,
    )


def closed_since(complaint: Complaint, *, reader: User, made_at: datetime) -> bool:
    """Say whether papers kept then may tell of a complaint that was closed to `reader` since.

    At most three queries.
    """
    then = RecordedEvent.objects.filter(complaint=complaint, recorded_at__lte=made_at)
    others = {key for facts in then.values_list("facts", flat=True) if (key := other_of(facts))}
    if not others:
        return False
    told = Complaint.objects.not_closed_to(reader).filter(pk__in=others)
    closed = others - set(told.values_list("pk", flat=True))
    return RecordedEvent.objects.filter(
        complaint__in=closed, kind=EventKind.ACCESS_CHANGED.value, recorded_at__gt=made_at
    ).exists()


def closed_further(complaint: Complaint, others: Collection[int]) -> set[int]:
    """Return those of these that are closed to people to whom the complaint is not.

    Of two that are both restricted only who is shut out is compared. One query, if any.
    """
    if not others:
        return set()
    here = complaint.exclusions.values("user")
    further = Q(Exists(Exclusion.objects.filter(complaint=OuterRef("pk")).exclude(user__in=here)))
    if complaint.level != Level.RESTRICTED:
        further |= Q(level=Level.RESTRICTED.value)
    found = Complaint.objects.filter(further, pk__in=others)
    return set(found.values_list("pk", flat=True))


def closings_further(complaint: Complaint, others: Collection[int]) -> dict[int, datetime]:
    """Return when those of `closed_further` were last changed who may see them, by their keys.

    Two queries, if any.
    """
    closed = closed_further(complaint, others)
    if not closed:
        return {}
    changes = RecordedEvent.objects.filter(
        complaint__in=closed, kind=EventKind.ACCESS_CHANGED.value
    )
    last = changes.order_by().values("complaint").annotate(last=Max("recorded_at"))
    return dict(last.values_list("complaint", "last"))
