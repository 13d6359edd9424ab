"""The redacted twin: of every part only what is known to be clean, under a name that says nothing.

No file goes as it came. The text of a plain text file or a PDF is set anew with its mentions
blacked out, so that nothing that is noted in a file, lies behind its pages or is drawn over can go.
Photos and scans go as pictures alone, and only those that somebody has looked at.
"""

import io
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from cases.later import Later
from cases.models import StoredFile
from cases.operations.bundles import MOST_BYTES, MOST_PAGES, MOST_TEXT, PICTURES, TEXT, Change, Part
from cases.operations.files import open_file
from cases.rules.blocks import Block, Heading, Paragraph, plain_lines
from cases.rules.papers import PDF
from cases.rules.redaction import redactor, still_mentions, terms_in

if TYPE_CHECKING:
    import pypdf
else:
    pypdf = Later("pypdf")

BY_CHOICE = "Left out: it is about somebody else as well."
NOT_READABLE = "Left out: it may contain what is blacked out, and cannot be read here to be sure."
NOT_LOOKED_AT = (
    "Left out: it is a photo or a scan, which may show what is blacked out, and nobody has said "
    "that they looked at it."
)
SET_APART = "Left out: it may contain what is blacked out, with its letters set apart."
SET_ANEW = "Its words, set anew. Its pictures and its looks are left out."
NO_WORDS = "(This page has no words that can be read, and is left out.)"
# What an e-mail kept as a file has in it: its words may stand there in a code.
CODED = ("content-transfer-encoding:", "mime-version:")


@dataclass(frozen=True, slots=True)
class Redaction:
    """What the twin of a bundle leaves out.

    `words` are blacked out, one on each line; `files` left out by their keys; `looked_at` are the
    photos and scans in which somebody found nothing of it.
    """

    words: str = ""
    files: frozenset[str] = frozenset()
    looked_at: frozenset[str] = frozenset()

    def change(self, parts: Sequence[Part]) -> Change:
        """Return what blacks out the words, and the names of files, in any text of the parts."""
        black_out = redactor(terms_in(self.words))
        names = {
            part.file.name: called(number) for number, part in enumerate(parts, 1) if part.file
        }
        names |= {part.file_name: called(n) for n, part in enumerate(parts, 1) if part.file_name}
        by_length = sorted(names, key=len, reverse=True)

        def changed(text: str) -> str:
            for name in by_length:
                text = text.replace(name, names[name])
            return black_out(text)

        return changed


def may_be_looked_at(media_type: str) -> bool:
    """Say whether a file of this kind goes as a picture once somebody has looked at it."""
    return media_type == PDF or media_type in PICTURES


def called(number: int) -> str:
    """Return what a file is called in the twin: its number among the documents, and no more."""
    return f"file {number}"


def redacted_parts(parts: Sequence[Part], redaction: Redaction, change: Change) -> list[Part]:
    """Return of every part what may go into the twin, in the same places."""
    apart = still_mentions(terms_in(redaction.words))
    found = []
    for number, part in enumerate(parts, 1):
        title = _title(part, number)
        if part.not_in_twin:
            found.append(Part(title, part.on, left_out=part.not_in_twin))
            continue
        if part.file is None:
            found.append(replace(part, title=title))
            continue
        kept = _of_file(part.file, redaction, change, apart)
        if kept.blocks and apart(" ".join(plain_lines(kept.blocks))):
            kept = Part("", left_out=SET_APART)
        found.append(replace(kept, title=title, on=part.on))
    return found


def _title(part: Part, number: int) -> str:
    """Return the title of a part, that of a file without the name that it came under."""
    name = part.file.name if part.file else part.file_name
    if not name:
        return part.title
    neutral = called(number)
    return part.title.replace(name, neutral) if part.title != name else neutral.capitalize()


def _of_file(
    file: StoredFile, redaction: Redaction, change: Change, apart: Callable[[str], bool]
) -> Part:
    """Return what of a file may go."""
    if file.key in redaction.files:
        return Part("", left_out=BY_CHOICE)
    if file.media_type == TEXT:
        return _of_text(file, change)
    is_looked_at = file.key in redaction.looked_at
    if file.media_type == PDF:
        pages = _pages(file)
        is_clean = pages is not None and all(change(p) == p and not apart(p) for p in pages)
        return _as_pictures(file) if is_looked_at and is_clean else _words_of(pages, change)
    if file.media_type in PICTURES:
        return _as_pictures(file) if is_looked_at else Part("", left_out=NOT_LOOKED_AT)
    return Part("", left_out=NOT_READABLE)


def _as_pictures(file: StoredFile) -> Part:
    return Part("", file=file, is_bare=True, unless_shown=NOT_READABLE)


def _of_text(file: StoredFile, change: Change) -> Part:
    if file.size > MOST_TEXT:
        return Part("", left_out=NOT_READABLE)
    with open_file(file) as content:
        given = content.read()
    try:
        text = given.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = given.decode("cp1252", "replace")
    if any(sign in text.lower() for sign in CODED):
        return Part("", left_out=NOT_READABLE)
    return Part("", blocks=[Paragraph((SET_ANEW,)), *_paragraphs(change(text))])


def _words_of(pages: Sequence[str] | None, change: Change) -> Part:
    """Return the words of a PDF set anew, page by page."""
    if pages is None:
        return Part("", left_out=NOT_READABLE)
    if not any(page.strip() for page in pages):
        return Part("", left_out=NOT_LOOKED_AT)
    blocks: list[Block] = [Paragraph((SET_ANEW,))]
    for number, page in enumerate(pages, 1):
        blocks.append(Heading(f"Page {number} of it"))
        blocks += _paragraphs(change(page)) or [Paragraph((NO_WORDS,))]
    return Part("", blocks=blocks)


def _pages(file: StoredFile) -> list[str] | None:
    """Return the words of each page of a PDF; None where they cannot be read."""
    if file.size > MOST_BYTES:
        return None
    try:
        with open_file(file) as content:
            reader = pypdf.PdfReader(io.BytesIO(content.read()))
            if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
                return None
            return [unicodedata.normalize("NFKC", page.extract_text()) for page in reader.pages]
    except (pypdf.errors.PyPdfError, OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _paragraphs(text: str) -> list[Block]:
    return [Paragraph((line.strip(),)) for line in text.splitlines() if line.strip()]


def left_out_of(parts: Sequence[Part]) -> Mapping[str, str]:
    """Return what is left out, by its title, with why."""
    return {part.title: part.left_out for part in parts if part.left_out}
