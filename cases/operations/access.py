"""Who may see a complaint: its level, its access list, and who is shut out."""

from collections.abc import Collection, Sequence
from datetime import datetime

from cases.errors import ActionNotAllowed, NotEntitled
from cases.models import AccessEntry, Complaint, Exclusion, Level, User
from cases.operations.access_lists import can_handle, fill_up
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind


def change_access(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    level: Level,
    listed: Sequence[int],
    subjects: Sequence[int],
    conflicted: Sequence[int],
    reason: str,
) -> Complaint:
    """Set the level, the access list, and the people to whom the complaint is closed.

    It goes back to the unassigned ones if it was held by somebody to whom it is closed now.

    :raises NotEntitled: if it would change how the complaint is closed to this person.
    :raises ActionNotAllowed: if a restricted complaint would be left with fewer than two people,
        or without a coordinator or a director (roles: no orphan).
    """
    with recording(
        complaint_id=complaint_id, act=Act.CHANGE_ACCESS, by=by, now=now, seen=seen
    ) as case:
        shut_out = {*subjects, *conflicted}
        if by.pk in shut_out:
            raise NotEntitled("To shut yourself out, declare a conflict of interest.")
        allowed = [key for key in listed if key not in shut_out]
        if level is Level.RESTRICTED:
            _check_no_orphan(allowed)
        _write(case, level, allowed, subjects=subjects, conflicted=conflicted)
        case.add(
            EventKind.ACCESS_CHANGED,
            facts={
                "level": level.value,
                "listed": sorted(allowed),
                "subjects": sorted(subjects),
                "conflicted": sorted(conflicted),
            },
            words={"reason": reason},
        )
        _unassign(case, shut_out)
    return case.complaint


def _unassign(case: CaseFile, shut_out: Collection[int]) -> None:
    """Take the complaint from its officer where it is closed to them now: it is nobody's."""
    if case.state.officer in shut_out:
        case.add(EventKind.ASSIGNED, facts={"officer": None, "area": case.state.area})


def _check_no_orphan(allowed: Sequence[int]) -> None:
    if not can_handle(allowed):
        raise ActionNotAllowed(
            "A restricted complaint needs at least two people on its list, one of them a "
            "coordinator or a director."
        )


def _write(
    case: CaseFile,
    level: Level,
    allowed: Sequence[int],
    *,
    subjects: Sequence[int],
    conflicted: Sequence[int],
) -> None:
    complaint = case.complaint
    complaint.level = level.value
    complaint.save(update_fields=["level"])
    complaint.exclusions.all().delete()
    Exclusion.objects.bulk_create(
        Exclusion(complaint=complaint, user_id=key, reason=reason)
        for reason, keys in (("subject", subjects), ("conflict", conflicted))
        for key in keys
    )
    complaint.access_list.filter(as_panel_member=False).delete()
    seated = set(complaint.access_list.values_list("user_id", flat=True))
    AccessEntry.objects.bulk_create(
        AccessEntry(complaint=complaint, user_id=key) for key in allowed if key not in seated
    )


def declare_conflict(*, complaint_id: int, by: User, now: datetime, reason: str) -> None:
    """Shut oneself out of a complaint because of a conflict of interest; anybody may, at any time.

    The complaint goes back to the unassigned ones if it was theirs. To the list of a restricted
    one others are added if too few are left on it.

    :raises ActionNotAllowed: if nobody would be left who could handle a restricted complaint.
    """
    with recording(
        complaint_id=complaint_id, act=Act.DECLARE_CONFLICT, by=by, now=now, seen=None
    ) as case:
        close_to(case, by.pk, reason=reason)


def close_to(case: CaseFile, person: int, *, reason: str) -> None:
    """Close a complaint to somebody with a conflict of interest, and take it from them.

    :raises ActionNotAllowed: if nobody would be left who could handle a restricted complaint.
    """
    complaint = case.complaint
    case.add(EventKind.ACCESS_CHANGED, facts={"conflicted": [person]}, words={"reason": reason})
    _unassign(case, [person])
    complaint.access_list.filter(user=person).delete()
    Exclusion.objects.get_or_create(
        complaint=complaint, user_id=person, defaults={"reason": "conflict"}
    )
    fill_up(case)
