"""Working days, against a slow counter that shares nothing with the calendar."""

import csv
from datetime import date, datetime, timedelta
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given

from cases.errors import NoWorkingDays, OutsideCalendar
from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.calculator import add_up
from cases.rules.calendars import FIRST_DAY, LAST_DAY, WorkingCalendar
from cases.rules.periods import Period, Unit
from cases.tests.rules.slow_counter import count_on, every_day, published_holidays
from cases.tests.rules.strategies import calendars, counts, days

EXAMPLES = Path(__file__).with_name("deadline_examples.csv")
UNITS = {
    "working_days": (Unit.WORKING_DAYS, False),
    "calendar_days_roll": (Unit.CALENDAR_DAYS, True),
    "weeks": (Unit.WEEKS, False),
    "months": (Unit.MONTHS, False),
    "hours": (Unit.HOURS, False),
}
EVERY_WEEK = [frozenset(chosen) for size in range(1, 8) for chosen in combinations(range(7), size)]


class Counted(list):
    """A list that counts how often something is looked up in it, and cannot be walked through."""

    looks = 0

    def __getitem__(self, place):
        self.looks += 1
        return super().__getitem__(place)

    __iter__ = None


@pytest.mark.parametrize("count", [1, 10, 250, 2_000])
def test_a_deadline_takes_one_look_up_in_each_list_however_many_days_it_counts(count):
    calendar = WorkingCalendar()
    due = calendar.add_working_days(date(2020, 1, 1), count)
    calendar._rank, calendar._days = Counted(calendar._rank), Counted(calendar._days)

    again = calendar.add_working_days(date(2020, 1, 1), count)

    assert again == due
    assert (calendar._rank.looks, calendar._days.looks) == (1, 1)


def examples():
    with EXAMPLES.open(newline="") as file:
        return [pytest.param(row, id=row["case"]) for row in csv.DictReader(file)]


def disagreements(calendar, off, longest):
    """Return where the calendar and the slow counter differ, over every day from 2012 to 2028."""
    found = []
    for start in every_day():
        if calendar.add_working_days(start, 0) != start:
            found.append((start, 0))
        for count, expected in zip(range(1, longest + 1), count_on(start, off), strict=False):
            if calendar.add_working_days(start, count) != expected:
                found.append((start, count))
    return found


@pytest.mark.promise("P5")
@pytest.mark.parametrize("row", examples())
def test_the_worked_examples_come_out_as_worked_by_hand(row):
    unit, rolls = UNITS[row["unit"]]
    calendar = national_calendar(Nation.ENGLAND_AND_WALES)

    told = add_up(
        datetime.fromisoformat(row["received"]), Period(int(row["days"]), unit, rolls), calendar
    )

    assert told.due_words == row["expected_due"]


@pytest.mark.promise("P5")
@pytest.mark.parametrize("nation", Nation)
def test_every_day_from_2012_to_2028_counts_as_the_slow_counter_counts(nation):
    assert disagreements(national_calendar(nation), published_holidays(nation), 60) == []


@pytest.mark.promise("P5")
def test_the_comparison_catches_a_counter_that_takes_every_day_for_a_working_day():
    class Naive:
        def add_working_days(self, start, count):
            return start + timedelta(days=count)

    found = disagreements(Naive(), published_holidays(Nation.ENGLAND_AND_WALES), 5)

    assert len(found) > 15_000


@pytest.mark.promise("P5")
def test_the_comparison_catches_one_forgotten_holiday():
    known = dict(national_calendar(Nation.ENGLAND_AND_WALES).holidays)
    del known[date(2022, 9, 19)]

    found = disagreements(
        WorkingCalendar(holidays=known), published_holidays(Nation.ENGLAND_AND_WALES), 5
    )

    # Monday 19 September 2022, the State Funeral.
    assert {start for start, _ in found} == set(every_day(date(2022, 9, 12), date(2022, 9, 18)))


@pytest.mark.parametrize("weekdays", EVERY_WEEK, ids=lambda week: "".join(map(str, sorted(week))))
def test_every_working_week_counts_as_the_slow_counter_counts(weekdays):
    off = published_holidays(Nation.ENGLAND_AND_WALES)
    calendar = WorkingCalendar(
        weekdays=weekdays,
        holidays=dict.fromkeys(off, "Bank holiday"),
        first=date(2026, 1, 1),
        last=date(2027, 12, 31),
    )

    for start in every_day(date(2026, 3, 20), date(2026, 6, 10)):
        expected = count_on(start, off, weekdays=weekdays)
        for count in range(1, 21):
            assert calendar.add_working_days(start, count) == next(expected)


