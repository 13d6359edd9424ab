"""What is due while somebody is away, and what their deputy cannot open."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.models import Absence, Exclusion
from cases.rules.roles import Role
from cases.selectors.absence_impact import due_while_away
from cases.tests.factories import UserFactory
from cases.tests.lists.conftest import TODAY


@pytest.fixture
def officer(house):
    return house[Role.RESPONSIBLE_OFFICER]


@pytest.fixture
def deputy(house):
    return UserFactory(name="Sam Deputy", roles=[(Role.RESPONSIBLE_OFFICER, None)])


def away(officer, deputy, first: date, last: date) -> Absence:
    return Absence.objects.create(user=officer, deputy=deputy, first_day=first, last_day=last)


def test_deadlines_and_hearings_in_an_absence_are_told_and_no_others(house, today, officer, deputy):
    complaint = house.lodge(on=TODAY)
    due = complaint.deadlines.live().order_by("due_on").first().due_on
    type(complaint).objects.update(hearing_on=due + timedelta(days=1))
    covering = away(officer, deputy, due, due + timedelta(days=1))
    later = away(officer, deputy, date(2027, 8, 2), date(2027, 8, 6))

    [(_, within), (_, nothing)] = due_while_away(officer, [covering, later])

    assert {each.on for each in within} == {due, due + timedelta(days=1)}
    assert all(each.is_covered for each in within)
    assert nothing == []


def test_what_the_deputy_cannot_open_is_told(house, browse, officer, deputy):
    complaint = house.lodge(on=TODAY)
    away(officer, deputy, TODAY, TODAY + timedelta(days=60))
    page = reverse("cases:account")
    assert "Closed to Sam Deputy" not in browse(officer).get(page).content.decode()

    Exclusion.objects.create(complaint=complaint, user=deputy, reason="conflict")

    shown = browse(officer).get(page).content.decode()
    assert "Closed to Sam Deputy: somebody else must take it" in shown
    assert complaint.get_absolute_url() in shown


def test_whoever_records_an_absence_is_led_to_what_is_due_in_it(house, browse, officer, deputy):
    house.lodge(on=TODAY)
    days = {"first_day": TODAY, "last_day": TODAY + timedelta(days=60)}
    parts = {
        f"{name}_{part}": getattr(day, part)
        for name, day in days.items()
        for part in ("day", "month", "year")
    }

    answer = browse(officer).post(
        reverse("cases:account-absence"), {"deputy": deputy.pk, **parts}, follow=True
    )

    assert "Look at what is due in these days." in answer.content.decode()


def test_what_is_closed_to_somebody_is_not_told_for_their_own_absence(
    house, today, officer, deputy
):
    complaint = house.lodge(on=TODAY)
    Exclusion.objects.create(complaint=complaint, user=officer, reason="conflict")
    absence = away(officer, deputy, TODAY, TODAY + timedelta(days=60))

    assert due_while_away(officer, [absence]) == [(absence, [])]
