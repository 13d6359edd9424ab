"""Texts that would end a header of an e-mail and begin another; made here."""

from collections.abc import Iterator
from itertools import product

BREAKS = (
    "\r\n", "\n", "\r", "\r\n ", "\n\t", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x00",
    "%0d%0a", "\\r\\n", "=0D=0A", "=?utf-8?q?=0D=0A?=", "=?utf-8?b?DQo=?=", "\r\n\r\n", ", ", "; ",
    '"',
)  # fmt: skip
HEADERS = (
    "Bcc: victim@evil.example",
    "To: victim@evil.example",
    "Cc: <victim@evil.example>",
    "Subject: another",
    "Content-Type: text/html",
    "MIME-Version: 1.0",
    "Reply-To: x@evil.example",
    ".\r\nMAIL FROM:<x@evil.example>",
    "From: x@evil.example",
    "x" * 1_200,
)


def header_strings() -> Iterator[str]:
    """Yield two hundred texts that would end a header and begin another."""
    for at, header in product(BREAKS, HEADERS):
        yield f"Zoë{at}{header}"
