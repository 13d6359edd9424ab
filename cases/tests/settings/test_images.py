"""Logos: only what is picture is kept, and nothing that is none is taken."""

import struct
import zlib

import pytest

from cases.errors import FileRefused
from cases.rules.images import PNG_BEGINS, tidy_picture
from cases.tests.settings.pictures import JPEG, PNG, png, png_part

COMMENT = b"\xff\xfe\x00\x0bsecret!!!"
EXIF = b"\xff\xe1\x00\x0fExif\x00\x00camera!"


def test_a_plain_png_stays_as_it_is():
    assert tidy_picture(PNG) == (PNG, "image/png")


def test_a_plain_jpeg_stays_as_it_is():
    assert tidy_picture(JPEG) == (JPEG, "image/jpeg")


def test_words_and_whatever_follows_the_end_of_a_png_are_left_out():
    with_text = png(png_part(b"tEXt", b"Author\x00somebody"), end=b"<script>alert(1)</script>")

    kept, _ = tidy_picture(with_text)

    assert kept == PNG


def test_what_the_camera_wrote_into_a_jpeg_is_left_out():
    with_more = JPEG[:2] + EXIF + COMMENT + b"\xff\xff" + JPEG[3:] + b"<script>"

    kept, _ = tidy_picture(with_more)

    assert kept == JPEG


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a" + b"\x00" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7",
        PNG[:-20],
        PNG_BEGINS + png_part(b"IEND", b""),
        PNG.replace(b"IDAT", b"IDAX"),
        JPEG[:40],
        b"\xff\xd8\xff\xd9",
        JPEG[:2] + b"\xff\xe0\x00\x01" + JPEG[4:],
        JPEG[:-2],
    ],
    ids=[
        *("empty", "gif", "svg", "pdf", "cut png", "png without head", "png with wrong sum"),
        *("cut jpeg", "jpeg without picture", "jpeg with wrong length", "jpeg without end"),
    ],
)
def test_what_is_no_picture_is_refused(content):
    with pytest.raises(FileRefused):
        tidy_picture(content)


@pytest.mark.parametrize("side", [0, 3_001, 2**31])
def test_a_picture_of_an_impossible_size_is_refused(side):
    head = struct.pack(">IIBBBBB", side, 1, 8, 0, 0, 0, 0)
    huge = PNG_BEGINS + png_part(b"IHDR", head) + png_part(b"IDAT", zlib.compress(b"\0\0"))

    with pytest.raises(FileRefused, match="dots"):
        tidy_picture(huge + png_part(b"IEND", b""))
