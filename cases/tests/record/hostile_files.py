"""Files that mean harm, made here: what is in each, and what is to become of it."""

import base64
import copy
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from pypdf import PdfWriter

# The test file that every virus scanner is to find, and that harms nobody; here in two pieces.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF, TEXT = "application/pdf", "text/plain"
TYPES = "<Types><Override ContentType='application/x.main+xml'/></Types>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PDF_BYTES = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
UNKNOWN = "cannot be taken"
MACROS = "holds macros, which are not taken"
LOCKED = "is locked with a password"


@dataclass(frozen=True, slots=True)
class Hostile:
    """One file. `verdict` is the type it is taken as, or the words it is refused with."""

    case: str
    name: str
    content: bytes
    verdict: str
    is_infected: bool = False

    @property
    def is_taken(self) -> bool:
        """Say whether it is taken, to be handed out as the type in its verdict."""
        return "/" in self.verdict


def packed(*members: tuple[str | ZipInfo, bytes]) -> bytes:
    """Return a packed file."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return held.getvalue()


def word(*members: tuple[str | ZipInfo, bytes], types: str = TYPES) -> bytes:
    """Return a Word document with further members."""
    return packed(("[Content_Types].xml", types.encode()), ("word/document.xml", b"<x/>"), *members)


def picture(width: int, height: int) -> bytes:
    """Return a PNG that says it is that large and holds next to nothing."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(each) - 4) + each + struct.pack(">I", zlib.crc32(each))
        for each in (head, b"IDAT" + zlib.compress(b""), b"IEND")
    )


def nested(depth: int) -> bytes:
    """Return a packed file in a packed file in a packed file."""
    content = b"x"
    for _ in range(depth):
        content = packed(("inner.zip", content))
    return content


def zeros_packed(megabytes: int, name: str) -> bytes:
    """Return a packed file whose one member unpacks to so many megabytes of nothing."""
    pressed = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = pressed.compress(bytes(1024**2)) + pressed.flush(zlib.Z_FULL_FLUSH)
    held = BytesIO()
    with ZipFile(held, "w", ZIP_STORED) as archive:
        archive.writestr(name, block * megabytes + pressed.flush(zlib.Z_FINISH))
        (member,) = archive.infolist()
        member.compress_type, member.file_size = ZIP_DEFLATED, megabytes * 1024**2
    # The same stands before the member itself: how it is packed, and how long it is then.
    made = bytearray(held.getvalue())
    struct.pack_into("<H", made, 8, ZIP_DEFLATED)
    struct.pack_into("<I", made, 22, megabytes * 1024**2)
    return bytes(made)


def overlapping(members: int) -> bytes:
    """Return a Word document in which many members are the same ten megabytes of nothing."""
    held = BytesIO()
    with ZipFile(held, "w", ZIP_DEFLATED) as archive:
        for name, content in (("[Content_Types].xml", TYPES), ("word/x.xml", bytes(10 * 1024**2))):
            archive.writestr(name, content)
        for number in range(members):
            again = copy.copy(archive.getinfo("word/x.xml"))
            again.filename = f"word/{number}.xml"
            archive.filelist.append(again)
    return held.getvalue()


def pdf_with(content: bytes, filter_name: str) -> bytes:
    """Return a PDF with a page on which a stream stands, as its filter has it."""
    how = f"/Filter/{filter_name}" if filter_name else ""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>",
        f"<</Length {len(content)}{how}>>\nstream\n".encode() + content + b"\nendstream",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    listed = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(made)
    return made + b"xref\n0 5\n0000000000 65535 f \n" + listed + end


def pdf_with_attached(name: str, content: bytes) -> bytes:
    """Return a PDF with a file attached to it."""
    made, held = PdfWriter(), BytesIO()
    made.add_blank_page(99, 99)
    made.add_attachment(name, content)
    made.write(held)
    return held.getvalue()


def eicar_in_pdfs() -> Iterator[Hostile]:
    """Hide it in PDFs in every way in which they hold something."""
    hidden = {
        "FlateDecode": zlib.compress(EICAR),
        "ASCIIHexDecode": EICAR.hex().encode() + b">",
        "ASCII85Decode": base64.a85encode(EICAR) + b"~>",
    }
    for way, content in hidden.items():
        yield Hostile(f"EICAR in a PDF, {way}", "e.pdf", pdf_with(content, way), PDF, True)
    attached = pdf_with_attached("e.com", EICAR)
    yield Hostile("EICAR attached to a PDF", "e.pdf", attached, PDF, True)
    # Letters on a page, which nothing that opens a PDF turns back: it is no virus there.
    letters = pdf_with(base64.b64encode(EICAR), "")
    yield Hostile("EICAR as base64 in a PDF", "e.pdf", letters, PDF)


