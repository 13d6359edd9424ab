"""The points of a complaint with what was found about them, and what a finding can rest on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cases.models import StoredFile
from cases.rules.events import Event, EventKind
from cases.rules.points import (
    IS_ALL_OURS,
    SOUGHT_UNSAID,
    PointWords,
    in_words,
    one_line,
    says_what_is_ours,
    says_what_is_sought,
)
from cases.rules.timeline_words import UNTOLD
from cases.selectors.case_history import CaseHistory

# Entries in which somebody says something that a finding can rest on.
_EVIDENCE = frozenset(
    {
        EventKind.RECEIVED,
        EventKind.CONTACTED,
        EventKind.MANAGER_CONTACTED,
        EventKind.NOTED,
        EventKind.ESCALATION_REQUESTED,
        EventKind.HEARING_HELD,
    }
)
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A file or an entry on which a finding rests. `key` is the file's, `entry` its number."""

    words: str
    key: str = ""
    entry: int = 0


@dataclass(frozen=True, slots=True)
class PointLine:
    """One point as the page shows it."""

    words: PointWords
    evidence: tuple[EvidenceLine, ...]

    @property
    def finding_words(self) -> str:
        """Return what was found last, or that it was put right."""
        return self.words.point.ended_as or "Not decided yet"


@dataclass(frozen=True, slots=True)
class CasePoints:
    """The complaint as it was set out."""

    lines: tuple[PointLine, ...] = ()
    sought: str = ""
    responsible: str = ""
    not_responsible: str = ""
    is_sought_unsaid: bool = False
    is_all_ours: bool = False
    are_words_erased: bool = False

    @property
    def is_sought_said(self) -> bool:
        """Say whether it is recorded what the customer wants, or that they did not say."""
        return says_what_is_sought(sought=self.sought, is_unsaid=self.is_sought_unsaid)

    @property
    def is_ours_said(self) -> bool:
        """Say whether it is recorded what we are and are not responsible for."""
        return says_what_is_ours(not_responsible=self.not_responsible, is_all_ours=self.is_all_ours)


def evidence_of(history: CaseHistory) -> list[tuple[str, str]]:
    """Return the files and entries on which a finding can rest, by code. One query."""
    files = StoredFile.objects.filter(complaint=history.complaint).order_by("-pk")
    told = [(f"file:{key}", f"File: {name}") for key, name in files.values_list("pk", "name")]
    entries = [e for e in reversed(history.state.events) if e.kind in _EVIDENCE]
    return [*told, *((f"entry:{e.number}", _entry_words(history, e)) for e in entries)]


def _entry_words(history: CaseHistory, event: Event) -> str:
    parts = history.parts(event.number)
    said = one_line(next((text for name, text in parts.items() if text and name not in UNTOLD), ""))
    short = said if len(said) <= _SHOWN else f"{said[:_SHOWN].rstrip()}…"
    named = f"{event.kind.words}, {event.on:%-d %B %Y}"
    return f"{named}: {short}" if short else named


def case_points(history: CaseHistory, files: Mapping[int, tuple[str, str]]) -> CasePoints:
    """Return the points of a complaint; `files` has key and name of its files by number."""
    points = history.state.points
    if not points:
        return CasePoints()
    parts = {number: kept.parts for number, kept in history.words.items()}
    defined_by = points[0].defined_by
    told, chosen = parts.get(defined_by, {}), history.events[defined_by - 1].facts
    return CasePoints(
        tuple(
            PointLine(each, tuple(evidence_lines(history, each.point.evidence, files)))
            for each in in_words(points, parts)
        ),
        told.get("sought", ""),
        told.get("responsible", ""),
        told.get("not_responsible", ""),
        is_sought_unsaid=bool(chosen.get(SOUGHT_UNSAID)),
        is_all_ours=bool(chosen.get(IS_ALL_OURS)),
        are_words_erased=history.words[defined_by].are_erased,
    )


def evidence_lines(
    history: CaseHistory, codes: Sequence[str], files: Mapping[int, tuple[str, str]]
) -> list[EvidenceLine]:
    """Return the files and entries that codes name, as far as they are known."""
    entries = {event.number: event for event in history.state.events}
    found = []
    for code in codes:
        kind, _, number = code.partition(":")
        if kind == "file" and int(number) in files:
            key, name = files[int(number)]
            found.append(EvidenceLine(name, key=key))
        elif kind == "entry" and int(number) in entries:
            entry = entries[int(number)]
            words = f"{entry.kind.words}, {entry.on:%-d %b %Y}"
            found.append(EvidenceLine(words, entry=entry.number))
    return found
