"""A procedure in plain sentences, and what one version changes against another."""

import pytest

from cases.rules import procedure_changes as rules
from cases.rules.procedure_drafts import (
    PromiseTerms,
    RouteTerms,
    customer_route_of,
    timescale_of,
    with_promise,
    with_reminders,
    with_stage,
    with_usual_reminders,
)
from cases.rules.procedure_files import read_shipped, shipped_codes, terms_from
from cases.rules.procedure_words import (
    outside_sentence,
    promise_sentence,
    route_sentence,
    stage_words,
)


def procedure_changes(old, new) -> list[str]:
    return [str(each) for each in rules.procedure_changes(old, new)]


def promise(code: str, stage: str, timescale: str) -> str:
    terms = terms_from(read_shipped(code))
    found = terms.stage(stage)
    return promise_sentence(found.timescale(timescale), found)


@pytest.mark.parametrize(
    ("code", "stage", "timescale", "sentence"),
    [
        pytest.param(
            *("kht-three-stage", "stage-1", "acknowledge"),
            "Acknowledge in writing within 3 working days of the team getting it or, failing "
            "that, of the stage beginning (K3-10).",
            marks=pytest.mark.rule("K3-10"),
        ),
        pytest.param(
            *("first-ark-panel", "stage-1", "respond"),
            "Respond in writing within 15 working days of the acknowledgement, the first contact "
            "or the last day to contact the customer, whichever is first (KF-11, KF-12).",
            marks=pytest.mark.rule("KF-11"),
        ),
        pytest.param(
            *("herefordshire", "stage-3", "send-papers"),
            "Send the correspondence to the panel and the customer at least 5 working days before "
            "the day of the hearing (HH-23).",
            marks=pytest.mark.rule("HH-23"),
        ),
        pytest.param(
            *("code-2024", "stage-2", "respond"),
            "Give the final response, in writing, within 20 working days of the acknowledgement "
            "or, failing that, of the last day to acknowledge, define and log the request "
            "(Code 6.14, Code 6.15).",
        ),
        pytest.param(
            *("livv-two-stage", "stage-1", "manager-contact"),
            "Manager to discuss the complaint with the customer within 5 working days of the "
            "landlord getting it (LV-7).",
            marks=pytest.mark.rule("LV-7"),
        ),
    ],
)
def test_a_promise_is_told_with_its_period_its_start_and_its_rule(code, stage, timescale, sentence):
    assert promise(code, stage, timescale) == sentence


def test_the_way_to_the_next_stage_is_told_with_window_reasons_and_grounds():
    terms = terms_from(read_shipped("first-ark-panel"))

    told = route_sentence(terms.stage("stage-1").customer_route, terms)

    assert told == (
        "The customer may ask for Stage 2, panel review within 14 calendar days (or the next "
        "working day) of having the answer, and must give reasons (KF-13, KF-14, KF-15). The "
        "request takes effect when it is accepted. It may be refused only because: we followed "
        "our policy; we did what the law requires. A second person approves each refusal."
    )


def test_what_else_is_true_of_a_stage_is_told():
    terms = terms_from(read_shipped("herefordshire"))

    told = stage_words(terms, terms.stage("stage-3"))

    assert told.decided_by == "a panel of members of the Board (panel member)"
    assert "The hearing is held in person, in writing or in the customer’s absence." in told.others
    assert "Nobody who dealt with an earlier stage may decide it." in told.others


def test_outside_bodies_are_told_with_the_wait_before_them():
    terms = terms_from(read_shipped("first-ark-panel"))

    told = [outside_sentence(body, terms) for body in terms.outside_bodies]

    assert told[1].endswith("after Stage 2, panel review, 8 weeks after its answer (KF-21, KF-22).")


@pytest.mark.parametrize("code", shipped_codes())
def test_every_shipped_procedure_can_be_told_and_differs_from_itself_in_nothing(code):
    terms = terms_from(read_shipped(code))

    assert all(stage_words(terms, stage).promises for stage in terms.stages)
    assert procedure_changes(terms, terms) == []


