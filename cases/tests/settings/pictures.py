"""The smallest pictures, made by hand."""

import struct
import zlib

from cases.rules.images import PNG_BEGINS


def png_part(kind: bytes, body: bytes) -> bytes:
    """Return a part of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(*parts: bytes, end: bytes = b"", size: int = 2) -> bytes:
    """Return a grey square with further parts inside and other bytes behind."""
    rows = b"".join(b"\x00" + b"\x80" * size for _ in range(size))
    return b"".join(
        [
            PNG_BEGINS,
            png_part(b"IHDR", struct.pack(">IIBBBBB", size, size, 8, 0, 0, 0, 0)),
            *parts,
            png_part(b"IDAT", zlib.compress(rows)),
            png_part(b"IEND", b""),
            end,
        ]
    )


PNG = png()

# A grey JPEG of 8 by 8 dots: tables, one frame, one scan.
JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000"
    "ffdb004300" + "10" * 64 + "ffc0000b080008000801011100"
    "ffc4001400010000000000000000000000000000000a"
    "ffc40014100100000000000000000000000000000000"
    "ffda0008010100003f00" + "3fff00d0" + "ffd9"
)
