"""Who stands in for whom on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from cases.models import Absence

# An absence that begins within these days is near: what is overdue by now has to be left to others.
NEAR = timedelta(days=14)


def is_within(on: date, absence: Absence, *, today: date) -> bool:
    """Say whether a day to come lies in an absence, or one that has passed before one that is near.

    What is overdue by now has to be left to others in an absence that has begun or is near.
    """
    if on < today:
        return absence.first_day <= today + NEAR
    return absence.first_day <= on <= absence.last_day


def follow(deputies: dict[int, int], person: int) -> int | None:
    """Return who stands in at the end of the chain of absences, or nothing if all are away."""
    seen = {person}
    while (deputy := deputies.get(person)) is not None:
        if deputy in seen:
            return None
        seen.add(deputy)
        person = deputy
    return person


def deputies_on(day: date) -> dict[int, int]:
    """Return for each person away on that day who stands in for them. One query."""
    away = Absence.objects.on(day).filter(user__is_active=True).order_by("pk")
    return deputies_of(away.values_list("user_id", "deputy_id", "deputy__is_active"))


def deputies_of(absences: Iterable[tuple[int, int, bool]]) -> dict[int, int]:
    """Return for each person who is away who stands in for them, the chains resolved.

    `absences` tell the person, the deputy, and whether that one is still here, in the order
    recorded. Where everybody in a chain is away, or the deputy has left, nobody stands in. Of two
    absences at once the later recorded counts.
    """
    named, active = {}, set()
    for person, deputy, is_active in absences:
        named[person] = deputy
        active.update([deputy] if is_active else [])
    found = {}
    for person in named:
        last = follow(named, person)
        if last in active and last is not None:
            found[person] = last
    return found


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Another absence in the days of one: of whom, when, and who stands in for them."""

    person: int
    first_day: date
    last_day: date
    is_here: bool
    deputy: int
    is_deputy_here: bool
    name: str

    def meets(self, first: date, last: date) -> bool:
        """Say whether a day of it lies between two days."""
        return self.first_day <= last and self.last_day >= first


def away_meanwhile(absence: Absence) -> set[int]:
    """Return who is away on any day of an absence. One query."""
    return away_in([absence], meanwhile_of([absence]))[absence.pk]


def meanwhile_of(absences: Sequence[Absence]) -> list[Meanwhile]:
    """Return every absence in the days of these, in the order recorded. One query."""
    rows = Absence.objects.filter(
        first_day__lte=max(each.last_day for each in absences),
        last_day__gte=min(each.first_day for each in absences),
    ).order_by("pk")
    return [
        Meanwhile(*row)
        for row in rows.values_list(
            "user_id",
            "first_day",
            "last_day",
            "user__is_active",
            "deputy_id",
            "deputy__is_active",
            "deputy__name",
        )
    ]


def away_in(absences: Sequence[Absence], meanwhile: Sequence[Meanwhile]) -> dict[int, set[int]]:
    """Return by absence who is away on any day of it."""
    return {
        each.pk: {other.person for other in meanwhile if other.meets(each.first_day, each.last_day)}
        for each in absences
    }


def standing_in(
    absences: Sequence[Absence], meanwhile: Sequence[Meanwhile], *, today: date
) -> dict[int, tuple[int, str]]:
    """Return by absence who stands in on its next day, by key and name.

    An absence in which everybody along the chain is away, or has left, is left out.
    """
    names = {other.deputy: other.name for other in meanwhile}
    found = {}
    for each in absences:
        day = max(each.first_day, today)
        deputies = deputies_of(
            (other.person, other.deputy, other.is_deputy_here)
            for other in meanwhile
            if other.is_here and other.meets(day, day)
        )
        person = deputies.get(each.user_id)
        if person is not None:
            found[each.pk] = (person, names[person])
    return found
