"""What stands in the calendar of somebody's deadlines and hearings: no name, no word of anybody."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Q

from cases.models import CalendarFeed, Complaint, Deadline, User
from cases.models.complaints import COUNT_LIMIT, AccessEntry, ComplaintQuerySet, held_by
from cases.models.procedures import published_terms
from cases.rules.icalendar import Entry
from cases.rules.next_steps import stage_name
from cases.rules.roles import AREA_ROLES, Role
from cases.selectors.promises import kept_by
from cases.selectors.reach import take_up


def owner_of(token: str, *, today: date) -> User | None:
    """Return whose calendar an address is, if they still work here, standing in for whom they do.

    Two queries.
    """
    name = CalendarFeed.name_in(token)
    if not name:
        return None
    user = User.objects.filter(calendar_feed__name=name, is_active=True).first()
    if user is not None:
        take_up(user, today)
    return user


def entries(user: User) -> list[Entry]:
    """Return the promises and hearings that are somebody's, the earliest first. Two queries.

    Besides those which read what their roles reach.
    """
    visible = Complaint.objects.visible_to(user).open()
    found = _deadlines(user, visible) + _hearings(user, visible)
    return sorted(found, key=lambda entry: (entry.on, entry.uid))


# What is read of each deadline, in its order.
_READ = (
    "complaint__reference",
    "complaint__procedure_version",
    "complaint__last_event_at",
    "stage",
    "visit",
    "code",
    "words",
    "due_on",
    "promise",
)


def _deadlines(user: User, visible: ComplaintQuerySet) -> list[Entry]:
    """Return what the procedure asks of them in open complaints, and the promises they keep.

    A promise stays owed when its complaint is closed, and is whose it was given to keep.
    """
    asked = Deadline.objects.live().filter(
        _bound(user), promise__isnull=True, complaint__in=visible, due_on__isnull=False
    )
    kept = kept_by(user).filter(due_on__isnull=False)
    rows = asked.order_by().values_list(*_READ).union(kept.order_by().values_list(*_READ), all=True)
    return [
        Entry(
            uid=_uid(reference, stage, str(visit), code),
            reference=reference,
            on=due_on,
            words=f"{words}: {reference}, {stage_name(published_terms(version), stage)}",
            url=_url(reference),
            changed_at=changed_at,
            promise=promise,
        )
        for reference, version, changed_at, stage, visit, code, words, due_on, promise in (
            rows.order_by("due_on", "complaint__reference", "code")[:COUNT_LIMIT]
        )
        if due_on
    ]


def _bound(user: User) -> Q:
    bound = Q(complaint__responsible_officer__in=user.own_keys)
    if user.covers:
        bound |= Q(complaint__in=sorted(user.covers))
    for role in user.scope.roles - {Role.RESPONSIBLE_OFFICER, Role.PANEL_MEMBER}:
        binding = Q(binds=role.value)
        if role in AREA_ROLES:
            binding &= Q(complaint__service_area__in=user.scope.areas.get(role, ()))
        bound |= binding
    return bound


def _hearings(user: User, visible: ComplaintQuerySet) -> list[Entry]:
    seats = AccessEntry.objects.filter(user=user, as_panel_member=True)
    theirs = held_by(user) | Q(pk__in=seats.values("complaint"))
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        theirs = Q()
    rows = (
        visible.filter(theirs, hearing_on__isnull=False)
        .order_by("hearing_on", "pk")
        .values_list("reference", "last_event_at", "stage", "visit", "hearing_on")[:COUNT_LIMIT]
    )
    return [
        Entry(
            uid=_uid(reference, stage, str(visit), "hearing"),
            reference=reference,
            on=hearing_on,
            words=f"Hearing: {reference}",
            url=_url(reference),
            changed_at=changed_at,
        )
        for reference, changed_at, stage, visit, hearing_on in rows
        if hearing_on
    ]


def _uid(*parts: str) -> str:
    host = urlsplit(settings.PUBLIC_BASE_URL).hostname or "complaints"
    return f"{'/'.join(parts)}@{host}"


def _url(reference: str) -> str:
    return f"{settings.PUBLIC_BASE_URL}{Complaint(reference=reference).get_absolute_url()}"
