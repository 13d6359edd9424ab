"""What somebody has to do: the first page of everybody who works on complaints."""

import re
from datetime import date, timedelta

import pytest

from cases.models import Absence, AccessEntry, Complaint, Delivery, Exclusion, OutboundMessage
from cases.operations.assign import assign
from cases.operations.note import add_note
from cases.operations.telling import Telling
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.factories import MONDAY, CustomerFactory, UserFactory
from cases.tests.lists.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
URL = "/my-work/"


def parts(response) -> dict[str, list[str]]:
    """Return the parts of the page with the references in each."""
    html = response.content.decode()
    found = {}
    for name, inside in re.findall(
        r'<section[^>]* aria-labelledby="([\w-]+)">(.*?)</section>', html, re.S
    ):
        links = re.findall(r'(?:<th scope="row".*?>|<li>)<a [^>]*>([^<]+)</a>', inside)
        found[name] = links
    return found


def handled(complaint: Complaint, by) -> None:
    """Let somebody do something on a complaint."""
    add_note(complaint_id=complaint.pk, by=by, now=NOW, words="Rang them.")


@pytest.fixture
def officer(house):
    return house[Role.RESPONSIBLE_OFFICER]


def test_work_is_in_parts_by_its_day(house, officer, browse):
    overdue = house.lodge(on=MONDAY)
    today = house.lodge(on=date(2026, 6, 15))
    soon = house.lodge(on=date(2026, 6, 16))
    new = house.lodge(on=date(2026, 6, 19))
    later = house.lodge(on=date(2026, 6, 19))
    handled(later, officer)
    other = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
    house.lodge(on=MONDAY, officer_id=other.pk)

    response = browse(officer).get(URL)

    assert parts(response) == {
        "overdue": [overdue.reference],
        "today": [today.reference],
        "soon": [soon.reference],
        "new": [new.reference],
        "recent": [later.reference],
    }
    html = response.content.decode()
    assert "Overdue by 5 working days" in html
    assert "Due today" in html
    assert "day 4 of 5" in html
    assert "1 more of yours is due later" in html
    assert 'href="/complaints/?view=overdue&amp;mine=on"' in html


def test_what_was_given_to_somebody_is_new_until_they_do_something_on_it(house, officer, browse):
    manager = house[Role.LINE_MANAGER]
    received = {"on": date(2026, 6, 19), "officer_id": None}
    long_ago, given, taken = (house.lodge(**received) for _ in range(3))
    for complaint, to in ((long_ago, officer), (given, officer), (taken, manager)):
        assign(
            complaint_id=complaint.pk,
            by=manager,
            now=NOW,
            seen=complaint.version,
            officer_id=to.pk,
            area_id=house.team.pk,
        )
    Complaint.objects.filter(pk=long_ago.pk).update(given_on=TODAY - timedelta(days=15))
    assert "new" not in parts(browse(manager).get(URL))
    window = browse(officer)

    assert parts(window.get(URL)).get("new") == [given.reference]
    assert "You have done nothing on them yet." in window.get(URL).content.decode()
    handled(given, officer)

    assert "new" not in parts(window.get(URL))


def test_what_a_colleague_does_on_it_leaves_it_new_and_closed_to_them_it_is_not_shown(
    house, officer, browse
):
    shut, still = house.lodge(on=date(2026, 6, 19)), house.lodge(on=date(2026, 6, 19))
    handled(still, house[Role.COMPLAINTS_COORDINATOR])
    Exclusion.objects.create(complaint=shut, user=officer, reason="conflict")

    response = browse(officer).get(URL)

    assert parts(response)["new"] == [still.reference]
    assert [(each.name, each.count) for each in response.context["parts"]] == [("new", "1")]


def test_with_nothing_to_do_the_page_says_so(house, officer, browse):
    assert "Nothing is due in the next three working days" in (
        browse(officer).get(URL).content.decode()
    )


def test_what_waits_for_the_customer_or_a_decision_is_told_apart(house, officer, browse):
    house.run("livv-two-stage")
    answered, asked = (house.lodge(on=date(2026, 6, 19), stage="stage-1") for _ in range(2))
    Complaint.objects.filter(pk=answered.pk).update(
        status="answered", next_due_on=None, next_due="", window_until=date(2026, 7, 17)
    )
    Complaint.objects.filter(pk=asked.pk).update(status="awaiting_decision")

    response = browse(officer).get(URL)

    assert sorted(parts(response)["waiting"]) == sorted([answered.reference, asked.reference])
    html = response.content.decode()
    assert "Customer may ask for Stage two until Fri 17 Jul" in html
    assert "Decide the request for Stage one" in html


def test_a_hearing_to_come_waits_with_its_panel(house, browse):
    member = house[Role.PANEL_MEMBER]
    complaint = house.lodge()
    Complaint.objects.filter(pk=complaint.pk).update(
        next_due_on=None, next_due="", hearing_on=date(2026, 7, 3), status="investigating"
    )
    AccessEntry.objects.create(complaint=complaint, user=member, as_panel_member=True)

    response = browse(member).get(URL)

    assert parts(response) == {"waiting": [complaint.reference]}
    assert "Hearing on Fri 3 Jul" in response.content.decode()


