"""The story of a complaint for its page: every entry, what became of it, and the views of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cases.rules.attendance import minutes_in
from cases.rules.events import ABOUT_A_PROMISE, KEPT_AS_THEY_ARE, Event, EventKind
from cases.rules.foresight import in_full
from cases.rules.history import Told, told_history
from cases.rules.timeline_facts import Lookup
from cases.rules.timeline_words import Line, is_about_an_action, lines_of, title_of


class View(StrEnum):
    """What of the story is shown."""

    ALL = "all"
    LETTERS = "letters"
    DECISIONS = "decisions"
    NOTES = "notes"
    CHANGES = "changes"

    @property
    def words(self) -> str:
        """Return the view for people."""
        return {
            "all": "All",
            "letters": "Letters and contacts",
            "decisions": "Decisions and steps",
            "notes": "Notes",
            "changes": "Changes",
        }[self.value]


_LETTERS = frozenset(
    {
        EventKind.RECEIVED,
        EventKind.ACKNOWLEDGED,
        EventKind.UPDATED,
        EventKind.CONTACTED,
        EventKind.MANAGER_CONTACTED,
        EventKind.RESOLVED,
        EventKind.RESPONDED,
        EventKind.DELIVERED,
        EventKind.ESCALATION_REQUESTED,
        EventKind.ESCALATION_ACCEPTED,
        EventKind.ESCALATION_REFUSED,
        EventKind.WINDOW_EXTENDED,
        EventKind.AGREED_DATE,
        EventKind.DELAY_EXPLAINED,
        EventKind.EXTENDED,
        EventKind.INVITATION_SENT,
        EventKind.PAPERS_SENT,
        EventKind.OUTCOME_SENT,
        EventKind.PROMISE_MOVED,
        EventKind.PROMISE_WITHDRAWN,
        EventKind.COMPENSATION_OFFERED,
    }
)
# The channel of what nobody was told of.
UNTOLD = "none"
_CHANGES = frozenset(
    {
        EventKind.LOGGED,
        EventKind.RECEIVED_BY_TEAM,
        EventKind.ASSIGNED,
        EventKind.DETAILS_CHANGED,
        EventKind.FILE_ADDED,
        EventKind.ACCESS_CHANGED,
        EventKind.CORRECTED,
        EventKind.RETRACTED,
        EventKind.CALENDAR_ADOPTED,
        EventKind.POINTS_DEFINED,
    }
)
_CONTACTS = frozenset({EventKind.CONTACTED, EventKind.MANAGER_CONTACTED, EventKind.DELIVERED})
# The label of the files and entries that show that a refusal is right.
RESTS_ON = "Rests on"
# The style of what is among colleagues.
NOTE = "note"
# Before the customer is told of it.
_AMONG_OURSELVES = frozenset(
    {
        EventKind.COMPENSATION_PROPOSED,
        EventKind.COMPENSATION_DECIDED,
        EventKind.LETTER_PROPOSED,
        EventKind.LETTER_DECIDED,
    }
)
# Steps in which nobody decides anything.
_STEPS = frozenset(
    {
        EventKind.HEARING_ARRANGED,
        EventKind.INVITATION_SENT,
        EventKind.PAPERS_SENT,
        EventKind.HEARING_HELD,
        EventKind.REFERRED_TO_OMBUDSMAN,
        EventKind.DESIGNATED_PERSON,
        EventKind.COMPENSATION_ANSWERED,
        EventKind.COMPENSATION_PAID,
        EventKind.PROMISED,
        EventKind.PROMISE_GIVEN,
        EventKind.PROMISE_KEPT,
    }
)
_FROM_THE_CUSTOMER = frozenset(
    {
        EventKind.RECEIVED,
        EventKind.ESCALATION_REQUESTED,
        EventKind.WITHDRAWN,
        EventKind.MAIL_RECEIVED,
    }
)
# Told to the customer by what they record.
_SENT = _LETTERS - _CONTACTS - _FROM_THE_CUSTOMER | frozenset(
    {EventKind.REFUSED, EventKind.REFERRED_ELSEWHERE}
)


@dataclass(frozen=True, slots=True)
class RecordedWords:
    """What is kept of an event besides itself: when it was recorded, and the words beside it."""

    recorded_at: datetime
    recorded_on: date
    parts: Mapping[str, str]
    had_words: bool

    @property
    def are_erased(self) -> bool:
        """Say whether there were words, which were erased."""
        return self.had_words and not self.parts


@dataclass(frozen=True, slots=True)
class Correction:
    """A later change of an entry's day, or its striking out."""

    words: str
    by: str
    on: date
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the story.

    `on` and `at` are as they count now; `first_on` is the day first recorded where that differs.
    `style` is the component's kind. `recorded_on` is set where it was recorded on another day.
    """

    number: int
    kind: EventKind
    title: str
    on: date
    at: datetime | None
    by: str
    stage: str
    style: str
    lines: tuple[Line, ...]
    first_on: date | None
    recorded_on: date | None
    corrections: tuple[Correction, ...]
    struck: Correction | None
    irregular: str
    are_words_erased: bool

    @property
    def moment(self) -> date | datetime:
        """Return the instant where it is known, else the day."""
        return self.at or self.on

    @property
    def anchor(self) -> str:
        """Return the name under which a page leads to it."""
        return f"entry-{self.number}"

    @property
    def is_struck(self) -> bool:
        """Say whether it was struck out."""
        return self.struck is not None

    @property
    def is_for_customer(self) -> bool:
        """Say whether a copy of the record for the customer has it: no notes, no housekeeping."""
        return self.style != NOTE and self.kind not in _CHANGES | _AMONG_OURSELVES

    @property
    def plain_style(self) -> str:
        """Return how it looks to its customer, for whom nothing is “from the customer”."""
        return "decision" if self.style == "decision" else "event"

    @property
    def is_correctable(self) -> bool:
        """Say whether its day can be corrected, or it can be struck out."""
        return not self.is_struck and self.kind not in KEPT_AS_THEY_ARE

    def is_in(self, view: View) -> bool:
        """Say whether the entry is shown in a view."""
        match view:
            case View.LETTERS:
                return self.kind in _LETTERS
            case View.NOTES:
                return self.style == NOTE
            case View.CHANGES:
                return self.kind in _CHANGES
            case View.DECISIONS:
                return self.style != NOTE and self.kind not in _CHANGES | _CONTACTS
        return True


def entries_of(
    recorded: Sequence[Event],
    words: Mapping[int, RecordedWords],
    lookup: Lookup,
    irregular: Iterable[tuple[int, str]],
) -> list[Entry]:
    """Return the whole story, the newest happening first.

    `words` are by event number; `irregular` says of which events that they do not fit.
    """
    does_not_fit = dict(irregular)
    originals = {event.number: event for event in recorded}
    minutes: dict[int, list[Line]] = {}
    for key, (hearing, _) in minutes_in(recorded).items():
        minutes.setdefault(hearing, []).append(
            Line("Minutes", lookup.files.get(key, "a file"), is_internal=True)
        )
    return [
        _entry(
            told,
            words,
            lookup,
            originals,
            does_not_fit.get(told.event.number, ""),
            minutes.get(told.event.number, ()),
        )
        for told in told_history(recorded)
    ]


# The facts that name the entry that another one is about.
_ABOUT = ("target", "promise", "award")


def _entry(
    told: Told,
    words: Mapping[int, RecordedWords],
    lookup: Lookup,
    originals: Mapping[int, Event],
    irregular: str,
    minutes: Iterable[Line],
) -> Entry:
    event = told.event
    kept = words[event.number]
    about = next((event.facts[name] for name in _ABOUT if event.facts.get(name)), 0)
    target = originals.get(about)
    return Entry(
        number=event.number,
        kind=event.kind,
        title=title_of(event, lookup, target),
        on=event.on,
        at=event.at,
        by=lookup.person(event.actor) if event.actor else "",
        stage=lookup.stages.get(event.stage, ""),
        style=_style(event, target),
        lines=(
            *_recalled(event, target, words),
            *lines_of(event, kept.parts, lookup, target),
            *_rests_on(event, originals, lookup),
            *minutes,
        ),
        first_on=told.original.on if told.original.on != event.on else None,
        recorded_on=kept.recorded_on if kept.recorded_on != told.original.on else None,
        corrections=tuple(
            _correction(each, words, lookup) for each in told.corrections if each.facts.get("on")
        ),
        struck=_struck(told.struck_by, words, lookup),
        irregular=irregular,
        are_words_erased=kept.are_erased,
    )


def _rests_on(event: Event, originals: Mapping[int, Event], lookup: Lookup) -> Iterator[Line]:
    """Yield the files and entries by which a refusal is shown to be right (Code 2.1, 5.11)."""
    named = []
    for code in event.facts.get("rests_on", ()):
        kind, _, number = str(code).partition(":")
        entry = originals.get(int(number)) if kind == "entry" else None
        if entry is not None:
            named.append(f"{entry.kind.words}, {entry.on:%-d %b %Y}")
        elif kind == "file":
            named.append(lookup.files.get(int(number), "a file"))
    if named:
        yield Line(RESTS_ON, "; ".join(named), is_internal=True)


def _recalled(
    event: Event, target: Event | None, words: Mapping[int, RecordedWords]
) -> tuple[Line, ...]:
    """Return which promise or action an entry is about."""
    if event.kind not in ABOUT_A_PROMISE or target is None:
        return ()
    promised = words[target.number].parts.get("promise", "")
    label = "Action" if is_about_an_action(target) else "Promise"
    return (Line(label, promised),) if promised else ()


def _style(event: Event, target: Event | None) -> str:
    if event.facts.get("from_customer"):
        return "received"
    if event.kind is EventKind.NOTED or is_about_an_action(event, target):
        return NOTE
    if event.kind in _FROM_THE_CUSTOMER:
        return "received"
    if event.kind in _SENT and event.facts.get("channel", UNTOLD) not in ("", UNTOLD):
        return "sent"
    is_plain = event.kind in _CHANGES | _CONTACTS | _STEPS
    return "event" if is_plain else "decision"


def _correction(event: Event, words: Mapping[int, RecordedWords], lookup: Lookup) -> Correction:
    on, was = event.day("on"), event.day("was")
    day = in_full(on) if on else ""
    before = f" instead of {in_full(was)}" if was else ""
    return Correction(
        f"Corrected to {day}{before}",
        lookup.person(event.actor) if event.actor else "",
        event.on,
        words[event.number].parts.get("reason", ""),
    )


def _struck(
    event: Event | None, words: Mapping[int, RecordedWords], lookup: Lookup
) -> Correction | None:
    if event is None:
        return None
    return Correction(
        "Struck out",
        lookup.person(event.actor) if event.actor else "",
        event.on,
        words[event.number].parts.get("reason", ""),
    )
