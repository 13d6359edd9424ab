"""Customers: found by what is known of them, their pages, and how what is known is changed."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotEntitled, SettingChanged
from cases.models import (
    AccessEntry,
    Complaint,
    Customer,
    CustomerChange,
    Exclusion,
    Level,
    ServiceRequest,
)
from cases.models.complaints import COUNT_LIMIT
from cases.operations.customer_changes import TOLD, add_customer, change_customer
from cases.operations.customers import (
    Particulars,
    Speaker,
    add_joint_complainant,
    save_representative,
)
from cases.rules.authority import Authority
from cases.rules.roles import Role
from cases.selectors.customer_search import customers_spelt_alike
from cases.tests.factories import LONG_AGO, MONDAY, CustomerFactory
from cases.tests.fixtures import at
from cases.tests.lists.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
URL = "/customers/"


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


@pytest.fixture
def agnes(house):
    return CustomerFactory(
        name="Agnes Bell",
        address="3 Mill Lane\nHarbourside",
        postcode="HB2 6ZZ",
        email="agnes@example.org",
        phone="(0151) 496-0123",
    )


def page_of(customer: Customer) -> str:
    """Return the address of a customer's page."""
    return reverse("cases:customer", args=[customer.code])


def names(response) -> list[str]:
    """Return the names of the customers found."""
    return [customer.name for customer, _ in response.context["rows"]]


# Finding somebody ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        "agnes",
        "BELL agnes",
        "bell mill lane",
        "3 Mill Lane, Harbourside",
        "hb26zz",
        "HB2 6ZZ",
        "AGNES@example.org",
        "agnes@example",
        "0151 496 0123",
        "01514960123",
        "+44 151 496 0123",
        "496 0123",
    ],
)
def test_a_customer_is_found_by_what_is_known_of_them(agnes, coordinator, browse, words):
    CustomerFactory(name="Beth Carr", phone="0161 999 8888")

    assert names(browse(coordinator).get(URL, {"find": words})) == ["Agnes Bell"]


@pytest.mark.parametrize("words", ["agnes carr", "b", "HB9 9ZZ", "0161 000 1111", "zzz", "'; --"])
def test_nobody_else_is_found(agnes, coordinator, browse, words):
    response = browse(coordinator).get(URL, {"find": words})

    assert names(response) == []
    assert "Nobody is found" in response.content.decode()


@pytest.mark.parametrize(
    "words", ["Agnes Bel", "agnis bell", "Mrs Agness Bell", "Agnez", "Beal 3", "Bëll Agnus"]
)
def test_whoever_is_spelt_otherwise_is_found_where_nobody_is_spelt_so(
    agnes, coordinator, browse, words
):
    CustomerFactory(name="Beth Carr")
    response = browse(coordinator).get(URL, {"find": words})

    assert names(response) == ["Agnes Bell"]
    is_found_as_written = words == "Agnes Bel"
    assert response.context["is_alike"] is not is_found_as_written
    assert ("spelt much like it" in response.content.decode()) is not is_found_as_written


@pytest.mark.parametrize("words", ["Agnes Brown", "Beal 4", "Bex", "Ag"])
def test_a_name_that_is_only_a_little_alike_finds_nobody(agnes, coordinator, browse, words):
    response = browse(coordinator).get(URL, {"find": words})

    assert not response.context["is_alike"]


def test_whoever_came_with_a_closed_complaint_is_not_found_by_another_spelling(house):
    customer = CustomerFactory(name="Agnes Bell", created_at=at(MONDAY))
    complaint = house.lodge(customer=customer, about_staff_unnamed=True)
    officer = house[Role.RESPONSIBLE_OFFICER]
    assert not Complaint.objects.readable_by(officer).filter(pk=complaint.pk).exists()

    assert customers_spelt_alike("Agnis Bell", officer) == []
    assert customers_spelt_alike("Agnis Bell", house[Role.COMPLAINTS_COORDINATOR]) == [customer.pk]


def test_whoever_was_known_before_a_closed_complaint_is_found_by_another_spelling(house):
    customer = CustomerFactory(name="Agnes Bell", created_at=LONG_AGO)
    house.lodge(customer=customer, about_staff_unnamed=True)

    assert customers_spelt_alike("Agnis Bell", house[Role.RESPONSIBLE_OFFICER]) == [customer.pk]


