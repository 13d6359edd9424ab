"""Queries that a process keeps: they serve nobody but whom they were put together for."""

import gc
import weakref
from datetime import date
from threading import Thread

import pytest
from django.db import connection
from django.test import RequestFactory
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from cases.models import Absence, Complaint, Exclusion, RoleGrant, User
from cases.rules.roles import Role
from cases.selectors.case_people import people_of
from cases.selectors.prepared import BLANK, KEYS_AT_ONCE, Prepared, reader_of
from cases.selectors.reach import take_up
from cases.selectors.rows import rows_by_key
from cases.selectors.running import current_edition
from cases.tests.factories import MONDAY, UserFactory
from cases.tests.lists.conftest import TODAY

LIST, WORK = reverse("cases:queue"), reverse("cases:my-work")

pytestmark = pytest.mark.django_db


def sees(browse, person: User, complaint: Complaint, *, on: str = LIST) -> bool:
    """Say whether a page names the complaint, for somebody as the database has them now."""
    page = browse(User.objects.get(pk=person.pk)).get(on)
    assert page.status_code == 200
    return complaint.reference in page.content.decode()


@pytest.mark.promise("P4")
@pytest.mark.parametrize("page", [LIST, WORK])
def test_what_is_kept_for_one_reader_serves_no_other(house, browse, page):
    complaint = house.lodge(on=MONDAY, officer_id=None)
    colleague = UserFactory(roles=[(Role.FRONT_LINE, house.other_team)])
    assert sees(browse, house[Role.COMPLAINTS_COORDINATOR], complaint, on=page)

    assert not sees(browse, colleague, complaint, on=page)


@pytest.mark.promise("P4")
def test_a_role_counts_from_the_next_page_on_and_no_longer_than_it_is_held(house, browse):
    complaint = house.lodge(on=MONDAY, officer_id=None)
    person = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
    assert not sees(browse, person, complaint)

    grant = RoleGrant.objects.create(user=person, role=Role.LINE_MANAGER.value, area=house.team)
    assert sees(browse, person, complaint)

    grant.delete()
    assert not sees(browse, person, complaint)


@pytest.mark.promise("P4")
@pytest.mark.parametrize("page", [LIST, WORK])
def test_an_exclusion_counts_from_the_next_page_on(house, browse, page):
    officer = house[Role.RESPONSIBLE_OFFICER]
    complaint = house.lodge(on=MONDAY)
    assert sees(browse, officer, complaint, on=page)

    Exclusion.objects.create(complaint=complaint, user=officer, reason="subject")

    assert not sees(browse, officer, complaint, on=page)


def test_a_deputy_sees_the_work_as_long_as_they_stand_in(house, browse):
    deputy = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
    complaint = house.lodge(on=MONDAY)
    assert not sees(browse, deputy, complaint)

    absence = Absence.objects.create(
        user=house[Role.RESPONSIBLE_OFFICER], deputy=deputy, first_day=TODAY, last_day=TODAY
    )
    assert sees(browse, deputy, complaint)

    absence.delete()
    assert not sees(browse, deputy, complaint)


@pytest.mark.parametrize("page", [LIST, WORK])
def test_whoever_stands_in_at_the_end_of_a_chain_sees_the_work(house, browse, page):
    """The same people as are reminded: the deputy who is away too sees it no longer."""
    away, between, there = house[Role.RESPONSIBLE_OFFICER], *UserFactory.create_batch(2)
    for person, deputy in ((away, between), (between, there)):
        RoleGrant.objects.create(user=deputy, role=Role.RESPONSIBLE_OFFICER.value)
        Absence.objects.create(user=person, deputy=deputy, first_day=TODAY, last_day=TODAY)
    complaint = house.lodge(on=MONDAY)

    assert sees(browse, there, complaint, on=page)
    assert not sees(browse, between, complaint, on=page)
    assert browse(there).get(complaint.get_absolute_url()).status_code == 200
    assert browse(between).get(complaint.get_absolute_url()).status_code == 404


def test_the_web_asks_once_for_whom_somebody_stands_in(house, django_assert_num_queries):
    away, deputy = house[Role.RESPONSIBLE_OFFICER], UserFactory()
    Absence.objects.create(user=away, deputy=deputy, first_day=TODAY, last_day=TODAY)

    with django_assert_num_queries(1):
        take_up(deputy, TODAY)

    assert deputy.stands_in_for == {away.pk}


def asked_by(person: User):
    """Return a request as the web fills it in, whose person is found by asking the request."""
    request = RequestFactory().get("/")
    request.found = person
    request.user = SimpleLazyObject(lambda: request.found)
    request.user.stands_in_for = frozenset({person.pk + 1})
    return request


def test_what_is_kept_of_a_reader_keeps_no_request(house):
    manager = house[Role.LINE_MANAGER]
    request = asked_by(manager)
    gone, reader = weakref.ref(request), reader_of(request.user)

    del request
    gc.collect()

    assert gone() is None
    assert (reader.user, reader.user.own_keys) == (manager, reader.own_keys)
    assert reader.user.scope == manager.scope


def test_readers_are_the_same_only_if_they_may_know_of_the_same(house):
    manager = house[Role.LINE_MANAGER]
    again = User.objects.get(pk=manager.pk)
    standing_in = User.objects.get(pk=manager.pk)
    standing_in.stands_in_for = frozenset({house[Role.DIRECTOR].pk})
    left = User.objects.get(pk=manager.pk)
    left.is_active = False
    elsewhere = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])

    readers = {reader_of(each) for each in (manager, again, standing_in, left, elsewhere)}

    assert len(readers) == 4


def test_complaints_are_found_by_more_keys_than_one_batch(house):
    keys = [house.lodge(on=MONDAY).pk for _ in range(KEYS_AT_ONCE + 1)]
    reader = reader_of(house[Role.COMPLAINTS_COORDINATOR])
    calendar = current_edition().calendar

    rows = rows_by_key(reader, keys, today=TODAY, calendar=calendar)

    assert sorted(rows) == sorted(keys)
    assert rows_by_key(reader, [], today=TODAY, calendar=calendar) == {}


def test_a_blank_is_filled_in_anew_each_time(house):
    one, other = house.lodge(on=MONDAY), house.lodge(on=MONDAY)
    one.representatives.create(name="Agnes Moyo")

    assert [each.name for each in people_of(one).speakers] == ["Agnes Moyo"]
    assert people_of(other).speakers == []


def test_days_come_back_as_days_and_truths_as_truths(house):
    complaint = house.lodge(on=MONDAY)
    rows = Complaint.objects.filter(pk=BLANK).values_list("received_on", "is_open")

    assert Prepared(rows).rows(blank=complaint.pk) == [(date(2026, 6, 8), True)]
    assert Prepared(Complaint.objects.none().values_list("pk")).rows() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_planned_once", [True, False])
def test_a_query_that_one_thread_put_together_serves_another(house, is_planned_once):
    complaint = house.lodge()
    kept = Prepared(Complaint.objects.values_list("pk"), is_planned_once=is_planned_once)
    found = []

    def ask():
        try:
            found.append(kept.rows())
        finally:
            connection.close()

    other = Thread(target=ask)
    other.start()
    other.join()

    assert found == [[(complaint.pk,)]]
