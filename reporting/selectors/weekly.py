"""What a weekly report tells of, and the reports somebody may open."""

from collections.abc import Collection, Iterator
from datetime import date
from textwrap import shorten
from typing import NamedTuple

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from cases.models import Complaint, JobSlot, User
from cases.models.procedures import published_terms
from cases.rules.calendars import WorkingCalendar
from cases.rules.next_steps import Place, next_step, stage_name
from cases.rules.promises import kind_of
from cases.rules.state import Status
from cases.selectors.rows import status_shown
from reporting.models import ReportLine, WeeklyReport
from reporting.rules.weekly import NO_AREA, NO_AREA_NAME, Figures, Line, first_words

JOB = "weekly reports"
CHUNK = 1_000

# The figures of a report in their order, and which of its lines each counts.
COUNTED = {
    "new": Q(is_new=True),
    "unresolved": Q(is_open=True, is_answered=False),
    "ongoing": Q(is_open=True, is_answered=True),
    "beyond_target": Q(is_open=True, late__gt=0),
}


class ToldComplaint(NamedTuple):
    """A complaint as it stands, as far as a report needs it."""

    key: int
    reference: str
    is_readable: bool
    category: str | None
    version: int
    stage: str
    status: str
    is_open: bool
    received_on: date
    officer: str | None
    next_due: str
    next_due_on: date | None
    window_until: date | None
    hearing_on: date | None
    needs_triage: bool
    closed_as: str


_FIELDS = (
    *("pk", "reference", "is_readable", "category__name"),
    *("procedure_version_id", "stage", "status", "is_open", "received_on"),
    *("responsible_officer__name", "next_due", "next_due_on"),
    *("window_until", "hearing_on", "needs_triage", "closed_as"),
)
# No longer words of what is next fit in a line that is kept.
LONGEST_NEXT = 120


def is_made(week: date) -> bool:
    """Say whether all reports of a week are made."""
    return JobSlot.objects.filter(job=JOB, slot=week.isoformat()).exists()


def made_reports(week: date) -> set[tuple[int, int | None]]:
    """Return recipient and area of every report that is made for a week."""
    return set(WeeklyReport.objects.filter(week=week).values_list("recipient", "area"))


def last_reported_week(*, before: date) -> date | None:
    """Return the Monday of the last week before this one of which reports were made."""
    slots = JobSlot.objects.filter(job=JOB, slot__lt=before.isoformat()).order_by("-slot")
    slot = slots.values_list("slot", flat=True).first()
    return date.fromisoformat(slot) if slot else None


def last_reports(*, before: date) -> dict[tuple[int, int | None], date]:
    """Return the Monday of the last report before a week that each was made, by whom and area."""
    made = WeeklyReport.objects.filter(week__lt=before).order_by()
    latest = made.values_list("recipient", "area").annotate(latest=Max("week"))
    return {(recipient, area): week for recipient, area, week in latest}


def told_complaints(
    user: User, areas: Collection[int] | None, *, first_day: date, last_day: date
) -> Iterator[ToldComplaint]:
    """Yield what `user` is told of: all open complaints of the areas, and those that came in.

    What came in and was no complaint of its own is not told.
    Without areas it is what has none yet. In one query, read in chunks: the open ones first, the
    soonest due at their head.
    """
    came_in = Q(received_on__gte=first_day, received_on__lte=last_day)
    where = Q(service_area__isnull=True) if areas is None else Q(service_area__in=areas)
    rows = (
        Complaint.objects.visible_to(user)
        .counted()
        .with_readable(user)
        .filter(where, Q(is_open=True) | came_in)
        .order_by("-is_open", F("next_due_on").asc(nulls_last=True), "received_on", "pk")
        .values_list(*_FIELDS)
    )
    return map(ToldComplaint._make, rows.iterator(chunk_size=CHUNK))


