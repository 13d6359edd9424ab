"""What colleagues declare about themselves, and that no complaint of it comes to them."""

from datetime import date

import pytest
from django.urls import reverse

from cases.errors import ActionNotAllowed, NotIndependent, ReasonMissing
from cases.models import (
    AccessEntry,
    Complaint,
    Customer,
    DeclaredInterest,
    Exclusion,
    Level,
    OutboundMessage,
)
from cases.operations.access import change_access
from cases.operations.assign import assign
from cases.operations.customers import add_joint_complainant
from cases.operations.hearing import Arrangement, arrange_hearing
from cases.operations.interests import close_what_concerns, declare_interest, end_interest
from cases.operations.log import AsComplaint, Logged, ThereAndThen, log_complaint
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.interests import Concern, Known, concern_of
from cases.rules.roles import Role
from cases.selectors.interests import interest_in_customer
from cases.tests.case_page import situations
from cases.tests.factories import MONDAY, CustomerFactory, UserFactory
from cases.tests.fixtures import at
from cases.tests.log.conftest import boxes, filled
from cases.tests.people.conftest import NOW

ROW = "Canary Quillfeather"


@pytest.fixture
def officer(house):
    return UserFactory(name="Ivo Officer", roles=[(Role.RESPONSIBLE_OFFICER, None)])


@pytest.fixture
def give(house, coordinator, complaint):
    def give(officer):
        complaint.refresh_from_db()
        return assign(
            complaint_id=complaint.pk,
            by=coordinator,
            now=NOW,
            seen=complaint.version,
            officer_id=officer.pk,
            area_id=house.team.pk,
        )

    return give


def declare(person, name=ROW, postcode="cn41ry", relation="my brother"):
    return declare_interest(relation=relation, name=name, postcode=postcode, by=person, now=NOW)


def is_open_to(complaint, person):
    return Complaint.objects.readable_by(person).filter(pk=complaint.pk).exists()


@pytest.mark.parametrize(
    ("name", "postcode", "concern"),
    [
        (" canary  QUILLFEATHER", "cn4 1ry", Concern.SURE),
        (ROW, "", Concern.PERHAPS),
        (ROW, "ZZ1 1ZZ", Concern.PERHAPS),
        ("", "CN41RY", Concern.PERHAPS),
        ("Canary", "CN4 1RZ", Concern.NONE),
        ("", "", Concern.NONE),
    ],
)
def test_name_and_postcode_together_are_the_same_person(name, postcode, concern):
    assert concern_of(Known(name, postcode), [Known(ROW, "CN4 1RY")]) is concern


def test_somebody_without_name_and_postcode_is_nobody():
    assert concern_of(Known(ROW, "CN4 1RY"), [Known("", "")]) is Concern.NONE


def test_a_declaration_closes_the_complaint_at_once_and_takes_it_from_them(house, complaint):
    holder = house[Role.RESPONSIBLE_OFFICER]

    declare(holder)

    complaint.refresh_from_db()
    assert complaint.responsible_officer is None
    assert not is_open_to(complaint, house[Role.RESPONSIBLE_OFFICER])
    assert Exclusion.objects.get(complaint=complaint).reason == "conflict"


@pytest.mark.parametrize("role", [Role.COMPLAINTS_COORDINATOR, Role.DIRECTOR, Role.HEAD_OF_SERVICE])
def test_it_is_closed_whatever_role_they_have(house, complaint, role):
    declare(house[role])

    assert not is_open_to(complaint, house[role])


def test_what_comes_later_is_closed_by_housekeeping_once(house, customer):
    person = house[Role.HEAD_OF_SERVICE]
    declare(person)
    later = house.lodge(customer=customer)

    first = close_what_concerns(now=NOW)
    again = close_what_concerns(now=NOW)

    assert (first, again) == (1, 0)
    assert not is_open_to(later, house[Role.HEAD_OF_SERVICE])


def test_a_joint_complainant_counts_like_the_customer(house, complaint, coordinator):
    other = CustomerFactory(name="Sam Lee", postcode="HB1 1AA")
    add_joint_complainant(
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
        customer_id=other.pk,
        capacity="",
        gets_letters=False,
    )

    declare(house[Role.HEAD_OF_SERVICE], "Sam Lee", "HB1 1AA")

    assert not is_open_to(complaint, house[Role.HEAD_OF_SERVICE])


