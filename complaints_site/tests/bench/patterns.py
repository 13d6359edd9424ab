"""Histories of complaints, told at random under every procedure and replayed by the rules."""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from cases.rules.calendars import WorkingCalendar
from cases.rules.events import Event, EventKind, Outcome
from cases.rules.periods import LONDON
from cases.rules.replay import replay
from cases.rules.state import CaseState
from cases.rules.terms import Handover, ProcedureTerms, Stage, StageKind

YEARS = 6
# Shares of complaints by procedure; the first is what the landlord runs now.
PROCEDURES = {
    "code-2024": 0.5,
    "herefordshire": 0.15,
    "livv-two-stage": 0.15,
    "first-ark-panel": 0.1,
    "kht-three-stage": 0.1,
}


class Actor(StrEnum):
    """Who did something, before the people have names."""

    OFFICER = "officer"
    SECOND_OFFICER = "second_officer"
    COORDINATOR = "coordinator"
    ADVISER = "adviser"
    CUSTOMER = ""


# The rules count people by number.
NUMBERS = {Actor.OFFICER: -1, Actor.SECOND_OFFICER: -2, Actor.COORDINATOR: -3, Actor.ADVISER: -4}


class TodayReached(Exception):
    """The story has come to the present day; what follows has not happened yet."""


@dataclass(frozen=True, slots=True)
class Told:
    """One event of a pattern, with who did it and which words belong to it."""

    event: Event
    actor: Actor
    words: str = ""


@dataclass
class Pattern:
    """A history and what it amounts to."""

    version: int
    terms: ProcedureTerms
    told: list[Told]
    state: CaseState


