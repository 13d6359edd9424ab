"""Publishing the working days, and letting open complaints follow."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from cases.models import BankHoliday, CalendarEdition, Closure, Complaint, Landlord, Thing, User
from cases.operations.record import CaseFile
from cases.operations.settings_changes import check_seen, moved, note_change
from cases.rules.bank_holidays import PUBLISHED_UNTIL
from cases.rules.calendars import MONDAY_TO_FRIDAY
from cases.rules.events import EventKind
from cases.selectors.calendars import (
    complaints_behind,
    current_edition_or_none,
    has_old_deadlines,
)
from cases.selectors.history import events_of

# A complaint that was being lodged while an edition was published may have missed it.
SETTLING = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Followed:
    """How many complaints took up a new calendar, and how many of their deadlines moved."""

    complaints: int = 0
    deadlines: int = 0
    is_done: bool = True

    def __str__(self) -> str:
        if not self.complaints:
            return ""
        left = "" if self.is_done else ", more to come"
        return f"{self.complaints} complaints follow, {self.deadlines} deadlines moved{left}"


@transaction.atomic
def publish_calendar(
    *,
    by: User | None,
    now: datetime,
    known_until: date | None = None,
    seen: int | None = None,
) -> CalendarEdition | None:
    """Publish the bank holidays and closures as they stand, if they differ from the last edition.

    Publishing twice changes nothing. Open complaints follow through `adopt_calendar`. Bank
    holidays count as known until `known_until`, without it for as long as they were.

    :raises SettingChanged: if somebody changed the days since `seen`.
    """
    # The landlord's row stands for its calendar: two publications wait for each other.
    landlord = Landlord.objects.select_for_update().get()
    check_seen(thing=Thing.CALENDAR, seen=seen)
    last = current_edition_or_none()
    holidays = {
        day.isoformat(): name for day, name in BankHoliday.objects.values_list("on", "name")
    }
    closures = {day.isoformat(): name for day, name in Closure.objects.values_list("on", "name")}
    horizon = known_until or (last.horizon if last else PUBLISHED_UNTIL)
    if last is not None and (last.holidays, last.closures, last.horizon, last.nation) == (
        *(holidays, closures, horizon, landlord.nation),
    ):
        return None
    edition = CalendarEdition.objects.create(
        nation=landlord.nation,
        weekdays=sorted(MONDAY_TO_FRIDAY),
        holidays=holidays,
        closures=closures,
        horizon=horizon,
        published_at=now,
        published_by=by,
    )
    note_change(
        thing=Thing.CALENDAR,
        act=f"Edition {edition.pk} published",
        by=by,
        now=now,
        name="Working days",
        changes=[
            *moved("Days off that count", _days_off(last), _days_off(edition)),
            *moved("Known until", _day(last.horizon) if last else "", _day(horizon)),
        ],
    )
    return edition


def _day(on: date) -> str:
    return f"{on:%-d %B %Y}"


def _days_off(edition: CalendarEdition | None) -> int:
    return len(edition.holidays) + len(edition.closures) if edition else 0


def adopt_calendar(
    *, edition: CalendarEdition, by: User | None, now: datetime, limit: int | None = None
) -> Followed:
    """Let every open complaint count with the new edition, at most `limit` of them now.

    Each complaint is a transaction of its own, and one that already follows is left alone, so it
    may be run again after a crash. Closed complaints keep the calendar they were dealt with under.
    """
    keys = complaints_behind(edition.pk, limit=None if limit is None else limit + 1)
    some = keys[:limit]
    moves = [_adopt(key, edition, by=by, now=now) for key in some]
    return Followed(len(some), sum(moves), is_done=len(some) == len(keys))


def follow_newest_calendar(*, now: datetime, limit: int) -> Followed:
    """Go on with what `adopt_calendar` began, at most `limit` complaints at once.

    It looks at every open complaint while an edition is new; after that only whether an open
    promise still counts with an earlier one, as when a closed complaint was opened again.
    """
    edition = current_edition_or_none()
    if edition is None:
        return Followed()
    if now - edition.published_at > SETTLING and not has_old_deadlines(edition.pk):
        return Followed()
    return adopt_calendar(edition=edition, by=edition.published_by, now=now, limit=limit)


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
