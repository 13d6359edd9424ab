"""Ending sessions: signing people out elsewhere, and forgetting sessions that are over."""

from datetime import datetime

from django.db import transaction

from cases.models import BrowserSession, User
from cases.rules.sessions import KNOWN_AFTER


@transaction.atomic
def sign_out_elsewhere(*, user_id: int, here: str | None) -> int:
    """End all sessions of somebody but the one named, with their next request; say how many.

    Nothing of it is a setting, and no history tells of it.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user_id)
    others = BrowserSession.objects.filter(user=user_id)
    gone, _ = (others.exclude(session_key=here) if here else others).delete()
    return gone


def forget_ended_sessions(*, now: datetime) -> int:
    """Forget sessions that ended longer ago than KNOWN_AFTER, and say how many they were.

    What somebody had typed and did not send goes with them.
    """
    return BrowserSession.objects.filter(expire_date__lt=now - KNOWN_AFTER).delete()[0]
