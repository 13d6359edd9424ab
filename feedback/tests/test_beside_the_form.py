"""Beside the form: quicker ways, the form on paper, and putting it away to come back to it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cases.models import Landlord
from cases.rules.own_words import own_words, whole_summary
from feedback.forms.journey import STEPS
from feedback.forms.paper import paper_sections
from feedback.forms.step import SoFar
from feedback.models import Draft, FormFile
from feedback.operations.housekeeping import clear_up
from feedback.rules.kinds import Kind
from feedback.selectors.exits import SETTING
from feedback.tests.conftest import NOW
from feedback.tests.factories import COMPLAINT, PNG, STORY, Visitor, changed
from feedback.tests.tracking import words

UNFINISHED = {code: COMPLAINT[code] for code in ("kind", "for-whom", "what-happened")}


def main_of(answer) -> str:
    """Return what a page shows between its header and its footer."""
    return words(answer).split("<main")[1].split("</main")[0]


@pytest.fixture(autouse=True)
def _no_waiting(db):
    cache.clear()


# Quicker ways -------------------------------------------------------------------------------------


@pytest.mark.one_database
@pytest.mark.rule("LV-2")
@pytest.mark.parametrize("procedure", ["code-2024", "herefordshire", "livv-two-stage"])
def test_every_procedures_form_has_all_five_ways_with_the_right_to_complain(
    house, visitor, procedure
):
    if procedure != "code-2024":
        house.run(procedure)
    start = words(visitor.get("/let-us-know/"))

    ways = re.findall(r'href="(/let-us-know/instead/[a-z]+/)"', start)

    assert [way.split("/")[-2] for way in ways] == list(SETTING)
    for way in ways:
        page = visitor.get(way)
        assert page.status_code == 200
        assert "You can still complain" in words(page)
        assert 'href="/let-us-know/kind/"' in words(page)
    assert visitor.get("/let-us-know/instead/lost-keys/").status_code == 404


@pytest.mark.one_database
@pytest.mark.parametrize("code", SETTING)
def test_a_way_leads_where_the_landlord_says_and_else_to_its_own_telephone(house, visitor, code):
    path = f"/let-us-know/instead/{code}/"
    Landlord.objects.update(telephone="", **dict.fromkeys(SETTING.values(), ""))
    alone = main_of(visitor.get(path))
    Landlord.objects.update(telephone="0151 555 0100")
    by_ours = main_of(visitor.get(path))
    Landlord.objects.update(**{SETTING[code]: "0300 555 0777"})
    by_number = main_of(visitor.get(path))

    assert "Write a letter, or come to any of our offices" in alone
    assert "</a>." not in alone.replace("999</a>.", "").replace("0800 111 999</a>.", "")
    assert 'href="tel:01515550100"' in by_ours
    assert "This is our own number" in by_ours
    assert 'href="tel:03005550777"' in by_number
    assert "This is our own number" not in by_number


@pytest.mark.one_database
def test_a_way_may_lead_to_a_page_on_the_web(house, visitor):
    Landlord.objects.update(council_contact="Ask at https://www.council.example/streets <now>")

    page = main_of(visitor.get("/let-us-know/instead/council/"))

    assert '<a href="https://www.council.example/streets"' in page
    assert "&lt;now&gt;" in page


# On paper -----------------------------------------------------------------------------------------


@pytest.mark.one_database
def test_the_form_on_paper_asks_every_question_of_the_form_on_the_web(db):
    topics = [("damp", "Damp and mould")]
    on_paper = {
        question.words for section in paper_sections(topics) for question in section.questions
    }

    on_the_web = {
        str(field.label)
        for step in STEPS
        if step.code != "files"
        for kind in Kind
        for is_other in (False, True)
        for so_far in [SoFar(kind, is_other, ("phone", "email", "post"), topics)]
        if step.applies(so_far)
        for field in step(so_far=so_far).fields.values()
    }

    assert on_the_web - on_paper <= {"How does it affect them?"}


def test_the_form_on_paper_says_where_to_post_it(house, visitor):
    page = words(visitor.get("/let-us-know/paper/"))

    assert "It counts from the day on which we get it." in page
    assert "I rent my home from you" in page


# When it happened ---------------------------------------------------------------------------------


def test_when_it_happened_is_part_of_the_complaint_and_not_of_what_is_said_back(visitor):
    sent = visitor.tell(changed(COMPLAINT, what_happened={"happened": "Since Friday, 5 June"}))

    assert "When it happened: Since Friday, 5 June" in sent.complaint.summary
    assert own_words(sent.complaint.summary) == STORY
    assert whole_summary("It broke.") == "It broke."


# Later --------------------------------------------------------------------------------------------


def put_away(visitor: Visitor) -> str:
    """Save what was typed, and return the code."""
    return code_on(visitor.post("/let-us-know/save/"))


def code_on(page) -> str:
    """Return the code that stands on a page."""
    found = re.search(r"<strong>([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})</strong>", words(page))
    assert found, words(page)
    return found[1]


def test_what_was_put_away_is_found_in_another_browser_where_it_was_left(house, visitor):
    visitor.fill(UNFINISHED)
    code = put_away(visitor)
    other = Visitor()

    answer = other.post("/let-us-know/come-back/", {"code": code.lower().replace("-", " ")})

    assert answer["Location"] == "/let-us-know/when/"
    assert STORY in words(other.get("/let-us-know/what-happened/"))
    rest = {code: page for code, page in COMPLAINT.items() if code not in UNFINISHED}
    assert other.tell(rest).complaint is not None


@pytest.mark.one_database
def test_what_was_put_away_in_welsh_goes_on_in_welsh_with_its_receipt(house):
    with time_machine.travel(NOW, tick=False):
        welsh = Visitor(prefix="/cy")
        welsh.fill(UNFINISHED)
        saved = words(welsh.post("/let-us-know/save/"))
        code = re.search(r"<strong>([0-9A-Z]{4}(?:-[0-9A-Z]{4}){2})</strong>", saved)[1]
        other = Visitor()

        answer = other.post("/let-us-know/come-back/", {"code": code})

        other.prefix = "/cy"
        sent = other.tell({step: COMPLAINT[step] for step in COMPLAINT if step not in UNFINISHED})
        receipt = words(other.get(f"/let-us-know/sent/{sent.reference}/"))
    assert "/cy/let-us-know/come-back/</strong>" in saved
    assert answer["Location"] == "/cy/let-us-know/when/"
    assert '<html lang="cy"' in receipt
    assert sent.complaint.customer.language == "Welsh"


@pytest.mark.one_database
def test_a_language_that_is_offered_no_more_is_not_gone_on_in(house, visitor):
    visitor.fill(UNFINISHED)
    code = put_away(visitor)
    Draft.objects.update(language="xx")

    answer = Visitor().post("/let-us-know/come-back/", {"code": code})

    assert answer["Location"] == "/let-us-know/when/"


def test_the_browser_that_put_it_away_shows_nothing_of_it_any_more(house, visitor):
    visitor.fill(UNFINISHED)

    put_away(visitor)

    assert "let_us_know" not in {
        name for name, each in visitor.client.cookies.items() if each.value
    }
    assert visitor.get("/let-us-know/what-happened/").status_code == 404


def test_a_code_brings_it_back_once_and_a_wrong_one_never(house, visitor):
    visitor.fill(UNFINISHED)
    code = put_away(visitor)

    wrong = Visitor().post("/let-us-know/come-back/", {"code": "AAAA-BBBB-CCCC"})
    first = Visitor().post("/let-us-know/come-back/", {"code": code})
    second = Visitor().post("/let-us-know/come-back/", {"code": code})

    assert (wrong.status_code, first.status_code, second.status_code) == (422, 302, 422)
    assert code not in Draft.objects.get().code_hash


LATER = {"do": "later"}


def test_what_stands_on_the_page_is_put_away_too_right_or_wrong(house, visitor):
    visitor.fill({"kind": COMPLAINT["kind"], "for-whom": COMPLAINT["for-whom"]})
    typed = {"words": "I cannot carry my shop" + "y" * 10_000}

    code = code_on(visitor.post("/let-us-know/what-happened/", typed | LATER))

    other = Visitor()
    answer = other.post("/let-us-know/come-back/", {"code": code})
    assert answer["Location"] == "/let-us-know/what-happened/"
    assert "I cannot carry my shop" in words(other.answer_to(answer))
    assert visitor.get("/let-us-know/what-happened/").status_code == 404


def test_a_file_that_was_only_chosen_is_put_away_too_and_a_bad_one_is_told_of_later(house, visitor):
    visitor.fill({code: COMPLAINT[code] for code in COMPLAINT if code != "files"})
    chosen = [SimpleUploadedFile("lift.png", PNG), SimpleUploadedFile("game.exe", b"MZ")]

    code = code_on(visitor.post("/let-us-know/files/", {"uploads": chosen, **LATER}))

    other = Visitor()
    other.post("/let-us-know/come-back/", {"code": code})
    page = words(other.get("/let-us-know/files/"))
    assert "lift.png" in page
    assert "game.exe" in page
    assert FormFile.objects.count() == 1


def test_a_page_that_was_open_for_too_long_puts_nothing_away_and_keeps_what_was_typed(house):
    visitor = Visitor(client=Client(enforce_csrf_checks=True))
    typed = {"kind": "complaint"}

    answer = visitor.post("/let-us-know/kind/", typed | LATER)

    assert answer.status_code == 403
    assert "press the button again" in words(answer)
    assert not Draft.objects.exists()


def test_the_button_on_each_page_sends_what_stands_there(house, visitor):
    visitor.fill(COMPLAINT)

    for code in ("what-happened", "files"):
        page = visitor.get(f"/let-us-know/{code}/").content.decode()
        assert page.count('form="page" name="do" value="later"') == 1
        assert page.count('id="page"') == 1


def test_files_come_back_with_it(house, visitor):
    visitor.fill(COMPLAINT, files=[SimpleUploadedFile("lift.png", PNG)])
    code = put_away(visitor)
    other = Visitor()

    other.post("/let-us-know/come-back/", {"code": code})

    assert "lift.png" in words(other.get("/let-us-know/check/"))
    assert FormFile.objects.count() == 1


def test_what_nobody_comes_back_for_is_deleted_after_thirty_days(house, visitor):
    visitor.fill(UNFINISHED)
    put_away(visitor)

    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        clear_up(now=NOW + timedelta(days=31))

    assert not Draft.objects.exists()


def test_there_is_nothing_to_put_away_where_nothing_was_typed(house, visitor):
    assert visitor.post("/let-us-know/save/").status_code == 404
    assert visitor.get("/let-us-know/save/").status_code == 302


def test_whoever_speaks_for_somebody_can_come_back_too(house, visitor):
    form = changed(COMPLAINT, for_whom={"for_whom": "other"})
    visitor.fill({code: form[code] for code in ("kind", "for-whom")})
    code = put_away(visitor)

    answer = Visitor().post("/let-us-know/come-back/", {"code": code})

    assert answer["Location"] == "/let-us-know/person/"
