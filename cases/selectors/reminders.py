"""What the deadline sweep reads: whether it may speak now, what is due, and who is told."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import CharField, OuterRef, Subquery, Value

from cases.models import (
    Absence,
    AccessEntry,
    CalendarEdition,
    Complaint,
    Cover,
    Deadline,
    Exclusion,
    Landlord,
    User,
)
from cases.models.procedures import edition
from cases.rules.periods import LONDON, london_day
from cases.rules.roles import AREA_ROLES, MANAGING_ROLES, Role
from cases.rules.visibility import Sight, Viewer, may_know_of
from cases.selectors.absences import follow


def may_alert(now: datetime) -> bool:
    """Say whether `now` lies in the landlord's alert hours on one of its working days. One query.

    False before a landlord is set up.
    """
    newest = CalendarEdition.objects.order_by("-pk").values("pk")[:1]
    row = (
        Landlord.objects.annotate(edition=Subquery(newest))
        .values_list("alerts_from_hour", "alerts_until_hour", "edition")
        .first()
    )
    if row is None or row[2] is None:
        return False
    in_hours = row[0] <= now.astimezone(LONDON).hour < row[1]
    return in_hours and edition(row[2]).is_working_day(london_day(now))


class DueReminder(NamedTuple):
    """A live promise of which somebody is to be reminded, with what decides whom."""

    key: int
    complaint: int
    reference: str
    version: int
    stage: str
    visit: int
    code: str
    words: str
    due_on: date
    anchor_on: date | None
    calendar: int
    next_reminder_on: date
    level: str
    needs_triage: bool
    is_open: bool
    officer: int | None
    logged_by: int | None
    area_path: str | None
    keeper: int | None
    team_path: str | None


def due_reminders(*, today: date, limit: int) -> list[DueReminder]:
    """Return the promises whose next reminder has come, the longest waiting first. One query."""
    rows = (
        Deadline.objects.reminder_due(today=today)
        .order_by("next_reminder_on", "pk")
        .values_list(
            "pk",
            "complaint_id",
            "complaint__reference",
            "complaint__procedure_version_id",
            "stage",
            "visit",
            "code",
            "words",
            "due_on",
            "anchor_on",
            "calendar",
            "next_reminder_on",
            "complaint__level",
            "complaint__needs_triage",
            "complaint__is_open",
            "complaint__responsible_officer_id",
            "complaint__logged_by_id",
            "complaint__service_area__path",
            "keeper_id",
            "team__path",
        )
    )
    return [DueReminder._make(row) for row in rows[:limit]]


def sights(
    due: Iterable[DueReminder], *, chunk: int, today: date
) -> Callable[[DueReminder], Sight]:
    """Return a function that tells what decides who may know of a promise's complaint.

    Reads exclusions, access lists and who covers what in one query for each `chunk` of complaints.
    """
    excluded: dict[int, set[int]] = defaultdict(set)
    listed: dict[int, set[int]] = defaultdict(set)
    covering: dict[int, set[int]] = defaultdict(set)
    found = {"closed": excluded, "listed": listed, "covers": covering}
    keys = sorted({each.complaint for each in due})
    for start in range(0, len(keys), chunk):
        some = keys[start : start + chunk]
        closed = Exclusion.objects.filter(complaint__in=some).values_list(
            "complaint_id", "user_id", Value("closed", CharField())
        )
        rows = closed.union(
            AccessEntry.objects.filter(complaint__in=some).values_list(
                "complaint_id", "user_id", Value("listed", CharField())
            ),
            Cover.objects.in_force(today)
            .filter(complaint__in=some)
            .values_list("complaint_id", "user_id", Value("covers", CharField())),
            all=True,
        )
        for complaint, user, kind in rows:
            found[kind][complaint].add(user)

    def sight(each: DueReminder) -> Sight:
        return Sight(
            level=each.level,
            needs_triage=each.needs_triage,
            is_open=each.is_open,
            area_path=each.area_path or "",
            officer=each.officer,
            logged_by=each.logged_by,
            excluded=frozenset(excluded.get(each.complaint, ())),
            listed=frozenset(listed.get(each.complaint, ())),
            covering=frozenset(covering.get(each.complaint, ())),
        )

    return sight


def sight_of(complaint: Complaint, *, today: date) -> Sight:
    """Return what decides who may know of one complaint. At most four queries."""
    area = complaint.service_area
    covers = Cover.objects.in_force(today).filter(complaint=complaint)
    return Sight(
        level=complaint.level,
        needs_triage=complaint.needs_triage,
        is_open=complaint.is_open,
        area_path=area.path if area else "",
        officer=complaint.responsible_officer_id,
        logged_by=complaint.logged_by_id,
        excluded=frozenset(complaint.exclusions.values_list("user_id", flat=True)),
        listed=frozenset(complaint.access_list.values_list("user_id", flat=True)),
        covering=frozenset(covers.values_list("user_id", flat=True)),
    )


@dataclass
class Colleagues:
    """The active staff: what each may see, where to write to them, and who stands in for whom."""

    viewers: dict[int, Viewer]
    addresses: dict[int, str]
    deputies: dict[int, int]
    holders: dict[Role, set[int]] = field(default_factory=lambda: defaultdict(set))
    area_holders: dict[tuple[Role, str], set[int]] = field(default_factory=lambda: defaultdict(set))

    def __post_init__(self) -> None:
        for viewer in self.viewers.values():
            for role in viewer.roles:
                self.holders[role].add(viewer.key)
            for place in viewer.areas:
                self.area_holders[place].add(viewer.key)
        self._remembered: dict[tuple[Role, Sight], frozenset[int]] = {}

    def recipients(self, role: Role, sight: Sight) -> frozenset[int]:
        """Return who is told what is meant for a role, of those who may know of the complaint.

        Deputies stand in for those away. What reaches nobody goes to the complaints
        coordinators, and if none of them may know of it to its access list: nothing is lost.
        """
        found = self._remembered.get((role, sight))
        if found is None:
            found = self._remembered[role, sight] = (
                self._for_role(role, sight)
                or self._able(self.holders[Role.COMPLAINTS_COORDINATOR], sight)
                or self._able(sight.listed, sight)
            )
        return found

    def may_know(self, person: int, sight: Sight) -> bool:
        """Say whether one of the active staff may know of a complaint."""
        return person in self.viewers and may_know_of(self.viewers[person], sight)

    def keepers(self, keeper: int | None, team: str, sight: Sight) -> frozenset[int]:
        """Return who is told of a dated promise as the one who keeps it; else nobody.

        Of a team its line managers, or the nearest above.
        """
        if keeper is not None:
            return self._able({keeper}, sight)
        return self._nearest(Role.LINE_MANAGER, sight, path=team) if team else frozenset()

    def _for_role(self, role: Role, sight: Sight) -> frozenset[int]:
        if role is Role.RESPONSIBLE_OFFICER:
            return self._officer(sight)
        if role is Role.FRONT_LINE:
            return self._able({sight.logged_by} - {None}, sight) or self._officer(sight)
        if role in AREA_ROLES:
            return self._nearest(role, sight)
        if role is Role.PANEL_MEMBER:
            return self._able(sight.listed & self.holders[role], sight)
        return self._able(self.holders[role], sight)

    def _officer(self, sight: Sight) -> frozenset[int]:
        """Return the responsible officer, or who covers the complaint while they are away."""
        return self._able(sight.covering, sight) or self._able({sight.officer} - {None}, sight)

    def _nearest(self, role: Role, sight: Sight, *, path: str = "") -> frozenset[int]:
        """Return who holds the role for the area, or for the nearest above where anybody can.

        The area is the complaint's, or the one at `path`.
        """
        path = path or sight.area_path
        while path.strip("/"):
            if found := self._able(self.area_holders.get((role, path), ()), sight):
                return found
            path = path.rstrip("/").rpartition("/")[0] + "/"
        return frozenset()

    def _able(self, people: Iterable[int | None], sight: Sight) -> frozenset[int]:
        """Return those of the people, or their deputies, who may know of the complaint."""
        present = (follow(self.deputies, each) for each in people if each is not None)
        return frozenset(
            each
            for each in present
            if each in self.viewers and may_know_of(self.viewers[each], sight)
        )


def colleagues(*, today: date) -> Colleagues:
    """Return the active staff with their roles and their deputies on that day. One query."""
    away = Absence.objects.on(today).filter(user=OuterRef("pk")).order_by("-pk")
    rows = User.objects.filter(is_active=True).values_list(
        "pk",
        "email",
        "grants__role",
        "grants__area__path",
        Subquery(away.values("deputy")[:1]),
    )
    roles: dict[int, set[Role]] = defaultdict(set)
    areas: dict[int, set[tuple[Role, str]]] = defaultdict(set)
    addresses: dict[int, str] = {}
    deputies: dict[int, int] = {}
    for key, email, role, path, deputy in rows:
        addresses[key] = email
        if role:
            roles[key].add(Role(role))
        if role and path:
            areas[key].add((Role(role), path))
        if deputy:
            deputies[key] = deputy
    stood_in_for: dict[int, set[int]] = defaultdict(set)
    for person in deputies:
        if (deputy := follow(deputies, person)) is not None:
            stood_in_for[deputy].add(person)
    viewers = {
        key: Viewer(
            key,
            frozenset(roles.get(key, ())),
            frozenset(areas.get(key, ())) | _managed_by(stood_in_for.get(key, ()), areas),
            frozenset(stood_in_for.get(key, ())),
        )
        for key in addresses
    }
    return Colleagues(viewers, addresses, deputies)


def _managed_by(
    people: Iterable[int], areas: Mapping[int, set[tuple[Role, str]]]
) -> frozenset[tuple[Role, str]]:
    """Return the roles and areas in which these people manage, which pass to their deputy."""
    return frozenset(
        (role, path)
        for person in people
        for role, path in areas.get(person, ())
        if role in MANAGING_ROLES
    )
