"""Letters made with the landlord's words in another language, and no less complete in it."""

import json
import re
from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from cases.errors import ActionNotAllowed, TemplateWrong
from cases.models import (
    EventWords,
    Landlord,
    Letter,
    LetterTemplate,
    Procedure,
    SettingsChange,
)
from cases.operations.letter_templates import change_template
from cases.operations.points import Definition
from cases.operations.rehearse import rehearse
from cases.operations.stage_acts import Answer
from cases.operations.telling import Telling
from cases.operations.tracking import how_to_follow
from cases.rules.events import Outcome
from cases.rules.letter_facts import LetterFacts
from cases.rules.letter_sentences import (
    MACHINE_MADE,
    MISUNDERSTOOD,
    OUR_ANSWER,
    SENTENCES,
    Tongue,
    problems_with_sentences,
    read_sentences,
    sentences_of,
    sheet_of_sentences,
)
from cases.rules.letter_templates import THANKS, shipped
from cases.rules.letters import LetterKind, letter_paragraphs, what_is_missing
from cases.rules.roles import Role
from cases.selectors.case_history import history_of
from cases.selectors.letter_templates import letters_of_procedures
from cases.tests.answering import acknowledge, respond
from cases.tests.case_page.test_letter_parts import LETTERS, refuses_every_gap, whole_letter
from cases.tests.factories import MONDAY, CustomerFactory, ProcedureVersionFactory
from cases.tests.fixtures import at
from cases.tests.rules.strategies import TERMS

ENGLISH_OPENING = shipped("acknowledgement").split("\n\n")[0]
WELSH_OPENING = (
    "Diolch am ddweud wrthym am eich cwyn, a gyrhaeddodd ar {day received}. Eich cyfeirnod yw "
    "{reference}. Mae’n cael ei hystyried nawr yn {stage}."
)
WELSH = shipped("acknowledgement").replace(ENGLISH_OPENING, WELSH_OPENING)
SAID = {
    OUR_ANSWER: "Byddwch yn cael ein hateb erbyn {day}.",
    MISUNDERSTOOD: "Os ydym wedi camddeall rhywbeth, dywedwch wrthym.",
    MACHINE_MADE: "Peiriant a gyfieithodd hwn, ac nid oes neb wedi’i brawf-ddarllen eto.",
    "Stage 1": "Cam 1",
    "June": "Mehefin",
}


def every_sentence(code: str, mark: str = "cy", known: dict[str, str] | None = None):
    """Return all sentences of a procedure in a made-up language, or as they are known."""
    return {each: f"{mark}:{each}" for each in sentences_of(TERMS[code])} | (known or {})


def in_another(facts: LetterFacts, **sentences: str) -> LetterFacts:
    """Return what the same letter is made from in another language."""
    tongue = Tongue("Welsh", every_sentence(facts.terms.code, "cy", sentences))
    return replace(facts, tongue=tongue)


@pytest.mark.one_database
@given(st.sampled_from(LETTERS))
def test_a_letter_with_a_part_missing_is_refused_in_every_language(letter):
    refuses_every_gap(*letter, lambda facts: what_is_missing(in_another(facts)))


@pytest.mark.one_database
@given(st.sampled_from(LETTERS))
def test_whatever_a_letter_adds_by_itself_is_among_the_sentences_to_translate(letter):
    whole = in_another(whole_letter(*letter))

    assert "[missing" not in "\n".join(letter_paragraphs(whole))


@pytest.mark.one_database
def test_a_sentence_that_nobody_translated_is_missing_and_named():
    whole = whole_letter("code-2024", "stage-1", LetterKind.RESPONSE)
    found = "Our finding: your complaint is upheld."

    lacking = what_is_missing(in_another(whole, **{found: ""}))

    assert lacking == [f"“{found}” in Welsh"]


@pytest.mark.one_database
@pytest.mark.parametrize("code", sorted(TERMS))
def test_what_a_translator_works_on_comes_back_as_it_was_written(code):
    known = every_sentence(code)

    sheet = sheet_of_sentences(known, known)

    assert read_sentences(sheet.replace("\n", "\r\n")) == known
    assert problems_with_sentences(known, sheet) == []
    assert read_sentences(sheet_of_sentences(known, {})) == {}


