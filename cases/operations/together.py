"""The same done with several complaints: a note added, or another service area named."""

from collections.abc import Sequence
from datetime import datetime

from cases.errors import ActionNotAllowed
from cases.models import Complaint, ServiceArea, User
from cases.operations.note import add_note
from cases.operations.reassign import Result, Wanted, each_by_itself
from cases.operations.record import recording
from cases.rules.acts import Act
from cases.rules.events import EventKind


def note_each(wanted: Sequence[Wanted], *, by: User, now: datetime, words: str) -> list[Result]:
    """Add the same note to each complaint; one that is refused does not stop the others.

    :raises ActionNotAllowed: if there are too many; nothing is changed then.
    """
    return each_by_itself(
        wanted,
        lambda one: add_note(complaint_id=one.complaint_id, by=by, now=now, words=words),
    )


def move_each(wanted: Sequence[Wanted], *, by: User, now: datetime, area_id: int) -> list[Result]:
    """Move each complaint to a service area; one that is refused does not stop the others.

    :raises ActionNotAllowed: if there are too many; nothing is changed then.
    """
    return each_by_itself(
        wanted,
        lambda one: move(
            complaint_id=one.complaint_id, by=by, now=now, seen=one.seen, area_id=area_id
        ),
    )


def move(*, complaint_id: int, by: User, now: datetime, seen: int, area_id: int) -> Complaint:
    """Move a complaint to another service area; whoever is responsible stays so.

    :raises ActionNotAllowed: if it was not accepted yet, is there already, or the area is retired.
    """
    area = ServiceArea.objects.get(pk=area_id)
    if area.is_retired:
        raise ActionNotAllowed(f"{area.name} is no longer in use.")
    with recording(complaint_id=complaint_id, act=Act.ASSIGN, by=by, now=now, seen=seen) as case:
        complaint = case.complaint
        if case.state.needs_triage:
            raise ActionNotAllowed("It has not been accepted yet: accept it on its own page.")
        if complaint.service_area_id == area_id:
            raise ActionNotAllowed("It is there already.")
        officer = complaint.responsible_officer_id
        case.add(EventKind.ASSIGNED, facts={"officer": officer, "area": area_id})
    return complaint
