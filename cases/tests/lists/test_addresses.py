"""What an address of a list may hold: every filter and order, in any spelling, old or made up."""

import re
from datetime import date, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from cases.models import AccessEntry, Complaint, Exclusion, Level
from cases.models.complaints import COUNT_LIMIT
from cases.operations.assign import triage
from cases.rules.roles import Role
from cases.tests.factories import MONDAY, CategoryFactory, CustomerFactory, UserFactory
from cases.tests.fixtures import at
from cases.tests.lists.test_queue import references

pytestmark = pytest.mark.django_db
URL = "/complaints/"
SORTS = ["due", "received", "reference", "customer", "officer"]


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


# Anything may arrive ---------------------------------------------------------------------------

ODD = [
    "",
    "x",
    "-1",
    "0",
    "9" * 30,
    "²",
    "%ff%fe",
    "' OR 1=1 --",
    "<script>",
    "nobody",
    "1,2",
]


@pytest.mark.parametrize(
    "name",
    [
        "q",
        "view",
        "sort",
        "page",
        "state",
        "mine",
        "status",
        "stage",
        "officer",
        "area",
        "category",
        "channel",
        "register",
        "level",
        "needs",
        "outcome",
        "due_before_day",
        "received_from_year",
        "received_to_month",
        "days",
        "nobody_knows_this",
    ],
)
def test_nothing_in_the_address_breaks_the_list(house, coordinator, browse, name):
    house.lodge()
    client = browse(coordinator)

    answers = {client.get(f"{URL}?{name}={odd}").status_code for odd in ODD}

    assert answers <= {200, 422}


@pytest.mark.parametrize("day", ["9" * 25, "9" * 5_000, "0", "²"])
@pytest.mark.parametrize("name", ["due_before", "received_from"])
def test_a_day_that_no_month_has_breaks_no_list(house, coordinator, browse, name, day):
    given = {f"{name}_day": day, f"{name}_month": "6", f"{name}_year": "2026"}

    assert browse(coordinator).get(URL, given).status_code == 422


def test_a_filter_that_means_nothing_leaves_the_others(house, coordinator, browse):
    by_email = house.lodge(channel="email")
    house.lodge()

    response = browse(coordinator).get(f"{URL}?channel=email&category=999999&level=secret")

    assert response.status_code == 422
    assert references(response) == [by_email.reference]


def test_an_old_link_with_a_retired_category_or_a_leaver_is_not_broken(house, coordinator, browse):
    category = CategoryFactory(is_retired=True)
    leaver = UserFactory(name="Dan", roles=[Role.RESPONSIBLE_OFFICER], is_active=False)
    complaint = house.lodge(category_id=category.pk)

    response = browse(coordinator).get(f"{URL}?category={category.pk}")
    gone = browse(coordinator).get(f"{URL}?officer={leaver.pk}")
    nobody = browse(coordinator).get(f"{URL}?officer=999999")

    assert references(response) == [complaint.reference]
    assert (gone.status_code, references(gone)) == (200, [])
    assert ("Dan" in gone.content.decode(), "Dan" in nobody.content.decode()) == (True, False)
    assert nobody.status_code == 422


def test_the_same_parameter_twice_does_no_harm(house, coordinator, browse):
    house.lodge()

    response = browse(coordinator).get(f"{URL}?sort=due&sort=customer&page=1&page=2&view=a&view=b")

    assert response.status_code == 200


# Orders and pages ------------------------------------------------------------------------------


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{each}" for each in SORTS)])
def test_pages_of_every_order_hold_each_complaint_once(house, coordinator, browse, sort):
    officers = [UserFactory(roles=[Role.RESPONSIBLE_OFFICER]).pk for _ in range(2)]
    same = CustomerFactory(name="Agnes Bell")
    lodged = {
        house.lodge(
            on=MONDAY + timedelta(days=number % 3),
            customer=same,
            officer_id=[*officers, None][number % 3],
        ).reference
        for number in range(28)
    }
    client = browse(coordinator)

    pages = [references(client.get(f"{URL}?sort={sort}&page={page}")) for page in (1, 2)]

    assert [len(each) for each in pages] == [25, 3]
    assert {*pages[0], *pages[1]} == lodged


@pytest.mark.parametrize(("sort", "expected"), [("reference", "abc"), ("-reference", "cba")])
def test_the_list_is_sorted_by_reference(house, coordinator, browse, sort, expected):
    complaints = sorted((house.lodge() for _ in range(3)), key=lambda each: each.reference)
    letters = {each.reference: letter for each, letter in zip(complaints, "abc", strict=True)}

    response = browse(coordinator).get(f"{URL}?sort={sort}")

    assert "".join(letters[each] for each in references(response)) == expected


def test_nobody_yet_comes_first_when_officers_are_sorted_backwards(house, coordinator, browse):
    held, unassigned = house.lodge(), house.lodge(officer_id=None)

    response = browse(coordinator).get(f"{URL}?sort=-officer")

    assert references(response) == [unassigned.reference, held.reference]


