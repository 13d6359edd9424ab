"""A letter may also be written in the language that its reader speaks."""

import io

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from pypdf import PdfReader

from cases.errors import ActionNotAllowed
from cases.models import Customer, EventWords, JointComplainant, Letter, OutboundMessage
from cases.operations.documents import letter_document, sheet_of
from cases.operations.files import open_file
from cases.operations.telling import Telling
from cases.operations.typesetting import UNKNOWN_SIGN, set_paper
from cases.rules.acts import Act
from cases.rules.blocks import Paragraph
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES, language_called
from cases.rules.papers import plain_paper
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.case_page.situations import NOW, SITUATIONS
from cases.tests.factories import MONDAY, CustomerFactory
from cases.tests.fixtures import at

POLISH = "Dziękujemy za zgłoszenie.\n\nOdpowiemy do 22 czerwca."
URDU = "ہم اس کو دیکھ رہے ہیں"


@pytest.fixture
def complaint(house):
    """Return a complaint of somebody who speaks Polish."""
    return house.lodge(customer=CustomerFactory(name="Ewa Nowak", language="Polish"))


def acknowledged(house, complaint, channel="post", **telling) -> Letter:
    """Acknowledge the complaint in writing, in English alone only for a reason."""
    telling.setdefault("language_because", "The translator was away.")
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY),
        seen=complaint.version,
        on=MONDAY,
        telling=Telling(channel, "We look into it.", **telling),
    )
    return complaint.letters.get(copy_of__isnull=True)


def pdf_of(letter: Letter, letter_format=LetterFormat.STANDARD) -> PdfReader:
    """Return the document of a letter."""
    document = letter_document(letter, letter_format, now=at(MONDAY))
    with open_file(document.file) as file:
        return PdfReader(io.BytesIO(file.read()))


def test_the_text_stands_after_the_letter_marked_as_its_language(house, complaint):
    letter = acknowledged(house, complaint, other_language="pl", other_text=POLISH)

    assert (letter.other_language, letter.other_text) == ("pl", POLISH)
    assert sheet_of(letter).other == [
        Paragraph(("Dziękujemy za zgłoszenie.",)),
        Paragraph(("Odpowiemy do 22 czerwca.",)),
    ]


@pytest.mark.parametrize(("tag", "text"), [("pl", POLISH), ("ur", URDU)])
def test_the_document_has_it_on_a_page_of_its_own_with_its_language(
    house, complaint, tmp_path, settings, tag, text
):
    settings.MEDIA_ROOT = tmp_path
    letter = acknowledged(house, complaint, other_language=tag, other_text=text)

    pdf = pdf_of(letter)

    last = pdf.pages[-1].extract_text()
    assert "We look into it." in pdf.pages[0].extract_text()
    assert "We look into it." not in last
    assert UNKNOWN_SIGN not in last
    assert pdf.trailer["/Root"]["/Lang"] == "en-GB"
    assert tag in languages_in(pdf)


def languages_in(pdf: PdfReader) -> set[str]:
    """Return the languages in which parts of a document are marked."""
    found = set()
    for number in range(1, len(pdf.xref_objStm) + len(pdf.xref.get(0, {})) + 1):
        each = pdf.get_object(number)
        if hasattr(each, "get") and "/Lang" in each:
            found.add(str(each["/Lang"]))
    return found


@pytest.mark.parametrize(("tag", "direction"), [("pl", "ltr"), ("ur", "rtl")])
def test_the_page_of_the_letter_marks_it_too(house, complaint, client, tag, direction):
    letter = acknowledged(house, complaint, other_language=tag, other_text=POLISH)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    url = reverse("cases:letter", args=[complaint.reference, letter.event_number])

    with time_machine.travel(at(MONDAY), tick=False):
        page = client.get(url).content.decode()

    assert f'<div lang="{tag}" dir="{direction}">' in page
    assert "Dziękujemy za zgłoszenie." in page


def test_an_email_has_it_under_the_letter_and_so_has_each_copy(house, complaint):
    joint = CustomerFactory(
        name="Jan Nowak", email="jan@example.org", preferred_channel="email", language="Polish"
    )
    JointComplainant.objects.create(complaint=complaint, customer=joint, gets_letters=True)
    Customer.objects.update(email="nowak@example.org")

    acknowledged(house, complaint, "email", other_language="pl", other_text=POLISH)

    messages = OutboundMessage.objects.filter(kind="letter_acknowledgement")
    assert len(messages) == 2
    assert all(f"\n\nPolski\n\n{POLISH}\n" in each.body for each in messages)
    assert {each.other_text for each in Letter.objects.all()} == {POLISH}


