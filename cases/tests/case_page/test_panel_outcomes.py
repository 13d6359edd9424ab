"""The outcome of a hearing: what the panel decides, what it finds, and what puts it right."""

from dataclasses import replace

import pytest
import time_machine
from django.urls import reverse

from cases.errors import LetterIncomplete
from cases.models import Letter
from cases.operations import hearing
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.rules.acts import Act
from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import checklist, compulsory_parts
from cases.rules.parts import Part
from cases.rules.roles import Role
from cases.tests.case_page.situations import NOW, SITUATIONS, TODAY, Story
from cases.tests.fixtures import written_elsewhere
from cases.tests.rules.strategies import TERMS

COORDINATOR = Role.COMPLAINTS_COORDINATOR
PANELS = [(code, stage) for code, terms in TERMS.items() for stage in terms.stages if stage.panel]
REMEDY = Part.REMEDY.words
WAYS = [Telling("post", "The panel met."), Telling("email", "The panel met.")]


@pytest.fixture
def story(house):
    """Return a complaint that was heard; Stage 2 had upheld it."""
    return Story(house, "herefordshire").heard()


def send(story, answer: Answer | None, telling: Telling, decision=PanelDecision.CHANGED):
    """Send the outcome."""
    story.act(
        hearing.send_outcome, COORDINATOR, TODAY, on=TODAY, answer=answer, decision=decision,
        telling=telling,
    )  # fmt: skip


@pytest.fixture
def look(client, story):
    """Return how the form answers to a preview, or while one types."""
    client.force_login(story.house[COORDINATOR])
    address = reverse("cases:send-outcome", args=[story.complaint.reference])
    typed = SITUATIONS[Act.SEND_OUTCOME].data(story)

    def looked(data: dict, **how: str):
        with time_machine.travel(NOW, tick=False):
            client.force_login(story.house[COORDINATOR])
            return client.post(address, {**typed, **data, **how})

    return looked


def line_of(page, words: str) -> bool | None:
    """Return whether a part is there, by the list beside the form."""
    return {each.must.words: each.is_there for each in page.context["checklist"].lines}[words]


# What puts it right ------------------------------------------------------------------------------


@pytest.mark.rule("K3-18", "KF-19", "HH-25")
@pytest.mark.parametrize(
    ("code", "stage"), PANELS, ids=lambda each: str(getattr(each, "code", each))
)
def test_every_panel_that_finds_something_wrong_says_what_puts_it_right(code, stage):
    asked = compulsory_parts(LetterKind.OUTCOME, stage)
    sent_back = compulsory_parts(LetterKind.OUTCOME, stage, is_sent_back=True)

    assert Part.REMEDY in asked, code
    assert Part.REMEDY not in sent_back


@pytest.mark.parametrize("outcome", [Outcome.UPHELD, Outcome.PARTLY_UPHELD])
@pytest.mark.parametrize("telling", WAYS, ids=lambda telling: telling.channel)
def test_a_panel_that_puts_nothing_right_sends_no_letter(story, outcome, telling):
    before = story.complaint.version

    with pytest.raises(LetterIncomplete, match=REMEDY):
        send(story, Answer(outcome), telling)

    story.complaint.refresh_from_db()
    assert story.complaint.version == before
    assert not Letter.objects.filter(kind="outcome").exists()


@pytest.mark.parametrize(
    ("answer", "decision"),
    [
        (Answer(Outcome.UPHELD, remedy_words=["We apologise."]), PanelDecision.CHANGED),
        (Answer(Outcome.NOT_UPHELD), PanelDecision.CHANGED),
        (None, PanelDecision.RE_INVESTIGATE),
    ],
    ids=["something puts it right", "nothing went wrong", "it is sent back"],
)
def test_where_it_is_put_right_or_need_not_be_the_outcome_goes(story, answer, decision):
    send(story, answer, WAYS[0], decision)

    assert Letter.objects.filter(kind="outcome").count() == 1


def test_the_writer_of_an_outcome_written_elsewhere_vouches_for_what_puts_it_right(story):
    whole = written_elsewhere(story.complaint)
    lacking = [each for each in whole.contains if each != Part.REMEDY.value]
    answer = Answer(Outcome.UPHELD)

    with pytest.raises(LetterIncomplete, match=REMEDY):
        send(story, answer, replace(whole, contains=lacking))
    send(story, answer, whole)

    assert Letter.objects.get(kind="outcome").channel == "letter_elsewhere"


def test_the_form_misses_what_puts_it_right_as_one_types_and_in_the_preview(look):
    found = {"decision": "changed", "outcome": "partly_upheld", "channel": "post"}

    live = look(found, check="live")
    preview = look(found, preview="yes")
    right = {**found, "remedies": ["apology"]}

    assert line_of(live, REMEDY) is False
    assert f"[missing: {REMEDY}]" in preview.content.decode()
    assert line_of(look(right, check="live"), REMEDY) is True
    assert "[missing" not in look(right, preview="yes").content.decode()


# The two decisions -------------------------------------------------------------------------------


@pytest.mark.rule("HH-24")
def test_the_form_says_what_the_decision_before_was_beside_the_choice(client, story):
    with time_machine.travel(NOW, tick=False):
        client.force_login(story.house[COORDINATOR])
        address = reverse("cases:send-outcome", args=[story.complaint.reference])
        page = client.get(address).content.decode()

    assert "The earlier decision: upheld. It was given in Stage 2, review by a Director," in page
    assert "Agrees with the decision of Stage 2, so that it stands" in page
    assert "Decision upheld" not in page


def test_a_letter_that_lacks_a_part_is_not_said_to_go_as_it_is(look):
    agrees = {"decision": "upheld", "outcome": "partly_upheld", "channel": "post"}

    lacking = look(agrees, preview="yes").content.decode()
    whole = look({**agrees, "remedies": ["apology"]}, preview="yes").content.decode()

    assert "The panel agrees with the decision of Stage 2, which was: upheld." in lacking
    assert "it can go as it is" not in lacking
    assert "it can go as it is" in whole


@pytest.mark.rule("HH-24")
def test_the_preview_advises_where_decision_and_finding_contradict_and_lets_it_go(story, look):
    agrees = {"decision": "upheld", "outcome": "not_upheld", "channel": "post"}

    advised = look(agrees, preview="yes").content.decode()
    changed = look({**agrees, "decision": "changed"}, preview="yes").content.decode()
    sent = look(agrees)

    said = "The panel agrees with the decision of Stage 2, which was: upheld."
    assert said in advised
    assert "The panel agrees" in advised
    assert said not in changed
    assert sent.status_code == 302
    story.complaint.refresh_from_db()
    assert (story.complaint.panel_decision, story.complaint.outcome) == ("upheld", "not_upheld")


def test_what_a_panel_must_say_is_listed_before_anything_is_typed():
    for _, stage in PANELS:
        listed = {each.part for each in checklist(LetterKind.OUTCOME, stage)}
        assert Part.REMEDY in listed
