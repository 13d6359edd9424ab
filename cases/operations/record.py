"""The one way into the record of a complaint.

Lock the complaint, replay it, refuse what is not allowed, add the events, save the projection:
all in one transaction. Every act of the procedure goes through `recording`.
"""

import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import transaction

from cases.errors import (
    ActionNotAllowed,
    ComplaintChanged,
    LatenessUnexplained,
    NotEntitled,
    WrongDate,
)
from cases.models import (
    Complaint,
    Cover,
    Editions,
    EventWords,
    LetterProposal,
    ProposalState,
    RecordedEvent,
    User,
)
from cases.operations.inserting import insert, insert_unless_taken
from cases.operations.lateness import said_of_lateness
from cases.operations.panel_seats import set_end_of_seats
from cases.operations.projection import (
    save_columns,
    save_projection,
    set_columns,
    start_projection,
)
from cases.operations.search_index import add_entry, add_words, move_entry, places_of
from cases.rules.acts import Act
from cases.rules.events import Event, EventKind
from cases.rules.lateness import TOLD, Lateness, kept_late_by, told_of, without_a_day
from cases.rules.letter_approvals import Decision, letters_left_behind
from cases.rules.periods import london_day
from cases.rules.permissions import permission
from cases.rules.replay import replay
from cases.rules.roles import Role
from cases.rules.sealing import event_hash, words_hash
from cases.rules.state import CaseState, Deadline
from cases.rules.terms import ProcedureTerms
from cases.selectors.history import events_of, happened_since
from cases.selectors.standing import roles_for


