"""Many people sending the form, and adding to complaints, while processes are killed."""

import queue
import random
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from complaints_site.tests.installation import Hand, wait_until
from complaints_site.tests.intake.followers import Added, Asked, Doors, Follower
from complaints_site.tests.intake.people import (
    PATIENCE_SECONDS,
    Colleague,
    GaveUp,
    Person,
    Sent,
)
from complaints_site.tests.intake.site import Site, ready

CLIENTS = 12
# One in so many of those who tell something rings, and a colleague logs it.
CALLS = 10
# One complaint for so many is there before, to which two of them add something instead.
FOLLOWED, FIRST_FOLLOWED = 20, 4
# How many of those are made with one call: a minute is enough for more.
DOORS_AT_ONCE = 50
# What is killed, as shares of all kills.
ON_SQLITE = {"web worker": 0.7, "web master": 0.3}
ON_POSTGRESQL = {"web worker": 0.45, "web master": 0.18, "backend": 0.21, "postmaster": 0.16}


@dataclass
class Outcome:
    """What people were told, and who gave up before they were told anything."""

    sent: list[Sent] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)

    @property
    def told(self) -> dict[str, Sent]:
        """Return what was sent or logged, by the reference that was told."""
        new = [each for each in self.sent if not isinstance(each, Added)]
        return {reference: each for each in new for reference in each.references}

    @property
    def added(self) -> list[Added]:
        """Return what was added to a complaint that was there."""
        return [each for each in self.sent if isinstance(each, Added)]


class Crowd:
    """Twelve people at a time, until every form is sent."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.outcome = Outcome()
        self.done = 0
        self._waiting: queue.Queue[Person] = queue.Queue()
        for person in people:
            self._waiting.put(person)
        self._lock = threading.Lock()
        self._clients = [threading.Thread(target=self._work, daemon=True) for _ in range(CLIENTS)]

    def start(self) -> None:
        """Let them begin."""
        for client in self._clients:
            client.start()

    def wait(self) -> None:
        """Wait until the last form is sent or given up."""
        for client in self._clients:
            client.join()

    def _work(self) -> None:
        while True:
            try:
                person = self._waiting.get_nowait()
            except queue.Empty:
                return
            reason = ""
            try:
                person.tell()
            except GaveUp as gave_up:
                reason = str(gave_up)
            with self._lock:
                self.outcome.sent.append(person.sent)
                self.outcome.gave_up += [reason] if reason else []
                self.done += 1


def senders(
    site: Site, *, forms: int, seed: int, patience: float = PATIENCE_SECONDS
) -> list[Person]:
    """Return that many people who send a form, each with something of their own to tell."""
    return [
        Person(site.port, number, random.Random(seed + number), patience)  # noqa: S311  repeatable
        for number in range(forms)
    ]


def people(
    site: Site, *, forms: int, seed: int, patience: float = PATIENCE_SECONDS
) -> list[Person]:
    """Return that many people with something to tell.

    For one in ten a colleague logs it; of twenty one adds to a complaint, and one answers a
    question about it.
    """
    inside = site.installation.hand()
    desk = inside.call("complaints_site.tests.intake.inside:somebody_at_the_desk")
    session, today = (desk["name"], desk["value"]), date.fromisoformat(desk["today"])
    found = senders(site, forms=forms, seed=seed, patience=patience)
    for number in range(CALLS - 1, forms, CALLS):
        chance = found[number].rng
        found[number] = Colleague(site.port, number, chance, patience, session, today)
    places = range(FIRST_FOLLOWED, forms - 1, FOLLOWED)
    for place, doors in zip(places, _doors(inside, len(places)), strict=True):
        for number, kind in enumerate((Follower, Asked), place):
            chance = found[number].rng
            found[number] = kind(site.port, number, chance, patience, doors)
    return found


def _doors(inside: Hand, number: int) -> list[Doors]:
    make = "complaints_site.tests.intake.inside:complaints_with_doors"
    counts = [min(DOORS_AT_ONCE, number - begun) for begun in range(0, number, DOORS_AT_ONCE)]
    return [Doors(**each) for some in counts for each in inside.call(make, number=some)]


def attack(
    site: Site, *, forms: int, kills: int, seed: int, patience: float = PATIENCE_SECONDS
) -> Outcome:
    """Let twelve people at a time send forms, and kill processes spread over their progress."""
    rng = random.Random(seed)  # noqa: S311  a repeatable choice
    crowd = Crowd(people(site, forms=forms, seed=seed, patience=patience))
    shares = ON_POSTGRESQL if site.database else ON_SQLITE
    plan = [what for what, share in shares.items() for _ in range(round(kills * share))]
    rng.shuffle(plan)
    crowd.start()
    for place, what in enumerate(plan, 1):
        progress = forms * place / (len(plan) + 1)
        wait_until(lambda progress=progress: crowd.done >= progress, seconds=600)
        wait_until(lambda what=what: site.kill(what, rng))
    crowd.wait()
    if site.database is not None:
        wait_until(ready(site.database))
    return crowd.outcome
