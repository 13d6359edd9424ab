"""Who else has a complaint open: told at once, forgotten soon, and never more than may be known."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases.models import AccessEntry, Exclusion, Level, Presence
from cases.operations.presence import FORGOTTEN, HERE, come_in, forget_who_looked, who_else
from cases.rules.acts import Act
from cases.rules.roles import Role
from cases.tests.case_page.situations import NOW
from cases.tests.factories import UserFactory

OFFICER, MANAGER = Role.RESPONSIBLE_OFFICER, Role.LINE_MANAGER
COORDINATOR = Role.COMPLAINTS_COORDINATOR


@pytest.fixture
def complaint(house):
    return house.lodge()


def look(complaint, house, role, *, now=NOW, act=None):
    user = house[role] if isinstance(role, Role) else role
    return come_in(complaint, user=user, now=now, act=act)


def test_whoever_opens_a_complaint_sees_who_else_has_it_open(complaint, house):
    assert look(complaint, house, OFFICER) == ""
    name = house[OFFICER].name
    assert look(complaint, house, COORDINATOR) == f"Also here now: {name}"
    look(complaint, house, OFFICER, act=Act.RESPOND)
    assert look(complaint, house, COORDINATOR) == f"Also here now: {name} (writing: Respond)"


def test_whoever_went_away_is_here_no_more(complaint, house):
    look(complaint, house, OFFICER)

    assert look(complaint, house, COORDINATOR, now=NOW + HERE) == ""


def test_nobody_is_here_who_has_another_complaint_open(complaint, house):
    look(house.lodge(), house, OFFICER)

    assert look(complaint, house, COORDINATOR) == ""


def test_nobody_is_named_to_whom_it_is_closed_by_now_or_who_has_left(complaint, house):
    leaver = UserFactory(roles=[COORDINATOR])
    look(complaint, house, leaver)
    look(complaint, house, OFFICER)
    Exclusion.objects.create(complaint=complaint, user=house[OFFICER], reason="conflict")
    leaver.is_active = False
    leaver.save()

    assert look(complaint, house, COORDINATOR) == ""


def test_nobody_is_named_who_was_taken_off_the_list_of_a_restricted_complaint(complaint, house):
    look(complaint, house, OFFICER)
    complaint.level = Level.RESTRICTED.value
    complaint.save(update_fields=["level"])
    AccessEntry.objects.create(complaint=complaint, user=house[COORDINATOR])

    assert look(complaint, house, COORDINATOR) == ""


@pytest.mark.parametrize("role", [Role.PANEL_MEMBER, Role.AUDITOR])
def test_whoever_only_looks_on_neither_is_named_nor_learns_a_name(complaint, house, role):
    look(complaint, house, OFFICER)

    assert look(complaint, house, role) == ""
    assert not Presence.objects.filter(user=house[role]).exists()


def test_looking_again_soon_writes_nothing(complaint, house, django_assert_num_queries):
    user = house[OFFICER]
    assert user.scope.roles
    come_in(complaint, user=user, now=NOW)

    with django_assert_num_queries(1):
        come_in(complaint, user=user, now=NOW + timedelta(seconds=20))
    with django_assert_num_queries(1):
        who_else(complaint, user=user, now=NOW + timedelta(seconds=41))
    with django_assert_num_queries(2):
        come_in(complaint, user=user, now=NOW + timedelta(seconds=41))


def test_it_is_forgotten_who_looked(complaint, house):
    look(complaint, house, OFFICER)

    assert forget_who_looked(now=NOW + FORGOTTEN) == 0
    assert forget_who_looked(now=NOW + FORGOTTEN + timedelta(seconds=1)) == 1


def test_the_pages_say_it_without_a_script_and_to_whoever_asks_again(
    complaint, house, client, time_machine
):
    time_machine.move_to(NOW, tick=False)
    name = house[OFFICER].name
    client.force_login(house[OFFICER])
    client.get(reverse("cases:note", args=[complaint.reference]))
    client.force_login(house[MANAGER])

    told = f"Also here now: {name} (writing: Add a note)"
    here = reverse("cases:here", args=[complaint.reference])
    assert told in client.get(complaint.get_absolute_url()).content.decode()
    assert told in client.get(reverse("cases:note", args=[complaint.reference])).content.decode()
    assert client.get(here, {"act": "note"}).content.decode() == told
    client.force_login(house[OFFICER])
    told = client.get(here, {"act": "nothing"}).content.decode()
    assert told == f"Also here now: {house[MANAGER].name} (writing: Add a note)"


def test_whoever_leaves_the_page_is_no_longer_named(complaint, house, client, time_machine):
    time_machine.move_to(NOW, tick=False)
    look(complaint, house, OFFICER)
    look(complaint, house, MANAGER)
    here = reverse("cases:here", args=[complaint.reference])
    client.force_login(house[OFFICER])

    left = client.get(here, {"gone": "yes"})

    assert (left.status_code, left.content) == (200, b"")
    named = who_else(complaint, user=house[COORDINATOR], now=NOW)
    assert named == f"Also here now: {house[MANAGER].name}"


def test_whoever_has_done_what_they_came_for_is_no_longer_named_as_writing(
    complaint, house, client, time_machine
):
    time_machine.move_to(NOW, tick=False)
    note = reverse("cases:note", args=[complaint.reference])
    client.force_login(house[OFFICER])
    client.get(note)
    assert who_else(complaint, user=house[MANAGER], now=NOW)
    day = {"on_day": NOW.day, "on_month": NOW.month, "on_year": NOW.year}

    refused = client.post(note, {"seen": complaint.version, **day, "words": ""})
    assert refused.status_code == 422
    assert who_else(complaint, user=house[MANAGER], now=NOW)
    client.post(note, {"seen": complaint.version, **day, "words": "She rang."})

    assert who_else(complaint, user=house[MANAGER], now=NOW) == ""
