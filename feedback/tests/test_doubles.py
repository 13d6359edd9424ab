"""A row that was found to be a double of somebody known is offered to nobody."""

import pytest

from cases.models import Complaint, Customer
from cases.rules.roles import Role
from cases.selectors.customer_search import look_alikes, matching_customers
from cases.tests.factories import CustomerFactory
from feedback.operations.matching import another_customer, same_customer
from feedback.selectors.matching import look_alikes as alike_to
from feedback.tests.factories import COMPLAINT

pytestmark = pytest.mark.django_db


@pytest.fixture
def known() -> Customer:
    """Somebody known, whom the form gives again."""
    return CustomerFactory(name="Margaret Shaw", postcode="HB1 2QH")


@pytest.fixture
def given(known, visitor, house, now) -> Customer:
    """The row that the form gave, after a coordinator said who it is."""
    sent = visitor.tell(COMPLAINT)
    row = Complaint.objects.get(reference=sent.reference).customer
    decide(same_customer, house, now, customer_id=known.pk)
    return row


def decide(act, house, now, **whom) -> None:
    complaint = Complaint.objects.get()
    by = house[Role.COMPLAINTS_COORDINATOR]
    act(complaint_id=complaint.pk, by=by, now=now, seen=complaint.version, **whom)


def offered(house) -> list[list[Customer]]:
    """Return whom the search and the log page offer a coordinator for this name."""
    user = house[Role.COMPLAINTS_COORDINATOR]
    return [
        matching_customers("Margaret Shaw", user),
        look_alikes(user, name="Margaret Shaw", postcode="HB1 2QH", email=""),
    ]


def test_a_double_is_not_offered(given, known, house):
    assert offered(house) == [[known], [known]]


def test_a_double_is_not_compared_with_the_next(given, known, house):
    new = CustomerFactory(name="Margaret Shaw")

    assert list(alike_to(new)) == [known]


def test_what_was_parted_again_is_offered_again(given, known, house, now):
    decide(another_customer, house, now)

    assert [set(found) for found in offered(house)] == [{given, known}, {given, known}]