def hostile_files() -> Iterator[Hostile]:
    """Make them one by one."""
    zeros = bytes(20 * 1024**2)
    script = b"<script>alert(1)</script>"
    svg = b"<svg xmlns='http://www.w3.org/2000/svg'>%s</svg>"
    xxe = b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"
    locked_pdf = PDF_BYTES.replace(b"<<>>\n%%", b"<</Encrypt 2 0 R>>\n%%")
    slip = word(("../../../etc/cron.d/x", b"* * * * * root true"))
    yield Hostile("EICAR", "eicar.txt", EICAR, TEXT, is_infected=True)
    yield Hostile("EICAR packed", "eicar.zip", packed(("e.txt", EICAR)), UNKNOWN)
    yield Hostile("EICAR in a document", "e.docx", word(("word/e.bin", EICAR)), WORD, True)
    yield Hostile("EICAR in a PDF", "e.pdf", PDF_BYTES + EICAR, PDF, True)
    yield from eicar_in_pdfs()
    yield Hostile("GIF and script", "g.gif", b"GIF89a/*" + script + b"*/=1;", "image/gif")
    yield Hostile("PDF and packed", "p.pdf", PDF_BYTES + packed(("a.html", script)), PDF)
    yield Hostile("JPEG and page", "j.html", b"\xff\xd8\xff\xe0" + script + bytes(99), "image/jpeg")
    yield Hostile("page as PDF", "bill.pdf", b"<!doctype html>" + script, UNKNOWN)
    yield Hostile("SVG with script", "d.svg", svg % script, UNKNOWN)
    yield Hostile("SVG with a page", "d.svg", svg % b"<foreignObject/>", UNKNOWN)
    yield Hostile("SVG as PNG", "d.png", svg % script, UNKNOWN)
    yield Hostile("page as text", "page.txt", b"<html>" + script, TEXT)
    yield Hostile("outside entity", "x.docx", word(("word/settings.xml", xxe)), WORD)
    yield Hostile("outside entity in the list", "x.docx", word(types=xxe.decode()), WORD)
    yield Hostile("macros", "m.docm", word(("word/vbaProject.bin", b"x")), MACROS)
    yield Hostile("macros as docx", "m.docx", word(types="<T a='macroEnabled'/>"), MACROS)
    yield Hostile("old macros", "m.doc", OLE + "_VBA_PROJECT".encode("utf-16-le"), MACROS)
    yield Hostile("locked PDF", "l.pdf", locked_pdf, PDF)
    yield Hostile("locked document", "l.docx", OLE + "EncryptedPackage".encode("utf-16-le"), LOCKED)
    yield Hostile("locked packed", "l.zip", b"PK\x03\x04\x14\x00\x01\x00" + bytes(99), UNKNOWN)
    yield Hostile("bomb", "b.zip", packed(("zeros", zeros)), UNKNOWN)
    yield Hostile("bomb as a document", "b.docx", word(("word/zeros", zeros)), WORD)
    yield Hostile("bomb as the list", "b.docx", packed(("[Content_Types].xml", zeros)), UNKNOWN)
    bomb = zeros_packed(1_100, "[Content_Types].xml")
    yield Hostile("bomb of a gigabyte", "b.docx", bomb, UNKNOWN)
    yield Hostile("bomb of a gigabyte, overlapping", "b.docx", overlapping(110), UNKNOWN)
    yield Hostile("bomb in a PDF", "b.pdf", pdf_with(zlib.compress(zeros), "FlateDecode"), PDF)
    yield Hostile("packed ten deep", "n.zip", nested(10), UNKNOWN)
    yield Hostile("way out of the folder", "s.docx", slip, WORD)
    many = word(*((f"word/{n:06}", b"") for n in range(10_000)))
    yield Hostile("10,000 members", "many.docx", many, UNKNOWN)
    yield Hostile("enormous picture", "p.png", picture(30_000, 30_000), "image/png")
    yield Hostile("empty", "e.pdf", b"", "is empty")
    yield Hostile("program", "setup.exe", b"MZ" + bytes(400), UNKNOWN)
    yield Hostile("program as PDF", "bill.pdf", b"\x7fELF" + bytes(400), UNKNOWN)
    yield Hostile("shortcut", "bill.pdf.lnk", b"L\x00\x00\x00" + bytes(99), UNKNOWN)


# What a file may be called, and what it is called here.
NAMES = {
    "../../x.pdf": "x.pdf",
    "..\\..\\x.pdf": "x.pdf",
    "/etc/passwd": "passwd.pdf",
    "a" * 300 + ".pdf": "a" * 120 + ".pdf",
    "bill\x00.exe.pdf": "bill.exe.pdf",
    "bill\r\nSet-Cookie: a=b.pdf": "billSet-Cookie a=b.pdf",
    "bill\u202efdp.exe": "billfdp.exe.pdf",
    "con.pdf": "_con.pdf",
    "COM1": "_COM1.pdf",
    "nul.tar.pdf": "_nul.tar.pdf",
    "cafe\u0301.pdf": "cafe\u0301.pdf",
    "café.pdf": "café.pdf",
    "🏠💧.pdf": "🏠💧.pdf",
    ".htaccess": "htaccess.pdf",
    '"; filename="x.html': "; filename=x.html.pdf",
    "": "file.pdf",
}
