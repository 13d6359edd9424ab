"""Publishing the working days, and letting open complaints follow."""

from datetime import datetime

from django.db import transaction

from cases.models import BankHoliday, CalendarEdition, Closure, Complaint, Landlord, User
from cases.operations.record import CaseFile
from cases.rules.bank_holidays import PUBLISHED_UNTIL
from cases.rules.calendars import MONDAY_TO_FRIDAY
from cases.rules.events import EventKind
from cases.selectors.history import events_of


@transaction.atomic
def publish_calendar(*, by: User | None, now: datetime) -> CalendarEdition | None:
    """Publish the bank holidays and closures as they stand, if they differ from the last edition.

    Publishing twice changes nothing. Open complaints follow through `adopt_calendar`.
    """
    landlord = Landlord.objects.get()
    holidays = {
        day.isoformat(): name for day, name in BankHoliday.objects.values_list("on", "name")
    }
    closures = {day.isoformat(): name for day, name in Closure.objects.values_list("on", "name")}
    last = CalendarEdition.objects.order_by("-pk").first()
    if last is not None and (last.holidays, last.closures) == (holidays, closures):
        return None
    return CalendarEdition.objects.create(
        nation=landlord.nation,
        weekdays=sorted(MONDAY_TO_FRIDAY),
        holidays=holidays,
        closures=closures,
        horizon=max([PUBLISHED_UNTIL] if last is None else [last.horizon]),
        published_at=now,
        published_by=by,
    )


def adopt_calendar(*, edition: CalendarEdition, by: User | None, now: datetime) -> int:
    """Let every open complaint count with the new edition; return how many deadlines moved.

    Each complaint is a transaction of its own, and one that already follows is left alone, so it
    may be run again after a crash. Closed complaints keep the calendar they were dealt with under.
    """
    moved = 0
    for key in Complaint.objects.open().order_by("pk").values_list("pk", flat=True):
        moved += _adopt(key, edition, by=by, now=now)
    return moved


@transaction.atomic
def _adopt(key: int, edition: CalendarEdition, *, by: User | None, now: datetime) -> int:
    complaint = (
        Complaint.objects.select_for_update(no_key=True, of=("self",))
        .select_related("procedure_version__procedure", "customer")
        .get(pk=key)
    )
    events = events_of(complaint)
    known = [event.facts.get("calendar") for event in events]
    if not complaint.is_open or edition.pk in known:
        return 0
    case = CaseFile(complaint, events, by=by, now=now)
    before = {(d.stage, d.visit, d.code): d.due_on for d in case.state.deadlines}
    case.add(EventKind.CALENDAR_ADOPTED, facts={"calendar": edition.pk})
    after = {(d.stage, d.visit, d.code): d.due_on for d in case.state.deadlines}
    case.save()
    return sum(before[key] != after[key] for key in before)
