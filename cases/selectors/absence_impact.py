"""What is due, and which hearings there are, while somebody is away, and whether it is covered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cases.models import Absence, Complaint, User
from cases.selectors.calendar_feeds import entries
from cases.selectors.promises_away import give_url, promises_given_by


@dataclass(frozen=True, slots=True)
class InTheseDays:
    """A promise or a hearing on a day of an absence.

    `is_covered`: the complaint is open to whoever stands in. Standing in opens nothing from which
    somebody is shut out. `give_url`: where a promise is given to somebody else, if it is in a
    complaint of others or in a closed one, which nobody covers.
    """

    on: date
    words: str
    url: str
    is_covered: bool
    give_url: str


def due_while_away(
    user: User, absences: Sequence[Absence]
) -> list[tuple[Absence, list[InTheseDays]]]:
    """Return for each absence of somebody what lies in it, the earliest first.

    Three queries, and three for each absence in which something lies.
    """
    found = entries(user) if absences else []
    to_give = _to_give(user, {each.reference for each in found if each.promise is not None})
    told = []
    for absence in absences:
        within = [each for each in found if absence.first_day <= each.on <= absence.last_day]
        covered = _open_to_deputy(absence, {each.reference for each in within})
        told.append(
            (
                absence,
                [
                    InTheseDays(
                        each.on,
                        each.words,
                        Complaint(reference=each.reference).get_absolute_url(),
                        each.reference in covered,
                        give_url(each.reference, each.promise)
                        if each.promise is not None and each.reference in to_give
                        else "",
                    )
                    for each in within
                ],
            )
        )
    return told


def _to_give(user: User, references: set[str]) -> set[str]:
    """Return those complaints the promises in which are given to others one by one.

    An open complaint of their own is covered as a whole instead.
    """
    if not references:
        return set()
    found = promises_given_by(user).filter(reference__in=references)
    elsewhere = found.exclude(is_open=True, responsible_officer=user)
    return set(elsewhere.values_list("reference", flat=True))


def _open_to_deputy(absence: Absence, references: set[str]) -> set[str]:
    if not references:
        return set()
    deputy = User.objects.get(pk=absence.deputy_id)
    deputy.stands_in_for = frozenset({absence.user_id})
    readable = Complaint.objects.readable_by(deputy).filter(reference__in=references)
    return set(readable.values_list("reference", flat=True))
