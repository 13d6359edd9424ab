"""Saved views of the list of complaints: whose they are, what they count, and changing them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import Exclusion, SavedView
from cases.operations.saved_views import MOST_VIEWS, save_view
from cases.rules.roles import Role
from cases.tests.factories import UserFactory

PAGE = "/queue/views/"


@pytest.fixture
def manager(house):
    return house[Role.LINE_MANAGER]


@pytest.fixture
def officer(house):
    return house[Role.RESPONSIBLE_OFFICER]


def shown(browse, person) -> str:
    answer = browse(person).get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def lines(browse, person):
    return {line.view.name: line for line in browse(person).get(PAGE).context["lines"]}


def test_the_list_is_saved_under_a_name_and_opened_again(house, browse, officer):
    house.lodge()
    window = browse(officer)
    listed = window.get(f"{reverse('cases:queue')}?view=overdue").content.decode()
    assert f"{PAGE}?filters=view%3Doverdue" in listed

    window.post(PAGE, {"name": "Late ones", "filters": "view=overdue&page=3&q="}, follow=True)

    view = SavedView.objects.get()
    assert (view.name, view.query, view.area) == ("Late ones", "view=overdue", None)
    assert 'href="/complaints/?view=overdue"' in shown(browse, officer)


def test_each_reader_counts_only_what_they_may_see(house, browse, manager):
    complaint, _ = house.lodge(), house.lodge()
    colleague = UserFactory(roles=[(Role.LINE_MANAGER, house.team)])
    save_view(by=manager, name="All of it", query="", area_id=house.team.pk)
    assert lines(browse, colleague)["All of it"].count == "2"

    Exclusion.objects.create(complaint=complaint, user=colleague, reason="conflict")

    assert lines(browse, colleague)["All of it"].count == "1"
    assert lines(browse, manager)["All of it"].count == "2"


def test_a_shared_view_is_found_where_they_work_above_and_below_and_nowhere_else(
    house, browse, manager
):
    head = house[Role.HEAD_OF_SERVICE]
    save_view(by=head, name="Repairs", query="", area_id=house.service.pk)
    save_view(by=head, name="Mine alone", query="", area_id=None)
    elsewhere = UserFactory(roles=[(Role.LINE_MANAGER, house.other_team)])

    assert set(lines(browse, head)) == {"Repairs", "Mine alone"}
    assert set(lines(browse, manager)) == {"Repairs"}
    assert set(lines(browse, house[Role.ASSISTANT_DIRECTOR])) == {"Repairs"}
    assert set(lines(browse, elsewhere)) == set()


def test_nobody_shares_a_view_with_an_area_that_is_not_theirs(house, browse, manager):
    data = {"name": "Theirs", "filters": "", "area": house.other_team.pk}

    assert browse(manager).post(PAGE, data).status_code == 422
    assert not SavedView.objects.exists()


def test_a_view_is_renamed_and_deleted_by_its_owner_alone(house, browse, manager, officer):
    view = save_view(by=manager, name="Late", query="view=overdue", area_id=house.team.pk)
    other = browse(officer)
    assert other.post(PAGE, {"view": view.pk, "do": "delete"}).status_code == 422
    assert other.post(PAGE, {"view": view.pk, "name": "Stolen"}).status_code == 422

    window = browse(manager)
    assert "Delete" in window.get(f"{PAGE}?view={view.pk}").content.decode()
    window.post(PAGE, {"view": view.pk, "name": "Very late", "filters": view.query})
    view.refresh_from_db()
    assert (view.name, view.query) == ("Very late", "view=overdue")

    window.post(PAGE, {"view": view.pk, "do": "delete"})
    assert not SavedView.objects.exists()


def test_a_second_view_of_the_same_name_keeps_what_was_typed(house, browse, officer):
    save_view(by=officer, name="Late", query="", area_id=None)

    answer = browse(officer).post(PAGE, {"name": "Late", "filters": "view=today"})

    assert answer.status_code == 422
    assert "You have a view called “Late” already." in answer.content.decode()
    assert "view=today" in answer.content.decode()


def test_nobody_keeps_more_views_than_can_be_read(house, browse, officer):
    SavedView.objects.bulk_create(
        SavedView(owner=officer, name=f"View {number}") for number in range(MOST_VIEWS)
    )

    assert browse(officer).post(PAGE, {"name": "One more"}).status_code == 422


def test_a_view_of_a_leaver_is_not_shared_any_more(house, browse, manager, officer):
    save_view(by=manager, name="Late", query="", area_id=house.team.pk)
    assert "Late" in lines(browse, house[Role.HEAD_OF_SERVICE])

    type(manager).objects.filter(pk=manager.pk).update(is_active=False)

    assert lines(browse, house[Role.HEAD_OF_SERVICE]) == {}


def test_the_counts_of_all_views_take_one_query(house, browse, officer, django_assert_num_queries):
    window = browse(officer)
    save_view(by=officer, name="First", query="view=overdue", area_id=None)
    window.get(PAGE)
    with django_assert_num_queries(7) as few:
        window.get(PAGE)
    for number in range(5):
        query = f"view=today&q=&n={number}"
        save_view(by=officer, name=f"View {number}", query=query, area_id=None)

    with django_assert_num_queries(len(few)):
        window.get(PAGE)


def test_saved_views_are_opened_from_the_list_itself(
    house, browse, manager, django_assert_num_queries
):
    house.lodge()
    reader = house[Role.FRONT_LINE]
    window = browse(reader)
    window.get(reverse("cases:queue"))
    with CaptureQueriesContext(connection) as without:
        window.get(reverse("cases:queue"))
    save_view(by=reader, name="Late ones", query="view=overdue", area_id=None)
    save_view(by=manager, name="About lifts", query="q=lift", area_id=house.team.pk)
    save_view(by=manager, name="Her own", query="view=today", area_id=None)

    with django_assert_num_queries(len(without)):
        answer = window.get(f"{reverse('cases:queue')}?view=overdue&page=1")

    offered = [(each.label, each.url, each.is_current) for each in answer.context["saved"]]
    assert offered == [
        ("About lifts", "?q=lift", False),
        ("Late ones", "?view=overdue", True),
    ]
    assert 'aria-current="page"><strong>Late ones (1)</strong></a>' in answer.content.decode()


def test_a_search_is_kept_and_not_counted(house, browse, officer):
    save_view(by=officer, name="Lifts", query="q=lift", area_id=None)

    assert lines(browse, officer)["Lifts"].count == ""