def test_a_name_alone_closes_nothing(house, complaint):
    declare(house[Role.HEAD_OF_SERVICE], postcode="")

    assert is_open_to(complaint, house[Role.HEAD_OF_SERVICE])


def test_nobody_gives_them_a_complaint_before_it_is_closed_to_them(officer, give, customer):
    Customer.objects.filter(pk=customer.pk).update(name="Other")
    declare(officer)
    Customer.objects.filter(pk=customer.pk).update(name=ROW)

    with pytest.raises(NotIndependent, match="may not handle"):
        give(officer)

    assert not OutboundMessage.objects.filter(to_user=officer).exists()


def test_what_may_be_chance_is_told_the_coordinators_and_says_nothing_of_it(
    officer, give, coordinator
):
    declare(officer, postcode="")

    give(officer)

    told = OutboundMessage.objects.get(kind="interest")
    assert told.to_user == coordinator
    assert "brother" not in told.body
    assert "quillfeather" not in told.body.lower()


def test_nobody_is_told_where_nothing_was_declared(officer, give):
    give(officer)

    assert not OutboundMessage.objects.filter(kind="interest").exists()


def test_nobody_is_named_for_a_customer_whom_they_declared_and_all_words_are_kept(
    client, house, officer, customer, coordinator, time_machine
):
    time_machine.move_to(NOW, tick=False)
    declare(officer)
    client.force_login(coordinator)
    words = "The lift stands since Friday."

    answer = client.post(
        reverse("cases:log"),
        filled(customer, words=words, officer=str(officer.pk), **boxes("received", MONDAY)),
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Ivo Officer may not handle this complaint." in page
    assert words in page
    assert not Complaint.objects.exists()
    assert not OutboundMessage.objects.exists()


def test_nobody_puts_right_at_once_what_is_of_their_own_family(house, officer, customer):
    declare(officer)
    took = Logged("a-key", customer.pk, None, "phone", MONDAY, "The lift is out of order.")
    cure = ThereAndThen(MONDAY, "Sent the engineer.", True, Telling("phone", "We are sorry."))

    with pytest.raises(NotIndependent, match="may not handle"):
        log_complaint(took, AsComplaint(), by=officer, now=NOW, resolved=cure)

    assert not Complaint.objects.exists()


def test_the_coordinators_are_told_of_an_officer_named_at_logging_who_may_know_them(
    house, officer, customer, coordinator
):
    declare(officer, name="")
    took = Logged("a-key", customer.pk, None, "phone", MONDAY, "The lift is out of order.")

    log_complaint(took, AsComplaint(officer_id=officer.pk), by=coordinator, now=NOW)

    told = OutboundMessage.objects.get(kind="interest")
    assert told.to_user == coordinator
    assert Complaint.objects.get().responsible_officer == officer


def test_naming_an_officer_who_declared_nothing_about_them_takes_one_query_to_know(
    officer, customer, django_assert_num_queries
):
    declare(officer, name="Sam Lee", postcode="HB1 1AA")

    with django_assert_num_queries(1):
        assert interest_in_customer(customer, officer.pk) is Concern.NONE


def test_what_was_ended_counts_no_more(officer, give):
    interest = declare(officer, postcode="")
    end_interest(code=interest.code, by=officer, now=NOW)

    give(officer)

    assert not OutboundMessage.objects.filter(kind="interest").exists()
    with pytest.raises(ActionNotAllowed):
        end_interest(code=interest.code, by=officer, now=NOW)


def test_nobody_ends_what_somebody_else_declared(officer, coordinator):
    interest = declare(officer)

    with pytest.raises(ActionNotAllowed):
        end_interest(code=interest.code, by=coordinator, now=NOW)


def test_what_a_coordinator_opens_again_stays_open(officer, give, complaint, coordinator):
    declare(officer)
    complaint.refresh_from_db()
    change_access(
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
        seen=complaint.version,
        level=Level.NORMAL,
        listed=[],
        subjects=[],
        conflicted=[],
        reason="Another person of that name.",
    )

    assert close_what_concerns(now=NOW) == 0
    assert give(officer).responsible_officer == officer


def test_a_restricted_complaint_is_not_left_without_anybody(house, customer):
    complaint = house.lodge(customer=customer)
    director = house[Role.DIRECTOR]
    AccessEntry.objects.create(complaint=complaint, user=director)
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)
    for role in (Role.COMPLAINTS_COORDINATOR,):
        Exclusion.objects.create(complaint=complaint, user=house[role], reason="subject")

    declare(director)

    assert DeclaredInterest.objects.exists()
    assert is_open_to(complaint, house[Role.DIRECTOR])


