"""The boards' days, bands, targets and sentences, worked out with a pencil."""

from collections import Counter
from datetime import date

import pytest

from reporting.rules.answer_figures import AnswerFigures, Given, Moved
from reporting.rules.board_findings import (
    added_finding,
    in_time_finding,
    late_finding,
    taken_finding,
)
from reporting.rules.board_times import Choice, Stretch, between, compared, quarters_ended
from reporting.rules.durations import TAKEN, in_bands, within
from reporting.rules.targets import Aim, Wanted

# A Wednesday in the first quarter of the landlord's year.
TODAY = date(2026, 6, 17)
CHOICES = {
    Choice.THIS_MONTH: ("2026-06-01 2026-06-17", "2026-05-01 2026-05-17"),
    Choice.THIS_QUARTER: ("2026-04-01 2026-06-17", "2026-01-01 2026-03-19"),
    Choice.THIS_YEAR: ("2026-04-01 2026-06-17", "2025-04-01 2025-06-17"),
    Choice.TWELVE_MONTHS: ("2025-06-18 2026-06-17", "2024-06-18 2025-06-17"),
    Choice.LAST_MONTH: ("2026-05-01 2026-05-31", "2026-04-01 2026-04-30"),
    Choice.LAST_QUARTER: ("2026-01-01 2026-03-31", "2025-10-01 2025-12-31"),
    Choice.LAST_YEAR: ("2025-04-01 2026-03-31", "2024-04-01 2025-03-31"),
}


def in_short(stretch: Stretch) -> str:
    return f"{stretch.first} {stretch.last}"


@pytest.mark.parametrize("choice", CHOICES)
def test_a_period_is_compared_with_the_same_days_of_the_one_before(choice):
    found = compared(choice, today=TODAY)

    assert (in_short(found.now), in_short(found.before)) == CHOICES[choice]


def test_every_choice_but_free_days_is_among_the_cases():
    assert set(CHOICES) == set(Choice) - {Choice.FROM_TO}


def test_what_is_longer_than_the_month_before_is_compared_with_all_of_that():
    found = compared(Choice.THIS_MONTH, today=date(2026, 3, 30))

    assert in_short(found.before) == "2026-02-01 2026-02-28"


def test_a_month_on_its_last_day_is_compared_with_the_whole_month_before():
    found = compared(Choice.THIS_MONTH, today=date(2026, 2, 28))

    assert in_short(found.before) == "2026-01-01 2026-01-31"


def test_days_that_somebody_names_end_today_and_are_compared_with_as_many():
    found = between(date(2026, 6, 8), date(2026, 7, 31), today=TODAY)

    assert (in_short(found.now), in_short(found.before)) == (
        "2026-06-08 2026-06-17",
        "2026-05-29 2026-06-07",
    )


def test_only_quarters_that_have_ended_are_offered():
    assert [each.words for each in quarters_ended(TODAY)][:2] == [
        "January to March 2026",
        "October to December 2025",
    ]


def test_every_number_of_days_is_in_one_band():
    assert [sum(days in band for band in TAKEN) for days in range(60)] == [1] * 60
    assert in_bands({0: 1, 2: 1, 3: 1, 30: 2, 31: 4}, TAKEN) == {
        "0-2": 2,
        "3-5": 1,
        "6-10": 0,
        "11-15": 0,
        "16-20": 0,
        "21-30": 2,
        "31-": 4,
    }


@pytest.mark.parametrize(
    ("counts", "half", "most"),
    [
        ({}, None, None),
        ({7: 1}, 7, 7),
        ({1: 5, 9: 5}, 1, 9),
        ({4: 9, 30: 1}, 4, 4),
        ({4: 8, 30: 2}, 4, 30),
    ],
)
def test_half_and_nine_of_ten_are_days_that_some_answer_took(counts, half, most):
    assert (within(counts, 50), within(counts, 90)) == (half, most)


def test_a_distribution_is_told_beside_the_one_before():
    assert taken_finding("Stage 1", {8: 2, 10: 1, 12: 1}, {5: 1}) == (
        "Half of 4 answers at Stage 1 were given within 8 working days, nine of ten within 12; "
        "before, within 5 and 5."
    )
    assert taken_finding("Stage 2", {8: 1}, {}) == (
        "One answer was given at Stage 2, within 8 working days. There was none before to compare "
        "with."
    )


