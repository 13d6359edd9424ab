"""The landlord's look: colours that can be read, offices and telephones, and its theme."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.models import Landlord
from cases.rules.colours import (
    LEAST_CONTRAST,
    contrast_with_white,
    darkened,
    is_readable,
    read_colour,
    why_refused,
)
from cases.rules.origins import read_origin, read_origins

colours = st.builds("#{:02x}{:02x}{:02x}".format, *[st.integers(0, 255)] * 3)
LOOK = "/settings/landlord/look/"


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54)]
)
def test_contrast_is_measured_as_the_guidelines_do(colour, contrast):
    assert contrast_with_white(colour) == pytest.approx(contrast, abs=0.01)


@pytest.mark.one_database
@given(colour=colours)
def test_what_is_refused_is_exactly_what_cannot_be_read_and_something_near_is_offered(colour):
    reason = why_refused(colour)

    assert bool(reason) == (contrast_with_white(colour) < LEAST_CONTRAST)
    assert is_readable(darkened(colour))
    assert f"white by {LEAST_CONTRAST} to 1" not in reason


@pytest.mark.one_database
def test_colours_are_read_as_people_write_them():
    assert read_colour(" 0F4C5C ") == "#0f4c5c"
    assert read_colour("#abc") == "#aabbcc"
    assert read_colour("red") == ""
    assert read_colour("#0f4c5c; } body { display: none") == ""


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://www.example.org/contact?x=1", "https://www.example.org"),
        ("https://Example.org:8443", "https://example.org:8443"),
        ("http://127.0.0.1:9000/page", "http://127.0.0.1:9000"),
        ("http://www.example.org", ""),
        ("https://*.example.org", ""),
        ("*", ""),
        ("https://", ""),
        ("https://example.org:x", ""),
        ("https://user@example.org", ""),
        ("https://a b.org; script-src *", ""),
        ("https://example.org; script-src *", ""),
        ("'self'", ""),
        ("data:text/html,x", ""),
    ],
)
def test_only_the_origin_of_a_secure_website_is_taken(written, origin):
    assert read_origin(written) == origin


@pytest.mark.one_database
def test_each_website_is_kept_once():
    text = "https://a.org/x\n\n https://a.org \nnonsense"

    assert read_origins(text) == (["https://a.org"], ["nonsense"])


def test_a_pale_colour_is_refused_with_one_that_would_do_and_what_was_typed_is_kept(administrator):
    answer = administrator.post(LOOK, {"brand_colour": "#ffcc00"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "This colour is too pale" in page
    assert darkened("#ffcc00") in page
    assert 'value="#ffcc00"' in page
    assert Landlord.objects.get().brand_colour == ""


def test_every_page_has_the_colours_from_then_on(administrator, client):
    assert "theme.css" not in client.get("/let-us-know/").content.decode()
    assert client.get("/landlord/theme.css").status_code == 404

    administrator.post(LOOK, {"brand_colour": "5b2a86", "action_colour": "#00703c"})

    page = client.get("/let-us-know/").content.decode()
    assert "/landlord/theme.css?v=5b2a8600703c" in page
    style = client.get("/landlord/theme.css?v=5b2a8600703c")
    assert style.content.decode() == ":root { --brand: #5b2a86; --action: #00703c; }\n"
    assert "immutable" in style["Cache-Control"]
    assert "immutable" not in client.get("/landlord/theme.css?v=old")["Cache-Control"]
    assert "Look changed" in administrator.get("/settings/landlord/").content.decode()


def test_a_website_that_is_none_is_refused(administrator):
    answer = administrator.post(LOOK, {"frame_origins": "https://a.org\nour website"})

    assert answer.status_code == 422
    assert "“our website” is not the address" in answer.content.decode()


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(administrator):
    administrator.post(LOOK, {"brand_colour": "#5b2a86", "seen": "0"})

    answer = administrator.post(LOOK, {"brand_colour": "#00703c", "seen": "0"})

    assert answer.status_code == 422
    assert Landlord.objects.get().brand_colour == "#5b2a86"


def test_customers_find_every_office_and_telephone(administrator, client):
    page = administrator.get("/settings/landlord/change/").content.decode()
    assert "Offices that customers can visit" in page

    answer = administrator.post(
        "/settings/landlord/change/",
        {
            "name": "Harbourside Homes",
            "more_telephones": "Repairs: 0800 555 0101\nText phone: 18001 0800 555 0100",
            "offices": "Quay Office, 2 Quay Street\nHill Office, 7 Hill Road, Mondays",
            "alerts_from_hour": "8",
            "alerts_until_hour": "18",
        },
    )

    assert answer.status_code == 302
    page = client.get("/let-us-know/").content.decode()
    for words in ("Repairs: 0800 555 0101", "Quay Office", "Hill Office, 7 Hill Road, Mondays"):
        assert words in page
