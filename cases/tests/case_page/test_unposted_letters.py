"""Whoever ends a complaint or takes it further is told which letters still wait to be posted."""

from datetime import date

import pytest
from django.urls import reverse

from cases.models import Dispatch, Letter
from cases.operations.letters_posted import mark_posted
from cases.rules.act_words import LEAVING
from cases.rules.acts import Act
from cases.rules.roles import Role
from cases.selectors.unposted import unposted_words
from cases.tests.case_page.situations import TODAY, Story
from cases.tests.fixtures import at

pytestmark = pytest.mark.django_db
COORDINATOR, MANAGER = Role.COMPLAINTS_COORDINATOR, Role.LINE_MANAGER
ONE = (
    "One letter still waits to be posted: “Acknowledgement” of 9 June 2026. "
    "What you do here does not stop it."
)


@pytest.fixture
def story(house, time_machine) -> Story:
    """A complaint with an acknowledgement that waits to be posted, today."""
    time_machine.move_to(at(TODAY), tick=False)
    return Story(house, "code-2024").with_letter()


def about(story: Story, client, act: Act) -> list[str]:
    client.force_login(story.house[COORDINATOR])
    page = client.get(reverse(f"cases:{act.value}", args=[story.complaint.reference]))
    assert page.status_code == 200, act
    assert page.context["form"] is not None, page.context["why_not"]
    words = page.content.decode()
    assert all(each in words for each in page.context["about"])
    return page.context["about"]


@pytest.mark.parametrize("act", [Act.WITHDRAW, Act.REFER_ELSEWHERE, Act.MERGE])
def test_the_page_of_an_act_that_leaves_the_stage_names_what_still_waits(story, client, act):
    assert act in LEAVING
    assert ONE in about(story, client, act)


def test_an_answered_complaint_is_closed_with_its_unposted_letters_named(story, client):
    story.answered(by=Role.RESPONSIBLE_OFFICER)

    assert ONE in about(story, client, Act.CLOSE)
    assert ONE in about(story, client, Act.ESCALATE)


@pytest.mark.parametrize("act", [Act.NOTE, Act.ANNUL, Act.CHANGE_DETAILS])
def test_an_act_that_ends_nothing_or_stops_the_letters_says_nothing_of_them(story, client, act):
    client.force_login(story.house[COORDINATOR])
    page = client.get(reverse(f"cases:{act.value}", args=[story.complaint.reference]))

    assert "to be posted: “" not in page.content.decode()


def test_it_is_no_refusal(story, client):
    client.force_login(story.house[COORDINATOR])
    seen = {"seen": story.complaint.version, "words": "They moved away.", "channel": "none"}
    day = {"on_day": TODAY.day, "on_month": TODAY.month, "on_year": TODAY.year}
    client.post(reverse("cases:withdraw", args=[story.complaint.reference]), {**seen, **day})

    story.complaint.refresh_from_db()
    assert not story.complaint.is_open
    assert unposted_words(story.complaint) == ONE


def test_what_is_posted_does_not_wait_any_more_nor_what_a_provider_posts(story, client):
    letter = Letter.objects.get(complaint=story.complaint)
    dispatch = Dispatch.objects.create(
        complaint=story.complaint, letter=letter, kind="letter", state="queued", key="letter:1",
        mark="1", created_at=at(TODAY), next_try_at=at(TODAY),
    )  # fmt: skip
    assert unposted_words(story.complaint) == ""
    dispatch.delete()
    assert unposted_words(story.complaint) == ONE

    mark_posted(letter_id=letter.pk, by=story.house[COORDINATOR], now=at(TODAY), on=TODAY)

    assert unposted_words(story.complaint) == ""
    assert about(story, client, Act.MERGE)[-1] != ONE


def test_several_are_counted_in_words_and_the_first_five_named(story, django_assert_num_queries):
    letter = Letter.objects.get(complaint=story.complaint)
    for _ in range(6):
        letter.pk, letter.kind, letter.issued_at = None, "response", at(date(2026, 6, 15))
        letter.save(force_insert=True)

    with django_assert_num_queries(1):
        words = unposted_words(story.complaint)

    assert words.startswith("Seven letters still wait to be posted: “Acknowledgement” of 9 June")
    assert words.count("of 15 June 2026") == 4
    assert words.endswith("and 2 more. What you do here does not stop them.")


def test_the_letters_of_another_complaint_are_not_named(story, house):
    assert unposted_words(house.lodge()) == ""
