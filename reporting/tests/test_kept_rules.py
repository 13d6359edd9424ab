"""When reports of months, quarters and years are due, how lessons are chased, what is counted."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.rules.bank_holidays import Nation, national_calendar
from reporting.rules.kept import (
    MOST_MISSED,
    SHEETS,
    Kind,
    Time,
    chased_on,
    days_taken,
    figures_of,
    lessons_due_on,
    share_of,
    time_of,
    times_due,
)

CALENDAR = national_calendar(Nation.ENGLAND_AND_WALES)
ANSWERED = next(each for each in SHEETS if each.code == "answered")
OUTCOMES = next(each for each in SHEETS if each.code == "outcomes")
POINTS = next(each for each in SHEETS if each.code == "points")
TYPES = next(each for each in SHEETS if each.code == "types")


def at_seven(day: date, minute: int = 0, hour: int = 6) -> datetime:
    """Return 07:00 in London on a summer's day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("months", "first", "last"),
    [
        (1, date(2026, 5, 1), date(2026, 5, 31)),
        (3, date(2026, 4, 1), date(2026, 6, 30)),
        (12, date(2026, 4, 1), date(2027, 3, 31)),
    ],
)
def test_quarters_begin_with_the_landlords_year_in_april(months, first, last):
    assert time_of(months, date(2026, 5, 14)) == Time(first, last)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from([1, 3, 12]))
def test_every_day_lies_in_exactly_one_time_and_no_day_between_two(day, months):
    here = time_of(months, day)

    assert here.first <= day <= here.last
    assert time_of(months, here.last) == here
    assert time_of(months, date.fromordinal(here.last.toordinal() + 1)).first > here.last


@pytest.mark.rule("HH-30")
@pytest.mark.rule("HH-32")
def test_a_report_is_due_at_seven_on_the_first_day_after_its_time():
    june = date(2026, 6, 1)

    assert times_due(Kind.MONTHLY, at_seven(june), reported=None)[0].words == "May 2026"
    before = times_due(Kind.MONTHLY, at_seven(june, 59, hour=5), reported=None)
    assert before[0].words == "April 2026"
    quarter = times_due(Kind.QUARTERLY, at_seven(date(2026, 7, 1)), reported=None)
    assert [each.words for each in quarter] == ["April to June 2026"]


@pytest.mark.rule("HH-35")
def test_the_annual_report_tells_of_the_twelve_months_to_the_end_of_march():
    [year] = times_due(Kind.YEARLY, at_seven(date(2026, 4, 1)), reported=None)

    assert (year.first, year.last) == (date(2025, 4, 1), date(2026, 3, 31))
    assert year.words == "April 2025 to March 2026"


def test_what_was_missed_is_made_up_for_and_nothing_is_due_twice():
    now = at_seven(date(2026, 6, 15))

    due = times_due(Kind.MONTHLY, now, reported=date(2026, 2, 1))
    assert [each.words for each in due] == ["March 2026", "April 2026", "May 2026"]
    assert times_due(Kind.MONTHLY, now, reported=date(2026, 5, 1)) == []
    assert len(times_due(Kind.MONTHLY, now, reported=date(2019, 1, 1))) == MOST_MISSED


@pytest.mark.rule("HH-31")
@pytest.mark.parametrize(
    ("month", "due"),
    [
        (date(2026, 5, 1), date(2026, 6, 30)),
        (date(2026, 4, 1), date(2026, 5, 30)),
        (date(2026, 1, 1), date(2026, 2, 28)),
        (date(2028, 1, 1), date(2028, 2, 29)),
    ],
    ids=["the 30th", "a Saturday all the same", "February", "February of a leap year"],
)
def test_lessons_are_due_on_the_30th_of_the_following_month(month, due):
    assert lessons_due_on(time_of(1, month), CALENDAR) == due


