"""The annual report of Code 8.1: written, frozen, answered by the governing body, published."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing, WrongDate
from cases.models import Thing, User
from cases.operations.settings_changes import Line, check_seen, moved, note_change
from cases.rules.periods import london_day
from reporting.models import ImprovementReport
from reporting.rules.reporting_years import ReportingYear

LONGEST_WORDS = 8_000


@dataclass(frozen=True, slots=True)
class ReportWords:
    """What people write in it themselves."""

    performance: str
    improvements: str
    ombudsman: str


def report_key(year: ReportingYear) -> str:
    """Return by which key the changes of a report are found among those of the landlord."""
    return f"report-{year}"


@transaction.atomic
def begin_report(*, year: ReportingYear, by: User, now: datetime) -> ImprovementReport:
    """Return the report of a year, begun if there was none.

    :raises ActionNotAllowed: if the year has not begun.
    """
    today = london_day(now)
    if year.first > today:
        raise ActionNotAllowed(f"{year} has not begun.")
    report, is_new = ImprovementReport.objects.get_or_create(
        begins=year.begins, defaults={"started_on": today}
    )
    if is_new:
        _note(report, "Annual report begun", [], by=by, now=now)
    return report


@transaction.atomic
def write_report(
    *, year: ReportingYear, words: ReportWords, by: User, now: datetime, seen: int | None
) -> ImprovementReport:
    """Keep what people write in it, and who changed what.

    :raises ActionNotAllowed: if it is frozen.
    :raises SettingChanged: if somebody changed the report since `seen`.
    """
    report = _locked(year)
    _check_open(report)
    check_seen(thing=Thing.LANDLORD, key=report_key(year), seen=seen)
    performance, improvements = words.performance.strip(), words.improvements.strip()
    ombudsman = words.ombudsman.strip()
    changes = [
        *moved("How complaints were dealt with", report.performance, performance),
        *moved("What was improved", report.improvements, improvements),
        *moved("What the Ombudsman reported", report.ombudsman, ombudsman),
    ]
    report.performance, report.improvements = performance, improvements
    report.ombudsman = ombudsman
    report.save(update_fields=["performance", "improvements", "ombudsman"])
    if changes:
        _note(report, "Annual report written", changes, by=by, now=now)
    return report


@transaction.atomic
def freeze_report(
    *, year: ReportingYear, kept: dict[str, Any], by: User, now: datetime
) -> ImprovementReport:
    """Keep words and figures as they are: this is what the governing body gets.

    :raises ActionNotAllowed: if it is frozen already, or the year is not over.
    :raises ReasonMissing: if it says nothing of performance or of improvements.
    """
    report = _locked(year)
    _check_open(report)
    if london_day(now) <= year.last:
        raise ActionNotAllowed(f"The year runs until {year.last:%-d %B %Y}. Freeze it after that.")
    if not (report.performance and report.improvements):
        raise ReasonMissing("Write how complaints were dealt with, and what was improved.")
    report.kept, report.frozen_on, report.frozen_by = kept, london_day(now), by
    report.save(update_fields=["kept", "frozen_on", "frozen_by"])
    return report


@transaction.atomic
def respond_to_report(
    *,
    year: ReportingYear,
    response: str,
    response_of: str,
    on: date,
    by: User,
    now: datetime,
    seen: int | None,
) -> ImprovementReport:
    """Keep what the governing body answered, on which day, and who entered it.

    :raises SettingChanged: if somebody changed the report since `seen`.
    :raises ActionNotAllowed: if it is not frozen yet, or published already.
    :raises WrongDate: if the day lies before the report was frozen, or is still to come.
    """
    report = _locked(year)
    if report.frozen_on is None:
        raise ActionNotAllowed("Freeze it first: the governing body answers what stays as it is.")
    if report.published_on is not None:
        raise ActionNotAllowed("It is published with its response, which does not change any more.")
    if not report.frozen_on <= on <= london_day(now):
        raise WrongDate(
            f"Give a day from {report.frozen_on:%-d %B %Y}, when it was frozen, until today."
        )
    check_seen(thing=Thing.LANDLORD, key=report_key(year), seen=seen)
    changes = [
        *moved("Whose response it is", report.response_of, response_of.strip()),
        *moved("Day of the response", report.responded_on, on),
        *moved("Response", report.response, response.strip()),
    ]
    report.response, report.response_of = response.strip(), response_of.strip()
    report.responded_on = on
    report.save(update_fields=["response", "response_of", "responded_on"])
    if changes:
        _note(report, "Response to the annual report entered", changes, by=by, now=now)
    return report


@transaction.atomic
def publish_report(*, year: ReportingYear, by: User, now: datetime) -> ImprovementReport:
    """Let everybody read it, with the governing body's response.

    :raises ActionNotAllowed: if there is no response yet, or it is published already.
    """
    report = _locked(year)
    if report.published_on is not None:
        raise ActionNotAllowed("It is published already.")
    if report.responded_on is None:
        raise ActionNotAllowed("It is published together with the governing body’s response.")
    report.published_on, report.published_by = london_day(now), by
    report.save(update_fields=["published_on", "published_by"])
    return report


def _note(
    report: ImprovementReport, act: str, changes: list[Line], *, by: User, now: datetime
) -> None:
    note_change(
        thing=Thing.LANDLORD,
        act=act,
        by=by,
        now=now,
        key=report_key(report.year),
        name=f"Annual report {report}",
        changes=changes,
    )


def _locked(year: ReportingYear) -> ImprovementReport:
    return ImprovementReport.objects.select_for_update().get(begins=year.begins)


def _check_open(report: ImprovementReport) -> None:
    if report.frozen_on is not None:
        raise ActionNotAllowed("It is frozen, so it does not change any more.")
