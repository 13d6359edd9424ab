"""Pages of files that strangers sent, made fit for a bundle: upright on A4, and doing nothing."""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from cases.later import Later

if TYPE_CHECKING:
    import pypdf
    from PIL import Image, ImageOps
else:
    Image, ImageOps, pypdf = Later("PIL.Image"), Later("PIL.ImageOps"), Later("pypdf")

A4 = (595.28, 841.89)
# Room for the stamp above the pages of a file, and beside and below them.
HEAD, SIDE = 40.0, 20.0
MOST_PIXELS, LONGEST_SIDE = 60_000_000, 1600
# What pages and pictures of a PDF carry along unseen.
_UNSEEN = ("/Annots", "/Metadata", "/PieceInfo", "/AA", "/B", "/Thumb", "/LastModified")
# What a remark or a part of a form does when its page opens or somebody presses it.
_DOES = ("/A", "/AA", "/PA")


def picture_page(given: bytes) -> bytes:
    """Return a picture as a PDF of one page, small, upright, and without what is noted in it."""
    with Image.open(io.BytesIO(given)) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise ValueError("The picture is too large.")
        # A photo is unpacked no larger than it will be needed.
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        upright = ImageOps.exif_transpose(picture).convert("RGB")
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        # A picture carries remarks along when it is saved; one with the same dots has none.
        bare = Image.new("RGB", upright.size)
        bare.paste(upright)
        page = io.BytesIO()
        bare.save(page, format="PDF", resolution=150.0, quality=80)
    return page.getvalue()


def fitted(reader: "pypdf.PdfReader", *, is_bare: bool) -> "list[pypdf.PageObject]":
    """Return pages of any size upright on A4, with room for the stamp above each.

    What is noted on them stays, and does nothing: it runs no script, opens no address, starts no
    program. `is_bare` leaves out what is not on them: remarks, and what was noted of pages and
    pictures.
    """
    given, found = pypdf.PdfWriter(), pypdf.PdfWriter()
    for each in reader.pages:
        if is_bare:
            each.pop("/Annots", None)
        page = given.add_page(each)
        sheet = found.add_blank_page(width=A4[0], height=A4[1])
        sheet.merge_transformed_page(page, _place(page))
        for remark in _remarks(sheet):
            _let_do_nothing(remark)
    if is_bare:
        _leave_out_what_is_unseen(found)
    return list(found.pages)


def _place(page: "pypdf.PageObject") -> "pypdf.Transformation":
    """Turn a page upright, and return how it is moved to its place.

    :raises ValueError: if it has no size.
    """
    page.transfer_rotation_to_content()
    box = page.mediabox
    width, height = float(box.width), float(box.height)
    if width <= 0 or height <= 0:
        raise ValueError("The page has no size.")
    scale = min((A4[0] - 2 * SIDE) / width, (A4[1] - HEAD - SIDE) / height, 1.0)
    left = (A4[0] - width * scale) / 2 - float(box.left) * scale
    up = A4[1] - HEAD - height * scale - float(box.bottom) * scale
    return pypdf.Transformation().scale(scale).translate(left, up)


def _remarks(page: "pypdf.PageObject") -> "Iterator[pypdf.generic.DictionaryObject]":
    for each in page.get("/Annots", ()):
        yield each.get_object()


def _let_do_nothing(remark: "pypdf.generic.DictionaryObject") -> None:
    """Take from a remark what it does, and from a part of a form the field that could do it too."""
    is_of_a_form = remark.get("/Subtype") == "/Widget"
    for name in (*_DOES, "/Parent") if is_of_a_form else _DOES:
        remark.pop(pypdf.generic.NameObject(name), None)


def _leave_out_what_is_unseen(writer: "pypdf.PdfWriter") -> None:
    for thing in filter(None, writer._objects):
        if isinstance(thing, dict):
            for name in _UNSEEN:
                thing.pop(pypdf.generic.NameObject(name), None)
