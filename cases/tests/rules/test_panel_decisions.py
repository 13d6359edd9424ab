"""What a panel decides about the decision before, beside what it finds about the complaint."""

import pytest

from cases.rules.events import Outcome, PanelDecision
from cases.rules.panel_decisions import choices_about, contradictions, earlier_decision
from cases.tests.rules.stories import TERMS, happened

UPHELD, PARTLY, NOT_UPHELD = Outcome.UPHELD, Outcome.PARTLY_UPHELD, Outcome.NOT_UPHELD
AGREES, CHANGES, AGAIN = (
    PanelDecision.UPHELD,
    PanelDecision.CHANGED,
    PanelDecision.RE_INVESTIGATE,
)
STAGES = {stage.code: stage.name for stage in TERMS["herefordshire"].stages}


def finds(outcome: Outcome, **points: Outcome) -> dict[str, object]:
    """Return the facts of an answer."""
    found = {name.removeprefix("p"): {"finding": each.value} for name, each in points.items()}
    return {"outcome": outcome.value, "findings": found}


AT_APPEAL = (
    ("received", "8 Jun", {"stage": "stage-1"}),
    ("responded", "10 Jun", {"stage": "stage-1", **finds(UPHELD)}),
    ("escalation_requested", "11 Jun", {"stage": "stage-2"}),
    ("responded", "16 Jun", {"stage": "stage-2", **finds(NOT_UPHELD, p1=NOT_UPHELD)}),
    ("escalation_requested", "17 Jun", {"stage": "stage-3"}),
)


def before_the_panel(*more):
    """Return what the panel of Herefordshire decides about."""
    return earlier_decision(happened("herefordshire", *AT_APPEAL, *more), STAGES)


@pytest.mark.rule("HH-24")
def test_what_the_panel_decides_about_is_the_last_outcome_before_it():
    earlier = before_the_panel()

    assert earlier.words == (
        "The earlier decision: not upheld. It was given in Stage 2, review by a Director, on Tue "
        "16 Jun 2026."
    )
    assert earlier.findings == {1: NOT_UPHELD}


@pytest.mark.rule("HH-24")
def test_what_the_panel_itself_decided_is_not_the_decision_before():
    decided = ("outcome_sent", "30 Jun", {"panel_decision": "changed", **finds(UPHELD)})

    assert before_the_panel(decided).outcome is NOT_UPHELD


@pytest.mark.rule("HH-24")
def test_investigated_again_the_panel_decides_about_the_new_answer():
    earlier = before_the_panel(
        ("outcome_sent", "30 Jun", {"panel_decision": "re-investigate"}),
        ("responded", "6 Jul", {"stage": "stage-2", **finds(PARTLY)}),
        ("escalation_requested", "7 Jul", {"stage": "stage-3"}),
    )

    assert (earlier.outcome, f"{earlier.on:%-d %b}") == (PARTLY, "6 Jul")


def test_of_a_record_without_an_outcome_no_decision_is_invented():
    state = happened("herefordshire", ("received", "8 Jun", {"stage": "stage-3"}))

    assert earlier_decision(state, STAGES) is None
    assert dict(choices_about((AGREES,), None)) == {
        "upheld": "Agrees with the earlier decision, so that it stands"
    }


@pytest.mark.rule("HH-24")
def test_the_choices_name_the_decision_that_is_meant_and_keep_their_codes():
    decisions = TERMS["herefordshire"].stage("stage-3").panel.decisions

    assert dict(choices_about(decisions, before_the_panel())) == {
        "changed": "Changes the decision of Stage 2",
        "upheld": "Agrees with the decision of Stage 2, so that it stands",
        "re-investigate": "Has the complaint investigated again",
    }
    # “Upheld” alone is said of complaints, never of decisions.
    assert not any("upheld" in each.words.lower() for each in PanelDecision)


@pytest.mark.rule("HH-24")
@pytest.mark.parametrize(
    ("decision", "outcome", "findings", "advice"),
    [
        (AGREES, UPHELD, {}, "agrees with the decision of Stage 2, which was: not upheld"),
        (AGREES, PARTLY, {}, "The outcome of the complaint is: partly upheld"),
        (AGREES, NOT_UPHELD, {1: UPHELD}, "finds otherwise about a point"),
        (CHANGES, NOT_UPHELD, {}, "is as it was there: not upheld"),
        (CHANGES, NOT_UPHELD, {1: NOT_UPHELD}, "is as it was there: not upheld"),
    ],
)
def test_a_decision_that_contradicts_the_finding_is_told(decision, outcome, findings, advice):
    told = list(contradictions(decision, outcome, before_the_panel(), findings))

    assert len(told) == 1
    assert advice in told[0]


@pytest.mark.rule("HH-24")
@pytest.mark.parametrize(
    ("decision", "outcome", "findings"),
    [
        (AGREES, NOT_UPHELD, {}),
        (AGREES, NOT_UPHELD, {1: NOT_UPHELD, 2: UPHELD}),
        (CHANGES, UPHELD, {}),
        (CHANGES, NOT_UPHELD, {1: PARTLY}),
        (AGAIN, UPHELD, {}),
        (AGREES, None, {}),
        (None, UPHELD, {}),
    ],
)
def test_a_decision_that_bears_the_finding_is_left_alone(decision, outcome, findings):
    assert not list(contradictions(decision, outcome, before_the_panel(), findings))


def test_nothing_contradicts_a_decision_that_nobody_knows():
    assert not list(contradictions(AGREES, UPHELD, None, {}))
