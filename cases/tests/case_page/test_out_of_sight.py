"""Whoever loses sight of a complaint by their own act is told where it is and who has it."""

from datetime import date

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.urls import reverse

from cases.rules.acts import Act
from cases.rules.roles import Role
from cases.tests.case_page.situations import Story, day
from cases.tests.factories import UserFactory
from cases.tests.fixtures import at

OFFICER, COORDINATOR = Role.RESPONSIBLE_OFFICER, Role.COMPLAINTS_COORDINATOR
WORK = reverse("cases:my-work")
DAY = date(2026, 6, 16)
GONE = "You can no longer see it."


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel(at(DAY), tick=False):
        yield


@pytest.fixture
def act(client):
    """Do an act by its page, and return where it led and what was said."""

    def do(story, act, by, **data):
        client.force_login(by)
        complaint = story.complaint
        complaint.refresh_from_db()
        url = reverse(f"cases:{act.value}", args=[complaint.reference])
        on = day("on", f"{DAY.day} {DAY.month} {DAY.year}")
        response = client.post(url, {"seen": complaint.version, **on, **data})
        assert response.status_code == 302, response.context["form"].errors
        said = [str(each) for each in get_messages(response.wsgi_request)]
        complaint.refresh_from_db()
        return response["Location"], " ".join(said)

    return do


def ask(story, act, by):
    return act(story, Act.ESCALATE, by, channel="phone", reasons="Nobody came.")


def answered(house, code="code-2024"):
    return Story(house, code).answered(OFFICER)


def test_an_officer_who_asks_for_the_next_stage_is_told_who_has_it_and_goes_to_their_work(
    house, client, act
):
    story = answered(house)
    where, said = ask(story, act, house[OFFICER])

    assert where == WORK
    assert said.startswith("The request is recorded. It goes to Stage 2.")
    assert said.endswith(
        f"{story.complaint.reference} is at “Stage 2” now, where it waits for a complaints "
        f"coordinator or a manager to give it to somebody. {GONE}"
    )
    assert client.get(story.complaint.get_absolute_url()).status_code == 404
    assert client.get(where).status_code == 200


def test_whoever_still_sees_it_goes_back_to_it_and_is_told_of_no_loss(house, act):
    story = answered(house)

    where, said = ask(story, act, house[COORDINATOR])

    assert where == story.complaint.get_absolute_url()
    assert GONE not in said


def test_a_request_that_waits_for_a_decision_is_said_to_wait(house, act):
    story = Story(house, "first-ark-panel").answered()
    manager = UserFactory(roles=[OFFICER])
    type(story.complaint).objects.filter(pk=story.complaint.pk).update(responsible_officer=manager)

    where, said = ask(story, act, manager)

    assert where == WORK
    assert "now, where the request waits to be decided" in said
    assert said.endswith(GONE)


def test_an_officer_who_passes_it_on_to_another_is_told_whose_it_is(house, act):
    story = Story(house, "herefordshire")
    other = UserFactory(name="Kim Taker", roles=[OFFICER])

    where, said = act(story, Act.PASS_ON, house[OFFICER], words="Still open.", officer=other.pk)

    assert story.complaint.responsible_officer == other
    assert where == WORK
    assert said.endswith(f"now, with Kim Taker. {GONE}")
