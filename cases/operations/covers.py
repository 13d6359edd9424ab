"""Naming who covers a complaint while its responsible officer is away."""

from collections.abc import Iterable
from datetime import datetime

from cases.errors import ActionNotAllowed, ComplaintError
from cases.models import Absence, AccessEntry, Complaint, Cover, Level, User
from cases.operations.alerts import tell_cover, tell_of_interest
from cases.operations.assign import check_may_handle
from cases.operations.reassign import Result
from cases.operations.record import CaseFile, recording
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.selectors.absences import away_meanwhile
from cases.selectors.candidates import DEALING

# Whoever gives complaints to officers names a cover, and the officer whose work it is.
_ALSO = frozenset({Role.RESPONSIBLE_OFFICER})


def name_cover(
    *, absence_id: int, complaint_id: int, user_id: int | None, by: User, now: datetime
) -> Complaint:
    """Let somebody have a complaint in hand during an absence of its officer; None for nobody.

    They see it, do what the officer does and get the reminders, from the first day of the absence
    to its last. It ends with the absence, and when the complaint is given to somebody else.

    :raises ActionNotAllowed: if the officer is not away, the absence is over, or the person does
        not deal with complaints, is away too, or is not on the list of a restricted complaint.
    :raises NotIndependent: if they may not handle the complaint.
    """
    with recording(
        complaint_id=complaint_id, act=Act.ASSIGN, by=by, now=now, seen=None, also=_ALSO
    ) as case:
        absence = _absence(case, absence_id)
        before = Cover.objects.filter(absence=absence, complaint=case.complaint).first()
        if (before.user_id if before else None) == user_id:
            return case.complaint
        if user_id is None:
            _end(case, before)
            return case.complaint
        person = User.objects.get(pk=user_id)
        _check(case, absence, person)
        Cover.objects.update_or_create(
            absence=absence, complaint=case.complaint, defaults={"user": person}
        )
        case.add(
            EventKind.ACCESS_CHANGED,
            facts={
                "cover": person.pk,
                "cover_from": absence.first_day.isoformat(),
                "cover_until": absence.last_day.isoformat(),
            },
        )
        tell_cover(case, person, absence)
        tell_of_interest(case, person)
    return case.complaint


def cover_all(
    *, absence_id: int, complaint_ids: Iterable[int], user_id: int, by: User, now: datetime
) -> list[Result]:
    """Let one person cover several complaints; one that is refused does not stop the others."""
    results = []
    for key in complaint_ids:
        try:
            name_cover(absence_id=absence_id, complaint_id=key, user_id=user_id, by=by, now=now)
        except ComplaintError as refusal:
            results.append(Result(key, str(refusal)))
        else:
            results.append(Result(key))
    return results


def _absence(case: CaseFile, absence_id: int) -> Absence:
    officer = case.complaint.responsible_officer_id
    found = Absence.objects.filter(pk=absence_id, user=officer, last_day__gte=case.today).first()
    if found is None:
        raise ActionNotAllowed("Its officer is not away in these days, or it has another by now.")
    return found


def _end(case: CaseFile, cover: Cover | None) -> None:
    if cover is not None:
        case.add(EventKind.ACCESS_CHANGED, facts={"uncovered": cover.user_id})
        cover.delete()


def _check(case: CaseFile, absence: Absence, person: User) -> None:
    if person.pk == absence.user_id:
        raise ActionNotAllowed("Choose somebody else to cover it.")
    if not person.scope.own & DEALING:
        raise ActionNotAllowed(f"{person.name} does not deal with complaints.")
    check_may_handle(case, person)
    if person.pk in away_meanwhile(absence):
        raise ActionNotAllowed(f"{person.name} is away in those days too.")
    if case.complaint.level == Level.RESTRICTED:
        listed = AccessEntry.objects.filter(
            complaint=case.complaint, user=person, as_panel_member=False
        )
        if not listed.exists():
            raise ActionNotAllowed(
                f"It is restricted, and {person.name} is not on its list. Change who may see it "
                "first."
            )
