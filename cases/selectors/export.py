"""Complaints as they are taken out: in the columns of a file of old cases, with their deadlines.

What such a file has no code for is told too, marked as not importable. All of them are for the
operators of the installation: levels, access lists and exclusions are neither heeded nor told. Of
one, whoever calls has asked who may read it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.db.models.functions import Upper

from cases.models import Complaint, Editions, RecordedEvent, ServiceArea, User
from cases.models.complaints import ComplaintQuerySet
from cases.rules.calendars import WorkingCalendar
from cases.rules.events import IMPORTABLE, Event, EventKind
from cases.rules.history import RECORD_KEEPING, effective_events
from cases.rules.links import other_of, without_the_other
from cases.rules.old_particulars import UNNAMED, joined_address
from cases.rules.old_rows import EVENT_COLUMNS, event_cells, tidy
from cases.rules.old_story import without_summary
from cases.rules.points import PointWords, in_words
from cases.rules.references import spellings
from cases.rules.replay import replay
from cases.rules.state import CaseState, Deadline, DeadlineState
from cases.rules.terms import ProcedureTerms

# Complaints read at a time: each batch costs two queries, whatever is in it.
BATCH = 500


@dataclass(frozen=True, slots=True)
class Exported:
    """One complaint: its own columns, what is told of each event, and its deadlines."""

    complaint: dict[str, str]
    events: list[dict[str, Any]]
    deadlines: list[dict[str, Any]]
    points: list[dict[str, Any]]

    @property
    def rows(self) -> list[dict[str, str]]:
        """Return the rows of an import file; the receipt carries what tells of the complaint."""
        named = {name: self.complaint[name] for name in ("reference", "procedure")}
        told = {name: text for name, text in self.complaint.items() if name not in OF_THE_EVENT}
        return [
            {
                **(told if event["event"] == EventKind.RECEIVED else {}),
                **named,
                **{column: event[column] for column in EVENT_COLUMNS},
            }
            for event in self.events
            if event["importable"]
        ]


# Columns that a complaint and its events both have: in a row they are the event's.
OF_THE_EVENT = frozenset({"stage", "channel", "outcome"})
# Facts that tell who may see a complaint.
WHO_MAY_SEE = frozenset(
    {
        "level",
        "listed",
        "subjects",
        "conflicted",
        "cover",
        "uncovered",
        "cover_from",
        "cover_until",
    }
)


def known_references(typed: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the references that are meant, forgivingly read, and what no complaint is called.

    Capitals make no difference, unless two complaints differ in nothing else.
    """
    readings = {text: [text, *sorted(spellings(text))] for text in typed}
    wanted = {reading.upper() for each in readings.values() for reading in each}
    stored = Complaint.objects.annotate(plain=Upper("reference")).filter(plain__in=wanted)
    known = dict(stored.order_by("pk").values_list("reference", "plain"))
    by_plain = {plain: reference for reference, plain in reversed(known.items())}
    meant = {
        text: [
            *(each for each in tried if each in known),
            *(by_plain[each.upper()] for each in tried if each.upper() in by_plain),
        ]
        for text, tried in readings.items()
    }
    found = dict.fromkeys(each[0] for each in meant.values() if each)
    return list(found), [text for text, each in meant.items() if not each]


def exported_complaints(*, as_at: date, references: Sequence[str] = ()) -> Iterator[Exported]:
    """Yield complaints as they stood at the end of a day, in the order they were recorded.

    All of them, or those with the references given. What happened later is left out, and so is a
    complaint received later; what was corrected since is told corrected.
    """
    areas = _AreaNames()
    people = dict(User.everybody.values_list("pk", "name"))
    last = 0
    while True:
        found = (
            Complaint.objects.filter(pk__gt=last)
            .select_related("customer", "procedure_version__procedure", "category")
            .order_by("pk")
        )
        if references:
            found = found.filter(reference__in=references)
        complaints = list(found[:BATCH])
        if not complaints:
            return
        last = complaints[-1].pk
        recorded = _recorded(complaints)
        for complaint in complaints:
            story = _story(recorded[complaint.pk], as_at)
            if story is not None:
                yield _exported(complaint, story, areas, people, as_at)


def export_of(complaint: Complaint, *, as_at: date, known: ComplaintQuerySet) -> Exported | None:
    """Return one complaint as it stood at the end of a day, nothing if it was not received yet.

    For whoever has asked already who may read it. Of other complaints, which the record may name,
    those alone are told of that are among `known`. Three queries, and one more where it names any.
    """
    story = _story(_recorded([complaint])[complaint.pk], as_at)
    if story is None:
        return None
    people = dict(User.everybody.values_list("pk", "name"))
    others = _Others.named_in(story.events, known)
    return _exported(complaint, story, _AreaNames(), people, as_at, others)