def test_a_promise_that_binds_a_role_is_the_work_of_whoever_holds_it(house, browse):
    """Herefordshire: the coordinator acknowledges stage 1, the Head of Service answers it."""
    house.run("herefordshire")
    complaint = house.lodge(on=date(2026, 6, 17), stage="stage-1")
    coordinator = house[Role.COMPLAINTS_COORDINATOR]

    assert parts(browse(coordinator).get(URL))["today"] == [complaint.reference] or (
        parts(browse(coordinator).get(URL))["overdue"] == [complaint.reference]
    )
    assert "overdue" not in parts(browse(house[Role.HEAD_OF_SERVICE]).get(URL))

    acknowledge(
        complaint_id=complaint.pk,
        by=coordinator,
        now=NOW,
        seen=complaint.version,
        on=TODAY,
        telling=Telling("post"),
    )
    Complaint.objects.filter(pk=complaint.pk).update(next_due_on=TODAY)

    assert parts(browse(house[Role.HEAD_OF_SERVICE]).get(URL))["today"] == [complaint.reference]
    assert "today" not in parts(browse(coordinator).get(URL))


def test_whoever_may_assign_sees_what_nobody_has(house, browse):
    unassigned = house.lodge(on=date(2026, 6, 19), officer_id=None)
    untriaged = house.lodge(on=date(2026, 6, 19), officer_id=None, triaged=False)

    coordinators = parts(browse(house[Role.COMPLAINTS_COORDINATOR]).get(URL))
    managers = parts(browse(house[Role.LINE_MANAGER]).get(URL))

    assert sorted(coordinators["unassigned"]) == sorted([unassigned.reference, untriaged.reference])
    assert managers["unassigned"] == [unassigned.reference]
    assert "unassigned" not in parts(browse(house[Role.RESPONSIBLE_OFFICER]).get(URL))


def test_who_answers_for_others_sees_how_it_stands_with_all_of_them(house, browse):
    house.lodge(on=MONDAY)

    manager = browse(house[Role.LINE_MANAGER]).get(URL).content.decode()
    officer = browse(house[Role.RESPONSIBLE_OFFICER]).get(URL).content.decode()

    assert 'href="/complaints/?view=overdue">Overdue <span class="house-count">1</span>' in manager
    assert "In all that you answer for" not in officer


def test_a_deputy_sees_the_work_marked_with_whose_it_is(house, officer, browse):
    complaint = house.lodge(on=MONDAY)
    deputy = UserFactory(name="Dan Morris", roles=[Role.RESPONSIBLE_OFFICER])
    Absence.objects.create(
        user=officer, deputy=deputy, first_day=TODAY, last_day=TODAY + timedelta(days=4)
    )

    response = browse(deputy).get(URL)

    assert parts(response)["overdue"] == [complaint.reference]
    html = response.content.decode()
    assert f"You cover for <strong>{officer.name}</strong> until" in html
    assert f"Covering for {officer.name}" in html


def test_letters_and_failed_emails_are_tasks(house, officer, browse):
    complaint = house.lodge(on=date(2026, 6, 19))
    acknowledge(
        complaint_id=complaint.pk,
        by=officer,
        now=NOW,
        seen=complaint.version,
        on=TODAY,
        telling=Telling("post"),
    )
    OutboundMessage.objects.create(
        key="letter:1",
        kind="letter_acknowledgement",
        complaint=complaint,
        to_address="gone@example.org",
        subject="About your enquiry",
        body="",
        state=Delivery.UNDELIVERABLE.value,
        created_at=NOW,
        next_try_at=NOW,
    )

    response = browse(officer).get(URL)

    html = response.content.decode()
    assert "1 letter to print and post" in html
    failed = html.split('id="failed"')[1].split("</h2>")[0]
    assert 'href="/letters/"' in failed
    assert parts(response)["failed"] == [complaint.reference]
    assert "letter to print" not in browse(house[Role.AUDITOR]).get("/complaints/").content.decode()


def test_what_was_handled_last_is_within_reach(house, officer, browse):
    complaint = house.lodge(on=date(2026, 6, 19))
    add_note(complaint_id=complaint.pk, by=officer, now=NOW, words="Rang.")
    add_note(complaint_id=complaint.pk, by=officer, now=NOW, words="Rang again.")

    assert parts(browse(officer).get(URL))["recent"] == [complaint.reference]


def test_a_request_one_may_decide_is_ones_work(house, browse):
    house.run("livv-two-stage")
    complaint = house.lodge(on=date(2026, 6, 8), stage="stage-1")
    Complaint.objects.filter(pk=complaint.pk).update(
        status="awaiting_decision", next_due_on=TODAY, next_due_binds="complaints_coordinator"
    )

    assert parts(browse(house[Role.DIRECTOR]).get(URL))["today"] == [complaint.reference]
    assert "today" not in parts(browse(house[Role.LINE_MANAGER]).get(URL))


@pytest.mark.parametrize(
    "role", [Role.COMPLAINTS_COORDINATOR, Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER]
)
def test_my_work_takes_at_most_twelve_queries_however_much_it_is(
    house, browse, django_assert_max_num_queries, django_assert_num_queries, role
):
    person = house[role]
    client = browse(person)
    house.lodge(on=MONDAY)
    house.lodge(on=MONDAY, officer_id=None)
    absent = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
    Absence.objects.create(user=absent, deputy=person, first_day=TODAY, last_day=TODAY)
    client.get(URL)
    with django_assert_max_num_queries(12) as few:
        client.get(URL)
    for day in range(25):
        house.lodge(on=MONDAY + timedelta(days=day % 12), officer_id=absent.pk)
        house.lodge(on=MONDAY, customer=CustomerFactory(is_vulnerable=True))
        house.lodge(on=MONDAY, officer_id=None)

    with django_assert_num_queries(len(few.captured_queries)):
        client.get(URL)
