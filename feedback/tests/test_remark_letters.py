"""The letters about compliments and suggestions: the landlord's words, in the reader's language."""

import io

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from cases.models import Customer, Landlord, LetterTemplate, OutboundMessage
from cases.operations.email import Refused, compose
from cases.operations.letter_templates import change_template
from cases.rules.letter_sentences import (
    FORWARDED,
    MACHINE_MADE,
    SENTENCES,
    sentences_of,
    sheet_of_sentences,
)
from cases.rules.letter_templates import ANSWERED, BESIDE, LETTERS_BESIDE, THANKS, shipped
from cases.rules.procedure_files import shipped_codes
from cases.rules.roles import Role
from cases.tests.factories import CustomerFactory
from feedback.models import Remark, RemarkLetter
from feedback.operations.remark_replies import acknowledge_remark
from feedback.rules.kinds import Decision, Way
from feedback.tests.conftest import NOW
from feedback.tests.factories import praise

pytestmark = pytest.mark.django_db

SHIPPED = shipped(THANKS)
OURS = SHIPPED.replace("They mean a lot to us.", "You made our day. Ring {landlord’s telephone}.")
WELSH = SHIPPED.replace("Thank you for the kind words", "Diolch am y geiriau caredig")
WELSH_SENTENCES = {
    **{each: f"cy:{each}" for each in sentences_of(None)},
    FORWARDED: "Byddwn yn ei basio ymlaen.",
    MACHINE_MADE: "Peiriant a gyfieithodd hwn.",
}


TODAY = {"phone_on_day": "10", "phone_on_month": "6", "phone_on_year": "2026"}
DELIGHTED = {"other_language": "cy", "other_text": "Roedd Dan wrth ei fodd."}


@pytest.fixture
def officer(sign_in):
    """Return the browser of somebody who works with customers."""
    return sign_in(Role.FRONT_LINE)


def change(house, letter: str, text: str, **details) -> LetterTemplate:
    return change_template(
        procedure_id=None,
        letter=letter,
        text=text,
        by=house[Role.SYSTEM_ADMINISTRATOR],
        now=NOW,
        seen=None,
        **details,
    )


def in_welsh(house, **details) -> LetterTemplate:
    """Give the thanks for a compliment words in Welsh, and the sentences that letters add."""
    sheet = sheet_of_sentences(WELSH_SENTENCES, WELSH_SENTENCES)
    change(house, SENTENCES, sheet, language="cy", **details)
    return change(house, THANKS, WELSH, language="cy")


def thank(browser, remark, way: str = "post", **typed):
    return browser.post(f"/feedback/{remark.reference}/thank/", {"way": way, **typed})


@pytest.fixture
def welsh(house):
    """Return a compliment of somebody who needs letters in Welsh."""
    return praise(
        received_on=NOW.date(), customer=CustomerFactory(name="Gwen Price", language="Welsh")
    )


@pytest.mark.rule("K3-20")
def test_thanks_are_in_the_landlords_own_words_from_then_on(house, officer):
    Landlord.objects.update(telephone="0800 555 0100")
    template = change(house, THANKS, OURS)

    thank(officer, praise(received_on=NOW.date()), words="Dan was delighted.")

    letter = RemarkLetter.objects.get()
    assert letter.template == template
    assert "You made our day. Ring 0800 555 0100." in letter.body
    assert letter.body.index(FORWARDED) < letter.body.index("Dan was delighted.")


def test_thanks_with_an_empty_merge_field_do_not_go_and_it_is_named(house, officer):
    Landlord.objects.update(telephone="")
    change(house, THANKS, OURS)
    remark = praise(received_on=NOW.date())

    answer = thank(officer, remark, words="Dan was delighted.")

    assert answer.status_code == 422
    assert "Missing: the landlord’s telephone." in answer.content.decode()
    assert "Dan was delighted." in answer.content.decode()
    assert not RemarkLetter.objects.exists()
    remark.refresh_from_db()
    assert remark.acknowledged_on is None


