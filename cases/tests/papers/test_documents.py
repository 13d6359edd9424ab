"""Letters as documents: in every format, and the same bytes whenever they are asked for."""

import hashlib
import io
import re
import shutil
import subprocess

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.http import urlencode
from pypdf import PdfReader

from cases.errors import NotMade
from cases.models import Customer, Document, Landlord, Letter, OutboundMessage, StoredFile
from cases.operations import documents
from cases.operations.braille import braille_of
from cases.operations.documents import letter_document, make_documents, make_letter, sheet_of
from cases.operations.email import compose
from cases.operations.files import open_file
from cases.operations.landlord import remove_logo, set_logo
from cases.operations.speech import sound_of
from cases.operations.telling import Telling
from cases.operations.typesetting import set_paper
from cases.rules.blocks import Paragraph, blocks_of
from cases.rules.customers import LetterFormat
from cases.rules.papers import PRINTED, Sheet, plain_paper
from cases.rules.roles import Role
from cases.tests.answering import acknowledge
from cases.tests.factories import MONDAY, MONDAY_MORNING, CustomerFactory
from cases.tests.fixtures import at
from cases.tests.settings.pictures import JPEG, PNG, png

needs_braille = pytest.mark.skipif(
    shutil.which("lou_translate") is None, reason="liblouis-bin is not installed."
)
needs_speech = pytest.mark.skipif(
    shutil.which("espeak-ng") is None, reason="espeak-ng is not installed."
)
BODY = (
    "This is our answer.\n\nTo put this right:\n- We apologise to you.\n- We check the lift.\n\n"
    "You can ask for advice:\nHousing Ombudsman Service\n0300 111 3000"
)
# Every format on a machine that has the programs for it.
FORMATS = [
    *(pytest.param(each, id=each.value) for each in PRINTED),
    pytest.param(LetterFormat.BRAILLE, marks=needs_braille, id="braille"),
    pytest.param(LetterFormat.AUDIO, marks=needs_speech, id="audio"),
]


def sheet(body: str = BODY, **other) -> Sheet:
    """Return a letter."""
    return Sheet(
        **{
            "reference": "C-7KQ2-XW4P",
            "title": "About your enquiry C-7KQ2-XW4P",
            "author": "Harbourside Homes",
            "day": "9 June 2026",
            "sender": ["Harbourside Homes", "1 Quay Street", "Harbourside HB1 1AA"],
            "to": ["Agnes Bell", "Flat 4, Merchants House", "14 Dock Road", "Harbourside", "HB1"],
            "greeting": "Dear Agnes Bell,",
            "blocks": blocks_of(body),
            "ending": "Yours sincerely",
            "signed": ["Helen Marsh", "Director of Homes"],
            **other,
        }
    )


def pdf_of(body: str = BODY, letter_format: LetterFormat = LetterFormat.STANDARD, **other):
    """Return a letter made as PDF, opened."""
    made, _, _ = make_letter(sheet(body, **other), letter_format, at=MONDAY_MORNING)
    return PdfReader(io.BytesIO(made))


def words_of(pdf: PdfReader) -> str:
    """Return what a PDF says, all white space as one space."""
    return " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def placed(pdf: PdfReader, page: int = 0) -> list[tuple[str, float, float, float]]:
    """Return each piece of text on a page: its left edge and line from the top in mm, its size."""
    found = []

    def visit(text, page_matrix, text_matrix, __, size):
        if text.strip():
            a, b, c, d, e, f = page_matrix
            x, y = text_matrix[4:]
            left, up = x * a + y * c + e, x * b + y * d + f
            mm = 25.4 / 72
            found.append((text.strip(), left * mm, 297 - up * mm, size))

    pdf.pages[page].extract_text(visitor_text=visit)
    return found


@pytest.fixture
def agnes(house):
    """Return an acknowledged complaint of somebody who needs large print, with its letter."""
    return written(house, CustomerFactory(name="Agnes Bell", letter_format="large_print"))


