"""Pictures that are shown to everybody: checked part by part, and freed of what is no picture."""

import struct
import zlib
from collections.abc import Iterator

from cases.errors import FileRefused

PNG_BEGINS = b"\x89PNG\r\n\x1a\n"
JPEG_BEGINS = b"\xff\xd8\xff"
# What a PNG needs to look as it was drawn; text, dates and anything unknown are left out.
_PNG_KEPT = frozenset(
    {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"pHYs"}
)
LONGEST_SIDE = 3_000

# The markers of a JPEG: start of scan, end of image, those of frames, those without a length.
_SOS, _EOI = 0xDA, 0xD9
_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_BARE = frozenset({0x01, *range(0xD0, 0xD8)})
# Tables, frames, scans, JFIF (0xE0), colour profiles (0xE2), Adobe's colours (0xEE); no more.
_JPEG_KEPT = frozenset({*_FRAMES, 0xC4, 0xDA, 0xDB, 0xDD, 0xE0, 0xE2, 0xEE})

NOT_A_PICTURE = "The logo must be a PNG or JPEG picture."


def tidy_picture(content: bytes) -> tuple[bytes, str]:
    """Return a PNG or JPEG without anything that is no picture, and its media type.

    Camera and author data, comments and whatever hangs behind the end are gone.

    :raises FileRefused: if it is neither, is damaged, or is larger than LONGEST_SIDE.
    """
    try:
        if content.startswith(PNG_BEGINS):
            return PNG_BEGINS + b"".join(_png_parts(content)), "image/png"
        if content.startswith(JPEG_BEGINS):
            return b"\xff\xd8" + b"".join(_jpeg_parts(content)), "image/jpeg"
    except (struct.error, IndexError, ValueError):
        raise FileRefused("The picture is damaged. Save it again and choose it once more.") from (
            None
        )
    raise FileRefused(NOT_A_PICTURE)


def _png_parts(content: bytes) -> Iterator[bytes]:
    place = len(PNG_BEGINS)
    first = True
    while True:
        length, kind = struct.unpack_from(">I4s", content, place)
        whole = content[place : place + 12 + length]
        (checksum,) = struct.unpack_from(">I", content, place + 8 + length)
        if zlib.crc32(whole[4:-4]) != checksum or first != (kind == b"IHDR"):
            raise IndexError
        if first:
            _check_size(*struct.unpack_from(">II", whole, 8))
        if kind in _PNG_KEPT:
            yield whole
        if kind == b"IEND":
            return
        first = False
        place += len(whole)


def _jpeg_parts(content: bytes) -> Iterator[bytes]:
    framed = False
    for marker, start, end in _segments(content):
        if marker in _FRAMES:
            height, width = struct.unpack_from(">HH", content, start + 5)
            _check_size(width, height)
            framed = True
        if marker in _JPEG_KEPT:
            yield content[start:end]
    if not framed:
        raise IndexError
    yield b"\xff\xd9"


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield the marker, the start and the end of every part up to the end of the image."""
    place = 2
    while content[place + 1] != _EOI:
        marker = content[place + 1]
        if content[place] != 0xFF:
            raise IndexError
        if marker == 0xFF:
            # Any number of filling bytes may stand before a marker.
            place += 1
            continue
        end = place + 2
        if marker not in _BARE:
            end += _length(content, end)
        if marker == _SOS:
            end = _scan_end(content, end)
        yield marker, place, end
        place = end
    if content[place] != 0xFF:
        raise IndexError


def _length(content: bytes, place: int) -> int:
    (length,) = struct.unpack_from(">H", content, place)
    if length < 2 or place + length > len(content):
        raise IndexError
    return int(length)


def _scan_end(content: bytes, place: int) -> int:
    """Return where the picture's own data ends: at the next marker that is not part of it."""
    while True:
        place = content.index(b"\xff", place)
        following = content[place + 1]
        if following != 0 and following not in _BARE:
            return place
        place += 2


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE):
        raise FileRefused(
            f"The picture is {width} by {height} dots. Make it {LONGEST_SIDE} by "
            f"{LONGEST_SIDE} at most."
        )
