"""The same done with several complaints: looked at first, then a result for each."""

import pytest
from django.urls import reverse

from cases.models import Complaint, RecordedEvent
from cases.operations.note import add_note
from cases.operations.reassign import MOST_AT_ONCE, Wanted
from cases.operations.together import move_each, note_each
from cases.rules.roles import Role
from cases.tests.case_page.situations import NOW

COORDINATOR, OFFICER = Role.COMPLAINTS_COORDINATOR, Role.RESPONSIBLE_OFFICER


@pytest.fixture
def manager(house, client, time_machine):
    """The line manager's browser, today."""
    time_machine.move_to(NOW, tick=False)
    client.force_login(house[Role.LINE_MANAGER])
    return client


@pytest.fixture
def two(house):
    return [house.lodge(), house.lodge()]


def sent(complaints, **answers):
    return {
        "filters": "view=open",
        "complaint": [f"{each.reference}:{each.version}" for each in complaints],
        **answers,
    }


def test_a_note_is_looked_at_first_and_then_added_to_each(manager, two):
    url = reverse("cases:together")
    asked = sent(two, what="note", words="The contractor changed on 1 June.", step="check")

    first = manager.post(url, sent(two)).content.decode()
    assert "What do you want to do with them?" in first
    checked = manager.post(url, asked).content.decode()
    assert checked.count("Gets the note") == 2
    assert "Add the note to 2 complaints" in checked
    assert not RecordedEvent.objects.filter(kind="noted").exists()

    done = manager.post(url, {**asked, "step": "do"}, follow=True).content.decode()
    assert "2 of 2 complaints given the note" in done
    for each in two:
        assert each.events.get(kind="noted").words.parts == {"note": asked["words"]}


def test_complaints_are_moved_to_another_area_and_stay_with_their_officer(manager, house, two):
    url = reverse("cases:together")
    asked = sent(two, what="move", area=house.other_team.code, step="check")

    checked = manager.post(url, asked).content.decode()
    assert checked.count(f"Goes to {house.other_team.name}") == 2
    add_note(complaint_id=two[0].pk, by=house[OFFICER], now=NOW, words="He rang.")
    done = manager.post(url, {**asked, "step": "do"}, follow=True).content.decode()

    assert "1 of 2 complaints moved to Lettings" in done
    two[1].refresh_from_db()
    assert two[1].service_area == house.other_team
    assert two[1].responsible_officer == house[OFFICER]
    two[0].refresh_from_db()
    assert two[0].service_area == house.team
    assert "It changed meanwhile" in done


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({}, "what"),
        ({"what": "note", "words": " "}, "words"),
        ({"what": "move", "area": ""}, "area"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_lost(manager, two, answers, error):
    page = manager.post(reverse("cases:together"), sent(two, step="check", **answers))

    assert page.status_code == 422
    assert error in page.context["form"].errors
    assert page.content.decode().count('name="complaint"') == 2


def test_what_is_not_theirs_is_neither_shown_nor_noted(manager, house, two):
    hidden = house.lodge(area_id=house.other_team.pk, officer_id=None, by=house[COORDINATOR])
    asked = sent([*two, hidden], what="note", words="Words.", step="do")

    page = manager.post(reverse("cases:together"), asked, follow=True).content.decode()

    assert hidden.reference not in page
    assert not hidden.events.filter(kind="noted").exists()


def test_nothing_ticked_leads_back_to_the_list(manager):
    page = manager.post(reverse("cases:together"), {"filters": "view=open"}, follow=True)

    assert "Tick the complaints first." in page.content.decode()
    assert "No complaint is chosen" in manager.get(reverse("cases:together")).content.decode()


def test_one_that_is_refused_does_not_stop_the_others(house, two):
    house_of_both = [Wanted(each.pk, each.version) for each in two]
    move_each(house_of_both[:1], by=house[COORDINATOR], now=NOW, area_id=house.other_team.pk)

    results = move_each(
        [Wanted(each.pk, each.version) for each in Complaint.objects.order_by("pk")],
        by=house[COORDINATOR],
        now=NOW,
        area_id=house.other_team.pk,
    )

    assert [each.refusal for each in results] == ["It is there already.", ""]
    results = note_each(house_of_both, by=house[Role.PANEL_MEMBER], now=NOW, words="No.")
    assert all(each.refusal for each in results)


def test_looking_takes_as_many_queries_for_many_as_for_two(
    manager, house, two, django_assert_max_num_queries
):
    many = [*two, *(house.lodge() for _ in range(6))]
    asked = sent(many, what="note", words="Words.", step="check")
    manager.post(reverse("cases:together"), asked)

    with django_assert_max_num_queries(9):
        manager.post(reverse("cases:together"), asked)
    assert len(many) < MOST_AT_ONCE
