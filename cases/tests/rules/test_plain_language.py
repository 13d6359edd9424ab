"""Advice about what is written to customers: calm, and never a block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.events import Outcome
from cases.rules.plain_language import JARGON, LONGEST_SENTENCE, Found, advice, read_jargon

WORDS = read_jargon(JARGON)


@pytest.mark.parametrize(
    ("text", "outcome", "is_contradiction"),
    [
        ("Your complaint is not upheld.", Outcome.UPHELD, True),
        ("We do not uphold it.", Outcome.UPHELD, True),
        ("Your complaint is upheld.", Outcome.UPHELD, False),
        ("We uphold your complaint.", Outcome.NOT_UPHELD, True),
        ("Your complaint is not upheld.", Outcome.NOT_UPHELD, False),
        ("Point 1 is upheld, point 2 is not upheld.", Outcome.PARTLY_UPHELD, False),
        ("Your complaint is not upheld.", None, False),
        ("Your complaint is upheld.", Outcome.NOT_OURS, True),
        ("Your complaint is not upheld.", Outcome.NOT_OURS, True),
        ("The council answers for the street.", Outcome.NOT_OURS, False),
    ],
)
def test_a_text_that_contradicts_the_finding_is_told(text, outcome, is_contradiction):
    found = advice(text, {}, outcome)

    assert bool(found) == is_contradiction


@pytest.mark.parametrize(
    ("text", "is_contradiction"),
    [
        ("Your complaint is not upheld.", True),
        ("We looked at it again. Your complaint is upheld.", True),
        ("We find that your complaint is upheld in full.", True),
        ("We do not uphold your complaint because nobody was late.", True),
        ("Your complaint is partly upheld.", False),
        ("Your complaint is upheld in part.", False),
        ("Part of your complaint is not upheld.", False),
        ("We uphold your complaint about the lift.", False),
        ("The delay is upheld, the damage is not upheld.", False),
    ],
)
def test_only_of_the_whole_does_a_text_contradict_what_is_partly_upheld(text, is_contradiction):
    found = advice(text, {}, Outcome.PARTLY_UPHELD)

    assert bool(found) == is_contradiction


ALL_OF_IT = "About point 2 you write that all of it is upheld, and the finding is: partly upheld."
LIFT = Found(1, Outcome.UPHELD, "The lift stood still. We uphold this point.")
CALLS = Found(2, Outcome.NOT_UPHELD, "We rang twice. This point is not upheld.")


@pytest.mark.parametrize(
    ("text", "points", "told"),
    [
        ("We looked into it.", [LIFT, CALLS], []),
        ("Point 1 is upheld. Point 2 is not upheld.", [LIFT, CALLS], []),
        # What another point is found to be says nothing against this one.
        ("", [Found(1, Outcome.UPHELD, "It stood still; point 2 is not upheld."), CALLS], []),
        ("", [LIFT, Found(2, None, "This point is upheld.")], []),
        ("", [LIFT, Found(2, Outcome.PARTLY_UPHELD, "One call is upheld, one is not.")], []),
        (
            "",
            [LIFT, Found(2, Outcome.NOT_UPHELD, "We uphold this point.")],
            ["About point 2 you write that something is upheld, and the finding is: not upheld."],
        ),
        (
            "Your complaint is not upheld.",
            [Found(1, Outcome.UPHELD, "We do not uphold it."), CALLS],
            [
                "You write that all of it is not upheld, and the finding is: partly upheld.",
                "About point 1 you write that something is not upheld, and the finding is: upheld.",
            ],
        ),
        (
            "",
            [LIFT, Found(2, Outcome.PARTLY_UPHELD, "Your point is upheld.")],
            [ALL_OF_IT],
        ),
        (
            "Point 2 is upheld.",
            [LIFT, CALLS],
            ["About point 2 you write that something is upheld, and the finding is: not upheld."],
        ),
    ],
)
def test_the_reason_for_each_point_is_held_against_its_own_finding(text, points, told):
    assert advice(text, {}, Outcome.PARTLY_UPHELD, points) == told


def test_the_reasons_for_points_are_read_for_plain_words_too():
    points = [Found(1, Outcome.UPHELD, "We will utilise it.")]

    assert advice("All is well.", WORDS, Outcome.UPHELD, points) == ["“utilise”: say “use”."]


@given(st.integers(min_value=1, max_value=60))
def test_only_long_sentences_are_told(count):
    found = advice(f"{'word ' * count}end.", {})

    assert bool(found) == (count + 1 > LONGEST_SENTENCE)


def test_jargon_is_told_with_what_to_say_instead():
    assert advice("We will utilise an operative.", WORDS) == [
        "“operative”: say “worker”.",
        "“utilise”: say “use”.",
    ]


def test_a_word_within_another_is_no_jargon_and_a_line_may_lack_the_better_word():
    assert advice("Avoid the reused lift.", WORDS) == []
    assert advice("Synergy.", read_jargon("\nsynergy\n")) == ["“synergy”: say it more plainly."]