def test_without_a_search_nobody_is_listed(agnes, coordinator, browse):
    html = browse(coordinator).get(URL).content.decode()

    assert "Agnes" not in html
    assert "found" not in html


@pytest.mark.parametrize("spelling", ["{}", "{lower}", "{spaced}", "{letters}"])
def test_a_reference_finds_who_complains(house, agnes, coordinator, browse, spelling):
    complaint = house.lodge(customer=agnes)
    zoe = CustomerFactory(name="Zoe Bell")
    add_joint_complainant(
        complaint_id=complaint.pk, customer_id=zoe.pk, capacity="", by=coordinator, now=NOW
    )
    reference = complaint.reference
    typed = spelling.format(
        reference,
        lower=reference.lower(),
        spaced=reference.replace("-", " "),
        letters=reference.replace("0", "O").replace("1", "I"),
    )

    assert names(browse(coordinator).get(URL, {"find": typed})) == ["Agnes Bell", "Zoe Bell"]


def test_a_reference_one_may_not_read_finds_nobody(house, agnes, browse):
    complaint = house.lodge(customer=agnes)
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)

    response = browse(house[Role.LINE_MANAGER]).get(URL, {"find": complaint.reference})

    assert names(response) == []


def test_many_are_in_pages_and_counted_no_further_than_a_thousand(house, coordinator, browse):
    Customer.objects.bulk_create(
        Customer(name=f"Bell {number:04}", category="tenant", created_at=LONG_AGO)
        for number in range(COUNT_LIMIT + 1)
    )
    client = browse(coordinator)

    first, last = (client.get(URL, {"find": "bell", "page": page}) for page in (1, 99999))

    assert "1,000+ customers found" in first.content.decode()
    assert len(names(first)) == 25
    assert names(last)[-1] == "Bell 0999"


@pytest.mark.parametrize(
    "query", ["find=%01", "find=bell&page=x", "find=" + "a" * 3000, "page=-1", "find=%ff"]
)
def test_nothing_that_arrives_breaks_the_search(agnes, coordinator, browse, query):
    assert browse(coordinator).get(f"{URL}?{query}").status_code == 200


def test_the_search_takes_the_same_queries_however_many_are_found(
    house, coordinator, browse, django_assert_max_num_queries, django_assert_num_queries
):
    CustomerFactory(name="Bell")
    client = browse(coordinator)
    client.get(f"{URL}?find=bell 14")
    with django_assert_max_num_queries(12) as few:
        client.get(f"{URL}?find=bell 14")
    for _ in range(20):
        CustomerFactory(name="Bell")

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(f"{URL}?find=bell 14")


# The page of one -------------------------------------------------------------------------------


def test_the_page_tells_all_that_is_known(house, agnes, coordinator, browse):
    house.run("herefordshire")
    Customer.objects.filter(pk=agnes.pk).update(
        letter_format="large_print", language="Polish", needs="Ring first.", phone_unsafe=True
    )
    complaint = house.lodge(customer=agnes)
    save_representative(
        Speaker(
            name="Carla Bell",
            relationship="daughter",
            authority=Authority.CONFIRMED,
            authority_seen="A signed form.",
            authority_on=MONDAY,
            scope="This complaint only",
        ),
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
    )
    zoe = CustomerFactory(name="Zoe Bell")
    add_joint_complainant(
        complaint_id=complaint.pk, customer_id=zoe.pk, capacity="", by=coordinator, now=NOW
    )
    client = browse(coordinator)

    html = client.get(page_of(agnes)).content.decode()

    for words in (
        complaint.reference,
        "3 Mill Lane",
        "Large print",
        "Polish",
        "Ring first.",
        "Do not ring",
        "Carla Bell",
        "daughter",
        "This complaint only",
        "Confirmed",
        "Zoe Bell",
        "joint tenant",
        "Main register",
    ):
        assert words in html
    assert "as joint tenant" in client.get(page_of(zoe)).content.decode()


@pytest.mark.rule("HH-13")
@pytest.mark.parametrize(
    ("category", "register"),
    [("tenant", "Main register"), ("applicant", "Register of non-tenants")],
)
def test_the_register_of_a_new_complaint_is_told_where_there_are_two(
    house, coordinator, browse, category, register
):
    customer = CustomerFactory(category=category)
    client = browse(coordinator)

    assert register not in client.get(page_of(customer)).content.decode()
    house.run("herefordshire")

    assert register in client.get(page_of(customer)).content.decode()


