"""The list of complaints: who sees what, how it is narrowed, sorted and counted."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.models import Category, Complaint, Exclusion, Level, ListExport, ServiceRequest
from cases.models.complaints import COUNT_LIMIT
from cases.operations.assign import triage
from cases.operations.close import withdraw
from cases.rules.references import new_reference
from cases.rules.roles import Role
from cases.tests.factories import MONDAY, CategoryFactory, CustomerFactory, UserFactory
from cases.tests.fixtures import at
from cases.tests.lists.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
URL = "/complaints/"


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


def references(response) -> list[str]:
    """Return the references in the list, in their order."""
    rows = re.findall(r'<th scope="row".*?</th>', response.content.decode(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", row).split()[0] for row in rows]


def sensitive(house, **details) -> Complaint:
    """Return a complaint of the team that only those above it may read."""
    complaint = house.lodge(triaged=False, officer_id=None, **details)
    return triage(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY, 14),
        seen=complaint.version,
        area_id=house.team.pk,
        officer_id=None,
        category_id=None,
        level=Level.SENSITIVE,
    )


def test_days_that_a_link_chose_are_kept_and_told_and_nobody_is_asked_for_them(
    house, coordinator, browse
):
    house.lodge(on=MONDAY)
    days = f"received_{MONDAY}_{MONDAY}"

    asked = browse(coordinator).get(URL, {"officer": "", "days": days}).content.decode()
    plain = browse(coordinator).get(URL).content.decode()

    assert f'<input type="hidden" name="days" value="{days}">' in asked
    assert "Remove the filter </span>Days: " in asked
    assert 'name="days"' not in plain


def test_the_list_shows_what_is_open_the_soonest_due_first(house, coordinator, browse):
    later = house.lodge(on=MONDAY + timedelta(days=3))
    sooner = house.lodge(on=MONDAY)
    closed = house.lodge()
    withdraw(
        complaint_id=closed.pk, by=coordinator, now=NOW, seen=closed.version, on=TODAY, words="No."
    )

    response = browse(coordinator).get(URL)

    assert references(response) == [sooner.reference, later.reference]
    assert "2 complaints match" in response.content.decode()


def test_the_list_says_how_far_each_promise_has_come(house, coordinator, browse):
    house.lodge(on=date(2026, 6, 17), customer=CustomerFactory(name="Siân Lloyd", language="Welsh"))

    html = browse(coordinator).get(URL).content.decode()

    assert "Siân Lloyd" in html
    assert "Welsh" in html
    assert "day 3 of 5" in html
    assert "Acknowledge, define and log the complaint" in html


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("view=overdue", ["overdue"]),
        ("view=today", ["today"]),
        ("view=soon", ["soon", "unassigned", "untriaged"]),
        ("view=unassigned", ["unassigned"]),
        ("view=untriaged", ["untriaged"]),
        ("officer=nobody", ["unassigned", "untriaged"]),
        ("state=closed", ["closed"]),
        ("status=investigating", []),
        ("stage=stage-2", []),
        ("stage=stage-1&view=today", ["today"]),
        ("channel=email", ["soon"]),
        ("level=sensitive", []),
        ("needs=vulnerable", ["later"]),
        ("needs=any", ["later"]),
        ("register=main&view=today", ["today"]),
        ("due_before_day=22&due_before_month=6&due_before_year=2026", ["overdue"]),
        ("received_from_day=19&received_from_month=jun&received_from_year=2026", ["later"]),
        ("received_to_day=9&received_to_month=6&received_to_year=2026", ["overdue"]),
        ("outcome=upheld", []),
    ],
)
def test_each_filter_narrows_the_list(house, coordinator, browse, query, expected):
    by_name = {
        # Due after five working days.
        "overdue": house.lodge(on=MONDAY),
        "today": house.lodge(on=date(2026, 6, 15)),
        "soon": house.lodge(on=date(2026, 6, 16), channel="email"),
        "later": house.lodge(on=date(2026, 6, 19), customer=CustomerFactory(is_vulnerable=True)),
        "unassigned": house.lodge(on=date(2026, 6, 18), officer_id=None),
        "untriaged": house.lodge(on=date(2026, 6, 18), officer_id=None, triaged=False),
        "closed": house.lodge(on=date(2026, 6, 18)),
    }
    withdraw(
        complaint_id=by_name["closed"].pk,
        by=coordinator,
        now=NOW,
        seen=by_name["closed"].version,
        on=TODAY,
        words="No.",
    )

    found = references(browse(coordinator).get(f"{URL}?{query}"))

    names = {complaint.reference: name for name, complaint in by_name.items()}
    assert sorted(names[each] for each in found) == sorted(
        [*expected, "untriaged"] if query == "view=unassigned" else expected
    )


def test_people_areas_and_categories_narrow_the_list(house, coordinator, browse):
    category = CategoryFactory(name="Damp and mould")
    other = UserFactory(name="Dan Morris", roles=[Role.RESPONSIBLE_OFFICER])
    damp = house.lodge(category_id=category.pk, officer_id=other.pk)
    elsewhere = house.lodge(area_id=house.other_team.pk)
    client = browse(coordinator)

    assert references(client.get(f"{URL}?category={category.pk}")) == [damp.reference]
    assert references(client.get(f"{URL}?officer={other.pk}")) == [damp.reference]
    assert references(client.get(f"{URL}?area={house.directorate.pk}")) == [damp.reference]
    assert references(client.get(f"{URL}?area={house.other_team.pk}")) == [elsewhere.reference]


def test_filters_in_use_can_be_taken_away_one_by_one(house, coordinator, browse):
    html = browse(coordinator).get(f"{URL}?channel=email&stage=stage-1").content.decode()

    assert 'href="?stage=stage-1"' in html
    assert 'href="?channel=email"' in html
    assert "No complaints match these filters." in html


def test_a_wrong_date_is_told_and_leaves_the_list_unfiltered(house, coordinator, browse):
    complaint = house.lodge()

    response = browse(coordinator).get(
        f"{URL}?due_before_day=31&due_before_month=2&due_before_year=2026"
    )

    assert response.status_code == 422
    assert "The date must be a real date" in response.content.decode()
    assert references(response) == [complaint.reference]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("due", "abc"),
        ("-due", "cba"),
        ("received", "abc"),
        ("-received", "cba"),
        ("customer", "cab"),
        ("-customer", "bac"),
        ("officer", "bac"),
        ("nonsense", "abc"),
    ],
)
def test_the_list_is_sorted_as_asked(house, coordinator, browse, sort, expected):
    adam, zoe = (
        UserFactory(name=name, roles=[Role.RESPONSIBLE_OFFICER]) for name in ("adam", "Zoe")
    )
    found = {
        house.lodge(
            on=MONDAY, customer=CustomerFactory(name="beth"), officer_id=zoe.pk
        ).reference: "a",
        house.lodge(
            on=MONDAY + timedelta(1), customer=CustomerFactory(name="Carl"), officer_id=adam.pk
        ).reference: "b",
        house.lodge(
            on=MONDAY + timedelta(2), customer=CustomerFactory(name="Ada"), officer_id=None
        ).reference: "c",
    }

    response = browse(coordinator).get(f"{URL}?sort={sort}")

    assert "".join(found[each] for each in references(response)) == expected


def test_what_has_no_date_is_due_last(house, coordinator, browse):
    withdrawn_later = house.lodge(on=MONDAY)
    Complaint.objects.filter(pk=withdrawn_later.pk).update(next_due_on=None, next_due="")
    dated = house.lodge(on=MONDAY + timedelta(1))

    response = browse(coordinator).get(f"{URL}?sort=due")

    assert references(response) == [dated.reference, withdrawn_later.reference]


def test_pages_keep_the_filters(house, coordinator, browse):
    for _ in range(26):
        house.lodge(channel="email")
    client = browse(coordinator)

    first, second = (client.get(f"{URL}?channel=email&page={page}") for page in (1, 2))

    assert len(references(first)) == 25
    assert len(references(second)) == 1
    assert 'href="?channel=email&amp;page=2"' in first.content.decode()
    assert references(client.get(f"{URL}?channel=email&page=99")) == references(second)


def test_more_than_a_thousand_are_not_counted(house, coordinator, browse):
    complaint = house.lodge()
    Complaint.objects.bulk_create(
        Complaint(
            **{
                field.attname: getattr(complaint, field.attname)
                for field in Complaint._meta.concrete_fields
                if field.name not in ("id", "reference")
            },
            reference=f"R{number}",
        )
        for number in range(COUNT_LIMIT)
    )

    html = browse(coordinator).get(f"{URL}?page=40").content.decode()

    assert "1,000+ complaints match" in html
    assert "976" in html


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.COMPLAINTS_COORDINATOR, 3),
        (Role.RESPONSIBLE_OFFICER, 2),
        (Role.LINE_MANAGER, 1),
        (Role.HEAD_OF_SERVICE, 1),
        (Role.DIRECTOR, 1),
        (Role.FRONT_LINE, 1),
        (Role.PANEL_MEMBER, 0),
        (Role.AUDITOR, 0),
    ],
)
def test_each_role_sees_its_part(house, browse, role, sees):
    coordinator = house[Role.COMPLAINTS_COORDINATOR]
    other = UserFactory(name="Dan", roles=[Role.RESPONSIBLE_OFFICER])
    house.lodge()
    house.lodge(area_id=house.other_team.pk, by=coordinator)
    house.lodge(area_id=house.other_team.pk, officer_id=other.pk, by=coordinator)

    response = browse(house[role]).get(URL)

    assert len(references(response)) == sees


@pytest.mark.parametrize("role", [Role.SYSTEM_ADMINISTRATOR, Role.EXECUTIVE_SUPPORT_MANAGER])
def test_others_have_no_list(house, browse, role):
    assert browse(house[role]).get(URL).status_code == 403


def test_of_a_sensitive_complaint_the_team_sees_reference_stage_and_dates_only(house, browse):
    complaint = sensitive(
        house, customer=CustomerFactory(name="Agnes Bell", is_vulnerable=True), on=MONDAY
    )
    client = browse(house[Role.FRONT_LINE])
    # Logged by somebody else: who logged a complaint is not barred from the front line's list.
    Complaint.objects.filter(pk=complaint.pk).update(logged_by=None)

    html = client.get(URL).content.decode()

    assert complaint.reference in html
    assert "Not shown to you" in html
    assert "Stage 1" in html
    assert "Agnes" not in html
    assert "Vulnerable" not in html.split("<tbody")[1].split("</tbody>")[0]
    assert f'href="{complaint.get_absolute_url()}"' not in html


@pytest.mark.parametrize(
    "query",
    [
        "q=bell",
        "q=lift",
        "sort=customer",
        "needs=vulnerable",
        "channel=phone",
        "level=sensitive",
        "officer=nobody",
        "status=received",
    ],
)
def test_what_may_not_be_read_is_not_chosen_by_what_is_in_it(house, browse, query):
    sensitive(house, customer=CustomerFactory(name="Agnes Bell", is_vulnerable=True))

    assert references(browse(house[Role.FRONT_LINE]).get(f"{URL}?{query}")) == []


def test_an_excluded_person_sees_nothing_whatever_their_roles(house, browse):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]
    Exclusion.objects.create(complaint=complaint, user=officer, reason="subject")

    response = browse(officer).get(URL)

    assert references(response) == []
    assert "0 complaints match" in response.content.decode()


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{lower}", "{spaced}"])
def test_a_reference_leads_straight_to_its_complaint(house, coordinator, browse, spelling):
    reference = house.lodge().reference
    typed = spelling.format(reference, lower=reference.lower(), spaced=reference.replace("-", " "))

    response = browse(coordinator).get(URL, {"q": typed})

    assert response.status_code == 302
    assert response.url == reverse("cases:complaint", args=[reference])


@pytest.mark.parametrize("spelling", ["{}", "{lower}", "{spaced}"])
def test_a_requests_reference_leads_to_the_request(house, coordinator, browse, spelling):
    reference = new_reference()
    request = ServiceRequest.objects.create(
        reference=reference,
        kind="service_request",
        customer=CustomerFactory(),
        channel="phone",
        received_on=TODAY,
        words="A tap drips.",
        logged_at=NOW,
    )
    typed = spelling.format(reference, lower=reference.lower(), spaced=reference.replace("-", " "))

    response = browse(coordinator).get(URL, {"q": typed})
    elsewhere = browse(house[Role.AUDITOR]).get(URL, {"q": typed})

    assert (response.status_code, response.url) == (302, request.get_absolute_url())
    assert elsewhere.status_code == 200


def test_a_reference_one_may_not_know_of_leads_nowhere(house, browse):
    complaint = house.lodge(about_staff_unnamed=True)

    response = browse(house[Role.RESPONSIBLE_OFFICER]).get(URL, {"q": complaint.reference})

    assert response.status_code == 200
    assert references(response) == []


def test_searching_finds_closed_ones_too_the_newest_first(house, coordinator, browse):
    first = house.lodge(customer=CustomerFactory(name="Gareth Smith"))
    withdraw(
        complaint_id=first.pk, by=coordinator, now=NOW, seen=first.version, on=TODAY, words="No."
    )
    second = house.lodge(customer=CustomerFactory(name="Olu Smith"))
    client = browse(coordinator)

    assert references(client.get(f"{URL}?q=smith")) == [second.reference, first.reference]
    assert references(client.get(f"{URL}?q=smith&state=open")) == [second.reference]
    assert references(client.get(f"{URL}?q=smith&sort=customer")) == [
        first.reference,
        second.reference,
    ]
    assert references(client.get(f"{URL}?q=smith&view=overdue&state=")) == [second.reference]


@pytest.mark.parametrize(
    ("typed", "words"), [("smit", "have words that begin so"), ("smyth", "spelt like it")]
)
def test_it_is_said_how_something_was_found(house, coordinator, browse, typed, words):
    complaint = house.lodge(customer=CustomerFactory(name="Gareth Smith"))

    response = browse(coordinator).get(URL, {"q": typed})

    assert references(response) == [complaint.reference]
    assert words in response.content.decode()


@pytest.mark.parametrize("typed", ["???", '""', "'; DROP TABLE --", "a" * 200, '"', "zz*"])
def test_no_words_break_the_search(house, coordinator, browse, typed):
    house.lodge()

    assert references(browse(coordinator).get(URL, {"q": typed})) == []


@pytest.mark.parametrize("page", ["0", "-1", "two", "9" * 50, "²"])
def test_no_page_number_breaks_the_list(house, coordinator, browse, page):
    complaint = house.lodge()

    assert references(browse(coordinator).get(URL, {"page": page})) == [complaint.reference]


def test_the_views_say_how_much_there_is_of_each(house, coordinator, browse):
    house.lodge(on=MONDAY)
    house.lodge(on=date(2026, 6, 15), officer_id=None)

    html = browse(coordinator).get(URL).content.decode()

    views = re.findall(r'moj-sub-navigation__link" href="([^"]*)".*?house-count">([^<]*)<', html)
    assert dict(views) == {
        "?mine=on": "0",
        "?": "2",
        "?view=overdue": "1",
        "?view=today": "1",
        "?view=soon": "0",
        "?view=waiting": "0",
        "?view=promises": "0",
        "?view=unassigned": "1",
        "?view=untriaged": "0",
    }


@pytest.mark.parametrize("role", [Role.COMPLAINTS_COORDINATOR, Role.LINE_MANAGER, Role.FRONT_LINE])
@pytest.mark.parametrize(
    "query", ["", "?view=overdue&sort=customer", "?q=lift", "?channel=phone&needs=any&page=2"]
)
def test_the_list_takes_at_most_twelve_queries_however_long_it_is(
    house, browse, django_assert_max_num_queries, django_assert_num_queries, role, query
):
    client = browse(house[role])
    house.lodge(customer=CustomerFactory(is_vulnerable=True))
    client.get(f"{URL}{query}")
    with django_assert_max_num_queries(12) as few:
        client.get(f"{URL}{query}")
    for _ in range(30):
        house.lodge(customer=CustomerFactory(is_vulnerable=True))

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(f"{URL}{query}")


def test_before_there_is_a_landlord_the_list_says_so(db, browse):
    coordinator = UserFactory(roles=[Role.COMPLAINTS_COORDINATOR])

    assert "not set up yet" in browse(coordinator).get(URL).content.decode()


# Taking the list away -------------------------------------------------------------------------


def test_a_coordinator_takes_the_list_away_and_the_reason_is_kept(house, coordinator, browse):
    category = Category.objects.create(code="damp", name="=cmd|' /C calc'!A0")
    house.lodge(category_id=category.pk, customer=CustomerFactory(name="+44 Siân"), channel="email")
    house.lodge()

    response = browse(coordinator).post(
        "/queue/download/?channel=email", {"reason": "For the audit"}
    )

    lines = b"".join(response.streaming_content).decode().lstrip("\ufeff").splitlines()
    assert len(lines) == 2
    assert "'+44 Siân" in lines[1]
    assert "'=cmd" in lines[1]
    kept = ListExport.objects.get()
    assert (kept.by, kept.reason, kept.filters, kept.rows) == (
        coordinator,
        "For the audit",
        "channel=email",
        1,
    )


def test_without_a_reason_nothing_is_taken_away(house, coordinator, browse):
    response = browse(coordinator).post("/queue/download/", {"reason": " "})

    assert response.status_code == 422
    assert "Say why you need the list" in response.content.decode()
    assert not ListExport.objects.exists()


@pytest.mark.parametrize("role", [Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER, Role.AUDITOR])
def test_nobody_else_takes_the_list_away(house, browse, role):
    client = browse(house[role])

    assert client.get("/queue/download/").status_code == 403
    assert client.post("/queue/download/", {"reason": "Mine"}).status_code == 403


def test_a_cut_list_says_so(house, coordinator, browse, monkeypatch):
    for _ in range(3):
        house.lodge()
    monkeypatch.setattr("cases.views.queue.EXPORT_LIMIT", 2)

    response = browse(coordinator).post("/queue/download/", {"reason": "For the audit"})

    lines = b"".join(response.streaming_content).decode().splitlines()
    assert len(lines) == 4
    assert "Cut after 2 complaints" in lines[-1]


def test_what_waits_is_in_a_view_of_its_own(house, coordinator, browse):
    complaint = house.lodge(on=date(2026, 6, 15))
    extend_to = date(2026, 7, 10)
    Complaint.objects.filter(pk=complaint.pk).update(
        status="answered", next_due_on=None, next_due="", window_until=extend_to
    )
    client = browse(coordinator)

    assert references(client.get(f"{URL}?view=waiting")) == [complaint.reference]
    assert references(client.get(f"{URL}?view=today")) == []


@pytest.mark.parametrize(
    ("role", "offered"),
    [(Role.FRONT_LINE, True), (Role.AUDITOR, False), (Role.PANEL_MEMBER, False)],
)
def test_logging_is_offered_to_those_who_may_log(house, browse, role, offered):
    response = browse(house[role]).get(URL)

    assert ("Log a complaint" in response.content.decode()) is offered


# Words as they stand, beginnings of words, spelt alike, in a row, nowhere.
@pytest.mark.parametrize("text", ["lift", "lif", "shew", '"lift has"', "zzzzzz"])
@pytest.mark.parametrize("sort", ["", "&sort=customer"])
@pytest.mark.parametrize("role", [Role.COMPLAINTS_COORDINATOR, Role.LINE_MANAGER, Role.FRONT_LINE])
def test_no_search_takes_more_than_twelve_queries(
    house, browse, django_assert_max_num_queries, role, sort, text
):
    for _ in range(3):
        house.lodge(
            summary="The lift has been out since Friday.",
            customer=CustomerFactory(name="Margaret Shaw"),
        )
    client = browse(house[role])
    client.get(f"{URL}?q=bins")

    with django_assert_max_num_queries(12):
        client.get(URL, {"q": text, "sort": sort.removeprefix("&sort=")})