@pytest.mark.one_database
def test_sentences_that_would_not_be_filled_in_are_refused():
    wanted = sentences_of(TERMS["code-2024"])
    sheet = f"{OUR_ANSWER}\n= Byddwch yn cael ein hateb.\n\nHello\n= Helo\n\nJune\n= {{mis}}"

    assert problems_with_sentences(wanted, sheet) == [
        "“Hello” is no sentence of these letters.",
        "“Byddwch yn cael ein hateb.” must have {day}, as it has in English.",
        "“{mis}” has {mis}, which it has not in English.",
    ]


# The letters -----------------------------------------------------------------------------------


def translate(house, letter: str, text: str, language: str = "cy", **details) -> LetterTemplate:
    """Let the administrator give a letter words in another language."""
    return change_template(
        procedure_id=Procedure.objects.get(code="code-2024").pk,
        letter=letter,
        text=text,
        language=language,
        by=house[Role.SYSTEM_ADMINISTRATOR],
        now=at(MONDAY),
        seen=None,
        **details,
    )


def translate_all(house, language: str = "cy", **details) -> LetterTemplate:
    """Give the acknowledgement, and the sentences of all letters, words in another language."""
    sheet = sheet_of_sentences(*[every_sentence("code-2024", language, SAID)] * 2)
    translate(house, SENTENCES, sheet, language)
    return translate(house, "acknowledgement", WELSH, language, **details)


@pytest.fixture
def complaint(house):
    """Return a complaint of somebody who needs letters in Welsh."""
    return house.lodge(customer=CustomerFactory(name="Gwen Price", language="Welsh"))


def acknowledged(house, complaint, words: str = "", **telling) -> Letter:
    """Acknowledge the complaint on paper."""
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY),
        seen=complaint.version,
        on=MONDAY,
        definition=Definition(
            [(None, "The lift is out of order.")], is_all_ours=True, sought="Mend it."
        ),
        telling=Telling("post", words, **telling),
    )
    return complaint.letters.get()


def test_the_letter_is_made_in_the_language_that_the_customer_needs(house, complaint):
    template = translate_all(house)

    letter = acknowledged(house, complaint)

    assert (letter.other_language, letter.other_template) == ("cy", template)
    told = letter.other_text.split("\n\n")
    assert told[0].startswith("Diolch am ddweud wrthym am eich cwyn")
    assert told[0].endswith("yn Cam 1.")
    assert "8" in told[0]
    assert "Mehefin" in told[0]
    assert SAID[MISUNDERSTOOD] in told
    assert "1. The lift is out of order." in letter.other_text
    assert "Housing Ombudsman Service" in letter.other_text
    assert MACHINE_MADE not in letter.other_text
    assert letter.body.startswith("Thank you for telling us")
    assert "this one is in English" not in letter.body


def test_what_the_officer_writes_goes_into_it_in_that_language(house, complaint):
    translate_all(house)

    letter = acknowledged(
        house, complaint, "A surveyor comes.", other_language="cy", other_text="Daw syrfëwr."
    )

    assert "Daw syrfëwr." in letter.other_text.split("\n\n")
    assert "A surveyor comes." not in letter.other_text
    assert "A surveyor comes." in letter.body


def test_words_in_english_alone_need_the_reason_that_is_recorded(house, complaint):
    translate_all(house)
    with pytest.raises(ActionNotAllowed, match="needs letters in Welsh"):
        acknowledged(house, complaint, "A surveyor comes.")

    letter = acknowledged(house, complaint, "A surveyor comes.", language_because="It is urgent.")

    assert (letter.other_text, letter.other_template) == ("", None)
    assert "You need letters in Welsh. We are sorry: this one is in English." in letter.body
    noted = [words.parts.get("note", "") for words in EventWords.objects.all()]
    assert any(note.endswith("It is urgent.") for note in noted)


def test_a_letter_that_lacks_a_sentence_in_it_goes_in_english_with_the_reason_or_not(
    house, complaint
):
    translate(house, "acknowledgement", WELSH)
    with pytest.raises(ActionNotAllowed, match=r"cannot go in Welsh.* in Welsh"):
        acknowledged(house, complaint)
    assert not Letter.objects.exists()

    letter = acknowledged(house, complaint, other_language="cy", language_because="Not ready.")

    assert (letter.other_text, letter.other_template) == ("", None)
    assert "this one is in English" in letter.body


