"""The secret address of somebody's calendar: made, replaced, switched off, by themselves."""

from datetime import datetime

from django.db import transaction

from cases.models import CalendarFeed, Thing, User
from cases.operations.settings_changes import note_change


@transaction.atomic
def make_feed(*, by: User, now: datetime) -> CalendarFeed:
    """Give somebody an address for their calendar; one they had leads nowhere from now on."""
    replaced, _ = CalendarFeed.objects.filter(user=by).delete()
    feed = CalendarFeed.objects.create(user=by, made_at=now)
    act = "Calendar address replaced" if replaced else "Calendar address made"
    note_change(thing=Thing.PERSON, act=act, by=by, now=now, person=by)
    return feed


@transaction.atomic
def switch_feed_off(*, by: User, now: datetime) -> None:
    """Let the address lead nowhere."""
    deleted, _ = CalendarFeed.objects.filter(user=by).delete()
    if deleted:
        note_change(
            thing=Thing.PERSON, act="Calendar address switched off", by=by, now=now, person=by
        )
