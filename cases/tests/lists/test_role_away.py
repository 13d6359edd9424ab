"""A coordinator's own absence: what waits for the role, who else sees it, and when nobody does."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.models import Absence, AccessEntry, Complaint, Exclusion, Level
from cases.rules.roles import Role
from cases.rules.state import Status
from cases.selectors.covers import leaves
from cases.selectors.role_away import REQUEST, TRIAGE
from cases.tests.factories import UserFactory
from cases.tests.lists.conftest import TODAY

COVERS = reverse("cases:covers")
LAST_DAY = TODAY + timedelta(days=11)


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


@pytest.fixture
def deputy(house):
    return UserFactory(name="Sam Deputy", roles=[Role.RESPONSIBLE_OFFICER])


@pytest.fixture
def absence(coordinator, deputy):
    days = {"first_day": TODAY, "last_day": LAST_DAY}
    return Absence.objects.create(user=coordinator, deputy=deputy, **days)


@pytest.fixture
def other(house):
    return UserFactory(name="Olu Other", roles=[Role.COMPLAINTS_COORDINATOR])


def of_role(user):
    [found] = leaves(user, today=TODAY)
    return found.role


def test_what_waits_for_the_role_is_shown_with_who_else_can_do_it(
    house, browse, coordinator, other, absence
):
    new = house.lodge(on=TODAY, triaged=False)
    asked = house.lodge(on=TODAY)
    Complaint.objects.filter(pk=asked.pk).update(status=Status.AWAITING_DECISION.value)

    page = browse(coordinator).get(COVERS).content.decode()

    told = {(each.reference, each.words): each.seen_by for each in of_role(coordinator).lines}
    assert told[new.reference, TRIAGE] == ("Olu Other",)
    assert told[asked.reference, REQUEST] == ("Olu Other",)
    assert "Olu Other is complaints coordinator too" in page
    assert "Sam Deputy stands in, and gets none of this" in page
    assert "Nobody else is complaints coordinator" not in page


def test_where_there_is_no_other_coordinator_the_page_warns(house, browse, coordinator, absence):
    house.lodge(on=TODAY, triaged=False)

    page = browse(coordinator).get(COVERS).content.decode()

    assert "Nobody else is complaints coordinator in these days." in page
    assert "Nobody else can do it" in page


def test_a_coordinator_who_is_away_all_the_while_is_nobody_to_see_it(
    coordinator, deputy, other, absence
):
    Absence.objects.create(user=other, deputy=deputy, first_day=TODAY, last_day=LAST_DAY)

    role = next(e.role for e in leaves(coordinator, today=TODAY) if e.absence == absence)

    assert role.is_nobody


def test_days_on_which_every_coordinator_is_away_are_counted(
    browse, coordinator, deputy, other, absence
):
    begins = LAST_DAY - timedelta(days=1)
    Absence.objects.create(user=other, deputy=deputy, first_day=begins, last_day=LAST_DAY)

    role = next(e.role for e in leaves(coordinator, today=TODAY) if e.absence == absence)

    assert role.others == ("Olu Other",)
    assert role.alone_on == (begins, LAST_DAY)
    assert "On 2 of these days no coordinator is there" in (
        browse(coordinator).get(COVERS).content.decode()
    )


def test_a_deputy_who_is_a_coordinator_is_named(browse, coordinator, other):
    days = {"first_day": TODAY, "last_day": LAST_DAY}
    Absence.objects.create(user=coordinator, deputy=other, **days)

    page = browse(coordinator).get(COVERS).content.decode()

    assert "Olu Other is complaints coordinator too" in page
    assert "gets none of this" not in page


def test_whoever_is_shut_out_of_a_complaint_is_not_said_to_see_it(
    house, coordinator, other, absence
):
    closed = house.lodge(on=TODAY, triaged=False)
    Exclusion.objects.create(complaint=closed, user=other, reason="conflict")

    open_to_all = house.lodge(on=TODAY, triaged=False)

    told = {each.reference: each.seen_by for each in of_role(coordinator).lines}

    assert told == {closed.reference: (), open_to_all.reference: ("Olu Other",)}


def test_of_a_restricted_complaint_only_coordinators_on_its_list_see_it(
    house, coordinator, other, absence
):
    hidden = house.lodge(on=TODAY, triaged=False)
    Complaint.objects.filter(pk=hidden.pk).update(level=Level.RESTRICTED.value)
    AccessEntry.objects.create(complaint=hidden, user=coordinator)

    before = {each.seen_by for each in of_role(coordinator).lines}
    AccessEntry.objects.create(complaint=hidden, user=other)

    assert before == {()}
    assert {each.seen_by for each in of_role(coordinator).lines} == {("Olu Other",)}


def test_a_hearing_on_whose_panel_they_sit_is_named_if_it_is_in_these_days(
    house, browse, coordinator, absence
):
    heard, later = house.lodge(on=TODAY), house.lodge(on=TODAY)
    for each, on in ((heard, LAST_DAY), (later, LAST_DAY + timedelta(days=1))):
        Complaint.objects.filter(pk=each.pk).update(hearing_on=on)
        AccessEntry.objects.create(complaint=each, user=coordinator, as_panel_member=True)

    page = browse(coordinator).get(COVERS).content.decode()

    assert [each.reference for each in of_role(coordinator).sittings] == [heard.reference]
    assert "A seat is not covered: name another member or another day" in page


def test_another_coordinator_is_told_of_the_absence_and_an_officer_is_not(
    browse, deputy, other, absence
):
    assert "As complaints coordinator" in browse(other).get(COVERS).content.decode()
    assert "As complaints coordinator" not in browse(deputy).get(COVERS).content.decode()


def test_more_that_waits_costs_the_page_no_query_more(
    house, browse, coordinator, other, absence, django_assert_max_num_queries
):
    house.lodge(on=TODAY, triaged=False)
    client = browse(coordinator)
    client.get(COVERS)
    with django_assert_max_num_queries(26) as one:
        client.get(COVERS)
    for _ in range(3):
        house.lodge(on=TODAY, triaged=False)

    with django_assert_max_num_queries(len(one.captured_queries)):
        client.get(COVERS)
