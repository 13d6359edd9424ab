"""What an e-mail that came in says of itself: who sent it, what it answers, and its words.

Nothing in it is believed: an address proves nothing, and a reference may be guessed.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import EmailMessage, Message
from email.utils import getaddresses, parseaddr
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from cases.errors import ReferenceUnreadable
from cases.later import Later
from cases.rules.references import parse_reference

if TYPE_CHECKING:
    import nh3
else:
    nh3 = Later("nh3")

T = TypeVar("T")
# What the library may raise on a header or a part that was made to confuse it.
UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, RecursionError, MessageError)

LONGEST_TEXT, LONGEST_LINE = 100_000, 300
# An e-mail is read so deep, and of so many parts; the rest is in its original.
MOST_PARTS, MOST_FILES = 200, 30
MOST_REFERENCES = 20
_REFERENCE = re.compile(
    r"(?<![0-9A-Za-z])[0-9A-Za-z]{4}[-\u2013 ]?[0-9A-Za-z]{4}[-\u2013 ]?[0-9A-Za-z](?![0-9A-Za-z])"
)
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
_ADDRESS = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}")
_BLOCKS = {"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote", "table"}
_UNSEEN = {"script", "style", "title", "head", "template", "noscript"}
_TAG = re.compile(r"<[^>]*>")
_READ_BY_NOBODY = re.compile(
    r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)([-+.@]|$)", re.IGNORECASE
)
# Programs that ask for no answer say so here, though a person may have written the words.
_NO_ANSWERS = ("all", "autoreply", "oof")
_BULK = frozenset({"bulk", "junk", "list", "auto_reply"})


class MailKind(StrEnum):
    """What sort of e-mail it is: only what a person wrote is ever answered."""

    WRITTEN = "written"
    AUTOMATIC = "automatic"
    BOUNCE = "bounce"
    OURS = "ours"


@dataclass(frozen=True, slots=True)
class MailPart:
    """A file that came with an e-mail."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail as it can be read. `answers` are the Message-IDs it says it answers."""

    key: str
    kind: MailKind
    message_id: str
    sender_name: str
    sender: str
    subject: str
    text: str
    may_be_answered: bool = False
    answers: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    files: tuple[MailPart, ...] = ()
    left_out: tuple[str, ...] = field(default=())
    returned_id: str = ""
    returned_words: str = ""


def read_mail(raw: bytes, *, our_addresses: frozenset[str], our_domain: str) -> Mail:
    """Return what an e-mail says, however it is made: what cannot be read is left out.

    The key is the same for the same e-mail come twice, and another for one that only borrows its
    Message-ID.
    """
    message = message_from_bytes(raw, policy=policy.default.clone(max_line_length=None))
    subject = header(message, "Subject")
    name, sender = _sender(message)
    text, files, left_out = _contents(message)
    message_id = _first_id(header(message, "Message-ID"))
    kind = _kind(message, sender, our_addresses=our_addresses)
    returned, words = _returned(message, our_domain) if kind is MailKind.BOUNCE else ("", "")
    body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[2]
    parts = [message_id, header(message, "From"), header(message, "Date"), subject]
    digest = hashlib.sha256("\n".join(parts).encode() + b"\0" + body)
    said = f"{subject}\n{text}"
    return Mail(
        key=digest.hexdigest(),
        kind=kind,
        message_id=message_id,
        sender_name=name,
        sender=sender,
        subject=subject,
        text=text,
        may_be_answered=kind is MailKind.WRITTEN and _wants_answers(message, sender),
        answers=_ids(message),
        references=tuple(_references(said)),
        files=files,
        left_out=left_out,
        returned_id=returned,
        returned_words=words,
    )


def clean(text: str, *, longest: int = LONGEST_TEXT, lines: bool = True) -> str:
    """Return text that every database keeps and no sign of which turns the reading round."""
    whole = text.encode("utf-8", "replace").decode("utf-8", "replace")
    whole = whole.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(c for c in whole if c.isprintable() or (lines and c in "\n\t"))
    return (kept if lines else " ".join(kept.split()))[:longest].strip()


def header(message: Message, name: str) -> str:
    """Return a header in one line, or nothing if it is not there or cannot be read."""
    value = _careful(lambda: str(message.get(name, "")), _as_written(message, name))
    return clean(value.replace("\n", " ").replace("\r", " "), longest=998, lines=False)


def _as_written(message: Message, name: str) -> str:
    """Return a header without decoding anything in it, for one that was made to confuse."""
    for each, value in message.raw_items():
        if each.lower() == name.lower():
            return str(value)
    return ""


def text_of_html(html: str) -> str:
    """Return the words of a page, with nothing in them that a browser could run or fetch."""
    kept = nh3.clean(html, tags=_BLOCKS, attributes={}, clean_content_tags=_UNSEEN)
    lines = _TAG.sub("\n", kept)
    for sign, plain in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        lines = lines.replace(sign, plain)
    return re.sub(r"\s*\n\s*\n\s*", "\n\n", lines).strip()


def without_addresses(text: str) -> str:
    """Return words in which no e-mail address stands."""
    return _ADDRESS.sub("(address)", text)


def _careful(read: Callable[[], T], otherwise: T) -> T:
    with suppress(*UNREADABLE):
        return read()
    return otherwise


def _sender(message: Message) -> tuple[str, str]:
    """Return name and address of the one who says they wrote it."""
    value = header(message, "From")
    nobody: list[tuple[str, str]] = []
    found = _careful(lambda: getaddresses([value])[:1], nobody)
    name, address = found[0] if found else ("", "")
    if not _ADDRESS.fullmatch(address):
        address = match.group() if (match := _ADDRESS.search(value)) else ""
    return clean(name, longest=200, lines=False), address[:254].lower()


