"""The rows of one old case put into order, each event with the stay it belongs to.

Nothing here asks whether an act was allowed: history is taken as it was.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cases.errors import ComplaintError
from cases.rules.calendars import WorkingCalendar
from cases.rules.editions import AdoptedEditions
from cases.rules.events import ANSWERS, IMPORTABLE, Event, EventKind
from cases.rules.history import calendar_adoptions, effective_events
from cases.rules.old_rows import OldRow, event_cells, facts_of, key_of
from cases.rules.periods import LONDON
from cases.rules.replay import state_of
from cases.rules.requests import request_is_in_time
from cases.rules.story import Story
from cases.rules.terms import ProcedureTerms, Stage

# What shows that a request was taken up, though nobody recorded that it was accepted late.
WENT_ON = frozenset(
    {
        EventKind.ACKNOWLEDGED,
        EventKind.CONTACTED,
        EventKind.MANAGER_CONTACTED,
        EventKind.EXTENDED,
        EventKind.AGREED_DATE,
    }
)
DECISIONS = frozenset({EventKind.ESCALATION_ACCEPTED, EventKind.ESCALATION_REFUSED})


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row of a case cannot be taken."""

    place: int
    message: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What is recorded of a case already: its events in the order recorded, and their words."""

    events: Sequence[Event]
    words: Mapping[int, Mapping[str, str]]


NOTHING = Recorded((), {})
MISSING = "The first event of a case is “received”; there is none."


def new_rows(rows: Sequence[OldRow], recorded: Recorded, terms: ProcedureTerms) -> list[OldRow]:
    """Return the rows whose event is not recorded yet.

    An event is known again by what it was when it was recorded and by what corrections made of
    it, though it has been struck out since.
    """
    known: dict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    effective = {event.number: event for event in effective_events(recorded.events)}
    for event in recorded.events:
        if event.kind in IMPORTABLE:
            words = recorded.words.get(event.number, {})
            versions = (event, effective.get(event.number, event))
            for cells in (event_cells(each, terms, _noted(each, words)) for each in versions):
                known[key_of(cells)].append((event.number, cells["stage"]))
    taken: set[int] = set()
    found = []
    for row in rows:
        number = _same(row, known.get(row.key, []), taken)
        if number is None:
            found.append(row)
        else:
            taken.add(number)
    return found


def _noted(event: Event, words: Mapping[str, str]) -> Mapping[str, str]:
    return without_summary(words) if event.kind is EventKind.RECEIVED else words


def without_summary(words: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a receipt that are not in columns of their own."""
    return {n: text for n, text in words.items() if n not in ("summary", "desired_outcome")}


def _same(row: OldRow, candidates: list[tuple[int, str]], taken: set[int]) -> int | None:
    for number, stage in candidates:
        if number not in taken and (not row.stage or not stage or row.stage == stage):
            return number
    return None


def place_rows(
    rows: Sequence[OldRow],
    recorded: Recorded,
    terms: ProcedureTerms,
    calendars: Mapping[int, WorkingCalendar],
    *,
    edition: int,
) -> tuple[list[tuple[OldRow, Event]], list[Problem]]:
    """Return an event for every row, in order of happening, and what cannot be.

    Events are numbered on from what is recorded. `edition` is the calendar a new case begins
    with. Ties are kept in the order of the rows.
    """
    ordered, problems = _in_order(rows, recorded)
    if problems:
        return [], problems
    receipt = next(event for _, event in ordered if event.kind is EventKind.RECEIVED)
    adoptions = calendar_adoptions(recorded.events) or ((receipt.number, edition),)
    telling = _Telling(Story(terms, receipt), AdoptedEditions(calendars, adoptions))
    placed: list[tuple[OldRow, Event]] = []
    number = len(recorded.events)
    for index, (row, event) in enumerate(ordered):
        if row is None:
            telling.story.take(event)
            continue
        number += 1
        try:
            later = [each for _, each in ordered[index + 1 :]]
            placed.append((row, telling.take(row, replace(event, number=number), later)))
        except ComplaintError as error:
            problems.append(Problem(row.place, str(error)))
    return placed, problems


def _in_order(
    rows: Sequence[OldRow], recorded: Recorded
) -> tuple[list[tuple[OldRow | None, Event]], list[Problem]]:
    """Return recorded events and rows in the order they happened, or what cannot be."""
    history = effective_events(recorded.events)
    first = len(recorded.events) + 1
    drafts = {
        number: (row, Event(number, row.kind, row.on, row.at, row.stage))
        for number, row in enumerate(rows, first)
    }
    known = {event.number: event for event in history}
    merged = effective_events([*history, *(event for _, event in drafts.values())])
    problems = receipt_problems(rows, recorded)
    ordered: list[tuple[OldRow | None, Event]] = [
        drafts[event.number] if event.number in drafts else (None, known[event.number])
        for event in merged
    ]
    return ordered, problems