class CaseFile:
    """A complaint, locked, with its history, to which events are being added."""

    def __init__(
        self,
        complaint: Complaint,
        events: list[RecordedEvent],
        *,
        by: User | None,
        now: datetime,
        late: Lateness | None = None,
    ) -> None:
        self.complaint = complaint
        self.terms: ProcedureTerms = complaint.procedure_version.terms
        self.by = by
        self.now = now
        self.today: date = london_day(now)
        self._events = [row.as_event() for row in events]
        self._head = events[-1].hash if events else ""
        self._added: list[RecordedEvent] = []
        self._words: list[EventWords] = []
        self._state: CaseState | None = None
        self._lay = places_of(complaint)
        self._officer = complaint.responsible_officer_id
        # What was said of why the act is late; nothing where nobody is asked.
        self._late = late
        # Why it is, once something was added that is.
        self.late_because = ""
        # What stays overdue, with the day told for it.
        self.new_days: list[str] = []
        # Of a new complaint: how many events its row was written with.
        self._begun_with = 0

    @property
    def state(self) -> CaseState:
        """Return where the complaint stands with the events added so far."""
        if self._state is None:
            self._state = replay(self.terms, self._events, Editions())
        return self._state

    @property
    def head(self) -> str:
        """Return the hash at the end of the chain."""
        return self._head

    def words_beside(self, numbers: Iterable[int]) -> dict[int, Mapping[str, str]]:
        """Return the words beside events by their numbers, those being added too. One query."""
        added = {row.event.number: row.parts for row in self._words}
        older = set(numbers) - set(added)
        rows = EventWords.objects.filter(event__complaint=self.complaint, event__number__in=older)
        stored = rows.values_list("event__number", "parts") if older else ()
        return {**dict(stored), **added}

    def facts_of(self, number: int) -> Mapping[str, Any]:
        """Return the facts of an event of the complaint.

        :raises KeyError: if no such event counts.
        """
        for event in self.state.events:
            if event.number == number:
                return event.facts
        raise KeyError(number)

    def day_of(self, number: int) -> date:
        """Return the day on which an event happened, as it was recorded."""
        return self._events[number - 1].on

    def add(
        self,
        kind: EventKind,
        *,
        on: date | None = None,
        stage: str | None = None,
        visit: int | None = None,
        facts: Mapping[str, Any] | None = None,
        words: Mapping[str, str] | None = None,
        at: datetime | None = None,
    ) -> int:
        """Add an event to the current stay in a stage and return its number.

        `on` is the day it happened, today when left out; an act of today carries its time.

        An act of a colleague that keeps a promise after its day says why (A22, HH-29).

        :raises WrongDate: if the day is in the future, or before the stay or the complaint began.
        :raises LatenessUnexplained: if it keeps a promise late and nobody says why.
        """
        day = on or self.today
        if self._events:
            stage = self.state.stage if stage is None else stage
            if visit is None:
                visit = self.state.visit if stage == self.state.stage else 0
            self._check_day(day, kind, stage, visit)
        instant = at or (self.now if day == self.today else None)
        event = Event(
            number=len(self._events) + 1,
            kind=kind,
            on=day,
            at=instant,
            stage=stage or "",
            visit=visit or 0,
            actor=self.by.pk if self.by else None,
            facts=dict(facts or {}),
        )
        after = self._replayed_with(event)
        late = kept_late_by(after, event.number) if after else []
        if late:
            after = None
            self._check_explained(late[0].words, kind)
            event = replace(event, facts={**event.facts, **self._avoidable})
            words = {**(words or {}), "late_because": self.late_because}
        row, words_row = sealed_rows(
            self.complaint, event, words or {}, previous_hash=self._head, now=self.now
        )
        self._head = row.hash
        self._added.append(row)
        self._words += [words_row] if words_row else []
        self._events.append(event)
        self._state = after
        # Whoever logs it tells the customer nothing yet: the next act does.
        if late and kind is not EventKind.LOGGED:
            self._tell_new_days()
        return event.number

    # When something is late ---------------------------------------------------------------------

    def _replayed_with(self, event: Event) -> CaseState | None:
        """Return where the complaint would stand with an event, where lateness is asked about."""
        if self._late is None or not self._events:
            return None
        return replay(self.terms, [*self._events, event], Editions())

    def _check_explained(self, what: str, kind: EventKind) -> None:
        late = self._late or Lateness()
        told = ": the customer is told the reason" if kind in TOLD else ""
        if not late.because.strip():
            raise LatenessUnexplained(
                f"“{what}” is late. Say why{told}.", ("late_because", "avoidable")
            )
        if late.avoidable is None:
            raise LatenessUnexplained(
                f"“{what}” is late. Say whether that could have been avoided.", ("avoidable",)
            )
        self.late_because = late.because.strip()

    def explain(self, late: Lateness) -> None:
        """Take why something is late from an act that is about nothing else."""
        self._late, self.late_because = late, late.because.strip()

    @property
    def _avoidable(self) -> dict[str, str]:
        """Return whether what came late could have been avoided, as an event carries it."""
        return {"avoidable": "yes" if self._late and self._late.avoidable else "no"}

    def _tell_new_days(self) -> None:
        """Record by when what stays overdue will be done: a day told is a promise."""
        late = self._late or Lateness()
        for each in without_a_day(self.state, self.today):
            if late.done_by is None or late.done_by < self.today:
                raise LatenessUnexplained(
                    f"“{each.words}” is overdue too. Say by which day, still to come, it will be "
                    "done.",
                    ("done_by",),
                )
            self.tell_new_day(each, late.done_by)
            self.new_days.append(f"{self._what_is(each)}, by {late.done_by:%A %-d %B %Y}.")

    def _what_is(self, overdue: Deadline) -> str:
        """Return what was promised, as the customer reads it."""
        if overdue.promise is None:
            return told_of(overdue)
        beside = self.words_beside([overdue.promise])
        return beside[overdue.promise].get("promise", overdue.words).rstrip(" .")

    def tell_new_day(
        self,
        overdue: Deadline,
        done_by: date,
        *,
        on: date | None = None,
        facts: Mapping[str, Any] | None = None,
        words: Mapping[str, str] | None = None,
    ) -> int:
        """Add that the customer is told by when something overdue will be done."""
        late = self._late or Lateness()
        return self.add(
            EventKind.DELAY_EXPLAINED,
            on=on,
            facts={
                "timescale": overdue.code,
                "of_stage": overdue.stage,
                "of_visit": overdue.visit,
                "done_by": done_by.isoformat(),
                **self._avoidable,
                **(facts or {}),
            },
            words={
                "promise": self._what_is(overdue),
                "late_because": late.because.strip(),
                **(words or {}),
            },
        )

    def _check_day(self, day: date, kind: EventKind, stage: str, visit: int) -> None:
        if day > self.today:
            raise WrongDate(f"{day:%-d %B %Y} is in the future.")
        received = self.state.received_on
        began = {(each.stage, each.number): each.began_on for each in self.state.visits}
        first = began.get((stage, visit), self.state.current.began_on)
        if day < received:
            raise WrongDate(
                f"The complaint was received on {received:%-d %B %Y}; "
                f"“{kind.words}” cannot be before that."
            )
        if day < first:
            name = self.terms.stage(stage or self.state.stage).name
            raise WrongDate(
                f"{name} began on {first:%-d %B %Y}; “{kind.words}” cannot be before that."
            )

    def begin(self) -> bool:
        """Write the row of a new complaint as its first events have it.

        Says whether it could be: another may have its reference.
        """
        self._count()
        set_columns(self.complaint, self.state, self.terms)
        self._begun_with = len(self._events)
        return insert_unless_taken(self.complaint)

    def save(self) -> None:
        """Write the added events and what they amount to."""
        if not self._added:
            return
        self._let_letters_lapse()
        insert(*self._added)
        insert(*self._words)
        if self._begun_with:
            self._save_first()
        else:
            self._count()
            save_projection(self.complaint, self.state, self.terms)
            self._end_covers()
        if any(event.kind is EventKind.HEARING_ARRANGED for event in self._events):
            set_end_of_seats(self.complaint, self.state, self.terms)
        self._make_searchable()
        self._added, self._words = [], []
        if self.take_promises_back():
            self.save()

    def take_promises_back(self) -> bool:
        """Give to the responsible officer what somebody is to keep who cannot see it any more.

        Nobody keeps a promise that they do not see. Two queries for each such keeper, and one.
        """
        state = self.state
        still_open = [*state.open_promises, *state.open_actions]
        keepers = (each.keeper for each in still_open if each.keeper is not None)
        named = {key for key in keepers if key != state.officer}
        if not named:
            return False
        seeing = {
            each.pk
            for each in User.objects.filter(pk__in=named, is_active=True)
            if Complaint.objects.readable_by(each).filter(pk=self.complaint.pk).exists()
        }
        lost = [each for each in still_open if each.keeper in named - seeing]
        for each in lost:
            self.add(EventKind.PROMISE_GIVEN, facts={"promise": each.promise, "keeper_lost": True})
        return bool(lost)

    def _let_letters_lapse(self) -> None:
        """Let no letter wait for approval that cannot go, or need not, after what was added."""
        before = self._events[: -len(self._added)]
        added = self._events[-len(self._added) :]
        if not any(event.kind is EventKind.LETTER_PROPOSED for event in before):
            return
        was = replay(self.terms, before, Editions())
        for letter in letters_left_behind(self._events, added, was, self.state):
            self.add(
                EventKind.LETTER_DECIDED,
                facts={
                    "proposal": letter.number,
                    "act": letter.act.value,
                    "letter_kind": letter.kind.value,
                    "decision": Decision.LAPSED.value,
                },
            )
            LetterProposal.objects.filter(
                complaint=self.complaint, number=letter.number, state=ProposalState.WAITING.value
            ).update(
                state=ProposalState.WITHDRAWN.value,
                decided_at=self.now,
                decided_by=self.by.pk if self.by else letter.asked_by,
            )

    def _count(self) -> None:
        self.complaint.version = len(self._events)
        self.complaint.last_event_at = self.now

    def _end_covers(self) -> None:
        """Let nobody cover it any more who did so for an officer whose complaint it was."""
        if self.complaint.responsible_officer_id != self._officer:
            Cover.objects.filter(complaint=self.complaint).delete()
            self._officer = self.complaint.responsible_officer_id

    def _save_first(self) -> None:
        if len(self._events) > self._begun_with:
            self._count()
            save_columns(self.complaint, self.state, self.terms)
        start_projection(self.complaint, self.state)
        self._begun_with = 0

    def _make_searchable(self) -> None:
        if self._added[0].number == 1:
            add_entry(self.complaint, self._words)
            return
        add_words(self.complaint, self._words)
        if places_of(self.complaint) != self._lay:
            move_entry(self.complaint)
            self._lay = places_of(self.complaint)


