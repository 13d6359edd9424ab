"""The figures of answers, and what of them whoever opens no complaint is told (decision 76)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cases.rules.day_spans import Happening
from feedback.rules.surveys import FEWEST, shown_counts
from reporting.rules.durations import ADDED, TAKEN, in_bands
from reporting.rules.kept import share_of

TIMINGS = (Happening.ON_TIME.value, Happening.EXTENDED.value, Happening.LATE.value)
LATE = Happening.LATE.value
AVOIDABLE = ("yes", "no", "")
# How an answer came to have more time: extended with a letter, without one on record, or agreed.
NAMED, UNNAMED, AGREED = "named", "unnamed", "agreed"
HOW = (NAMED, UNNAMED, AGREED)
ALL_STAGES = ""
K = TypeVar("K", int, str)
Shown = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Given:
    """So many answers that were alike. `days` is None where nobody knows when the time began."""

    stage: str
    timing: str
    avoidable: str
    days: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Moved:
    """So many answers whose day was moved alike, by so many working days."""

    how: str
    days: int
    count: int


@dataclass(frozen=True)
class AnswerFigures:
    """The answers of some days. Where it `hides_small`, None stands for what is not told."""

    given: Sequence[Given]
    moved: Sequence[Moved]
    hides_small: bool = False

    @property
    def fewest(self) -> int:
        """Return of how many answers at least something must tell."""
        return FEWEST if self.hides_small else 1

    @property
    def total(self) -> int:
        """Return how many answers there were, which says nothing of anybody."""
        return sum(each.count for each in self.given)

    @property
    def timings(self) -> Shown:
        """Return how the answers of all stages stood to their day."""
        return self._shown(self._timings_of(self.given))

    @property
    def in_time_share(self) -> int | None:
        """Return how many of a hundred were in time or within an extension."""
        if None in self.timings.values():
            return None
        return share_of(self.total - (self.timings[LATE] or 0), self.total)

    @property
    def by_stage(self) -> Mapping[str, Mapping[str, int]]:
        """Return the same stage by stage; of none, if one of the numbers is small."""
        found = {stage: self._timings_of(self._at(stage)) for stage in self._stages}
        return {} if self._is_any_small(found.values()) else found

    @property
    def taken(self) -> Mapping[str, Counter[int]]:
        """Return how many took so many working days, stage by stage; or all stages as one."""
        found = {stage: _taken(self._at(stage)) for stage in self._stages}
        found = {stage: counts for stage, counts in found.items() if counts}
        if self._is_any_small(in_bands(counts, TAKEN) for counts in found.values()):
            return {ALL_STAGES: _taken(self.given)}
        return found

    def bands(self, counts: Mapping[int, int]) -> Shown:
        """Return how many took as long as each band."""
        return self._shown(in_bands(counts, TAKEN))

    @property
    def avoidable(self) -> Shown | None:
        """Return what was said of late answers; None where not even how many they were is told."""
        if self.timings[LATE] is None:
            return None
        late = Counter[str]()
        for each in self.given:
            if each.timing == LATE:
                late[each.avoidable] += each.count
        return self._shown({said: late[said] for said in AVOIDABLE})

    @property
    def added(self) -> Counter[int] | None:
        """Return how many answers had so many working days more; None if that tells of few."""
        found = Counter[int]()
        for each in self.moved:
            found[each.days] += each.count
        extended = self.timings[Happening.EXTENDED.value]
        others = sum(found.values()) - (extended or 0)
        if self.hides_small and (extended is None or _is_small(others) or _is_small(found.total())):
            return None
        return found

    @property
    def how(self) -> Shown:
        """Return how answers came to have more time."""
        found = Counter[str]()
        for each in self.moved:
            found[each.how] += each.count
        return self._shown({how: found[how] for how in HOW})

    def added_bands(self, added: Mapping[int, int]) -> Shown:
        """Return how many had as many working days more as each band."""
        return self._shown(in_bands(added, ADDED))

    @property
    def _stages(self) -> list[str]:
        return sorted({each.stage for each in self.given})

    def _at(self, stage: str) -> list[Given]:
        return [each for each in self.given if each.stage == stage]

    @staticmethod
    def _timings_of(given: Iterable[Given]) -> dict[str, int]:
        found = Counter[str]()
        for each in given:
            found[each.timing] += each.count
        return {timing: found[timing] for timing in TIMINGS}

    def _shown(self, counts: Mapping[K, int]) -> dict[K, int | None]:
        return shown_counts(counts) if self.hides_small else dict(counts)

    def _is_any_small(self, tables: Iterable[Mapping[str, int]]) -> bool:
        return self.hides_small and any(
            _is_small(number) for table in tables for number in table.values()
        )


def _is_small(number: int) -> bool:
    return 0 < number < FEWEST


def _taken(given: Iterable[Given]) -> Counter[int]:
    found = Counter[int]()
    for each in given:
        if each.days is not None:
            found[each.days] += each.count
    return found
