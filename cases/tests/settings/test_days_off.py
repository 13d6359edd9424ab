"""The days on which nobody works, before they are published."""

from datetime import date

import pytest

from cases.errors import ActionNotAllowed
from cases.models import BankHoliday, Closure, Landlord, SettingsChange
from cases.operations.days_off import (
    add_bank_holiday,
    add_closure,
    change_nation,
    remove_bank_holiday,
    remove_closure,
    take_proposals,
)
from cases.rules.bank_holidays import Nation, bank_holidays
from cases.selectors.calendars import draft_calendar, proposals
from cases.tests.settings.conftest import NOW

FUNERAL = date(2026, 9, 14)
CHRISTMAS = date(2026, 12, 25)
TODAY = NOW.date()


@pytest.fixture
def listed(house) -> None:
    """Fill the landlord's list as setting it up does."""
    BankHoliday.objects.bulk_create(
        BankHoliday(on=day, name=name)
        for day, name in bank_holidays(Nation.ENGLAND_AND_WALES).items()
    )


def test_a_proclaimed_day_is_added_and_noted(listed, admin):
    add_bank_holiday(on=FUNERAL, name=" State Funeral ", by=admin, now=NOW)

    assert BankHoliday.objects.get(on=FUNERAL).name == "State Funeral"
    assert SettingsChange.objects.get().lines == [("14 September 2026", "", "State Funeral")]


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (CHRISTMAS, "already: Christmas Day"),
        (date(2026, 9, 12), "Saturday"),
        (date(2011, 9, 12), "2012"),
    ],
    ids=["already", "weekend", "before the calendar"],
)
def test_a_day_that_changes_nothing_is_refused(listed, admin, on, words):
    with pytest.raises(ActionNotAllowed, match=words):
        add_bank_holiday(on=on, name="Holiday", by=admin, now=NOW)

    assert not SettingsChange.objects.exists()


def test_a_bank_holiday_is_taken_out_once(listed, admin):
    remove_bank_holiday(on=CHRISTMAS, by=admin, now=NOW)

    with pytest.raises(ActionNotAllowed, match="no bank holiday"):
        remove_bank_holiday(on=CHRISTMAS, by=admin, now=NOW)


def test_a_closure_takes_only_the_days_on_which_people_would_work(listed, admin):
    rows = add_closure(
        first_day=date(2026, 12, 24), last_day=date(2027, 1, 3), name="Closed", by=admin, now=NOW
    )

    assert [row.on.day for row in rows] == [24, 29, 30, 31]
    assert Closure.objects.count() == 4


@pytest.mark.parametrize(
    ("first_day", "last_day", "words"),
    [
        (date(2026, 7, 2), date(2026, 7, 1), "before the first"),
        (date(2026, 7, 1), date(2026, 8, 1), "31 days"),
        (date(2026, 7, 4), date(2026, 7, 5), "Nobody works"),
        (date(2011, 7, 4), date(2011, 7, 5), "2012"),
    ],
    ids=["wrong way round", "too long", "a weekend", "before the calendar"],
)
def test_a_closure_that_is_none_is_refused(listed, admin, first_day, last_day, words):
    with pytest.raises(ActionNotAllowed, match=words):
        add_closure(first_day=first_day, last_day=last_day, name="Closed", by=admin, now=NOW)

    assert not Closure.objects.exists()


def test_a_closure_is_taken_out_once(listed, admin):
    add_closure(first_day=FUNERAL, last_day=FUNERAL, name="Closed", by=admin, now=NOW)

    remove_closure(on=FUNERAL, by=admin, now=NOW)

    with pytest.raises(ActionNotAllowed, match="no closure"):
        remove_closure(on=FUNERAL, by=admin, now=NOW)


def test_the_shipped_list_proposes_what_is_missing_and_what_it_does_not_know(listed, admin):
    add_bank_holiday(on=FUNERAL, name="State Funeral", by=admin, now=NOW)
    remove_bank_holiday(on=CHRISTMAS, by=admin, now=NOW)

    found = proposals(Nation.ENGLAND_AND_WALES, today=TODAY)

    assert found.to_add == [(CHRISTMAS, "Christmas Day")]
    assert found.to_remove == [(FUNERAL, "State Funeral")]


def test_only_real_proposals_are_taken_up(listed, admin):
    add_bank_holiday(on=FUNERAL, name="State Funeral", by=admin, now=NOW)
    remove_bank_holiday(on=CHRISTMAS, by=admin, now=NOW)

    count = take_proposals(
        to_add=[CHRISTMAS, date(2026, 7, 1)],
        to_remove=[FUNERAL, date(2026, 8, 31)],
        by=admin,
        now=NOW,
    )

    assert count == 2
    assert proposals(Nation.ENGLAND_AND_WALES, today=TODAY).to_add == []
    assert BankHoliday.objects.filter(on=date(2026, 8, 31)).exists()
    assert not BankHoliday.objects.filter(on=date(2026, 7, 1)).exists()


def test_nothing_taken_up_is_nothing_noted(listed, admin):
    assert take_proposals(to_add=[], to_remove=[], by=admin, now=NOW) == 0
    assert not SettingsChange.objects.exists()


def test_another_nation_brings_its_own_bank_holidays(listed, admin):
    change_nation(nation=Nation.SCOTLAND, by=admin, now=NOW)
    change_nation(nation=Nation.SCOTLAND, by=admin, now=NOW)

    assert Landlord.objects.get().nation == "scotland"
    assert BankHoliday.objects.filter(on=date(2026, 1, 2)).exists()
    assert SettingsChange.objects.get().lines == [("Nation", "England and Wales", "Scotland")]


def test_the_draft_says_what_is_not_published_yet(listed, admin):
    add_closure(first_day=FUNERAL, last_day=FUNERAL, name="Closed", by=admin, now=NOW)
    remove_bank_holiday(on=CHRISTMAS, by=admin, now=NOW)

    draft = draft_calendar(Landlord.objects.get())

    assert [(day.on, day.is_closure) for day in draft.added] == [(FUNERAL, True)]
    assert [(day.on, day.name) for day in draft.dropped] == [(CHRISTMAS, "Christmas Day")]
    assert draft.is_changed
    assert draft.changed_days == [FUNERAL, CHRISTMAS]


def test_a_list_as_published_is_no_change(listed):
    assert not draft_calendar(Landlord.objects.get()).is_changed