@pytest.mark.parametrize("label", ["Reference", "Customer", "Due", "Received", "Officer"])
def test_the_head_of_a_column_sorts_and_keeps_the_filters(house, coordinator, browse, label):
    for _ in range(26):
        house.lodge(channel="email")
    name = "due" if label == "Due" else label.lower()
    client = browse(coordinator)

    html = client.get(f"{URL}?channel=email&page=2").content.decode()
    link = re.search(rf'class="house-sort" href="([^"]*)">{label}', html).group(1)
    query = parse_qs(urlsplit(link.replace("&amp;", "&")).query)
    again = client.get(f"{URL}?{urlsplit(link.replace('&amp;', '&')).query}").content.decode()
    other_way = re.search(rf'class="house-sort" href="([^"]*)">{label}', again).group(1)

    assert query["channel"] == ["email"]
    assert "page" not in query
    assert query["sort"] in ([name], [f"-{name}"])
    assert parse_qs(urlsplit(other_way.replace("&amp;", "&")).query)["sort"] != query["sort"]


# Searching -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "mistake",
    [
        lambda text: text.replace("0", "O").replace("1", "I"),
        lambda text: text.replace("0", "o").replace("1", "l").lower(),
        lambda text: text.replace("-", ""),
        lambda text: " ".join(text),
        lambda text: text.replace("-", "\N{EN DASH}"),
    ],
    ids=["O and I", "small letters", "no hyphens", "spaces", "dashes"],
)
def test_a_reference_heard_on_the_telephone_leads_to_its_complaint(
    house, coordinator, browse, mistake
):
    complaint = house.lodge()
    Complaint.objects.filter(pk=complaint.pk).update(reference="10QX-0M1R-Z")

    response = browse(coordinator).get(URL, {"q": mistake("10QX-0M1R-Z")})

    assert (response.status_code, response.url) == (
        302,
        reverse("cases:complaint", args=["10QX-0M1R-Z"]),
    )


def test_a_reference_typed_without_any_figure_leads_to_its_complaint(house, coordinator, browse):
    complaint = house.lodge()
    Complaint.objects.filter(pk=complaint.pk).update(reference="AB0D-EFGC-0")

    response = browse(coordinator).get(URL, {"q": "ABOD EFGC O"})

    assert response.status_code == 302


@pytest.mark.parametrize(
    "text",
    ["agnes", "bell mill", "3 mill lane", "HB2 6ZZ", "hb26zz", "lift friday", '"out of order"'],
)
def test_names_addresses_and_words_are_searched_from_the_page(house, coordinator, browse, text):
    agnes = CustomerFactory(name="Agnes Bell", address="3 Mill Lane", postcode="HB2 6ZZ")
    complaint = house.lodge(customer=agnes)
    house.lodge(summary="The heating is cold.")

    assert references(browse(coordinator).get(URL, {"q": text})) == [complaint.reference]


# Nothing leaks ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "",
        "state=all",
        "q=bell",
        "q=lift",
        "q=HB26ZZ",
        "view=overdue",
        "view=unassigned",
        "level=restricted",
        "sort=customer",
        "mine=on",
        "needs=vulnerable",
    ],
)
@pytest.mark.parametrize("role", [Role.COMPLAINTS_COORDINATOR, Role.LINE_MANAGER, Role.DIRECTOR])
@pytest.mark.parametrize("how", ["restricted", "excluded"])
def test_what_is_hidden_is_absent_and_uncounted(house, browse, query, role, how):
    agnes = CustomerFactory(name="Agnes Bell", postcode="HB2 6ZZ", is_vulnerable=True)
    complaint = house.lodge(customer=agnes, officer_id=None)
    if how == "restricted":
        Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)
        other = UserFactory(roles=[Role.COMPLAINTS_COORDINATOR])
        AccessEntry.objects.create(complaint=complaint, user=other)
    else:
        Exclusion.objects.create(complaint=complaint, user=house[role], reason="subject")

    response = browse(house[role]).get(f"{URL}?{query}")

    html = response.content.decode()
    assert references(response) == []
    assert "Agnes" not in html
    counts = re.findall(r'house-count">([^<]*)<', html)
    assert set(counts) == {"0"}


@pytest.mark.parametrize("how", ["restricted", "excluded"])
def test_what_is_hidden_is_not_taken_away(house, coordinator, browse, how):
    hidden = house.lodge(customer=CustomerFactory(name="Agnes Bell"))
    shown = house.lodge(customer=CustomerFactory(name="Beth Carr"))
    if how == "restricted":
        Complaint.objects.filter(pk=hidden.pk).update(level=Level.RESTRICTED.value)
    else:
        Exclusion.objects.create(complaint=hidden, user=coordinator, reason="conflict")

    response = browse(coordinator).post("/queue/download/", {"reason": "For the audit"})

    text = b"".join(response.streaming_content).decode()
    assert shown.reference in text
    assert hidden.reference not in text
    assert "Agnes" not in text


