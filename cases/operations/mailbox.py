"""Reading the landlord's mailbox over IMAP, one e-mail at a time.

An e-mail is marked as read, or moved, only once it is kept for good: whoever is stopped in between
finds it again, and taking the same one in twice changes nothing.
"""

import imaplib
import logging
import re
import ssl
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import unquote, urlsplit

from cases.operations.mail_intake import take_mail

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 60
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class MailboxAway(Exception):
    """The mailbox cannot be read now; `str` says why without naming anybody."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Where the mailbox is, and where e-mails go that were taken in."""

    url: str
    done_folder: str = ""
    most_bytes: int = 60 * 1024**2


def read_mailbox(mailbox: Mailbox, *, now: datetime, seconds: float) -> dict[str, int]:
    """Take in what is unread, the oldest first, for so many seconds; return what became of it.

    :raises MailboxAway: if the server cannot be reached, refuses us, or breaks off.
    """
    end = time.monotonic() + seconds
    took: Counter[str] = Counter()
    with _opened(mailbox) as server:
        for uid in _unread(server):
            if time.monotonic() > end:
                break
            raw, received_at, is_cut = _fetch(server, uid, mailbox.most_bytes, now=now)
            if raw is None:
                continue
            took[take_mail(raw, received_at=received_at, now=now, is_cut=is_cut).value] += 1
            # The whole of a large one stays where it is.
            _mark_done(server, uid, "" if is_cut else mailbox.done_folder)
    return dict(took)


@contextmanager
def _opened(mailbox: Mailbox) -> Iterator[imaplib.IMAP4]:
    parts = urlsplit(mailbox.url)
    folder = unquote(parts.path.strip("/")) or "INBOX"
    host = parts.hostname or "localhost"
    server: imaplib.IMAP4 | None = None
    try:
        if parts.scheme == "imaps":
            context = ssl.create_default_context()
            server = imaplib.IMAP4_SSL(
                host, parts.port or 993, ssl_context=context, timeout=PATIENCE_SECONDS
            )
        else:
            server = imaplib.IMAP4(host, parts.port or 143, timeout=PATIENCE_SECONDS)
        server.login(unquote(parts.username or ""), unquote(parts.password or ""))
        _must(server.select(_quoted(folder)))
        yield server
    except (imaplib.IMAP4.error, OSError) as lost:
        raise MailboxAway(type(lost).__name__) from None
    finally:
        if server is not None:
            with suppress(imaplib.IMAP4.error, OSError):
                server.logout()


def _must(answer: tuple[str, list[bytes | None]] | tuple[str, list[object]]) -> list[object]:
    if answer[0] != "OK":
        raise imaplib.IMAP4.error(answer[0])
    return list(answer[1])


def _quoted(folder: str) -> str:
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _unread(server: imaplib.IMAP4) -> list[str]:
    [found, *_] = _must(server.uid("search", "UNSEEN")) or [b""]
    return found.decode().split() if isinstance(found, bytes) else []


def _fetch(
    server: imaplib.IMAP4, uid: str, most_bytes: int, *, now: datetime
) -> tuple[bytes | None, datetime, bool]:
    """Return an e-mail without marking it as read, when it came, and if only its head."""
    told = b" ".join(
        each
        for each in _must(server.uid("fetch", uid, "(RFC822.SIZE INTERNALDATE)"))
        if isinstance(each, bytes)
    )
    size = int(match.group(1)) if (match := _SIZE.search(told)) else 0
    is_cut = size > most_bytes
    what = "(BODY.PEEK[HEADER])" if is_cut else "(BODY.PEEK[])"
    pieces = _must(server.uid("fetch", uid, what))
    raw = next((each[1] for each in pieces if isinstance(each, tuple)), None)
    return raw, _received_at(told, now), is_cut


def _received_at(told: bytes, now: datetime) -> datetime:
    """Return when the server got it, which nobody outside can claim; now if it does not say."""
    moment = imaplib.Internaldate2tuple(told)
    return datetime.fromtimestamp(time.mktime(moment), UTC) if moment else now


def _mark_done(server: imaplib.IMAP4, uid: str, folder: str) -> None:
    _must(server.uid("store", uid, "+FLAGS.SILENT", r"(\Seen)"))
    if not folder:
        return
    # What it can do is told anew once somebody is signed in.
    [can, *_] = _must(server.capability()) or [b""]
    if isinstance(can, bytes) and b"MOVE" in can.split():
        _must(server.uid("move", uid, _quoted(folder)))
        return
    _must(server.uid("copy", uid, _quoted(folder)))
    _must(server.uid("store", uid, "+FLAGS.SILENT", r"(\Deleted)"))
    _must(server.expunge())