@pytest.mark.parametrize("letter", LETTERS_BESIDE)
def test_their_words_are_reached_from_the_settings_of_letters(sign_in, house, letter):
    browser = sign_in(Role.SYSTEM_ADMINISTRATOR)
    page = reverse("cases:letter-template", args=[BESIDE, letter])
    own = f"{shipped(letter)}\n\nWith thanks."

    listed = browser.get(reverse("cases:letter-templates")).content.decode()
    saved = browser.post(f"{page}change/", {"text": own}, follow=True).content.decode()
    reset = browser.post(f"{page}reset/", follow=True).content.decode()
    lost = browser.post(f"{page}change/", {"text": "Thank you."})

    assert f'href="{page}"' in listed
    assert "Version 1 is saved." in saved
    assert "With thanks." in saved
    assert "The letter has the words again that come with the product." in reset
    assert lost.status_code == 422
    assert "{reference} is left out" in lost.content.decode()


def test_two_versions_never_have_one_number(house):
    row = change(house, THANKS, OURS)

    with pytest.raises(IntegrityError, match=r"once_beside|letter"), transaction.atomic():
        LetterTemplate.objects.create(
            letter=THANKS, number=row.number, made_at=NOW, made_by=row.made_by
        )


@pytest.mark.rule("HH-27")
def test_thanks_are_made_in_the_language_that_the_sender_needs(house, officer, welsh):
    template = in_welsh(house)
    Customer.objects.update(email="gwen@example.org")

    thank(officer, welsh, "email")

    letter = RemarkLetter.objects.get()
    assert (letter.other_language, letter.other_template) == ("cy", template)
    assert letter.other_text.startswith("Diolch am y geiriau caredig")
    assert "Byddwn yn ei basio ymlaen." in letter.other_text
    assert letter.body.startswith("Dear Gwen Price,\n\nThank you for the kind words")
    assert "\n\nCymraeg\n\nDiolch am" in OutboundMessage.objects.get().body
    page = officer.get(reverse("feedback:letter", args=[welsh.reference, "thanks"]))
    assert '<div lang="cy" dir="ltr">' in page.content.decode()


def test_what_is_written_is_asked_for_in_that_language_or_the_reason_is_kept(house, officer, welsh):
    in_welsh(house, is_machine_made=True)

    refused = thank(officer, welsh, words="Dan was delighted.")
    thank(officer, welsh, words="Dan was delighted.", language_because="Nobody is in.")

    assert refused.status_code == 422
    assert "Gwen Price needs letters in Welsh." in refused.content.decode()
    letter = RemarkLetter.objects.get()
    assert (letter.other_text, letter.language_because) == ("", "Nobody is in.")
    assert "You need letters in Welsh. We are sorry: this one is in English." in letter.body


def test_what_the_officer_writes_in_it_stands_in_it_under_the_word_of_the_machine(
    house, officer, welsh
):
    in_welsh(house, is_machine_made=True)

    thank(officer, welsh, words="Dan was delighted.", **DELIGHTED)

    told = RemarkLetter.objects.get().other_text.split("\n\n")
    assert told[:2] == [WELSH_SENTENCES[MACHINE_MADE], MACHINE_MADE]
    assert "Roedd Dan wrth ei fodd." in told


def test_a_sentence_that_is_not_translated_keeps_the_letter_back(house, officer, welsh):
    change(house, THANKS, WELSH, language="cy")

    answer = thank(officer, welsh)

    assert answer.status_code == 422
    assert "The letter cannot go in Welsh like this." in answer.content.decode()


@pytest.mark.parametrize(
    ("needs", "typed", "says"),
    [
        ({"language": "Tigrinya"}, {}, "needs letters in Tigrinya."),
        (
            {"language": "Tigrinya"},
            {"other_text": "Dan."},
            "Say in which language the other text is written.",
        ),
        ({"letter_format": "braille"}, DELIGHTED, "A letter in Braille is made in English alone."),
        ({"letter_format": "audio"}, DELIGHTED, "is made in English alone."),
        ({}, {**DELIGHTED, "way": "phone", **TODAY}, "No letter or e-mail goes."),
    ],
)
def test_a_text_that_could_not_go_is_refused_and_kept(officer, welsh, needs, typed, says):
    Customer.objects.update(**needs)

    answer = thank(officer, welsh, **{"words": "Dan.", **typed})

    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    assert typed.get("other_text", "") in page
    assert not RemarkLetter.objects.exists()


def test_a_text_in_a_language_that_they_can_read_goes_with_the_letter(officer, welsh):
    Customer.objects.update(language="Tigrinya")
    asked = officer.get(f"/feedback/{welsh.reference}/thank/").content.decode()

    thank(officer, welsh, words="Dan.", other_language="ar", other_text="شكرا")

    letter = RemarkLetter.objects.get()
    assert "They need letters in Tigrinya." in asked
    assert (letter.other_language, letter.other_text) == ("ar", "شكرا")
    assert "this one is in English" not in letter.body


