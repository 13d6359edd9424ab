"""Complaints are found by people, numbers and words, by whoever may read them."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection

from cases.models import Complaint, Customer, Level, SearchEntry
from cases.operations.access import change_access
from cases.operations.assign import assign, triage
from cases.operations.customers import (
    Particulars,
    Speaker,
    add_joint_complainant,
    save_customer,
    save_representative,
)
from cases.operations.note import add_note, change_details
from cases.operations.search_index import index_customer
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.search_indexes import NAME_WORDS, TRIGRAMS, has_trigrams
from cases.selectors import search
from cases.selectors.search import How, Searched, by_reference, find, words_sought
from cases.tests.answering import acknowledge
from cases.tests.factories import MONDAY, CategoryFactory, CustomerFactory
from cases.tests.fixtures import at

NOW = at(MONDAY, 14)


def found(text: str, user) -> list[Complaint]:
    """Return what a person finds."""
    readable = Complaint.objects.readable_by(user)
    result = find(Searched(readable), text, user, needed=26, limit=100)
    assert not result.has_more
    assert not result.newest_only
    return [] if result.how is How.SPELT_ALIKE else [*readable.filter(pk__in=result.keys)]


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


@pytest.mark.parametrize(
    "text",
    [
        "O'Brien",
        "obrien",
        "OBRIEN Sian",
        "Siân",
        "obri",
        "HB1 4AA",
        "hb14aa",
        "hb1",
        "Dock Road",
        "sian.obrien@example.org",
        "01632 960 123",
        "01632960123",
        "+44 1632 960123",
        "960 123",
        "obrien hb1 4aa",
        "leaking",
        "leak",
        "gutters",
        "gutt",
        '"the gutter leaks"',
        "“gutter leaks”",
        "will obrien",
    ],
)
def test_a_complaint_is_found_by_what_is_known_of_it(house, coordinator, text):
    customer = CustomerFactory(
        name="Siân O’Brien",
        address="14 Dock Road",
        postcode="HB1 4AA",
        email="sian.obrien@example.org",
        phone="01632 960 123",
    )
    complaint = house.lodge(customer=customer, summary="Since March the gutter leaks.")
    house.lodge(
        customer=CustomerFactory(
            name="Wei Chen", address="2 Mast Way", postcode="HB9 9ZZ", phone="0151 111 1111"
        ),
        summary="The bins overflow.",
    )

    assert found(text, coordinator) == [complaint]


@pytest.mark.parametrize(
    "text", ['"leaks gutter"', '"dock road" bins', "gutter bins", "?!", "", "HB1 4AB", "obrian"]
)
def test_what_is_not_there_is_not_found(house, coordinator, text):
    house.lodge(customer=CustomerFactory(name="Siân O’Brien"), summary="The gutter leaks.")

    sought = words_sought(text, coordinator, ())

    assert not sought or not found(text, coordinator)


@pytest.mark.parametrize(
    "text", ["lifts", "lift", "stairwells", "stairw", '"lifts and stairwells"', "lifts moyo"]
)
def test_a_complaint_is_found_by_what_it_is_about(house, coordinator, text):
    topic = CategoryFactory(name="Lifts and stairwells")
    agnes = CustomerFactory(name="Agnes Moyo")
    complaint = house.lodge(customer=agnes, category_id=topic.pk, summary="It stands still.")
    house.lodge(customer=agnes, summary="It stands still.", category_id=CategoryFactory().pk)

    kept = SearchEntry.objects.values().get(complaint=complaint)
    call_command("rebuild_search", stdout=StringIO())

    assert find(Searched(Complaint.objects.all()), text, coordinator, needed=9, limit=9).keys == [
        complaint.pk
    ]
    assert SearchEntry.objects.values().get(complaint=complaint) == kept


def test_a_topic_is_found_by_its_name_of_today_and_for_what_is_about_it_today(house, coordinator):
    topic = CategoryFactory(name="Lifts")
    complaint = house.lodge(category_id=topic.pk, summary="It stands still.")
    topic.name = "Hoists"
    topic.save()

    assert found("hoist", coordinator) == [complaint]
    assert found("lifts", coordinator) == []

    change_details(
        complaint_id=complaint.pk, by=coordinator, now=NOW, seen=complaint.version,
        category_id=None, summary="It stands still.", desired_outcome="", reason="Misheard.",
    )  # fmt: skip

    assert found("hoist", coordinator) == []


def test_the_front_line_finds_by_topic_only_what_it_may_read(house, coordinator):
    topic = CategoryFactory(name="Lifts")
    hidden = house.lodge(category_id=topic.pk, summary="It stands still.", by=coordinator)
    change_access(
        complaint_id=hidden.pk, by=coordinator, now=NOW, seen=hidden.version,
        level=Level.SENSITIVE, listed=[], subjects=[], conflicted=[], reason="Health.",
    )  # fmt: skip

    assert found("lifts", coordinator) == [hidden]
    for role in (Role.FRONT_LINE, Role.PANEL_MEMBER, Role.SYSTEM_ADMINISTRATOR):
        readable = Complaint.objects.readable_by(house[role])
        assert find(Searched(readable), "lifts", house[role], needed=9, limit=9).keys == []


def test_common_words_do_not_narrow_a_search(house, coordinator):
    complaint = house.lodge(summary="Nobody came to mend the lift.")

    assert found("the lift that was not mended", coordinator) == [complaint]


def test_a_name_that_is_a_common_word_is_found_by_itself(house, coordinator):
    complaint = house.lodge(customer=CustomerFactory(name="Will Down"))

    assert found("will", coordinator) == [complaint]


def test_notes_and_letters_are_searched(house, coordinator):
    complaint = house.lodge()
    acknowledge(
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
        seen=complaint.version,
        on=MONDAY,
        telling=Telling("post", "The surveyor calls tomorrow."),
    )
    add_note(complaint_id=complaint.pk, by=coordinator, now=NOW, words="Chased the contractor.")

    assert found("surveyor", coordinator) == [complaint]
    assert found('"chased the contractor"', coordinator) == [complaint]


def test_the_front_line_does_not_search_internal_notes(house, coordinator):
    complaint = house.lodge(summary="The lift is broken.")
    add_note(complaint_id=complaint.pk, by=coordinator, now=NOW, words="Chased the contractor.")
    front_line = house[Role.FRONT_LINE]

    assert found('"the lift"', front_line) == [complaint]
    assert found("contractor", front_line) == []
    assert found('"chased the contractor"', front_line) == []


def test_people_who_join_and_people_who_move_are_found(house, coordinator):
    complaint = house.lodge(by=coordinator)
    neighbour = CustomerFactory(name="Olu Adeyemi")
    add_joint_complainant(
        complaint_id=complaint.pk,
        customer_id=neighbour.pk,
        capacity="Neighbour",
        by=coordinator,
        now=NOW,
    )
    save_representative(
        Speaker(name="Cllr Joan Pratt"), complaint_id=complaint.pk, by=coordinator, now=NOW
    )
    save_customer(
        Particulars(name="Olu Adeyemi-Stone", category="tenant"), customer_id=neighbour.pk, now=NOW
    )

    assert found("pratt", coordinator) == [complaint]
    assert found("stone", coordinator) == [complaint]


def test_words_of_a_sensitive_complaint_are_searched_only_for_those_who_may_read_them(
    house, coordinator
):
    complaint = house.lodge(
        triaged=False, officer_id=None, customer=CustomerFactory(name="Agnes Bell")
    )
    triage(
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
        seen=complaint.version,
        area_id=house.team.pk,
        officer_id=None,
        category_id=None,
        level=Level.SENSITIVE,
    )
    front_line = house[Role.FRONT_LINE]
    assert Complaint.objects.visible_to(front_line).filter(pk=complaint.pk).exists()

    assert found("bell", house[Role.LINE_MANAGER]) == [complaint]
    assert found("bell", front_line) == []
    assert found("lift", front_line) == []


@pytest.mark.parametrize("spelling", ["{0}", "{1}", " {1} ", "{2}"])
def test_a_reference_is_forgiven_its_spelling(house, coordinator, spelling):
    complaint = house.lodge()
    reference = complaint.reference

    text = spelling.format(
        reference,
        reference.replace("-", " ").lower(),
        reference.replace("0", "O").replace("1", "I"),
    )

    assert by_reference(text, coordinator) == complaint


def test_a_reference_from_elsewhere_is_found_as_it_was_written(house, coordinator):
    complaint = house.lodge()
    Complaint.objects.filter(pk=complaint.pk).update(reference="CRM/2019/44")

    assert by_reference("crm/2019/44", coordinator) == complaint
    assert by_reference("nothing like it", coordinator) is None


def test_a_hidden_complaint_is_not_found_by_its_reference(house):
    complaint = house.lodge(about_staff_unnamed=True)

    assert by_reference(complaint.reference, house[Role.RESPONSIBLE_OFFICER]) is None


@pytest.mark.parametrize("text", ["smyth", "Smitth", "smiht"])
def test_a_misspelt_name_is_found_all_the_same(house, coordinator, text):
    complaint = house.lodge(customer=CustomerFactory(name="Gareth Smith"))
    house.lodge(customer=CustomerFactory(name="Olu Adeyemi"))
    everything = Searched(Complaint.objects.readable_by(coordinator))

    result = find(everything, text, coordinator, needed=10, limit=10)

    assert (result.keys, result.how) == ([complaint.pk], How.SPELT_ALIKE)
    assert find(everything, "?", coordinator, needed=10, limit=10).keys == []


def test_a_name_that_only_others_may_read_hides_none_that_is_nearly_so(house, coordinator):
    officer = house[Role.RESPONSIBLE_OFFICER]
    mine = house.lodge(customer=CustomerFactory(name="Gareth Smith"))
    assign(
        complaint_id=mine.pk,
        by=coordinator,
        now=NOW,
        seen=None,
        officer_id=officer.pk,
        area_id=house.team.pk,
    )
    house.lodge(customer=CustomerFactory(name="Olu Smyth"), about_staff_unnamed=True)
    readable = Searched(Complaint.objects.readable_by(officer))

    result = find(readable, "Smyth", officer, needed=10, limit=10)

    assert (result.keys, result.how) == ([mine.pk], How.SPELT_ALIKE)


@pytest.mark.promise("P4")
@pytest.mark.parametrize(
    "text", ["Smyth", "Quillfether Smiht", "Quillfeather Smiht", "Quillfether", "Smithson"]
)
def test_names_in_what_only_others_may_read_change_nothing_of_what_is_found(
    house, coordinator, text
):
    officer = house[Role.RESPONSIBLE_OFFICER]
    names = ["Gareth Smith", "Ann Smithers", "Bo Smit", "Cy Smith"]
    for name in names:
        mine = house.lodge(customer=CustomerFactory(name=name))
        assign(
            complaint_id=mine.pk,
            by=coordinator,
            now=NOW,
            seen=None,
            officer_id=officer.pk,
            area_id=house.team.pk,
        )
    readable = Complaint.objects.readable_by(officer)
    before = find(Searched(readable), text, officer, needed=10, limit=10)

    house.lodge(customer=CustomerFactory(name="Smyth Quillfeather"), about_staff_unnamed=True)
    house.lodge(customer=CustomerFactory(name="Jo Smithsons"), about_staff_unnamed=True)

    assert find(Searched(readable), text, officer, needed=10, limit=10) == before


def test_a_customer_who_changed_their_name_is_found_by_one_like_it(house, coordinator):
    customer = CustomerFactory(name="Gareth Smith")
    complaint = house.lodge(customer=customer)
    customer.name = "Gareth Brookendale"
    customer.save()
    index_customer(customer)
    everything = Searched(Complaint.objects.readable_by(coordinator))

    result = find(everything, "brookkendale", coordinator, needed=10, limit=10)

    assert (result.keys, result.how) == ([complaint.pk], How.SPELT_ALIKE)


def test_without_trigrams_names_that_begin_alike_are_compared(house, coordinator):
    complaint = house.lodge(customer=CustomerFactory(name="Gareth Smith"))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"DROP INDEX IF EXISTS {TRIGRAMS}")

    everything = Searched(Complaint.objects.readable_by(coordinator))

    result = find(everything, "smitth", coordinator, needed=10, limit=10)

    assert (result.keys, result.how) == ([complaint.pk], How.SPELT_ALIKE)


def test_what_is_found_can_be_written_anew_from_the_record(house, coordinator):
    complaint = house.lodge(customer=CustomerFactory(name="Gareth Smith"))
    add_note(complaint_id=complaint.pk, by=coordinator, now=NOW, words="Chased the contractor.")
    before = SearchEntry.objects.values().get()
    SearchEntry.objects.all().delete()
    assert found("smith", coordinator) == []
    with_trigrams = has_trigrams(connection)
    if with_trigrams:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {NAME_WORDS} VALUES ('forgotten')")  # noqa: S608

    output = StringIO()
    call_command("rebuild_search", stdout=output)

    assert SearchEntry.objects.values().get() == before
    assert found("smith contractor", coordinator) == [complaint]
    assert output.getvalue() == "1 complaints can be searched.\n"
    if with_trigrams:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT word FROM {NAME_WORDS} WHERE word IN ('smith', 'forgotten')")  # noqa: S608
            assert cursor.fetchall() == [("smith",)]


def test_a_customer_without_complaints_can_be_changed(house):
    customer = CustomerFactory()

    save_customer(Particulars(name="New Name", category="tenant"), customer_id=customer.pk, now=NOW)

    assert Customer.objects.get(pk=customer.pk).name == "New Name"


def test_words_that_are_everywhere_are_looked_for_in_the_newest_complaints(
    house, coordinator, monkeypatch
):
    """Only PostgreSQL knows how often words occur; elsewhere they are looked up as ever."""
    monkeypatch.setattr(search, "FEW_ENTRIES", 1)
    complaints = [house.lodge(summary="The lift is out of order.") for _ in range(12)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE cases_searchentry")
    everything = Complaint.objects.readable_by(coordinator)

    result = find(Searched(everything), "lift", coordinator, needed=3, limit=5)

    newest_first = [each.pk for each in reversed(complaints)]
    assert result.has_more
    assert result.keys in (newest_first[:3], newest_first[:5])


def test_a_rare_phrase_of_frequent_words_is_found_or_said_not_to_be_sought_everywhere(
    house, coordinator, monkeypatch
):
    monkeypatch.setattr(search, "FEW_ENTRIES", 1)
    for _ in range(12):
        house.lodge(summary="The lift is out of order.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE cases_searchentry")

    everything = Complaint.objects.readable_by(coordinator)
    result = find(Searched(everything), '"order lift"', coordinator, needed=3, limit=5)

    assert result.keys == []
    assert result.newest_only is (connection.vendor == "postgresql")


def test_a_move_to_another_area_moves_where_a_complaint_is_found(house, coordinator):
    complaint = house.lodge(customer=CustomerFactory(name="Agnes Bell"))
    assert found("bell", house[Role.LINE_MANAGER]) == [complaint]

    assign(
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
        seen=None,
        officer_id=house.people[Role.RESPONSIBLE_OFFICER].pk,
        area_id=house.other_team.pk,
    )

    assert found("bell", house[Role.LINE_MANAGER]) == []
    assert found("bell", house[Role.RESPONSIBLE_OFFICER]) == [complaint]
    assert SearchEntry.objects.get().places.split()[0] == f"zzarea{house.other_team.pk}"


def test_a_word_that_begins_so_is_found_where_none_is_so(house, coordinator):
    complaint = house.lodge(customer=CustomerFactory(name="Agnes Bellamy"))
    everything = Complaint.objects.readable_by(coordinator)

    result = find(Searched(everything), "bell", coordinator, needed=3, limit=5)

    assert (result.keys, result.how) == ([complaint.pk], How.BEGINNING)
