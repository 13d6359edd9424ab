"""Signing people out of the browsers in which they are signed in."""

from django.db import transaction

from cases.models import BrowserSession, User


@transaction.atomic
def sign_out_elsewhere(*, user_id: int, here: str | None) -> int:
    """End all sessions of somebody but the one named, with their next request; say how many.

    Nothing of it is a setting, and no history tells of it.
    """
    User.objects.select_for_update(of=("self",)).get(pk=user_id)
    others = BrowserSession.objects.filter(user=user_id)
    gone, _ = (others.exclude(session_key=here) if here else others).delete()
    return gone
