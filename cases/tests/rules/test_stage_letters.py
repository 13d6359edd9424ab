"""What a stage asks of its letters, and how versions are read that told it in words."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import (
    checklist,
    compulsory_parts,
    defines_points,
    encloses_policy,
    to_vouch_for,
)
from cases.rules.parts import ANSWER_PARTS, Part
from cases.rules.procedure_changes import procedure_changes
from cases.rules.procedure_drafts import stage_of, timescale_of, with_letters_told, with_stage
from cases.rules.procedure_files import read_procedure, read_shipped, shipped_codes, terms_from
from cases.rules.procedure_text import procedure_text
from cases.rules.stage_letters import StageLetters, read_letters, tell_letters

KEYS = (
    "acknowledgement_defines",
    "acknowledgement_encloses_policy",
    "answer_parts",
    "answer_says",
)
# How the shipped procedures said it before their files had a place for it.
BEFORE = {
    ("kht-three-stage", "stage-1"): [
        "how the complaint will be resolved",
        "the right to ask for stage 2, and by when",
    ],
    ("kht-three-stage", "stage-2"): [
        "how the complaint will be resolved",
        "the right to ask for stage 3, and by when",
    ],
    ("kht-three-stage", "stage-3"): ["the outcome", "how to go to the Housing Ombudsman"],
    ("first-ark-panel", "stage-1"): [
        "the findings",
        "the right to ask for stage 2, by when, and that reasons are needed",
    ],
    ("first-ark-panel", "stage-2"): [
        "the panel's decision",
        "designated persons, the eight weeks, and the Housing Ombudsman",
    ],
    ("livv-two-stage", "stage-1"): [
        "findings",
        "actions",
        "learnings",
        "the right to ask for stage two within 28 days",
    ],
    ("livv-two-stage", "stage-2"): [
        "findings",
        "any actions required",
        "how to go to the Housing Ombudsman",
    ],
    ("herefordshire", "stage-1"): [
        "15 working days to tell the Complaints Coordinator and ask for review by a Director"
    ],
    ("herefordshire", "stage-2"): [
        "15 working days to tell the Complaints Coordinator and ask for an appeal",
        "how appeals work",
    ],
    ("herefordshire", "stage-3"): [
        "the decision",
        "the reasons",
        "the right to go to the Housing Ombudsman",
    ],
    ("code-2024", "stage-1"): [
        "the stage",
        "the complaint as we understand it",
        "the decision",
        "the reasons",
        "the remedy",
        "outstanding actions",
        "how to go to stage 2",
    ],
    ("code-2024", "stage-2"): [
        "the stage",
        "the complaint as we understand it",
        "the decision",
        "the reasons",
        "the remedy",
        "outstanding actions",
        "how to go to the Housing Ombudsman",
    ],
}


def published_before(code: str) -> dict:
    """Return a shipped procedure as an earlier release published it."""
    words = deepcopy(read_shipped(code))
    for stage in words["stage"]:
        for key in KEYS:
            stage.pop(key, None)
        if phrases := BEFORE.get((code, stage["code"])):
            stage["answer_says"] = phrases
    return words


@pytest.mark.rule("HH-14", "LV-8", "HH-20", "HH-25")
@pytest.mark.parametrize("code", shipped_codes())
def test_a_version_published_before_asks_what_it_always_asked(code):
    before, now = terms_from(published_before(code)), terms_from(read_shipped(code))

    assert before == now
    assert procedure_changes(before, now) == []


@pytest.mark.parametrize("code", shipped_codes())
def test_a_draft_of_it_tells_in_full_what_its_letters_say(code):
    told = with_letters_told(published_before(code))

    assert told == read_shipped(code)
    assert terms_from(read_procedure(procedure_text(told))) == terms_from(told)


@pytest.mark.rule("HH-14")
def test_other_words_for_the_acknowledgement_take_nothing_from_it():
    hereford = with_letters_told(published_before("herefordshire"))
    timescale_of(hereford, "stage-1", "acknowledge")["words"] = "Write back at once"
    code = with_letters_told(published_before("code-2024"))
    timescale_of(code, "stage-1", "acknowledge")["words"] = "Acknowledge and set out the complaint"

    assert encloses_policy(terms_from(hereford).stage("stage-1"))
    assert defines_points(terms_from(code).stage("stage-1"))


def test_what_is_said_to_be_not_so_is_not_read_from_the_words():
    words = deepcopy(read_shipped("code-2024"))
    stage_of(words, "stage-1")["acknowledgement_defines"] = False

    assert not defines_points(terms_from(words).stage("stage-1"))
    assert defines_points(terms_from(words).stage("stage-2"))


def test_a_phrase_that_sounds_like_a_part_is_vouched_for():
    words = deepcopy(read_shipped("code-2024"))
    learnt = "what we learn from this decision, and the actions and the reasons for them"
    stage_of(words, "stage-1").update(answer_parts=["further"], answer_says=[learnt])

    stage = terms_from(words).stage("stage-1")

    assert to_vouch_for(LetterKind.RESPONSE, stage) == (learnt,)
    assert learnt in [must.words for must in checklist(LetterKind.RESPONSE, stage)]
    assert Part.REMEDY not in compulsory_parts(LetterKind.RESPONSE, stage)


@given(
    st.builds(
        StageLetters,
        st.booleans(),
        st.booleans(),
        st.sets(st.sampled_from(ANSWER_PARTS)).map(
            lambda found: tuple(part for part in Part if part in found)
        ),
        st.lists(st.text(min_size=1), unique=True).map(tuple),
    ),
    st.sampled_from(["Acknowledge, define, with the policy", "Write"]),
)
def test_what_is_written_into_a_file_reads_back_the_same(letters, words):
    stage = {"timescale": [{"words": words, "met_by": ["acknowledged"]}]}

    tell_letters(stage, letters)

    assert read_letters(stage) == letters


def test_the_difference_names_what_the_letters_say_no_longer_and_what_is_new():
    words = read_shipped("code-2024")
    other = with_stage(
        words,
        "stage-1",
        name="Stage 1",
        decided_by_words="the complaints officer",
        route=None,
        letters=StageLetters(False, True, (Part.REMEDY,), ("learnings",)),
    )

    found = [str(each) for each in procedure_changes(terms_from(words), terms_from(other))]

    assert found == [
        "Stage 1, other terms, no longer: The acknowledgement sets out the complaint: its points, "
        "what the customer wants, and what the landlord is and is not responsible for.",
        "Stage 1, other terms, new: The complaints policy goes with the acknowledgement.",
        *(
            f"Stage 1, the answer says, no longer: {part.words}"
            for part in terms_from(words).stage("stage-1").letters.answer_parts
            if part is not Part.REMEDY
        ),
        "Stage 1, the answer says, new: learnings",
    ]


def test_an_answer_whose_promise_is_in_writing_is_not_said_to_be_written_only_when_asked_for():
    words = read_shipped("code-2024")
    unasked = with_stage(
        words,
        "stage-1",
        name="Stage 1",
        decided_by_words="the complaints officer",
        route=None,
        answer_in_writing=False,
    )

    assert terms_from(unasked).stage("stage-1").answer_in_writing is False
    assert procedure_changes(terms_from(words), terms_from(unasked)) == []