def test_what_english_lacks_is_named_before_the_other_language_and_shown(house, complaint):
    translate_all(house)
    translate(house, "response", shipped("response") + "\n\nDiolch.")
    sent = {
        "complaint_id": complaint.pk, "by": house[Role.RESPONSIBLE_OFFICER], "now": at(MONDAY),
        "seen": complaint.version, "on": MONDAY,
        "answer": Answer(Outcome.UPHELD, ["apology"], ["We are sorry."]),
    }  # fmt: skip

    shown = rehearse(lambda: respond(**sent, telling=Telling("post")), before=history_of(complaint))
    with pytest.raises(ActionNotAllowed) as refused:
        respond(**sent, telling=Telling("post", "It broke.", other_language="cy"))

    assert shown.missing == "The letter cannot go like this. Missing: the reasons."
    assert shown.letter is not None
    assert "needs letters in Welsh" in str(refused.value)
    assert not Letter.objects.exists()


def test_a_whole_text_in_the_language_stands_where_its_words_are_not_ready(house, complaint):
    translate(house, "acknowledgement", WELSH)

    letter = acknowledged(
        house, complaint, other_language="cy", other_text="Helo.", language_because="Not ready."
    )

    told, how = letter.other_text.split("\n\n", 1)
    assert (told, letter.other_template) == ("Helo.", None)
    assert how == how_to_follow(Landlord.objects.get().telephone, language="cy")


def test_what_a_machine_translated_says_so_in_both_languages(house, complaint):
    translate_all(house, is_machine_made=True)

    letter = acknowledged(house, complaint)

    assert letter.other_text.split("\n\n")[:2] == [SAID[MACHINE_MADE], MACHINE_MADE]


def test_a_language_that_runs_to_the_left_says_so_where_it_is_read(house, client):
    complaint = house.lodge(customer=CustomerFactory(language="Urdu"))
    translate_all(house, "ur")
    letter = acknowledged(house, complaint)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    with time_machine.travel(at(MONDAY), tick=False):
        url = reverse("cases:letter", args=[complaint.reference, letter.event_number])
        page = client.get(url).content.decode()

    assert '<div lang="ur" dir="rtl">' in page


def test_the_screen_says_that_the_words_are_there_already(house, client, complaint):
    translate_all(house)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    with time_machine.travel(at(MONDAY), tick=False):
        page = client.get(reverse("cases:acknowledge", args=[complaint.reference]))

    assert "it goes into your words for this letter in Welsh" in page.content.decode()


# The settings ----------------------------------------------------------------------------------


def address(letter: str, language: str = "cy") -> str:
    return reverse("cases:letter-template-language", args=["code-2024", letter, language])


def test_administrators_add_words_in_a_language_see_them_and_take_them_away(house, client):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    blank = client.get(address("acknowledgement"))
    given = {"text": WELSH, "is_machine_made": "on"}

    preview = client.post(address("acknowledgement"), {**given, "preview": "yes"})
    saved = client.post(address("acknowledgement"), given, follow=True).content.decode()
    listed = client.get(reverse("cases:letter-templates")).content.decode()
    again = client.get(address("acknowledgement"))
    gone = client.post(address("acknowledgement"), {"text": ""}, follow=True).content.decode()

    assert blank.context["form"]["text"].value() == shipped("acknowledgement")
    assert '<div lang="cy" dir="ltr"><p>Diolch am ddweud wrthym' in preview.content.decode()
    assert "Version 1 is saved." in saved
    assert "Not yet proof-read" in saved
    assert '<p class="govuk-body" lang="cy" dir="ltr">Diolch' in saved
    assert "words of 1 letter" in listed
    about = ": sentences of all letters, Complaint Handling Code"
    assert f'Welsh<span class="govuk-visually-hidden">{about}' in listed
    assert again.context["form"]["is_machine_made"].value() is True
    assert "Letters have no words in Welsh here any more." in gone
    assert [row.text for row in LetterTemplate.objects.order_by("number")] == [WELSH, ""]
    assert SettingsChange.objects.filter(key="code-2024:acknowledgement:cy").count() == 2


