"""Giving a complaint to a responsible officer and a service area; accepting it as a complaint."""

from datetime import date, datetime

from cases.errors import ActionNotAllowed, NotIndependent
from cases.models import AccessEntry, Category, Complaint, Level, ServiceArea, User
from cases.operations.alerts import tell_of_interest, tell_officer
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.selectors.independence import independence_refusal
from cases.selectors.interests import is_barred


def assign(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int | None,
    officer_id: int,
    area_id: int,
    on: date | None = None,
) -> Complaint:
    """Name the responsible officer and the service area (HH-10), and tell the officer.

    :raises NotIndependent: if the complaint is about them, or they dealt with an earlier stage.
    """
    with recording(complaint_id=complaint_id, act=Act.ASSIGN, by=by, now=now, seen=seen) as case:
        give_to(case, officer_id=officer_id, area_id=area_id, on=on)
    return case.complaint


def triage(
    *,
    complaint_id: int,
    by: User,
    now: datetime,
    seen: int,
    area_id: int,
    officer_id: int | None,
    category_id: int | None,
    level: Level,
    on: date | None = None,
) -> Complaint:
    """Accept what came in as a complaint: sort it and give it to somebody (roles: row 4).

    :raises ActionNotAllowed: if it would be restricted without saying who may see it.
    """
    with recording(complaint_id=complaint_id, act=Act.TRIAGE, by=by, now=now, seen=seen) as case:
        if level is Level.RESTRICTED and case.complaint.level != Level.RESTRICTED:
            raise ActionNotAllowed(
                "Accept it first. To restrict it, change who may see it, and say who that is."
            )
        case.add(EventKind.TRIAGED, on=on, facts={"category": category_id, "level": level.value})
        if category_id is not None:
            case.complaint.category = Category.objects.get(pk=category_id)
        case.complaint.level = level.value
        case.complaint.save(update_fields=["category", "level"])
        give_to(case, officer_id=officer_id, area_id=area_id, on=on)
    return case.complaint


def give_to(
    case: CaseFile, *, officer_id: int | None, area_id: int, on: date | None = None
) -> None:
    """Add to an open case that it belongs to this area and officer.

    :raises ActionNotAllowed: if the area is retired or the officer has left.
    :raises NotIndependent: if the officer may not handle this complaint.
    """
    area = ServiceArea.objects.get(pk=area_id)
    if area.is_retired:
        raise ActionNotAllowed(f"{area.name} is no longer in use.")
    officer = User.objects.get(pk=officer_id) if officer_id else None
    if officer is not None:
        check_may_handle(case, officer)
    case.add(EventKind.ASSIGNED, on=on, facts={"officer": officer_id, "area": area_id})
    if officer is not None:
        _let_in(case, officer)
        # What a colleague keeps who sees it no more comes back first: the message counts it too.
        case.save()
        tell_officer(case, officer)
        tell_of_interest(case, officer)


def _let_in(case: CaseFile, officer: User) -> None:
    """Put the officer of a restricted complaint on its list, or they would not see it."""
    if case.complaint.level == Level.RESTRICTED:
        AccessEntry.objects.get_or_create(complaint=case.complaint, user=officer)


def check_may_handle(case: CaseFile, officer: User) -> None:
    """Refuse an officer who has left, whom the complaint is about, or who is not independent.

    :raises ActionNotAllowed: if they have left.
    :raises NotIndependent: if they may not handle it.
    """
    if not officer.is_active:
        raise ActionNotAllowed(f"{officer.name} can no longer sign in.")
    if is_barred(case.complaint, officer):
        raise NotIndependent(f"{officer.name} may not handle this complaint.")
    reason = independence_refusal(case.state, case.terms, officer, stage=case.state.stage)
    if reason:
        raise NotIndependent(f"{officer.name} may not handle this stage. {reason}")
