"""The redacted twin takes nothing as it came: no kind of file carries out what was blacked out."""

import io
import json
import re
import zipfile

import pytest
import time_machine
from django.urls import reverse
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import StreamObject

from cases.models import Document, Scan
from cases.operations.bundles import Part, bind
from cases.operations.evidence import make_bundle
from cases.operations.files import open_file
from cases.operations.redacted import Redaction
from cases.rules.blocks import Paragraph
from cases.rules.redaction import redactor, still_mentions
from cases.rules.roles import Role
from cases.tests.factories import MONDAY_MORNING
from cases.tests.papers.test_bundles import NOW, opened, pages_of, pdf, put

SECRET = "Ms Smith lives at 12 Quay Street"
BLACKED_OUT = Redaction("Ms Smith\n12 Quay Street")


def packed(members: dict[str, str]) -> bytes:
    """Return an office document of these members."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return whole.getvalue()


def written_pdf(*lines: str, remark: str = "") -> bytes:
    """Return a PDF with these lines, and a remark that is not on its page."""
    bound = bind(
        "A letter",
        [Part("A letter", "", [Paragraph(lines)])],
        author=remark or "Agnes Bell",
        reference="R",
        at=MONDAY_MORNING,
        change=str,
    )
    writer = PdfWriter(io.BytesIO(bound.content))
    if remark:
        writer.add_annotation(0, FreeText(text=remark, rect=(50, 50, 200, 90)))
        writer.add_metadata({"/Keywords": remark})
        writer.add_attachment("note.txt", remark.encode())
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def scanned_pdf(remark: str) -> bytes:
    """Return a PDF of a page without words, with a remark behind it."""
    writer = PdfWriter(io.BytesIO(pdf(1)))
    writer.add_annotation(0, FreeText(text=remark, rect=(50, 50, 200, 90)))
    writer.add_metadata({"/Keywords": remark})
    whole = io.BytesIO()
    writer.write(whole)
    return whole.getvalue()


def noted_jpeg() -> bytes:
    """Return a photo that says in three ways where it was taken."""
    exif = Image.Exif()
    exif[0x010E] = SECRET
    whole = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(whole, "JPEG", exif=exif, comment=SECRET.encode())
    return whole.getvalue()


def noted_png() -> bytes:
    """Return a picture with a remark."""
    noted = PngImagePlugin.PngInfo()
    noted.add_text("Comment", SECRET)
    whole = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(whole, "PNG", pnginfo=noted)
    return whole.getvalue()


TYPES = "[Content_Types].xml"
EML = (
    "From: a@b.test\nMIME-Version: 1.0\nContent-Transfer-Encoding: base64\n\n"
    "TXMgU21pdGggbGl2ZXMgYXQgMTIgUXVheSBTdHJlZXQ=\n"
)
FILES = {
    "Ms_Smith, 12_Quay_Street.txt": b"Nothing of it in here.",
    "letter.txt": f"{SECRET}\nMs\nSmith, of 12 Quay\nStreet, MS. SMITH".encode(),
    "table.csv": b'who,where\n"Ms","Smith","12, Quay Street"\n',
    "mail.eml": EML.encode(),
    "letter.docx": packed({TYPES: "<Types/>", "word/document.xml": SECRET}),
    "table.xlsx": packed({TYPES: "<Types/>", "xl/sharedStrings.xml": SECRET}),
    "photo.jpg": noted_jpeg(),
    "picture.png": noted_png(),
    "letter.pdf": written_pdf(SECRET, "Ms Smi-", "th"),
    "apart.pdf": written_pdf("M s S m i t h"),
    "remark.pdf": written_pdf("A page about Agnes Bell.", remark=SECRET),
    "scan.pdf": scanned_pdf(SECRET),
    "locked.pdf": pdf(1, user_password="secret"),
    "broken.pdf": b"%PDF-1.7\n" + SECRET.encode(),
}
MARKS = ("smith", "quay", "txmgu21pdgg")
# What a PDF packs.
PACKED = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)


def everything_in(documents: list[Document]) -> dict[str, bytes]:
    """Return all bytes of a bundle by where they lie, unpacked as deep as they go."""
    found: dict[str, bytes] = {}
    for document in documents:
        with open_file(document.file) as content:
            given = content.read()
        if zipfile.is_zipfile(io.BytesIO(given)):
            with zipfile.ZipFile(io.BytesIO(given)) as archive:
                for name in archive.namelist():
                    found |= laid_open(name, archive.read(name))
        else:
            found |= laid_open(document.kind, given)
    return found


def laid_open(name: str, given: bytes) -> dict[str, bytes]:
    """Return a file with its name, and what is packed inside it.

    Packed bytes spell a short word by chance now and then: they are read unpacked alone.
    """
    found = {}
    if zipfile.is_zipfile(io.BytesIO(given)):
        with zipfile.ZipFile(io.BytesIO(given)) as archive:
            found[name] = b"\n".join([name.encode(), archive.comment])
            for each in archive.infolist():
                found[f"{name}: about {each.filename}"] = each.comment + each.extra
                found |= laid_open(f"{name}/{each.filename}", archive.read(each))
    elif given.startswith(b"%PDF"):
        found[name] = name.encode() + b"\n" + PACKED.sub(b"stream", given)
    else:
        found[name] = name.encode() + b"\n" + given
    if given.startswith(b"%PDF") and "locked" not in name and "broken" not in name:
        reader = PdfReader(io.BytesIO(given))
        told = " ".join(pages_of(reader)) + str(reader.metadata) + str(reader.outline)
        found[f"{name}: words"] = told.encode()
        inside = [reader.get_object(n) for n in range(1, len(reader.xref[0]) + 1)]
        found[f"{name}: objects"] = str(inside).encode()
        streams = [each.get_data() for each in inside if isinstance(each, StreamObject)]
        found[f"{name}: streams"] = b"\n".join(streams)
    return found


def leaks(documents: list[Document]) -> list[str]:
    """Return where something blacked out is found, however it is written."""
    found = []
    for where, content in everything_in(documents).items():
        text = content.decode("utf-8", "replace").lower()
        squeezed = "".join(sign for sign in text if sign.isalnum())
        if any(mark in text for mark in MARKS) or "mssmith" in squeezed:
            found.append(where)
    return found


@pytest.fixture
def coordinator(house):
    """Return who makes bundles."""
    return house[Role.COMPLAINTS_COORDINATOR]


@pytest.fixture
def complaint(house):
    """Return a complaint with a file of every kind, each of which names the neighbour."""
    complaint = house.lodge(summary="The neighbour is loud.")
    keys = {name: put(complaint, name, content).key for name, content in FILES.items()}
    complaint.refresh_from_db()
    complaint.keys = keys
    return complaint


@pytest.mark.promise("P18")
@pytest.mark.parametrize("is_looked_at", [False, True], ids=["by itself", "with all looked at"])
def test_no_kind_of_file_carries_out_what_was_blacked_out(complaint, coordinator, is_looked_at):
    looked_at = frozenset(complaint.keys.values()) if is_looked_at else frozenset()
    redaction = Redaction(BLACKED_OUT.words, looked_at=looked_at)

    documents = make_bundle(complaint_id=complaint.pk, by=coordinator, now=NOW, redaction=redaction)

    assert leaks(documents) == []
    told = " ".join(pages_of(opened(documents[0])))
    assert "A page about Agnes Bell." in told
    assert "[redacted] lives at [redacted]" in told


def test_the_same_search_finds_the_names_in_a_bundle_that_is_not_redacted(complaint, coordinator):
    found = leaks(make_bundle(complaint_id=complaint.pk, by=coordinator, now=NOW))

    for kind in ("bundle", "letter.txt", "mail.eml", "document.xml", "sharedStrings.xml",
                 "photo.jpg", "picture.png", "remark.pdf", "letter.pdf", "Ms_Smith"):  # fmt: skip
        assert any(kind in where for where in found), kind


def test_what_is_left_out_is_listed_with_the_reason_under_a_name_that_says_nothing(
    complaint, coordinator
):
    documents = make_bundle(
        complaint_id=complaint.pk, by=coordinator, now=NOW, redaction=BLACKED_OUT
    )

    with open_file(documents[1].file) as content, zipfile.ZipFile(content) as archive:
        left_out = json.loads(archive.read("manifest.json"))["left_out"]
        names = archive.namelist()
    assert not any(name.startswith("files/") for name in names)
    assert all(name.startswith("File ") for name in left_out)
    # Mail, Word, Excel, two pictures, letters apart, scan, locked, broken.
    assert len(left_out) == 9
    assert all("may" in why for why in left_out.values())
    titles = [item["/Title"] for item in opened(documents[0]).outline]
    assert sum(". File " in title for title in titles) == len(FILES)


def test_a_file_that_nobody_may_open_has_no_name_in_the_twin_either(complaint, coordinator):
    held = put(complaint, "Ms_Smith again.txt", b"words")
    type(held).objects.filter(pk=held.pk).update(scan=Scan.INFECTED.value)

    documents = make_bundle(
        complaint_id=complaint.pk, by=coordinator, now=NOW, redaction=BLACKED_OUT
    )

    assert leaks(documents) == []


@time_machine.travel(NOW)
def test_photos_and_scans_go_only_where_they_are_ticked_as_looked_at(
    client, complaint, coordinator
):
    client.force_login(coordinator)
    address = reverse("cases:case-papers", args=[complaint.reference])
    photo = complaint.keys["photo.jpg"]

    client.post(address, {"step": "redacted", "words": "Ms Smith"})
    client.post(address, {"step": "redacted", "words": "Ms Smith", "looked_at": photo})

    without, with_it = Document.objects.filter(kind="redacted").order_by("pk")
    assert [len(page.images) for page in opened(without).pages if len(page.images)] == []
    assert sum(len(page.images) for page in opened(with_it).pages) == 1


@pytest.mark.one_database
@pytest.mark.parametrize(
    "text",
    ["ms_smith", "Ms. Smith", "Ms Smi-\nth", "Ms Smi\u00adth", "Ms,Smith", "MS\u00a0SMITH"],
)
def test_a_mention_is_found_however_it_is_broken(text):
    assert redactor(["Ms Smith"])(f"x {text} y") == "x [redacted] y"


@pytest.mark.one_database
def test_accents_hide_no_mention_and_other_words_stay():
    decomposed = "Mu\u0308ller"
    assert redactor(["Müller"])(decomposed) == "[redacted]"
    assert redactor(["Ann"])("Annual, Joanne") == "Annual, Joanne"
    assert still_mentions(["Ms Smith"])("M s S m i t h")
    assert not still_mentions(["Ann"])("annual")
