"""Closing the pages on which customers follow their complaints for everybody, and opening them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from cases.errors import ActionNotAllowed
from cases.models import Complaint, Landlord, OutboundMessage, Thing, TrackingVisit, User
from cases.operations.alerts import address_of
from cases.operations.settings_changes import check_seen, moved, note_change
from cases.rules.roles import Role

OPEN, CLOSED = "Open", "Closed to everybody"
PAGE = "/"
ABOUT = {
    True: "Customers who ask cannot look up their complaint there: tell them how it stands. "
    "Coordinators and administrators open it again under Settings, Landlord.",
    False: "Customers can look up their complaint there again, also with the links they have.",
}


@transaction.atomic
def change_following(
    *, is_closed: bool, notice: str, by: User, now: datetime, seen: int | None
) -> Landlord:
    """Let nobody follow a complaint on the web, or let everybody again; `notice` is for the public.

    Whoever is looking is signed out at once. Links that were sent open their complaint again once
    it is open. Coordinators and administrators are told.

    :raises ActionNotAllowed: if something is to be told while it is open.
    :raises SettingChanged: if somebody changed it since `seen`.
    """
    landlord = Landlord.objects.select_for_update().defer("logo").get()
    check_seen(thing=Thing.LANDLORD, seen=seen)
    if notice.strip() and not is_closed:
        raise ActionNotAllowed("While it is open the public is told nothing: empty the box.")
    was_closed = landlord.following_closed_at is not None
    changes = [
        *moved("Following a complaint on the web", _words(was_closed), _words(is_closed)),
        *moved("What the public is told of that", landlord.following_notice, notice.strip()),
    ]
    if not changes:
        return landlord
    landlord.following_notice = notice.strip()
    if is_closed is not was_closed:
        landlord.following_closed_at = now if is_closed else None
    landlord.save(update_fields=["following_notice", "following_closed_at"])
    change = note_change(
        thing=Thing.LANDLORD,
        act="Following a complaint changed",
        by=by,
        now=now,
        name=landlord.name,
        changes=changes,
    )
    if is_closed is not was_closed:
        if is_closed:
            TrackingVisit.objects.live(now=now).update(ended_at=now)
        _tell(f"following:{change.pk}", by=by, is_closed=is_closed, now=now)
    return landlord


def _words(is_closed: bool) -> str:
    return CLOSED if is_closed else OPEN


def _tell(key: str, *, by: User, is_closed: bool, now: datetime) -> None:
    """Tell everybody else who may change it back, and every officer with an open complaint.

    Nothing of any complaint stands in it. Two queries, whatever the number of people.
    """
    roles = [Role.COMPLAINTS_COORDINATOR.value, Role.SYSTEM_ADMINISTRATOR.value]
    theirs = Complaint.objects.open().filter(responsible_officer=OuterRef("pk"))
    people = User.objects.filter(
        Q(grants__role__in=roles) | Exists(theirs), is_active=True
    ).exclude(pk=by.pk)
    done = "closed to everybody" if is_closed else "open again"
    OutboundMessage.objects.bulk_create(
        OutboundMessage(
            key=f"{key}:{person.pk}",
            kind="following",
            to_user=person,
            to_address=person.email,
            subject=f"Following a complaint on the web is {done}",
            body=f"{by.name} did that. {ABOUT[is_closed]}\n\n{address_of(PAGE)}\n",
            created_at=now,
            next_try_at=now,
        )
        for person in people.distinct().order_by("pk")
    )
