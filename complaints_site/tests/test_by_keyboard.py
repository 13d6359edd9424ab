"""What the public comes here for, without script, by keyboard alone, four times as large.

Words stand as far apart as somebody may want them (WCAG 1.4.12). The form for a complaint of one's
own, with script, is in `test_feedback_in_browser.py`.
"""

import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.utils import timezone

from cases.models import Complaint, ConsentLink, Landlord, StoredFile, TrackingClosure
from cases.models.tracking import Proof
from cases.operations.tracking import hand_out_code
from cases.rules.roles import Role
from cases.tests.fixtures import House
from complaints_site.tests.browser import Window
from complaints_site.tests.keys import Keys
from complaints_site.tests.languages.states import FOR_ANOTHER
from feedback.forms.track import IN_HAND
from feedback.models import Draft, Submission, SurveyAnswer
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLIMENT, PNG, SUGGESTION, by_page, pages_of
from feedback.tests.live_forms import OTHERS
from feedback.tests.tracking import acknowledged

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.one_database,
]
PAPER = {"name": "paper.png", "mimeType": "image/png", "buffer": PNG}
CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")
Clock = time_machine.Traveller


@pytest.fixture
def clock(settings, tmp_path):
    """Stop the clock on a Wednesday, with nobody waiting."""
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False) as stopped:
        cache.clear()
        yield stopped


def asks_for_the_next_stage(keys: Keys, clock: Clock) -> None:
    keys.follow("Ask for Stage 2")
    keys.answer("reasons", "It is still broken.")
    keys.send()
    keys.sees("You have asked for the next stage.")
    assert Complaint.objects.get().stage == "stage-2"


def changes_how_they_are_reached(keys: Keys, clock: Clock) -> None:
    keys.follow("Change how we reach you")
    keys.answer("preferred", "post")
    keys.answer("letter_format", "large_print")
    keys.answer("needs", "Ring slowly")
    keys.send()
    keys.sees("We reach you like that from now on.")
    assert Complaint.objects.get().customer.letter_format == "large_print"


def lets_somebody_speak_and_stops_it(keys: Keys, clock: Clock) -> None:
    keys.follow("Say who may speak for you")
    keys.send("Let them speak for me")
    keys.sees("There is a problem")
    keys.answer("name", "Ann Lee")
    keys.answer("is_agreed", "on")
    keys.send("Let them speak for me")
    keys.sees("We know now that they may speak for you.")
    keys.follow("Say who may speak for you")
    keys.send("Do not talk to Ann Lee any more")
    keys.sees("We do not talk to them about this any more.")


def adds_words_and_a_paper(keys: Keys, clock: Clock) -> None:
    keys.follow("Add something, or send photos and papers")
    keys.answer("words", "It happened again.")
    keys.reach("[name=uploads]")
    # What the chooser of files does is the browser's own.
    keys.page.set_input_files("[name=uploads]", files=PAPER)
    keys.send("Add this file")
    keys.sees("Added, and not sent yet")
    keys.send("Send it to us")
    keys.sees("It is part of your complaint now")
    added = Complaint.objects.get().events.filter(facts__has_key="from_customer").get()
    assert added.words.parts["added"] == "It happened again."
    assert StoredFile.objects.filter(name=PAPER["name"]).exists()


def withdraws(keys: Keys, clock: Clock) -> None:
    keys.follow("Withdraw your complaint")
    keys.answer("words", "It works again.")
    keys.answer("is_sure", "on")
    keys.send("Withdraw my complaint")
    keys.sees("You have withdrawn your complaint.")
    assert not Complaint.objects.get().is_open


def tells_of_a_breach(keys: Keys, clock: Clock) -> None:
    keys.follow("I can see somebody else’s information")
    keys.answer("words", "In a letter.")
    keys.send("Tell us and close this page")
    keys.sees("We were told at once")
    assert TrackingClosure.objects.filter(opened_at=None).count() == 1


FOLLOWING: "dict[str, Callable[[Keys, Clock], None]]" = {
    "next stage": asks_for_the_next_stage,
    "wishes": changes_how_they_are_reached,
    "speaker": lets_somebody_speak_and_stops_it,
    "add": adds_words_and_a_paper,
    "withdraw": withdraws,
    "breach": tells_of_a_breach,
}


@pytest.mark.parametrize("does", FOLLOWING)
def test_whoever_follows_a_complaint_does_everything(
    open_window: Window, live_server, house: House, clock, does: str
):
    keys = Keys(open_window, live_server.url)
    keys.carry(OTHERS["add" if does == "speaker" else does](house).client.cookies)
    keys.goto("/track/complaint/")

    FOLLOWING[does](keys, clock)

    assert not keys.found, keys.found


