"""What somebody has to do: what is due, what waits, what nobody has yet."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from django.db.models import Q, QuerySet

from cases.models import (
    Absence,
    CalendarEdition,
    Complaint,
    Cover,
    Delivery,
    InboundMail,
    Letter,
    OutboundMessage,
    RecordedEvent,
    User,
)
from cases.models.complaints import COUNT_LIMIT, AccessEntry, Level, held_by
from cases.models.fenced import Among
from cases.models.procedures import edition
from cases.rules.acts import GRANTS, Act
from cases.rules.calendars import WorkingCalendar
from cases.rules.due_words import soon_until
from cases.rules.pages import CHANGERS, Page
from cases.rules.periods import LONDON
from cases.rules.roles import AREA_ROLES, Role
from cases.rules.state import Status
from cases.selectors.absences import NEAR
from cases.selectors.counting import Compiled, Narrowing, compiled, count_each, keys_of_each
from cases.selectors.prepared import KEPT, Prepared, Reader, reader_of
from cases.selectors.rows import Row, rows_by_key
from cases.selectors.seen import Picked, Seen, sees_much
from cases.selectors.unposted import to_be_posted

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
    PROMISES = "promises"
    PROMISES_OVERDUE = "promises-overdue"

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
            "promises": "Promises open",
            "promises-overdue": "Promises overdue",
        }[self.value]


# What is waited for: the customer, a decision on a request.
WAITING_FOR_OTHERS = (Status.ANSWERED.value, Status.AWAITING_DECISION.value)


def in_view(view: View, *, today: date, soon: date) -> Q:
    """Return the condition that an open complaint belongs to a view; `soon` is the last such day.

    What is overdue, due today, due soon and waiting never overlap.
    """
    is_open = Q(is_open=True)
    match view:
        case View.OVERDUE:
            return is_open & Q(next_due_on__lt=today)
        case View.TODAY:
            return is_open & Q(next_due_on=today)
        case View.SOON:
            return is_open & Q(next_due_on__gt=today, next_due_on__lte=soon)
        case View.WAITING:
            later = Q(next_due_on__isnull=True) | Q(next_due_on__gt=soon)
            waits = Q(status__in=WAITING_FOR_OTHERS) | Q(hearing_on__isnull=False)
            return is_open & later & waits
        case View.UNASSIGNED:
            return is_open & Q(responsible_officer__isnull=True)
        case View.UNTRIAGED:
            return is_open & Q(needs_triage=True)
        case View.PROMISES | View.PROMISES_OVERDUE:
            late = Q(promise_due_on__lt=today)
            return late if view is View.PROMISES_OVERDUE else Q(promise_due_on__isnull=False)
    return is_open


def theirs(user: User) -> Q:
    """Return the condition that it is `user`'s to act, of what they may know of.

    What they hold, stand in for or cover; what the next promise binds them to by role; requests
    that they may decide; hearings on which they sit.
    """
    scope = user.scope
    found = held_by(user)
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
    return found


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
    found = held_by(user) | Q(service_area__in=scope.managed_areas)
    if Role.FRONT_LINE in scope.roles:
        found |= Q(logged_by=user.pk)
    if not scope.own - {Role.PANEL_MEMBER}:
        return found
    listed_for = AccessEntry.objects.filter(user=user, as_panel_member=False)
    return found | Q(level=Level.RESTRICTED.value, pk__in=listed_for.values("complaint"))


def letters_to_post(user: User) -> QuerySet[Letter]:
    """Return the letters waiting for the post that `user` may mark as posted, oldest first."""
    theirs_to_post = Complaint.objects.readable_by(user).filter(acted_on_by(user))
    some = Among("pk", to_be_posted().order_by().values("pk"))
    return Letter.objects.filter(some, complaint__in=theirs_to_post).order_by("issued_at", "pk")


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
class Beside:
    """Work of another part of the system: what is counted of it, and where it is done.

    `rows` returns what is somebody's to do on a day, nothing where it never is; it is counted in
    the query that counts the rest. `words` says how many there are. Where it takes long to say who
    may know of a row, `rows` leaves that out, and `known` counts them once there is one: a query.
    """

    name: str
    rows: Callable[[User, date], QuerySet[Any] | None]
    words: Callable[[int, str], str]
    url: Callable[[], str]
    known: Callable[[User, date], int] | None = None


# Each app with such work adds it when it is loaded.
BESIDE: list[Beside] = []


@dataclass(frozen=True, slots=True)
class MyWork:
    """All that somebody has to do. `area` counts the whole of what a manager answers for."""

    sections: list[Section]
    later: int
    letters: int
    recent: list[Row]
    # E-mail that waits to be sorted, how much of it since an earlier day, and over a week.
    post: int = 0
    post_earlier: int = 0
    post_week: int = 0
    area: dict[str, int] = field(default_factory=dict)
    # Compensation that was approved waits somewhere for somebody to offer it.
    has_money_to_offer: bool = False
    # How many absences of theirs there are now or soon.
    absences: int = 0
    # How much there is of the work of other parts, by name.
    beside: dict[str, int] = field(default_factory=dict)
    # The calendar in force, by which other parts of the page count; nothing before the set-up.
    calendar: WorkingCalendar | None = None


DUE_VIEWS = (View.OVERDUE, View.TODAY, View.SOON, View.WAITING)
RECENTLY = "recent"
# Given to somebody within these days, and nothing done by them since; so many are named.
NEW, NEW_FOR, NEW_ROWS = "new", timedelta(days=14), 25
FAILED = "failed"
LETTERS = "letters"
POST, POST_EARLIER, POST_WEEK = "post", "post-earlier", "post-week"
ABSENCES = "absences"
MONEY = "money"
ALL_MINE = "all"


def my_work(user: User, *, today: date) -> MyWork:
    """Return what somebody has to do. At most five queries, whatever the size."""
    key = next(iter(_calendar().rows()), None)
    if key is None:
        return MyWork([], 0, 0, [])
    calendar = edition(key[0])
    reader = reader_of(user)
    soon = soon_until(today, calendar)
    found = _seen(reader, today=today, soon=soon).picked()
    if found is None or not found.keys:
        counted, shown_first = _lists(reader, today=today, soon=soon)
        counts = found.counts if found else count_each(counted)
        found = Picked(counts, keys_of_each(shown_first))
    counts, keys = found.counts, found.keys
    recently = list(dict.fromkeys(keys.pop(RECENTLY, [])))
    # Of these too only what they may know of is counted: there are few, and all are named.
    wanted = {key for some in (*keys.values(), recently) for key in some}
    rows = rows_by_key(reader, wanted, today=today, calendar=calendar)
    counts[NEW] = sum(key in rows for key in keys.get(NEW, ()))
    sections = [
        Section(name, counts[name], _in_order(keys.get(name, []), rows)) for name in _shown_to(user)
    ]
    shown = {row.pk for section in sections for row in section.rows}
    recent = [rows[key] for key in recently if key in rows and key not in shown]
    due = sum(counts[name] for name in (*DUE_VIEWS, NEW))
    return MyWork(
        sections=sections,
        later=max(0, counts[ALL_MINE] - due),
        letters=counts[LETTERS],
        post=counts.get(POST, 0),
        post_earlier=counts.get(POST_EARLIER, 0),
        post_week=counts.get(POST_WEEK, 0),
        recent=recent[:RECENT],
        area={
            name.removeprefix(AREA): count
            for name, count in counts.items()
            if name.startswith(AREA)
        },
        has_money_to_offer=bool(counts[MONEY]),
        absences=counts[ABSENCES],
        beside={each.name: n for each in BESIDE if (n := _count(each, counts, user, today))},
        calendar=calendar,
    )


def _count(each: Beside, counts: Mapping[str, int], user: User, today: date) -> int:
    found = counts.get(each.name, 0)
    return each.known(user, today) if found and each.known else found


def _shown_to(user: User) -> list[str]:
    """Return the sections of the page in their order."""
    unassigned = [View.UNASSIGNED.value] if may_assign(user) else []
    pressing = (View.OVERDUE.value, View.TODAY.value, View.SOON.value)
    return [*pressing, NEW, View.WAITING.value, *unassigned, FAILED]


@lru_cache(maxsize=1)
def _calendar() -> Prepared:
    return Prepared(calendar_in_force().values_list("pk"))


AREA = "area-"


def stood_in_for(user: User, *, today: date) -> list[tuple[str, date]]:
    """Return the names of those for whom `user` stands in today, and until when. At most a query.

    Nothing is asked when the web has found that nobody is away.
    """
    if not user.stands_in_for:
        return []
    away = Absence.objects.on(today).filter(user__in=user.stands_in_for)
    return list(away.order_by("last_day", "pk").values_list("user__name", "last_day"))


@dataclass(frozen=True, slots=True)
class Covered:
    """The complaints that somebody covers for one colleague, and until when."""

    name: str
    until: date
    references: list[str]


def covered(user: User, *, today: date) -> list[Covered]:
    """Return the complaints that `user` covers today, by officer.

    At most one query, and none where the web has found that they cover nothing.
    """
    if not user.covers:
        return []
    known = Complaint.objects.visible_to(user).filter(pk__in=sorted(user.covers))
    rows = Cover.objects.in_force(today).filter(user=user, complaint__in=known)
    found: dict[int, Covered] = {}
    for key, name, until, reference in rows.order_by("absence__last_day", "pk").values_list(
        "absence", "absence__user__name", "absence__last_day", "complaint__reference"
    ):
        found.setdefault(key, Covered(name, until, [])).references.append(reference)
    return list(found.values())


@lru_cache(maxsize=KEPT)
def _lists(
    reader: Reader, *, today: date, soon: date
) -> tuple[Mapping[str, Compiled], Mapping[str, Compiled]]:
    """Return the lists that are counted, and those that are shown, each by its own index."""
    lists = _Lists(reader.user, today=today, soon=soon)
    visible = Narrowing(Complaint.objects.visible_to(reader.user))
    limit = COUNT_LIMIT + 1
    counted = {name: visible.to(each, limit=limit) for name, each in lists.conditions.items()}
    shown = {
        name: visible.to(lists.conditions[name], soonest_first=True, limit=SECTION_ROWS)
        for name in _shown_to(reader.user)
        if name not in (FAILED, NEW)
    }
    return counted | lists.others(), shown | lists.shown_others()


@lru_cache(maxsize=KEPT)
def _seen(reader: Reader, *, today: date, soon: date) -> Seen:
    """Return the same lists, picked from what somebody sees; only counted for who sees much."""
    lists = _Lists(reader.user, today=today, soon=soon)
    visible = Complaint.objects.visible_to(reader.user)
    if sees_much(reader):
        return Seen(visible, lists.conditions, others=lists.others())
    return Seen(
        visible,
        lists.conditions,
        shown={name: SECTION_ROWS for name in _shown_to(reader.user) if name not in (FAILED, NEW)},
        others=lists.others(),
        shown_others=lists.shown_others(),
    )


class _Lists:
    """The lists of which the page is made: what belongs to each."""

    def __init__(self, user: User, *, today: date, soon: date) -> None:
        self.user = user
        self.today, self.soon = today, soon
        mine = theirs(user)
        views = {view: in_view(view, today=today, soon=soon) for view in View}
        self.conditions = {view.value: mine & views[view] for view in DUE_VIEWS}
        if may_assign(user):
            self.conditions[View.UNASSIGNED.value] = views[View.UNASSIGNED]
            # Those who answer for others look at more than their own work.
            for view in (View.OVERDUE, View.TODAY, View.SOON, View.OPEN):
                self.conditions[f"{AREA}{view.value}"] = views[view]
        self.conditions[ALL_MINE] = mine & Q(is_open=True)

    def others(self) -> dict[str, Compiled]:
        """Return what is counted that is no open complaint."""
        limit = COUNT_LIMIT + 1
        near = Absence.objects.filter(
            user=self.user, first_day__lte=self.today + NEAR, last_day__gte=self.today
        )
        waiting = Complaint.objects.filter(offer_waiting__isnull=False)
        return {
            FAILED: compiled(failed_messages(self.user).order_by().values("pk")[:limit]),
            LETTERS: compiled(letters_to_post(self.user).order_by().values("pk")[:limit]),
            ABSENCES: compiled(near.order_by().values("pk")[:limit]),
            MONEY: compiled(waiting.order_by().values("pk")[:1]),
            **self._post(limit),
            **self._beside(limit),
        }

    def _beside(self, limit: int) -> dict[str, Compiled]:
        """Return what other parts of the system have for somebody to do."""
        found = {each.name: each.rows(self.user, self.today) for each in BESIDE}
        return {
            name: compiled(rows.order_by().values("pk")[:limit])
            for name, rows in found.items()
            if rows is not None
        }

    def _post(self, limit: int) -> dict[str, Compiled]:
        """Return the e-mail that waits for somebody to say what it is, by its age."""
        if not self.user.has_role(*CHANGERS[Page.POST]):
            return {}
        waits = InboundMail.objects.to_decide()
        began = datetime.combine(self.today, time(), LONDON)
        return {
            name: compiled(waits.filter(received_at__lt=before).values("pk")[:limit])
            for name, before in (
                (POST, began + timedelta(days=1)),
                (POST_EARLIER, began),
                (POST_WEEK, began - timedelta(days=7)),
            )
        }

    def shown_others(self) -> dict[str, Compiled]:
        """Return whose e-mails failed, what was handled last, and what is new to them."""
        done = RecordedEvent.objects.filter(actor=self.user).order_by("-pk")
        return {
            FAILED: compiled(failed_messages(self.user).values("complaint")[:SECTION_ROWS]),
            RECENTLY: compiled(done.values("complaint")[:RECENT_ENTRIES]),
            NEW: compiled(self._new_to_them().values("pk")[:NEW_ROWS]),
        }

    def _new_to_them(self) -> QuerySet[Complaint]:
        """Return what they were given lately and no other part of the page shows.

        By an index of its own, which holds nothing else; who may know of it is asked of its rows.
        """
        waits = in_view(View.WAITING, today=self.today, soon=self.soon)
        later = Q(next_due_on__isnull=True) | Q(next_due_on__gt=self.soon)
        given = Q(given_on__gte=self.today - NEW_FOR, responsible_officer=self.user.pk)
        new = Complaint.objects.filter(given & later, is_open=True).exclude(waits)
        return new.order_by("-given_on", "-pk")


def _in_order(keys: list[int], rows: Mapping[int, Row]) -> list[Row]:
    found = [rows[key] for key in dict.fromkeys(keys) if key in rows]
    far = date.max - timedelta(days=1)
    return sorted(found, key=lambda row: (row.due_on or far, row.received_on, row.pk))
