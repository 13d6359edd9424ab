"""A complaint moves by legal steps only, whoever tries whatever."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from cases.operations import stage_acts
from cases.rules import permissions
from cases.rules.acts import Act
from cases.tests.procedures.legal_steps import LegalSteps, Staff

COMMON = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}


def run(house, **given):
    """Let a number of complaints live through a number of steps each."""
    machine = type("Steps", (LegalSteps,), {"staff": Staff(house)})
    run_state_machine_as_test(machine, settings=settings(**COMMON, **given))


@pytest.mark.promise("P9")
@pytest.mark.timeout(1200)
def test_complaints_under_all_procedures_move_as_the_model_says(house):
    run(house, max_examples=200, stateful_step_count=20, derandomize=True)


@pytest.mark.promise("P9")
@pytest.mark.long
@pytest.mark.timeout(6 * 3600)
def test_very_many_complaints_move_as_the_model_says(house):
    run(house, max_examples=2_000, stateful_step_count=50)


@pytest.mark.promise("P9")
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("act", [Act.ESCALATE, Act.RESPOND, Act.CLOSE, Act.SEND_OUTCOME])
def test_the_model_catches_a_step_that_nothing_guards(house, monkeypatch, act):
    monkeypatch.setitem(permissions._REFUSALS, act, lambda asked: "")

    with pytest.raises((AssertionError, KeyError, ExceptionGroup)):
        run(house, max_examples=200, stateful_step_count=20, phases=[Phase.generate])


@pytest.mark.promise("P9")
@pytest.mark.timeout(1200)
def test_the_model_catches_a_reviewer_who_dealt_with_it_before(house, monkeypatch):
    monkeypatch.setattr(stage_acts, "check_independence", lambda *args, **kwargs: None)

    with pytest.raises((AssertionError, ExceptionGroup)):
        run(house, max_examples=200, stateful_step_count=20, phases=[Phase.generate])