def test_a_copy_in_braille_is_in_english_alone(house, complaint):
    joint = CustomerFactory(letter_format="braille")
    JointComplainant.objects.create(complaint=complaint, customer=joint, gets_letters=True)

    acknowledged(house, complaint, other_language="pl", other_text=POLISH)

    copy = Letter.objects.get(copy_of__isnull=False)
    assert (copy.other_language, copy.other_text) == ("", "")


def test_a_text_without_its_language_is_refused(house, complaint):
    with pytest.raises(ActionNotAllowed, match="in which language"):
        acknowledged(house, complaint, other_text=POLISH)


@pytest.mark.parametrize("letter_format", ["braille", "audio"])
def test_a_letter_that_nobody_sees_is_in_english_alone(house, letter_format):
    complaint = house.lodge(customer=CustomerFactory(letter_format=letter_format))

    with pytest.raises(ActionNotAllowed, match="in English alone"):
        acknowledged(house, complaint, other_language="pl", other_text=POLISH)


def test_a_language_without_a_text_adds_nothing(house, complaint):
    letter = acknowledged(house, complaint, other_language="pl", other_text="  ")

    assert (letter.other_language, letter.other_text) == ("", "")


def test_a_text_is_never_stored_without_its_language(house, complaint):
    acknowledged(house, complaint)

    with pytest.raises(IntegrityError), transaction.atomic():
        Letter.objects.update(other_text=POLISH)


@pytest.mark.parametrize(
    ("speaks", "chosen"), [("Polish", "pl"), ("polski", "pl"), ("Klingon", ""), ("", "")]
)
def test_it_is_offered_when_the_customer_speaks_another_language(house, client, speaks, chosen):
    complaint = house.lodge(customer=CustomerFactory(language=speaks))
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    with time_machine.travel(at(MONDAY), tick=False):
        page = client.get(reverse("cases:acknowledge", args=[complaint.reference]))

    assert page.context["form"]["other_language"].value() == chosen
    assert (f"they speak {speaks}" in page.content.decode()) == bool(speaks)


def test_a_letter_in_english_alone_needs_a_reason_and_says_so(house, complaint):
    with pytest.raises(ActionNotAllowed, match="Ewa Nowak needs letters in Polish"):
        acknowledged(house, complaint, language_because=" ")
    with pytest.raises(ActionNotAllowed, match="needs letters in Polish"):
        acknowledged(house, complaint, other_language="ur", other_text=URDU, language_because="")
    assert not Letter.objects.exists()

    letter = acknowledged(house, complaint)

    assert "You need letters in Polish. We are sorry: this one is in English." in letter.body
    noted = EventWords.objects.get(event__kind="noted").parts["note"]
    assert noted.endswith("as the customer needs. The translator was away.")


@pytest.mark.parametrize("speaks", ["English", " ", "BSL", "British Sign Language"])
def test_whoever_reads_english_is_asked_for_no_reason(house, speaks):
    complaint = house.lodge(customer=CustomerFactory(language=speaks))

    letter = acknowledged(house, complaint, language_because="")

    assert "this one is in English" not in letter.body


def test_the_screen_asks_for_the_reason_only_where_another_language_is_needed(
    house, client, complaint
):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    with time_machine.travel(at(MONDAY), tick=False):
        theirs = client.get(reverse("cases:acknowledge", args=[complaint.reference]))
        other = client.get(reverse("cases:acknowledge", args=[house.lodge().reference]))

    assert "Why it is in English alone" in theirs.content.decode()
    assert "language_because" not in other.context["form"].fields


def test_the_preview_shows_it(house, client):
    situation = SITUATIONS[Act.ACKNOWLEDGE]
    with time_machine.travel(NOW, tick=False):
        story = situation.lead(house)
        client.force_login(house[situation.by])
        told = {"channel": "post", "other_language": "pl", "other_text": POLISH, "preview": "yes"}
        url = reverse("cases:acknowledge", args=[story.complaint.reference])
        page = client.post(url, situation.data(story) | told).content.decode()

    assert '<div lang="pl" dir="ltr">' in page
    assert not Letter.objects.exists()


def test_the_fonts_of_letters_can_write_every_language_that_is_offered():
    names = [each.own_name for each in LANGUAGES.values()]
    blocks = [Paragraph((name,)) for name in names]

    made = set_paper(plain_paper("Names", blocks, author="", footer=""), at=at(MONDAY))

    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)
    assert UNKNOWN_SIGN not in text
    assert all(language_called(name) for name in names)


