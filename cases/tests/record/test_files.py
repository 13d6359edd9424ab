"""What of a file is looked at before it is taken, and under which name it is handed out."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.errors import FileRefused
from cases.models import RecordedEvent, StoredFile
from cases.operations.files import TEXT, check_upload, clean_name, name_for, store_upload
from cases.operations.note import add_files
from cases.rules.events import EventKind
from cases.rules.roles import Role
from cases.tests.factories import MONDAY
from cases.tests.fixtures import at

NOW = at(MONDAY, 14)
PDF = b"%PDF-1.7\n" + b"x" * 400
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PLAIN = "<Types><Override ContentType='application/x.main+xml'/></Types>"


def packed(parts: str | bytes = PLAIN, *more: str) -> bytes:
    """Return a Word document with a list of its parts, and more members."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", parts)
        for name in ("word/document.xml", *more):
            archive.writestr(name, "<x/>")
    return held.getvalue()


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """Return a file as it arrives."""
    return SimpleUploadedFile(name, content)


@pytest.mark.parametrize(
    ("name", "media_type", "handed_out"),
    [
        ("bill.pdf", "application/pdf", "bill.pdf"),
        ("BILL.PDF", "application/pdf", "BILL.PDF"),
        ("bill.html", "application/pdf", "bill.html.pdf"),
        ("run.exe", "application/pdf", "run.exe.pdf"),
        ("bill", "application/pdf", "bill.pdf"),
        ("pdf", "application/pdf", "pdf.pdf"),
        ("lift.jpeg", "image/jpeg", "lift.jpeg"),
        ("lift.png", "image/jpeg", "lift.png.jpg"),
        ("letter.docm", WORD, "letter.docm.docx"),
        ("list.csv", TEXT, "list.csv"),
        ("a" * 300 + ".exe", "application/pdf", "a" * 120 + ".exe.pdf"),
    ],
)
def test_a_file_is_handed_out_with_an_ending_of_its_type(name, media_type, handed_out):
    assert name_for(name, media_type) == handed_out


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["bill.html", "run.exe"])
def test_a_file_is_stored_under_a_name_that_nothing_runs(name):
    stored = store_upload(upload(name, PDF), by=None, now=NOW)

    assert stored.name == f"{name}.pdf"


@pytest.mark.parametrize(
    "content",
    [
        packed(PLAIN.replace("x.main", "vnd.ms-word.document.macroEnabled.main")),
        packed(PLAIN.replace("x.main", "vnd.ms-word.document.MACROENABLED.main").encode("utf-16")),
        packed(PLAIN, "word/vbaProject.bin"),
        packed(PLAIN, "word/VBAPROJECT.BIN"),
        packed(PLAIN.replace("x.main", "vnd.ms-office.vbaProject"), "word/other.bin"),
    ],
    ids=["type", "UTF-16", "part", "capitals", "renamed part"],
)
def test_a_document_with_macros_is_refused_and_told_why(content):
    with pytest.raises(FileRefused, match=r"“letter\.docx” holds macros, which are not taken"):
        check_upload(upload("letter.docx", content))


def test_a_document_without_macros_is_taken():
    assert check_upload(upload("letter.docx", packed())) == WORD


@pytest.mark.parametrize(
    "content",
    [packed("x" * (1024**2 + 1)), packed()[:-30], packed().replace(b"<x/>", b"PK\x03\x04")[:60]],
    ids=["endless list", "torn", "head only"],
)
def test_a_document_whose_parts_cannot_be_read_is_refused(content):
    with pytest.raises(FileRefused, match="cannot be taken"):
        check_upload(upload("letter.docx", content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", "Zoë ".encode() * 200_000),
        ("notes.TXT", "It’s “broken” – Zoë".encode("cp1252")),
        ("list.csv", "Zoë,£12\r\n".encode("cp1252") * 2_000),
        ("mail.eml", b"Subject: lift\r\n\r\nOut of order.\r\n"),
    ],
    ids=["UTF-8 cut anywhere", "Windows", "Windows list", "e-mail"],
)
def test_text_is_taken_as_people_write_it(name, content):
    assert check_upload(upload(name, content)) == TEXT


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"a" * 9_000 + b"\x00" * 10),
        ("notes.txt", b"a" * 100_000 + b"\x81\x8d"),
        ("mail.eml", b"a" * 9_000 + b"\xe9"),
        ("notes.html", b"<script>alert(1)</script>"),
        ("notes", b"words"),
    ],
    ids=["NUL late", "no letters late", "no UTF-8 late", "page", "no ending"],
)
def test_what_is_no_text_to_its_end_is_refused(name, content):
    with pytest.raises(FileRefused, match="cannot be taken"):
        check_upload(upload(name, content))


def test_a_file_whose_bytes_were_swallowed_is_refused():
    swallowed = upload("notes.txt", b"")
    swallowed.size = 400

    with pytest.raises(FileRefused, match="cannot be taken"):
        check_upload(swallowed)


def test_a_name_keeps_no_folders():
    assert clean_name("..\\..\\bill.pdf") == "bill.pdf"


@pytest.mark.django_db
def test_several_files_are_added_at_once_or_none_of_them(house):
    complaint, by = house.lodge(), house[Role.COMPLAINTS_COORDINATOR]
    files = [store_upload(upload(f"{n}.pdf", PDF), by=by, now=NOW).pk for n in range(2)]
    whose = {"complaint_id": complaint.pk, "by": by, "now": NOW}

    with pytest.raises(StoredFile.DoesNotExist):
        add_files(**whose, file_ids=[*files, 0])
    assert not complaint.files.exists()
    after = add_files(**whose, file_ids=files)

    added = RecordedEvent.objects.filter(complaint=complaint, kind=EventKind.FILE_ADDED)
    assert complaint.files.count() == added.count() == 2
    assert {event.recorded_at for event in added} == {NOW}
    assert after.version > complaint.version
