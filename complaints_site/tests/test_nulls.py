"""A character that PostgreSQL cannot hold: refused in an address, harmless in a form."""

import pytest

from cases.rules.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(house, client):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    return client


@pytest.mark.parametrize(
    "address",
    [
        "/complaints/%00/",
        "/complaints/?q=%00",
        "/requests/%00/",
        "/requests/?q=bell%00",
        "/log/?customer=%00",
        "/log/?find=KX%001",
        "/customers/?find=1%00",
        "/let-us-know/?back=%00",
        "/%00",
    ],
)
def test_an_address_with_a_null_is_answered_with_our_page(coordinator, address):
    response = coordinator.get(address)

    assert response.status_code == 400
    assert "Nothing was saved" in response.content.decode()


@pytest.mark.parametrize("name", ["sessionid", "csrftoken", "anything"])
def test_a_cookie_with_a_null_is_answered_with_our_page(client, name):
    response = client.get("/sign-in/", headers={"cookie": f'{name}="\\000{"a" * 32}"'})

    assert response.status_code == 400


def test_an_address_as_people_write_it_is_answered_as_always(coordinator, house):
    reference = house.lodge().reference

    assert coordinator.get(f"/complaints/{reference}/?page=1").status_code == 200
    assert coordinator.get("/complaints/%2500/").status_code == 404


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/log/", "kept"),
        ("/log/", "customer"),
        ("/log/", "find"),
        ("/log/", "key"),
        ("/customers/add/", "name"),
        ("/queue/reassign/", "complaint"),
        ("/queue/reassign/", "filters"),
        ("/letters/", "letter"),
        ("/letters/", "message"),
    ],
)
def test_a_form_with_a_null_breaks_nothing(coordinator, address, name):
    for value in ("\x00", "a\x00b:1", "q=%00&customer=%00"):
        assert coordinator.post(address, {name: value}).status_code in (200, 302, 422)
