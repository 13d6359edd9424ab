"""A procedure as a file: what is written reads back as the same."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.procedure_files import read_shipped, shipped_codes, terms_from
from cases.rules.procedure_text import procedure_text

strings = st.text(st.characters(exclude_categories=["Cs"]))
plain = st.one_of(st.booleans(), st.integers(-(2**63), 2**63 - 1), strings, st.lists(strings))
keys = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
tables = st.dictionaries(keys, plain, max_size=4)


@pytest.mark.parametrize("code", shipped_codes())
def test_a_shipped_procedure_survives_being_written_and_read(code):
    words = read_shipped(code)

    text = procedure_text(words)

    assert tomllib.loads(text) == words
    assert terms_from(tomllib.loads(text)) == terms_from(words)


@given(top=tables, stages=st.lists(tables, min_size=1, max_size=3), panel=tables, below=tables)
def test_whatever_is_in_it_reads_back(top, stages, panel, below):
    below_all = [{**stage, "panel": panel, "timescale": [below, below]} for stage in stages]
    words = {**top, "stage": below_all}

    assert tomllib.loads(procedure_text(words)) == words


def test_promises_stand_below_their_stage_as_in_the_shipped_files():
    lines = procedure_text(read_shipped("code-2024")).splitlines()

    assert "[[stage]]" in lines
    assert "    [[stage.timescale]]" in lines
    assert '    period = "5 working days"' in lines


def test_a_long_list_is_written_an_item_a_line():
    text = procedure_text({"reminders": ["x" * 60, "y" * 60]})

    assert text == f'reminders = [\n    "{"x" * 60}",\n    "{"y" * 60}",\n]\n'


def test_what_no_procedure_holds_is_refused():
    with pytest.raises(ValueError, match="no place"):
        procedure_text({"amount": 1.5})
