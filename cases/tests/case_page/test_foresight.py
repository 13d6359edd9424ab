"""What an act leads to is told before it is done."""

import pytest

from cases.rules.foresight import what_follows
from cases.tests.rules.stories import happened
from cases.tests.rules.strategies import TERMS

RECEIVED = ("received", "8 Jun")


def follows(code, story, *then):
    """Return what follows when more happens after a story."""
    return what_follows(happened(code, *story), happened(code, *story, *then), TERMS[code])


def test_an_acknowledgement_is_told_as_in_time_and_with_the_day_of_the_response():
    told = follows("code-2024", [RECEIVED], ("acknowledged", "12 Jun"))

    assert told == [
        "Acknowledge, define and log the complaint: in time, due Mon 15 Jun 2026.",
        "Respond in full: due Fri 26 Jun 2026, instead of Mon 29 Jun 2026.",
    ]


def test_a_late_response_says_when_it_was_due_and_opens_the_customers_time():
    told = follows(
        "herefordshire",
        [RECEIVED, ("passed_on", "9 Jun", {"stage": "stage-1"})],
        ("responded", "6 Jul"),
    )

    assert told == [
        "Write to the customer: late, it was due Tue 30 Jun 2026.",
        "Customer may ask for Stage 2, review by a Director until Mon 27 Jul 2026.",
    ]


def test_passing_on_names_the_stage_and_its_first_days():
    told = follows("herefordshire", [RECEIVED], ("passed_on", "9 Jun", {"stage": "stage-1"}))

    assert "It goes to Stage 1." in told
    assert "Resolve the complaint: in time, due Mon 29 Jun 2026." in told
    assert "Acknowledge in writing, enclosing the policy: due Fri 12 Jun 2026." in told


def test_a_request_that_waits_for_its_decision_is_told_as_such():
    answered = [RECEIVED, ("responded", "12 Jun")]
    asked = ("escalation_requested", "16 Jun", {"stage": "stage-2", "in_time": True})

    told = follows("first-ark-panel", answered, asked)
    accepted = follows("first-ark-panel", [*answered, asked], ("escalation_accepted", "17 Jun"))
    refused = follows("first-ark-panel", [*answered, asked], ("escalation_refused", "17 Jun"))

    assert told[0] == "The request for Stage 2, panel review waits for a decision."
    assert accepted[0] == "It goes on at Stage 2, panel review."
    assert refused[0] == "It is back at Stage 1."


def test_a_stage_that_needs_somebody_new_says_so():
    answered = [("received", "8 Jun", {"officer": 7}), ("responded", "12 Jun")]

    told = follows("code-2024", answered, ("escalation_requested", "16 Jun", {"stage": "stage-2"}))

    assert told[-1] == "It needs a new responsible officer."


@pytest.mark.parametrize(
    ("code", "then", "first"),
    [
        ("kht-three-stage", ("withdrawn", "9 Jun"), "The complaint is closed."),
        ("first-ark-panel", ("resolved", "9 Jun"), "Respond in writing: no longer needed."),
    ],
)
def test_ends_are_told(code, then, first):
    assert first in follows(code, [RECEIVED], then)


def test_reopening_begins_the_stage_anew():
    closed = [RECEIVED, ("responded", "12 Jun"), ("closed", "15 Jun")]

    told = follows("code-2024", closed, ("reopened", "1 Jul"))

    assert told[:2] == ["Stage 1 begins anew.", "The complaint is open again."]


def test_what_does_not_fit_is_told():
    told = follows("code-2024", [RECEIVED], ("escalation_refused", "9 Jun"))

    assert told == ["This does not fit: No request was waiting for a decision."]


@pytest.mark.rule("KF-21")
def test_the_earliest_day_for_the_ombudsman_is_told_as_from():
    heard = [
        RECEIVED,
        ("responded", "12 Jun"),
        ("escalation_requested", "16 Jun", {"stage": "stage-2", "in_time": True}),
        ("hearing_held", "1 Jul"),
    ]

    told = follows("first-ark-panel", heard, ("outcome_sent", "2 Jul"))

    assert "Housing Ombudsman Service may be asked from Thu 27 Aug 2026." in told
