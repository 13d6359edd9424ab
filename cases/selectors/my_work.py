"""What somebody has to do: what is due, what waits, what nobody has yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet

from cases.models import (
    Absence,
    CalendarEdition,
    Complaint,
    Delivery,
    Letter,
    OutboundMessage,
    RecordedEvent,
    User,
)
from cases.models.complaints import AccessEntry, ComplaintQuerySet, Level
from cases.models.procedures import edition
from cases.rules.acts import GRANTS, Act
from cases.rules.due_words import soon_until
from cases.rules.roles import AREA_ROLES, Role
from cases.rules.state import Status
from cases.selectors.counting import count_up_to, keys_by_list
from cases.selectors.rows import Row, listed

SECTION_ROWS = 15
RECENT = 6
# Of the newest entries of somebody so many are looked through for the complaints they handled.
RECENT_ENTRIES = 40


class View(StrEnum):
    """The views of the list of complaints."""

    OPEN = "open"
    OVERDUE = "overdue"
    TODAY = "today"
    SOON = "soon"
    WAITING = "waiting"
    UNASSIGNED = "unassigned"
    UNTRIAGED = "untriaged"

    @property
    def words(self) -> str:
        """Return the view for people."""
        return {
            "open": "All open",
            "overdue": "Overdue",
            "today": "Due today",
            "soon": "Due in three working days",
            "waiting": "Waiting",
            "unassigned": "Unassigned",
            "untriaged": "To be accepted",
        }[self.value]


# What is waited for: the customer, a decision on a request.
WAITING_FOR_OTHERS = (Status.ANSWERED.value, Status.AWAITING_DECISION.value)


def in_view(
    complaints: ComplaintQuerySet, view: View, *, today: date, soon: date
) -> ComplaintQuerySet:
    """Keep the open complaints that belong to a view; `soon` is the last day that is soon.

    What is overdue, due today, due soon and waiting never overlap.
    """
    found = complaints.open()
    match view:
        case View.OVERDUE:
            return found.overdue(today=today)
        case View.TODAY:
            return found.filter(next_due_on=today)
        case View.SOON:
            return found.filter(next_due_on__gt=today, next_due_on__lte=soon)
        case View.WAITING:
            later = Q(next_due_on__isnull=True) | Q(next_due_on__gt=soon)
            return found.filter(
                later, Q(status__in=WAITING_FOR_OTHERS) | Q(hearing_on__isnull=False)
            )
        case View.UNASSIGNED:
            return found.filter(responsible_officer__isnull=True)
        case View.UNTRIAGED:
            return found.filter(needs_triage=True)
    return found


def theirs(complaints: ComplaintQuerySet, user: User) -> ComplaintQuerySet:
    """Keep what `user` has to act on, of what they may know of.

    What they hold or stand in for; what the next promise binds them to by role; requests that
    they may decide; hearings on which they sit.
    """
    scope = user.scope
    found = Q(responsible_officer__in=user.own_keys)
    for role in scope.roles:
        binding = Q(next_due_binds=role.value, is_open=True)
        if role in AREA_ROLES:
            found |= binding & Q(service_area__in=scope.areas.get(role, ()))
        elif role not in (Role.RESPONSIBLE_OFFICER, Role.PANEL_MEMBER):
            found |= binding
    found |= _to_decide(user)
    if Role.PANEL_MEMBER in scope.roles:
        seats = AccessEntry.objects.filter(user=user, as_panel_member=True)
        found |= Q(pk__in=seats.values("complaint"))
    return complaints.filter(found)


def _to_decide(user: User) -> Q:
    deciding = GRANTS[Act.ACCEPT_ESCALATION] | GRANTS[Act.REFUSE_ESCALATION]
    waiting = Q(status=Status.AWAITING_DECISION.value)
    if Role.COMPLAINTS_COORDINATOR in user.scope.roles & deciding:
        return waiting
    areas = {area for role in deciding for area in user.scope.areas.get(role, ())}
    return waiting & Q(service_area__in=areas)


def may_assign(user: User) -> bool:
    """Say whether somebody gives complaints to officers."""
    return user.has_role(*GRANTS[Act.ASSIGN])


def calendar_in_force() -> QuerySet[CalendarEdition, Any]:
    """Return the query of the number of the calendar edition in force."""
    return CalendarEdition.objects.order_by("-pk").values("pk")[:1]


def acted_on_by(user: User) -> Q:
    """Return the condition, from a complaint, that somebody's roles count for it.

    The same as `selectors.standing.roles_for`, for lists.
    """
    scope = user.scope
    if Role.COMPLAINTS_COORDINATOR in scope.roles:
        return Q(pk__isnull=False)
    found = Q(responsible_officer__in=user.own_keys) | Q(service_area__in=scope.managed_areas)
    if Role.FRONT_LINE in scope.roles:
        found |= Q(logged_by=user.pk)
    listed_for = AccessEntry.objects.filter(user=user, as_panel_member=False)
    return found | Q(level=Level.RESTRICTED.value, pk__in=listed_for.values("complaint"))


def letters_to_post(user: User) -> QuerySet[Letter]:
    """Return the letters waiting for the post that `user` may mark as posted, oldest first."""
    theirs_to_post = Complaint.objects.readable_by(user).filter(acted_on_by(user))
    return Letter.objects.filter(
        channel="post", posted_on__isnull=True, complaint__in=theirs_to_post
    ).order_by("issued_at", "pk")


def failed_messages(user: User) -> QuerySet[OutboundMessage]:
    """Return the e-mails to customers that could not be delivered and are `user`'s to mend."""
    theirs_to_mend = Complaint.objects.readable_by(user).filter(acted_on_by(user))
    return OutboundMessage.objects.filter(
        state=Delivery.UNDELIVERABLE.value, to_user__isnull=True, complaint__in=theirs_to_mend
    ).order_by("created_at", "pk")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of somebody's work: how many there are, and the first of them."""

    name: str
    count: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class MyWork:
    """All that somebody has to do. `area` counts the whole of what a manager answers for."""

    sections: list[Section]
    later: int
    letters: int
    recent: list[Row]
    area: dict[str, int] = field(default_factory=dict)


