"""Who may be given a complaint, and how much each has to do already."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from cases.models import Absence, Complaint, Exclusion, RoleGrant, User
from cases.rules.independence import not_independent_because
from cases.rules.interests import Concern
from cases.rules.roles import AREA_ROLES, Role, seniority
from cases.rules.terms import Stage
from cases.selectors.case_history import CaseHistory
from cases.selectors.independence import responders_before
from cases.selectors.interests import interests_in

# Who deals with complaints; the front line only what its procedure lets it decide.
DEALING = frozenset(
    {
        Role.RESPONSIBLE_OFFICER,
        Role.LINE_MANAGER,
        Role.HEAD_OF_SERVICE,
        Role.ASSISTANT_DIRECTOR,
        Role.DIRECTOR,
        Role.COMPLAINTS_COORDINATOR,
    }
)
LISTED = 60


def may_deal_with(stage: Stage) -> frozenset[Role]:
    """Return the roles whose holders may be given a complaint in a stage.

    Those who deal with complaints, and whoever the procedure lets decide the stage; a panel is
    seated, not given a complaint.
    """
    return DEALING | (frozenset(stage.decided_by) - {Role.PANEL_MEMBER})


INTEREST = ". Something they declared may concern this customer: ask them first"
WHAT_IS_COUNTED = (
    "“Open” counts all that they hold, in every service area, except what is closed to you."
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be chosen: what they have open, and why they may not be, if so."""

    key: int
    name: str
    job_title: str
    open: int
    overdue: int
    refusal: str
    is_near: bool = False
    away: str = ""
    interest: str = ""

    @property
    def words(self) -> str:
        """Return who they are, and how much they have to do."""
        title = f", {self.job_title}" if self.job_title else ""
        late = f", {self.overdue} overdue" if self.overdue else ""
        away = f" ({self.away})" if self.away else ""
        return f"{self.name}{title}: {self.open} open{late}{away}{self.interest}"


def candidates(
    history: CaseHistory,
    *,
    user: User,
    today: date,
    stage: str = "",
    roles: Collection[Role] = DEALING,
) -> list[Candidate]:
    """Return who may be given a complaint in a stage, its present one unless another is named.

    First those who can and work in its service area or decide the stage, the least busy first;
    then the others; last those who may not, each with the reason. At most LISTED, in seven queries.
    """
    grants = holders(roles)
    people = User.objects.filter(pk__in=grants, is_active=True).order_by("name", "pk")
    stage = stage or history.state.stage
    loads = loads_of(user, today)
    away = away_on(today, grants)
    shut_out = set(
        Exclusion.objects.filter(complaint=history.complaint).values_list("user_id", flat=True)
    )
    interests = interests_in(history.complaint, grants)
    shut_out |= {key for key, concern in interests.items() if concern is Concern.SURE}
    earlier = frozenset(
        role
        for key in responders_before(history.state, history.terms, stage=stage)
        for role in roles_in(grants.get(key, ()))
    )
    area = history.complaint.service_area
    path = area.path if area else ""
    decides = frozenset(history.terms.stage(stage).decided_by)
    found = []
    for person in people:
        held = grants[person.pk]
        count, overdue = loads.get(person.pk, (0, 0))
        found.append(
            Candidate(
                person.pk,
                person.name,
                person.job_title,
                count,
                overdue,
                _refusal(history, stage, person.pk, roles_in(held), earlier, shut_out),
                is_near=is_near_to(held, path, decides),
                away=away.get(person.pk, ""),
                interest=INTEREST if person.pk in interests else "",
            )
        )
    return sorted(found, key=_order)[:LISTED]


Held = set[tuple[Role, str]]


def holders(roles: Collection[Role]) -> dict[int, Held]:
    """Return every role of everybody who has one of the roles, with the path of its area."""
    wanted = RoleGrant.objects.filter(role__in=[role.value for role in roles]).values("user")
    rows = RoleGrant.objects.filter(user__in=wanted).values_list("user_id", "role", "area__path")
    found: dict[int, Held] = {}
    for key, role, path in rows:
        found.setdefault(key, set()).add((Role(role), path or ""))
    return found


def roles_in(held: Collection[tuple[Role, str]]) -> frozenset[Role]:
    """Return the roles that somebody holds, wherever they hold them."""
    return frozenset(role for role, _ in held)


def loads_of(user: User, today: date) -> dict[int, tuple[int, int]]:
    """Return what everybody has open and overdue, in every service area. One query.

    A number names no complaint: whoever gives work away must know who has much of it already, also
    from others. What is closed to the reader is in no number.
    """
    accepted = Complaint.objects.not_closed_to(user).filter(needs_triage=False)
    rows = (
        accepted.open()
        .filter(responsible_officer__isnull=False)
        .order_by()
        .values("responsible_officer")
        .annotate(count=Count("pk"), overdue=Count("pk", filter=Q(next_due_on__lt=today)))
    )
    return {row["responsible_officer"]: (row["count"], row["overdue"]) for row in rows}


def away_on(today: date, people: Collection[int]) -> dict[int, str]:
    """Return of those who are away until when they are, and who stands in. One query."""
    absences = Absence.objects.on(today).filter(user__in=list(people)).order_by("pk")
    return {
        key: f"away until {until:%a %-d %b}, {deputy} stands in"
        for key, until, deputy in absences.values_list("user_id", "last_day", "deputy__name")
    }


def _refusal(
    history: CaseHistory,
    stage: str,
    person: int,
    roles: frozenset[Role],
    earlier: frozenset[Role],
    shut_out: set[int],
) -> str:
    if person in shut_out:
        return "The complaint is closed to them."
    return not_independent_because(
        history.state,
        history.terms,
        stage=stage,
        person=person,
        person_seniority=seniority(roles),
        earlier_seniority=seniority(earlier),
    )


def is_near_to(held: Held, path: str, decides: frozenset[Role]) -> bool:
    """Say whether somebody decides the stage and reaches the area, or works at the complaint's."""
    return any(
        role in decides and (role not in AREA_ROLES or (bool(top) and path.startswith(top)))
        for role, top in held
    )


def _order(candidate: Candidate) -> tuple[bool, bool, int, int, str]:
    return (
        bool(candidate.refusal),
        not candidate.is_near,
        candidate.overdue,
        candidate.open,
        candidate.name,
    )
