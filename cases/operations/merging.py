"""Merging a complaint into the one that goes on in its place, and parting the two again."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Complaint, User
from cases.operations.alerts import tell_of_merger
from cases.operations.record import CaseFile, lock_complaint, recording
from cases.rules.acts import Act
from cases.rules.events import Event, EventKind
from cases.rules.links import goes_on_in
from cases.selectors.case_links import merger_refusal
from cases.selectors.history import events_of


def merge(
    *, complaint_id: int, by: User, now: datetime, seen: int, into_reference: str, reason: str
) -> Complaint:
    """Close a twin into the complaint that goes on, linked so that either leads to the other.

    Both records say so, and the officers of both are told. Nothing of the twin is moved or copied:
    its words, points, files and letters stay where they are.

    :raises ReasonMissing: if it is not said why they are the same.
    :raises ActionNotAllowed: if the other is the same, is closed, is not open to this person, or
        is less protected than the twin, of which its record would tell.
    """
    if not reason.strip():
        raise ReasonMissing("Say why: the reason is kept with the record.")
    both = Complaint.objects.filter(Q(reference=into_reference) | Q(pk=complaint_id))
    with transaction.atomic():
        # In one order, so that of two who merge twins into each other the second is refused.
        list(both.order_by("pk").select_for_update().values_list("pk"))
        into = Complaint.objects.readable_by(by).open().filter(reference=into_reference).first()
        if into is None or into.pk == complaint_id:
            raise ActionNotAllowed("Give the reference of another open complaint that goes on.")
        return _merge(complaint_id, into, by=by, now=now, seen=seen, reason=reason)


def _merge(
    complaint_id: int, into: Complaint, *, by: User, now: datetime, seen: int, reason: str
) -> Complaint:
    with recording(complaint_id=complaint_id, act=Act.MERGE, by=by, now=now, seen=seen) as case:
        twin = case.complaint
        if refusal := merger_refusal(twin, into):
            raise ActionNotAllowed(refusal)
        facts = {"into": into.pk, "into_reference": into.reference}
        if twin.linked_to_id:
            # So that parting them leaves it linked as it was.
            facts["linked_before"] = twin.linked_to_id
        case.add(EventKind.MERGED, facts=facts, words={"reason": reason})
        twin.linked_to = into
        twin.save(update_fields=["linked_to"])
        remaining = _add_to(into.pk, {"merged_in": twin.pk}, reason, by=by, now=now)
        tell_of_merger(case, remaining)
    return twin


def part_twin(case: CaseFile, merger: Event, *, reason: str) -> None:
    """Undo a merger that is struck out, in the record of the complaint that went on too."""
    twin, into = case.complaint, goes_on_in(merger.facts)
    twin.linked_to_id = merger.facts.get("linked_before")
    twin.save(update_fields=["linked_to"])
    # Old cases that were imported as merged name no complaint of ours.
    if into and case.by:
        remaining = _add_to(into, {"merged_out": twin.pk}, reason, by=case.by, now=case.now)
        # What was closed since tells nobody of it who may open the other.
        is_told = not merger_refusal(twin, remaining.complaint)
        tell_of_merger(case, remaining if is_told else None, is_undone=True)


def lock_both(complaint_id: int) -> None:
    """Lock a complaint and the one into which it was merged, in the order of `merge`."""
    into = Complaint.objects.filter(pk=complaint_id, closed_as=EventKind.MERGED.value)
    both = Q(pk=complaint_id) | Q(pk__in=into.values("linked_to"))
    list(Complaint.objects.filter(both).order_by("pk").select_for_update().values_list("pk"))


def _add_to(key: int, facts: dict[str, int], reason: str, *, by: User, now: datetime) -> CaseFile:
    """Add to the record of the complaint that goes on what became of its twin.

    Whoever may act on the twin may do this, should the other be closed by now or to them.
    """
    complaint = lock_complaint(key, None)
    case = CaseFile(complaint, events_of(complaint), by=by, now=now)
    case.add(EventKind.DETAILS_CHANGED, facts=facts, words={"reason": reason})
    case.save()
    return case
