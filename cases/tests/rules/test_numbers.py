"""What a number in an address or of a button may be."""

import pytest

from cases.rules.numbers import number_in


@pytest.mark.parametrize(
    ("text", "number"), [("7", 7), ("007", 7), ("0", 0), ("9" * 18, 10**18 - 1)]
)
def test_figures_are_a_number(text, number):
    assert number_in(text) == number


@pytest.mark.parametrize(
    "text", ["", "x", "-1", "5.0", "1e3", " 1", "²", "\N{ARABIC-INDIC DIGIT THREE}", "9" * 5_000]
)
def test_anything_else_is_none(text):
    assert number_in(text) == 0


def test_a_longer_number_than_is_wanted_is_none():
    assert number_in("99999", longest=5) == 99999
    assert number_in("100000", longest=5) == 0