def written(house, customer: Customer, channel: str = "post") -> Letter:
    """Return the letter that acknowledges a complaint of that customer."""
    complaint = house.lodge(customer=customer)
    acknowledge(
        complaint_id=complaint.pk,
        by=house[Role.COMPLAINTS_COORDINATOR],
        now=at(MONDAY),
        seen=complaint.version,
        on=MONDAY,
        telling=Telling(channel, "We look into it."),
    )
    return complaint.letters.select_related("complaint", "issued_by").get()


def bytes_of(document: Document) -> bytes:
    """Return the bytes of a document."""
    with open_file(document.file) as content:
        return content.read()


# As PDF -----------------------------------------------------------------------------------------


@pytest.mark.rule("HH-27")
@pytest.mark.parametrize("letter_format", PRINTED)
def test_a_printed_letter_is_tagged_named_and_in_british_english(letter_format):
    pdf = pdf_of(letter_format=letter_format)

    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/StructTreeRoot"]["/K"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata["/Title"] == "About your enquiry C-7KQ2-XW4P"
    assert b"pdfuaid:part" in root["/Metadata"].get_data()


@pytest.mark.rule("HH-27")
@pytest.mark.parametrize("letter_format", PRINTED)
def test_a_printed_letter_is_set_in_its_own_size_and_never_runs_out_of_the_page(letter_format):
    pdf = pdf_of("A word and another. " * 300, letter_format)

    sizes = {round(size) for text, _, _, size in placed(pdf, len(pdf.pages) - 2) if "word" in text}
    assert sizes == {PRINTED[letter_format]}
    assert words_of(pdf).count("another") == 300
    assert len(pdf.pages) > 1
    for number, page in enumerate(pdf.pages, 1):
        told = " ".join(page.extract_text().split())
        assert "C-7KQ2-XW4P" in told
        assert f"Page {number} of {len(pdf.pages)}" in told


@pytest.mark.parametrize("letter_format", PRINTED)
@pytest.mark.parametrize("lines", [3, 5, 7])
def test_the_address_lies_in_the_window_of_the_envelope(letter_format, lines):
    to = [f"Line {number} of it" for number in range(lines)]

    address = [each for each in placed(pdf_of(letter_format=letter_format, to=to)) if each[0] in to]

    assert len(address) == lines
    assert all(57 <= top <= 81 and left > 19.9 for _, left, top, _ in address)


# How a letter may end: as nearly all do, with a long paragraph, with a list.
ENDINGS = {
    "to whom to turn": (
        "You can take your complaint to:\nHousing Ombudsman Service\nPO Box 1484\nPreston\n\n"
        "If you have a question, please telephone 0800 000 0000."
    ),
    "a long paragraph": "A word and another one. " * 40 + "It ends here.",
    "a list": "To put this right:\n" + "\n".join(["- We will do this and tell you when."] * 12),
}


@pytest.mark.one_database
@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    "letter_format", [LetterFormat.STANDARD, LetterFormat.LARGE_PRINT, LetterFormat.GIANT_PRINT]
)
def test_a_signature_is_whole_and_has_what_was_said_last_above_it(letter_format, ending):
    for count in range(0, 24, 2):
        body = "\n\n".join([*["A short paragraph."] * count, ENDINGS[ending]])
        pages = [page.extract_text() for page in pdf_of(body, letter_format).pages]

        last = next(page for page in pages if "Yours sincerely" in page)
        above, _, below = last.partition("Yours sincerely")
        assert ["Helen Marsh" in below, "Director of Homes" in below] == [True, True]
        assert len(above.strip()) > 100


HOSTILE = [
    '#read("/etc/hostname")',
    '#image("http://127.0.0.1:9/x.png")',
    '#include "/etc/passwd"',
    "#import sys: *",
    "$ x^2 $ *bold* _italic_ `raw` <label> @label = heading",
    "#{while true {}}",
    "\\u{1F600} // comment /* other */",
    '"; #panic("x") //',
    "#set page(height: 1pt)",
    "file:///etc/hostname <img src=x onerror=alert(1)>",
    "{{ letter.body }} {% include x %} ${HOME} %(x)s",
    "----- ===== ~~~ \\ \\\\ 'quoted' “”",
]


