"""Whether somebody may decide a stage, by their seniority and their part in earlier stages."""

from cases.errors import NotIndependent
from cases.models import Exclusion, RoleGrant, User
from cases.rules.acts import JUDGING, Act
from cases.rules.independence import not_independent_because, not_to_accept_because
from cases.rules.roles import Role, seniority
from cases.rules.state import CaseState
from cases.rules.terms import Independence, ProcedureTerms


def check_independence(
    state: CaseState, terms: ProcedureTerms, person: User, *, stage: str
) -> None:
    """Refuse somebody whom the procedure shuts out from deciding this stage.

    :raises NotIndependent: with the reason.
    """
    reason = independence_refusal(state, terms, person, stage=stage)
    if reason:
        raise NotIndependent(f"{person.name} may not decide this stage. {reason}")


def check_may_judge(act: Act, state: CaseState, terms: ProcedureTerms, person: User) -> None:
    """Refuse somebody whom the procedure shuts out from an act of the present stage.

    :raises NotIndependent: with the reason.
    """
    if reason := judging_refusal(act, state, terms, person):
        raise NotIndependent(f"{person.name} may not decide this. {reason}")


def judging_refusal(act: Act, state: CaseState, terms: ProcedureTerms, person: User) -> str:
    """Return why this person may neither do an act now nor approve its letter, or nothing.

    At most one query.
    """
    if act not in JUDGING:
        return ""
    if act is Act.ACCEPT_ESCALATION:
        return not_to_accept_because(state, terms, person=person.pk)
    return independence_refusal(state, terms, person, stage=state.stage)


def independence_refusal(
    state: CaseState, terms: ProcedureTerms, person: User, *, stage: str
) -> str:
    """Return why this person may not decide the stage, or nothing; at most one query."""
    responders = responders_before(state, terms, stage=stage)
    granted = (
        RoleGrant.objects.filter(user__in=responders).values_list("role", flat=True)
        if responders
        else ()
    )
    roles = frozenset(Role(role) for role in granted)
    return unfit_to_decide(state, terms, person, stage=stage, earlier_roles=roles)


def responders_before(state: CaseState, terms: ProcedureTerms, *, stage: str) -> set[int]:
    """Return who answered earlier stages, where the procedure wants somebody more senior."""
    if Independence.MORE_SENIOR not in terms.stage(stage).independence:
        return set()
    codes = [each.code for each in terms.stages[: terms.position(stage)]]
    return {key for code in codes for key in state.responders.get(code, ())}


def unfit_to_decide(
    state: CaseState,
    terms: ProcedureTerms,
    person: User,
    *,
    stage: str,
    earlier_roles: frozenset[Role],
) -> str:
    """Return why this person may not decide the stage, or nothing, without a query.

    `earlier_roles` are those of whoever answered an earlier stage (see `responders_before`).
    """
    return not_independent_because(
        state,
        terms,
        stage=stage,
        person=person.pk,
        person_seniority=seniority(person.scope.own),
        earlier_seniority=seniority(earlier_roles),
    )


def is_excluded(complaint_id: int, person: User) -> bool:
    """Say whether the complaint is closed to this person."""
    return Exclusion.objects.filter(complaint=complaint_id, user=person).exists()