@pytest.mark.rule("HH-21")
def test_somebody_who_knows_the_customer_does_not_sit_on_the_panel(house, customer):
    house.run("herefordshire")
    members = [UserFactory(roles=[Role.PANEL_MEMBER]) for _ in range(3)]
    complaint = _at_the_panel(house, customer)
    Customer.objects.filter(pk=customer.pk).update(name="Other")
    declare(members[1])
    Customer.objects.filter(pk=customer.pk).update(name=ROW)

    with pytest.raises(NotIndependent, match="may not sit on this panel"):
        arrange_hearing(
            complaint_id=complaint.pk,
            by=house[Role.COMPLAINTS_COORDINATOR],
            now=NOW,
            seen=complaint.version,
            arrangement=Arrangement(
                date(2026, 6, 22), "Town Hall", "in_person", [each.pk for each in members]
            ),
        )


def _at_the_panel(house, customer):
    return house.lodge(customer=customer, stage="stage-3")


def test_a_declaration_says_who_it_is(officer):
    for details in ({"relation": " "}, {"name": "", "postcode": " "}):
        with pytest.raises(ReasonMissing):
            declare(officer, **details)


@pytest.mark.parametrize(
    "act",
    [Act.RESOLVE, Act.RESPOND, Act.REFUSE_ESCALATION, Act.SEND_OUTCOME],
    ids=lambda act: act.value,
)
def test_nobody_answers_a_customer_whom_they_declared_before_it_is_closed_to_them(
    client, house, act, time_machine
):
    time_machine.move_to(situations.NOW, tick=False)
    situation = situations.SITUATIONS[act]
    story = situation.lead(house)
    declare(house[situation.by])
    customer = Customer.objects.filter(pk=story.complaint.customer_id)
    customer.update(name=ROW, postcode="CN4 1RY")
    client.force_login(house[situation.by])
    url = reverse(f"cases:{act.value}", args=[story.complaint.reference])
    before = story.complaint.version

    answer = client.post(url, situation.data(story))

    story.complaint.refresh_from_db()
    assert answer.status_code == 422
    assert "What you declared about yourself concerns this customer." in answer.content.decode()
    assert story.complaint.version == before


# The pages -------------------------------------------------------------------------------------


def test_whom_one_knows_is_declared_and_ended_on_ones_own_page(client, officer):
    client.force_login(officer)
    url = reverse("cases:account-interests")

    client.post(url, {"relation": "my brother", "name": ROW, "postcode": ""})
    shown = client.get(url).content.decode()
    client.post(
        reverse("cases:account-interest-end"), {"interest": DeclaredInterest.objects.get().code}
    )

    assert "My brother: Canary Quillfeather" in shown
    assert "You have declared nobody" in client.get(url).content.decode()


def test_a_declaration_about_nobody_keeps_what_was_typed(client, officer):
    client.force_login(officer)

    answer = client.post(reverse("cases:account-interests"), {"relation": "my brother"})

    assert answer.status_code == 422
    assert "Enter a name or a postcode" in answer.content.decode()
    assert "my brother" in answer.content.decode()


def test_whoever_assigns_sees_who_may_know_the_customer(
    client, house, complaint, coordinator, officer, time_machine
):
    time_machine.move_to(at(MONDAY), tick=False)
    declare(officer, postcode="")
    client.force_login(coordinator)

    page = client.get(reverse("cases:assign", args=[complaint.reference])).content.decode()

    assert "Something they declared may concern this customer" in page
    assert "my brother" not in page


def test_coordinators_see_all_declarations_and_nobody_else(client, house, officer):
    declare(officer)
    url = reverse("cases:declared-interests")
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    seen = client.get(url).content.decode()
    client.force_login(house[Role.DIRECTOR])

    assert "my brother" in seen
    assert client.get(url).status_code == 403
