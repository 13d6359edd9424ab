"""Who may be the second person for a letter."""

from datetime import datetime

from cases.models import AccessEntry, Complaint, Exclusion, Level, RoleGrant, User
from cases.rules.acts import JUDGING, Act
from cases.rules.independence import not_independent_because, not_to_accept_because
from cases.rules.interests import Concern
from cases.rules.letter_approvals import roles_approving
from cases.rules.periods import london_day
from cases.rules.roles import AREA_ROLES, Role, seniority
from cases.rules.state import CaseState
from cases.rules.terms import ProcedureTerms
from cases.selectors.absences import deputies_on
from cases.selectors.candidates import Held, holders, roles_in
from cases.selectors.independence import responders_before
from cases.selectors.interests import interests_in
from cases.selectors.reach import take_up

# More are never asked at once.
LISTED = 25


def approvers_of(
    complaint: Complaint,
    act: Act,
    *,
    but: User,
    now: datetime,
    state: CaseState,
    terms: ProcedureTerms,
    roles: frozenset[Role] | None = None,
) -> list[User]:
    """Return who may approve the letter of an act, besides its author, by name. At most LISTED.

    With `roles` those who have one of these instead, for what needs a second person itself.

    Those whose role counts for the complaint, or who stand in today for somebody of whom that is
    so; nobody to whom it is closed, whom what they declared bars, or whom the procedure shuts out
    from deciding its stage, or the request for it. The same number of queries however many they
    are.
    """
    today = london_day(now)
    approving = roles_approving(act) if roles is None else roles
    held = holders(approving)
    barred = set(
        Exclusion.objects.filter(complaint=complaint).values_list("user_id", flat=True)
    ) | {but.pk}
    interests = interests_in(complaint, held)
    barred |= {key for key, concern in interests.items() if concern is Concern.SURE}
    near = {key for key, grants in held.items() if _counts(complaint, approving, key, grants)}
    away = deputies_on(today)
    keys = near | {away[key] for key in near if key in away}
    listed = set(
        AccessEntry.objects.filter(complaint=complaint, as_panel_member=False).values_list(
            "user_id", flat=True
        )
    )
    if complaint.level == Level.RESTRICTED:
        keys = listed & (keys | set(held))
    elif complaint.needs_triage:
        keys = {key for key in keys if key in listed or _coordinates(held.get(key, set()))}
    keys -= barred
    if act is Act.ACCEPT_ESCALATION:
        keys = {key for key in keys if not not_to_accept_because(state, terms, person=key)}
    elif act in JUDGING:
        keys = _fit_to_decide(keys, state, terms)
    people = User.objects.filter(pk__in=keys, is_active=True).order_by("name", "pk")
    return list(people[:LISTED])


def _fit_to_decide(keys: set[int], state: CaseState, terms: ProcedureTerms) -> set[int]:
    """Return whom the procedure does not shut out from deciding the stage. One query."""
    responders = responders_before(state, terms, stage=state.stage)
    roles: dict[int, set[Role]] = {}
    granted = RoleGrant.objects.filter(user__in=keys | responders)
    for key, role in granted.values_list("user_id", "role"):
        roles.setdefault(key, set()).add(Role(role))
    earlier = frozenset(role for key in responders for role in roles.get(key, ()))
    return {
        key
        for key in keys
        if not not_independent_because(
            state,
            terms,
            stage=state.stage,
            person=key,
            person_seniority=seniority(frozenset(roles.get(key, ()))),
            earlier_seniority=seniority(earlier),
        )
    }


def _counts(complaint: Complaint, approving: frozenset[Role], person: int, grants: Held) -> bool:
    """Say whether one of somebody's roles counts for the complaint (see `standing.roles_for`)."""
    if person == complaint.responsible_officer_id and roles_in(grants) & approving:
        return True
    area = complaint.service_area
    path = area.path if area else ""
    return any(
        role in approving and (role not in AREA_ROLES or (bool(top) and path.startswith(top)))
        for role, top in grants
    )


def _coordinates(grants: Held) -> bool:
    return Role.COMPLAINTS_COORDINATOR in roles_in(grants)


def is_still_open_to(person: User, complaint: Complaint, *, now: datetime) -> bool:
    """Say whether somebody may read the complaint today, on their own or standing in."""
    take_up(person, london_day(now))
    return Complaint.objects.readable_by(person).filter(pk=complaint.pk).exists()
