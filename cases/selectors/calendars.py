"""The working days: as published, as they would be, and what publishing them would move."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q

from cases.models import (
    BankHoliday,
    CalendarEdition,
    Closure,
    Complaint,
    Deadline,
    Editions,
    Landlord,
    RecordedEvent,
    User,
)
from cases.rules.bank_holidays import PUBLISHED_UNTIL, Nation, bank_holidays
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind
from cases.rules.replay import replay
from cases.rules.state import DeadlineState

# Beyond so many complaints a preview says "at least": it is worked out while somebody waits.
MOST_PREVIEWED = 500
# So many of the deadlines that would move are listed.
LISTED = 50
# Before the end of the known bank holidays, people are told so long ahead.
HORIZON_WARNING = timedelta(days=180)
POST_SLACK = timedelta(days=14)
# No edition has this number; a preview counts with the draft under it.
DRAFT = 0
_UNSETTLED = (DeadlineState.OPEN.value, DeadlineState.WAITING.value)


@dataclass(frozen=True, slots=True)
class DayOff:
    """A day on which nobody works, and whether the edition in force has it so."""

    on: date
    name: str
    is_closure: bool
    is_published: bool


@dataclass(frozen=True, slots=True)
class DraftCalendar:
    """The calendar as it would be published now, against the edition in force."""

    edition: CalendarEdition
    nation: Nation
    days: list[DayOff]
    # Days off in the edition in force and no longer, with their names.
    dropped: list[DayOff]

    @property
    def added(self) -> list[DayOff]:
        """Return the days that would be off and are not yet."""
        return [day for day in self.days if not day.is_published]

    @property
    def is_changed(self) -> bool:
        """Say whether publishing would change anything."""
        return bool(self.added or self.dropped) or self.nation != self.edition.nation

    @property
    def changed_days(self) -> list[date]:
        """Return the days that would begin or cease to count."""
        return sorted({day.on for day in (*self.added, *self.dropped)})

    def of_year(self, year: int) -> list[DayOff]:
        """Return the days off of one year."""
        return [day for day in self.days if day.on.year == year]


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline of an open complaint that would move."""

    reference: str
    url: str
    words: str
    old: date
    new: date


@dataclass(frozen=True, slots=True)
class Preview:
    """What publishing would do to open complaints.

    `lines` are the first of the deadlines that would move, of complaints that the viewer may know
    of, the soonest first; `more` is how many others there are.
    """

    complaints: int = 0
    deadlines: int = 0
    earlier: int = 0
    later: int = 0
    # Of the moved deadlines, those that would already be over on the day asked.
    newly_overdue: int = 0
    is_partial: bool = False
    lines: Sequence[Moved] = ()

    @property
    def more(self) -> int:
        """Return how many moves are not listed."""
        return self.deadlines - len(self.lines)


@dataclass(frozen=True, slots=True)
class Proposals:
    """Where the list that ships with the product differs from the landlord's."""

    to_add: list[tuple[date, str]] = field(default_factory=list)
    to_remove: list[tuple[date, str]] = field(default_factory=list)
    published_until: date = PUBLISHED_UNTIL


def current_edition_or_none() -> CalendarEdition | None:
    """Return the calendar edition in force, or nothing before the landlord is set up."""
    return CalendarEdition.objects.order_by("-pk").first()


def draft_calendar(landlord: Landlord) -> DraftCalendar:
    """Return the calendar as it would be published now, in three queries.

    :raises CalendarEdition.DoesNotExist: if none was ever published.
    """
    edition = current_edition_or_none()
    if edition is None:
        raise CalendarEdition.DoesNotExist
    days = [
        *_days_off(BankHoliday.objects.values_list("on", "name"), edition.holidays, closure=False),
        *_days_off(Closure.objects.values_list("on", "name"), edition.closures, closure=True),
    ]
    ours = {(day.on, day.is_closure) for day in days}
    published = [
        *((date.fromisoformat(on), name, False) for on, name in edition.holidays.items()),
        *((date.fromisoformat(on), name, True) for on, name in edition.closures.items()),
    ]
    dropped = [
        DayOff(on, name, is_closure, is_published=True)
        for on, name, is_closure in published
        if (on, is_closure) not in ours
    ]
    return DraftCalendar(
        edition,
        Nation(landlord.nation),
        sorted(days, key=lambda day: day.on),
        sorted(dropped, key=lambda day: day.on),
    )


def _days_off(
    rows: Iterable[tuple[date, str]], published: dict[str, str], *, closure: bool
) -> list[DayOff]:
    return [
        DayOff(on, name, closure, is_published=published.get(on.isoformat()) == name)
        for on, name in rows
    ]


