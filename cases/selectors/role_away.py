"""What somebody does by role or on a panel, and who else sees to it while they are away.

Nobody names a cover for it complaint by complaint: it is every coordinator's, or a seat's.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from cases.models import (
    Absence,
    AccessEntry,
    Complaint,
    Deadline,
    Exclusion,
    Level,
    RoleGrant,
    User,
)
from cases.models.complaints import ComplaintQuerySet
from cases.rules.roles import Role
from cases.rules.state import Status
from cases.selectors.absences import is_within

# So many complaints of one absence are shown; the rest is counted.
MOST_NAMED = 25
TRIAGE = "Waits to be accepted as a complaint"
REQUEST = "A request for the next stage waits for a decision"


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One thing that waits for the role in one complaint, and who else of the role sees it.

    `decided_by` are those who decide on a request too: directors of its service area.
    """

    on: date | None
    words: str
    reference: str
    url: str
    seen_by: tuple[str, ...]
    decided_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sitting:
    """A hearing on whose panel somebody who is away was to sit."""

    on: date
    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class RoleAway:
    """What one absence means for the work of a coordinator and for seats on panels.

    `others` are the other coordinators who are there on some day of it, and `alone_on` the days of
    it on which none is. The role's work is told to whoever is away and to coordinators alone, who
    see all of it.
    """

    is_coordinator: bool
    others: tuple[str, ...]
    alone_on: tuple[date, ...]
    is_deputy_one: bool
    lines: list[RoleLine]
    sittings: list[Sitting]
    more: int = 0
    has_begun: bool = False

    @property
    def is_nobody(self) -> bool:
        """Say whether no other coordinator is there on any day of the absence."""
        return not self.others


def coordinators_absences(user: User) -> Q:
    """Return the condition, from an absence, that its role's work is `user`'s to see to.

    Their own absence, and to a coordinator that of every other coordinator.
    """
    found = Q(user=user)
    if user.has_role(Role.COMPLAINTS_COORDINATOR):
        holders = RoleGrant.objects.filter(role=Role.COMPLAINTS_COORDINATOR.value)
        found |= Q(user__in=holders.values("user"))
    return found


def roles_away(absences: Sequence[Absence], user: User, *, today: date) -> dict[int, RoleAway]:
    """Return by absence what is the role's or a seat's in it, as far as `user` may read it.

    At most ten queries; an absence that has neither is left out.
    """
    sittings = _sittings(absences, user, today=today)
    grants = User.objects.filter(
        is_active=True, grants__role=Role.COMPLAINTS_COORDINATOR.value
    ).order_by("name", "pk")
    names = dict(grants.values_list("pk", "name"))
    is_one_too = user.has_role(Role.COMPLAINTS_COORDINATOR)
    of_role = [
        each for each in absences if each.user_id in names and (is_one_too or each.user == user)
    ]
    waiting = _waiting(user, today=today, last=_last(of_role)) if of_role else []
    directors = _directors(waiting)
    deciding = {person: name for some in directors.values() for person, name in some.items()}
    there = _there(of_role, {**names, **deciding}, today=today) if of_role else {}
    closed = _closed_to(waiting)
    found = {}
    for each in absences:
        is_one = each in of_role
        if not is_one and not sittings[each.pk]:
            continue
        present = there.get(each.pk, {})
        able = [person for person in names if present.get(person)]
        lines = [
            RoleLine(
                on,
                words,
                reference,
                Complaint(reference=reference).get_absolute_url(),
                tuple(names[one] for one in able if closed.is_open_to(key, one)),
                tuple(
                    name
                    for one, name in directors.get(key, {}).items()
                    if words == REQUEST and present.get(one) and closed.is_open_to(key, one)
                ),
            )
            for key, reference, on, words in (waiting if is_one else ())
            if on is None or is_within(on, each, today=today)
        ]
        days = _days(each, today=today)
        covered = {day for person in able for day in present[person]}
        found[each.pk] = RoleAway(
            is_coordinator=is_one,
            others=tuple(names[person] for person in able),
            alone_on=tuple(day for day in days if day not in covered) if is_one else (),
            is_deputy_one=bool(present.get(each.deputy_id)),
            lines=lines[:MOST_NAMED],
            sittings=sittings[each.pk],
            more=max(0, len(lines) - MOST_NAMED),
            has_begun=each.first_day <= today,
        )
    return found


def _directors(
    waiting: Iterable[tuple[int, str, date | None, str]],
) -> dict[int, dict[int, str]]:
    """Return by complaint who decides on its request as a director: by key, the name. Two queries.

    None, and no query, where no request waits.
    """
    asked = {key for key, _, _, words in waiting if words == REQUEST}
    if not asked:
        return {}
    grants = RoleGrant.objects.filter(
        role__in=[role.value for role in (Role.DIRECTOR, Role.ASSISTANT_DIRECTOR)],
        user__is_active=True,
    )
    held = list(
        grants.order_by("user__name", "user").values_list("user", "user__name", "area__path")
    )
    paths = Complaint.objects.filter(pk__in=asked, service_area__isnull=False)
    return {
        key: {person: name for person, name, above in held if path.startswith(above)}
        for key, path in paths.values_list("pk", "service_area__path")
    }