@pytest.mark.parametrize("how", ["restricted", "excluded", "sensitive", "elsewhere"])
def test_a_complaint_that_may_not_be_read_leaves_no_trace(house, agnes, browse, how):
    manager = house[Role.RESPONSIBLE_OFFICER]
    area = house.other_team.pk if how in ("elsewhere", "sensitive") else house.team.pk
    officer = None if how in ("elsewhere", "sensitive") else manager.pk
    complaint = house.lodge(customer=agnes, area_id=area, officer_id=officer)
    save_representative(
        Speaker(name="Carla Bell"),
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
    )
    if how == "excluded":
        Exclusion.objects.create(complaint=complaint, user=manager, reason="subject")
    elif how != "elsewhere":
        Complaint.objects.filter(pk=complaint.pk).update(level=how)

    html = browse(manager).get(page_of(agnes)).content.decode()

    assert complaint.reference not in html
    assert "Carla" not in html
    assert "No complaint of theirs is open to you." in html


def test_to_the_front_line_nobody_has_complained(house, agnes, browse, coordinator):
    complaint = house.lodge(customer=agnes)
    add_joint_complainant(
        complaint_id=complaint.pk,
        customer_id=CustomerFactory(name="Zoe Bell").pk,
        capacity="",
        by=coordinator,
        now=NOW,
    )
    client = browse(house[Role.FRONT_LINE])

    found = client.get(URL, {"find": "agnes"}).content.decode()
    html = client.get(page_of(agnes)).content.decode()

    assert "Agnes Bell" in found
    for page in (found, html):
        assert complaint.reference not in page
        assert "Zoe" not in page
    assert "complaints-heading" not in html
    assert "What was changed" not in html


def test_requests_are_told_as_far_as_they_may_be_read(house, agnes, coordinator, browse):
    request = ServiceRequest.objects.create(
        reference="REQ-1",
        kind="service_request",
        customer=agnes,
        service_area=house.other_team,
        channel="phone",
        received_on=TODAY,
        words="A tap drips.",
        logged_at=NOW,
        complaint=house.lodge(customer=agnes),
    )

    assert request.reference in browse(coordinator).get(page_of(agnes)).content.decode()
    assert "Became a complaint" in browse(coordinator).get(page_of(agnes)).content.decode()
    manager = browse(house[Role.LINE_MANAGER]).get(page_of(agnes)).content.decode()
    assert request.reference not in manager
    ServiceRequest.objects.update(service_area=house.team)
    front = browse(house[Role.FRONT_LINE]).get(page_of(agnes)).content.decode()
    assert request.reference in front
    assert "Became a complaint" not in front


def test_an_unknown_customer_is_not_there(house, coordinator, browse):
    assert browse(coordinator).get("/customers/000000000000/").status_code == 404
    assert browse(coordinator).post("/customers/000000000000/change/").status_code == 404


@pytest.mark.parametrize(
    "role",
    [
        Role.SYSTEM_ADMINISTRATOR,
        Role.AUDITOR,
        Role.PANEL_MEMBER,
        Role.EXECUTIVE_SUPPORT_MANAGER,
        Role.MEMBER_RESPONSIBLE,
    ],
)
def test_others_have_no_customers(house, agnes, browse, role):
    client = browse(house[role])

    for address in (URL, f"{URL}add/", page_of(agnes), f"{page_of(agnes)}change/"):
        assert client.get(address).status_code == 403
    for address in (f"{URL}add/", f"{page_of(agnes)}change/"):
        assert client.post(address, {"name": "X"}).status_code == 403


def test_the_page_takes_the_same_queries_however_much_there_is(
    house, agnes, coordinator, browse, django_assert_max_num_queries, django_assert_num_queries
):
    def add():
        complaint = house.lodge(customer=agnes)
        add_joint_complainant(
            complaint_id=complaint.pk,
            customer_id=CustomerFactory().pk,
            capacity="",
            by=coordinator,
            now=NOW,
        )
        save_representative(
            Speaker(name="Carla Bell"), complaint_id=complaint.pk, by=coordinator, now=NOW
        )

    add()
    client = browse(coordinator)
    client.get(page_of(agnes))
    with django_assert_max_num_queries(14) as few:
        client.get(page_of(agnes))
    for _ in range(6):
        add()

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(page_of(agnes))


# Adding and changing ---------------------------------------------------------------------------

