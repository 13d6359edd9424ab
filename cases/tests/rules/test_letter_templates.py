"""Templates of letters: what may stand in one, and what a letter made with one says."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.letter_parts import compulsory_parts
from cases.rules.letter_templates import (
    AGAIN,
    FIELDS,
    LETTERS,
    LETTERS_BESIDE,
    PARTS,
    example,
    fields_in,
    letters_of,
    parts_in,
    pieces_of,
    problems_with,
    shipped,
    split_at_gaps,
)
from cases.rules.letters import LetterKind, letter_paragraphs, what_is_missing
from cases.tests.case_page.test_letter_parts import LETTERS as WHOLE
from cases.tests.case_page.test_letter_parts import whole_letter
from cases.tests.rules.strategies import TERMS

RESPONSE = LetterKind.RESPONSE.value
letters = st.sampled_from(LETTERS)


def test_every_kind_of_letter_is_shipped_with_words():
    assert set(LETTERS) == {*LetterKind, AGAIN}


@pytest.mark.parametrize("letter", LETTERS)
def test_the_shipped_words_have_nothing_against_them(letter):
    assert problems_with(letter, shipped(letter)) == []


@given(letters, st.data())
def test_a_template_that_leaves_out_a_standing_part_is_refused(letter, data):
    part = data.draw(st.sampled_from(parts_in(letter)))

    found = problems_with(letter, shipped(letter).replace(f"{{{part}}}", ""))

    assert any(f"{{{part}}} is left out" in each for each in found)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{what you write} {decision}", "{decision} must be a paragraph of its own."),
        ("Dear {first name}", "{first name} means nothing in this letter."),
        ("Dear {customer}", "{customer} means nothing in this letter."),
        ("To {address}", "{address} means nothing in this letter."),
        ("By {new day}", "{new day} means nothing in this letter."),
        ("{taking part}", "{taking part} means nothing in this letter."),
        ("{decision}\n\n{decision}", "{decision} is there more than once."),
        ("Reference {reference", "There is a brace without its other half."),
        ("Hello.", "{stage} is left out: this letter must say the stage of the procedure."),
    ],
)
def test_what_is_wrong_with_a_template_is_told_in_words(text, words):
    assert words in problems_with(RESPONSE, text)


def test_the_parts_stand_in_the_order_of_the_template():
    facts = whole_letter("code-2024", "stage-1", LetterKind.RESPONSE)
    words = shipped(RESPONSE).replace("{what you write}\n\n", "")
    turned = f"About {{stage}}.\n\n{{what you write}}\n\n{words}"

    told = letter_paragraphs(replace(facts, template=turned))

    assert told[:2] == ["About Stage 1.", "We looked into it."]
    assert what_is_missing(replace(facts, template=turned)) == []


@given(st.sampled_from(WHOLE))
def test_whatever_a_template_leaves_out_the_letter_is_refused_without_it(letter):
    code, stage, kind = letter
    facts = whole_letter(code, stage, kind)

    bare = replace(facts, template="Hello.")

    lacking = what_is_missing(bare)
    asked = compulsory_parts(kind, facts.the_stage, with_policy=facts.must_enclose_policy)
    assert {part.words for part in asked} <= set(lacking)
    assert {f"[missing: {part.words}]" for part in asked} <= set(letter_paragraphs(bare))


@given(st.sampled_from(WHOLE), st.data())
def test_an_empty_merge_field_shows_itself_and_holds_the_letter(letter, data):
    facts = whole_letter(*letter)
    name = data.draw(st.sampled_from(["officer", "job title", "landlord", "customer", "hobby"]))
    text = f"{shipped(facts.kind.value)}\n\nFrom {{{name}}}."

    empty = replace(facts, template=text, merged={name: "  "})
    full = replace(facts, template=text, merged={name: "Somebody"})

    words = FIELDS[name][0] if name in FIELDS else name
    assert f"From [empty: {words}]." in letter_paragraphs(empty)
    assert len(what_is_missing(empty)) == 1
    assert "From Somebody." in letter_paragraphs(full)
    assert what_is_missing(full) == []


def test_what_is_filled_in_is_never_read_for_merge_fields():
    facts = whole_letter("code-2024", "stage-1", LetterKind.RESPONSE)
    text = f"{shipped(RESPONSE)}\n\n{{officer}}"

    told = letter_paragraphs(
        replace(facts, template=text, merged={"officer": "{reference}"}, words="{stage} {hobby}")
    )

    assert "{reference}" in told
    assert "{stage} {hobby}" in told


@pytest.mark.parametrize("code", sorted(TERMS))
def test_a_procedure_has_the_letters_that_may_go_under_it(code):
    hears = any(stage.panel for stage in TERMS[code].stages)

    assert (LetterKind.INVITATION in letters_of(TERMS[code])) == hears


@pytest.mark.parametrize("letter", LETTERS)
def test_an_example_says_something_for_every_paragraph(letter):
    text = shipped(letter)

    assert len(example(letter, text)) == len(pieces_of(text))
    assert not [each for each in example(letter, text) if "[empty" in each or "{" in each]
    assert "[empty: " in example(letter, text, is_filled=False)[0]


def test_every_merge_field_and_part_is_used_somewhere():
    assert {name for letter in LETTERS for name in fields_in(letter)} == set(FIELDS)
    every = (*LETTERS, *LETTERS_BESIDE)
    assert {name for letter in every for name in parts_in(letter)} == set(PARTS)


def test_gaps_are_told_from_the_words_around_them():
    assert split_at_gaps("By [empty: the new day]. Or [not].") == [
        ("By ", False),
        ("[empty: the new day]", True),
        (". Or [not].", False),
    ]