def fill(keys: Keys, form: Any) -> None:
    """Go through every page of a form in its order, and give the answers where they are asked."""
    given = by_page(form)
    for step in pages_of(form):
        assert keys.page.url.endswith(f"/let-us-know/{step}/")
        for name, answer in given.get(step, {}).items():
            keys.answer(name, answer)
        keys.send("Continue")


def test_a_complaint_is_opened_by_its_reference_and_a_code_on_paper(
    open_window: Window, live_server, house: House, clock
):
    complaint = acknowledged(house)
    by = house[Role.COMPLAINTS_COORDINATOR]
    now = timezone.now()
    code = hand_out_code(complaint_id=complaint.pk, by=by, now=now, proof=Proof.POST)
    keys = Keys(open_window, live_server.url)
    keys.goto("/track/")

    keys.answer("reference", complaint.reference)
    keys.answer("how", IN_HAND)
    keys.send("Continue")
    keys.answer("code", code.lower())
    keys.send()

    assert keys.page.url.endswith("/track/complaint/")
    keys.sees("Your complaint")
    assert not keys.found, keys.found


@pytest.mark.parametrize(
    "form",
    [FOR_ANOTHER, COMPLIMENT, SUGGESTION],
    ids=["for another", "compliment", "suggestion"],
)
def test_a_form_is_filled_in_and_sent(open_window: Window, live_server, house, clock, form):
    keys = Keys(open_window, live_server.url)
    keys.goto("/let-us-know/kind/")

    fill(keys, form)
    clock.shift(60)
    keys.send()

    kind = form["kind"]["kind"]
    keys.sees(f"We have your {kind}")
    assert not keys.found, keys.found
    assert Submission.objects.get().kind == kind


def test_a_form_is_put_away_and_found_again_by_its_code(
    open_window: Window, live_server, house, clock
):
    keys = Keys(open_window, live_server.url)
    keys.goto("/let-us-know/kind/")
    keys.answer("kind", "complaint")
    keys.send("Continue")
    at = keys.page.url

    keys.answer("for_whom", "other")
    keys.reach("details:has([value=later], [action$='/save/']) summary")
    keys.page.keyboard.press("Enter")
    keys.send("Save it and come back later")
    keys.sees("It is saved, and not sent yet")
    code = CODE.search(keys.page.get_by_role("main").inner_text())
    assert code
    keys.goto("/let-us-know/come-back/")
    keys.answer("code", code[0].lower())
    keys.send()

    assert keys.page.url != at
    assert not keys.found, keys.found
    assert Draft.objects.get().answers["for-whom"]["for_whom"] == ["other"]


def test_a_question_a_consent_and_a_survey_behind_a_link_are_answered(
    open_window: Window, live_server, house, clock
):
    keys = Keys(open_window, live_server.url)
    asked = {name: OTHERS[name](house).path for name in ("question", "consent", "survey")}

    keys.goto(asked["question"])
    keys.answer("words", "We were there on Friday.")
    keys.send()
    keys.sees("Thank you")
    keys.goto(asked["consent"])
    keys.answer("answer", "yes")
    keys.send()
    keys.sees("Thank you")
    keys.goto(asked["survey"])
    keys.answer("overall", "4")
    keys.send()
    keys.sees("Thank you")

    assert not keys.found, keys.found
    assert ConsentLink.objects.get().used_at
    assert SurveyAnswer.objects.count() == 1


def test_what_is_begun_in_the_small_form_goes_on_in_the_long_one(
    open_window: Window, live_server, house, clock
):
    Landlord.objects.update(frame_origins="https://www.example.org")
    keys = Keys(open_window, live_server.url)
    keys.goto("/let-us-know/small/")

    keys.answer("kind", "complaint")
    keys.answer("words", "The lift is out of order.")
    keys.send()

    assert "/let-us-know/" in keys.page.url
    assert "small" not in keys.page.url
    assert not keys.found, keys.found
    assert "The lift is out of order." in str(Draft.objects.get().answers)


def test_the_proof_sees_a_page_that_has_to_be_pushed_sideways(
    open_window: Window, live_server, house, clock
):
    keys = Keys(open_window, live_server.url)
    keys.goto("/track/")
    assert not keys.found
    keys.page.evaluate("() => { document.querySelector('h1').textContent = 'W'.repeat(99) }")

    keys.look()

    assert keys.found
