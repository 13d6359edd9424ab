"""Nobody opens what role and relation to the complaint do not allow: every address (P3)."""

import pytest
from django.urls import reverse

from complaints_site.tests.permissions.asking import METHODS, ask, faults, send
from complaints_site.tests.permissions.table import ACTORS, REACH, matrix, names_of_addresses

pytestmark = [pytest.mark.django_db, pytest.mark.promise("P3"), pytest.mark.one_database]
ROWS = matrix()
# The public form answers strange forms itself: it clears nothing, and leads to the first question.
# What is sent to the small form is only shown again, and kept nowhere.
ON_THE_FORM = {
    "feedback:forget": 404,
    "feedback:check": 302,
    "feedback:begin": 302,
    "feedback:small-form": 200,
}


# What the matrix must be ------------------------------------------------------------------------


def test_the_matrix_names_every_address_of_the_site_and_no_other():
    named, there = {row.url for row in ROWS}, names_of_addresses()

    assert sorted(there - named) == [], "add rows for these to cases/permissions/matrix.csv"
    assert sorted(named - there) == [], "these rows of cases/permissions/matrix.csv name no address"


def test_no_row_stands_twice_and_every_cell_is_a_word_that_is_explained():
    asked = [str(row) for row in ROWS]

    assert len(set(asked)) == len(asked)
    assert {cell for row in ROWS for cell in row.cells.values()} <= set(REACH)


def test_every_row_says_what_its_page_is_about(world):
    about = {row.about for row in ROWS}

    assert sorted(about - set(world.things)) == []


def test_a_visitor_is_let_in_only_where_it_is_open_to_everybody():
    public = {cell for row in ROWS for cell in [row.cells["visitor"]]}

    assert public == {"open", "own", "sign-in", "key"}
    assert all(
        set(row.cells.values()) <= {row.cells["visitor"]}
        for row in ROWS
        if row.cells["visitor"] != "sign-in"
    )


# What the site answers --------------------------------------------------------------------------


@pytest.mark.parametrize("actor", ACTORS)
def test_every_page_answers_as_the_matrix_says(world, actor):
    assert "\n".join(faults(ROWS, actor, world)) == ""


def test_what_no_row_names_is_no_way_in(world):
    """Other methods are refused even to somebody who holds every role."""
    named = {(row.url, row.method) for row in ROWS}
    taken = []
    for row in {row.url: row for row in ROWS}.values():
        things = world.kinds_of(row.about, "everybody")
        thing = things.get("own") or things.get("") or things["elsewhere"]
        for method in METHODS:
            if (row.url, method) not in named:
                status = ask(world, "everybody", row, thing, method=method).status_code
                taken += [] if status == 405 else [f"{method} {row.url}: {status}"]

    assert "\n".join(taken) == ""


def test_no_form_is_taken_from_another_site(world):
    taken = []
    for row in ROWS:
        if row.method != "POST":
            continue
        things = world.kinds_of(row.about, "everybody")
        thing = things.get("own") or things.get("") or things["elsewhere"]
        client = world.browser("everybody", thing)
        client.handler.enforce_csrf_checks = True
        status = send(client, "POST", reverse(row.url, args=thing.args), thing.data).status_code
        # No cookie counts where a key is asked for, so another site has nothing to borrow.
        right = 401 if row.cells["visitor"] == "key" else ON_THE_FORM.get(row.url, 403)
        taken += [] if status == right else [f"{row.url}: {status}"]

    assert "\n".join(taken) == ""


def test_a_leaver_is_signed_out_with_the_next_request(world):
    inside = [row for row in ROWS if row.cells["visitor"] == "sign-in"]
    person = world.people["everybody"]
    type(person).objects.filter(pk=person.pk).update(is_active=False)
    try:
        let_in = [
            str(row)
            for row in inside
            for thing in [next(iter(world.kinds_of(row.about, "everybody").values()))]
            for answer in [ask(world, "everybody", row, thing)]
            if not (answer.status_code == 302 and answer["Location"].startswith("/sign-in/?next="))
        ]
    finally:
        type(person).objects.filter(pk=person.pk).update(is_active=True)

    assert "\n".join(let_in) == ""


def test_the_superuser_finds_no_word_of_any_complaint(world):
    """A page that a superuser may open tells no customer's name and no word of a complaint."""
    words = {"out of order since Friday"}
    words |= {each.customer.name for each in world.complaints.values()}
    words |= {each.reference for each in world.complaints.values()}
    found = []
    for row in ROWS:
        if row.method == "GET" and row.cells["superuser"] == "all":
            thing = next(iter(world.kinds_of(row.about, "superuser").values()))
            client = world.browser("superuser", thing)
            answer = client.get(reverse(row.url, args=thing.args), follow=True)
            found += [f"{row.url}: {each}" for each in words if each in _text(answer)]

    assert "\n".join(found) == ""


def _text(answer) -> str:
    return b"".join(answer).decode(errors="replace")
