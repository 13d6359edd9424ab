"""What the five shipped procedures have in common, and where each departs from the Code."""

import re

import pytest

from cases.errors import NotEntitled
from cases.operations.close import refuse_unreasonable
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.checker import departures_from_code, problems
from cases.rules.permissions import permission
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import Role
from cases.rules.terms import AnchorKind
from cases.tests.procedures.acts import Acting
from cases.tests.procedures.numbers import RULES
from cases.tests.rules.stories import became, day, due, happened, promise
from cases.tests.rules.strategies import TERMS

# As the procedures are to be: each stage with its promises, and the customer's windows after “|”.
PROMISES = {
    "kht-three-stage": {
        "stage-1": "acknowledge respond | escalate-by",
        "stage-2": "respond | escalate-by",
        "stage-3": "hold-hearing inform-outcome |",
    },
    "first-ark-panel": {
        "stage-1": "first-contact manager-contact respond | escalate-by",
        "stage-2": "decide-escalation hold-hearing give-notice inform-outcome | ombudsman-from",
    },
    "livv-two-stage": {
        "initial": "first-contact |",
        "stage-1": "manager-contact respond | escalate-by",
        "stage-2": "decide-escalation respond |",
    },
    "herefordshire": {
        "initial": "log resolve |",
        "stage-1": "acknowledge respond | escalate-by",
        "stage-2": "acknowledge respond | escalate-by",
        "stage-3": "hold-hearing send-papers inform-outcome |",
    },
    "code-2024": {
        "stage-1": "acknowledge respond |",
        "stage-2": "acknowledge respond |",
    },
}
PERIODS = {
    "kht-three-stage": "3 5 / 5 / 10 5",
    "first-ark-panel": "1 5 15 / 3 20 -5 10",
    "livv-two-stage": "5 / 5 10 / 5 20",
    "herefordshire": "1 15 / 3 15 / 3 15 / 20 -5 10",
    "code-2024": "5 10 / 5 20",
}
# The provisions of the Code from which each departs.
DEPARTURES = {
    "kht-three-stage": {"5.3", "5.6", "6.9", "6.19"},
    "first-ark-panel": {"3.7", "5.6", "5.11", "6.3", "6.9", "6.12", "6.13", "6.14", "6.19"},
    "livv-two-stage": {"5.2", "5.6", "5.11", "6.9", "6.12", "6.19"},
    "herefordshire": {"3.7", "5.2", "5.3", "5.6", "6.3", "6.9", "6.19"},
    "code-2024": set(),
}
each_procedure = pytest.mark.parametrize("code", sorted(PROMISES))


@each_procedure
def test_what_is_pursued_unreasonably_is_refused_by_a_director_under_every_procedure(house, code):
    house.run(code)
    acting = Acting(house, house.lodge())
    refusal = {"evidence": "Forty calls a day.", "telling": Telling("email")}

    with pytest.raises(NotEntitled):
        acting.do(refuse_unreasonable, "9 Jun", by=Role.COMPLAINTS_COORDINATOR, **refusal)
    acting.do(refuse_unreasonable, "9 Jun", by=Role.DIRECTOR, **refusal)

    assert acting.complaint.closed_as == "refused"


@pytest.mark.parametrize(
    ("code", "events"),
    [
        ("livv-two-stage", []),
        (
            "first-ark-panel",
            [("contacted", "1 Jun"), ("responded", "5 Jun"), ("escalation_requested", "15 Jun")],
        ),
    ],
)
def test_only_a_response_or_a_resolution_has_a_day_that_can_be_extended(code, events):
    state = happened(code, ("received", "1 Jun"), *events)

    found = permission(Act.EXTEND, state, TERMS[code], day("16 Jun"))

    assert "has no response or resolution whose day could move" in found.why_not


def test_five_procedures_ship():
    assert shipped_codes() == sorted(PROMISES)


@each_procedure
def test_it_makes_exactly_these_promises_in_exactly_these_stages(code):
    found = {}
    for stage in TERMS[code].stages:
        state = happened(code, ("received", "8 Jun", {"stage": stage.code}))
        made = [d.code for d in state.deadlines if not d.is_window]
        windows = [d.code for d in state.deadlines if d.is_window]
        found[stage.code] = f"{' '.join(made)} | {' '.join(windows)}".strip()

    assert found == {stage: told.strip() for stage, told in PROMISES[code].items()}


@each_procedure
def test_its_promises_have_exactly_these_working_days(code):
    told = [
        " ".join(str(t.period).removesuffix("s").removesuffix(" working day") for t in s.timescales)
        for s in TERMS[code].stages
    ]

    assert " / ".join(told) == PERIODS[code]


@each_procedure
def test_it_contradicts_itself_nowhere(code):
    assert problems(TERMS[code]) == []


@each_procedure
def test_it_departs_from_the_code_exactly_where_it_is_known_to(code):
    assert {each.provision for each in departures_from_code(TERMS[code])} == DEPARTURES[code]


