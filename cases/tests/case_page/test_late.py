"""Late, honestly: why, whether it could be avoided, by when, and an apology in the letter."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from cases.errors import ActionNotAllowed, ReasonMissing
from cases.models import Letter, RecordedEvent
from cases.operations.delay import explain_delay
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import EventKind
from cases.rules.lateness import Lateness
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.case_page.situations import NOW, SITUATIONS, TODAY, Story

IN_TIME, LATE = date(2026, 6, 15), date(2026, 6, 16)
OFFICER, COORDINATOR = Role.RESPONSIBLE_OFFICER, Role.COMPLAINTS_COORDINATOR
WHY = "The post was slow."


@pytest.fixture
def story(house) -> Story:
    """Return a complaint of Monday 8 June, to be acknowledged by Monday 15 June."""
    return Story(house, "code-2024")


def apologise(story: Story, day: date = LATE, **more) -> Story:
    """Apologise for what is overdue, by post."""
    details = {"late_because": WHY, "avoidable": True, "done_by": date(2026, 6, 18)}
    return story.act(
        explain_delay, OFFICER, day, on=day, telling=Telling("post"), **{**details, **more}
    )


@pytest.mark.rule("HH-29")
@pytest.mark.parametrize("why", ["", "  "], ids=["nothing", "blank"])
def test_what_comes_late_asks_why(story, why):
    with pytest.raises(ReasonMissing, match="is late"):
        story.act(
            acknowledge,
            COORDINATOR,
            LATE,
            on=LATE,
            telling=Telling("post", "Thank you."),
            late=Lateness(why, avoidable=True),
        )

    assert not RecordedEvent.objects.filter(kind="acknowledged").exists()


@pytest.mark.rule("HH-29")
def test_the_apology_and_the_reason_reach_the_letter(story):
    story.act(
        acknowledge,
        COORDINATOR,
        LATE,
        on=LATE,
        telling=Telling("post", "Thank you."),
        late=Lateness(WHY, avoidable=True),
    )

    body = Letter.objects.get().body
    assert f"We are sorry that this letter is late. The reason is: {WHY}" in body
    event = RecordedEvent.objects.get(kind="acknowledged")
    assert event.facts["avoidable"] == "yes"
    assert "could" not in body.lower()


def test_in_time_nothing_is_asked_and_no_apology_made(story):
    story.act(
        acknowledge,
        COORDINATOR,
        IN_TIME,
        on=IN_TIME,
        telling=Telling("post", "Thank you."),
        late=Lateness(WHY, avoidable=True),
    )

    assert WHY not in Letter.objects.get().body
    assert "avoidable" not in RecordedEvent.objects.get(kind="acknowledged").facts


@pytest.mark.rule("HH-29")
def test_a_reminder_is_answered_with_an_apology_the_reason_and_a_day(story):
    apologise(story)

    body = Letter.objects.get().body
    assert "We are sorry. It will be done by Thursday 18 June 2026." in body
    assert WHY in body
    event = RecordedEvent.objects.get(kind=EventKind.DELAY_EXPLAINED)
    assert event.facts == {
        "timescale": "acknowledge",
        "of_stage": "stage-1",
        "of_visit": 1,
        "avoidable": "yes",
        "done_by": "2026-06-18",
        "channel": "post",
    }


def test_an_apology_moves_no_promise(story):
    before = story.complaint.next_due_on

    apologise(story)

    assert story.complaint.next_due_on == before


@pytest.mark.parametrize(
    ("more", "error", "words"),
    [
        ({"late_because": " "}, ReasonMissing, "Say why"),
        ({"done_by": date(2026, 6, 12)}, ActionNotAllowed, "has passed"),
        ({"day": IN_TIME}, ActionNotAllowed, "Nothing is overdue"),
    ],
    ids=["no reason", "a day that has passed", "nothing overdue"],
)
def test_an_apology_is_refused_without_what_makes_it_honest(story, more, error, words):
    with pytest.raises(error, match=words):
        apologise(story, **more)

    assert not Letter.objects.exists()


def test_the_form_of_a_late_act_asks_and_that_of_one_in_time_does_not(story, client):
    client.force_login(story.house[COORDINATOR])
    url = reverse("cases:acknowledge", args=[story.complaint.reference])
    typed = SITUATIONS[Act.ACKNOWLEDGE].data(story) | {"late_because": "", "avoidable": ""}

    with time_machine.travel(NOW, tick=False):
        refused = client.post(url, typed)
    with time_machine.travel(NOW.replace(day=15), tick=False):
        in_time = client.get(url)

    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"late_because", "avoidable"}
    assert "late_because" not in in_time.context["form"].fields
    assert TODAY > LATE
