"""Whoever complains too: what is unsafe and needed shows wherever the customer's own does."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from cases.models import Customer, Letter
from cases.selectors.case_people import people_of
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at
from cases.tests.people.conftest import write

UNSAFE = {"phone": "07700 900999", "email": "ada@example.org", "address": "2 Dock Road"}
SCREENS = ("complaint", "note", "acknowledge", "change-people", "case-sheet", "update")
HEADS = (*SCREENS, "deadlines", "outside", "case-papers", "record-copy", "following")


def text_of(page) -> str:
    """Return what a page says, without its marks."""
    return " ".join(strip_tags(page.content.decode()).split())


@pytest.fixture
def join(complaint):
    """Put somebody down who complains too."""

    def add(**particulars) -> Customer:
        joint = CustomerFactory(**{"name": "Ada Nkemelu", "postcode": "", **UNSAFE, **particulars})
        complaint.joint_complainants.create(
            customer=joint, capacity="Joint tenant", gets_letters=True
        )
        return joint

    return add


@pytest.fixture
def look(client, coordinator, complaint):
    """Read a page of the complaint in words."""
    client.force_login(coordinator)

    def read(name: str) -> str:
        with time_machine.travel(at(MONDAY), tick=False):
            page = client.get(reverse(f"cases:{name}", args=[complaint.reference]))
        assert page.status_code == 200
        return text_of(page)

    return read


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize(
    ("flag", "shown"),
    [
        ("phone_unsafe", UNSAFE["phone"]),
        ("email_unsafe", UNSAFE["email"]),
        ("post_unsafe", UNSAFE["address"]),
    ],
)
def test_what_is_not_safe_for_them_says_so_beside_it(look, join, screen, flag, shown):
    join(**{flag: True})

    told = look(screen)

    assert f"{shown} (not safe)" in told
    others = [each for each in UNSAFE.values() if each != shown]
    assert all(each in told and f"{each} (not safe)" not in told for each in others)


@pytest.mark.parametrize("screen", SCREENS)
def test_what_is_safe_for_them_is_called_so_nowhere(look, join, screen):
    join()

    told = look(screen)

    assert UNSAFE["phone"] in told
    assert "(not safe)" not in told
    assert "Do not" not in told


@pytest.mark.parametrize("screen", SCREENS)
def test_their_own_needs_show_in_their_own_words(look, join, screen):
    join(needs="Ring the bell twice.", restricted_contact="Letters alone.")

    told = look(screen)

    assert "Ring the bell twice." in told
    assert "Their contact is restricted. Letters alone." in told


@pytest.mark.parametrize("screen", HEADS)
def test_what_to_keep_in_mind_of_them_shows_on_every_page_of_the_case(look, join, screen):
    join(language="Polish", letter_format="large_print", is_vulnerable=True, phone_unsafe=True)

    told = look(screen)

    for need in ("Large print", "Speaks Polish", "Vulnerable", "Do not ring"):
        assert need in told
    assert "Do not e-mail" not in told


@pytest.mark.parametrize("screen", HEADS)
def test_whoever_needs_nothing_is_given_no_needs(look, join, screen):
    join()

    assert "Ada Nkemelu:" not in look(screen)


def test_a_copy_shows_what_its_own_reader_needs(
    client, coordinator, complaint, customer, join, look
):
    join(letter_format="large_print", preferred_channel="post")
    Customer.objects.filter(pk=customer.pk).update(is_vulnerable=True)
    write(complaint, coordinator)
    told = {}
    for letter in Letter.objects.all():
        url = reverse("cases:letter", args=[complaint.reference, letter.event_number])
        with time_machine.travel(at(MONDAY), tick=False):
            told[letter.to_name] = text_of(client.get(url))

    assert "Ada Nkemelu: Large print" in told["Ada Nkemelu"]
    assert "Vulnerable" not in told["Ada Nkemelu"]
    assert "Needs: Vulnerable" in told[customer.name]


def test_they_are_read_with_everybody_else_in_one_query(complaint, join, django_assert_num_queries):
    for number in range(3):
        join(name=f"Tom {number}", needs="Ring first.", email_unsafe=True)
    people_of(complaint)

    with django_assert_num_queries(1):
        joint = people_of(complaint).joint
        told = [(each.name, each.customer.needs_words, each.customer.reached) for each in joint]

    assert [needs for _, needs, _ in told] == [["Do not e-mail"]] * 3


@pytest.mark.parametrize("screen", ["complaint", "note", "case-sheet"])
def test_no_page_asks_for_each_of_them(look, join, screen):
    join()
    look(screen)
    with CaptureQueriesContext(connection) as one:
        look(screen)
    for number in range(4):
        join(name=f"Tom {number}", phone_unsafe=True)

    with CaptureQueriesContext(connection) as many:
        look(screen)

    assert len(many) == len(one)
