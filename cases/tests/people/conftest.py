"""A complaint of a customer with everything by which they could be told from others."""

import pytest

from cases.models import Complaint
from cases.operations.customers import Speaker, save_representative
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

NOW = at(MONDAY)


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


@pytest.fixture
def customer(db):
    return CustomerFactory(
        name="Canary Quillfeather",
        address="77 Canary Wharf Mews",
        postcode="CN4 1RY",
        email="quillfeather@canary.example",
        phone="07700 900177",
    )


@pytest.fixture
def complaint(house, customer) -> Complaint:
    return house.lodge(customer=customer, summary="The canary words of the complaint.")


@pytest.fixture
def speak(coordinator, complaint):
    """Record somebody who speaks for the customer, or change them."""

    def save(key=None, **details):
        given = {"name": "Bob Moyo", "email": "bob@example.org", **details}
        return save_representative(
            Speaker(**given),
            complaint_id=complaint.pk,
            representative_id=key,
            by=coordinator,
            now=NOW,
        )

    return save


def confirmed(**details):
    """Return what is told of somebody whom the customer has confirmed."""
    told = {"authority": "confirmed", "authority_on": MONDAY, "authority_seen": "By telephone"}
    return {**told, **details}


def write(complaint, by, channel="email"):
    """Acknowledge the complaint by a letter made here."""
    complaint.refresh_from_db()
    return acknowledge(
        complaint_id=complaint.pk,
        by=by,
        now=NOW,
        seen=complaint.version,
        on=MONDAY,
        telling=Telling(channel, "The canary words of the letter."),
    )
