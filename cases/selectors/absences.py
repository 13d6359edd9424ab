"""Who stands in for whom on a day."""

from collections.abc import Iterable
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