def sealed_rows(
    complaint: Complaint,
    event: Event,
    words: Mapping[str, str],
    *,
    previous_hash: str,
    now: datetime,
) -> tuple[RecordedEvent, EventWords | None]:
    """Return the row that puts an event at the end of the chain, and that of its words if any."""
    parts = {name: text for name, text in words.items() if text}
    salt = secrets.token_hex(16) if parts else ""
    row = RecordedEvent(
        complaint=complaint,
        number=event.number,
        kind=event.kind.value,
        on=event.on,
        at=event.at,
        recorded_at=now,
        actor_id=event.actor,
        stage=event.stage,
        visit=event.visit,
        facts=dict(event.facts),
        words_hash=words_hash(parts, salt),
        previous_hash=previous_hash,
    )
    row.hash = event_hash(chained_fields(row), previous_hash)
    return row, EventWords(event=row, parts=parts, salt=salt) if parts else None


def chained_fields(row: RecordedEvent) -> dict[str, Any]:
    """Return what the hash of an event covers."""
    return {
        "complaint": row.complaint.reference,
        "number": row.number,
        "kind": row.kind,
        "on": row.on,
        "at": row.at,
        "recorded_at": row.recorded_at,
        "actor": row.actor_id,
        "stage": row.stage,
        "visit": row.visit,
        "facts": row.facts,
        "words": row.words_hash,
    }


