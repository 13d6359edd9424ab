"""Advice about what is written to customers: calm, and never a block."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.events import Outcome
from cases.rules.plain_language import JARGON, LONGEST_SENTENCE, advice, read_jargon

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
    ],
)
def test_a_text_that_contradicts_the_finding_is_told(text, outcome, is_contradiction):
    found = advice(text, {}, outcome)

    assert bool(found) == is_contradiction


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
