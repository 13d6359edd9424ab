"""How far a promise has come, in words."""

from datetime import date

import pytest

from cases.rules.calendars import WorkingCalendar
from cases.rules.due_words import Standing, soon_until, standing, told

CALENDAR = WorkingCalendar(holidays={date(2026, 8, 31): "Summer bank holiday"})
MONDAY = date(2026, 6, 8)
FRIDAY = date(2026, 6, 12)
SATURDAY = date(2026, 6, 13)
NEXT_MONDAY = date(2026, 6, 15)


@pytest.mark.parametrize(
    ("today", "due_on", "began_on", "expected"),
    [
        pytest.param(
            MONDAY, date(2026, 6, 22), MONDAY, Standing("day 0 of 10", "grey"), id="the first day"
        ),
        pytest.param(
            date(2026, 6, 17),
            date(2026, 6, 22),
            MONDAY,
            Standing("day 7 of 10", "amber"),
            id="soon",
        ),
        pytest.param(FRIDAY, FRIDAY, MONDAY, Standing("Due today", "amber"), id="the last day"),
        pytest.param(
            SATURDAY, FRIDAY, MONDAY, Standing("Overdue", "red"), id="no working day late"
        ),
        pytest.param(
            NEXT_MONDAY,
            FRIDAY,
            MONDAY,
            Standing("Overdue by 1 working day", "red"),
            id="a day late",
        ),
        pytest.param(
            date(2026, 9, 2),
            date(2026, 8, 28),
            MONDAY,
            Standing("Overdue by 2 working days", "red"),
            id="a bank holiday does not count",
        ),
        pytest.param(
            MONDAY,
            FRIDAY,
            None,
            Standing("4 working days left", "grey"),
            id="nothing to count from",
        ),
        pytest.param(
            MONDAY, FRIDAY, FRIDAY, Standing("4 working days left", "grey"), id="begins later"
        ),
        pytest.param(
            SATURDAY,
            date(2026, 6, 14),
            SATURDAY,
            Standing("0 working days left", "amber"),
            id="over before a working day",
        ),
        pytest.param(MONDAY, None, None, Standing("No date set", "grey"), id="no date"),
    ],
)
def test_a_promise_tells_how_far_it_has_come(today, due_on, began_on, expected):
    assert standing(due_on, today=today, calendar=CALENDAR, began_on=began_on) == expected


def test_a_promise_of_calendar_days_counts_every_day():
    how = standing(
        date(2026, 6, 22), today=SATURDAY, calendar=CALENDAR, began_on=MONDAY, in_working_days=False
    )

    assert how.words == "day 5 of 14"


def test_soon_is_three_working_days():
    assert soon_until(FRIDAY, CALENDAR) == date(2026, 6, 17)


def test_the_whole_of_it_names_the_day():
    assert told(FRIDAY, Standing("day 3 of 4", "grey")) == "day 3 of 4, due Fri 12 Jun 2026"
