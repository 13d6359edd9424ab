"""Asking clamd about a file, and what its answers mean. It is told the bytes and nothing else."""

import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO
from urllib.parse import urlsplit

# How long clamd may take for one step; a large file takes it some seconds to look at.
PATIENCE_SECONDS = 60
CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
PORT = 3310


class ScannerAway(Exception):
    """There is no scanner to ask, or it broke off."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner said: nothing found, something found, or that it could not look."""

    is_clean: bool = False
    found: str = ""
    trouble: str = ""


def scan(content: BinaryIO, *, url: str) -> Verdict:
    """Have clamd look at a file, piece by piece, and return what it said.

    :raises ScannerAway: if it cannot be reached, or breaks off without an answer.
    """
    try:
        with _connected(url) as connection:
            connection.sendall(b"zINSTREAM\0")
            _send(content, connection)
            answer = _answer(connection)
    except OSError as lost:
        raise ScannerAway(type(lost).__name__) from None
    return verdict_of(answer)


def verdict_of(answer: str) -> Verdict:
    """Return what an answer of clamd means.

    :raises ScannerAway: if it is no answer.
    """
    words = answer.removeprefix("stream:").strip()
    if words == "OK":
        return Verdict(is_clean=True)
    if words.endswith("FOUND"):
        return Verdict(found=words.removesuffix("FOUND").strip()[:200] or "Something")
    if words.endswith("ERROR"):
        return Verdict(trouble=words.removesuffix("ERROR").strip(" .")[:200] or "No reason given")
    raise ScannerAway("NoAnswer")


def _connected(url: str) -> socket.socket:
    parts = urlsplit(url)
    if parts.scheme == "tcp":
        return socket.create_connection(
            (parts.hostname or "127.0.0.1", parts.port or PORT), PATIENCE_SECONDS
        )
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE_SECONDS)
    try:
        connection.connect(parts.path)
    except OSError:
        connection.close()
        raise
    return connection


def _send(content: BinaryIO, connection: socket.socket) -> None:
    """Send the file. A scanner that has had enough closes, and has said why before."""
    try:
        while chunk := content.read(CHUNK):
            connection.sendall(struct.pack(">I", len(chunk)) + chunk)
        connection.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(connection: socket.socket) -> str:
    held = b""
    while b"\0" not in held and len(held) < LONGEST_ANSWER:
        piece = connection.recv(LONGEST_ANSWER)
        if not piece:
            break
        held += piece
    return held.partition(b"\0")[0].decode("utf-8", "replace")