@each_procedure
def test_a_departure_is_told_in_a_sentence(code):
    for departure in departures_from_code(TERMS[code]):
        assert departure.words.endswith(".")
        assert len(departure.words) > 20


@each_procedure
def test_every_promise_and_every_way_on_cites_a_rule_that_there_is(code):
    terms = TERMS[code]
    cited = [body.rules for body in terms.outside_bodies]
    for stage in terms.stages:
        panel = [stage.panel] if stage.panel else []
        cited += [each.rules for each in (stage, *stage.timescales, *stage.routes, *panel)]

    assert all(cited)
    for rule in {rule for rules in cited for rule in rules} | set(terms.rules):
        assert rule in RULES or re.fullmatch(r"Code \d\.\d+", rule)


@each_procedure
def test_every_promise_is_reminded_of_on_its_day_or_after(code):
    for stage in TERMS[code].stages:
        for timescale in stage.timescales:
            assert any(reminder.days >= 0 for reminder in timescale.reminders)
            assert all(reminder.to for reminder in timescale.reminders)


@each_procedure
def test_no_promise_waits_for_ever(code):
    for stage in TERMS[code].stages:
        state = happened(code, ("received", "8 Jun", {"stage": stage.code}))
        for timescale in stage.timescales:
            waits = became(state, timescale.code) == "waiting"
            # Only notice of a hearing waits, for the day of the hearing, which has a promise.
            assert waits == (timescale.anchors[0].kind is AnchorKind.HEARING_DAY)


@each_procedure
def test_a_complaint_may_be_followed_from_its_first_word_to_the_ombudsman(code):
    terms = TERMS[code]
    told = [("received", "5 Jan")]
    reached = [terms.first_stage]
    days = iter(["12 Jan", "13 Jan", "14 Jan", "15 Jan", "16 Jan", "19 Jan", "20 Jan", "21 Jan"])
    for stage in terms.stages:
        answer = "resolved" if stage.code == "initial" else "responded"
        told.append((answer, next(days)))
        if stage.routes:
            landlord = next((r for r in stage.routes if not r.by_customer), None)
            told.append(("passed_on" if landlord else "escalation_requested", next(days)))
            reached.append(stage.routes[0].to)
    told.append(("referred_to_ombudsman", "2 Feb"))

    state = happened(code, *told)

    assert state.irregular == ()
    assert [move.to_stage for move in state.transitions] == reached
    assert terms.stage(state.stage).customer_route is None
    assert state.referred_to_ombudsman_on is not None


class TestTheCode:
    def test_stage_1_is_acknowledged_in_five_and_answered_ten_days_after(self):
        state = happened("code-2024", ("received", "8 Jun"), ("acknowledged", "10 Jun"))

        # Code 6.2, 6.3.
        assert (due(state, "acknowledge"), due(state, "respond")) == ("15 Jun", "24 Jun")

    def test_stage_2_is_acknowledged_in_five_and_answered_twenty_days_after(self):
        told = [("received", "8 Jun"), ("responded", "9 Jun"), ("escalation_requested", "10 Jun")]

        asked = happened("code-2024", *told)
        acknowledged = happened("code-2024", *told, ("acknowledged", "15 Jun"))

        # Code 6.11, 6.14; while it is not acknowledged, from the last day for it.
        assert (due(asked, "acknowledge"), due(asked, "respond")) == ("17 Jun", "15 Jul")
        assert due(acknowledged, "respond") == "13 Jul"

    def test_it_may_be_extended_by_ten_and_by_twenty_days(self):
        # Code 6.4, 6.15.
        stages = TERMS["code-2024"].stages

        assert [stage.timescale("respond").longest_extension for stage in stages] == [10, 20]

    def test_an_extension_counts_from_the_day_first_due(self):
        # Case C20 of the worked examples.
        state = happened(
            "code-2024",
            ("received", "1 May"),
            ("acknowledged", "1 May"),
            ("extended", "15 May", {"new_due_on": "2 Jun"}),
        )

        assert promise(state, "respond").original_due_on.isoformat() == "2026-05-18"
        assert due(state, "respond") == "2 Jun"


@pytest.mark.parametrize(
    ("code", "may_ask"),
    [
        ("kht-three-stage", False),
        ("first-ark-panel", False),
        ("livv-two-stage", False),
        ("herefordshire", False),
        ("code-2024", True),
    ],
)
def test_only_under_the_code_is_an_overdue_answer_reason_enough_for_the_next_stage(code, may_ask):
    passed_on = ("passed_on", "9 Jun", {"stage": "stage-1"})
    first = "initial" if TERMS[code].first_stage == "initial" else ""
    state = happened(code, ("received", "8 Jun"), *([passed_on] if first else []))

    asked = permission(Act.ESCALATE, state, TERMS[code], day("8 Aug"))

    assert state.stage == "stage-1"
    assert asked.is_allowed is may_ask
    assert may_ask or asked.why_not.endswith("has not been answered yet.")