@pytest.mark.promise("P17")
@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_is_written_in_a_letter_is_printed_as_it_stands(text):
    paper = plain_paper(text, [Paragraph((text,))], author=text, footer=text)

    told = words_of(PdfReader(io.BytesIO(set_paper(paper, at=MONDAY_MORNING))))

    assert told.replace(" ", "").count("".join(text.split())) == 3


@pytest.mark.promise("P17")
def test_the_template_of_papers_reads_nothing_but_what_it_is_given(settings):
    template = (settings.BASE_DIR / "templates" / "papers" / "paper.typ").read_text()

    assert not re.search(r"\b(read|include|import|plugin|eval|csv|xml|yaml)\b *[(\"]", template)
    # The only pictures are the logo and the drawings made here, as the bytes that were given.
    assert set(re.findall(r"\bimage\b *(\(\S+?)[,)]", template)) == {
        "(logo",
        "(bytes(block.svg",
    }


def pictures_of(pdf: PdfReader) -> list[int]:
    """Return how many pictures each page has."""
    drawn = [page["/Resources"].get("/XObject", {}) for page in pdf.pages]
    return [sum(each["/Subtype"] == "/Image" for each in page.values()) for page in drawn]


@pytest.mark.parametrize("letter_format", list(PRINTED))
@pytest.mark.parametrize("logo", [PNG, png(size=600), JPEG], ids=["tiny", "large", "jpeg"])
def test_the_logo_stands_once_above_a_letter_on_paper(letter_format, logo):
    body = "\n\n".join([BODY] * 8)

    made, _, _ = make_letter(sheet(body), letter_format, at=MONDAY_MORNING, logo=logo)

    pdf = PdfReader(io.BytesIO(made))
    assert pictures_of(pdf) == [1, *[0] * (len(pdf.pages) - 1)]
    assert sum(pictures_of(pdf_of(body, letter_format))) == 0
    # Whoever has the letter read out hears the name beside it, and of no picture.
    assert words_of(pdf) == words_of(pdf_of(body, letter_format))
    assert b"/Figure" not in made


def test_a_logo_that_cannot_be_drawn_holds_no_letter_up():
    made, _, _ = make_letter(
        sheet(), LetterFormat.STANDARD, at=MONDAY_MORNING, logo=b"GIF89a no picture"
    )

    pdf = PdfReader(io.BytesIO(made))
    assert "We apologise to you." in words_of(pdf)
    assert pictures_of(pdf) == [0]


def test_a_letter_keeps_the_logo_with_which_it_was_made(client, house, agnes):
    admin, standard = house[Role.SYSTEM_ADMINISTRATOR], LetterFormat.STANDARD
    set_logo(PNG, by=admin, now=MONDAY_MORNING)
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    first = bytes_of(letter_document(agnes, standard, now=MONDAY_MORNING))
    page = client.get(reverse("cases:letter", args=[agnes.complaint.reference, agnes.event_number]))
    remove_logo(by=admin, now=MONDAY_MORNING)
    again = bytes_of(letter_document(agnes, standard, now=MONDAY_MORNING))
    other = bytes_of(letter_document(agnes, LetterFormat.GIANT_PRINT, now=MONDAY_MORNING))

    assert '<img class="house-letterhead__logo"' in page.content.decode()
    assert pictures_of(PdfReader(io.BytesIO(first)))[0] == 1
    assert again == first
    assert sum(pictures_of(PdfReader(io.BytesIO(other)))) == 0


def test_a_sign_that_no_font_has_holds_no_letter_up():
    told = words_of(pdf_of("Zażółć Ελλάδα سلام 😀 ᚠ \x07 end\u202e"))

    assert "Zażółć Ελλάδα" in told
    assert "□ □ end" in told


# In Braille and to be heard ---------------------------------------------------------------------


