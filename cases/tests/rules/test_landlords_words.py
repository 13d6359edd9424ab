"""What of the landlord's words can be translated, and how a translation fits."""

import pytest

from cases.rules.landlords_words import has_words, mark_of, pairs, why_unfit


@pytest.mark.parametrize(
    "text",
    ["", "0151 555 0100", "+44 (0)151 555-0100", "https://www.example.org/a", "a@b.example", "9–5"],
)
def test_there_is_nothing_to_translate_in_numbers_and_addresses(text):
    assert not has_words(text)


@pytest.mark.parametrize("text", ["Ring 0151 555 0100", "Monday", "Дом", "0151 (days)"])
def test_anything_else_can_be_translated(text):
    assert has_words(text)


def test_words_need_a_line_for_each_line_of_the_english():
    assert why_unfit("One\n\nTwo", "Un\nDau") == ""
    assert why_unfit("One\nTwo", "") == ""
    assert why_unfit("One\nTwo", "Un").startswith("The English has 2 lines and this has 1:")
    assert why_unfit("One", "Un\nDau").startswith("The English has 1 line and this has 2:")


def test_a_text_is_said_whole_and_line_by_line():
    assert dict(pairs("One \n\nTwo", "Un\n\nDau")) == {
        "One\nTwo": "Un\n\nDau",
        "One": "Un",
        "Two": "Dau",
    }


def test_another_text_has_another_mark_and_other_spaces_have_not():
    assert mark_of("One\r\nTwo ") == mark_of("One\nTwo")
    assert mark_of("One\nTwo") != mark_of("One, Two")