@pytest.mark.rule("HH-31")
@pytest.mark.parametrize(
    ("today", "chased"),
    [
        (date(2026, 6, 22), None),
        (date(2026, 6, 23), date(2026, 6, 23)),
        (date(2026, 6, 29), date(2026, 6, 23)),
        (date(2026, 6, 30), date(2026, 6, 30)),
        (date(2026, 7, 6), date(2026, 6, 30)),
        (date(2026, 7, 7), date(2026, 7, 7)),
        (date(2026, 7, 14), date(2026, 7, 14)),
    ],
)
def test_lessons_are_chased_five_working_days_before_on_the_day_and_every_five_after(today, chased):
    assert chased_on(date(2026, 6, 30), today, CALENDAR) == chased


def test_a_table_has_its_numbers_its_totals_and_the_share_in_time():
    counts = {
        ("Stage 1", "on-time"): 5,
        ("Stage 1", "extended"): 1,
        ("Stage 1", "late"): 3,
        ("Stage 2", "late"): 1,
    }

    table = figures_of(ANSWERED, counts, part=1)

    told = [(row.label, [each.count for each in row.figures], row.share) for row in table.rows]
    assert told == [
        ("Stage 1", [5, 1, 3, 9], 67),
        ("Stage 2", [0, 0, 1, 1], 0),
        ("All", [5, 1, 4, 10], 60),
    ]
    late = table.rows[0].figures[2]
    assert dict(late.asked) == {"what": "answered", "stage": "Stage 1", "timing": "late"}
    assert dict(table.rows[-1].figures[-1].asked) == {"what": "answered"}
    assert table.finding == "60% of answers were in time or within an extension."


def test_types_stand_in_the_order_of_how_many_there_were():
    table = figures_of(TYPES, {("Damp", ""): 2, ("", ""): 1, ("Lifts", ""): 7}, part=1)

    assert [row.label for row in table.rows] == ["Lifts", "Damp", "No type yet", "All"]
    assert figures_of(TYPES, {}, part=1).finding == "There were none."


def test_what_was_upheld_is_told_of_the_answers_that_say_an_outcome():
    counts = {("Stage 1", "upheld"): 3, ("Stage 1", "not_upheld"): 1, ("First contact", ""): 6}

    found = figures_of(OUTCOMES, counts, part=1).finding

    assert found == "75% of answers that say an outcome upheld the complaint, wholly or in part."


# Code 5.7
@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({"upheld": 1, "not_upheld": 1, "not_ours": 2}, "50% of 2 points that are our responsib"),
        ({"upheld": 1, "not_ours": 2, "": 1}, "100% of 1 points with a finding that are our resp"),
        ({"not_ours": 2}, "None of the points was our responsibility."),
        ({"upheld": 1, "not_upheld": 1}, "50% of 2 points were upheld, wholly or in part."),
    ],
)
def test_what_is_not_ours_is_in_no_share_of_points(counts, found):
    table = {("Stage 1", column): number for column, number in counts.items()}

    assert figures_of(POINTS, table, part=1).finding.startswith(found)


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        (
            {"upheld": 1, "not_upheld": 1, "not_ours": 2},
            "50% of answers about what is our responsibility upheld the complaint, wholly or in "
            "part.",
        ),
        ({"not_ours": 2}, "No answer was about what is our responsibility."),
        ({"upheld": 2}, "100% of answers upheld the complaint, wholly or in part."),
    ],
)
def test_what_is_not_ours_is_in_no_share_of_outcomes(counts, found):
    table = {("Stage 1", column): number for column, number in counts.items()}

    assert figures_of(OUTCOMES, table, part=1).finding == found


@pytest.mark.parametrize(
    ("part", "whole", "share"),
    [(0, 0, None), (1, 8, 13), (1, 1_000, 1), (999, 1_000, 99), (7, 7, 100), (0, 9, 0)],
)
def test_all_and_none_are_said_only_of_all_and_none(part, whole, share):
    assert share_of(part, whole) == share


def test_how_long_answers_took_is_told_on_average_by_half_and_at_most():
    [taken] = days_taken({("Stage 1", 5): 1, ("Stage 1", 9): 1, ("Stage 1", 14): 1})

    assert (taken.answers, taken.average, taken.half_within, taken.longest) == (3, "9.3", 9, 14)