def line_of(
    told: ToldComplaint, calendar: WorkingCalendar, *, first_day: date, last_day: date, today: date
) -> Line:
    """Return one complaint as the report of that day tells of it."""
    terms = published_terms(told.version)
    place = Place(
        status=Status(told.status),
        stage=told.stage,
        next_due=told.next_due,
        window_until=told.window_until,
        hearing_on=told.hearing_on,
        needs_triage=told.needs_triage,
        has_officer=told.officer is not None,
    )
    status, _ = status_shown(
        place.status,
        needs_triage=told.needs_triage,
        owes_promises=kind_of(told.next_due) is not None,
        closed_as=told.closed_as,
    )
    due = told.next_due_on
    is_late = due is not None and due < today
    return Line(
        reference=told.reference,
        about=(told.category or "") if told.is_readable else "",
        stage=stage_name(terms, told.stage),
        status=status,
        days=max(0, calendar.working_days_between(told.received_on, today)),
        officer=told.officer or "",
        next_due=shorten(next_step(place, terms), LONGEST_NEXT, placeholder=" …"),
        next_due_on=due,
        # A day that passed over a weekend counts as one, not as none.
        late=max(1, calendar.working_days_between(due, today)) if due and is_late else 0,
        is_new=first_day <= told.received_on <= last_day,
        is_open=told.is_open,
        is_answered=told.status == Status.ANSWERED,
    )


def reports_of(user: User, *, area: str = "") -> QuerySet[WeeklyReport]:
    """Return the reports somebody may open, the latest first; of one area if its code is given.

    A report made for somebody else because nobody manages an area exists for a reader only
    as far as they may know of a complaint in it.
    """
    known = ReportLine.objects.filter(report=OuterRef("pk")).readable_by(user)
    reports = WeeklyReport.objects.open_to(user).filter(
        Q(is_unmanaged=False) | Q(recipient=user) | Exists(known)
    )
    if area == NO_AREA:
        reports = reports.filter(area__isnull=True)
    elif area:
        reports = reports.filter(area__code=area)
    return reports.newest_first().select_related("area", "recipient", "instead_of", "message")


def figures_for(user: User, reports: Collection[WeeklyReport]) -> dict[int, Figures]:
    """Return the figures of reports by key, as far as this reader may know of the complaints.

    They are those that were sent unless a complaint is closed to the reader. One query.
    """
    lines = ReportLine.objects.filter(report__in=[each.pk for each in reports]).readable_by(user)
    counted = lines.values_list("report").annotate(
        **{figure: Count("pk", filter=is_counted) for figure, is_counted in COUNTED.items()}
    )
    found = {key: Figures(*figures) for key, *figures in counted}
    return {each.pk: found.get(each.pk, Figures()) for each in reports}


def report_lines(report: WeeklyReport, user: User, *, figure: str = "") -> QuerySet[ReportLine]:
    """Return the lines of a report that are not closed to this reader, in its order.

    Those alone that a `figure` counts, where it is one of COUNTED.
    """
    lines = ReportLine.objects.filter(COUNTED.get(figure, Q()), report=report)
    return lines.readable_by(user).order_by("position")


def matters_of(user: User, lines: Collection[ReportLine]) -> dict[int, tuple[str, str]]:
    """Return what the complaints of lines are about, by complaint: category and first words.

    Of those alone that this reader may open. One query.
    """
    rows = (
        Complaint.objects.readable_by(user)
        .filter(pk__in=[each.complaint_id for each in lines])
        .values_list("pk", "category__name", "summary")
    )
    return {key: (category or "", first_words(summary)) for key, category, summary in rows}


def areas_reported_to(user: User) -> list[tuple[str, str]]:
    """Return code and name of every area of which this person may open reports, by name."""
    reports = reports_of(user).order_by(F("area__name").asc(nulls_last=True))
    found = reports.values_list("area__code", "area__name").distinct()
    return [(code or NO_AREA, name or NO_AREA_NAME) for code, name in found]
