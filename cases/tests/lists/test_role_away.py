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
    assert "Nobody else sees to it: have somebody let in." in page
    assert "give somebody the role now." in page


def asked_for_next_stage(house, area):
    """Return a complaint of a service area whose request for the next stage waits."""
    asked = house.lodge(on=TODAY)
    Complaint.objects.filter(pk=asked.pk).update(
        status=Status.AWAITING_DECISION.value, service_area=area
    )
    return asked


def test_of_a_request_the_directors_of_its_area_are_named_and_of_a_new_complaint_not(
    house, browse, coordinator, absence
):
    asked, new = asked_for_next_stage(house, house.team), house.lodge(on=TODAY, triaged=False)

    lines = {each.reference: each for each in of_role(coordinator).lines}
    page = browse(coordinator).get(COVERS).content.decode()

    directors = (house[Role.ASSISTANT_DIRECTOR].name, house[Role.DIRECTOR].name)
    assert lines[asked.reference].decided_by == directors
    assert lines[new.reference].decided_by == ()
    assert f"{', '.join(directors)} can decide on it, unless they dealt with it before." in page
    assert page.count("Nobody else sees to it") == 1


def test_no_director_of_elsewhere_away_or_shut_out_is_said_to_decide(
    house, coordinator, deputy, absence
):
    asked = asked_for_next_stage(house, house.team)
    UserFactory(name="Elsewhere", roles=[(Role.DIRECTOR, house.other_team)])
    Exclusion.objects.create(complaint=asked, user=house[Role.DIRECTOR], reason="conflict")
    days = {"first_day": TODAY, "last_day": LAST_DAY, "deputy": deputy}
    Absence.objects.create(user=house[Role.ASSISTANT_DIRECTOR], **days)

    told = next(e.role for e in leaves(coordinator, today=TODAY) if e.absence == absence)

    assert [each.decided_by for each in told.lines] == [()]


def test_a_director_who_is_there_makes_no_coordinator_there(house, coordinator, absence):
    asked_for_next_stage(house, house.team)

    found = of_role(coordinator)

    assert found.is_nobody
    assert len(found.alone_on) == (LAST_DAY - TODAY).days + 1


def test_a_manager_who_sees_an_absence_is_not_told_that_nothing_waits_for_the_role(
    house, browse, coordinator, absence
):
    house.lodge(on=TODAY, triaged=False)
    held = house.lodge(on=TODAY)
    Complaint.objects.filter(pk=held.pk).update(
        responsible_officer=coordinator, service_area=house.team, next_due_on=TODAY
    )

    page = browse(house[Role.HEAD_OF_SERVICE]).get(COVERS).content.decode()

    assert coordinator.name in page
    assert held.reference in page
    assert "As complaints coordinator" not in page
    assert "Nothing waits for a coordinator" not in page


def test_before_an_absence_the_warning_says_until_when_somebody_is_to_have_the_role(
    house, browse, coordinator, deputy
):
    begins = TODAY + timedelta(days=2)
    Absence.objects.create(user=coordinator, deputy=deputy, first_day=begins, last_day=LAST_DAY)

    page = browse(coordinator).get(COVERS).content.decode()

    assert "give somebody the role before" in page


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
