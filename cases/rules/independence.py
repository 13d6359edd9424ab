"""Who may not decide a stage, because of the part they had in an earlier one."""

from cases.rules.state import CaseState
from cases.rules.terms import Independence, ProcedureTerms


def not_independent_because(
    state: CaseState,
    terms: ProcedureTerms,
    *,
    stage: str,
    person: int,
    person_seniority: int,
    earlier_seniority: int,
) -> str:
    """Return why this person may not decide the stage, or nothing.

    `earlier_seniority` is that of the most senior person who answered an earlier stage.
    Source: Code 6.13, K3-13, LV-11, A8.
    """
    earlier = [each.code for each in terms.stages[: terms.position(stage)]]
    handled = frozenset(person for code in earlier for person in state.handlers.get(code, ()))
    name = terms.stage(stage).name
    demands = terms.stage(stage).independence
    if Independence.NOT_AN_EARLIER_HANDLER in demands and person in handled:
        return f"They dealt with an earlier stage, and {name} needs somebody new."
    if Independence.MORE_SENIOR in demands and (
        person in handled or person_seniority <= earlier_seniority
    ):
        return f"{name} needs somebody more senior than who answered before."
    return ""
