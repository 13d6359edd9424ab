"""Whether somebody may decide a stage, by their seniority and their part in earlier stages."""

from cases.errors import NotIndependent
from cases.models import Exclusion, RoleGrant, User
from cases.rules.independence import not_independent_because
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


def independence_refusal(
    state: CaseState, terms: ProcedureTerms, person: User, *, stage: str
) -> str:
    """Return why this person may not decide the stage, or nothing; at most one query."""
    earlier = 0
    if Independence.MORE_SENIOR in terms.stage(stage).independence:
        codes = [each.code for each in terms.stages[: terms.position(stage)]]
        responders = {key for code in codes for key in state.responders.get(code, ())}
        granted = RoleGrant.objects.filter(user__in=responders).values_list("role", flat=True)
        earlier = seniority(frozenset(Role(role) for role in granted))
    return not_independent_because(
        state,
        terms,
        stage=stage,
        person=person.pk,
        person_seniority=seniority(person.scope.roles),
        earlier_seniority=earlier,
    )


def is_excluded(complaint_id: int, person: User) -> bool:
    """Say whether the complaint is closed to this person."""
    return Exclusion.objects.filter(complaint=complaint_id, user=person).exists()
