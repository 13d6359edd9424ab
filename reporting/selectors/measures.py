"""The complaints of a reporting year as the measures take them."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import groupby
from operator import itemgetter

from django.db.models import Q

from cases.models import (
    Complaint,
    Editions,
    Letter,
    ProcedureVersion,
    RecordedEvent,
    StageTransition,
    User,
)
from cases.models.complaints import ComplaintQuerySet
from cases.rules.events import Event, EventKind
from cases.rules.letters import LetterKind
from reporting.models import MeasuredYear
from reporting.rules.measure_definitions import Definition, definition_for, editions
from reporting.rules.measures import (
    BEARING,
    Counting,
    Figures,
    Known,
    Line,
    figures_of,
    left_out,
    lines_of,
)
from reporting.rules.reporting_years import ReportingYear

# So many rows of events are held at a time.
CHUNK = 2_000
Row = tuple[Event, bool]


@dataclass(frozen=True)
class Measured:
    """The measures of a year, as they are on a day."""

    year: ReportingYear
    definition: Definition
    counting: Counting
    lines: list[Line]
    today: date

    @cached_property
    def figures(self) -> list[Figures]:
        """Return the figures of every stage and tenure."""
        return figures_of(self.lines, self.definition, self.counting)

    @cached_property
    def left_out(self) -> dict[str, dict[int, int]]:
        """Return for each reason how many complaints are left out at each stage."""
        return left_out(self.lines, self.definition.numbers)

    @property
    def has_ended(self) -> bool:
        """Say whether the year is over."""
        return self.today > self.year.last


def years_measured(today: date) -> list[ReportingYear]:
    """Return the years that are measured, the latest first: from the first edition to this one."""
    first, last = editions()[0].from_year, ReportingYear.of(today).begins
    return [ReportingYear(begins) for begins in range(last, first - 1, -1)]


def counting_of(year: ReportingYear) -> Counting:
    """Return what was entered for a year; nothing yet means no homes, and the usual counting."""
    entered = MeasuredYear.objects.filter(begins=year.begins).first()
    return (entered or MeasuredYear(begins=year.begins)).counting


def countings_of(years: Collection[ReportingYear]) -> dict[ReportingYear, Counting]:
    """Return what was entered for each of these years, in one query."""
    begun = [each.begins for each in years]
    entered = {row.begins: row for row in MeasuredYear.objects.filter(begins__in=begun)}
    return {
        each: entered.get(each.begins, MeasuredYear(begins=each.begins)).counting for each in years
    }


def measured(year: ReportingYear, *, today: date) -> Measured | None:
    """Return the measures of a year; nothing for a year before the first edition.

    Of the whole landlord, whoever looks: it is the figure that is published. Five queries however
    many complaints there are, and one for each version of a procedure that was not read before.
    """
    definition = definition_for(year, editions())
    if definition is None:
        return None
    calendars = Editions()
    lines = [
        line
        for known in _known(year)
        for line in lines_of(known, definition, year, calendars, today=today)
    ]
    return Measured(year, definition, counting_of(year), lines, today)


def _of_year(year: ReportingYear) -> ComplaintQuerySet:
    """Return the complaints that were received, or came to another stage, in a year."""
    moved = StageTransition.objects.filter(on__gte=year.first, on__lte=year.last)
    return Complaint.objects.filter(
        Q(received_on__gte=year.first, received_on__lte=year.last)
        | Q(pk__in=moved.values("complaint"))
    )


def _known(year: ReportingYear) -> Iterator[Known]:
    """Yield what is known of each complaint of a year."""
    of_year = _of_year(year)
    about = {
        key: (version, category)
        for key, version, category in of_year.values_list(
            "pk", "procedure_version_id", "customer__category"
        )
    }
    versions = ProcedureVersion.objects.defer("terms_words").in_bulk(
        {version for version, _ in about.values()}
    )
    named = defaultdict(set)
    letters = Letter.objects.filter(
        complaint__in=of_year.values("pk"), kind=LetterKind.EXTENSION.value
    )
    for complaint, number in letters.values_list("complaint_id", "event_number"):
        named[complaint].add(number)
    for key, rows in groupby(_recorded(of_year), key=itemgetter(0)):
        told = [(event, is_reasoned) for _, event, is_reasoned in rows]
        if key in about:
            version, category = about[key]
            yield Known(
                key=key,
                terms=versions[version].terms,
                category=category,
                recorded=[event for event, _ in told],
                named=named[key],
                reasoned={event.number for event, is_reasoned in told if is_reasoned},
            )


def _recorded(of_year: ComplaintQuerySet) -> Iterator[tuple[int, Event, bool]]:
    """Yield their events, in the order recorded, and whether words were written with each."""
    rows = RecordedEvent.objects.filter(complaint__in=of_year.values("pk"), kind__in=BEARING)
    for complaint, number, kind, on, at, stage, visit, facts, words_hash in (
        rows.order_by("complaint_id", "number")
        .values_list(
            *("complaint_id", "number", "kind", "on", "at", "stage", "visit"),
            *("facts", "words_hash"),
        )
        .iterator(chunk_size=CHUNK)
    ):
        event = Event(number, EventKind(kind), on, at, stage, visit, None, facts)
        yield complaint, event, bool(words_hash)


def open_to(user: User, year: ReportingYear) -> set[int]:
    """Return which complaints of a year somebody may read. One query."""
    readable = Complaint.objects.readable_by(user).filter(pk__in=_of_year(year).values("pk"))
    return set(readable.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of a list, of a complaint that its reader may open."""

    line: Line
    reference: str
    url: str
    customer_is: str


def shown_lines(lines: list[Line], user: User, year: ReportingYear) -> list[Shown]:
    """Return the lines of complaints that somebody may read, the first received first. One query.

    What is closed to them is counted and not listed.
    """
    open_to_them = {
        complaint.pk: complaint
        for complaint in Complaint.objects.readable_by(user)
        .filter(pk__in=_of_year(year).values("pk"))
        .select_related("customer")
        .only("reference", "customer__category")
    }
    found = [
        Shown(
            line=line,
            reference=complaint.reference,
            url=complaint.get_absolute_url(),
            customer_is=complaint.customer.category,
        )
        for line in lines
        if (complaint := open_to_them.get(line.complaint))
    ]
    return sorted(found, key=lambda each: (each.line.received_on, each.reference))
