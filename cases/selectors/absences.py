"""Who stands in for whom on a day."""

from datetime import date

from cases.models import Absence, User


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
    """Return for each person away on that day who stands in for them, the chains resolved.

    Where everybody in a chain is away, or the deputy has left, nobody stands in. Of two
    absences at once the later recorded counts. One query.
    """
    away = Absence.objects.on(day).filter(user__is_active=True).order_by("pk")
    rows = list(away.values_list("user_id", "deputy_id", "deputy__is_active"))
    named = {person: deputy for person, deputy, _ in rows}
    active = {deputy for _, deputy, is_active in rows if is_active}
    found = {}
    for person in named:
        deputy = follow(named, person)
        if deputy in active and deputy is not None:
            found[person] = deputy
    return found


def stood_in_for_by(user: User, day: date) -> frozenset[int]:
    """Return the people for whom `user` stands in on that day (`User.stands_in_for`). One query."""
    return frozenset(person for person, deputy in deputies_on(day).items() if deputy == user.pk)