def test_what_is_taken_away_has_the_filters_the_order_and_the_columns(house, coordinator, browse):
    first = house.lodge(customer=CustomerFactory(name="Zoe"), channel="email", on=MONDAY)
    second = house.lodge(
        customer=CustomerFactory(name="Ada"), channel="email", on=MONDAY + timedelta(days=1)
    )
    house.lodge()

    response = browse(coordinator).post(
        "/queue/download/?channel=email&sort=customer", {"reason": "For the audit"}
    )

    lines = b"".join(response.streaming_content).decode().lstrip("\ufeff").splitlines()
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="complaints-2026-06-22.csv"'
    assert lines[0].split(",")[:4] == ["Reference", "Customer", "About", "Service area"]
    assert [line.split(",")[0] for line in lines[1:]] == [second.reference, first.reference]


def test_the_page_that_asks_for_the_reason_keeps_the_filters(house, coordinator, browse):
    house.lodge()

    html = browse(coordinator).get("/queue/download/?channel=email&page=3").content.decode()

    assert "/complaints/?channel=email" in html
    assert "page=3" not in html


def test_taking_away_takes_the_same_queries_however_much_it_is(
    house, coordinator, browse, django_assert_max_num_queries, django_assert_num_queries
):
    client = browse(coordinator)

    def take():
        response = client.post("/queue/download/?q=lift", {"reason": "For the audit"})
        return b"".join(response.streaming_content)

    house.lodge()
    take()
    with django_assert_max_num_queries(16) as few:
        take()
    for _ in range(20):
        house.lodge()

    with django_assert_num_queries(len(few.captured_queries)):
        take()


# Empty, and very full --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "No complaint is open."),
        ("view=overdue", "Overdue: there are none."),
        ("view=waiting", "Waiting: there are none."),
        ("view=unassigned", "Unassigned: there are none."),
        ("view=untriaged", "To be accepted: there are none."),
        ("q=nothing", "No complaints match these filters."),
        ("mine=on", "No complaints match these filters."),
    ],
)
def test_an_empty_list_says_what_there_is_none_of(house, coordinator, browse, query, words):
    html = browse(coordinator).get(f"{URL}?{query}").content.decode()

    assert words in html
    assert "Reassign selected" not in html
    assert "Download (CSV)" not in html


def many(complaint: Complaint, count: int) -> None:
    """Add complaints that differ from one in their reference only."""
    fields = [f for f in Complaint._meta.concrete_fields if f.name not in ("id", "reference")]
    Complaint.objects.bulk_create(
        Complaint(
            **{field.attname: getattr(complaint, field.attname) for field in fields},
            reference=f"R{number}",
        )
        for number in range(count)
    )


def test_work_beyond_a_thousand_is_not_counted(house, browse):
    officer = house[Role.RESPONSIBLE_OFFICER]
    many(house.lodge(on=MONDAY), COUNT_LIMIT)

    html = browse(officer).get("/my-work/").content.decode()

    assert re.search(r'Overdue</a> <span class="house-count">1,000\+</span>', html)
    assert "See all 1,000+" in html
    assert html.count('scope="row"') == 15


@pytest.mark.parametrize("how", ["restricted", "excluded"])
def test_hidden_work_is_absent_from_my_work(house, browse, how):
    officer = house[Role.RESPONSIBLE_OFFICER]
    complaint = house.lodge(on=MONDAY, customer=CustomerFactory(name="Agnes Bell"))
    if how == "restricted":
        Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)
    else:
        Exclusion.objects.create(complaint=complaint, user=officer, reason="subject")

    for person in (officer, house[Role.LINE_MANAGER]):
        if how == "excluded" and person != officer:
            continue
        html = browse(person).get("/my-work/").content.decode()
        assert complaint.reference not in html
        assert "Agnes" not in html
        assert "Overdue</a>" not in html


def test_of_sensitive_work_only_its_place_and_days_are_told_to_those_who_may_not_read_it(
    house, browse
):
    """The front line sees that it exists; nothing of it is theirs to do."""
    complaint = house.lodge(
        on=MONDAY, triaged=False, officer_id=None, customer=CustomerFactory(name="Agnes Bell")
    )
    triage(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY, 14),
        seen=complaint.version,
        area_id=house.team.pk,
        officer_id=None,
        category_id=None,
        level=Level.SENSITIVE,
    )

    html = browse(house[Role.FRONT_LINE]).get("/my-work/").content.decode()

    assert "Agnes" not in html


@pytest.mark.parametrize("query", ["view=x", "page=9", "mine=%01", "sort=-", "anything=%ff"])
def test_nothing_in_the_address_breaks_my_work(house, browse, query):
    house.lodge(on=date(2026, 6, 15))

    assert browse(house[Role.RESPONSIBLE_OFFICER]).get(f"/my-work/?{query}").status_code == 200