@needs_braille
@pytest.mark.rule("HH-27")
def test_braille_reads_back_as_what_was_written():
    lines = ["Dear Ms Khan,", "", "PAY £350.00 to a@b.example by 9 June, 5% off \\ or not."]

    rows = [row for row in braille_of(lines).decode().split("\r\n") if row][:-1]
    told = subprocess.run(
        ["lou_translate", "--backward", "en-us-brf.dis,en-ueb-g2.ctb"],
        input=" ".join(row.strip() for row in rows).replace("\\", "\\\\").encode(),
        capture_output=True,
        check=True,
    ).stdout.decode()

    assert " ".join(told.split()) == " ".join(" ".join(lines).split())


@needs_braille
def test_a_long_paragraph_loses_no_word_in_braille():
    made = braille_of(["Zebra box " * 1_000]).decode()

    assert made.count("ZEBRA") == made.count("BOX") == 1_000


@needs_braille
@pytest.mark.parametrize("sign", ["😀", "سلام", "中"])
def test_what_braille_has_no_sign_for_is_refused_and_named(sign):
    with pytest.raises(NotMade, match=f"no sign for .*{sign[0]}"):
        braille_of(["Dear Ms Khan,", f"Thank you {sign}"])


@needs_speech
def test_a_letter_is_read_out_with_the_reference_sign_by_sign():
    short, _, _ = sound_of(["Your reference."])
    long, media_type, ending = sound_of(["Your reference C-7KQ2-XW4P, 0300 111 3000 & <b>"])

    assert len(long) > 3 * len(short)
    assert (media_type, ending) in {
        ("audio/mpeg", "mp3"),
        ("audio/ogg", "ogg"),
        ("audio/x-wav", "wav"),
    }


@pytest.mark.parametrize(
    ("letter_format", "program"),
    [(LetterFormat.BRAILLE, "liblouis-bin"), (LetterFormat.AUDIO, "espeak-ng")],
)
def test_what_a_machine_lacks_is_said_with_what_can_be_done(
    client, house, agnes, monkeypatch, letter_format, program
):
    monkeypatch.setenv("PATH", "/nowhere")
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    page = client.get(reverse("cases:letter", args=[agnes.complaint.reference, agnes.event_number]))

    assert f"install {program}" in page.content.decode()
    with pytest.raises(NotMade, match=program):
        make_letter(sheet(), letter_format, at=MONDAY_MORNING)


# Kept ---------------------------------------------------------------------------------------------


@pytest.mark.rule("HH-27")
@pytest.mark.parametrize("letter_format", FORMATS)
def test_two_makings_of_a_letter_are_the_same_to_the_byte(letter_format):
    first, second = (make_letter(sheet(), letter_format, at=MONDAY_MORNING) for _ in range(2))

    assert first == second


@pytest.mark.parametrize("letter_format", FORMATS)
def test_a_letter_is_handed_out_again_as_it_was_made_whatever_changed(
    client, house, agnes, letter_format
):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    address = reverse("cases:letter-document", args=[agnes.complaint.reference, agnes.event_number])
    query = urlencode({"format": letter_format.value})

    first = b"".join(client.get(f"{address}?{query}").streaming_content)
    Landlord.objects.update(name="Another Name", address="Elsewhere", telephone="1")
    agnes.issued_by.name = "Renamed"
    agnes.issued_by.save(update_fields=["name"])
    again = b"".join(client.get(f"{address}?{query}").streaming_content)

    assert first == again
    kept = Document.objects.select_related("file").get(letter=agnes, letter_format=letter_format)
    assert kept.file.sha256 == hashlib.sha256(first).hexdigest()


def test_a_letter_says_for_whom_it_was_signed_when_it_was_issued(agnes):
    Landlord.objects.update(name="Another Name")
    agnes.issued_by.name = "Renamed"
    agnes.issued_by.save(update_fields=["name"])
    agnes.refresh_from_db()

    said = sheet_of(agnes)

    assert said.sender[0] == said.signed[1] == "Harbourside Homes"
    assert said.signed[0] == Role.COMPLAINTS_COORDINATOR.words


def test_the_document_is_made_in_the_customers_format_and_only_once(agnes):
    assert make_documents(now=at(MONDAY, 11), limit=10) == 1
    assert make_documents(now=at(MONDAY, 12), limit=10) == 0

    made = Document.objects.get()
    assert made.letter_format == "large_print"
    assert letter_document(agnes, LetterFormat.LARGE_PRINT, now=at(MONDAY, 13)) == made


