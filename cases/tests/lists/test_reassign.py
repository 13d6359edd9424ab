"""Giving several complaints to somebody else: who may, to whom, and a result for each."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import (
    Absence,
    AccessEntry,
    Complaint,
    Customer,
    Exclusion,
    Level,
    OutboundMessage,
)
from cases.operations import stage_acts
from cases.operations.close import withdraw
from cases.operations.interests import declare_interest
from cases.operations.lateness import saying_why
from cases.operations.note import add_note
from cases.operations.reassign import MOST_AT_ONCE, Wanted, reassign_each
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.tests import answering
from cases.tests.case_page.situations import Story
from cases.tests.factories import CustomerFactory, UserFactory
from cases.tests.lists.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db
SLOW = Lateness("The post was slow.", avoidable=True, done_by=date(2027, 6, 1))
URL = "/queue/reassign/"


@pytest.fixture
def coordinator(house):
    return house[Role.COMPLAINTS_COORDINATOR]


@pytest.fixture
def dan():
    return UserFactory(name="Dan Morris", roles=[Role.RESPONSIBLE_OFFICER])


def ticked(*complaints: Complaint) -> list[str]:
    """Return the values of the boxes of these complaints, as the list draws them."""
    return [f"{each.reference}:{each.version}" for each in complaints]


def send(client, complaints, officer, *, step="reassign", **more):
    """Send the form of the page."""
    answers = {"complaint": ticked(*complaints), "officer": officer.pk, "step": step, **more}
    return client.post(URL, answers)


def officers(*complaints: Complaint) -> list[str]:
    """Return whose the complaints are now."""
    for each in complaints:
        each.refresh_from_db()
    return [str(each.responsible_officer) for each in complaints]


def test_ticked_complaints_are_checked_and_given_to_the_officer_chosen(
    house, coordinator, dan, browse
):
    first, second = house.lodge(), house.lodge()
    was = first.responsible_officer.name
    client = browse(coordinator)

    asked = client.post(URL, {"complaint": ticked(first, second), "which": "selected"})
    checked = send(client, [first, second], dan, step="check")

    assert "Reassign 2 complaints" in asked.content.decode()
    assert "<strong>2 of 2</strong> will go to <strong>Dan Morris</strong>" in (
        checked.content.decode()
    )
    assert officers(first, second) == [was, was]

    done = send(client, [first, second], dan)

    assert (done.status_code, done.url) == (302, URL)
    assert officers(first, second) == ["Dan Morris", "Dan Morris"]
    told = client.get(URL).content.decode()
    assert "2 of 2 complaints reassigned to Dan Morris" in told
    messages = OutboundMessage.objects.filter(kind="assigned", to_user=dan)
    assert messages.count() == 2


def test_one_that_is_refused_does_not_stop_the_others(house, coordinator, dan, browse):
    changed, closed_to_dan, fine = house.lodge(), house.lodge(), house.lodge()
    values = ticked(changed, closed_to_dan, fine)
    add_note(complaint_id=changed.pk, by=house[Role.RESPONSIBLE_OFFICER], now=NOW, words="Rang.")
    Exclusion.objects.create(complaint=closed_to_dan, user=dan, reason="subject")
    client = browse(coordinator)

    client.post(URL, {"complaint": values, "officer": dan.pk, "step": "reassign"})

    page = client.get(URL).content.decode()
    assert "1 of 3 complaints reassigned to Dan Morris" in page
    assert re.search(r"It changed meanwhile: [\w ]+ recorded “[\w ]+”\.", page)
    assert "Dan Morris may not handle this complaint." in page
    assert officers(fine) == ["Dan Morris"]
    assert "Dan Morris" not in officers(changed, closed_to_dan)
    assert "Choose somebody for the 2 left" in page
    assert f'name="complaint" value="{ticked(changed)[0]}"' in page


def test_the_check_says_which_would_stay_and_why(house, coordinator, dan, browse):
    closed_to_dan, fine = house.lodge(), house.lodge()
    Exclusion.objects.create(complaint=closed_to_dan, user=dan, reason="conflict")

    page = send(browse(coordinator), [closed_to_dan, fine], dan, step="check").content.decode()

    assert "<strong>1 of 2</strong> will go to" in page
    assert "<strong>Stays.</strong> The complaint is closed to them." in page
    assert "Goes to Dan Morris" in page
    assert "Dan Morris: 0 open; may take 1 of 2" in page
    assert "Reassign 1 complaint</button>" in page


def test_whoever_dealt_with_an_earlier_stage_cannot_be_chosen(house, coordinator, browse):
    story = Story(house, "code-2024").answered(Role.LINE_MANAGER).asked()
    manager = house[Role.LINE_MANAGER]
    client = browse(coordinator)

    page = client.post(URL, {"complaint": ticked(story.complaint)}).content.decode()
    refused = send(client, [story.complaint], manager)

    box = re.search(rf'<input[^>]*name="officer" value="{manager.pk}"[^>]*>', page).group()
    assert "disabled" in box
    assert "They dealt with an earlier stage" in page
    assert refused.status_code == 422
    assert "They dealt with an earlier stage" in refused.content.decode()
    assert manager.name not in officers(story.complaint)


def test_what_somebody_declared_is_told_before_the_complaints_are_given_to_them(
    house, coordinator, dan, browse
):
    eve = UserFactory(name="Eve Park", roles=[(Role.RESPONSIBLE_OFFICER, None)])
    sam = CustomerFactory(name="Nobody yet", postcode="HB1 1AA")
    for_sam, other = house.lodge(customer=sam), house.lodge(customer=CustomerFactory())
    for person, postcode in ((dan, "HB1 1AA"), (eve, "")):
        declare_interest(
            relation="my brother", name="Sam Lee", postcode=postcode, by=person, now=NOW
        )
    Customer.objects.filter(pk=sam.pk).update(name="Sam Lee")
    client = browse(coordinator)

    asked = client.post(URL, {"complaint": ticked(for_sam, other), "which": "selected"})
    alone = client.post(URL, {"complaint": ticked(for_sam), "which": "selected"})
    checked = send(client, [for_sam, other], dan, step="check")

    told = asked.content.decode()
    assert re.search("Dan Morris[^<]*may take 1 of 2", told)
    assert re.search("Eve Park[^<]*may concern one of these customers", told)
    assert not re.search("Dan Morris[^<]*may concern", told)
    assert "my brother" not in told
    box = rf'<input[^>]*name="officer" value="{dan.pk}"[^>]*>'
    assert "disabled" in re.search(box, alone.content.decode()).group()
    assert "The complaint is closed to them." in checked.content.decode()


def test_whoever_has_it_already_is_not_offered(house, coordinator, browse):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]

    response = send(browse(coordinator), [complaint], officer)

    assert response.status_code == 422
    assert "It is theirs already." in response.content.decode()


def test_a_deputy_is_named_and_told(house, coordinator, dan, browse):
    complaint = house.lodge()
    deputy = UserFactory(name="Eve Hall", roles=[Role.RESPONSIBLE_OFFICER])
    Absence.objects.create(
        user=dan, deputy=deputy, first_day=TODAY, last_day=TODAY + timedelta(days=4)
    )
    client = browse(coordinator)

    asked = client.post(URL, {"complaint": ticked(complaint)}).content.decode()
    send(client, [complaint], dan)

    assert "away until Fri 26 Jun, Eve Hall stands in" in asked
    told = OutboundMessage.objects.filter(kind="assigned", to_user=deputy).get()
    assert told.subject == f"Complaint {complaint.reference} is now yours to cover"
    assert "for whom you stand in" in told.body


@pytest.mark.parametrize("why", ["excluded", "restricted"])
def test_a_deputy_to_whom_it_is_closed_is_not_told(house, coordinator, dan, why):
    complaint = house.lodge()
    deputy = UserFactory(roles=[Role.RESPONSIBLE_OFFICER])
    Absence.objects.create(user=dan, deputy=deputy, first_day=TODAY, last_day=TODAY)
    if why == "excluded":
        Exclusion.objects.create(complaint=complaint, user=deputy, reason="subject")
    else:
        Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)
        AccessEntry.objects.create(complaint=complaint, user=coordinator)

    [result] = reassign_each(
        [Wanted(complaint.pk, complaint.version)], by=coordinator, now=NOW, officer_id=dan.pk
    )

    assert result.is_done
    assert OutboundMessage.objects.filter(kind="assigned", to_user=dan).exists()
    assert not OutboundMessage.objects.filter(kind="assigned", to_user=deputy).exists()


def test_all_that_match_are_the_ones_of_the_filter(house, coordinator, dan, browse):
    by_email, by_phone = house.lodge(channel="email"), house.lodge()

    page = browse(coordinator).post(URL, {"which": "all", "filters": "channel=email"})

    html = page.content.decode()
    assert by_email.reference in html
    assert by_phone.reference not in html
    assert 'name="filters" value="channel=email"' in html


def test_more_than_fit_are_done_in_turns(house, coordinator, browse, monkeypatch):
    for _ in range(3):
        house.lodge()
    monkeypatch.setattr("cases.views.bulk.MOST_AT_ONCE", 2)
    monkeypatch.setattr("cases.views.reassign.MOST_AT_ONCE", 2)

    html = browse(coordinator).post(URL, {"which": "all", "filters": ""}).content.decode()

    assert "Reassign 2 complaints" in html
    assert "There are more than 2: these are the first 2." in html


def test_too_many_at_once_change_nothing(house, coordinator, dan):
    complaint = house.lodge()
    wanted = [Wanted(complaint.pk, complaint.version)] * (MOST_AT_ONCE + 1)

    with pytest.raises(ActionNotAllowed, match="at most 100"):
        reassign_each(wanted, by=coordinator, now=NOW, officer_id=dan.pk)

    assert "Dan Morris" not in officers(complaint)


def test_a_new_service_area_moves_them_there(house, coordinator, dan, browse):
    complaint = house.lodge()

    send(browse(coordinator), [complaint], dan, area=house.other_team.code)

    complaint.refresh_from_db()
    assert complaint.service_area == house.other_team


def test_what_was_not_accepted_yet_stays(house, coordinator, dan, browse):
    waiting = house.lodge(triaged=False, officer_id=None)

    page = browse(coordinator).post(URL, {"complaint": ticked(waiting)}).content.decode()
    [result] = reassign_each(
        [Wanted(waiting.pk, waiting.version)], by=coordinator, now=NOW, officer_id=dan.pk
    )

    assert "It has not been accepted yet: accept it on its own page." in page
    assert result.refusal == "It has not been accepted yet: accept it on its own page."


def test_without_an_area_one_must_be_chosen(house, coordinator, dan):
    complaint = house.lodge(area_id=None, officer_id=None)
    wanted = [Wanted(complaint.pk, complaint.version)]

    [refused] = reassign_each(wanted, by=coordinator, now=NOW, officer_id=dan.pk)
    [done] = reassign_each(
        wanted, by=coordinator, now=NOW, officer_id=dan.pk, area_id=house.team.pk
    )

    assert refused.refusal == "It has no service area yet: choose one."
    assert done.is_done


def test_of_another_managers_complaints_none_is_changed(house, dan, browse):
    elsewhere = house.lodge(area_id=house.other_team.pk)
    manager = house[Role.LINE_MANAGER]

    response = send(browse(manager), [elsewhere], dan)
    [result] = reassign_each(
        [Wanted(elsewhere.pk, elsewhere.version)], by=manager, now=NOW, officer_id=dan.pk
    )

    assert response.url.startswith(reverse("cases:queue"))
    assert "not open to you" in result.refusal
    assert "Dan Morris" not in officers(elsewhere)


@pytest.mark.parametrize(
    "role", [Role.RESPONSIBLE_OFFICER, Role.FRONT_LINE, Role.AUDITOR, Role.PANEL_MEMBER]
)
def test_others_do_not_reassign(house, dan, browse, role):
    complaint = house.lodge()
    client = browse(house[role])

    assert client.get(URL).status_code == 403
    assert send(client, [complaint], dan).status_code == 403
    assert "Dan Morris" not in officers(complaint)


@pytest.mark.parametrize(
    "value", ["", "NONSENSE", "KX7M-2QPD-6:x", ":", "a:99999999999999999999", "\x00:1"]
)
def test_nothing_that_arrives_breaks_it(house, coordinator, browse, value):
    response = browse(coordinator).post(URL, {"complaint": value, "filters": "%ff\n=&page=x"})

    assert response.status_code == 302
    assert response.url.startswith("/complaints/?")


def test_with_nothing_done_yet_the_page_leads_to_the_list(house, coordinator, browse):
    assert "No complaint is chosen" in browse(coordinator).get(URL).content.decode()


def test_what_moved_out_of_sight_is_counted_and_not_shown(house, dan, browse):
    complaint = house.lodge()
    client = browse(house[Role.LINE_MANAGER])

    send(client, [complaint], dan, area=house.other_team.code)

    page = client.get(URL).content.decode()
    assert "1 of 1 complaint reassigned to Dan Morris" in page
    assert "1 more is no longer open to you." in page
    assert complaint.reference not in page


def test_the_whole_load_of_an_officer_is_counted_but_what_is_closed_to_the_reader(
    house, dan, browse
):
    """A manager sees that somebody of another team is busy, and learns no more than a number."""
    manager = house[Role.LINE_MANAGER]
    elsewhere = {"area_id": house.other_team.pk, "officer_id": dan.pk}
    for _ in range(3):
        house.lodge(**elsewhere)
    restricted, about_them = house.lodge(**elsewhere), house.lodge(**elsewhere)
    Complaint.objects.filter(pk=restricted.pk).update(level="restricted")
    Exclusion.objects.create(complaint=about_them, user=manager, reason="subject")

    client = browse(manager)
    page = client.post(URL, {"complaint": ticked(house.lodge())}).content.decode()

    assert "Dan Morris: 3 open" in page
    assert "counts all that they hold, in every service area" in page


def test_choosing_takes_the_same_queries_however_many_are_chosen(
    house, coordinator, dan, browse, django_assert_max_num_queries, django_assert_num_queries
):
    complaints = [house.lodge(), house.lodge(customer=CustomerFactory())]
    client = browse(coordinator)
    client.post(URL, {"complaint": ticked(*complaints)})
    with django_assert_max_num_queries(18) as few:
        client.post(URL, {"complaint": ticked(*complaints)})
    complaints += [house.lodge() for _ in range(20)]

    with django_assert_num_queries(len(few.captured_queries)):
        client.post(URL, {"complaint": ticked(*complaints)})


def test_a_manager_of_a_restricted_complaint_is_one_on_its_list(house, dan, browse):
    manager = house[Role.LINE_MANAGER]
    complaint = house.lodge()
    Complaint.objects.filter(pk=complaint.pk).update(level=Level.RESTRICTED.value)
    client = browse(manager)

    assert send(client, [complaint], dan).url.startswith("/complaints/")

    AccessEntry.objects.create(complaint=complaint, user=manager)
    send(client, [complaint], dan)

    assert officers(complaint) == ["Dan Morris"]


@saying_why(SLOW)
def test_stage_acts_still_find_their_officer_after_it(house, coordinator, dan):
    complaint = house.lodge()
    reassign_each(
        [Wanted(complaint.pk, complaint.version)], by=coordinator, now=NOW, officer_id=dan.pk
    )
    complaint.refresh_from_db()

    answering.acknowledge(
        complaint_id=complaint.pk,
        by=dan,
        now=NOW,
        seen=complaint.version,
        on=TODAY,
        telling=stage_acts.Telling("phone"),
    )

    complaint.refresh_from_db()
    assert complaint.acknowledged_on == TODAY


def test_closed_complaints_and_those_of_others_stay_and_say_why(house, dan, browse):
    """A manager may read what they logged themselves, wherever it lies."""
    manager = house[Role.LINE_MANAGER]
    elsewhere = house.lodge(area_id=house.other_team.pk, by=manager)
    closed = house.lodge()
    withdraw(
        complaint_id=closed.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=NOW,
        seen=closed.version,
        on=TODAY,
        words="No.",
    )
    closed.refresh_from_db()

    html = send(browse(manager), [elsewhere, closed], dan, step="check").content.decode()

    assert "<strong>0 of 2</strong> will go to" in html
    assert "This is for the " in html
    assert "The complaint is closed. Reopen it first." in html
    assert "Reassign 0" not in html
    assert ">Check</button>" in html


def test_giving_it_to_whoever_has_it_is_refused(house, coordinator):
    complaint = house.lodge()
    officer = house[Role.RESPONSIBLE_OFFICER]

    [result] = reassign_each(
        [Wanted(complaint.pk, complaint.version)], by=coordinator, now=NOW, officer_id=officer.pk
    )

    assert result.refusal == "It is theirs already."