def proposals(nation: Nation, *, today: date) -> Proposals:
    """Return where the shipped bank holidays differ from the landlord's from this year on.

    Only years whose bank holidays are published are compared. One query.
    """
    since = date(today.year, 1, 1)
    shipped = {
        on: name for on, name in bank_holidays(nation).items() if since <= on <= PUBLISHED_UNTIL
    }
    ours = dict(
        BankHoliday.objects.filter(on__gte=since, on__lte=PUBLISHED_UNTIL).values_list("on", "name")
    )
    return Proposals(
        sorted((on, name) for on, name in shipped.items() if on not in ours),
        sorted((on, name) for on, name in ours.items() if on not in shipped),
    )


def is_horizon_near(edition: CalendarEdition, *, today: date) -> bool:
    """Say whether deadlines will soon lie beyond the published bank holidays."""
    return edition.horizon - today <= HORIZON_WARNING


def complaints_behind(edition: int, *, limit: int | None) -> list[int]:
    """Return the open complaints that do not count with an edition yet, in one query."""
    follows = RecordedEvent.objects.filter(
        complaint=OuterRef("pk"),
        kind__in=[EventKind.RECEIVED.value, EventKind.CALENDAR_ADOPTED.value],
        facts__calendar=edition,
    )
    behind = Complaint.objects.open().filter(~Exists(follows)).order_by("pk")
    return list(behind.values_list("pk", flat=True)[:limit])


def has_old_deadlines(edition: int) -> bool:
    """Say whether an open promise still counts with an earlier edition: a quick look, one query."""
    return Deadline.objects.live().filter(calendar__lt=edition).exists()


def preview(draft: DraftCalendar, *, today: date, viewer: User | None = None) -> Preview:
    """Return what publishing the draft would move, in four queries; nothing is changed.

    Only complaints with an open promise or window that spans a changed day are replayed, at most
    MOST_PREVIEWED of them. What is closed to `viewer` is not counted: a number would betray it.
    """
    days = draft.changed_days
    if not days:
        return Preview()
    # What starts a window may itself be counted: a letter arrives some working days after posting.
    spans = Deadline.objects.filter(
        Q(anchor_on__lt=days[-1] + POST_SLACK, due_on__gte=days[0])
        | Q(anchor_on__gt=days[0], due_on__lte=days[-1]),
        complaint=OuterRef("pk"),
        state__in=_UNSETTLED,
    )
    told = Complaint.objects.not_closed_to(viewer) if viewer else Complaint.objects.all()
    touched = told.open().filter(Exists(spans)).order_by("pk")
    found = list(touched.select_related("procedure_version")[: MOST_PREVIEWED + 1])
    some = found[:MOST_PREVIEWED]
    counting = _counting(draft)
    histories: dict[int, list[Event]] = {complaint.pk: [] for complaint in some}
    rows = RecordedEvent.objects.filter(complaint__in=histories).order_by("complaint", "number")
    for row in rows:
        histories[row.complaint_id].append(row.as_event())
    complaints = deadlines = earlier = newly = 0
    lines: list[Moved] = []
    visible = Complaint.objects.visible_to(viewer) if viewer else Complaint.objects.none()
    known = set(visible.filter(pk__in=histories).values_list("pk", flat=True))
    for complaint in some:
        moves = _moves(complaint, histories[complaint.pk], counting)
        complaints += bool(moves)
        deadlines += len(moves)
        earlier += sum(new < old for _, old, new in moves)
        newly += sum(new < today <= old for _, old, new in moves)
        if complaint.pk in known:
            url = complaint.get_absolute_url()
            lines += [Moved(complaint.reference, url, *each) for each in moves]
    lines.sort(key=lambda each: (each.new, each.reference))
    return Preview(
        complaints,
        deadlines,
        earlier,
        deadlines - earlier,
        newly,
        is_partial=len(found) > MOST_PREVIEWED,
        lines=lines[:LISTED],
    )


def _counting(draft: DraftCalendar) -> Editions:
    """Return the editions, with the draft among them."""
    editions = Editions()
    editions[DRAFT] = WorkingCalendar(
        weekdays=draft.edition.weekdays,
        holidays={day.on: day.name for day in draft.days if not day.is_closure},
        closures={day.on: day.name for day in draft.days if day.is_closure},
        horizon=draft.edition.horizon,
    )
    return editions


def _moves(
    complaint: Complaint, events: list[Event], editions: Editions
) -> list[tuple[str, date, date]]:
    """Return every deadline that would move in words, with its old and its new day."""
    terms = complaint.procedure_version.terms
    adopting = Event(
        number=len(events) + 1,
        kind=EventKind.CALENDAR_ADOPTED,
        on=events[-1].on,
        facts={"calendar": DRAFT},
    )
    before = replay(terms, events, editions)
    after = replay(terms, [*events, adopting], editions)
    days = {(d.stage, d.visit, d.code): d.due_on for d in before.deadlines}
    return [
        (d.words, old, d.due_on)
        for d in after.deadlines
        if (old := days.get((d.stage, d.visit, d.code))) and d.due_on and old != d.due_on
    ]