DUE_VIEWS = (View.OVERDUE, View.TODAY, View.SOON, View.WAITING)
RECENTLY = "recent"
FAILED = "failed"
LETTERS = "letters"
ALL_MINE = "all"


def my_work(user: User, *, today: date) -> MyWork:
    """Return what somebody has to do. Four queries, whatever the size."""
    key = calendar_in_force().values_list("pk", flat=True).first()
    if key is None:
        return MyWork([], 0, 0, [])
    calendar = edition(key)
    soon = soon_until(today, calendar)
    lists = _lists(user, today=today, soon=soon)
    counts = count_up_to(lists | _area_lists(user, today=today, soon=soon))
    keys = keys_by_list({name: each for name, each in _arms(user, lists).items()})
    keys[RECENTLY] = list(dict.fromkeys(keys[RECENTLY]))
    wanted = {key for some in keys.values() for key in some}
    complaints = Complaint.objects.visible_to(user).filter(pk__in=wanted).with_readable(user)
    rows = {row.pk: row for row in listed(complaints, today=today, calendar=calendar)}
    sections = [
        Section(name, counts[name], _in_order(keys[name], rows)) for name in lists if name in keys
    ]
    shown = {row.pk for section in sections for row in section.rows}
    recent = [rows[key] for key in keys[RECENTLY] if key in rows and key not in shown]
    due = sum(counts[view] for view in DUE_VIEWS)
    return MyWork(
        sections=sections,
        later=max(0, counts[ALL_MINE] - due),
        letters=counts[LETTERS],
        recent=recent[:RECENT],
        area={
            name.removeprefix(AREA): count
            for name, count in counts.items()
            if name.startswith(AREA)
        },
    )


AREA = "area-"


def stood_in_for(user: User, *, today: date) -> list[tuple[str, date]]:
    """Return the names of those for whom `user` stands in today, and until when. At most a query.

    Nothing is asked when the web has found that nobody is away.
    """
    if not user.stands_in_for:
        return []
    away = Absence.objects.on(today).filter(user__in=user.stands_in_for)
    return list(away.order_by("last_day", "pk").values_list("user__name", "last_day"))


def _lists(user: User, *, today: date, soon: date) -> dict[str, QuerySet[Any]]:
    visible = Complaint.objects.visible_to(user)
    mine = theirs(visible, user)
    lists: dict[str, QuerySet[Any]] = {
        view.value: in_view(mine, view, today=today, soon=soon) for view in DUE_VIEWS
    }
    if may_assign(user):
        lists[View.UNASSIGNED.value] = in_view(visible, View.UNASSIGNED, today=today, soon=soon)
    lists[FAILED] = failed_messages(user)
    lists[LETTERS] = letters_to_post(user)
    lists[ALL_MINE] = mine.open()
    return lists


def _area_lists(user: User, *, today: date, soon: date) -> dict[str, QuerySet[Any]]:
    """Return what those who answer for others look at besides their own work."""
    if not may_assign(user):
        return {}
    visible = Complaint.objects.visible_to(user)
    return {
        f"{AREA}{view.value}": in_view(visible, view, today=today, soon=soon)
        for view in (View.OVERDUE, View.TODAY, View.SOON, View.OPEN)
    }


def _arms(user: User, lists: Mapping[str, QuerySet[Any]]) -> dict[str, QuerySet[Any]]:
    soonest = (F("next_due_on").asc(nulls_last=True), "pk")
    arms: dict[str, QuerySet[Any]] = {
        view.value: lists[view.value].order_by(*soonest).values("pk")[:SECTION_ROWS]
        for view in DUE_VIEWS
    }
    if View.UNASSIGNED in lists:
        unassigned = lists[View.UNASSIGNED].order_by("received_on", "pk")
        arms[View.UNASSIGNED.value] = unassigned.values("pk")[:SECTION_ROWS]
    arms[FAILED] = lists[FAILED].values("complaint")[:SECTION_ROWS]
    done = RecordedEvent.objects.filter(actor=user).order_by("-pk")
    arms[RECENTLY] = done.values("complaint")[:RECENT_ENTRIES]
    return arms


def _in_order(keys: list[int], rows: Mapping[int, Row]) -> list[Row]:
    found = [rows[key] for key in dict.fromkeys(keys) if key in rows]
    far = date.max - timedelta(days=1)
    return sorted(found, key=lambda row: (row.due_on or far, row.received_on, row.pk))
