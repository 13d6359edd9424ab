"""The deadline calculator as a page."""

import pytest

from cases.rules.roles import Role

pytestmark = pytest.mark.django_db
ASKED = {
    "start_day": "24",
    "start_month": "12",
    "start_year": "2026",
    "period": "5 working days",
    "calendar": "england-and-wales",
}


def test_its_button_sends_what_was_asked_by_address(sign_in):
    page = sign_in(Role.MEMBER_RESPONSIBLE).get("/calculator/").content.decode()

    form = page.split("<main")[1].split("<form", 1)[1].split("</form>")[0]
    assert 'method="get"' in form
    assert 'name="period"' in form
    assert "Work it out" in form


def test_it_answers_with_the_days_counted(sign_in):
    page = sign_in(Role.MEMBER_RESPONSIBLE).get("/calculator/", ASKED).content.decode()

    assert "due Tue 5 Jan 2027" in page or "due Tuesday 5 January 2027" in page


def test_what_cannot_be_read_is_said_and_kept(sign_in):
    page = sign_in(Role.MEMBER_RESPONSIBLE).get("/calculator/", ASKED | {"period": "soon"})

    assert page.status_code in (200, 422)
    assert 'value="soon"' in page.content.decode()
    assert "error" in page.content.decode()
