"""The count of the numbered rules."""

from cases.tests.procedures.numbers import RULES
from cases.tests.rule_count import faults, main, marked_rules, restated_rules

MARKED = """
@pytest.mark.rule("K3-10", "KF-9")
def test_one(): ...

@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.rule("LV-6"))])
@mark.rule("HH-1")
def test_two(x): ...
"""
RESTATED = "".join(f"- **{rule}** Something.\n" for rule in RULES)


def test_there_are_ninety_one_rules():
    assert len(set(RULES)) == len(RULES) == 91


def test_every_rule_is_tested_or_comes_later(capsys):
    assert main() == 0

    last = capsys.readouterr().out.splitlines()[-1]
    tested, later = (int(words.split()[0]) for words in last.removeprefix("91 rules: ").split(", "))
    assert last == f"91 rules: {tested} tested, {later} later"
    assert tested + later == 91


def test_the_numbers_are_read_from_the_marks():
    assert marked_rules(MARKED) == {"K3-10", "KF-9", "LV-6"}


def test_a_rule_ends_where_the_next_begins():
    found = restated_rules("- **HH-1** One\n  and more.\n- **HH-2** Two\n\n## Next\nwords\n")

    assert found == {"HH-1": "One and more.", "HH-2": "Two"}


def test_nothing_is_wrong_where_all_are_tested():
    assert list(faults(RULES, restated_rules(RESTATED))) == []


def test_a_rule_without_a_test_is_told():
    found = list(faults(set(RULES) - {"HH-9"}, restated_rules(RESTATED)))

    assert found == ["HH-9 has neither a test nor a later release."]


def test_a_rule_that_comes_later_needs_no_test_and_may_not_have_one():
    text = RESTATED.replace("**HH-9** Something.", "**HH-9** Comes in a later\nrelease.")

    assert list(faults(set(RULES) - {"HH-9"}, restated_rules(text))) == []
    assert list(faults(RULES, restated_rules(text))) == [
        "HH-9 is said to come later, and is tested."
    ]


def test_a_rule_that_is_not_restated_is_told():
    text = RESTATED.replace("- **HH-9** Something.\n", "")

    assert list(faults(RULES, restated_rules(text))) == [
        "HH-9 is not restated in docs/procedures.md."
    ]


def test_a_number_that_is_no_rule_is_told():
    assert list(faults([*RULES, "HH-99"], restated_rules(RESTATED))) == [
        "HH-99 is no rule that there is."
    ]
