"""Periods: how they read, and where they end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given

from cases.errors import OutsideCalendar, PeriodUnreadable
from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.periods import (
    LONDON,
    Period,
    Unit,
    count_aloud,
    due_at,
    due_on,
    london_day,
    parse_period,
)
from cases.tests.rules.strategies import calendars, days, periods, rolling

ENGLAND = national_calendar(Nation.ENGLAND_AND_WALES)


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("5 working days", 5, Unit.WORKING_DAYS),
        ("1 working day", 1, Unit.WORKING_DAYS),
        (" 5  Working  Days ", 5, Unit.WORKING_DAYS),
        ("-5 working days", -5, Unit.WORKING_DAYS),
        ("14 calendar days", 14, Unit.CALENDAR_DAYS),
        ("8 weeks", 8, Unit.WEEKS),
        ("1 week", 1, Unit.WEEKS),
        ("12 months", 12, Unit.MONTHS),
        ("24 hours", 24, Unit.HOURS),
        ("day 30 of the following month", 30, Unit.DAY_OF_NEXT_MONTH),
    ],
)
def test_a_period_reads_as_people_write_it(text, count, unit):
    assert parse_period(text) == Period(count, unit)


@given(period=periods)
def test_a_period_reads_back_from_its_own_words(period):
    assert parse_period(str(period), rolls=period.rolls) == period


@pytest.mark.parametrize(
    "text",
    ["", "five working days", "5", "5 days", "5 fortnights", "-3 weeks", "99999 working days",
     "day 32 of the following month", "5 working days or so", "1.5 hours"],
)  # fmt: skip
def test_words_that_are_no_period_are_refused(text):
    with pytest.raises(PeriodUnreadable):
        parse_period(text)


@pytest.mark.parametrize("text", ["5 working days", "24 hours", "day 3 of the following month"])
def test_a_period_that_cannot_roll_is_refused_when_asked_to(text):
    with pytest.raises(PeriodUnreadable):
        parse_period(text, rolls=True)


@given(calendar=calendars, start=days, period=rolling)
def test_a_rolling_period_ends_on_a_working_day_and_never_earlier(calendar, start, period):
    plain = due_on(Period(period.count, period.unit), start, calendar)
    due = due_on(period, start, calendar)

    assert due == (calendar.roll_forward(plain) if period.rolls else plain)
    assert due >= plain


@given(calendar=calendars, start=days, period=periods)
def test_the_last_line_of_the_counting_is_the_due_day(calendar, start, period):
    counting = count_aloud(period, start, calendar)

    assert counting.due == due_on(period, start, calendar)
    assert (counting.days[-1].day if counting.days else start) == counting.due
    assert len(counting.sentences()) == len(counting.days) + 1


def test_a_window_that_rolls_tells_its_own_last_day_and_where_it_moved():
    period = Period(14, Unit.CALENDAR_DAYS, rolls=True)

    told = count_aloud(period, date(2026, 5, 16), ENGLAND).sentences()

    assert told[-3:] == [
        "Sat 30 May 2026: day 14 (Saturday, so moved on)",
        "Sun 31 May 2026: not counted (Sunday)",
        "Mon 1 Jun 2026: moved here",
    ]


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 10, 31), 4, date(2027, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
    ],
)
def test_a_month_later_is_the_same_day_or_the_last_of_its_month(start, count, due):
    assert due_on(Period(count, Unit.MONTHS), start, ENGLAND) == due


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (date(2026, 5, 31), date(2026, 6, 30)),
        (date(2027, 1, 31), date(2027, 2, 28)),
        (date(2028, 1, 5), date(2028, 2, 29)),
        (date(2026, 12, 31), date(2027, 1, 30)),
    ],
)
def test_the_thirtieth_of_the_following_month_is_clamped_in_february(start, due):
    # A12
    assert due_on(Period(30, Unit.DAY_OF_NEXT_MONTH), start, ENGLAND) == due


@pytest.mark.promise("P5")
@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-10-24T15:00+01:00", 24, "2026-10-25T14:00+00:00"),
        ("2026-03-28T15:00+00:00", 24, "2026-03-29T16:00+01:00"),
        ("2026-10-25T00:30+01:00", 1, "2026-10-25T01:30+01:00"),
        ("2026-10-25T01:30+01:00", 1, "2026-10-25T01:30+00:00"),
        ("2027-03-28T00:30+00:00", 1, "2027-03-28T02:30+01:00"),
    ],
)
def test_hours_are_elapsed_hours_though_the_clocks_change(start, hours, due):
    ends = due_at(Period(hours, Unit.HOURS), datetime.fromisoformat(start))

    assert ends.isoformat(timespec="minutes") == due


@pytest.mark.promise("P5")
@pytest.mark.parametrize(
    ("instant", "day"),
    [
        # The nights on which the clocks change, half an hour either side of midnight.
        ("2027-03-27T23:30+00:00", date(2027, 3, 27)),
        ("2027-03-28T00:30+00:00", date(2027, 3, 28)),
        ("2027-03-28T22:30+00:00", date(2027, 3, 28)),
        ("2027-03-28T23:30+00:00", date(2027, 3, 29)),
        ("2026-10-24T22:30+00:00", date(2026, 10, 24)),
        ("2026-10-24T23:30+00:00", date(2026, 10, 25)),
        ("2026-10-25T23:30+00:00", date(2026, 10, 25)),
        ("2027-10-30T23:30+00:00", date(2027, 10, 31)),
        ("2027-10-31T23:30+00:00", date(2027, 10, 31)),
    ],
)
def test_the_day_of_receipt_is_the_day_in_london(instant, day):
    assert london_day(datetime.fromisoformat(instant)) == day


@given(day=days)
def test_midnight_in_london_begins_the_day_there(day):
    midnight = datetime(day.year, day.month, day.day, tzinfo=LONDON).astimezone(UTC)

    assert london_day(midnight) == day
    assert london_day(midnight - timedelta(microseconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("period", "start"),
    [
        (Period(14, Unit.CALENDAR_DAYS), date(2011, 12, 25)),
        (Period(12, Unit.MONTHS), date(2100, 6, 1)),
        (Period(10_000, Unit.MONTHS), date(2026, 6, 1)),
        (Period(10_000, Unit.WEEKS), date(2026, 6, 1)),
    ],
)
def test_a_period_that_leaves_the_calendar_is_refused(period, start):
    with pytest.raises(OutsideCalendar):
        due_on(period, start, ENGLAND)


def test_hours_cannot_be_counted_from_a_day():
    with pytest.raises(ValueError, match="starts at an instant"):
        due_on(Period(24, Unit.HOURS), date(2026, 6, 8), ENGLAND)


def test_days_do_not_end_at_an_instant():
    with pytest.raises(ValueError, match="Only a period in hours"):
        due_at(Period(5, Unit.WORKING_DAYS), datetime(2026, 6, 8, tzinfo=UTC))
