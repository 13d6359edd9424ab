"""A complaint moves by legal steps only, whoever tries whatever."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from cases.operations import escalate, stage_acts
from cases.rules import permissions
from cases.rules.acts import Act
from cases.tests.procedures import legal_steps
from cases.tests.procedures.legal_steps import ACTS, LegalSteps, Staff
from cases.tests.procedures.reference_model import MAPS

COMMON = {
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
    "print_blob": True,
}

# Long enough to find what is broken on purpose, and over as soon as it is found.
CONTROL = {"max_examples": 200, "stateful_step_count": 20, "phases": [Phase.generate]}
# Draws that soon come to a request, or to its answer; any others find the same, later.
SOON, SOON_DECIDED = 1006, 191


def run(house, acts=ACTS, *, drawn_by=None, **given):
    """Let a number of complaints live through a number of steps each, and count them.

    `drawn_by` is a number from which all is drawn, the same every time.
    """
    tally = Counter()
    machine = type("Steps", (LegalSteps,), {"staff": Staff(house), "acts": acts, "tally": tally})
    if drawn_by is not None:
        machine = seed(drawn_by)(machine)
    run_state_machine_as_test(machine, settings=settings(**COMMON, **given))
    return tally


@pytest.mark.promise("P9")
@pytest.mark.parametrize(
    "size",
    [
        pytest.param(
            {"max_examples": 100, "stateful_step_count": 20, "derandomize": True},
            marks=pytest.mark.timeout(1200),
        ),
        pytest.param(
            {"max_examples": 2_000, "stateful_step_count": 50},
            marks=[pytest.mark.long, pytest.mark.timeout(6 * 3600)],
        ),
    ],
    ids=["short", "long"],
)
def test_complaints_under_all_procedures_move_as_the_model_says(house, size):
    tally = run(house, **size)

    assert set(tally) == {*MAPS, "done", "refused"}
    counts = " ".join(f"{what}={tally[what]}" for what in sorted(tally))
    print(f"PROMISE P9 PASS {counts}")  # noqa: T201  result line


# Whether the model notices is not for a database to decide: once is enough for these two.
@pytest.mark.promise("P9")
@pytest.mark.one_database
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("act", "code"),
    [
        (Act.ESCALATE, "escalate"),
        (Act.RESPOND, "respond"),
        (Act.CLOSE, "close"),
        (Act.SEND_OUTCOME, "outcome"),
    ],
)
def test_the_model_catches_a_step_that_nothing_guards(house, monkeypatch, act, code):
    monkeypatch.setitem(permissions._REFUSALS, act, lambda asked: "")

    with pytest.raises((AssertionError, KeyError, ExceptionGroup)):
        run(house, [code], derandomize=True, **CONTROL)


@pytest.mark.promise("P9")
@pytest.mark.one_database
@pytest.mark.timeout(1200)
def test_the_model_catches_a_reviewer_who_dealt_with_it_before(house, monkeypatch):
    monkeypatch.setattr(stage_acts, "check_independence", lambda *args, **kwargs: None)

    with pytest.raises((AssertionError, ExceptionGroup)):
        run(house, ["respond", "escalate"], drawn_by=SOON_DECIDED, **CONTROL)


def by_role_alone(steps: LegalSteps, act: str, person: int) -> bool:
    """Say whether an act is somebody's, whatever part they had in the complaint before."""
    return steps.model.may(act, person, steps.staff.role[person])


@pytest.mark.promise("P9")
@pytest.mark.one_database
@pytest.mark.timeout(1200)
def test_the_model_catches_a_request_decided_by_who_dealt_with_what_is_to_be_reviewed(
    house, monkeypatch
):
    monkeypatch.setattr(escalate, "check_may_judge", lambda *args, **kwargs: None)
    # Straight to requests, decided by anybody whose act it is, whatever their part before.
    steps = ("triage", "assign", "pass_on", "respond", "escalate", "refuse_request", "accept")
    monkeypatch.setattr(legal_steps, "GOING_ON", steps)
    monkeypatch.setattr(LegalSteps, "_may", by_role_alone)

    with pytest.raises((AssertionError, ExceptionGroup)):
        run(house, ["refuse_request", "accept"], drawn_by=SOON, **CONTROL)