def test_a_letter_that_cannot_be_made_holds_up_no_other(house, monkeypatch):
    written(house, CustomerFactory(letter_format="braille"))
    written(house, CustomerFactory())
    monkeypatch.setenv("PATH", "/nowhere")

    assert make_documents(now=at(MONDAY, 11), limit=10) == 1
    assert make_documents(now=at(MONDAY, 11), limit=10) == 0
    assert Document.objects.get().letter_format == "standard"


def test_of_two_who_make_a_letter_at_once_the_first_counts(agnes, monkeypatch):
    make, first = documents.make_letter, []

    def overtaken(*args, **kwargs):
        # While one makes it another makes it too, and is done first.
        monkeypatch.setattr(documents, "make_letter", make)
        first.append(letter_document(agnes, LetterFormat.STANDARD, now=at(MONDAY, 11)))
        return make(*args, **kwargs)

    monkeypatch.setattr(documents, "make_letter", overtaken)
    second = letter_document(agnes, LetterFormat.STANDARD, now=at(MONDAY, 11))

    assert first == [second]
    assert StoredFile.objects.count() == Document.objects.count() == 1


def test_an_e_mail_to_somebody_who_needs_a_format_carries_the_letter_in_it(house):
    letter = written(house, CustomerFactory(letter_format="giant_print"), "email")

    mail = compose(OutboundMessage.objects.get(letter=letter))

    ((name, content, kind),) = mail.attachments
    assert (name.endswith("giant_print.pdf"), kind) == (True, "application/pdf")
    assert "We look into it." in words_of(PdfReader(io.BytesIO(content)))


def test_an_e_mail_to_anybody_else_carries_nothing(house):
    letter = written(house, CustomerFactory(), "email")

    assert compose(OutboundMessage.objects.get(letter=letter)).attachments == []


# On the screens ---------------------------------------------------------------------------------


def test_a_format_that_nobody_knows_is_no_page(client, house, agnes):
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    address = reverse("cases:letter-document", args=[agnes.complaint.reference, agnes.event_number])

    assert client.get(f"{address}?format=papyrus").status_code == 404


def test_a_letter_that_cannot_be_made_is_told_on_its_page(client, house, agnes, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])
    address = reverse("cases:letter-document", args=[agnes.complaint.reference, agnes.event_number])

    page = client.get(f"{address}?format=audio", follow=True)

    assert "espeak-ng is not installed" in page.content.decode()


def test_the_letters_to_post_are_one_pdf_each_on_a_sheet_of_its_own(client: Client, house, agnes):
    written(house, CustomerFactory(name="Ben Okafor"))
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    answer = client.get(f"{reverse('cases:letters-pdf')}?all=yes")

    pages = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
    begins = [at for at, page in enumerate(pages) if "Dear" in page]
    assert len(begins) == 2
    assert all(at % 2 == 0 for at in begins)


def test_what_is_not_read_on_paper_is_listed_apart_and_not_in_the_pdf(client, house):
    letter = written(house, CustomerFactory(name="Agnes Bell", letter_format="braille"))
    client.force_login(house[Role.COMPLAINTS_COORDINATOR])

    document = reverse(
        "cases:letter-document", args=[letter.complaint.reference, letter.event_number]
    )

    page = client.get(f"{reverse('cases:letters-print')}?all=yes").content.decode()
    pdf = client.get(f"{reverse('cases:letters-pdf')}?all=yes", follow=True)

    assert "Not in the PDF" in page
    assert document in page
    assert "None of these letters waits to be printed." in pdf.content.decode()


def test_an_easy_read_letter_begins_with_what_staff_wrote_and_holds_the_whole_letter():
    easy = blocks_of("We are sorry.\n\nWe will mend the lift.")

    pdf = pdf_of(letter_format=LetterFormat.EASY_READ, easy=easy)

    assert "We are sorry." in pdf.pages[0].extract_text()
    assert "This is our answer." not in pdf.pages[0].extract_text()
    assert "This is our answer." in words_of(pdf)