def _first_id(text: str) -> str:
    found = _MESSAGE_ID.search(text)
    return found.group(1) if found else ""


def _ids(message: Message) -> tuple[str, ...]:
    """Return the Message-IDs it answers, the nearest first."""
    chain = _MESSAGE_ID.findall(header(message, "References"))[::-1]
    found = [*_MESSAGE_ID.findall(header(message, "In-Reply-To")), *chain]
    return tuple(dict.fromkeys(found))[:50]


def _references(text: str) -> Iterator[str]:
    """Yield the references in a text that have no slip in them, each once."""
    seen: set[str] = set()
    for match in _REFERENCE.finditer(text):
        with suppress(ReferenceUnreadable):
            reference = parse_reference(match.group())
            if reference not in seen:
                seen.add(reference)
                yield reference
        if len(seen) == MOST_REFERENCES:
            return


def _kind(message: Message, sender: str, *, our_addresses: frozenset[str]) -> MailKind:
    path = header(message, "Return-Path")
    is_report = message.get_content_type() == "multipart/report"
    if is_report or sender.startswith("mailer-daemon@"):
        return MailKind.BOUNCE
    if sender in our_addresses:
        return MailKind.OURS
    submitted = header(message, "Auto-Submitted").lower()
    precedence = header(message, "Precedence").lower()
    signs = (
        submitted not in ("", "no"),
        precedence in _BULK,
        path == "<>",
        any(message.get(name) is not None for name in ("List-Id", "List-Unsubscribe")),
        any(message.get(name) is not None for name in ("X-Autoreply", "X-Autorespond", "X-Loop")),
    )
    return MailKind.AUTOMATIC if any(signs) else MailKind.WRITTEN


def _wants_answers(message: Message, sender: str) -> bool:
    suppressed = header(message, "X-Auto-Response-Suppress").lower()
    return (
        bool(sender)
        and not _READ_BY_NOBODY.match(sender)
        and not any(each in suppressed for each in _NO_ANSWERS)
    )


def _returned(message: Message, our_domain: str) -> tuple[str, str]:
    """Return which of our messages came back for good and why, or nothing of both."""
    status = ""
    ids: list[str] = []
    for part in _parts(message):
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            status += _careful(part.as_string, "")
        elif kind in ("text/rfc822-headers", "text/plain"):
            ids += _MESSAGE_ID.findall(_text(part))
        ids.append(_first_id(header(part, "Message-ID")))
    failed = re.search(r"(?im)^Action:\s*failed", status)
    ours = next((each for each in ids if each.endswith(f"@{our_domain}")), "")
    if not failed or not ours:
        return "", ""
    said = re.search(r"(?im)^Diagnostic-Code:\s*(?:smtp;)?\s*(.+)$", status)
    words = said.group(1) if said else "the mail server gave no reason"
    return ours.partition("@")[0], without_addresses(clean(words, longest=200, lines=False))


def _parts(message: Message) -> list[Message]:
    """Return the parts of an e-mail that can be walked to, not too many of them."""
    found: list[Message] = []
    with suppress(*UNREADABLE):
        for part in message.walk():
            found.append(part)
            if len(found) == MOST_PARTS:
                break
    return found


def _text(part: Message) -> str:
    """Return the text of a part in whatever letters it says, or as they can be read."""
    if isinstance(part, EmailMessage):
        with suppress(*UNREADABLE):
            return str(part.get_content())
    return _bytes_of(part).decode("utf-8", "replace")


def _bytes_of(part: Message) -> bytes:
    content: object = None
    with suppress(*UNREADABLE):
        content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _contents(message: Message) -> tuple[str, tuple[MailPart, ...], tuple[str, ...]]:
    """Return the words, the files that came with it, and the names of those too many."""
    words: dict[str, list[str]] = {"text/plain": [], "text/html": []}
    files: list[MailPart] = []
    for part in _leaves(message):
        kind, name = part.get_content_type(), _file_name(part)
        if kind in words and not name and part.get_content_disposition() != "attachment":
            words[kind].append(_text(part))
        elif (content := _content(part)) or name:
            files.append(MailPart(name or _name_of(kind), content))
    text = clean("\n\n".join(each for each in words["text/plain"] if each.strip()))
    if not text:
        pages = (text_of_html(page[: 4 * LONGEST_TEXT]) for page in words["text/html"])
        text = clean("\n\n".join(pages))
    return text, tuple(files[:MOST_FILES]), tuple(each.name for each in files[MOST_FILES:])


def _leaves(message: Message) -> Iterator[Message]:
    """Yield the parts that hold something: an e-mail in an e-mail is one of them, unread."""
    inside: set[int] = set()
    for part in _parts(message):
        if id(part) in inside:
            continue
        if part.get_content_type() == "message/rfc822":
            inside |= {id(each) for each in _parts(part)}
            yield part
        elif not part.is_multipart():
            yield part


def _file_name(part: Message) -> str:
    return _careful(lambda: clean(part.get_filename() or "", lines=False), "")


def _content(part: Message) -> bytes:
    if part.get_content_type() == "message/rfc822":
        inner = _careful(lambda: part.get_payload(0), None)
        return _careful(inner.as_bytes, b"") if isinstance(inner, Message) else b""
    return _bytes_of(part)


def _name_of(kind: str) -> str:
    endings = {"message/rfc822": "eml", "text/calendar": "ics", "application/pdf": "pdf"}
    return f"attached.{endings.get(kind, kind.rpartition('/')[2][:10])}"


def address_in(text: str) -> str:
    """Return the bare address in a sender's line of the settings."""
    return parseaddr(text)[1].lower()
