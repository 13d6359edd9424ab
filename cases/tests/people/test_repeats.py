"""Repeats and hot spots: against what is usual, and only of what the reader may read."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from cases.models import Category, Complaint, Contractor, Customer, Level
from cases.operations.access import change_access
from cases.rules.repeats import Frequency
from cases.rules.roles import Role
from cases.selectors.repeats import (
    above_usual,
    hot_spots,
    kinds_of,
    listed,
    repeats_of,
    spot_named,
)
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.people.conftest import NOW


@pytest.mark.one_database
@pytest.mark.parametrize(
    ("recent", "before", "is_above"),
    [
        (2, 0, False),
        (3, 0, True),
        (3, 8, True),
        (3, 9, False),
        (10, 40, False),
        (15, 40, True),
    ],
)
def test_more_than_usual_takes_three_and_half_as_many_again(recent, before, is_above):
    assert Frequency(recent, before).is_above is is_above


@pytest.mark.one_database
def test_the_words_tell_the_numbers():
    assert Frequency(4, 6).words == "4 in the last 90 days; as a rule 1.5"


@pytest.fixture
def damp(db):
    return Category.objects.create(code="damp", name="Damp and mould")


@pytest.fixture
def street(house, damp):
    """Return how to lodge complaints of one street about damp."""

    def lodge(number, *, days_ago=0, **details):
        return [
            house.lodge(
                customer=CustomerFactory(postcode="HB1 2QH", address=f"{each} Dock Road"),
                on=MONDAY - timedelta(days=days_ago),
                category_id=damp.pk,
                **details,
            )
            for each in range(number)
        ]

    return lodge


def frequencies(complaint, user):
    found = repeats_of(complaint, user=user, today=MONDAY)
    return {spot.code: (spot.frequency.recent, spot.frequency.before) for spot in found}


def test_each_kind_is_counted_by_itself_and_by_its_days(street, coordinator):
    complaint = street(1)[0]
    street(2, days_ago=89)
    street(3, days_ago=90)
    street(1, days_ago=455)

    found = frequencies(complaint, coordinator)

    assert found["customer"] == (1, 0)
    assert found["home"] == (2, 1)
    assert found["street"] == (3, 3)
    assert found["cause"] == (3, 3)


def test_the_numbers_take_one_query(street, coordinator, django_assert_num_queries):
    lodged = street(3)[0]
    complaint = Complaint.objects.select_related("customer", "category", "service_area").get(
        pk=lodged.pk
    )
    assert coordinator.scope

    with django_assert_num_queries(1):
        repeats_of(complaint, user=coordinator, today=MONDAY)
    with django_assert_num_queries(4):
        hot_spots(coordinator, today=MONDAY)


@pytest.mark.promise("P4")
def test_a_restricted_complaint_leaves_no_trace_in_a_number_or_a_list(
    house, street, coordinator, client
):
    first, _, hidden = street(3)
    director = house[Role.DIRECTOR]
    assert [spot.code for spot in hot_spots(director, today=MONDAY)]
    keepers = [coordinator.pk, house[Role.HEAD_OF_SERVICE].pk]
    change_access(
        complaint_id=hidden.pk,
        by=coordinator,
        now=NOW,
        seen=hidden.version,
        level=Level.RESTRICTED,
        listed=keepers,
        subjects=[],
        conflicted=[],
        reason="About staff.",
    )

    assert frequencies(first, house[Role.DIRECTOR])["street"] == (2, 0)
    assert frequencies(first, house[Role.COMPLAINTS_COORDINATOR])["street"] == (3, 0)
    assert hot_spots(house[Role.DIRECTOR], today=MONDAY) == []
    client.force_login(house[Role.DIRECTOR])
    with time_machine.travel(NOW, tick=False):
        page = client.get(
            reverse("cases:repeats", args=[first.reference]), {"show": "street"}
        ).content.decode()
        spots = client.get(reverse("cases:hot-spots"), {"show": "street:HB1 2QH"})
    assert first.reference in page
    assert hidden.reference not in page
    assert hidden.reference not in spots.content.decode()


def test_each_number_opens_its_complaints(house, street, client):
    lodged = street(3)
    client.force_login(house[Role.LINE_MANAGER])

    with time_machine.travel(NOW, tick=False):
        spots = client.get(reverse("cases:hot-spots"), {"show": "street:HB1 2QH"})
        case = client.get(lodged[0].get_absolute_url())
        page = client.get(reverse("cases:repeats", args=[lodged[0].reference]))

    told = spots.content.decode()
    assert "HB1 2QH" in told
    assert {group.heading for group in spots.context["groups"]} == {"Blocks and streets", "Causes"}
    assert all(each.reference in told for each in lodged)
    assert reverse("cases:repeats", args=[lodged[0].reference]) in case.content.decode()
    assert "Damp and mould in Repairs north" in page.content.decode()


@pytest.mark.parametrize("name", ["", "street:", "cause:", "cause:damp", "else:1"])
def test_a_name_of_no_spot_lists_nothing(house, street, client, name):
    lodged = street(1)
    client.force_login(house[Role.DIRECTOR])

    with time_machine.travel(NOW, tick=False):
        page = client.get(reverse("cases:hot-spots"), {"show": name})

    assert page.status_code == 200
    assert lodged[0].reference not in page.content.decode()


def test_what_there_is_more_of_than_usual_is_known_before_a_complaint_is_logged(
    house, street, damp, coordinator, django_assert_num_queries
):
    customer = street(3)[0].customer
    assert coordinator.scope

    def codes(**chosen):
        given = {"category": 0, "area": 0, **chosen}
        found = above_usual(customer, user=coordinator, today=MONDAY, **given)
        return [spot.code for spot in found]

    with django_assert_num_queries(1):
        assert codes() == ["street"]
    with django_assert_num_queries(3):
        assert codes(category=damp.pk, area=house.team.pk) == ["street", "cause"]
    assert codes(category=damp.pk) == ["street"]


def test_whoever_logs_sees_repeats_of_what_they_may_read_and_no_more(house, street, client):
    customer = street(3)[0].customer
    street(2, area_id=house.other_team.pk, officer_id=None, by=house[Role.COMPLAINTS_COORDINATOR])
    log = reverse("cases:log")

    with time_machine.travel(NOW, tick=False):
        client.force_login(house[Role.FRONT_LINE])
        page = client.get(log, {"customer": customer.code}).content.decode()
        assert "From this street or block: HB1 2QH: 3 in the last 90 days" in page
        client.force_login(house[Role.COMPLAINTS_COORDINATOR])
        page = client.get(log, {"customer": customer.code}).content.decode()
        assert "From this street or block: HB1 2QH: 5 in the last 90 days" in page


def test_of_a_new_customer_the_block_street_and_home_count_while_they_are_typed(house, client):
    for number in range(3):
        lives = CustomerFactory(block="Quay House", postcode=f"HB1 {number}QH", address="Flat")
        house.lodge(customer=lives)
        house.lodge(customer=CustomerFactory(postcode="HB7 7ZZ", address=f"{number} Sail Street"))
    log = reverse("cases:log")

    with time_machine.travel(NOW, tick=False):
        client.force_login(house[Role.COMPLAINTS_COORDINATOR])
        typed = {"check": "live", "customer": "new", "name": "Ann Hill", "address": "Flat 9"}
        block = client.post(log, {**typed, "postcode": "hb19qh", "block": " Quay  House "})
        street = client.post(log, {**typed, "postcode": "hb77zz"})
        elsewhere = client.post(log, {**typed, "postcode": "HB8 8ZZ"})

    assert "From this block: Quay House: 3 in the last 90 days" in block.content.decode()
    assert "From this street or block: HB7 7ZZ: 3 in the last 90" in street.content.decode()
    assert "More complaints than usual" not in elsewhere.content.decode()


@pytest.fixture
def lifts(db):
    return Contractor.objects.create(code="lifts", name="Lifts Ltd")


def test_a_contractor_and_a_block_above_their_own_usual_are_hot_spots(house, lifts):
    for number in range(3):
        lives = CustomerFactory(block="Quay House", postcode=f"HB1 {number}QH", address="Flat")
        house.lodge(customer=lives, contractor_id=lifts.pk)
    house.lodge(customer=CustomerFactory(block="Sail Court", postcode="HB9 9ZZ", address="Flat"))
    user = house[Role.COMPLAINTS_COORDINATOR]

    found = {spot.code: spot for spot in hot_spots(user, today=MONDAY)}

    assert set(found) == {"block:Quay House", "contractor:lifts"}
    assert found["contractor:lifts"].label == "The work of Lifts Ltd"
    for code in found:
        assert len(listed(spot_named(code), user=user, today=MONDAY)) == 3


def test_without_a_block_the_postcode_stands_for_it(house):
    block = house.lodge(customer=CustomerFactory(block="Quay House", postcode="HB1 2QH"))
    street = house.lodge(customer=CustomerFactory(postcode="HB1 2QH"))

    assert "block" in {code for code, _, _ in kinds_of(block)}
    assert "street" not in {code for code, _, _ in kinds_of(block)}
    assert "street" in {code for code, _, _ in kinds_of(street)}


@time_machine.travel(NOW)
def test_the_page_of_a_complaint_shows_its_repeats_with_what_is_above(house, lifts, client):
    lodged = [
        house.lodge(customer=CustomerFactory(), contractor_id=lifts.pk, on=MONDAY) for _ in range(3)
    ]
    alone = house.lodge(customer=CustomerFactory(postcode="HB9 9ZZ"))
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    page = " ".join(client.get(lodged[0].get_absolute_url()).content.decode().split())
    other = client.get(alone.get_absolute_url()).content.decode()

    assert "About the work of Lifts Ltd:" in page
    assert "More than usual" in page
    assert "Repeats in the last 90 days" not in other


@time_machine.travel(NOW)
def test_only_what_the_reader_may_read_is_in_the_number_on_the_page(house, lifts, client):
    shown = house.lodge(contractor_id=lifts.pk, on=MONDAY)
    house.lodge(contractor_id=lifts.pk, on=MONDAY, level=Level.RESTRICTED, about_staff_unnamed=True)
    client.force_login(house[Role.LINE_MANAGER])

    assert "Repeats in the last" not in client.get(shown.get_absolute_url()).content.decode()


def test_the_contractor_is_chosen_when_logging_and_changed_with_a_reason(house, lifts, client):
    complaint = house.lodge()
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    address = reverse("cases:change-details", args=[complaint.reference])
    with time_machine.travel(NOW):
        offered = client.get(reverse("cases:log")).content.decode()
        client.post(
            address,
            {
                "seen": complaint.version,
                "contractor": lifts.pk,
                "summary": complaint.summary,
                "reason": "The lift is theirs.",
            },
        )

    complaint.refresh_from_db()
    assert "Contractor whose work it is about" in offered
    assert complaint.contractor == lifts
    event = complaint.events.last()
    assert event.facts["contractor"] == lifts.pk
    assert event.words.parts["contractor"] == "Lifts Ltd"


def test_a_landlord_without_contractors_is_not_asked_for_one(house, client):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    assert "Contractor whose work" not in client.get(reverse("cases:log")).content.decode()


@pytest.fixture
def busy(house, lifts, damp):
    """Three complaints of damp about the work of one contractor, from all over the place."""
    return [
        house.lodge(
            customer=CustomerFactory(postcode=f"HB{each} 2QH", address="1 Dock Road"),
            on=MONDAY,
            category_id=damp.pk,
            contractor_id=lifts.pk,
        )
        for each in range(3)
    ]


@time_machine.travel(NOW)
def test_a_contractor_and_a_cause_warn_before_anybody_is_chosen(house, busy, lifts, damp, client):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    log = reverse("cases:log")

    chosen = {"area": house.team.pk, "about": damp.pk, "contractor": lifts.pk}
    page = client.post(log, {"check": "live", **chosen}).content.decode()
    nothing = client.post(log, {"check": "live", "about": damp.pk}).content.decode()

    assert "About the work of Lifts Ltd: 3 in the last 90 days" in page
    assert "Damp and mould in Repairs north: 3 in the last 90 days" in page
    # Nobody lives anywhere yet.
    assert "From this" not in page
    assert "Complaints of" not in page
    assert "More complaints than usual" not in nothing


@time_machine.travel(NOW)
def test_what_is_the_customers_warns_beside_the_customer_and_what_is_not_beside_the_cause(
    house, busy, lifts, client
):
    for _ in range(2):
        house.lodge(customer=busy[0].customer, on=MONDAY)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    page = client.post(
        reverse("cases:log"),
        {"check": "live", "customer": busy[0].customer.code, "contractor": lifts.pk},
    ).content.decode()

    of_customer, of_work = page.index("Complaints of "), page.index("About the work of Lifts Ltd")
    assert page.index('id="log-known"') < of_customer < page.index('id="log-repeats"') < of_work


@time_machine.travel(NOW)
def test_a_complaint_that_is_closed_to_whoever_logs_warns_nobody(house, lifts, damp, client):
    for _ in range(3):
        house.lodge(
            on=MONDAY, level=Level.RESTRICTED, about_staff_unnamed=True, contractor_id=lifts.pk
        )
    client.force_login(house[Role.FRONT_LINE])

    page = client.post(reverse("cases:log"), {"check": "live", "contractor": lifts.pk})

    assert "More complaints than usual" not in page.content.decode()


def test_with_nobody_chosen_and_nothing_said_nothing_is_asked_of_the_database(
    coordinator, lifts, django_assert_num_queries
):
    assert coordinator.scope
    given = {"user": coordinator, "today": MONDAY, "category": 0, "area": 0}

    with django_assert_num_queries(0):
        assert above_usual(Customer(), **given) == []
    with django_assert_num_queries(2):
        above_usual(Customer(), **given, contractor=lifts.pk)