@dataclass
class Teller:
    """Tells one complaint's story, a working day at a time, until it ends or today is reached."""

    terms: ProcedureTerms
    calendar: WorkingCalendar
    random: random.Random
    day: date
    today: date
    edition: int
    version: int
    told: list[Told] = field(default_factory=list)
    minute: int = 0
    officer: Actor = Actor.OFFICER

    def tell(self) -> None:
        """Tell the whole story.

        :raises TodayReached: if it is not over yet.
        """
        facts = {
            "calendar": self.edition,
            "version": self.version,
            "channel": self.random.choice(["phone", "email", "online", "post", "form", "visit"]),
            "officer": None,
            "needs_triage": False,
        }
        stage = self.terms.stage(self.terms.first_stage)
        self.add(EventKind.RECEIVED, Actor.ADVISER, facts=facts, words="summary")
        self.add(EventKind.LOGGED, Actor.ADVISER)
        if self.random.random() < 0.03:
            self.wait(0, 3)
            self.add(EventKind.REFERRED_ELSEWHERE, Actor.COORDINATOR, facts={"to": "asb"})
            return
        self.wait(0, 2)
        self.assign(Actor.OFFICER)
        while self.go_through(stage) and (route := stage.customer_route or _landlords(stage)):
            self.officer = Actor.SECOND_OFFICER
            stage = self.terms.stage(route.to)
        if self.random.random() < 0.1:
            self.wait(10, 30)
            self.add(EventKind.REFERRED_TO_OMBUDSMAN, Actor.COORDINATOR, words="note")

    def go_through(self, stage: Stage) -> bool:
        """Go through one stage, and say whether the complaint goes on to the next."""
        codes = {each.code for each in stage.timescales}
        if {"first-contact"} & codes:
            self.wait(0, 2)
            self.add(EventKind.CONTACTED, self.officer, words="note")
        if "acknowledge" in codes:
            self.wait(1, 5)
            self.add(EventKind.ACKNOWLEDGED, Actor.COORDINATOR, words="letter")
        if "manager-contact" in codes:
            self.wait(0, 4)
            self.add(EventKind.MANAGER_CONTACTED, self.officer, words="note")
        for _ in range(self.random.randint(0, 3)):
            self.wait(0, 3)
            self.add(EventKind.NOTED, self.officer, words="note")
        if self.random.random() < 0.04:
            self.add(EventKind.WITHDRAWN, Actor.COORDINATOR, words="note")
            return False
        self.answer(stage)
        onward = stage.customer_route
        if onward and onward.by_customer and self.random.random() < 0.15:
            self.wait(2, 9)
            self.ask(onward.to, is_decided=onward.handover is Handover.ON_DECISION)
            return True
        if not onward and stage.kind is StageKind.INITIAL_CONTACT and self.told_last(stage):
            return True
        self.wait(1, 15)
        self.add(EventKind.CLOSED, Actor.COORDINATOR)
        return False

    def answer(self, stage: Stage) -> None:
        """Answer the stage: resolve it, write, or hear it."""
        if stage.kind is StageKind.INITIAL_CONTACT:
            if self.random.random() < 0.3 and (route := _landlords(stage)):
                self.wait(3, 9)
                self.add(EventKind.PASSED_ON, self.officer, stage=route.to, visit=0, words="note")
                return
            self.wait(1, 9)
            self.add(EventKind.RESOLVED, self.officer, words="resolution")
            return
        if stage.panel is not None:
            self.hear()
        elif self.random.random() < 0.1 and (promise := stage.answer):
            self.wait(1, 4)
            new_day = self.calendar.add_working_days(self.day, 12)
            facts = {"timescale": promise.code, "new_due_on": new_day.isoformat()}
            self.add(EventKind.EXTENDED, self.officer, facts=facts, words="letter")
            self.wait(3, 12)
        self.wait(1, 12)
        outcome = self.random.choice(list(Outcome)).value
        kind = EventKind.OUTCOME_SENT if stage.panel else EventKind.RESPONDED
        channel = self.random.choice(["post", "email"])
        facts = {"outcome": outcome, "channel": channel}
        self.add(kind, self.officer, facts=facts, words="letter")
        if channel == "post":
            self.wait(2, 2)
            self.add(EventKind.DELIVERED, Actor.COORDINATOR)

    def hear(self) -> None:
        """Arrange a hearing, send what belongs to it, and hold it."""
        self.wait(1, 3)
        hearing = self.calendar.add_working_days(self.day, self.random.randint(12, 18))
        facts = {"hearing_on": hearing.isoformat(), "mode": "in_person", "members": []}
        self.add(EventKind.HEARING_ARRANGED, Actor.COORDINATOR, facts=facts)
        self.wait(2, 4)
        self.add(EventKind.INVITATION_SENT, Actor.COORDINATOR, words="letter")
        self.add(EventKind.PAPERS_SENT, Actor.COORDINATOR)
        self.move_to(hearing)
        self.add(EventKind.HEARING_HELD, Actor.COORDINATOR, facts={"mode": "in_person"})

    def ask(self, to: str, *, is_decided: bool) -> None:
        """Let the customer ask for the next stage."""
        facts = {"channel": "phone", "in_time": True}
        self.add(
            EventKind.ESCALATION_REQUESTED,
            Actor.COORDINATOR,
            stage=to,
            visit=0,
            facts=facts,
            words="reasons",
        )
        if is_decided:
            self.wait(1, 4)
            self.add(EventKind.ESCALATION_ACCEPTED, Actor.COORDINATOR, words="letter")
        self.wait(0, 2)
        self.assign(Actor.SECOND_OFFICER)

    def assign(self, officer: Actor) -> None:
        """Give the complaint to an officer."""
        facts = {"officer": NUMBERS[officer]}
        self.add(EventKind.ASSIGNED, Actor.COORDINATOR, facts=facts)

    def told_last(self, stage: Stage) -> bool:
        """Say whether the stage ended by being passed on."""
        return self.told[-1].event.kind is EventKind.PASSED_ON

    def wait(self, least: int, most: int) -> None:
        """Let some working days pass."""
        self.move_to(self.calendar.add_working_days(self.day, self.random.randint(least, most)))

    def move_to(self, day: date) -> None:
        """Go on at this day.

        :raises TodayReached: if it has not come yet.
        """
        if day > self.today:
            raise TodayReached
        if day != self.day:
            self.minute = 0
        self.day = day

    def add(
        self,
        kind: EventKind,
        actor: Actor,
        *,
        stage: str = "",
        visit: int = 0,
        facts: Mapping[str, Any] | None = None,
        words: str = "",
    ) -> None:
        """Add an event of this day."""
        self.minute += 1
        at = datetime.combine(self.day, time(0, self.minute), LONDON)
        event = Event(
            number=len(self.told) + 1,
            kind=kind,
            on=self.day,
            at=at,
            stage=stage,
            visit=visit,
            actor=NUMBERS.get(actor),
            facts=dict(facts or {}),
        )
        self.told.append(Told(event, actor, words))


def _landlords(stage: Stage) -> Any:
    return next((route for route in stage.routes if not route.by_customer), None)


def patterns(
    count: int,
    *,
    is_open: bool,
    versions: Mapping[str, tuple[int, ProcedureTerms]],
    calendar: WorkingCalendar,
    edition: int,
    today: date,
    seed: int,
) -> Iterator[Pattern]:
    """Yield that many histories that are open today, or over by today, spread over the years."""
    chance = random.Random(seed)
    codes, weights = list(PROCEDURES), list(PROCEDURES.values())
    made = 0
    while made < count:
        version, terms = versions[chance.choices(codes, weights)[0]]
        furthest = 75 if is_open else YEARS * 365
        back = min(chance.random(), chance.random()) if is_open else chance.random()
        began = calendar.roll_forward(today - timedelta(days=int(furthest * back)))
        if began > today:
            continue
        teller = Teller(terms, calendar, chance, began, today, edition, version)
        try:
            teller.tell()
        except TodayReached:
            if not teller.told:
                continue
        state = replay(terms, [each.event for each in teller.told], {edition: calendar})
        if state.is_open is is_open:
            made += 1
            yield Pattern(version, terms, teller.told, state)
