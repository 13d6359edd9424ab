"""Who may not decide a stage, or whether there will be one, because of their part in an earlier."""

from cases.rules.requests import stage_before
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


def not_to_accept_because(state: CaseState, terms: ProcedureTerms, *, person: int) -> str:
    """Return why this person may not accept the request for the present stage, or nothing.

    Whoever gave the answer that is to be reviewed would choose who reviews it. Those who only
    dealt with it may: often they are the coordinator, who lets the request go on.
    Source: Code 6.13, LV-11, A8.
    """
    before = stage_before(state)
    if terms.stage(state.stage).independence and person in state.responders.get(before, ()):
        return (
            f"They answered {terms.stage(before).name}, and somebody else decides whether that "
            "is reviewed."
        )
    return ""
