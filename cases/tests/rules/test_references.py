"""References: said on the telephone, typed in any way, told from other words."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cases.rules.references import format_reference, may_be_reference, parse_reference, spellings

numbers = st.integers(min_value=0, max_value=2**40 - 1)


@given(number=numbers)
def test_a_reference_is_known_however_it_is_typed(number):
    reference = format_reference(number)
    assume(reference[-1].isalnum())

    for typed in (reference.lower(), reference.replace("-", " "), reference.replace("-", "")):
        assert parse_reference(typed) == reference
        assert reference in spellings(typed)
        assert may_be_reference(typed)


@pytest.mark.parametrize("reference", ["NTVA-WPHM-M", "QVKA-GYQP-V"])
def test_a_reference_without_a_figure_is_one_too(reference):
    assert may_be_reference(reference.lower())


@pytest.mark.parametrize(
    ("words", "may_be"), [("moyo", False), ("lift broken", False), ("C/2019/44", True), ("", False)]
)
def test_other_words_are_told_apart_by_having_a_figure(words, may_be):
    assert may_be_reference(words) is may_be
