"""Promises that somebody who is away keeps where nobody covers them with the complaint.

Those in complaints of others, and those of closed ones: each is given to somebody by itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BigIntegerField, F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from cases.models import Absence, Complaint, Deadline, User
from cases.models.complaints import ComplaintQuerySet
from cases.rules.acts import GRANTS, Act
from cases.selectors.absences import is_within
from cases.selectors.my_work import acted_on_by

# Who keeps a dated promise that is no team's.
KEEPER = Coalesce("keeper", "complaint__responsible_officer", output_field=BigIntegerField())


@dataclass(frozen=True, slots=True)
class PromiseAway:
    """An open promise whose keeper is away; `give_url` is empty where the reader cannot give it."""

    on: date
    is_overdue: bool
    words: str
    reference: str
    url: str
    give_url: str


def give_url(reference: str, promise: int) -> str:
    """Return where a promise is given to somebody else."""
    return f"{reverse(f'cases:{Act.GIVE_PROMISE.value}', args=[reference])}?promise={promise}"


def promises_given_by(user: User) -> ComplaintQuerySet:
    """Return the complaints the promises in which `user` gives to others."""
    if not user.has_role(*GRANTS[Act.GIVE_PROMISE]):
        return Complaint.objects.none()
    return Complaint.objects.readable_by(user).filter(acted_on_by(user))


def kept_elsewhere(user: User) -> "QuerySet[Deadline]":
    """Return the open promises of this sort that `user` may see to; KEEPER says who keeps each.

    Those they keep themselves, and those of others in complaints whose promises they give.
    """
    named = Q(keeper__isnull=False) & (
        Q(complaint__is_open=False)
        | Q(complaint__responsible_officer__isnull=True)
        | ~Q(keeper=F("complaint__responsible_officer"))
    )
    of_closed = Q(keeper__isnull=True, team__isnull=True, complaint__is_open=False)
    theirs = Q(keeper=user) | Q(keeper__isnull=True, complaint__responsible_officer=user)
    theirs &= Q(complaint__in=Complaint.objects.readable_by(user))
    return (
        Deadline.objects.live()
        .promised()
        .filter(named | of_closed)
        .filter(theirs | Q(complaint__in=promises_given_by(user)))
    )


def promises_away(
    absences: Sequence[Absence], user: User, *, today: date
) -> dict[int, list[PromiseAway]]:
    """Return by absence which of them are due in it, the soonest first. At most two queries.

    Of an absence that has begun or is near also what is overdue by now.
    """
    rows = list(
        kept_elsewhere(user)
        .annotate(who=KEEPER)
        .filter(who__in={each.user_id for each in absences}, due_on__isnull=False)
        .filter(due_on__lte=max(each.last_day for each in absences))
        .order_by("due_on", "pk")
        .values_list("who", "complaint__reference", "promise", "words", "due_on")
    )
    references = {reference for _, reference, *_ in rows}
    given = promises_given_by(user).filter(reference__in=references)
    to_give = set(given.values_list("reference", flat=True)) if references else set()
    found: dict[int, list[PromiseAway]] = defaultdict(list)
    for who, reference, promise, words, on in rows:
        if on is None or promise is None:
            continue
        line = PromiseAway(
            on,
            on < today,
            words,
            reference,
            Complaint(reference=reference).get_absolute_url(),
            give_url(reference, promise) if reference in to_give else "",
        )
        for each in absences:
            if each.user_id == who and is_within(on, each, today=today):
                found[each.pk].append(line)
    return found