@dataclass(frozen=True, slots=True)
class _Others:
    """Other complaints that a record names: of these alone something is told."""

    keys: frozenset[int]
    references: frozenset[str]

    @classmethod
    def named_in(cls, events: Sequence[Event], known: ComplaintQuerySet) -> "_Others":
        keys = {key for each in events if (key := other_of(each.facts))}
        references = {name for each in events if (name := each.facts.get("into_reference"))}
        if not keys and not references:
            return cls(frozenset(), frozenset())
        found = known.filter(Q(pk__in=keys) | Q(reference__in=references))
        rows = list(found.values_list("pk", "reference"))
        return cls(frozenset(key for key, _ in rows), frozenset(name for _, name in rows))

    def told(self, events: Iterable[Event]) -> list[Event]:
        """Return the events without those about others, and mergers without where they went."""
        return [
            each
            if each.facts.get("into_reference", "") in {"", *self.references}
            else without_the_other(each)
            for each in events
            if other_of(each.facts) in {None, *self.keys}
        ]


@dataclass(frozen=True, slots=True)
class _Story:
    """What happened to a complaint up to a day, and the words that go with it."""

    events: list[Event]
    record_keeping: list[Event]
    words: Mapping[int, Mapping[str, str]]


def _recorded(complaints: Sequence[Complaint]) -> dict[int, list[RecordedEvent]]:
    found: dict[int, list[RecordedEvent]] = defaultdict(list)
    rows = RecordedEvent.objects.filter(complaint__in=complaints).select_related("words")
    for row in rows.order_by("complaint_id", "number"):
        found[row.complaint_id].append(row)
    return found


def _story(rows: Sequence[RecordedEvent], as_at: date) -> _Story | None:
    """Return the events up to a day as they count; nothing if it was not received by then."""
    recorded = [row.as_event() for row in rows]
    words = {row.number: row.words.parts for row in rows if hasattr(row, "words")}
    history = effective_events(recorded)
    if not any(each.kind is EventKind.RECEIVED and each.on <= as_at for each in history):
        return None
    keeping = [each for each in recorded if each.kind in RECORD_KEEPING and each.on <= as_at]
    adopted = [each for each in keeping if each.kind is EventKind.CALENDAR_ADOPTED]
    kept = [each for each in history if each.on <= as_at]
    events = sorted((*kept, *adopted), key=lambda event: event.number)
    return _Story(events, keeping, words)


def _exported(
    complaint: Complaint,
    story: _Story,
    areas: "_AreaNames",
    people: Mapping[int, str],
    as_at: date,
    others: _Others | None = None,
) -> Exported:
    """Return a complaint as it is told; of `others` no more than those, where they are given."""
    terms = complaint.procedure_version.terms
    calendars = Editions()
    state = replay(terms, story.events, calendars)
    events = sorted((*state.events, *story.record_keeping), key=lambda each: each.on)
    return Exported(
        complaint=_columns(complaint, state, areas),
        events=[
            _told(event, terms, story.words.get(event.number, {}), areas, people)
            for event in (others.told(events) if others else events)
        ],
        deadlines=[
            deadline_cells(each, calendars[each.calendar], as_at) for each in state.deadlines
        ],
        points=[_point_cells(each) for each in in_words(state.points, story.words)],
    )


def _point_cells(told: PointWords) -> dict[str, Any]:
    """Return what is told of a point: only this file has it, the table of old cases does not."""
    point = told.point
    return {
        "point": told.place,
        "words": told.text,
        "finding": point.finding.value if point.finding else None,
        "put_right": point.put_right_by is not None,
        "reason": told.reason or None,
        "turn_to": told.turn_to or None,
        "remedies": list(point.remedies),
    }


def _columns(complaint: Complaint, state: CaseState, areas: "_AreaNames") -> dict[str, str]:
    customer = complaint.customer
    called = _called(state)
    category = complaint.category
    told = {
        "reference": complaint.reference,
        "procedure": complaint.procedure_version.procedure.code,
        "stage": state.stage,
        "customer_name": "" if customer.name == UNNAMED else customer.name,
        "customer_category": customer.category,
        "address": joined_address(tidy(customer.address), customer.postcode),
        "email": customer.email,
        "phone": customer.phone,
        "channel": complaint.channel,
        "service_area": areas.name(state.area, called.get("service_area", "")),
        "category": _as_called(
            called.get("category", ""), category.code if category else "", str(category or "")
        ),
        "summary": complaint.summary,
        "desired_outcome": complaint.desired_outcome,
        "outcome": state.outcome.value if state.outcome else "",
    }
    return {name: tidy(text) for name, text in told.items()}


