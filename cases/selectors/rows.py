"""Complaints as lists show them: read as plain columns, told in words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from django.urls import reverse

from cases.models import Complaint, Level
from cases.models.complaints import ComplaintQuerySet
from cases.models.procedures import published_terms
from cases.rules.calendars import WorkingCalendar
from cases.rules.customers import LetterFormat
from cases.rules.due_words import Standing, standing
from cases.rules.events import EventKind
from cases.rules.next_steps import Place, counts_working_days, next_step, stage_name
from cases.rules.promises import kind_of
from cases.rules.state import Status
from cases.rules.terms import ProcedureTerms
from cases.selectors.prepared import KEPT, Prepared, Reader, blank_keys, filling, room_for

_TONES = {
    Status.RECEIVED: "blue",
    Status.INVESTIGATING: "purple",
    Status.AWAITING_DECISION: "yellow",
    Status.ANSWERED: "green",
    Status.CLOSED: "grey",
}
_AS_NONE_OF_ITS_OWN = {EventKind.ANNULLED.value: "Annulled", EventKind.MERGED.value: "Merged"}


class Columns(NamedTuple):
    """What a list reads of a complaint, in the order of COLUMNS."""

    pk: int
    reference: str
    level: str
    status: str
    stage: str
    version: int
    needs_triage: bool
    is_open: bool
    received_on: date
    closed_on: date | None
    closed_as: str
    next_due_on: date | None
    next_due: str
    next_due_from: date | None
    window_until: date | None
    hearing_on: date | None
    procedure_version_id: int
    officer_id: int | None
    officer: str | None
    category: str | None
    area: str | None
    customer: str
    customer_code: str
    letter_format: str
    language: str
    needs: str
    is_vulnerable: bool
    email_unsafe: bool
    phone_unsafe: bool
    post_unsafe: bool
    is_readable: bool


COLUMNS = (
    "pk",
    "reference",
    "level",
    "status",
    "stage",
    "version",
    "needs_triage",
    "is_open",
    "received_on",
    "closed_on",
    "closed_as",
    "next_due_on",
    "next_due",
    "next_due_from",
    "window_until",
    "hearing_on",
    "procedure_version_id",
    "responsible_officer_id",
    "responsible_officer__name",
    "category__name",
    "service_area__name",
    "customer__name",
    "customer__code",
    "customer__letter_format",
    "customer__language",
    "customer__needs",
    "customer__is_vulnerable",
    "customer__email_unsafe",
    "customer__phone_unsafe",
    "customer__post_unsafe",
    "is_readable",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A complaint in a list. Of one that may not be read only its place and days are told.

    The days are in words too: the filters of templates take longer than all the rest of a row.
    """

    pk: int
    reference: str
    url: str
    version: int
    level: str
    is_readable: bool
    is_open: bool
    customer: str
    marks: tuple[str, ...]
    about: str
    area: str
    stage: str
    status: str
    tone: str
    next_step: str
    due_on: date | None
    due_iso: str
    due_day: str
    due: Standing | None
    received_on: date
    received_iso: str
    received_day: str
    closed_on: date | None
    officer_id: int | None
    officer: str

    @property
    def may_be_picked(self) -> bool:
        """Say whether something can be done with it among others."""
        return self.is_readable and self.is_open

    @property
    def officer_words(self) -> str:
        """Return who has it, or that nobody has."""
        return self.officer or ("Nobody yet" if self.is_readable else "")


def listed(complaints: ComplaintQuerySet, *, today: date, calendar: WorkingCalendar) -> list[Row]:
    """Return the complaints as a list shows them, in their order. One query.

    They carry `is_readable` (`ComplaintQuerySet.with_readable`), and are few.
    """
    return rows_of(complaints.values_list(*COLUMNS), today=today, calendar=calendar)


def rows_of(found: Iterable[Sequence[Any]], *, today: date, calendar: WorkingCalendar) -> list[Row]:
    """Return what was read in the order of COLUMNS as a list shows it."""
    return [row_of(Columns._make(values), today=today, calendar=calendar) for values in found]