def test_what_is_typed_in_another_language_says_so_and_what_is_half_english_does_not(house, client):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])

    begun = client.get(address("acknowledgement", "ur"))
    shown = client.post(address("acknowledgement", "ur"), {"text": "کیسے", "preview": "yes"})
    sheet = client.get(address(SENTENCES, "ur"))

    assert marks_of_text(begun) == (None, "auto")
    assert marks_of_text(shown) == ("ur", "rtl")
    assert marks_of_text(sheet) == (None, "auto")


def marks_of_text(page) -> tuple[str | None, str | None]:
    """Return in which language the text area is, and how it runs."""
    area = re.search(r"<textarea[^>]*>", page.content.decode())[0]
    found = [re.search(rf' {name}="([^"]*)"', area) for name in ("lang", "dir")]
    return tuple(each and each[1] for each in found)


def test_of_many_versions_those_that_count_are_listed_and_no_text_is_read(house):
    beside = {"procedure_id": None, "by": house[Role.SYSTEM_ADMINISTRATOR], "now": at(MONDAY)}
    for text in (f"{shipped(THANKS)}\n\nOne.", f"{shipped(THANKS)}\n\nTwo."):
        change_template(letter=THANKS, text=text, seen=None, **beside)
    translate_all(house)
    translate(house, "acknowledgement", "")

    with CaptureQueriesContext(connection) as asked:
        procedures = letters_of_procedures()

    [rows] = [each["sql"] for each in asked if "lettertemplate" in each["sql"]]
    assert '"text",' not in rows
    [thanks] = [line for line in procedures[-1].lines if line.letter == THANKS]
    assert (thanks.own.number, procedures[-1].changed) == (2, 1)
    code = next(each for each in procedures if each.code == "code-2024")
    assert [(line.language.tag, line.letters) for line in code.languages] == [("cy", 0)]


def test_a_translation_that_lost_a_part_or_is_english_still_is_refused_with_what_was_typed(
    house, client
):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    short = WELSH.replace("{what comes next}", "")

    lost = client.post(address("acknowledgement"), {"text": short})
    same = client.post(address("acknowledgement"), {"text": shipped("acknowledgement")})

    assert lost.status_code == same.status_code == 422
    assert "{what comes next} is left out" in lost.content.decode()
    assert lost.context["form"]["text"].value().strip() == short.strip()
    assert "These are the words in English." in same.content.decode()


def test_the_sentences_are_translated_on_one_page_that_counts_them(house, client):
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])
    sheet = client.get(address(SENTENCES)).context["form"]["text"].value()
    wanted = sentences_of(TERMS["code-2024"])

    client.post(address(SENTENCES), {"text": sheet.replace("\nJune\n=", "\nJune\n= Mehefin")})
    page = client.get(address(SENTENCES)).content.decode()

    assert f"1 of {len(wanted)}." in page
    assert "June\n= Mehefin" in page


def test_sentences_of_an_earlier_version_stay_because_its_complaints_still_need_them(house, client):
    translate_all(house)
    first = Procedure.objects.get(code="code-2024").versions.get()
    words = json.loads(json.dumps(first.terms_words).replace('"Stage 1"', '"First stage"'))
    ProcedureVersionFactory(procedure=first.procedure, number=2, terms_words=words)
    client.force_login(house[Role.SYSTEM_ADMINISTRATOR])

    form = client.get(address(SENTENCES)).context["form"]
    new = form["text"].value().replace("First stage\n=", "First stage\n= Cam cyntaf")
    sent = {"text": new, "seen": form["seen"].value()}
    saved = client.post(address(SENTENCES), sent, follow=True)

    assert "Version 2 is saved." in saved.content.decode()
    known = read_sentences(LetterTemplate.objects.get(letter=SENTENCES, number=2).text)
    assert known["First stage"] == "Cam cyntaf"
    assert known["Stage 1"] == SAID["Stage 1"]


def test_words_in_another_language_are_refused_where_the_letter_is_unknown(house):
    with pytest.raises(TemplateWrong, match="no sentence of these letters"):
        translate(house, SENTENCES, "Hello\n= Helo")
