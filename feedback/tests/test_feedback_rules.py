"""The rules of feedback, with a pencil: names, promises, and what is no complaint."""

from datetime import date

import pytest

from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.names import plain_words, staff_meant
from cases.rules.not_complaints import not_complaints
from cases.rules.procedure_files import read_shipped, shipped_codes, terms_from
from feedback.rules.kinds import Decision, Kind
from feedback.rules.promises import complaint_steps, further_stages, remark_step
from feedback.rules.remark_letters import Purpose, RemarkFacts, letter_text
from feedback.rules.told import Told

STAFF = {1: "Dan Okafor", 2: "Siân O’Brien", 3: "Li Wu", 4: "Mary Ann Lee-Jones", 5: "Priya"}
CALENDARS = {1: national_calendar(Nation.ENGLAND_AND_WALES)}
WEDNESDAY = date(2026, 6, 10)


def terms(code: str):
    return terms_from(read_shipped(code))


@pytest.mark.parametrize(
    ("named", "story", "is_about_staff", "found"),
    [
        ("", "The lift is out.", False, set()),
        ("Dan", "", False, {1}),
        ("o'brien in repairs", "", False, {2}),
        ("SIAN", "", False, {2}),
        ("", "dan okafor never came.", False, {1}),
        ("", "It was Okafor, Dan who came.", False, {1}),
        ("", "Mr Okafor never came.", False, {1}),
        ("", "Dan never came.", False, set()),
        ("", "Dan never came.", True, {1}),
        ("", "Mary Lee Jones shouted.", True, {4}),
        ("", "My daughter Li is ill.", False, set()),
        ("", "Priya was rude.", False, {5}),
        ("Li Wu", "", False, set()),
        ("", "It was Li Wu.", False, {3}),
    ],
)
def test_whoever_a_complaint_may_be_about_is_found_by_name(named, story, is_about_staff, found):
    assert staff_meant(named, story, is_about_staff=is_about_staff, staff=STAFF) == found


def test_names_are_compared_without_accents_capitals_and_signs():
    assert plain_words("Siân O’BRIEN-Łódź 3") == ["sian", "obrien", "łodz"]


@pytest.mark.parametrize(
    ("code", "days"),
    [
        ("kht-three-stage", ["2026-06-15", "2026-06-17"]),
        ("first-ark-panel", ["2026-06-11", "2026-06-17", "2026-07-02"]),
        ("livv-two-stage", ["2026-06-17"]),
        ("herefordshire", ["2026-07-01"]),
        ("code-2024", ["2026-06-17", "2026-07-01"]),
    ],
)
def test_each_procedure_promises_its_own_days(code, days):
    steps = complaint_steps(terms(code), received_on=WEDNESDAY, edition=1, calendars=CALENDARS)

    assert [step.by.isoformat() for step in steps] == days
    assert all("complain" not in step.neutral_words for step in steps)


@pytest.mark.rule("K3-20")
@pytest.mark.parametrize("kind", [Kind.COMPLIMENT, Kind.SUGGESTION])
@pytest.mark.parametrize("code", shipped_codes())
@pytest.mark.parametrize(
    ("received_on", "by"),
    [
        (date(2026, 6, 10), date(2026, 6, 15)),
        (date(2026, 12, 24), date(2026, 12, 31)),
        (date(2026, 6, 13), date(2026, 6, 17)),
    ],
    ids=["over a weekend", "over Christmas", "from a Saturday"],
)
def test_thanks_are_promised_within_three_working_days(kind, code, received_on, by):
    step = remark_step(kind, terms(code), received_on=received_on, calendar=CALENDARS[1])

    assert step.by == by
    assert step.words.startswith("thank you")


@pytest.mark.parametrize(
    ("code", "stages"),
    [
        ("kht-three-stage", 2),
        ("first-ark-panel", 1),
        ("livv-two-stage", 2),
        ("herefordshire", 3),
        ("code-2024", 1),
    ],
)
def test_the_further_stages_are_named(code, stages):
    assert len(further_stages(terms(code))) == stages


@pytest.mark.rule("K3-5")
@pytest.mark.rule("KF-7")
@pytest.mark.rule("LV-2")
@pytest.mark.rule("HH-5")
@pytest.mark.parametrize("code", shipped_codes())
def test_what_is_no_complaint_is_told_with_where_it_goes(code):
    found = not_complaints(terms(code))

    assert len(found) == len(terms(code).not_complaints)
    assert all(each.what and each.instead for each in found)


def test_a_code_of_a_landlords_own_is_told_in_its_words():
    own = read_shipped("code-2024")
    own["not_complaints"] = ["lost_keys"]

    [found] = not_complaints(terms_from(own))

    assert found.what == "Lost keys"


def test_a_letter_of_thanks_names_who_was_told_and_nothing_unknown():
    facts = RemarkFacts(Kind.COMPLIMENT, "KX7M-2QPD-C", WEDNESDAY, "", "Harbourside Homes")
    named = RemarkFacts(
        Kind.COMPLIMENT,
        "KX7M-2QPD-C",
        WEDNESDAY,
        "Olu Ade",
        "Harbourside Homes",
        told=["Dan", "Wei", "Siân"],
    )

    assert letter_text(Purpose.THANKS, facts).startswith("Hello,\n\nThank you")
    assert "We will pass it on" in letter_text(Purpose.THANKS, facts)
    assert "We have passed it on to Dan, Wei and Siân." in letter_text(Purpose.THANKS, named)


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        (Decision.TAKEN_UP, "We will do what you suggest."),
        (Decision.PARTLY, "We will do part of what you suggest."),
        (Decision.NOT_TAKEN_UP, "We are not able to do what you suggest."),
    ],
)
def test_an_answer_says_what_is_decided(decision, expected):
    facts = RemarkFacts(
        Kind.SUGGESTION, "KX7M-2QPD-C", WEDNESDAY, "Wei", "Homes", "In July.", decision=decision
    )

    assert expected in letter_text(Purpose.ANSWER, facts)
    assert "In July." in letter_text(Purpose.ANSWER, facts)


@pytest.mark.parametrize(
    ("answers", "can_be_thanked"),
    [
        ({}, False),
        ({"phone": "0151"}, True),
        ({"phone": "0151", "unsafe": ("phone",)}, False),
        ({"phone": "0151", "email": "a@b.example", "unsafe": ("phone",)}, True),
        ({"postcode": "HB1 2QH"}, False),
    ],
)
def test_somebody_can_be_thanked_where_a_way_is_safe(answers, can_be_thanked):
    assert Told(Kind.COMPLIMENT, "Kind", **answers).can_be_thanked is can_be_thanked


def test_what_was_told_is_kept_as_it_was():
    told = Told(Kind.SUGGESTION, "A bench", unsafe=("post",), for_other=True)

    assert Told.from_json(told.as_json()) == told