FILLED = {
    "name": "Agnes Bell",
    "category": "leaseholder",
    "phone": "0151 496 0199",
    "email": "agnes@example.org",
    "address": "3 Mill Lane\r\nHarbourside",
    "postcode": "hb26zz",
    "preferred_channel": "email",
    "letter_format": "standard",
    "language": "",
    "needs": "",
    "unsafe": ["phone"],
    "seen": "0",
}


def test_a_customer_is_added(house, browse):
    person = house[Role.FRONT_LINE]

    response = browse(person).post(f"{URL}add/", FILLED)

    customer = Customer.objects.get(name="Agnes Bell")
    assert response.url == page_of(customer)
    assert (customer.postcode, customer.phone_unsafe, customer.category) == (
        "HB2 6ZZ",
        True,
        "leaseholder",
    )
    assert customer.changes.get().by == person


@pytest.mark.parametrize(
    ("unsafe", "reached"), [([], "email"), (["email"], "post"), (["email", "post"], "phone")]
)
def test_how_somebody_new_likes_to_be_reached_is_not_preset(coordinator, browse, unsafe, reached):
    client = browse(coordinator)
    field = client.get(f"{URL}add/").context["form"]["preferred_channel"]
    assert field.value() in (None, "")
    assert field.field.choices[0] == ("", "They did not say")

    client.post(f"{URL}add/", {**FILLED, "preferred_channel": "", "unsafe": unsafe})

    assert Customer.objects.get().preferred_channel == reached


def test_how_somebody_known_likes_to_be_reached_stays_as_it_is_known(agnes, coordinator, browse):
    client = browse(coordinator)
    field = client.get(f"{page_of(agnes)}change/").context["form"]["preferred_channel"]

    response = client.post(f"{page_of(agnes)}change/", {**FILLED, "preferred_channel": ""})

    assert field.value() == agnes.preferred_channel
    assert response.status_code == 422


def test_somebody_who_looks_the_same_is_shown_before_another_is_added(agnes, coordinator, browse):
    client = browse(coordinator)

    first = client.post(f"{URL}add/", FILLED)

    html = first.content.decode()
    assert first.status_code == 422
    assert "Look whether it is one of these people. If not, tick the box" in html
    assert page_of(agnes) in html
    assert 'value="0151 496 0199"' in html
    assert Customer.objects.filter(name="Agnes Bell").count() == 1

    client.post(f"{URL}add/", {**FILLED, "is_another": "on"})

    assert Customer.objects.filter(name="Agnes Bell").count() == 2


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": ""}, "Name: enter an answer"),
        ({"email": "agnes"}, "enter an address like name@example.com"),
        ({"category": "nonsense"}, "select one of the answers"),
        ({"letter_format": "smoke"}, "select one of the answers"),
    ],
)
def test_mistakes_are_told_and_what_was_typed_is_kept(agnes, coordinator, browse, wrong, words):
    client = browse(coordinator)

    for address in (f"{URL}add/", f"{page_of(agnes)}change/"):
        response = client.post(address, {**FILLED, **wrong})

        assert response.status_code == 422
        assert words in response.content.decode()
        assert "3 Mill Lane" in response.content.decode()
    assert not CustomerChange.objects.exists()


def test_what_is_known_is_changed_and_what_it_was_is_kept(house, agnes, coordinator, browse):
    complaint = house.lodge(customer=agnes)
    client = browse(coordinator)

    response = client.post(f"{page_of(agnes)}change/", {**FILLED, "name": "Agnes Carr"})

    assert response.url == page_of(agnes)
    change = agnes.changes.get()
    assert (change.by, change.at) == (coordinator, NOW)
    assert change.lines == [
        ("Name", "Agnes Bell", "Agnes Carr"),
        ("What they are to us", "Tenant", "Leaseholder"),
        ("Telephone", "(0151) 496-0123", "0151 496 0199"),
        ("Prefers", "Letter by post", "E-mail"),
        ("Telephone not safe", "No", "Yes"),
        ("Whole letters by e-mail", "Yes", "No"),
    ]
    html = client.get(page_of(agnes)).content.decode()
    assert "Agnes Bell → Agnes Carr" in html
    assert "Saved. What it was is kept." in html
    found = client.get("/complaints/", {"q": "carr"}).content.decode()
    assert complaint.reference in found


def particulars_of(customer) -> Particulars:
    """Return what is known of a customer."""
    return Particulars(**{name: getattr(customer, name) for name in TOLD})


