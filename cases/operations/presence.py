"""Who else is on the pages of a complaint, as far as the reader may know."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from django.db.models import Exists, OuterRef

from cases.models import AccessEntry, Complaint, Exclusion, Level, Presence, User
from cases.rules.act_words import LABELS
from cases.rules.acts import Act
from cases.rules.roles import Role
from cases.selectors.prepared import BLANK, Prepared

# Whoever was heard of within this time is here.
HERE = timedelta(minutes=3)
# Their row is written again no sooner, unless they began or ended an act.
AGAIN = timedelta(seconds=40)
# After this nobody can learn who looked.
FORGOTTEN = timedelta(hours=1)
# They look on; whoever works on the complaint neither learns that, nor do they learn who does.
_LOOKING_ON = frozenset({Role.PANEL_MEMBER, Role.AUDITOR})


def come_in(complaint: Complaint, *, user: User, now: datetime, act: Act | None = None) -> str:
    """Note that somebody has a complaint open, and return in words who else has.

    One query, and a second where the note is older than AGAIN.
    """
    if only_looks_on(user):
        return ""
    found = _here(complaint, now)
    mine = found.get(user.pk)
    doing = act.value if act else ""
    if mine is None or mine.act != doing or mine.seen_at <= now - AGAIN:
        _note(complaint, user, doing, now)
    return _in_words(found, user)


def who_else(complaint: Complaint, *, user: User, now: datetime) -> str:
    """Return in words who else has a complaint open. One query.

    Nobody is named to whom the complaint is closed by now, who was taken off its list, who has
    left, or who only looks on.
    """
    return "" if only_looks_on(user) else _in_words(_here(complaint, now), user)


def only_looks_on(user: User) -> bool:
    """Say whether somebody is neither told who else has a complaint open nor named to them."""
    return user.scope.roles <= _LOOKING_ON


class _Here(NamedTuple):
    """Somebody who has the complaint open, and what they write."""

    name: str
    act: str
    seen_at: datetime


def _here(complaint: Complaint, now: datetime) -> dict[int, _Here]:
    """Return who has the complaint open, by key. One query.

    The time is compared here: a moment is no blank, and so few have one complaint open.
    """
    rows = _asked(complaint.level == Level.RESTRICTED).rows(blank=complaint.pk)
    return {
        key: _Here(name, act, seen_at) for key, name, act, seen_at in rows if seen_at > now - HERE
    }


@cache
def _asked(is_restricted: bool) -> Prepared:
    shut_out = Exclusion.objects.filter(complaint=BLANK, user=OuterRef("user"))
    rows = Presence.objects.filter(~Exists(shut_out), complaint=BLANK, user__is_active=True)
    if is_restricted:
        listed = AccessEntry.objects.filter(complaint=BLANK, user=OuterRef("user"))
        rows = rows.filter(Exists(listed))
    return Prepared(
        rows.order_by("user__name", "pk").values_list("user", "user__name", "act", "seen_at")
    )


def _note(complaint: Complaint, user: User, act: str, now: datetime) -> None:
    Presence.objects.bulk_create(
        [Presence(complaint=complaint, user=user, act=act, seen_at=now)],
        update_conflicts=True,
        unique_fields=["complaint", "user"],
        update_fields=["act", "seen_at"],
    )


def _in_words(found: Mapping[int, _Here], user: User) -> str:
    told = [
        f"{each.name} (writing: {LABELS[Act(each.act)]})" if each.act else each.name
        for key, each in found.items()
        if key != user.pk
    ]
    return f"Also here now: {', '.join(told)}" if told else ""


def go_away(complaint: Complaint, *, user: User) -> None:
    """Forget that somebody has a complaint open: they left it, or did what they came for."""
    Presence.objects.filter(complaint=complaint, user=user).delete()


def forget_who_looked(*, now: datetime) -> int:
    """Forget who had which complaint open before; return of how many that was."""
    return Presence.objects.filter(seen_at__lt=now - FORGOTTEN).delete()[0]
