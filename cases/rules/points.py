"""The points of a complaint (Code 5.6): what each is, and what was found about it.

A point has a number that it keeps. The words are beside the events: `point_N` beside the event
that set the points out, `finding_N` and `turn_to_N` beside the answer.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cases.rules.events import ANSWERS, Event, EventKind, Outcome
from cases.rules.remedies import Remedy
from cases.rules.terms import NewMatters, Stage

MOST_POINTS = 20
_LOOKED_AT_AGAIN = frozenset(
    {EventKind.PASSED_ON, EventKind.ESCALATION_REQUESTED, EventKind.REOPENED}
)
PUT_RIGHT = "Put right without a formal answer"
# How the record tells of what was chosen and not written (Code 5.6, 5.7), beside facts that say so.
NOT_SAID = "The customer did not say."
ALL_OURS = "All of it."
SOUGHT_UNSAID, IS_ALL_OURS = "sought_unsaid", "all_ours"


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a complaint as it stands.

    `defined_by` and `found_by` are the numbers of the events beside which its words are kept;
    `evidence` names files and entries as "file:12" and "entry:5". `put_right_by` is the resolution
    that settled it without a finding (HH-11).
    """

    number: int
    defined_by: int
    finding: Outcome | None = None
    found_by: int | None = None
    remedies: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    put_right_by: int | None = None

    @property
    def ended_as(self) -> str:
        """Return what was found last, or that it was put right; nothing while neither is so."""
        if self.finding is not None:
            return self.finding.words
        return PUT_RIGHT if self.put_right_by is not None else ""


@dataclass(frozen=True, slots=True)
class PointWords:
    """One point with its words, as a page or a letter tells it. `place` counts from 1.

    `turn_to` says who answers for what is not ours.
    """

    place: int
    point: Point
    text: str
    reason: str = ""
    turn_to: str = ""

    @property
    def remedy_words(self) -> tuple[str, ...]:
        """Return the kinds of remedy that go with it, as staff choose them."""
        return tuple(Remedy(code).words for code in self.point.remedies)

    @property
    def remedy_sentences(self) -> tuple[str, ...]:
        """Return what a letter says of each remedy that goes with it."""
        return tuple(Remedy(code).told for code in self.point.remedies)


def says_what_is_sought(*, sought: str, is_unsaid: bool) -> bool:
    """Say whether it is told what the customer wants, or that they did not say (Code 5.6)."""
    return is_unsaid or bool(sought.strip())


def says_what_is_ours(*, not_responsible: str, is_all_ours: bool) -> bool:
    """Say whether it is told what we are and are not responsible for (Code 5.7).

    What is ours alone does not tell what is not.
    """
    return is_all_ours or bool(not_responsible.strip())


def one_line(text: str) -> str:
    """Return words as one line, as they stand in a list."""
    return " ".join(text.split())


def points_of(events: Sequence[Event]) -> tuple[Point, ...]:
    """Return the points after these events, in the order in which they were set out last."""
    points: dict[int, Point] = {}
    for event in events:
        if event.kind is EventKind.POINTS_DEFINED:
            points = {
                number: _defined(points.get(number), number, event)
                for number in event.facts.get("points", [])
            }
        elif event.kind in ANSWERS:
            for code, found in event.facts.get("findings", {}).items():
                if int(code) in points:
                    points[int(code)] = _found(points[int(code)], found, event)
    put_right = _put_right(events) if points else {}
    return tuple(
        replace(point, put_right_by=put_right.get(number)) for number, point in points.items()
    )


