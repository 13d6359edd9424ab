"""A page is shown in another language with what was typed into it, and nothing is sent by that."""

import re

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.models import Landlord, RecordedEvent
from feedback.models import Draft, SurveyAnswer
from feedback.tests.factories import PNG, Visitor
from feedback.tests.live_forms import EVERY, OTHERS, begun

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("now"), pytest.mark.one_database]
IN_WELSH = {"do": "language"}
WORDS = "Mae’r lifft wedi torri: “again” & again."
MISTAKES = "govuk-error-summary"

# What somebody may have typed into a form that is open, and not finished.
TYPED = {
    "question": {"words": WORDS},
    "survey": {"words": WORDS},
    "next stage": {"reasons": WORDS},
    "speaking": {"name": WORDS},
    "wishes": {"needs": WORDS},
    "withdraw": {"words": WORDS},
    "breach": {"words": WORDS},
    "question of somebody else": {"words": WORDS},
    "consent of somebody else": {"words": WORDS},
    "receipt of somebody else": {"words": WORDS},
    "finding a complaint": {"reference": WORDS},
    "code of a receipt": {"code": WORDS},
    "coming back": {"code": WORDS},
}


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


def shown(answer) -> str:
    """Return a page as somebody reads it who knows no codes of HTML."""
    page = answer.content.decode()
    return page.replace("&amp;", "&").replace("&#x27;", "'")


@pytest.mark.parametrize("name", TYPED)
def test_what_is_typed_is_there_in_the_other_language_and_nothing_is_done(house, name):
    live = OTHERS[name](house)
    before = RecordedEvent.objects.count()

    answer = live.client.post(f"/cy{live.path}", {**IN_WELSH, **TYPED[name]})

    assert answer.status_code == 200
    assert '<html lang="cy"' in shown(answer)
    assert WORDS in shown(answer)
    assert MISTAKES not in shown(answer)
    assert RecordedEvent.objects.count() == before
    assert not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("name", [*TYPED, "add", "small form"])
def test_a_form_with_words_has_buttons_for_languages_that_send_it(house, name):
    live = OTHERS[name](house)

    page = live.client.get(live.shown_at).content.decode()

    [button] = re.findall(r'<button[^>]*value="language"[^>]*lang="cy"[^>]*>', page)
    assert f'formaction="/cy{live.shown_at}"' in button
    assert 'form="page"' in button
    assert len(re.findall(r'<form\b[^>]*\bid="page"', page)) == 1


def test_a_page_of_the_form_keeps_what_is_half_done_and_says_nothing_yet_of_mistakes():
    visitor = begun("about-you")
    half = {"name": WORDS, "email": "not yet"}

    answer = visitor.client.post("/cy/let-us-know/about-you/", {**IN_WELSH, **half})

    assert answer["Location"] == "/cy/let-us-know/about-you/?half=yes"
    page = shown(visitor.client.get(answer["Location"]))
    assert WORDS in page
    assert MISTAKES not in page
    assert MISTAKES in shown(visitor.client.get("/cy/let-us-know/about-you/"))


def test_an_answer_that_was_chosen_is_chosen_in_the_other_language(house):
    live = OTHERS["consent"](house)

    answer = live.client.post(f"/cy{live.path}", {**IN_WELSH, "answer": "no"})

    assert answer.status_code == 200
    assert re.search(r'value="no"[^>]* checked', shown(answer))
    assert live.client.get(live.path).status_code == 200


def test_whoever_finds_what_they_typed_gone_is_told_so(house):
    visitor = Visitor()

    answer = visitor.client.post(
        "/cy/let-us-know/what-happened/", {**IN_WELSH, "words": WORDS}, follow=True
    )

    assert "Cadwasom yr hyn" in shown(answer)


def test_what_was_not_sent_stands_beside_no_link_by_which_it_is_lost(house):
    live = OTHERS["withdraw"](house)
    live.client.post("/track/sign-out/")

    page = shown(live.client.post(live.path, {"words": WORDS}))

    assert WORDS in page
    assert "house-languages" not in page
    assert "house-languages" in shown(live.client.get(live.path))


def test_no_page_with_a_box_to_type_in_has_links_by_which_its_words_are_lost(house):
    lost = []
    for name, make in EVERY.items():
        cache.clear()
        live = make(house)
        page = live.client.get(live.shown_at).content.decode()
        # What only machines fill in is no box.
        boxes = re.findall(r'<textarea[^>]*>|<input[^>]*type="(?:text|email|tel)"[^>]*>', page)
        has_box = any("fax_number" not in each for each in boxes)
        if has_box and 'rel="alternate"' in page:
            lost.append(name)
    assert lost == []


def test_a_browser_that_typed_nothing_is_given_nothing_to_keep(visitor):
    answer = visitor.client.post("/cy/let-us-know/kind/", IN_WELSH)

    assert answer["Location"] == "/cy/let-us-know/kind/?half=yes"
    assert not answer.cookies
    assert not Draft.objects.exists()


def test_a_file_that_was_chosen_is_added_before_the_form_is_shown_in_another_language(house):
    visitor: Visitor = begun("files")
    chosen = SimpleUploadedFile("lift.png", PNG)

    answer = visitor.client.post("/cy/let-us-know/files/", {**IN_WELSH, "uploads": chosen})

    assert answer["Location"] == "/cy/let-us-know/files/?half=yes"
    assert "lift.png" in shown(visitor.client.get(answer["Location"]))


def test_words_to_be_added_wait_there_though_the_page_is_left(house):
    live = OTHERS["add"](house)

    live.client.post(f"/cy{live.path}", {**IN_WELSH, "words": WORDS})

    assert WORDS in shown(live.client.get(live.path))


def test_what_waits_to_be_added_is_there_with_its_file(house):
    live = OTHERS["add"](house)
    before = RecordedEvent.objects.count()
    typed = {"words": WORDS, "uploads": SimpleUploadedFile("lift.png", PNG)}

    answer = live.client.post(f"/cy{live.path}", {**IN_WELSH, **typed})

    assert answer["Location"] == f"/cy{live.path}"
    page = shown(live.client.get(answer["Location"]))
    assert WORDS in page
    assert "lift.png" in page
    assert RecordedEvent.objects.count() == before


def test_whoever_chose_files_for_an_answer_is_told_to_choose_them_again(house):
    live = OTHERS["question"](house)
    typed = {"words": WORDS, "uploads": SimpleUploadedFile("lift.png", PNG)}

    answer = live.client.post(f"/cy{live.path}", {**IN_WELSH, **typed})

    assert WORDS in shown(answer)
    assert "Dewiswch eich ffeiliau eto" in shown(answer)


def test_the_small_form_shows_what_was_typed_in_its_frame_and_keeps_it_nowhere(visitor):
    Landlord.objects.update(frame_origins="https://www.example.org")
    typed = {"kind": "suggestion", "words": WORDS}

    answer = visitor.client.post("/cy/let-us-know/small/", {**IN_WELSH, **typed})

    assert WORDS in shown(answer)
    assert 'value="suggestion" checked' in shown(answer)
    assert "frame-ancestors https://www.example.org" in answer["Content-Security-Policy"]
    assert not answer.cookies
    assert not Draft.objects.exists()