def test_nobody_else_is_asked_for_a_language(house, officer):
    page = officer.get(f"/feedback/{praise(received_on=NOW.date()).reference}/thank/")

    assert "language_because" not in page.context["form"].fields


@pytest.mark.rule("LV-14")
def test_the_answer_to_a_suggestion_has_the_landlords_words_too(house, sign_in):
    change(house, ANSWERED, shipped(ANSWERED).replace("Thank you for it.", "It was read."))
    remark = praise(received_on=NOW.date(), kind="suggestion")
    coordinator = sign_in(Role.COMPLAINTS_COORDINATOR)

    answer = coordinator.post(
        f"/feedback/{remark.reference}/decide/",
        {"decision": Decision.PARTLY.value, "answer": "A bench comes in July.", "way": "post"},
    )

    assert answer.status_code == 302
    body = RemarkLetter.objects.get().body
    assert "It was read." in body
    assert "We will do part of what you suggest.\n\nA bench comes in July." in body


@pytest.mark.rule("HH-27")
@pytest.mark.parametrize(
    ("needed", "goes_along"),
    [("giant_print", ["giant_print.pdf"]), ("standard", []), ("easy_read", [])],
)
def test_an_e_mail_carries_the_letter_in_the_format_that_its_reader_needs(
    house, needed, goes_along
):
    remark = praise(received_on=NOW.date())
    Customer.objects.filter(pk=remark.customer_id).update(letter_format=needed)
    by = house[Role.FRONT_LINE]

    acknowledge_remark(remark_id=remark.pk, by=by, now=NOW, way=Way.EMAIL, on=NOW.date())

    mail = compose(RemarkLetter.objects.get().message)
    assert [name.rpartition(" ")[2] for name, _, _ in mail.attachments] == goes_along
    for _, content, media_type in mail.attachments:
        assert media_type == "application/pdf"
        told = " ".join(PdfReader(io.BytesIO(content)).pages[0].extract_text().split())
        assert "Thank you" in told


def test_an_e_mail_that_cannot_be_made_in_the_format_does_not_go_plain(house, monkeypatch):
    remark = praise(received_on=NOW.date())
    Customer.objects.filter(pk=remark.customer_id).update(letter_format="braille")
    by = house[Role.FRONT_LINE]
    acknowledge_remark(remark_id=remark.pk, by=by, now=NOW, way=Way.EMAIL, on=NOW.date())
    monkeypatch.setenv("PATH", "/nowhere")

    with pytest.raises(Refused, match="not in the format that its reader needs"):
        compose(RemarkLetter.objects.get().message)


@pytest.mark.rule("K3-20")
@pytest.mark.rule("LV-14")
@pytest.mark.parametrize("code", shipped_codes())
def test_under_each_procedure_the_thanks_and_the_answer_go_from_their_screens(house, officer, code):
    house.run(code)
    given = {"kind": "compliment", "channel": "phone", "words": "Dan was kind.", "name": "Olu Ade"}
    day = {"received_on_day": "10", "received_on_month": "6", "received_on_year": "2026"}
    for kind in ("compliment", "suggestion"):
        known = {
            "category": "tenant",
            "email": "olu@example.org",
            "address": "7 Dock Road",
            "postcode": "HB1 2QH",
        }
        logged = officer.post(reverse("feedback:log"), {**given, **day, **known, "kind": kind})
        assert logged.status_code == 302, logged.context["form"].errors
    compliment, suggestion = Remark.objects.order_by("pk")

    thank(officer, compliment)
    thank(officer, suggestion, way="email")
    answer = {"decision": "taken_up", "answer": "A bench comes in July.", "way": "post"}
    officer.post(reverse("feedback:decide", args=[suggestion.reference]), answer)

    letters = {(each.remark, each.purpose): each.body for each in RemarkLetter.objects.all()}
    assert "Thank you for the kind words" in letters[compliment, "thanks"]
    assert "Thank you for your suggestion" in letters[suggestion, "thanks"]
    assert "A bench comes in July." in letters[suggestion, "answer"]
    assert all("[missing" not in body and "[empty" not in body for body in letters.values())
