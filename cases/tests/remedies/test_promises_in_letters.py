"""Every promise in a letter is a commitment, whatever letter it is (Code 7.3)."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.errors import ActionNotAllowed
from cases.models import Letter, RecordedEvent, Representative
from cases.operations import close
from cases.operations.promising import Promised
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.letter_facts import LetterKind
from cases.rules.roles import Role
from cases.tests.case_page.situations import NOW, SITUATIONS, TODAY, Story, day, told
from cases.views.acts.all import ACT_PAGES

COORDINATOR, OFFICER = Role.COMPLAINTS_COORDINATOR, Role.RESPONSIBLE_OFFICER
WRITING = [act for act, page in ACT_PAGES.items() if page.letter_kind and act in SITUATIONS]
CLOSING = [act for act in WRITING if ACT_PAGES[act].letter_kind is LetterKind.CLOSING]
OTHERS = [act for act in WRITING if act not in CLOSING]


@pytest.fixture(autouse=True)
def _on_a_monday():
    with time_machine.travel(NOW, tick=False):
        yield


def browser(house, who: Role) -> Client:
    """Return the browser of somebody by role."""
    client = Client()
    client.force_login(house[who])
    return client


def url_of(story: Story, act: Act) -> str:
    """Return the address of an act."""
    return reverse(f"cases:{act.value}", args=[story.complaint.reference])


def promising(keeper: str = "") -> dict[str, str]:
    """Return what the form sends of one promise."""
    return {
        "promising": "yes",
        "promise_1": "We paint the door",
        **day("promise_1_on", "17 7 2026"),
        "promise_1_keeper": keeper,
    }


def sent(story: Story, act: Act, **more):
    """Send the form of an act with a promise, as the browser of whoever does it."""
    situation = SITUATIONS[act]
    files = [f"file:{file.key}" for file in story.complaint.files.all()]
    papers = {"contents": files, "withheld_because": "The panel has it."}
    data = situation.data(story) | (papers if act is Act.SEND_PAPERS else {})
    return browser(story.house, situation.by).post(url_of(story, act), {**data, **more})


@pytest.mark.one_database
@pytest.mark.parametrize("act", OTHERS, ids=lambda act: act.value)
@pytest.mark.parametrize("channel", ["post", "phone"])
def test_what_any_letter_promises_is_owed_from_then_on_and_stands_in_it(act, channel, house):
    story = SITUATIONS[act].lead(house)
    if channel == "phone" and act in (Act.UPDATE, Act.EXTEND, Act.SEND_PAPERS):
        return
    manager = house[Role.LINE_MANAGER]
    letters = Letter.objects.count()

    page = sent(story, act, channel=channel, **promising(f"person-{manager.pk}"))

    if page.status_code == 422:
        # What must be told in writing is not told by telephone, and then promises nothing.
        assert (channel, list(page.context["form"].errors)) == ("phone", ["channel"])
        assert not story.complaint.deadlines.filter(due_on="2026-07-17").exists()
        return
    owed = story.complaint.deadlines.promised().get(due_on="2026-07-17")
    assert (owed.keeper_id, owed.state) == (manager.pk, "open")
    if channel == "post":
        assert Letter.objects.count() == letters + 1
        body = Letter.objects.latest("pk").body
        assert body.count("We paint the door, by Friday 17 July 2026.") == 1


@pytest.mark.one_database
@pytest.mark.parametrize("act", OTHERS, ids=lambda act: act.value)
def test_a_promise_without_a_day_is_refused_beside_its_question(act, house):
    story = SITUATIONS[act].lead(house)
    before = RecordedEvent.objects.count()

    page = sent(story, act, channel="post", promising="yes", promise_1="We paint the door")

    assert page.status_code == 422
    assert "promise_1_on" in page.context["form"].errors
    assert RecordedEvent.objects.count() == before


@pytest.mark.parametrize("act", CLOSING, ids=lambda act: act.value)
def test_a_letter_that_closes_asks_for_no_promise(act, house):
    story = SITUATIONS[act].lead(house)

    page = browser(house, SITUATIONS[act].by).get(url_of(story, act))

    assert "promising" not in page.context["form"].fields


def test_nor_does_the_operation_let_a_letter_that_closes_promise_anything(house):
    story = Story(house, "code-2024").answered()
    telling = Telling("post", "Done.", promises=[Promised("We paint the door", TODAY)])
    before = RecordedEvent.objects.count()

    with pytest.raises(ActionNotAllowed, match="stays open until that is done"):
        story.act(close.close, COORDINATOR, TODAY, on=TODAY, words="", telling=telling)

    assert RecordedEvent.objects.count() == before


def test_a_promise_to_somebody_who_is_not_told_is_refused(house):
    story = SITUATIONS[Act.MOVE_PROMISE].lead(house)

    page = sent(story, Act.MOVE_PROMISE, channel="none", **promising())

    assert page.status_code == 422
    assert "how the customer is told" in str(page.context["form"].errors["promising"])


@pytest.mark.rule("HH-4")
def test_the_question_who_speaks_can_promise_too(house):
    story = Story(house, "code-2024")
    speaker = Representative.objects.create(complaint=story.complaint, name="Kim Morgan")
    url = reverse("cases:representative-ask", args=[story.complaint.reference, speaker.pk])

    browser(house, COORDINATOR).post(url, {"seen": "1", **told(""), **promising()})

    assert story.complaint.deadlines.promised().filter(due_on="2026-07-17").exists()
    assert "We paint the door" in Letter.objects.get().body


# Advice ------------------------------------------------------------------------------------------


def advised(story: Story, act: Act, **typed) -> list[str]:
    """Return what the preview advises about promises."""
    page = sent(story, act, preview="yes", **typed)
    assert page.status_code == 200, page.context["form"].errors
    return [each for each in page.context["rehearsal"].advice if each.startswith("You promise")]


def test_the_preview_advises_to_record_what_is_promised_in_free_words(house):
    story = Story(house, "code-2024")
    words = "The lift is mended. We will paint the door by 17 July."

    found = advised(story, Act.RESPOND, letter=words)
    recorded = advised(story, Act.RESPOND, letter=words, **promising())

    assert found == [
        "You promise: “We will paint the door by 17 July.” Record it as a promise, with its day "
        "and who keeps it, so that it is chased."
    ]
    assert recorded == []


def test_what_is_owed_by_that_day_already_needs_no_advice(house):
    story = SITUATIONS[Act.UPDATE].lead(house)
    due = story.complaint.deadlines.filter(met_on=None).latest("due_on").due_on

    answer = advised(story, Act.UPDATE, letter=f"You will have our answer by {due:%-d %B}.")
    moved = advised(
        SITUATIONS[Act.MOVE_PROMISE].lead(house),
        Act.MOVE_PROMISE,
        letter="The surveyor is ill. She will come on 3 July.",
        channel="post",
    )

    assert (answer, moved) == ([], [])


def test_the_reason_beside_a_point_is_read_for_promises_too(house):
    story = Story(house, "code-2024").with_two_points()
    found = {f"finding_{n}": "upheld" for n in (1, 2)} | {"reason_1": "Dust.", "right_1": "apology"}

    told_so = advised(story, Act.RESPOND, **found, reason_2="We will ring you on Tuesday.")

    assert len(told_so) == 1
