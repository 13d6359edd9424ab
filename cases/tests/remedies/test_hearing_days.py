"""On which days a hearing can be held."""

import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse

from cases.models import Absence
from cases.rules.hearing_days import HearingDays, hearing_days
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.tests.case_page.situations import SITUATIONS, Act, Story
from cases.tests.fixtures import at

TODAY = date(2026, 6, 22)


@pytest.fixture
def story(house):
    """Return an appeal under Herefordshire that waits for its panel."""
    return Story(house, "herefordshire").before_the_panel()


@pytest.mark.rule("HH-22")
@pytest.mark.rule("HH-23")
def test_the_panel_can_meet_between_the_papers_and_its_own_limit(story):
    history = history_of(story.complaint)

    days = hearing_days(history.state, history.stage, history.calendar, today=TODAY)

    # The papers go five working days before; it was asked for on 17 June.
    assert (days.first, days.last) == (date(2026, 6, 29), date(2026, 7, 15))
    assert days.words.startswith("Any working day from Mon 29 Jun 2026 to Wed 15 Jul 2026")


def test_when_no_day_is_left_it_is_said():
    days = HearingDays(date(2026, 7, 16), date(2026, 7, 15))

    assert days.words.startswith("No day leaves time")


def test_a_procedure_without_a_limit_names_the_first_day_alone():
    assert "from Mon 29 Jun 2026 on" in HearingDays(date(2026, 6, 29), None).words


@pytest.mark.rule("HH-21")
def test_a_hearing_is_not_arranged_for_a_sunday(story, house, client):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    url = reverse("cases:arrange-hearing", args=[story.complaint.reference])
    sent = SITUATIONS[Act.ARRANGE_HEARING].data(story)

    with time_machine.travel(at(TODAY), tick=False):
        shown = client.get(url)
        page = client.post(url, {**sent, "hearing_on_day": "5"})

    assert "leaves time for notice and papers" in shown.content.decode()
    assert "Choose a working day" in str(page.context["form"].errors["hearing_on"])


def test_a_day_is_picked_from_those_in_time_minding_who_is_away(client, house):
    story = SITUATIONS[Act.ARRANGE_HEARING].lead(house)
    member = house.people[Role.PANEL_MEMBER]
    Absence.objects.create(
        user=member,
        deputy=house.people[Role.DIRECTOR],
        first_day=date(2026, 6, 30),
        last_day=date(2026, 6, 30),
    )
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    address = reverse("cases:arrange-hearing", args=[story.complaint.reference])

    with time_machine.travel(at(TODAY)):
        page = client.get(address)
        typed = {"seen": story.complaint.version, "place": "Town Hall", "members": member.pk}
        picked = client.post(address, {**typed, "pick": "2026-07-01"})
        wrong = client.post(address, {**typed, "pick": "tomorrow"})

    days = {each["words"]: each["away"] for each in page.context["days"]}
    assert list(days)[:3] == ["Mon 29 Jun", "Tue 30 Jun", "Wed 1 Jul"]
    assert days["Tue 30 Jun"] == [member.name]
    assert days["Wed 1 Jul"] == []
    assert f"(away: {member.name})" in page.content.decode()
    assert 'form="act-form" name="pick" value="2026-07-01"' in page.content.decode()
    # Enter presses the first button of the form, which picks no day.
    assert (
        re.search(r'<button[^>]*form="act-form"[^>]*>', page.content.decode())[0].count("pick") == 0
    )
    shown = picked.context["form"]
    assert shown["hearing_on"].value()[:3] == ("1", "7", "2026")
    # What was typed before is there still, and nothing is said against what is not typed yet.
    assert shown["place"].value() == "Town Hall"
    assert [str(each) for each in shown["members"].value()] == [str(member.pk)]
    assert not shown.errors
    assert wrong.context["form"]["place"].value() == "Town Hall"
    story.complaint.refresh_from_db()
    assert not story.complaint.events.filter(kind="hearing_arranged").exists()
