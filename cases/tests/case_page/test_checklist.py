"""The list of what a letter must say, beside every form that sends one and before its approver."""

from dataclasses import replace

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from cases.models import Landlord, Letter, LetterTemplate, RecordedEvent, Representative
from cases.rules.acts import Act
from cases.rules.letter_approvals import APPROVABLE
from cases.rules.letter_facts import LetterKind
from cases.rules.letter_parts import ANSWERING, IN_WRITING, checklist
from cases.rules.letter_templates import problems_with, shipped
from cases.rules.parts import Part
from cases.rules.roles import Role
from cases.rules.stage_letters import StageLetters
from cases.selectors.case_history import history_of
from cases.tests.case_page.situations import LATE, NOW, SITUATIONS, Story, day, told
from cases.tests.rules.strategies import TERMS
from cases.views.acts.all import ACT_PAGES

COORDINATOR, OFFICER = Role.COMPLAINTS_COORDINATOR, Role.RESPONSIBLE_OFFICER
WRITING = [act for act, page in ACT_PAGES.items() if page.letter_kind and act in SITUATIONS]
# What is there as soon as the act can be done: the hearing was arranged somewhere.
ARRANGED = {Part.PLACE}
MONEY = {Part.AMOUNT, Part.BASIS}


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


def asked_of(act: Act, story: Story) -> list:
    """Return what the letter of an act must say."""
    is_late = "late_because" in SITUATIONS[act].data(story)
    stage = history_of(story.complaint).stage
    return checklist(ACT_PAGES[act].letter_kind, stage, is_late=is_late)


def written(act: Act, story: Story) -> set[Part]:
    """Return the parts of its letter that somebody has to write or choose."""
    parts = {each.part for each in asked_of(act, story) if each.part}
    told_back = {Part.DEFINITION} if ACT_PAGES[act].letter_kind in ANSWERING else set()
    return {part for part in parts if part.is_written or part in MONEY} - ARRANGED - told_back


def live(client: Client, url: str, data: dict):
    """Return the list as it is answered while somebody writes."""
    page = client.post(url, {**data, "check": "live"})
    assert page.status_code == 200
    return page.context["checklist"]


def lines(page) -> dict[str, bool | None]:
    """Return each line of the list on a page, and whether it is there."""
    return {each.must.words: each.is_there for each in page.context["checklist"].lines}


# Every act that sends a letter -------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.parametrize("act", WRITING, ids=lambda act: act.value)
def test_every_act_that_sends_a_letter_lists_its_parts_and_judges_them_as_one_types(act, house):
    situation = SITUATIONS[act]
    story = situation.lead(house)
    data = situation.data(story) | {"channel": "post"}
    client, url = browser(house, situation.by), url_of(story, act)
    before = RecordedEvent.objects.count()

    shown = client.get(url)
    nothing = live(client, url, {"seen": data["seen"], "channel": "post"})
    whole = live(client, url, data)
    by_word = live(client, url, data | {"channel": "phone"})

    assert list(lines(shown)) == [each.words for each in asked_of(act, story)]
    assert "must say</h2>" in shown.content.decode()
    assert set(nothing.missing) == {part.words for part in written(act, story)}
    assert whole.missing == []
    # Nobody is turned away by word alone: a letter goes whatever is chosen.
    turns_away = ACT_PAGES[act].letter_kind in IN_WRITING
    assert by_word.note.startswith("No letter goes") is not turns_away
    assert RecordedEvent.objects.count() == before


def test_every_part_that_a_writer_answers_for_is_judged_in_one_of_the_letters(house):
    judged = set(ARRANGED)
    for act in WRITING:
        judged |= written(act, SITUATIONS[act].lead(house))

    assert {part for part in Part if part.is_written} <= judged


@pytest.mark.parametrize(
    "act", [Act.WITHDRAW, Act.CLOSE, Act.MOVE_PROMISE], ids=lambda act: act.value
)
def test_where_the_customer_need_not_be_told_the_list_is_of_a_letter_if_one_goes(act, house):
    story = SITUATIONS[act].lead(house)
    client, url = browser(house, SITUATIONS[act].by), url_of(story, act)

    shown = client.get(url).content.decode()
    untold = live(client, url, {"seen": str(story.complaint.version), "channel": "none"})

    assert "A letter, if one goes, must say" in shown
    assert untold.note.startswith("No letter goes")
    assert untold.missing == []


