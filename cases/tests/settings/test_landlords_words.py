"""The landlord's own words in other languages: saved, shown, and looked at again."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from cases.errors import ActionNotAllowed, SettingChanged
from cases.models import (
    Category,
    Landlord,
    LetterTemplate,
    OutsideBodyDetails,
    SettingsChange,
    Thing,
    TranslatedText,
)
from cases.operations.landlords_words import SaidThere, say_in_language
from cases.operations.letter_tongues import tongue_for
from cases.rules.landlords_words import LONGEST_WORDS
from cases.rules.languages import LANGUAGES
from cases.selectors.landlords_texts import (
    SECTIONS,
    TextState,
    in_language,
    section_called,
    texts_of,
)
from cases.selectors.landlords_words import read_once
from cases.selectors.running import in_force_on
from cases.selectors.settings_history import last_change
from cases.selectors.settings_page import Section, needs_attention
from cases.selectors.speaking import in_one_line, is_proof_read, machine_note, ours
from cases.tests.settings.conftest import NOW

TODAY = NOW.date()
HOURS, LLUN = "Monday to Friday, 9 to 5", "Dydd Llun i ddydd Gwener, 9 tan 5"
REACH, WORDS_PAGE = "/settings/words/cy/reach/", "/settings/words/"
ENGLISH = "\ue000{}\ue001"


@pytest.fixture
def landlord(house) -> Landlord:
    """Return a landlord with opening hours and two offices."""
    Landlord.objects.update(opening_hours=HOURS, offices="Quay Office: Mondays\nTown Office: daily")
    return Landlord.objects.get()


def text_of(key: str, section: str = "reach"):
    [found] = [each for each in stands(section) if each.text.key == key]
    return found


def stands(section: str = "reach"):
    found = section_called(section)
    assert found is not None
    return in_language(texts_of(found, today=TODAY), "cy")


def say(by, key: str, words: str, *, section: str = "reach", seen=None, **more) -> int:
    wanted = SaidThere(mark=text_of(key, section).text.mark, words=words)
    found = section_called(section)
    assert found is not None
    return say_in_language(
        {key: replace(wanted, **more)}, section=found, language="cy", by=by, now=NOW, seen=seen
    )


def in_welsh(words: str) -> str:
    with translation.override("cy"):
        return ours(words)


# What is shown -------------------------------------------------------------------------------


def test_what_is_translated_is_said_in_that_language_and_in_english_as_before(landlord, admin):
    assert in_welsh(HOURS) == ENGLISH.format(HOURS)

    assert say(admin, "landlord-opening_hours", LLUN) == 1

    assert in_welsh(HOURS) == LLUN
    assert ours(HOURS) == HOURS


def test_once_the_english_is_changed_the_english_is_shown_and_the_words_wait(landlord, admin):
    say(admin, "landlord-opening_hours", LLUN, is_proof_read=True)

    Landlord.objects.update(opening_hours="Mondays alone")

    assert in_welsh("Mondays alone") == ENGLISH.format("Mondays alone")
    found = text_of("landlord-opening_hours")
    assert (found.state, found.words, found.was) == (TextState.OUTDATED, LLUN, HOURS)
    Landlord.objects.update(opening_hours=HOURS)
    assert text_of("landlord-opening_hours").state is TextState.DONE


def test_of_a_list_only_the_line_that_was_changed_is_shown_in_english(landlord, admin):
    say(admin, "landlord-offices", "Swyddfa’r Cei: dydd Llun\nSwyddfa’r Dref: bob dydd")

    Landlord.objects.update(offices="Quay Office: Mondays\nTown Office: closed")

    assert in_welsh("Quay Office: Mondays") == "Swyddfa’r Cei: dydd Llun"
    assert in_welsh("Town Office: closed") == ENGLISH.format("Town Office: closed")
    assert text_of("landlord-offices").is_outdated


def test_an_address_stays_whole_in_english_until_a_line_of_it_is_said_otherwise(house, admin):
    Landlord.objects.update(address="Quay House\nThe Dock")
    with translation.override("cy"):
        assert in_one_line("Quay House\nThe Dock") == ENGLISH.format("Quay House, The Dock")

    say(admin, "landlord-address", "Tŷ’r Cei\nThe Dock")

    with translation.override("cy"):
        told = in_one_line("Quay House\nThe Dock")
    assert told == f"Tŷ’r Cei, {ENGLISH.format('The Dock')}"


def test_words_of_the_landlords_go_before_those_of_the_product(house, admin):
    Category.objects.create(code="stage", name="Stage 1")
    assert "category-stage" not in [each.text.key for each in stands("categories")]
    TranslatedText.objects.create(
        key="category-stage",
        language="cy",
        english="Stage 1",
        words="Y cam cyntaf",
        changed_at=NOW,
        changed_by=admin,
    )

    assert in_welsh("Stage 1") == "Y cam cyntaf"
    assert text_of("category-stage", "categories").state is TextState.UNREAD


def test_a_page_reads_them_all_in_one_query_and_english_in_none(
    landlord, admin, django_assert_num_queries
):
    say(admin, "landlord-opening_hours", LLUN)

    with translation.override("cy"), read_once(), django_assert_num_queries(1):
        assert [ours(HOURS), ours("Something"), ours(HOURS)][0] == LLUN
    with read_once(), django_assert_num_queries(0):
        ours(HOURS)


def test_until_all_of_them_are_read_a_language_is_not_proof_read(landlord, admin, monkeypatch):
    monkeypatch.setattr("cases.selectors.speaking._head", lambda *_: {"x-proof-read": "yes"})
    assert is_proof_read("cy")

    say(admin, "landlord-opening_hours", LLUN)

    assert not is_proof_read("cy")
    with translation.override("cy"):
        assert "by a machine" in machine_note()
    say(admin, "landlord-opening_hours", LLUN, is_proof_read=True)
    assert is_proof_read("cy")


def test_a_sentence_of_the_procedure_that_is_changed_shows_its_old_words(admin, monkeypatch):
    running = in_force_on(TODAY)

    def runs(**changes) -> None:
        terms = replace(running.version.terms, **changes)
        version = SimpleNamespace(terms=terms, procedure=running.version.procedure)
        found = SimpleNamespace(version=version)
        monkeypatch.setattr("cases.selectors.landlords_texts.in_force_on", lambda _day: found)

    runs(definition="A moan, however made")
    [key] = [e.text.key for e in stands("procedure") if e.text.english == "A moan, however made"]
    say(admin, key, "Cwyn, sut bynnag", section="procedure")

    runs(definition="A moan, by anybody")

    found = text_of(key, "procedure")
    told = (found.state, found.words, found.was)
    assert told == (TextState.OUTDATED, "Cwyn, sut bynnag", "A moan, however made")


def test_what_is_not_used_any_more_is_listed_and_can_be_removed(landlord, admin, monkeypatch):
    monkeypatch.setattr("cases.selectors.speaking._head", lambda *_: {"x-proof-read": "yes"})
    Category.objects.create(code="own", name="Our own trouble")
    say(admin, "category-own", "Ein helynt", section="categories")
    assert stands("unused") == []

    Category.objects.update(is_retired=True)

    [left] = stands("unused")
    assert (left.text.english, left.words) == ("Our own trouble", "Ein helynt")
    assert in_language(texts_of(section_called("unused"), today=TODAY), "ar") == []
    assert not is_proof_read("cy")
    assert say(admin, "category-own", "", section="unused") == 1
    assert stands("unused") == []
    assert is_proof_read("cy")


def test_words_that_wait_elsewhere_are_not_lost_with_those_of_the_same_english(landlord, admin):
    Category.objects.create(code="one", name="Moorings")
    say(admin, "category-one", "Angorfeydd", section="categories")
    Category.objects.update(name="Berths")
    Category.objects.create(code="two", name="Moorings")

    say(admin, "category-two", "Angorfeydd i gychod", section="categories")

    found = text_of("category-one", "categories")
    assert (found.state, found.was) == (TextState.OUTDATED, "Moorings")


def test_words_that_stand_elsewhere_too_outlive_a_change_here(landlord, admin):
    Landlord.objects.update(care_standards="We ring back", care_targets="We ring back")
    say(admin, "landlord-care_standards", "Rydym yn ffonio’n ôl", section="care")
    Landlord.objects.update(care_standards="We write back")

    say(admin, "landlord-care_standards", "Rydym yn ysgrifennu’n ôl", section="care")

    assert in_welsh("We ring back") == "Rydym yn ffonio’n ôl"
    assert in_welsh("We write back") == "Rydym yn ysgrifennu’n ôl"


def test_a_letter_takes_only_words_that_somebody_has_read(landlord, admin):
    OutsideBodyDetails.objects.create(code="ombudsman", name="Our Ombudsman", from_on=TODAY)
    template = LetterTemplate(procedure=None, text="")

    say(admin, "body-ombudsman-name", "Ein Hombwdsmon", section="outside")
    before, _ = tongue_for(template, LANGUAGES["cy"])
    say(
        admin,
        "body-ombudsman-name",
        "Ein Hombwdsmon",
        section="outside",
        is_proof_read=True,
    )
    after, _ = tongue_for(template, LANGUAGES["cy"])

    assert before.typed("Our Ombudsman") == "Our Ombudsman"
    assert after.typed("Our Ombudsman") == "Ein Hombwdsmon"


# What is listed ------------------------------------------------------------------------------


def test_every_text_is_listed_once_and_what_has_no_words_is_not(house):
    Landlord.objects.update(council_contact="https://www.gov.uk/", repairs_telephone="0151 555 01")
    Category.objects.create(code="one", name="Our own trouble")
    Category.objects.create(code="two", name="Our own trouble")

    assert stands("reach") == []
    assert [each.text.key for each in stands("categories")] == ["category-one"]


def test_details_of_an_outside_body_can_be_translated_before_their_day(house, admin):
    OutsideBodyDetails.objects.create(code="ombudsman", name="Our Ombudsman", from_on=TODAY)
    later = TODAY + timedelta(days=30)
    OutsideBodyDetails.objects.create(code="ombudsman", name="Another name", from_on=later)
    key = f"body-ombudsman-{later.isoformat()}-name"

    say(admin, key, "Enw arall", section="outside")

    found = texts_of(section_called("outside"), today=later)
    [now_there] = in_language(found, "cy")
    assert (now_there.text.key, now_there.words) == ("body-ombudsman-name", "Enw arall")


def test_what_needs_somebody_first_comes_first(landlord, admin):
    say(admin, "landlord-opening_hours", LLUN, is_proof_read=True)

    assert [each.state for each in stands()] == [TextState.MISSING, TextState.DONE]


# What is refused -----------------------------------------------------------------------------


def test_an_old_text_is_not_confirmed_by_saving_what_stands_beside_it(landlord, admin):
    say(admin, "landlord-opening_hours", LLUN)
    Landlord.objects.update(opening_hours="Mondays alone")

    assert say(admin, "landlord-opening_hours", LLUN, is_proof_read=True) == 0
    assert text_of("landlord-opening_hours").is_outdated

    assert say(admin, "landlord-opening_hours", LLUN, still_right=True) == 1
    assert in_welsh("Mondays alone") == LLUN


def test_words_for_an_english_that_has_changed_meanwhile_are_refused(landlord, admin):
    mark = text_of("landlord-opening_hours").text.mark
    Landlord.objects.update(opening_hours="Mondays alone")

    with pytest.raises(SettingChanged, match="The English of “Opening hours” was changed"):
        say(admin, "landlord-opening_hours", LLUN, mark=mark)

    assert not TranslatedText.objects.exists()


def test_two_people_do_not_overwrite_each_other_and_sections_do_not_hinder(landlord, admin):
    Category.objects.create(code="own", name="Our own trouble")
    say(admin, "landlord-opening_hours", LLUN, seen=0)

    with pytest.raises(SettingChanged):
        say(admin, "landlord-opening_hours", "Dydd Llun", seen=0)
    say(admin, "category-own", "Ein helynt", section="categories", seen=0)

    assert in_welsh(HOURS) == LLUN


def test_words_that_do_not_fit_their_english_are_refused(landlord, admin):
    with pytest.raises(ActionNotAllowed, match="Offices: The English has 2 lines"):
        say(admin, "landlord-offices", "Un llinell")
    with pytest.raises(ActionNotAllowed, match="at most"):
        say(admin, "landlord-opening_hours", "x" * (LONGEST_WORDS + 1))

    assert not TranslatedText.objects.exists()


def test_a_language_that_the_public_pages_have_not_is_refused(landlord, admin, settings):
    settings.PUBLIC_LANGUAGES = []

    with pytest.raises(ActionNotAllowed, match="not offered in this language"):
        say(admin, "landlord-opening_hours", LLUN)


def test_words_that_are_emptied_are_gone_and_the_history_tells_of_it(landlord, admin):
    say(admin, "landlord-opening_hours", LLUN)

    assert say(admin, "landlord-opening_hours", "") == 1

    assert in_welsh(HOURS) == ENGLISH.format(HOURS)
    newest = SettingsChange.objects.latest("pk")
    assert newest.name == "How you are reached, in Welsh"
    assert newest.lines == [("Opening hours", LLUN, "")]


def test_what_stays_as_it_is_leaves_no_trace(landlord, admin):
    say(admin, "landlord-opening_hours", LLUN)

    assert say(admin, "landlord-opening_hours", f"{LLUN} ") == 0
    assert SettingsChange.objects.count() == 1


# The pages -----------------------------------------------------------------------------------


def test_the_page_shows_each_text_beside_its_english_and_saves_them_together(
    landlord, administrator
):
    page = administrator.get(REACH)
    shown = page.content.decode()
    assert f'<p class="govuk-body">{HOURS}</p>' in shown
    assert 'lang="cy" dir="ltr"' in shown

    answers = {f"mark-{each.text.key}": each.text.mark for each in stands()}
    answers |= {
        "seen": "0",
        "words-landlord-opening_hours": LLUN,
        "words-landlord-offices": "Un\r\nDau",
        "read-landlord-offices": "on",
    }
    answer = administrator.post(REACH, answers)

    assert answer["Location"] == WORDS_PAGE
    assert "2 texts are saved in Welsh." in administrator.get(WORDS_PAGE).content.decode()
    kept = {row.key: (row.words, row.is_proof_read) for row in TranslatedText.objects.all()}
    assert kept == {
        "landlord-opening_hours": (LLUN, False),
        "landlord-offices": ("Un\nDau", True),
    }
    assert last_change(Thing.LANDLORD, "words-cy-reach") > 0


def test_a_page_with_a_mistake_keeps_all_that_was_typed(landlord, administrator):
    answers = {f"mark-{each.text.key}": each.text.mark for each in stands()}
    answers |= {
        "seen": "0",
        "words-landlord-opening_hours": LLUN,
        "words-landlord-offices": "Un llinell",
    }

    answer = administrator.post(REACH, answers)

    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "The English has 2 lines and this has 1" in shown
    assert LLUN in shown
    assert "Un llinell" in shown
    assert not TranslatedText.objects.exists()


def test_whoever_wrote_for_an_english_that_has_changed_sees_it_and_saves_on_top(
    landlord, administrator
):
    mark = text_of("landlord-opening_hours").text.mark
    answers = {"seen": "0", "mark-landlord-opening_hours": mark}
    answers["words-landlord-opening_hours"] = LLUN
    Landlord.objects.update(opening_hours="Monday to Friday, 9 to 6")

    refused = administrator.post(REACH, answers)

    assert refused.status_code == 422
    assert "Monday to Friday, 9 to 6" in refused.content.decode()
    form = refused.context["form"]
    again = {name: form[name].value() or "" for name in answers}
    assert administrator.post(REACH, again).status_code == 302
    assert in_welsh("Monday to Friday, 9 to 6") == LLUN


def test_words_for_a_text_that_is_gone_meanwhile_are_shown_and_nothing_is_saved(
    landlord, administrator
):
    answers = {f"mark-{each.text.key}": each.text.mark for each in stands()}
    answers |= {"seen": "0", "words-landlord-opening_hours": LLUN, "words-landlord-offices": "a\nb"}
    Landlord.objects.update(opening_hours="")

    answer = administrator.post(REACH, answers)

    assert answer.status_code == 422
    assert LLUN in answer.content.decode()
    assert not TranslatedText.objects.exists()


def test_an_old_text_asks_whether_it_is_still_right_and_the_settings_tell_of_it(
    landlord, admin, administrator
):
    say(admin, "landlord-opening_hours", LLUN)
    assert Section.WORDS not in {e.section for e in needs_attention(landlord, today=TODAY)}
    Landlord.objects.update(opening_hours="Mondays alone")

    shown = administrator.get(REACH).content.decode()

    assert "What the English said before" in shown
    assert "These words are still right for the English as it is now" in shown
    assert (
        "1 text to be looked at again in Welsh" in administrator.get("/settings/").content.decode()
    )


@pytest.mark.parametrize("path", ["/settings/words/pl/reach/", "/settings/words/cy/nothing/"])
def test_there_is_no_page_for_another_language_or_section(house, administrator, path):
    assert administrator.get(path).status_code == 404


def test_the_overview_counts_each_section_in_each_language(landlord, admin, administrator):
    say(admin, "landlord-opening_hours", LLUN)

    [(language, lines)] = administrator.get(WORDS_PAGE).context["languages"]

    assert language.name == "Welsh"
    counts = {line[0].text: [cell.text for cell in line[1:]] for line in lines}
    assert counts["How you are reached"] == [0, 1, 1, 0]


def test_without_another_language_the_page_says_so(house, administrator, settings):
    settings.PUBLIC_LANGUAGES = []

    assert "in English alone" in administrator.get(WORDS_PAGE).content.decode()


@pytest.mark.parametrize("path", [WORDS_PAGE, "/settings/words/cy/categories/"])
def test_the_pages_ask_as_much_for_many_texts_as_for_few(house, administrator, path):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert administrator.get(path).status_code == 200
        return len(captured)

    Category.objects.create(code="own", name="Our own trouble")
    few = queries()
    for number in range(60):
        Category.objects.create(code=f"own-{number}", name=f"Trouble of kind {number} x")

    assert queries() <= few
    assert few <= 30


def test_every_section_has_a_code_of_its_own():
    codes = [each.code for each in SECTIONS]
    assert len(codes) == len(set(codes))
    assert "you-said" in codes