def _last(absences: Iterable[Absence]) -> date:
    return max(each.last_day for each in absences)


def _days(absence: Absence, *, today: date) -> list[date]:
    """Return the days of an absence that are still to come."""
    first = max(absence.first_day, today)
    return [first + timedelta(days=n) for n in range((absence.last_day - first).days + 1)]


def _there(
    absences: Sequence[Absence], names: Iterable[int], *, today: date
) -> dict[int, dict[int, set[date]]]:
    """Return by absence on which of its days each of these people is there. One query."""
    people = list(names)
    away: dict[int, list[tuple[date, date]]] = defaultdict(list)
    others = Absence.objects.filter(
        user__in=people, last_day__gte=today, first_day__lte=_last(absences)
    )
    for person, first, last in others.values_list("user_id", "first_day", "last_day"):
        away[person].append((first, last))
    return {
        each.pk: {
            person: {
                day
                for day in _days(each, today=today)
                if not any(first <= day <= last for first, last in away[person])
            }
            for person in people
            if person != each.user_id
        }
        for each in absences
    }


def _waiting(user: User, *, today: date, last: date) -> list[tuple[int, str, date | None, str]]:
    """Return what waits for a coordinator: complaint, reference, day, words. Two queries."""
    readable = Complaint.objects.readable_by(user)
    found: dict[tuple[int, str], tuple[int, str, date | None, str]] = {}
    waits = Q(needs_triage=True) | Q(status=Status.AWAITING_DECISION.value)
    rows = readable.open().filter(waits).order_by("received_on", "pk")
    for key, reference, on, is_new in rows.values_list(
        "pk", "reference", "next_due_on", "needs_triage"
    ):
        words = TRIAGE if is_new else REQUEST
        found[key, words] = (key, reference, on, words)
    bound = Deadline.objects.live().filter(
        binds=Role.COMPLAINTS_COORDINATOR.value,
        keeper__isnull=True,
        team__isnull=True,
        due_on__lte=last,
        complaint__in=readable,
    )
    for key, reference, on, words in bound.order_by("due_on", "pk").values_list(
        "complaint_id", "complaint__reference", "due_on", "words"
    ):
        found[key, words] = (key, reference, on, words)
    return sorted(found.values(), key=lambda each: (each[2] or date.min, each[0], each[3]))


@dataclass(frozen=True, slots=True)
class _Closed:
    """Who is shut out of which complaint, and who alone is let into a restricted one."""

    shut: dict[int, set[int]]
    listed: dict[int, set[int]]

    def is_open_to(self, key: int, coordinator: int) -> bool:
        is_listed = key not in self.listed or coordinator in self.listed[key]
        return is_listed and coordinator not in self.shut.get(key, ())


def _closed_to(waiting: Iterable[tuple[int, str, date | None, str]]) -> _Closed:
    """Return which coordinators some of it is closed to. At most three queries."""
    keys = {key for key, *_ in waiting}
    found = _Closed(defaultdict(set), {})
    if not keys:
        return found
    restricted = Complaint.objects.filter(pk__in=keys, level=Level.RESTRICTED.value)
    for key in restricted.values_list("pk", flat=True):
        found.listed[key] = set()
    shut = Exclusion.objects.filter(complaint__in=keys)
    for key, person in shut.values_list("complaint_id", "user_id"):
        found.shut[key].add(person)
    listed = AccessEntry.objects.filter(complaint__in=list(found.listed), as_panel_member=False)
    for key, person in listed.values_list("complaint_id", "user_id"):
        found.listed[key].add(person)
    return found


def _sittings(absences: Sequence[Absence], user: User, *, today: date) -> dict[int, list[Sitting]]:
    """Return by absence the hearings in it on whose panel the absent person sits. One query."""
    found: dict[int, list[Sitting]] = {each.pk: [] for each in absences}
    heard: ComplaintQuerySet = Complaint.objects.readable_by(user).open()
    seats = AccessEntry.objects.filter(
        user__in={each.user_id for each in absences},
        as_panel_member=True,
        complaint__in=heard,
        complaint__hearing_on__gte=today,
        complaint__hearing_on__lte=_last(absences),
    )
    rows = seats.order_by("complaint__hearing_on", "pk").values_list(
        "user_id", "complaint__hearing_on", "complaint__reference"
    )
    for person, on, reference in rows:
        for each in absences:
            if on and each.user_id == person and each.first_day <= on <= each.last_day:
                url = Complaint(reference=reference).get_absolute_url()
                found[each.pk].append(Sitting(on, reference, url))
    return found