def _put_right(events: Iterable[Event]) -> Mapping[int, int]:
    """Return which points a resolution settled, and which: the points there were at that time.

    Looked at again nothing is settled; where that is refused it is as it was. Once the complaint
    was opened again or answered formally, what was put right before settles nothing any more.
    """
    known: Collection[int] = ()
    settled: dict[int, int] = {}
    stands = False
    for event in events:
        if event.kind is EventKind.POINTS_DEFINED:
            known = event.facts.get("points", [])
        elif event.kind is EventKind.RESOLVED:
            settled = dict.fromkeys(known, event.number)
        elif event.kind is EventKind.REOPENED or event.kind in ANSWERS:
            settled = {}
        if event.kind in (EventKind.RESOLVED, EventKind.ESCALATION_REFUSED):
            stands = True
        elif event.kind in _LOOKED_AT_AGAIN:
            stands = False
    return settled if stands else {}


def _defined(before: Point | None, number: int, event: Event) -> Point:
    if before is None:
        return Point(number, event.number)
    return replace(before, defined_by=event.number)


def _found(point: Point, found: Mapping[str, Any], event: Event) -> Point:
    return Point(
        point.number,
        point.defined_by,
        Outcome(found["finding"]),
        event.number,
        tuple(found.get("remedies", [])),
        tuple(found.get("evidence", [])),
    )


def in_words(
    points: Sequence[Point], words: Mapping[int, Mapping[str, str]]
) -> tuple[PointWords, ...]:
    """Return the points with their words, which are given by event and part."""
    return tuple(
        PointWords(
            place,
            point,
            words.get(point.defined_by, {}).get(f"point_{point.number}", ""),
            words.get(point.found_by or 0, {}).get(f"finding_{point.number}", ""),
            words.get(point.found_by or 0, {}).get(f"turn_to_{point.number}", ""),
        )
        for place, point in enumerate(points, start=1)
    )


def next_number(events: Iterable[Event]) -> int:
    """Return the number of a new point: one that no point of the complaint ever had."""
    used = [
        number
        for event in events
        if event.kind is EventKind.POINTS_DEFINED
        for number in event.facts.get("points", [])
    ]
    return max(used, default=0) + 1


def new_matters_refused(stage: Stage) -> str:
    """Return why a new matter cannot join a complaint in a stage, or nothing (HH-17, Code 6.8)."""
    if stage.new_matters is NewMatters.JOIN:
        return ""
    return (
        f"{stage.name} looks again at what was complained of before. Log a new matter as a "
        "complaint of its own, linked to this one."
    )


def outcome_of(findings: Collection[Outcome]) -> Outcome | None:
    """Return the outcome of a complaint that the findings about its points give; nothing of none.

    Upheld or not upheld where all of them are, partly upheld otherwise. What is not ours decides
    nothing beside the other points: the complaint is not ours where none of it is (Code 5.7).
    """
    if not findings:
        return None
    different = set(findings) - {Outcome.NOT_OURS} or {Outcome.NOT_OURS}
    return different.pop() if len(different) == 1 else Outcome.PARTLY_UPHELD


def points_found(facts: Mapping[str, Any], *, defined: int) -> Counter[str]:
    """Return how many points an answer found how, from its facts, as numbers count them.

    Where it says nothing of single points, all that were `defined` were found as the complaint was;
    what was answered whole is one point. Those put right without an outcome count under nothing.
    """
    if findings := facts.get("findings"):
        return Counter(Outcome(each["finding"]).value for each in findings.values())
    return Counter({facts.get("outcome") or "": max(defined, 1)})


def findings_in_words(found: Mapping[str, Mapping[str, Any]]) -> str:
    """Return what was found about each point, in one line."""
    return "; ".join(
        f"point {code}: {Outcome(each['finding']).words.lower()}"
        for code, each in sorted(found.items(), key=lambda pair: int(pair[0]))
    )


def part_label(name: str) -> str:
    """Return what words kept beside an event are called that have no name of their own."""
    kind, _, number = name.partition("_")
    if kind == "finding" and number.isdigit():
        return f"Reason for the finding about point {number}"
    if name.startswith("turn_to_"):
        return f"Who answers for point {name.removeprefix('turn_to_')}"
    return name.replace("_", " ").capitalize()