def receipt_problems(
    rows: Sequence[OldRow], recorded: Recorded, *, is_whole: bool = True
) -> list[Problem]:
    """Return what is wrong about the receipt of a case, or with what is dated before it.

    `is_whole`: these are all its new rows, so that the receipt must be among them.
    """
    received = [row for row in rows if row.kind is EventKind.RECEIVED]
    history = effective_events(recorded.events)
    known = next((event for event in history if event.kind is EventKind.RECEIVED), None)
    if known is None and not received:
        missing = Problem(rows[0].place, MISSING) if rows and is_whole else None
        return [missing] if missing else []
    if known is not None:
        again = f"It was received on {known.on:%-d %B %Y} already."
        problems = [Problem(row.place, again) for row in received]
    else:
        problems = [Problem(row.place, "It is received twice.") for row in received[1:]]
    receipt = known or received[0]
    return problems + [
        Problem(row.place, f"“{row.kind.value}” {told}")
        for row in rows
        if (told := _told_before(receipt, row))
    ]


def _told_before(receipt: Event | OldRow, row: OldRow) -> str:
    """Return that something is dated before the receipt, or nothing.

    Of the same day that is said of answers alone: a colleague may have noted first what came last.
    """
    if row.on < receipt.on:
        return (
            f"on {row.on:%-d %B %Y} is before the complaint was received, on "
            f"{receipt.on:%-d %B %Y}."
        )
    if row.on > receipt.on or row.kind not in ANSWERS or row.at is None or receipt.at is None:
        return ""
    if row.at >= receipt.at:
        return ""
    answered, received = (each.astimezone(LONDON) for each in (row.at, receipt.at))
    return (
        f"at {answered:%H:%M} is before the complaint was received, at {received:%H:%M} that day."
    )


class _Telling:
    """Takes one event after the other, giving each its stay in a stage and its facts."""

    def __init__(self, story: Story, editions: AdoptedEditions) -> None:
        self.story = story
        self.editions = editions

    def take(self, row: OldRow, draft: Event, later: Sequence[Event]) -> Event:
        """Return the event with its stay and its facts, after letting it have its effect.

        :raises ComplaintError: if it asks for a stage that is not there, or its outcome is none
            of the stage.
        """
        stage, visit = self._where(row)
        facts = facts_of(row, self._stage(stage))
        if row.kind is EventKind.ESCALATION_REQUESTED:
            facts["in_time"] = self._in_time(draft, later)
        event = replace(draft, stage=stage, visit=visit, facts=facts)
        if row.kind is EventKind.RECEIVED:
            # The story begins with this very event.
            event = replace(event, stage=row.stage, visit=0)
            self.story = Story(self.story.terms, event)
        self.story.take(event)
        return event

    def _stage(self, code: str) -> Stage:
        return self.story.terms.by_code.get(code, self.story.stay.facts.stage)

    def _where(self, row: OldRow) -> tuple[str, int]:
        """Return the stage and the stay that the row tells of; 0 for a stay that begins with it."""
        current = self.story.stay.facts
        if row.kind in (EventKind.PASSED_ON, EventKind.ESCALATION_REQUESTED):
            return row.stage or self._next(row.kind, current.stage), 0
        stage = row.stage or current.stage.code
        for stay in reversed(self.story.stays):
            if stay.facts.stage.code == stage:
                return stage, stay.facts.number
        return stage, 0

    def _next(self, kind: EventKind, stage: Stage) -> str:
        if kind is EventKind.ESCALATION_REQUESTED:
            route = stage.customer_route
        else:
            route = next((each for each in stage.routes if not each.by_customer), None)
        if route is None:
            raise ComplaintError(
                f"Nothing tells which stage follows {stage.name} here: name the stage."
            )
        return route.to

    def _in_time(self, draft: Event, later: Sequence[Event]) -> bool | None:
        """Judge a request by the customer's window as it then was.

        Nothing is said of a late one that was plainly taken up: nobody is to decide it now.
        """
        if request_is_in_time(state_of(self.story, self.editions), draft.on):
            return True
        telling = (each.kind for each in later if each.kind in WENT_ON | DECISIONS)
        return None if next(telling, None) in WENT_ON else False
