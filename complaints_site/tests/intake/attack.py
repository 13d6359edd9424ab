"""Many people sending the form while processes are killed, and what is found afterwards."""

import queue
import random
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from complaints_site.tests.installation import wait_until
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
        """Return what was sent, by the reference that was told."""
        return {reference: each for each in self.sent for reference in each.references}


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
    """Return that many people with something to tell; for one in ten a colleague logs it."""
    inside = site.installation.hand()
    desk = inside.call("complaints_site.tests.intake.inside:somebody_at_the_desk")
    session, today = (desk["name"], desk["value"]), date.fromisoformat(desk["today"])
    found = senders(site, forms=forms, seed=seed, patience=patience)
    for number in range(CALLS - 1, forms, CALLS):
        chance = found[number].rng
        found[number] = Colleague(site.port, number, chance, patience, session, today)
    return found


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


@dataclass(frozen=True)
class Found:
    """What is in the database and on the disk, beside what people were told."""

    lost: list[str]
    doubled: list[str]
    changed: list[str]
    bad_files: list[str]
    bad_receipts: list[str]
    stored: int

    def __str__(self) -> str:
        return (
            f"lost={len(self.lost)} doubled={len(self.doubled)} changed={len(self.changed)} "
            f"bad_files={len(self.bad_files)} bad_receipts={len(self.bad_receipts)} "
            f"stored={self.stored}"
        )


def look(site: Site, outcome: Outcome) -> Found:
    """Compare what people were told with what is stored, asked past the system."""
    rows = site.installation.rows
    sent = set(
        rows(
            "SELECT c.reference, c.summary FROM cases_complaint c JOIN feedback_submission s"
            " ON s.complaint_id = c.id AND s.reference = c.reference"
        )
    )
    logged = set(rows("SELECT reference, summary FROM cases_complaint WHERE channel = 'phone'"))
    stored = dict(sent | logged)
    files = dict(
        rows(
            "SELECT c.reference, f.sha256 FROM cases_storedfile f"
            " JOIN cases_complaint c ON c.id = f.complaint_id"
        )
    )
    receipts = Counter(
        reference
        for (reference,) in rows(
            "SELECT c.reference FROM cases_outboundmessage m"
            " JOIN cases_complaint c ON c.id = m.complaint_id WHERE m.kind = 'receipt'"
        )
    )
    words = Counter(summary for (summary,) in rows("SELECT summary FROM cases_complaint"))
    told = outcome.told
    return Found(
        lost=[ref for ref, each in told.items() if stored.get(ref) != each.words],
        doubled=[each.words for each in outcome.sent if words[each.words] > 1],
        changed=[each.words for each in outcome.sent if len(set(each.references)) > 1],
        bad_files=[ref for ref, each in told.items() if files.get(ref, "") != each.sha256],
        bad_receipts=[ref for ref, _ in sent if receipts[ref] != 1],
        stored=len(stored),
    )
