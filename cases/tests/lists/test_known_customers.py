"""Who finds the customers of a restricted complaint: nobody to whom it is closed."""

import pytest

from cases.models import AccessEntry, Complaint, Customer, Level
from cases.operations.customers import (
    add_joint_complainant,
    correct_customer,
    remove_joint_complainant,
)
from cases.rules.roles import Role
from cases.selectors.known_customers import customers_known_to
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P4")]
NOW = at(MONDAY, 14)
INSIDER, OUTSIDER = Role.COMPLAINTS_COORDINATOR, Role.DIRECTOR


@pytest.fixture
def complaint(house) -> Complaint:
    """Return a restricted complaint, which the coordinator alone may open."""
    found = house.lodge(by=house[INSIDER], level=Level.RESTRICTED)
    AccessEntry.objects.create(complaint=found, user=house[INSIDER])
    return found


def common(house, complaint):
    """Return what every operation is told."""
    return {"complaint_id": complaint.pk, "by": house[INSIDER], "now": NOW}


def joins(house, complaint, customer):
    """Let the customer complain too."""
    return add_joint_complainant(
        **common(house, complaint), customer_id=customer.pk, capacity="Joint tenant"
    )


def joins_and_goes(house, complaint, customer):
    """Let the customer complain too, and take them out again."""
    joint = joins(house, complaint, customer)
    remove_joint_complainant(**common(house, complaint), joint_id=joint.pk)


def is_right(house, complaint, customer):
    """Let the complaint be that customer’s."""
    complaint.refresh_from_db()
    correct_customer(
        **common(house, complaint),
        seen=complaint.version,
        customer_id=customer.pk,
        reason="Misread.",
    )


def was_taken_for(house, complaint, customer):
    """Let the complaint be taken for that customer’s, which it is not."""
    right = complaint.customer
    is_right(house, complaint, customer)
    is_right(house, complaint, right)


COMES = pytest.mark.parametrize("comes", [joins, joins_and_goes, is_right, was_taken_for])


def knows(house, role, customer) -> bool:
    """Say whether somebody finds the customer."""
    return customers_known_to(house[role]).filter(pk=customer.pk).exists()


@COMES
def test_whoever_came_by_a_restricted_complaint_is_found_by_its_people_alone(
    house, complaint, comes
):
    customer = CustomerFactory(created_at=NOW)

    comes(house, complaint, customer)

    assert not knows(house, OUTSIDER, customer)
    assert knows(house, INSIDER, customer)


@COMES
def test_whoever_was_known_before_is_found_as_before(house, complaint, comes):
    customer = CustomerFactory()

    comes(house, complaint, customer)

    assert knows(house, OUTSIDER, customer)


@COMES
def test_whoever_complains_of_something_else_too_is_found(house, complaint, comes):
    customer = CustomerFactory(created_at=NOW)
    comes(house, complaint, customer)

    house.lodge(customer=customer)

    assert knows(house, OUTSIDER, customer)


def test_a_customer_of_nothing_is_found(house, complaint):
    joins(house, complaint, CustomerFactory(created_at=NOW))

    customer = CustomerFactory(created_at=NOW)

    assert knows(house, OUTSIDER, customer)
    assert Customer.objects.count() == customers_known_to(house[OUTSIDER]).count() + 1