def rows_by_key(
    reader: Reader, keys: Collection[int], *, today: date, calendar: WorkingCalendar
) -> dict[int, Row]:
    """Return those of some complaints that `reader` may know of, by their keys. One query."""
    if not keys:
        return {}
    room = room_for(keys)
    found = _by_key(reader, room).rows(keys=filling(0, keys, room))
    return {row.pk: row for row in rows_of(found, today=today, calendar=calendar)}


@lru_cache(maxsize=KEPT)
def _by_key(reader: Reader, room: int) -> Prepared:
    """Return the query of so many complaints by their keys."""
    visible = Complaint.objects.visible_to(reader.user).with_readable(reader.user)
    rows = visible.filter(pk__in=blank_keys(0, room)).values_list(*COLUMNS)
    return Prepared(rows, is_planned_once=True)


@lru_cache(maxsize=4_096)
def row_of(has: Columns, *, today: date, calendar: WorkingCalendar) -> Row:
    """Return what a list shows of one complaint, told once for as long as it stands so."""
    terms = published_terms(has.procedure_version_id)
    status = Status(has.status)
    place = Place(
        status=status,
        stage=has.stage,
        next_due=has.next_due,
        window_until=has.window_until,
        hearing_on=has.hearing_on,
        needs_triage=has.needs_triage,
        has_officer=has.officer_id is not None,
    )
    due = None
    if has.next_due_on is not None:
        due = standing(
            has.next_due_on,
            today=today,
            calendar=calendar,
            began_on=has.next_due_from,
            in_working_days=counts_working_days(terms, has.stage, has.next_due),
        )
    readable = has.is_readable
    status_words, tone = status_shown(
        status,
        needs_triage=has.needs_triage,
        owes_promises=kind_of(has.next_due) is not None,
        closed_as=has.closed_as,
    )
    return Row(
        pk=has.pk,
        reference=has.reference,
        url=reverse("cases:complaint", args=[has.reference]) if readable else "",
        version=has.version,
        level="" if has.level == Level.NORMAL else Level(has.level).words,
        is_readable=readable,
        is_open=has.is_open,
        customer=has.customer if readable else "",
        marks=tuple(_marks(has)) if readable else (),
        about=(has.category or "") if readable else "",
        area=(has.area or "") if readable else "",
        stage=stage_name(terms, has.stage),
        status=status_words if readable else "",
        tone=tone,
        next_step=_next_words(has, place, terms) if readable else "",
        due_on=has.next_due_on,
        due_iso=has.next_due_on.isoformat() if has.next_due_on else "",
        due_day=f"{has.next_due_on:%a %-d %b}" if has.next_due_on else "",
        due=due,
        received_on=has.received_on,
        received_iso=has.received_on.isoformat(),
        received_day=f"{has.received_on:%-d %b %Y}",
        closed_on=has.closed_on,
        officer_id=has.officer_id if readable else None,
        officer=(has.officer or "") if readable else "",
    )


def _next_words(has: Columns, place: Place, terms: ProcedureTerms) -> str:
    if has.closed_on is not None:
        return f"{_closed_words(has.closed_as)} {has.closed_on:%-d %b %Y}"
    return next_step(place, terms)


def _closed_words(closed_as: str) -> str:
    """Return that a complaint is closed; of one that was none of its own what it was instead."""
    return _AS_NONE_OF_ITS_OWN.get(closed_as, Status.CLOSED.words)


def status_shown(
    status: Status, *, needs_triage: bool, owes_promises: bool = False, closed_as: str = ""
) -> tuple[str, str]:
    """Return how a status is shown: its words, and the tone of its tag.

    `owes_promises`: what was promised with the answer is not done yet. `closed_as`: what ended it.
    """
    if status is Status.CLOSED:
        return _closed_words(closed_as), _TONES[status]
    if needs_triage:
        return "Not accepted yet", "orange"
    if owes_promises and status is Status.ANSWERED:
        return "Answered, promises open", "yellow"
    return status.words, _TONES[status]


def _marks(has: Columns) -> Iterable[str]:
    """Yield what must be kept in mind about reaching the customer, a word or two each."""
    if has.is_vulnerable:
        yield "Vulnerable"
    if has.letter_format != LetterFormat.STANDARD:
        yield LetterFormat(has.letter_format).words
    if has.language:
        yield has.language
    if has.email_unsafe or has.phone_unsafe or has.post_unsafe:
        yield "Unsafe contact"
    if has.needs:
        yield "Adjustments"
