"""How a customer is reached, told once and without a contradiction."""

import pytest

from cases.rules.reaching import how_reached
from cases.rules.restrictions import ContactWay
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory

PHONE, EMAIL, POST = ContactWay.PHONE, ContactWay.EMAIL, ContactWay.POST
IN_PERSON = ContactWay.IN_PERSON


@pytest.mark.parametrize(
    ("prefers", "usable", "unsafe", "words"),
    [
        ("phone", [PHONE, POST], [], "Prefers: Telephone"),
        (
            "phone",
            [EMAIL, IN_PERSON, POST],
            [PHONE],
            "Reach them by: E-mail, in person or letter. They prefer telephone, but it is not "
            "safe.",
        ),
        (
            "online",
            [PHONE, IN_PERSON],
            [POST],
            "Reach them by: Telephone or in person. They prefer online form, but no e-mail "
            "address is known.",
        ),
        (
            "post",
            [IN_PERSON],
            [PHONE, EMAIL, POST],
            "Reach them by: In person. They prefer letter by post, but it is not safe.",
        ),
        ("visit", [IN_PERSON], [PHONE], "Prefers: Visit"),
        ("carrier pigeon", [POST], [], "Prefers: carrier pigeon"),
    ],
    ids=["as they like", "not safe", "no address", "nothing but a visit", "visit", "unknown"],
)
@pytest.mark.one_database
def test_what_cannot_be_used_is_not_told_as_what_they_prefer(prefers, usable, unsafe, words):
    told = how_reached(prefers, usable=usable, unsafe=unsafe, is_restricted=False)

    assert f"{told.heading}: {told.words}" == words


@pytest.mark.django_db
def test_the_page_of_a_complaint_says_once_how_to_reach_them(house, client):
    customer = CustomerFactory(
        preferred_channel="phone", phone="0151 496 0999", phone_unsafe=True, email="a@b.example"
    )
    complaint = house.lodge(customer=customer)
    client.force_login(house[Role.RESPONSIBLE_OFFICER])

    safe = client.get(complaint.get_absolute_url()).content.decode()
    customer.restricted_contact = "Closed: e-mail. Open: letter."
    customer.save(update_fields=["restricted_contact"])
    restricted = client.get(complaint.get_absolute_url()).content.decode()

    assert "They prefer telephone, but it is not safe." in safe
    assert "They prefer" not in restricted
    assert "What the restriction of their contact leaves open" in restricted
