"""Bank holidays, against the list that the government publishes."""

from datetime import date

import pytest

from cases.rules.bank_holidays import PUBLISHED_UNTIL, Nation, bank_holidays, national_calendar
from cases.tests.rules.slow_counter import LAST, published_holidays

ALL = tuple(Nation)
ENGLAND = (Nation.ENGLAND_AND_WALES,)
EXTRA_DAYS = [
    (date(2012, 6, 4), ALL, "spring bank holiday moved for the Diamond Jubilee"),
    (date(2012, 6, 5), ALL, "Diamond Jubilee"),
    (date(2020, 5, 8), ALL, "early May bank holiday moved for VE Day"),
    (date(2022, 6, 2), ALL, "spring bank holiday moved for the Platinum Jubilee"),
    (date(2022, 6, 3), ALL, "Platinum Jubilee"),
    (date(2022, 9, 19), ALL, "State Funeral"),
    (date(2023, 5, 8), ALL, "Coronation"),
    (date(2026, 6, 15), (Nation.SCOTLAND,), "World Cup"),
    (date(2026, 12, 28), ALL, "Boxing Day, substitute"),
    (date(2027, 12, 27), ALL, "Christmas Day, substitute"),
    (date(2027, 12, 28), ALL, "Boxing Day, substitute"),
    (date(2028, 1, 3), ALL, "New Year's Day, substitute"),
]
WORKED_ALL_THE_SAME = [
    (date(2012, 5, 28), ENGLAND, "the spring bank holiday had moved"),
    (date(2020, 5, 4), ALL, "the early May bank holiday had moved"),
    (date(2022, 5, 30), ENGLAND, "the spring bank holiday had moved"),
    (date(2026, 6, 15), (Nation.ENGLAND_AND_WALES, Nation.NORTHERN_IRELAND), "Scotland's day"),
    (date(2026, 4, 6), (Nation.SCOTLAND,), "Easter Monday is no bank holiday in Scotland"),
]


@pytest.mark.promise("P5")
@pytest.mark.parametrize("nation", Nation)
def test_the_bank_holidays_are_those_the_government_published(nation):
    ours = {day for day in bank_holidays(nation) if day <= LAST}

    assert ours == {day for day in published_holidays(nation) if day <= LAST}


@pytest.mark.parametrize(
    ("day", "nations"),
    [pytest.param(day, nations, id=f"{day} {why}") for day, nations, why in EXTRA_DAYS],
)
def test_one_off_days_and_substitutes_do_not_count(day, nations):
    assert [n for n in Nation if not national_calendar(n).is_working_day(day)] == list(nations)


@pytest.mark.parametrize(
    ("day", "nations"),
    [pytest.param(day, nations, id=f"{day} {why}") for day, nations, why in WORKED_ALL_THE_SAME],
)
def test_people_worked_where_the_holiday_was_elsewhere(day, nations):
    assert all(national_calendar(nation).is_working_day(day) for nation in nations)


def test_dates_beyond_the_published_holidays_are_provisional():
    calendar = national_calendar(Nation.ENGLAND_AND_WALES)

    assert not calendar.is_provisional(PUBLISHED_UNTIL)
    assert calendar.is_provisional(date(2029, 1, 1))
    assert not calendar.is_working_day(date(2029, 12, 25))


@pytest.mark.parametrize("nation", Nation)
def test_every_nation_has_a_name_for_people(nation):
    assert nation.words in ("England and Wales", "Scotland", "Northern Ireland")
