"""What people see when something did not work."""

from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, page_not_found, server_error

from cases.rules.roles import Role


def test_the_page_for_our_own_mistakes_needs_nothing_but_itself():
    page = server_error(RequestFactory().get("/")).content.decode()

    assert "What you did last was not saved" in page


@pytest.mark.django_db
def test_a_damaged_request_is_answered_without_its_details():
    page = bad_request(RequestFactory().get("/"), ValueError("secret")).content.decode()

    assert "Nothing was saved" in page
    assert "secret" not in page


@pytest.mark.django_db
def test_what_is_not_there_and_what_may_not_be_seen_look_alike():
    request = RequestFactory().get("/cases/C-7K4M-92QX/")
    request.user = SimpleNamespace(is_authenticated=False)

    page = page_not_found(request, ValueError("No Complaint matches")).content.decode()

    assert "Page not found" in page
    assert "C-7K4M-92QX" not in page
    assert "No Complaint matches" not in page


@pytest.mark.django_db
@pytest.mark.usefixtures("gallery", "built_assets")
def test_a_page_that_was_open_too_long_says_what_became_of_the_words():
    answer = Client(enforce_csrf_checks=True).post("/wish/", {"wish": "repair"})

    assert answer.status_code == 403
    assert "What you typed is still in your browser." in answer.content.decode()


def test_a_stale_form_gives_back_what_was_typed_and_says_who_came_first():
    page = render_to_string(
        "409.html",
        {
            "typed": [("Note", "The part is <b>on order</b>.")],
            "meanwhile": [{"text": "Answered at Stage 1", "by": "Kelly O’Brien"}],
        },
    )

    assert "The part is &lt;b&gt;on order&lt;/b&gt;." in page
    assert "Answered at Stage 1, by Kelly O’Brien" in page


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/settings/people/", "/nowhere/"])
def test_colleagues_keep_their_menu_where_they_may_not_go_and_are_not_told_to_ring(house, address):
    client = Client()
    client.force_login(house[Role.FRONT_LINE])

    page = client.get(address).content.decode()

    assert 'href="/my-work/"' in page
    assert "Go to your work" in page
    assert "tel:" not in page.split("<main")[1].split("</main>")[0]
