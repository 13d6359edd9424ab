"""A write that no row of the record tells of fails the request that made it (P10): the control."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from cases.models import Category, Complaint
from cases.rules.roles import Role
from cases.tests.record.written import Unrecorded

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database,
    pytest.mark.promise("P10"),
    pytest.mark.usefixtures("every_write_is_recorded"),
]


def saves(request: HttpRequest) -> HttpResponse:
    """Change a complaint past the one way in."""
    complaint = Complaint.objects.get()
    complaint.desired_outcome = "Nothing."
    complaint.save(update_fields=["desired_outcome"])
    return HttpResponse()


def updates(request: HttpRequest) -> HttpResponse:
    """Change all complaints at once, without loading one."""
    Complaint.objects.update(desired_outcome="Nothing.")
    return HttpResponse()


def sets(request: HttpRequest) -> HttpResponse:
    """Add a setting of which no history tells."""
    Category.objects.create(code="lifts", name="Lifts", position=1)
    return HttpResponse()


def updates_nothing(request: HttpRequest) -> HttpResponse:
    """Ask for a change that concerns no row."""
    Complaint.objects.filter(reference="NOBODY").update(desired_outcome="Nothing.")
    return HttpResponse()


urlpatterns = [
    path("saves/", saves),
    path("updates/", updates),
    path("sets/", sets),
    path("updates-nothing/", updates_nothing),
]


@pytest.fixture
def careless(house, settings) -> Client:
    """A site whose pages write what they like, with one complaint."""
    house.lodge()
    settings.ROOT_URLCONF = __name__
    client = Client()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    return client


@pytest.mark.parametrize(
    ("page", "table"),
    [
        ("saves", "cases_complaint"),
        ("updates", "cases_complaint"),
        ("sets", "cases_category"),
    ],
)
def test_a_page_that_writes_past_the_record_is_noticed(careless, page, table):
    with pytest.raises(Unrecorded, match=f"wrote to {table}"):
        careless.post(f"/{page}/")


def test_a_statement_that_changes_no_row_needs_no_record(careless):
    assert careless.post("/updates-nothing/").status_code == 200
