"""Declaring whom one knows; the complaints that surely concern it are closed to one."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import DeclaredInterest, User
from cases.operations.access import close_to
from cases.operations.customers import tidy_postcode
from cases.operations.record import recording
from cases.rules.acts import Act
from cases.rules.interests import name_key
from cases.selectors.independence import is_excluded
from cases.selectors.interests import not_closed_yet

BECAUSE = "What they declared about themselves concerns this customer."


@transaction.atomic
def declare_interest(
    *, relation: str, name: str, postcode: str, by: User, now: datetime
) -> DeclaredInterest:
    """Declare that one knows somebody, or has to do with a place.

    What surely concerns them is closed to the declarer now, and whatever comes later too.

    :raises ReasonMissing: if it is not said who they are to the declarer, or who they are.
    """
    if not relation.strip() or not (name.strip() or postcode.strip()):
        raise ReasonMissing("Say who it is to you, and a name or a postcode.")
    interest = DeclaredInterest.objects.create(
        user=by,
        relation=relation.strip(),
        name=name.strip(),
        name_key=name_key(name),
        postcode=tidy_postcode(postcode),
        declared_at=now,
    )
    _close([interest], now=now)
    return interest


@transaction.atomic
def end_interest(*, code: str, by: User, now: datetime) -> DeclaredInterest:
    """Say that a declaration of one's own no longer holds. What is closed stays closed.

    :raises ActionNotAllowed: if there is no such declaration of theirs.
    """
    own = DeclaredInterest.objects.filter(user=by, code=code, ended_at__isnull=True).first()
    if own is None:
        raise ActionNotAllowed("This declaration was ended already.")
    own.ended_at = now
    own.save(update_fields=["ended_at"])
    return own


def close_what_concerns(*, now: datetime) -> int:
    """Close complaints that came in meanwhile to those whose declarations they surely concern."""
    return _close(DeclaredInterest.objects.standing().select_related("user"), now=now)


def _close(interests: Iterable[DeclaredInterest], *, now: datetime) -> int:
    closed = 0
    for complaint, interest in not_closed_yet(interests):
        try:
            with recording(
                complaint_id=complaint, act=Act.DECLARE_CONFLICT, by=None, now=now, seen=None
            ) as case:
                if not is_excluded(complaint, interest.user):
                    close_to(case, interest.user_id, reason=BECAUSE)
                interest.closed.add(complaint)
        except ActionNotAllowed:
            # Nobody else could handle a restricted complaint. It is tried again every time, and
            # until then nobody can give it to them.
            continue
        closed += 1
    return closed