@pytest.mark.one_database
@pytest.mark.parametrize("act", WRITING, ids=lambda act: act.value)
def test_whoever_approves_a_letter_sees_that_each_of_its_parts_is_there(act, house):
    situation = SITUATIONS[act]
    story = situation.lead(house)
    Landlord.objects.update(approved_letters=[kind.value for kind in APPROVABLE])
    files = [f"file:{file.key}" for file in story.complaint.files.all()]
    papers = {"contents": files, "withheld_because": "The panel has it."}
    data = situation.data(story) | {"channel": "post"}
    data |= papers if act is Act.SEND_PAPERS else {}
    asked = browser(house, situation.by).post(url_of(story, act), data)
    assert asked.status_code == 302, asked.context["form"].errors
    decides = Role.DIRECTOR if situation.by is not Role.DIRECTOR else Role.ASSISTANT_DIRECTOR

    page = browser(house, decides).get(url_of(story, Act.APPROVE_LETTER))

    assert page.context["why_not"] == ""
    found = lines(page)
    assert [each.words for each in asked_of(act, story)] == list(found)
    assert set(found.values()) == {True}
    assert page.content.decode().count("<strong>is there</strong>") == len(found)


def test_the_approver_sees_what_settings_have_lost_since_the_letter_was_written(house):
    situation = SITUATIONS[Act.CLOSE]
    story = situation.lead(house)
    Landlord.objects.update(approved_letters=[LetterKind.CLOSING.value])
    client = browser(house, situation.by)
    client.post(url_of(story, Act.CLOSE), situation.data(story) | told("Thank you."))
    Landlord.objects.update(telephone="", email="")

    page = browser(house, Role.DIRECTOR).get(url_of(story, Act.APPROVE_LETTER))

    assert [words for words, there in lines(page).items() if not there] == [Part.REACH.words]


# What follows from the answers -------------------------------------------------------------------


@pytest.fixture
def answering(house):
    """Return how the list answers what is typed of an answer."""
    story = Story(house, "code-2024")
    client, url = browser(house, OFFICER), url_of(story, Act.RESPOND)
    typed = {
        "seen": str(story.complaint.version),
        "channel": "post",
        "outcome": "upheld",
        "letter": "The lift was mended.",
        **day("on", "22 6 2026"),
    }
    return lambda **more: live(client, url, {**typed, **more})


def words_of(found) -> list[str]:
    """Return the words of a list."""
    return [each.must.words for each in found.lines]


def test_an_amount_that_is_typed_adds_its_parts_to_the_list(answering):
    without = answering(remedies=["apology"])
    empty = answering(remedies=["financial"])
    typed = answering(remedies=["financial"], offer_delay="40", offer_basis="Two weeks.")
    nameless = answering(remedies=["financial"], offer_other="40", offer_basis="A lamp.")

    assert not {part.words for part in MONEY} & {*words_of(without), *words_of(empty)}
    assert {part.words for part in MONEY} < set(words_of(typed))
    assert (without.missing, typed.missing) == ([], [])
    assert empty.missing == [Part.REMEDY.words]
    assert nameless.missing == [Part.BASIS.words]


def test_a_deed_puts_it_right_once_its_day_is_given_and_a_promise_once_it_has_one(answering):
    deed = {"remedies": ["action"], "remedy_action": "We mend it."}
    promise = {"promising": "yes", "promise_1": "We mend it"}

    assert answering(**deed).missing == [Part.REMEDY.words]
    assert answering(**deed, **day("remedy_action_on", "26 6 2026")).missing == []
    assert answering(**promise).missing == [Part.REMEDY.words]
    assert answering(**promise, **day("promise_1_on", "26 6 2026")).missing == []
    assert answering(outcome="not_upheld").missing == []


def test_what_puts_one_point_right_counts_as_the_answer_would_take_it(house):
    story = Story(house, "code-2024").with_two_points()
    client, url = browser(house, OFFICER), url_of(story, Act.RESPOND)
    found = {f"finding_{n}": "upheld" for n in (1, 2)} | {f"reason_{n}": "Dust." for n in (1, 2)}
    typed = {"seen": str(story.complaint.version), "channel": "post", **found}

    assert live(client, url, typed).missing == [Part.REMEDY.words]
    assert live(client, url, typed | {"right_1": ["action"]}).missing == [Part.REMEDY.words]
    assert live(client, url, typed | {"right_1": ["apology"]}).missing == []
    assert Part.REASONS.words in live(client, url, typed | {"reason_2": " "}).missing


@pytest.mark.rule("HH-25")
def test_an_outcome_that_sends_it_back_needs_less_and_says_so(house):
    story = Story(house, "herefordshire").heard()
    client, url = browser(house, COORDINATOR), url_of(story, Act.SEND_OUTCOME)
    typed = {"seen": str(story.complaint.version), **told("It is looked at again.")}

    typed |= {"outcome": "upheld", "remedies": ["financial"], "offer_delay": "40"}

    back = live(client, url, typed | {"decision": "re-investigate"})
    decided = live(client, url, typed | {"decision": "changed"})

    assert (back.missing, decided.missing) == ([], [])
    more = {part.words for part in MONEY | {Part.REMEDY}}
    assert set(words_of(decided)) - set(words_of(back)) == more