def test_a_working_week_without_days_is_refused():
    with pytest.raises(NoWorkingDays):
        WorkingCalendar(weekdays=[])


def test_closures_that_leave_no_working_day_are_refused():
    with pytest.raises(NoWorkingDays):
        WorkingCalendar(
            weekdays=[0],
            closures={date(2026, 6, 8): "Refurbishment"},
            first=date(2026, 6, 8),
            last=date(2026, 6, 14),
        )


def test_a_day_that_no_week_has_is_refused():
    with pytest.raises(ValueError, match="Weekdays are numbered"):
        WorkingCalendar(weekdays=[0, 7])


@given(calendar=calendars, start=days, count=counts)
def test_the_due_day_is_exactly_that_many_working_days_on(calendar, start, count):
    due = calendar.add_working_days(start, count)

    passed = [start + timedelta(days=n) for n in range(1, (due - start).days + 1)]
    assert sum(calendar.is_working_day(day) for day in passed) == count
    assert due == start or calendar.is_working_day(due)


@given(calendar=calendars, start=days, first=counts, second=counts)
def test_two_periods_in_a_row_are_one_period_of_their_sum(calendar, start, first, second):
    halfway = calendar.add_working_days(start, first)

    assert calendar.add_working_days(halfway, second) == calendar.add_working_days(
        start, first + second
    )


@given(calendar=calendars, start=days, count=counts.filter(bool))
def test_counting_backwards_passes_exactly_that_many_working_days(calendar, start, count):
    notice = calendar.add_working_days(start, -count)

    passed = [start - timedelta(days=n) for n in range(1, (start - notice).days + 1)]
    assert sum(calendar.is_working_day(day) for day in passed) == count
    assert calendar.is_working_day(notice)


@given(calendar=calendars, start=days, count=counts)
def test_the_working_days_between_are_those_that_were_added(calendar, start, count):
    due = calendar.add_working_days(start, count)

    assert calendar.working_days_between(start, due) == count
    assert calendar.working_days_between(due, start) == -count


@given(calendar=calendars, start=days, end=days)
def test_the_explanation_tells_of_every_day_once(calendar, start, end):
    lines = calendar.count_aloud(start, end)

    assert len(lines) == abs((end - start).days)
    numbers = [line.number for line in lines if line.number]
    assert numbers == list(range(1, len(numbers) + 1))
    assert all(bool(line.skipped_because) != bool(line.number) for line in lines)
    assert len({line.day for line in lines}) == len(lines)


@given(calendar=calendars, day=days)
def test_rolling_forward_ends_on_the_nearest_working_day(calendar, day):
    rolled = calendar.roll_forward(day)

    assert calendar.is_working_day(rolled)
    between = [day + timedelta(days=n) for n in range((rolled - day).days)]
    assert not any(calendar.is_working_day(each) for each in between)


def test_a_closure_of_the_landlord_does_not_count():
    calendar = WorkingCalendar(closures={date(2026, 12, 29): "Christmas close-down"})

    assert calendar.add_working_days(date(2026, 12, 28), 1) == date(2026, 12, 30)
    assert calendar.why_not_working(date(2026, 12, 29)) == "closed: Christmas close-down"


@pytest.mark.parametrize(
    ("start", "count"),
    [(date(2011, 12, 31), 5), (LAST_DAY + timedelta(days=1), 0), (LAST_DAY, 1), (FIRST_DAY, -1)],
)
def test_what_lies_outside_the_calendar_is_refused(start, count):
    with pytest.raises(OutsideCalendar):
        national_calendar(Nation.ENGLAND_AND_WALES).add_working_days(start, count)


def test_the_first_day_of_the_calendar_counts():
    calendar = national_calendar(Nation.ENGLAND_AND_WALES)

    # Sunday 1 January 2012; its bank holiday is the Monday.
    assert calendar.add_working_days(FIRST_DAY, 1) == date(2012, 1, 3)


def test_days_outside_the_calendar_have_no_working_days_between_them():
    with pytest.raises(OutsideCalendar):
        national_calendar(Nation.SCOTLAND).working_days_between(date(2011, 1, 1), date(2012, 6, 1))
