"""Complaints that belong together: linked, parted, and one divided into two."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import Q, QuerySet

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import AccessEntry, Complaint, ComplaintLink, Exclusion, Level, User
from cases.operations.customers import facts_of
from cases.operations.inserting import insert, insert_unless_taken
from cases.operations.lodge import Lodging, lodge_within
from cases.operations.points import Definition, add_definition, definition_in_force
from cases.operations.record import CaseFile, recording
from cases.operations.search_index import index_names
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.links import CHOOSABLE, LinkKind
from cases.selectors.case_links import closed_further
from cases.selectors.history import events_of

Points = list[tuple[int | None, str]]


def link(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    kind: LinkKind,
    other_reference: str,
    reason: str = "",
) -> Complaint:
    """Record that a complaint belongs to another, and how.

    :raises ActionNotAllowed: if the other is the same, is not open to this person, is linked
        already, or is restricted or closed to somebody while this one is not: they would see a
        trace of it.
    :raises ValueError: if complaints are not linked so by hand.
    """
    if kind not in CHOOSABLE:
        raise ValueError(f"Nobody links by hand as {kind}.")
    with recording(complaint_id=complaint_id, act=Act.LINK, by=by, now=now, seen=seen) as case:
        readable = Complaint.objects.readable_by(by)
        other = readable.filter(reference=other_reference).exclude(pk=complaint_id).first()
        if other is None:
            raise ActionNotAllowed("Give the reference of another complaint that is open to you.")
        if are_linked(case.complaint, other):
            raise ActionNotAllowed(f"It is linked with {other.reference} already.")
        _check_readers(case.complaint, other)
        add_link(case, other, kind, reason)
    return case.complaint


def _check_readers(complaint: Complaint, other: Complaint) -> None:
    if closed_further(complaint, [other.pk]):
        raise ActionNotAllowed(
            f"{other.reference} is closed to people who may open this one. Link the two from its "
            "own page, so that nobody sees a trace of it who may not know of it."
        )


def add_link(case: CaseFile, other: Complaint, kind: LinkKind, reason: str) -> None:
    """Link a complaint with another, within another act.

    :raises ActionNotAllowed: if somebody linked the two meanwhile.
    """
    number = case.add(
        EventKind.DETAILS_CHANGED,
        facts={"link": kind.value, "linked": other.pk},
        words={"reason": reason},
    )
    made = ComplaintLink(
        complaint=case.complaint, other=other, kind=kind.value, event_number=number
    )
    # Somebody may have linked them from the other one's page since it was looked for.
    if not insert_unless_taken(made):
        raise ActionNotAllowed(f"It is linked with {other.reference} already.")


def are_linked(complaint: Complaint, other: Complaint) -> bool:
    """Say whether two complaints are linked, from whichever of them. One query."""
    return _between(complaint, other.pk).exists()


def _between(complaint: Complaint, other: int) -> "QuerySet[ComplaintLink]":
    return ComplaintLink.objects.filter(
        Q(complaint=complaint, other=other) | Q(complaint=other, other=complaint)
    )


def unlink(
    *, complaint_id: int, by: User, now: datetime, seen: int, other: int, reason: str
) -> Complaint:
    """Part two complaints that do not belong together, with the reason. `other` is a key.

    :raises ReasonMissing: if it is not said why.
    :raises ActionNotAllowed: if they are not linked, or the other is not open to this person.
    """
    if not reason.strip():
        raise ReasonMissing("Say why they do not belong together.")
    with recording(complaint_id=complaint_id, act=Act.UNLINK, by=by, now=now, seen=seen) as case:
        readable = Complaint.objects.readable_by(by).filter(pk=other)
        found = _between(case.complaint, other).exclude(kind=LinkKind.DIVIDED.value)
        if not readable.exists() or not found.delete()[0]:
            raise ActionNotAllowed("They are not linked, or not so that it can be undone here.")
        case.add(EventKind.DETAILS_CHANGED, facts={"unlinked": other}, words={"reason": reason})
    return case.complaint


@dataclass(frozen=True, slots=True)
class Division:
    """What becomes a complaint of its own: the numbers of its points, and what it is about.

    `received_on` is the day on which the customer told us of it, from which its deadlines count.
    """

    points: Collection[int]
    received_on: date
    reason: str
    category_id: int | None = None


def divide(
    *, complaint_id: int, by: User, now: datetime, seen: int, division: Division
) -> tuple[Complaint, Complaint]:
    """Divide a complaint: some of its points become a new, linked one. Return both.

    The new one is the same customer's, with those who complain too or speak for them, under the
    procedure of the day on which it was received, with the same team and officer, and open to the
    same people. What the customer wants, and what we answer for, is told of both.

    :raises ReasonMissing: if it is not said why.
    :raises ActionNotAllowed: if no point would go or none would stay, or one has a finding.
    :raises WrongDate: if it was received before the complaint, or is not yet.
    """
    if not division.reason.strip():
        raise ReasonMissing("Say why it is divided.")
    with recording(complaint_id=complaint_id, act=Act.DIVIDE, by=by, now=now, seen=seen) as case:
        whole = definition_in_force(case)
        going, staying = _parted(case, whole, division.points)
        first = case.complaint.received_on
        if not first <= division.received_on <= case.today:
            raise WrongDate(f"Give a day from {first:%-d %B %Y}, when it came, until today.")
        part = _lodged(case, division, replace(whole, points=going), by=by, now=now)
        add_definition(case, replace(whole, points=staying))
        number = case.add(
            EventKind.DETAILS_CHANGED,
            facts={"divided": part.pk, "points_gone": sorted(division.points)},
            words={"reason": division.reason},
        )
        ComplaintLink.objects.create(
            complaint=part,
            other=case.complaint,
            kind=LinkKind.DIVIDED.value,
            event_number=number,
        )
    return case.complaint, part


def _parted(case: CaseFile, whole: Definition, numbers: Collection[int]) -> tuple[Points, Points]:
    """Return the points that go, which are new to the part, and those that stay."""
    going: Points = [(None, text) for number, text in whole.points if number in numbers]
    staying: Points = [(number, text) for number, text in whole.points if number not in numbers]
    if not going or not staying:
        raise ActionNotAllowed("Choose at least one point that goes, and leave at least one.")
    if any(each.finding and each.number in numbers for each in case.state.points):
        raise ActionNotAllowed("A point about which something was found stays where it is.")
    return going, staying


def _lodged(
    case: CaseFile, division: Division, definition: Definition, *, by: User, now: datetime
) -> Complaint:
    """Lodge the part, open to whom the whole is open."""
    whole = case.complaint
    lodging = Lodging(
        customer_id=whole.customer_id,
        channel=whole.channel,
        received_on=division.received_on,
        summary="\n\n".join(text for _, text in definition.points),
        desired_outcome=whole.desired_outcome,
        category_id=division.category_id,
        area_id=whole.service_area_id,
        officer_id=whole.responsible_officer_id,
        level=Level(whole.level),
        definition=definition,
        tells_officer=True,
    )
    part = lodge_within(lodging, by=by, now=now, needs_triage=False)
    Exclusion.objects.bulk_create(
        Exclusion(complaint=part, user_id=key, reason=reason)
        for key, reason in whole.exclusions.values_list("user", "reason")
    )
    AccessEntry.objects.bulk_create(
        AccessEntry(complaint=part, user_id=key)
        for key in whole.access_list.filter(as_panel_member=False).values_list("user", flat=True)
    )
    _bring_people(whole, part, by=by, now=now)
    return part


def _bring_people(whole: Complaint, part: Complaint, *, by: User, now: datetime) -> None:
    """Let those who complain too, and those who speak for the customer, stand as they do."""
    joint = list(whole.joint_complainants.order_by("pk"))
    speakers = list(whole.representatives.order_by("pk"))
    for each in joint:
        each.pk, each.complaint = None, part
    for speaker in speakers:
        speaker.pk, speaker.complaint = None, part
    insert(*joint)
    insert(*speakers)
    case = CaseFile(part, events_of(part), by=by, now=now)
    for each in joint:
        case.add(EventKind.DETAILS_CHANGED, facts={"joint": each.customer_id})
    for speaker in speakers:
        case.add(EventKind.DETAILS_CHANGED, facts=facts_of(speaker))
    case.save()
    index_names([part.pk])