@pytest.mark.parametrize(
    ("counts", "before", "words"),
    [
        (
            {10: 4, 47: 3},
            {8: 9},
            "How long 7 answers at all stages took would tell of few people, and is not shown.",
        ),
        (
            {10: 6, 47: 4},
            {8: 1},
            "Half of 10 answers at all stages were given within 10 working days. The figures "
            "before are not shown.",
        ),
        (
            {10: 6, 47: 5},
            {8: 6, 9: 4},
            "Half of 11 answers at all stages were given within 10 working days, nine of ten "
            "within 47; before, half within 8.",
        ),
        (
            {10: 9},
            None,
            "Half of 9 answers at all stages were given within 10 working days, nine of ten "
            "within 10. The figures before are not shown.",
        ),
    ],
)
def test_days_that_would_tell_of_few_are_in_no_sentence(counts, before, words):
    assert taken_finding("all stages", counts, before, fewest=5) == words


def test_by_how_much_answers_were_moved_is_not_told_of_few():
    assert added_finding({5: 4, 60: 4}, 16, fewest=5) == (
        "8 answers had more time than was promised first, 50% of all."
    )


def test_a_share_before_that_is_hidden_is_not_said_to_be_none():
    now = {"on-time": 6, "late": 6}

    assert in_time_finding(now, None).endswith("extension. The figures before are not shown.")
    assert in_time_finding(now, {}).endswith("extension. There was none before to compare with.")


def test_the_share_in_time_is_told_beside_the_one_before():
    now = {"on-time": 6, "extended": 3, "late": 1}
    assert in_time_finding(now, {"on-time": 1, "late": 1}) == (
        "90% of 10 answers were in time or within an extension: 40 of a hundred more than before "
        "(50%)."
    )
    assert in_time_finding(now, now).endswith("extension, as before.")
    assert in_time_finding({"late": 0}, now) == "No complaint was answered."


def test_late_and_moved_answers_are_told_in_a_sentence():
    assert late_finding({"yes": 2, "no": 1, "": 1}) == (
        "4 answers were late: 2 could have been avoided and 1 could not, as was said then."
    )
    assert added_finding({5: 1, 10: 2}, 12) == (
        "3 answers had more time than was promised first, 25% of all; half of them up to 10 "
        "working days more."
    )


@pytest.mark.parametrize(
    ("aim", "value", "words"),
    [
        (Aim.IN_TIME, 95, "The target is at least 95%: reached."),
        (Aim.IN_TIME, 94, "The target is at least 95%: not reached."),
        (Aim.STAGE_1_DAYS, 10, "The target is at most 10 working days: reached."),
        (Aim.STAGE_1_DAYS, 11, "The target is at most 10 working days: not reached."),
        (Aim.MORE_TIME, 3, ""),
        (Aim.IN_TIME, None, ""),
    ],
)
def test_a_target_is_compared_with_in_words(aim, value, words):
    assert Wanted(in_time=95, stage_1_days=10).judged(aim, value) == words


def figures(*given: tuple[str, str, int, int], moved: int = 0) -> AnswerFigures:
    return AnswerFigures(
        [Given(stage, timing, "", days, count) for stage, timing, days, count in given],
        [Moved("named", 4, moved)] if moved else [],
        hides_small=True,
    )


def test_a_small_number_hides_enough_that_none_can_be_worked_out():
    found = figures(("stage-1", "on-time", 8, 20), ("stage-1", "late", 25, 2))

    assert found.total == 22
    assert found.timings == {"on-time": None, "extended": 0, "late": None}
    assert found.in_time_share is None
    assert found.avoidable is None
    assert found.by_stage == {}


def test_a_stage_with_few_answers_is_told_with_the_others_as_one():
    found = figures(("stage-1", "on-time", 8, 20), ("stage-2", "on-time", 18, 3))

    assert found.taken == {"": Counter({8: 20, 18: 3})}
    assert found.bands(found.taken[""])["6-10"] is None
    assert found.by_stage == {}


def test_what_is_many_is_told_stage_by_stage():
    found = figures(("stage-1", "on-time", 8, 20), ("stage-2", "extended", 18, 7), moved=7)

    assert set(found.taken) == {"stage-1", "stage-2"}
    assert found.timings == {"on-time": 20, "extended": 7, "late": 0}
    assert found.added == Counter({4: 7})


@pytest.mark.parametrize("moved", [2, 9])
def test_how_many_had_more_time_is_not_told_if_it_tells_of_few(moved):
    assert (
        figures(("stage-1", "on-time", 8, 20), ("stage-1", "extended", 9, 7), moved=moved).added
        is None
    )