def test_the_difference_names_the_stage_the_promise_and_both_figures():
    words = read_shipped("code-2024")
    other = with_promise(
        words, "stage-2", "respond", PromiseTerms("15 working days", False, True, 10)
    )

    found = procedure_changes(terms_from(words), terms_from(other))

    assert found == [
        "Stage 2, give the final response: 20 working days → 15 working days",
        "Stage 2, give the final response, longest extension in working days: 20 → 10",
    ]


def test_a_changed_window_and_changed_grounds_are_told():
    words = read_shipped("kht-three-stage")
    other = with_stage(
        words,
        "stage-1",
        name="First look",
        decided_by_words="the team the complaint is about",
        route=RouteTerms("20 working days", False, True, ["followed_policy"]),
    )

    found = procedure_changes(terms_from(words), terms_from(other))

    assert "Name of Stage 1: Stage 1 → First look" in found
    assert (
        "First look, request for the next stage, time to ask: 14 calendar days (or the next "
        "working day) → 20 working days"
    ) in found
    assert "First look, request for the next stage, reasons asked for: no → yes" in found
    assert any("refusal:" in line for line in found)


def test_stages_promises_and_ways_that_come_and_go_are_told():
    old, new = terms_from(read_shipped("code-2024")), terms_from(read_shipped("herefordshire"))

    found = procedure_changes(old, new)

    assert "Initial contact is a new stage." in found
    assert "Stage 3, appeal is a new stage." in found
    assert "Initial contact is no longer a stage." in procedure_changes(new, old)


def test_own_reminders_take_the_place_of_the_usual_ones_and_go_again():
    words = read_shipped("code-2024")

    own = with_reminders(words, "stage-1", "respond", ["before-5 bound"])
    usual = with_reminders(own, "stage-1", "respond", None)

    assert timescale_of(own, "stage-1", "respond")["reminders"] == ["before-5 bound"]
    assert usual == words
    assert any("reminders:" in line for line in _between(words, own))


def test_the_usual_reminders_reach_every_promise_without_its_own():
    words = read_shipped("code-2024")

    other = with_usual_reminders(words, ["due bound"])

    assert len(_between(words, other)) == 4


def test_changing_a_draft_leaves_what_it_began_with_alone():
    words = read_shipped("code-2024")

    with_promise(words, "stage-1", "respond", PromiseTerms("3 working days", False, False, None))

    assert words == read_shipped("code-2024")


def test_that_a_second_person_approves_refusals_is_told_among_the_changes():
    words = read_shipped("livv-two-stage")
    route = RouteTerms("28 calendar days", True, True, ["followed_policy", "legal_requirement"])
    alone = with_stage(
        words, "stage-1", name="Stage one", decided_by_words="the manager", route=route
    )

    [found] = [
        line
        for line in procedure_changes(terms_from(words), terms_from(alone))
        if "refusal" in line
    ]

    assert found.count("A second person approves each refusal.") == 1
    assert found.index("A second person") < found.index("→")


def test_no_window_no_reasons_and_no_grounds_leave_no_trace_in_the_file():
    words = read_shipped("first-ark-panel")

    other = with_stage(
        words,
        "stage-1",
        name="Stage 1",
        decided_by_words="the manager",
        route=RouteTerms("", True, False, []),
    )

    route = customer_route_of(other, "stage-1")
    left = {"window", "rolls", "reasons_required", "grounds", "refusal_approved"}
    assert not left & route.keys()


@pytest.mark.parametrize(
    "change",
    [
        lambda words: timescale_of(words, "stage-9", "respond"),
        lambda words: timescale_of(words, "stage-1", "sing"),
        lambda words: with_stage(
            words,
            "stage-2",
            name="x",
            decided_by_words="y",
            route=RouteTerms("1 week", False, False, []),
        ),
    ],
    ids=["stage", "promise", "way"],
)
def test_what_is_not_there_cannot_be_changed(change):
    with pytest.raises(KeyError):
        change(read_shipped("code-2024"))


def _between(old, new):
    return procedure_changes(terms_from(old), terms_from(new))