def _called(state: CaseState) -> Mapping[str, str]:
    """Return what the file that a complaint was imported from called its area and category."""
    receipt = next(event for event in state.events if event.kind is EventKind.RECEIVED)
    called: Mapping[str, str] = receipt.facts.get("called", {})
    return called


def _as_called(called: str, code: str, name: str) -> str:
    """Return what it was called, as long as that still means the same; else its name."""
    return called if called and called.lower() in (code.lower(), name.lower()) else name


class _AreaNames:
    """The service areas as a file calls them: by name, where no other has it, else by code."""

    def __init__(self) -> None:
        self._areas = {
            area.pk: (area.code, area.name) for area in ServiceArea.objects.only("code", "name")
        }
        self._often = Counter(name.lower() for _, name in self._areas.values())
        self._often.update(code.lower() for code, name in self._areas.values() if code != name)

    def name(self, area: int | None, called: str) -> str:
        """Return what to call an area that an imported file may have called something."""
        if area is None:
            return ""
        code, name = self._areas[area]
        only = self._often[name.lower()] == 1 or code.lower() == name.lower()
        return _as_called(called, code, name if only else code)


def _told(
    event: Event,
    terms: ProcedureTerms,
    words: Mapping[str, str],
    areas: _AreaNames,
    people: Mapping[int, str],
) -> dict[str, Any]:
    """Return what is told of an event: its cells, and its facts where the import has no cell.

    That access was changed is told, and neither for whom nor why.
    """
    if event.kind is EventKind.RECEIVED:
        words = without_summary(words)
    if event.kind is EventKind.ACCESS_CHANGED:
        words = {}
    place = {"number": event.number, "importable": event.kind in IMPORTABLE}
    cells = {**place, **event_cells(event, terms, words)}
    if event.kind in IMPORTABLE:
        return cells
    facts = {name: fact for name, fact in event.facts.items() if name not in WHO_MAY_SEE}
    if "officer" in facts:
        facts["officer"] = people.get(facts["officer"])
    if "area" in facts:
        facts["area"] = areas.name(facts["area"], "")
    return {**cells, "facts": facts}


# Deadlines ----------------------------------------------------------------------------------


def deadline_cells(deadline: Deadline, calendar: WorkingCalendar, as_at: date) -> dict[str, Any]:
    """Return what is told of a deadline, with its state as at a day.

    `working_days_taken` counts from the anchor to what met it. `working_days_late` counts from
    the due day to what met it, or to the day asked for while it is overdue; it is 0 in time, and
    nothing where nobody can be late.
    """
    told = deadline_state(deadline, as_at)
    return {
        "stage": deadline.stage,
        "visit": deadline.visit,
        "timescale": deadline.code,
        "anchor_event": deadline.anchor.label if deadline.anchor else None,
        "anchor_on": _iso(deadline.anchor.on if deadline.anchor else None),
        "period": str(deadline.period),
        "due_on": _iso(deadline.due_on),
        "original_due_on": _iso(deadline.original_due_on),
        "met_on": _iso(deadline.met_on),
        "working_days_taken": _between(
            deadline.anchor.on if deadline.anchor else None, deadline.met_on, calendar
        ),
        "working_days_late": _late(deadline, told, calendar, as_at),
        "state": told,
    }


def deadline_state(deadline: Deadline, as_at: date) -> str:
    """Return the state as told on a day. An earliest day waits until it has come."""
    if deadline.is_earliest and deadline.state is DeadlineState.OPEN:
        come = deadline.due_on is not None and deadline.due_on <= as_at
        return (DeadlineState.OPEN if come else DeadlineState.WAITING).value
    return deadline.state.on(as_at, deadline.due_on, is_window=deadline.is_window)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _between(first: date | None, last: date | None, calendar: WorkingCalendar) -> int | None:
    if first is None or last is None:
        return None
    return calendar.working_days_between(first, last)


def _late(deadline: Deadline, told: str, calendar: WorkingCalendar, as_at: date) -> int | None:
    if deadline.is_earliest:
        return None
    until = as_at if told == "overdue" else deadline.met_on
    if told == DeadlineState.OPEN:
        return 0
    late = _between(deadline.due_on, until, calendar)
    return None if late is None else max(late, 0)
