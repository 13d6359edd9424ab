"""The days on which nobody works, as the next edition of the calendar will have them."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import BankHoliday, Closure, Landlord, Thing, User
from cases.operations.settings_changes import Line, moved, note_change
from cases.rules.bank_holidays import Nation, bank_holidays
from cases.rules.calendars import FIRST_DAY, LAST_DAY, MONDAY_TO_FRIDAY, WEEKDAY_NAMES

LONGEST_CLOSURE = timedelta(days=31)


@transaction.atomic
def add_bank_holiday(*, on: date, name: str, by: User, now: datetime) -> BankHoliday:
    """Add a bank holiday, such as one proclaimed for a single year.

    :raises ActionNotAllowed: if nobody works on that day anyway, or it is one already.
    """
    _lock()
    _check_day(on)
    if row := BankHoliday.objects.filter(on=on).first():
        raise ActionNotAllowed(f"{_day(on)} is a bank holiday already: {row.name}.")
    row = BankHoliday.objects.create(on=on, name=name.strip())
    _note("Bank holiday added", moved(_day(on), "", row.name), by=by, now=now)
    return row


@transaction.atomic
def remove_bank_holiday(*, on: date, by: User, now: datetime) -> None:
    """Take a bank holiday out, such as one that was moved.

    :raises ActionNotAllowed: if it is none.
    """
    _lock()
    row = BankHoliday.objects.filter(on=on).first()
    if row is None:
        raise ActionNotAllowed(f"{_day(on)} is no bank holiday.")
    row.delete()
    _note("Bank holiday removed", moved(_day(on), row.name, ""), by=by, now=now)


@transaction.atomic
def add_closure(
    *, first_day: date, last_day: date, name: str, by: User, now: datetime
) -> list[Closure]:
    """Add the working days from one day to another on which the landlord is closed.

    Weekends, bank holidays and days on which it is closed already are passed over.

    :raises ActionNotAllowed: if the days are the wrong way round, too many, or none is left.
    """
    _lock()
    if last_day < first_day:
        raise ActionNotAllowed("The last day comes before the first.")
    if last_day - first_day >= LONGEST_CLOSURE:
        raise ActionNotAllowed(f"A closure has {LONGEST_CLOSURE.days} days at most.")
    days = [first_day + timedelta(days=n) for n in range((last_day - first_day).days + 1)]
    off = {
        *BankHoliday.objects.filter(on__in=days).values_list("on", flat=True),
        *Closure.objects.filter(on__in=days).values_list("on", flat=True),
    }
    wanted = [day for day in days if day.weekday() in MONDAY_TO_FRIDAY and day not in off]
    if not wanted:
        raise ActionNotAllowed("Nobody works on these days already.")
    for day in (wanted[0], wanted[-1]):
        _check_day(day)
    rows = Closure.objects.bulk_create(Closure(on=day, name=name.strip()) for day in wanted)
    lines = [line for row in rows for line in moved(_day(row.on), "", row.name)]
    _note("Closure added", lines, by=by, now=now)
    return rows


@transaction.atomic
def remove_closure(*, on: date, by: User, now: datetime) -> None:
    """Work on a day on which the landlord was to be closed.

    :raises ActionNotAllowed: if it is open then already.
    """
    _lock()
    row = Closure.objects.filter(on=on).first()
    if row is None:
        raise ActionNotAllowed(f"{_day(on)} is no closure.")
    row.delete()
    _note("Closure removed", moved(_day(on), row.name, ""), by=by, now=now)


@transaction.atomic
def take_proposals(
    *, to_add: Collection[date], to_remove: Collection[date], by: User, now: datetime
) -> int:
    """Take up what the list that ships with the product has and the landlord's has not.

    Only days that the shipped list names are added, and only days it does not name removed.
    Returns how many days changed.
    """
    landlord = _lock()
    shipped = bank_holidays(Nation(landlord.nation))
    ours = dict(BankHoliday.objects.values_list("on", "name"))
    adding = sorted(day for day in to_add if day in shipped and day not in ours)
    removing = sorted(day for day in to_remove if day in ours and day not in shipped)
    if not adding and not removing:
        return 0
    BankHoliday.objects.filter(on__in=removing).delete()
    BankHoliday.objects.bulk_create(BankHoliday(on=day, name=shipped[day]) for day in adding)
    lines = [line for day in removing for line in moved(_day(day), ours[day], "")]
    lines += [line for day in adding for line in moved(_day(day), "", shipped[day])]
    _note("Bank holidays brought up to date", lines, by=by, now=now)
    return len(lines)


@transaction.atomic
def change_nation(*, nation: Nation, by: User, now: datetime) -> Landlord:
    """Take the bank holidays of another nation, in place of all there were.

    Nothing moves until they are published.
    """
    landlord = _lock()
    if landlord.nation == nation.value:
        return landlord
    was = Nation(landlord.nation).words
    landlord.nation = nation.value
    landlord.save(update_fields=["nation"])
    BankHoliday.objects.all().delete()
    BankHoliday.objects.bulk_create(
        BankHoliday(on=day, name=name) for day, name in bank_holidays(nation).items()
    )
    _note("Nation changed", moved("Nation", was, nation.words), by=by, now=now)
    return landlord


def _lock() -> Landlord:
    """Lock the landlord's row, which stands for its calendar."""
    return Landlord.objects.select_for_update().get()


def _check_day(on: date) -> None:
    if not FIRST_DAY <= on <= LAST_DAY:
        raise ActionNotAllowed(f"The calendar runs from {FIRST_DAY.year} to {LAST_DAY.year}.")
    if on.weekday() not in MONDAY_TO_FRIDAY:
        raise ActionNotAllowed(
            f"{_day(on)} is a {WEEKDAY_NAMES[on.weekday()]}: nobody works then anyway."
        )


def _day(on: date) -> str:
    return f"{on:%-d %B %Y}"


def _note(act: str, changes: list[Line], *, by: User, now: datetime) -> None:
    note_change(thing=Thing.CALENDAR, act=act, by=by, now=now, name="Working days", changes=changes)