def lock_complaint(complaint_id: int, by: User | None) -> Complaint:
    """Return the complaint as the database has it now, locked until the transaction ends.

    The row stands for everything that hangs on it: an operation takes this lock and no other.

    :raises NotEntitled: if `by` may not read the complaint, or there is none.
    """
    complaints = Complaint.objects.readable_by(by) if by else Complaint.objects.all()
    try:
        # no_key: rows that point at the complaint can still be inserted meanwhile.
        return (
            complaints.select_related("procedure_version__procedure", "customer")
            .select_for_update(no_key=True, of=("self",))
            .get(pk=complaint_id)
        )
    except Complaint.DoesNotExist:
        raise NotEntitled("There is no such complaint, or it is not open to you.") from None


@contextmanager
def recording(
    *,
    complaint_id: int,
    act: Act,
    by: User | None,
    now: datetime,
    seen: int | None,
    also: frozenset[Role] = frozenset(),
) -> Iterator[CaseFile]:
    """Open a complaint for one act and save what was added, or nothing at all.

    `seen` is the version of the complaint on the page that the act was chosen from; None for
    acts that cannot collide. `by` is None for what customers and the system do. `also` are roles
    to which this side of the act belongs besides those of the act.

    :raises NotEntitled: if the complaint is not open to this person, or the act is not theirs.
    :raises ComplaintChanged: if somebody acted on the complaint since it was seen.
    :raises ActionNotAllowed: if the complaint is not where the act belongs.
    """
    with transaction.atomic():
        complaint = lock_complaint(complaint_id, by)
        events = events_of(complaint)
        if seen is not None and seen != complaint.version:
            raise ComplaintChanged(happened_since(complaint, seen))
        late = said_of_lateness() if by is not None else None
        case = CaseFile(complaint, events, by=by, now=now, late=late)
        allowed = permission(act, case.state, case.terms, case.today)
        entitled = allowed.roles | also
        if by is not None and not roles_for(by, complaint) & entitled:
            raise NotEntitled(_not_yours(act, entitled))
        if not allowed.is_allowed:
            raise ActionNotAllowed(allowed.why_not)
        yield case
        case.save()


def _not_yours(act: Act, roles: Any) -> str:
    names = ", ".join(sorted(role.words for role in roles)) or "nobody"
    return f"This is for others to do ({act.value.replace('-', ' ')}: {names})."