# Copies for those who complain too ---------------------------------------------------------------


@pytest.fixture
def join():
    """Put somebody down who complains too and gets each letter."""

    def add(complaint, speaks, gets_letters=True, **particulars) -> Customer:
        joint = CustomerFactory(name="Ada Nkemelu", language=speaks, **particulars)
        JointComplainant.objects.create(
            complaint=complaint, customer=joint, gets_letters=gets_letters
        )
        return joint

    return add


ALONE = "We are sorry: this one is in English."


@pytest.mark.parametrize("speaks", ["Polish", "Urdu", "Klingon"])
def test_a_copy_in_english_alone_needs_a_reason_and_says_so(house, join, speaks):
    complaint = house.lodge()
    join(complaint, speaks)

    with pytest.raises(ActionNotAllowed, match=f"Ada Nkemelu gets a copy and needs .* {speaks}"):
        acknowledged(house, complaint, language_because=" ")
    assert not Letter.objects.exists()

    letter = acknowledged(house, complaint)

    copy = Letter.objects.get(copy_of__isnull=False)
    assert f"You need letters in {speaks}. {ALONE}" in copy.body
    assert ALONE not in letter.body
    noted = EventWords.objects.get(event__kind="noted").parts["note"]
    assert noted == (
        f"The copy for Ada Nkemelu is not in {speaks}, as they need. The translator was away."
    )


@pytest.mark.parametrize("speaks", ["", "English", " ", "BSL", "British Sign Language"])
def test_a_copy_for_whoever_reads_english_has_nothing_of_the_first_readers_language(
    house, complaint, join, speaks
):
    join(complaint, speaks)

    letter = acknowledged(house, complaint)
    copy = Letter.objects.get(copy_of=letter)

    assert ALONE in letter.body
    assert "Polish" not in copy.body
    assert ALONE not in copy.body


def test_a_copy_has_no_text_in_a_language_that_its_reader_does_not_need(house, complaint, join):
    join(complaint, "")

    letter = acknowledged(house, complaint, other_language="pl", other_text=POLISH)
    copy = Letter.objects.get(copy_of=letter)

    assert letter.other_text == POLISH
    assert (copy.other_language, copy.other_text, copy.other_template) == ("", "", None)


def test_a_copy_in_another_language_than_the_needed_is_in_english_alone(house, complaint, join):
    join(complaint, "Urdu")

    letter = acknowledged(house, complaint, other_language="pl", other_text=POLISH)
    copy = Letter.objects.get(copy_of=letter)

    assert ALONE not in letter.body
    assert f"You need letters in Urdu. {ALONE}" in copy.body
    assert copy.other_text == ""


def test_whoever_gets_no_copy_is_no_reason_to_ask(house, client, join):
    complaint = house.lodge()
    join(complaint, "Polish", gets_letters=False)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    with time_machine.travel(at(MONDAY), tick=False):
        page = client.get(reverse("cases:acknowledge", args=[complaint.reference]))

    assert "language_because" not in page.context["form"].fields
    assert ALONE not in acknowledged(house, complaint, language_because="").body


def test_the_screen_asks_why_where_only_a_copy_needs_it(house, client, join):
    complaint = house.lodge()
    join(complaint, "Polish")
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    with time_machine.travel(at(MONDAY), tick=False):
        page = client.get(reverse("cases:acknowledge", args=[complaint.reference]))

    assert "Ada Nkemelu gets a copy and needs Polish" in page.content.decode()
    assert "language_because" in page.context["form"].fields


def test_the_preview_asks_why_a_copy_is_in_english_alone(house, client, join):
    situation = SITUATIONS[Act.ACKNOWLEDGE]
    asked = "Ada Nkemelu gets a copy and needs letters in Polish"
    with time_machine.travel(NOW, tick=False):
        story = situation.lead(house)
        join(story.complaint, "Polish")
        client.force_login(house[situation.by])
        told = situation.data(story) | {"channel": "post", "preview": "yes"}
        url = reverse("cases:acknowledge", args=[story.complaint.reference])
        refused = client.post(url, told).content.decode()
        shown = client.post(url, told | {"language_because": "It is urgent."}).content.decode()

    assert asked in refused
    assert asked not in shown
    assert "Nothing is recorded yet" in shown
    assert not Letter.objects.exists()
