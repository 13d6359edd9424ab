"""Complaints of the past under other terms: which promises would have been kept, which not.

Only the days are other ones. What people did and when stays as it was, so this shows what a change
of the terms does by itself: nobody worked faster because a limit was shorter.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from cases.rules.state import CaseState, Deadline, DeadlineState

# Which promise, in which stay: stage, number of the stay, code.
At = tuple[str, int, str]


class Verdict(StrEnum):
    """What a promise came to."""

    IN_TIME = "in_time"
    EXTENDED = "extended"
    LATE = "late"

    @property
    def words(self) -> str:
        """Return the verdict for people."""
        return {"in_time": "In time", "extended": "In time by an extension", "late": "Late"}[
            self.value
        ]


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise, the day it was due in the end, and what it came to: nothing while it is open."""

    words: str
    due_on: date
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class Change:
    """A promise of one complaint that the other terms turn. Without `after` they do not make it."""

    complaint: int
    stage: str
    before: Judged | None
    after: Judged | None

    @property
    def words(self) -> str:
        """Return what is promised."""
        told = self.after or self.before
        return told.words if told else ""

    @property
    def is_worse(self) -> bool:
        """Say whether what was not late becomes late."""
        return self.after is not None and self.after.verdict is Verdict.LATE


@dataclass
class Side:
    """The figures under one set of terms."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    weeks: Counter[date] = field(default_factory=Counter)

    def take(self, judged: Judged) -> None:
        """Count one promise."""
        if judged.verdict is not None:
            self.verdicts[judged.verdict] += 1
        self.weeks[judged.due_on - timedelta(days=judged.due_on.weekday())] += 1

    @property
    def settled(self) -> int:
        """Return how many promises were kept or not, without those still open."""
        return self.verdicts.total()

    @property
    def late(self) -> int:
        """Return how many were late or never kept."""
        return self.verdicts[Verdict.LATE]

    @property
    def extended(self) -> int:
        """Return how many were in time because the day had been moved."""
        return self.verdicts[Verdict.EXTENDED]

    @property
    def in_time(self) -> int:
        """Return how many were in time, the extended ones left out."""
        return self.verdicts[Verdict.IN_TIME]

    @property
    def peak(self) -> tuple[date, int] | None:
        """Return the Monday of the first week in which most falls due, and how much does."""
        if not self.weeks:
            return None
        return min(self.weeks.items(), key=lambda each: (-each[1], each[0]))


@dataclass
class Compared:
    """The same under the terms that ran and under those that are tried."""

    ran: Side = field(default_factory=Side)
    tried: Side = field(default_factory=Side)

    def take(self, before: Judged | None, after: Judged | None) -> None:
        """Count one promise on both sides, or on the one that makes it."""
        if before:
            self.ran.take(before)
        if after:
            self.tried.take(after)


@dataclass
class Trial:
    """Complaints tried under other terms, one after the other."""

    today: date
    complaints: int = 0
    # They went through other stages than the terms lead to, so nothing can be said of them.
    left_out: int = 0
    whole: Compared = field(default_factory=Compared)
    promises: dict[tuple[str, str], Compared] = field(default_factory=lambda: defaultdict(Compared))
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    areas: dict[int | None, Compared] = field(default_factory=lambda: defaultdict(Compared))
    changes: list[Change] = field(default_factory=list)

    def take(self, complaint: int, area: int | None, ran: CaseState, tried: CaseState) -> None:
        """Count one complaint as it stands under the terms that ran, and under those tried."""
        if _way(ran) != _way(tried):
            self.left_out += 1
            return
        self.complaints += 1
        before = dict(_judged(ran, self.today))
        after = dict(_judged(tried, self.today))
        for at in dict.fromkeys((*before, *after)):
            self._take(complaint, area, at, before.get(at), after.get(at))

    def _take(
        self, complaint: int, area: int | None, at: At, before: Judged | None, after: Judged | None
    ) -> None:
        stage, _, code = at
        for compared in (self.whole, self.promises[stage, code], self.areas[area]):
            compared.take(before, after)
        told = after or before
        if told:
            self.names[stage, code] = told.words
        if _verdict(before) is not _verdict(after) and (_is_late(before) or _is_late(after)):
            self.changes.append(Change(complaint, stage, before, after))

    @property
    def worse(self) -> int:
        """Return how many promises become late."""
        return sum(each.is_worse for each in self.changes)

    @property
    def better(self) -> int:
        """Return how many promises are late no more."""
        return len(self.changes) - self.worse


def _way(state: CaseState) -> list[str]:
    return [visit.stage for visit in state.visits]


def _judged(state: CaseState, today: date) -> Iterator[tuple[At, Judged]]:
    for each in state.deadlines:
        if each.timescale is not None and each.original_due_on is not None:
            judged = judge(each, each.original_due_on, today)
            if judged is not None:
                yield (each.stage, each.visit, each.code), judged


def judge(deadline: Deadline, promised: date, today: date) -> Judged | None:
    """Return what a promise came to by a day; nothing where it has no effect.

    A day once told to the customer counts where it is later than the day the terms give: nobody
    is late by an extension that other terms would not have needed.
    """
    due = max(promised, deadline.due_on or promised)
    if deadline.met_on is not None:
        if deadline.met_on <= promised:
            return Judged(deadline.words, promised, Verdict.IN_TIME)
        late = deadline.met_on > due
        return Judged(deadline.words, due, Verdict.LATE if late else Verdict.EXTENDED)
    if deadline.state is DeadlineState.NEVER_DONE:
        return Judged(deadline.words, due, Verdict.LATE)
    if deadline.state is DeadlineState.OPEN:
        return Judged(deadline.words, due, Verdict.LATE if due < today else None)
    return None


def _verdict(judged: Judged | None) -> Verdict | None:
    return judged.verdict if judged else None


def _is_late(judged: Judged | None) -> bool:
    return _verdict(judged) is Verdict.LATE


def finding(trial: Trial) -> str:
    """Say in a sentence what the terms would have changed."""
    settled = trial.whole.tried.settled
    promises = f"{settled:,} promise{'' if settled == 1 else 's'}"
    if not trial.complaints:
        return "No complaint of these days can be tried."
    if not trial.changes:
        return f"Nothing changes: each of {promises} comes to the same."
    worse, better = trial.worse, trial.better
    parts = [
        *([f"{worse:,} {'becomes' if worse == 1 else 'become'} late"] if worse else ()),
        *([f"{better:,} {'is' if better == 1 else 'are'} late no more"] if better else ()),
    ]
    return f"Of {promises} {' and '.join(parts)}."