def test_saving_the_same_again_is_no_change(agnes, coordinator):
    change_customer(particulars_of(agnes), customer_id=agnes.pk, seen=0, by=coordinator, now=NOW)

    assert not CustomerChange.objects.exists()


def test_nobody_overwrites_what_they_have_not_seen(house, agnes, coordinator, browse):
    officer = house[Role.RESPONSIBLE_OFFICER]
    told = particulars_of(agnes)
    change_customer(
        Particulars(name="Agnes Dean", category=told.category),
        customer_id=agnes.pk,
        seen=0,
        by=officer,
        now=NOW,
    )
    client = browse(coordinator)

    response = client.post(f"{page_of(agnes)}change/", FILLED)

    html = response.content.decode()
    assert response.status_code == 422
    assert f"{officer.name} changed this customer after you opened the page." in html
    assert "As it is now" in html
    assert "Agnes Dean" in html
    assert 'value="0151 496 0199"' in html
    seen = agnes.changes.get().pk
    assert f'name="seen" value="{seen}"' in html
    assert client.post(f"{page_of(agnes)}change/", {**FILLED, "seen": seen}).status_code == 302
    agnes.refresh_from_db()
    assert agnes.name == "Agnes Bell"


def test_the_operation_refuses_what_was_not_seen(agnes, coordinator):
    add = {"customer_id": agnes.pk, "by": coordinator, "now": NOW}
    change_customer(Particulars(name="A", category="tenant"), seen=0, **add)

    with pytest.raises(SettingChanged):
        change_customer(Particulars(name="B", category="tenant"), seen=0, **add)

    agnes.refresh_from_db()
    assert agnes.name == "A"


def test_only_those_who_work_with_customers_change_them(house, agnes):
    auditor = house[Role.AUDITOR]

    with pytest.raises(NotEntitled):
        change_customer(
            Particulars(name="B", category="tenant"),
            customer_id=agnes.pk,
            seen=0,
            by=auditor,
            now=NOW,
        )
    with pytest.raises(NotEntitled):
        add_customer(Particulars(name="B", category="tenant"), by=auditor, now=NOW)
    with pytest.raises(ActionNotAllowed):
        add_customer(
            Particulars(name=" ", category="tenant"),
            by=house[Role.COMPLAINTS_COORDINATOR],
            now=NOW,
        )
    assert not CustomerChange.objects.exists()


def test_what_an_imported_file_called_them_is_kept(house, coordinator, browse):
    customer = CustomerFactory(category="garage_tenant", preferred_channel="online")
    client = browse(coordinator)

    html = client.get(f"{page_of(customer)}change/").content.decode()
    client.post(
        f"{page_of(customer)}change/",
        {**FILLED, "category": "garage_tenant", "preferred_channel": "online"},
    )

    assert '<option value="garage_tenant" selected>Garage tenant</option>' in html
    customer.refresh_from_db()
    assert (customer.category, customer.preferred_channel) == ("garage_tenant", "online")


def test_whose_authority_has_ended_is_marked(house, agnes, coordinator, browse):
    complaint = house.lodge(customer=agnes)
    save_representative(
        Speaker(
            name="Carla Bell",
            authority=Authority.CONFIRMED,
            authority_seen="Told us.",
            authority_on=MONDAY,
            ends_on=TODAY - timedelta(days=1),
        ),
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
    )

    assert "Ended" in browse(coordinator).get(page_of(agnes)).content.decode()


def test_the_name_on_a_complaint_leads_to_the_customer(house, agnes, coordinator, browse):
    complaint = house.lodge(customer=agnes)

    html = browse(coordinator).get(complaint.get_absolute_url()).content.decode()

    assert f'href="{page_of(agnes)}"' in html


def test_whoever_is_on_the_list_sees_a_restricted_complaint_of_the_customer(house, agnes, browse):
    complaint = house.lodge(customer=agnes, on=date(2026, 6, 15))
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)
    manager = house[Role.LINE_MANAGER]
    AccessEntry.objects.create(complaint=complaint, user=manager)

    assert complaint.reference in browse(manager).get(page_of(agnes)).content.decode()


def test_a_change_of_format_is_kept_in_words(agnes, coordinator, browse):
    client = browse(coordinator)

    client.post(f"{page_of(agnes)}change/", {**FILLED, "letter_format": "large_print"})

    assert ("Letters in", "Standard", "Large print") in agnes.changes.get().lines
