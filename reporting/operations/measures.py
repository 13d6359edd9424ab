"""Entering the homes of a year, and how its measures are told."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed
from cases.models import Landlord, Thing, User
from cases.operations.settings_changes import check_seen, moved, note_change
from reporting.models import MeasuredYear
from reporting.rules.measure_definitions import definition_for, editions
from reporting.rules.reporting_years import ReportingYear


@dataclass(frozen=True, slots=True)
class Entered:
    """What is entered for a year."""

    rented_homes: int | None
    shared_homes: int | None
    with_extensions: bool
    counts_crossing: bool


def key_of(year: ReportingYear) -> str:
    """Return by which key the changes of a year are found among those of the landlord."""
    return f"measures-{year}"


@transaction.atomic
def enter_measured_year(
    *, year: ReportingYear, entered: Entered, by: User, now: datetime, seen: int | None
) -> MeasuredYear:
    """Keep the homes of a year and how it is counted, and who changed what.

    :raises ActionNotAllowed: if the year is not measured.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    if definition_for(year, editions()) is None:
        raise ActionNotAllowed(f"{year} is not measured: no edition of the measures covers it.")
    # The landlord is one row: who holds it changes any year alone.
    Landlord.objects.select_for_update().first()
    check_seen(thing=Thing.LANDLORD, key=key_of(year), seen=seen)
    row, is_new = MeasuredYear.objects.get_or_create(begins=year.begins)
    changes = [
        *moved("Rented homes", row.rented_homes, entered.rented_homes),
        *moved("Homes in shared ownership", row.shared_homes, entered.shared_homes),
        *moved(
            "Headline of CH02", _headline(row.with_extensions), _headline(entered.with_extensions)
        ),
        *moved(
            "Not due at the end of the year",
            _crossing(row.counts_crossing),
            _crossing(entered.counts_crossing),
        ),
    ]
    if changes or is_new:
        row.rented_homes, row.shared_homes = entered.rented_homes, entered.shared_homes
        row.with_extensions = entered.with_extensions
        row.counts_crossing = entered.counts_crossing
        row.save()
        note_change(
            thing=Thing.LANDLORD,
            act="Homes and counting entered",
            by=by,
            now=now,
            key=key_of(year),
            name=f"Measures of {year}",
            changes=changes,
        )
    return row


def _headline(with_extensions: bool) -> str:
    return f"{'with' if with_extensions else 'without'} valid extensions"


def _crossing(counts: bool) -> str:
    return "counted by what became of it" if counts else "left out of CH02"
