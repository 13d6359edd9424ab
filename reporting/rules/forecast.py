"""What falls due in the weeks to come, beside what each officer can keep in them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from cases.rules.calendars import WorkingCalendar
from reporting.rules.spans import DAYS_AHEAD, WORKING_WEEK, Span, coming_days, coming_weeks

# What falls due in so many working days is at risk.
RISK_DAYS = 5


@dataclass(frozen=True, slots=True)
class Week:
    """Five working days, with the days on which nobody works that are told with them."""

    span: Span
    working_days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Load:
    """What is due from an officer in a week, and what they can keep; None where nobody said.

    `away` are the working days on which they are away.
    """

    due: int
    room: Decimal | None
    away: int

    @property
    def over(self) -> int:
        """Return how many more are due than can be kept, whole promises only."""
        if self.room is None:
            return 0
        return max(0, self.due - int(self.room))


@dataclass(frozen=True, slots=True)
class OfficerForecast:
    """An officer, or nobody: what is overdue, and each week, the first with what is overdue."""

    key: int | None
    name: str
    overdue: int
    loads: tuple[Load, ...]

    @property
    def total(self) -> int:
        """Return all that is due, what is overdue included."""
        return sum(load.due for load in self.loads)

    @property
    def over(self) -> int:
        """Return by how much the fullest week is too full."""
        return max((load.over for load in self.loads), default=0)


@dataclass(frozen=True, slots=True)
class Due:
    """So many promises due from somebody on a day; None for a day that has passed."""

    officer: int | None
    name: str
    on: date | None
    count: int


@dataclass(frozen=True, slots=True)
class Capacities:
    """How many promises an officer keeps on a working day: usually, and those who differ."""

    usual: Decimal | None = None
    own: Mapping[int, Decimal] | None = None

    def of(self, officer: int | None) -> Decimal | None:
        """Return how many somebody keeps a day; None of nobody, or where nothing is set."""
        if officer is None:
            return None
        return (self.own or {}).get(officer, self.usual)


def weeks_ahead(today: date, calendar: WorkingCalendar) -> list[Week]:
    """Return the next 20 working days in weeks of five."""
    start = calendar.roll_forward(today)
    working = [calendar.add_working_days(start, number) for number in range(DAYS_AHEAD)]
    return [
        Week(span, tuple(working[number * WORKING_WEEK : (number + 1) * WORKING_WEEK]))
        for number, span in enumerate(coming_weeks(coming_days(today, calendar)))
    ]


def forecast(
    due: Sequence[Due],
    weeks: Sequence[Week],
    away: Mapping[int, Collection[tuple[date, date]]],
    capacities: Capacities,
) -> list[OfficerForecast]:
    """Return what is due from each officer, whoever has the fullest week first, nobody last.

    What is overdue has to be done at once: it is part of the first week. A day on which somebody is
    away leaves no room.
    """
    names = {each.officer: each.name for each in due}
    found = []
    for officer, name in names.items():
        mine = [each for each in due if each.officer == officer]
        overdue = sum(each.count for each in mine if each.on is None)
        loads = tuple(
            _load(
                mine,
                week,
                away.get(officer or 0, ()),
                capacities.of(officer),
                more=0 if number else overdue,
            )
            for number, week in enumerate(weeks)
        )
        found.append(OfficerForecast(officer, name, overdue, loads))
    return sorted(found, key=lambda each: (each.key is None, -each.over, -each.total, each.name))


def _load(
    due: Sequence[Due],
    week: Week,
    away: Collection[tuple[date, date]],
    a_day: Decimal | None,
    *,
    more: int,
) -> Load:
    first, last = week.span.first, week.span.last
    count = sum(
        each.count
        for each in due
        if each.on is not None
        and first is not None
        and last is not None
        and first <= each.on <= last
    )
    missing = sum(any(begin <= day <= end for begin, end in away) for day in week.working_days)
    room = None if a_day is None else a_day * (len(week.working_days) - missing)
    return Load(count + more, room, missing)


class Part(StrEnum):
    """Of what the forecast knows: never of more than its reader may read."""

    READABLE = "what you may read"
    AREA = "what you may read here"
    OWN = "what you hold or were given"


def forecast_finding(
    officers: Sequence[OfficerForecast], weeks: Sequence[Week], part: Part = Part.READABLE
) -> str:
    """Say where more is due than can be kept, of the two fullest weeks by name.

    What an officer can keep is all that they can: of an area nobody can be said to have room.
    """
    named = [each for each in officers if each.key is not None]
    if not named:
        return f"Of {part.value}, nothing is due from anybody in the next 20 working days."
    if all(load.room is None for each in named for load in each.loads):
        return "How many promises an officer can keep a day is not set: nothing can be compared."
    full = [
        (load.over, each.name, week.span.words, load)
        for each in named
        for week, load in zip(weeks, each.loads, strict=True)
        if load.over
    ]
    if not full and part is Part.AREA:
        return f"Of {part.value} alone no week is too full; what is due elsewhere is not in it."
    if not full:
        return (
            f"Of {part.value}, nobody has more due than they can keep in the next 20 working days."
        )
    full.sort(key=lambda each: (-each[0], each[1]))
    people = len({name for _, name, _, _ in full})
    told = "; ".join(
        f"{name} in {words}: {load.due:,} due, room for {int(load.room or 0):,}"
        + (f", away on {load.away} working day{'' if load.away == 1 else 's'}" if load.away else "")
        for _, name, words, load in full[:2]
    )
    have = "officer has" if people == 1 else "officers have"
    return f"Of {part.value}, {people:,} {have} more due in a week than they can keep. {told}."


def risk_finding(days: Sequence[tuple[str, int]], overdue: int) -> str:
    """Say how much falls due in the next five working days, and when most of it."""
    total = sum(count for _, count in days)
    late = f" {overdue:,} {'is' if overdue == 1 else 'are'} overdue already." if overdue else ""
    if not total:
        return f"Nothing falls due in the next five working days.{late}"
    day, most = max(days, key=lambda each: each[1])
    verb, noun = ("falls", "complaint") if total == 1 else ("fall", "complaints")
    when = f"most on {day} ({most:,})" if most < total else f"on {day}"
    return f"{total:,} {noun} {verb} due in the next five working days, {when}.{late}"