def test_what_a_procedure_wants_of_an_answer_is_not_asked_of_one_that_sends_it_back():
    stage = replace(
        TERMS["herefordshire"].stage("stage-3"),
        letters=StageLetters(answer_parts=(Part.DECISION, Part.REMEDY, Part.ACTIONS, Part.APPEAL)),
    )

    back = checklist(LetterKind.OUTCOME, stage, is_sent_back=True)

    left_out = {each.part for each in checklist(LetterKind.OUTCOME, stage)}
    left_out -= {each.part for each in back}
    assert left_out == {Part.ACTIONS, Part.REMEDY, Part.APPEAL}


DEFINED = (Part.DEFINITION, Part.SOUGHT, Part.RESPONSIBLE)


def test_the_acknowledgement_lacks_the_complaint_while_no_point_is_written(house):
    story = Story(house, "code-2024")
    client, url = browser(house, COORDINATOR), url_of(story, Act.ACKNOWLEDGE)
    typed = {"seen": str(story.complaint.version), "channel": "post"}
    typed |= {"sought": "A lift that works.", "ours": "all", "late_because": "We were ill."}

    emptied = live(client, url, typed | {"new_1": " ", "letter": "We look into it."})
    written_down = live(client, url, typed | {"new_1": "The lift is out of order."})

    assert emptied.missing == [part.words for part in DEFINED]
    assert written_down.missing == []


# Code 5.6, 5.7
@pytest.mark.parametrize(
    ("typed", "missing"),
    [
        ({"sought": "A lift."}, [Part.RESPONSIBLE]),
        ({"ours": "all"}, [Part.SOUGHT]),
        ({"sought_unsaid": "on", "not_responsible": "The road."}, []),
    ],
    ids=["not what is ours", "not what is sought", "each in another way"],
)
def test_the_acknowledgement_lacks_what_is_sought_and_what_is_ours_until_it_is_said(
    house, typed, missing
):
    story = Story(house, "code-2024")
    client, url = browser(house, COORDINATOR), url_of(story, Act.ACKNOWLEDGE)
    sent = {"seen": str(story.complaint.version), "channel": "post", "new_1": "The lift."}
    sent |= {"late_because": "We were ill."}

    found = live(client, url, sent | typed)

    assert found.missing == [part.words for part in missing]


def test_elsewhere_the_customers_own_words_say_it_back_unless_points_would_be_lost(house):
    story = Story(house, "herefordshire").passed_on()
    client, url = browser(house, COORDINATOR), url_of(story, Act.ACKNOWLEDGE)
    typed = {"seen": str(story.complaint.version), "channel": "post"}
    typed |= LATE

    assert live(client, url, typed).missing == []
    assert live(client, url, typed | {"sought": "A new lift."}).missing == [Part.DEFINITION.words]


def test_the_place_of_a_hearing_is_looked_for_as_it_was_arranged(house):
    story = Story(house, "herefordshire").arranged()
    client, url = browser(house, COORDINATOR), url_of(story, Act.SEND_INVITATION)
    typed = {"seen": str(story.complaint.version), "channel": "post"}

    found = live(client, url, typed)

    assert {each.must.part: each.is_there for each in found.lines}[Part.PLACE] is True


# The question whether somebody may speak for the customer ----------------------------------------


@pytest.fixture
def question(house):
    """Return the page that asks about Kim, and how its list answers."""
    story = Story(house, "code-2024")
    speaker = Representative.objects.create(complaint=story.complaint, name="Kim Morgan")
    url = reverse("cases:representative-ask", args=[story.complaint.reference, speaker.pk])
    return browser(house, COORDINATOR), url, story


@pytest.mark.rule("HH-4", "KF-1")
def test_the_question_whether_somebody_may_speak_lists_what_it_must_say(question):
    client, url, _ = question

    shown = client.get(url)
    preview = client.post(url, {"seen": "1", "channel": "post", "preview": "yes"})

    assert list(lines(shown)) == [Part.SPEAKER.words, Part.ANSWER.words, Part.REACH.words]
    assert set(lines(preview).values()) == {True}
    assert "Nobody else can answer for you." in preview.content.decode()


@pytest.mark.rule("HH-4", "KF-1")
@pytest.mark.parametrize("left_out", ["{who speaks}", "{what comes next}"])
def test_no_question_goes_that_says_not_of_whom_or_how_to_answer(house, question, left_out):
    client, url, story = question
    words = shipped(LetterKind.CONSENT_REQUEST).replace(left_out, "Somebody")
    assert problems_with(LetterKind.CONSENT_REQUEST, words)
    LetterTemplate.objects.create(
        procedure=story.complaint.procedure_version.procedure,
        letter=LetterKind.CONSENT_REQUEST.value,
        number=1,
        text=words,
        made_at=NOW,
        made_by=house[Role.SYSTEM_ADMINISTRATOR],
    )
    before = RecordedEvent.objects.count()

    sent = client.post(url, {"seen": str(story.complaint.version), "channel": "post"})

    part = Part.SPEAKER if left_out == "{who speaks}" else Part.ANSWER
    assert sent.status_code == 422
    assert part.words in str(sent.context["form"].non_field_errors())
    assert not Letter.objects.exists()
    assert RecordedEvent.objects.count() == before
