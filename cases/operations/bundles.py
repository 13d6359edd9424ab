"""Many documents bound into one PDF: an index, every page numbered, an outline, and a manifest."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cases.errors import NotMade
from cases.later import Later
from cases.models import StoredFile
from cases.operations.bundle_pages import fitted, picture_page
from cases.operations.files import open_file
from cases.operations.typesetting import TypesetterLost, set_paper
from cases.rules.blocks import Block, Paragraph, Table, with_words
from cases.rules.customers import LetterFormat
from cases.rules.papers import PDF, Sheet, letter_paper, plain_paper, stamps_paper

if TYPE_CHECKING:
    import pypdf
    from PIL import Image
else:
    Image, pypdf = Later("PIL.Image"), Later("pypdf")

# What is larger is handed over beside the bundle, so that making it stays quick and small.
MOST_BYTES, MOST_PAGES = 40 * 1024**2, 400
PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/tiff"})
TEXT, MOST_TEXT = "text/plain", 300_000
SEPARATE = "It cannot be shown as pages. It is supplied separately, in the ZIP file."

NOT_SET = "It would take too much to set here. It is in the system."

Change = Callable[[str], str]
# The single documents set so far, by the name of each, and what of them is told at the end.
Singles = Sequence[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a bundle: blocks set here, a letter, or a stored file.

    `left_out` says why a sheet stands in its place, `unless_shown` what stands there if it cannot
    be shown as pages. `file_name` is that of a file that nobody may open. `is_bare` leaves out of a
    file whatever is not on its pages. `not_in_twin` says why the redacted twin leaves it out,
    whatever it holds.
    """

    title: str
    on: str = ""
    blocks: Sequence[Block] = ()
    sheet: Sheet | None = None
    file: StoredFile | None = None
    left_out: str = ""
    file_name: str = ""
    unless_shown: str = SEPARATE
    is_bare: bool = False
    not_in_twin: str = ""


@dataclass(slots=True)
class Bound:
    """A bundle: its PDF, how many pages, and what lies beside it."""

    content: bytes
    pages: int
    # The parts with their first page, and the PDF of each that was set here.
    index: list[tuple[Part, int, int]] = field(default_factory=list)
    singles: list[tuple[str, bytes]] = field(default_factory=list)
    separate: list[StoredFile] = field(default_factory=list)


def bind(
    title: str,
    parts: Sequence[Part],
    *,
    author: str,
    reference: str,
    at: datetime,
    change: Change,
    last: Callable[[Singles], Part] | None = None,
) -> Bound:
    """Return the parts as one PDF, each with its number, its pages "n of N", and an index before.

    `change` is made to every text set here. What cannot be shown as pages has a sheet that says
    so, and is named in `separate`. `last` makes the last part of the single documents before it.
    Putting together loses the tags of the single documents.
    """
    made = _Maker(author, at, change)
    contents = [made.pages_of(number, part) for number, part in enumerate(parts, 1)]
    if last is not None:
        parts = [*parts, last(made.singles)]
        contents.append(made.pages_of(len(parts), parts[-1]))
    counts = [len(pages) for pages in contents]
    front = made.index(title, parts, counts, 0)
    for _ in range(3):
        known = len(front)
        front = made.index(title, parts, counts, known)
        if len(front) == known:
            break
    writer = pypdf.PdfWriter()
    owners = [0] * len(front)
    for page in front:
        writer.add_page(page)
    bound = Bound(b"", 0, singles=made.singles, separate=made.separate)
    for number, (part, pages) in enumerate(zip(parts, contents, strict=True), 1):
        first = len(writer.pages)
        bound.index.append((part, first + 1, len(pages)))
        for page in pages:
            writer.add_page(page)
        owners += [number] * len(pages)
        writer.add_outline_item(title=f"{number}. {change(part.title)}", page_number=first)
    _stamp(writer, owners, reference=reference, title=title, author=author, at=at)
    writer.add_metadata({"/Title": title, "/Author": author})
    whole = io.BytesIO()
    writer.write(whole)
    bound.content, bound.pages = whole.getvalue(), len(writer.pages)
    return bound


def _stamp(
    writer: "pypdf.PdfWriter",
    owners: Sequence[int],
    *,
    reference: str,
    title: str,
    author: str,
    at: datetime,
) -> None:
    total = len(owners)
    stamps = [
        f"{reference} · {f'Document {owner} · ' if owner else ''}Page {number} of {total}"
        for number, owner in enumerate(owners, 1)
    ]
    sheets = pypdf.PdfReader(
        io.BytesIO(set_paper(stamps_paper(stamps, title=title, author=author), at=at))
    )
    for page, stamp in zip(writer.pages, sheets.pages, strict=True):
        page.merge_page(stamp)
        page.compress_content_streams()


class _Maker:
    """Makes the pages of each part, and keeps what lies beside the bundle."""

    def __init__(self, author: str, at: datetime, change: Change) -> None:
        self.author = author
        self.at = at
        self.change = change
        self.singles: list[tuple[str, bytes]] = []
        self.separate: list[StoredFile] = []

    def index(
        self, title: str, parts: Sequence[Part], counts: Sequence[int], before: int
    ) -> "list[pypdf.PageObject]":
        """Return the pages of the index; `before` is how many they were when last made."""
        rows, first = [], before + 1
        for number, (part, count) in enumerate(zip(parts, counts, strict=True), 1):
            last = first + count - 1
            pages = str(first) if count == 1 else f"{first}–{last}"
            rows.append((str(number), part.on, self.change(part.title), pages))
            first = last + 1
        table = Table(("No.", "Date", "Document", "Pages"), tuple(rows), (1, 4, 8, 2))
        return self._set(title, [table])

    def pages_of(self, number: int, part: Part) -> "list[pypdf.PageObject]":
        """Return the pages of one part."""
        if part.left_out:
            return self._sheet(part, part.left_out)
        if part.sheet is not None:
            paper = letter_paper(_changed(part.sheet, self.change), LetterFormat.STANDARD)
            return self._set_part(number, part, paper)
        if part.file is None:
            blocks = [with_words(block, self.change) for block in part.blocks]
            paper = plain_paper(self.change(part.title), blocks, author=self.author, footer="")
            return self._set_part(number, part, paper)
        try:
            pages = self._of_file(part, part.file)
        except (
            pypdf.errors.PyPdfError,
            OSError,
            ValueError,
            KeyError,
            TypeError,
            NotMade,
            Image.DecompressionBombError,
        ):
            # Encrypted, broken, endless or of another make: what it is can be seen in the file.
            pages = []
        if pages:
            return pages
        self.separate.append(part.file)
        return self._sheet(part, part.unless_shown)

    def _set_part(self, number: int, part: Part, paper: dict[str, Any]) -> "list[pypdf.PageObject]":
        try:
            return self._keep(number, part, set_paper(paper, at=self.at))
        except TypesetterLost:
            # It can be made soon; papers without this part would stay without it.
            raise
        except NotMade:
            return self._sheet(part, NOT_SET)

    def _keep(self, number: int, part: Part, content: bytes) -> "list[pypdf.PageObject]":
        self.singles.append((f"{number:03} {self.change(part.title)}.pdf", content))
        return list(pypdf.PdfReader(io.BytesIO(content)).pages)

    def _sheet(self, part: Part, why: str) -> "list[pypdf.PageObject]":
        return self._set(self.change(part.title), [Paragraph((why,))])

    def _set(self, title: str, blocks: Sequence[Block]) -> "list[pypdf.PageObject]":
        paper = plain_paper(title, blocks, author=self.author, footer="")
        return list(pypdf.PdfReader(io.BytesIO(set_paper(paper, at=self.at))).pages)

    def _of_file(self, part: Part, file: StoredFile) -> "list[pypdf.PageObject]":
        if file.size > MOST_BYTES:
            return []
        with open_file(file) as content:
            given = content.read()
        if file.media_type == TEXT and len(given) <= MOST_TEXT:
            lines = self.change(given.decode("utf-8", "replace")).splitlines()
            blocks = [Paragraph((line,)) for line in lines if line.strip()]
            return self._set(self.change(part.title), blocks)
        if file.media_type in PICTURES:
            given = picture_page(given)
        elif file.media_type != PDF:
            return []
        reader = pypdf.PdfReader(io.BytesIO(given))
        if reader.is_encrypted or len(reader.pages) > MOST_PAGES:
            return []
        return fitted(reader, is_bare=part.is_bare)


def _changed(sheet: Sheet, change: Change) -> Sheet:
    """Return a letter with each of its texts changed."""

    def all_of(lines: Sequence[str]) -> list[str]:
        return change("\n".join(lines)).split("\n") if lines else []

    return Sheet(
        reference=sheet.reference,
        title=change(sheet.title),
        author=sheet.author,
        day=sheet.day,
        sender=all_of(sheet.sender),
        to=all_of(sheet.to),
        greeting=change(sheet.greeting),
        blocks=[with_words(block, change) for block in sheet.blocks],
        ending=sheet.ending,
        signed=all_of(sheet.signed),
        easy=[with_words(block, change) for block in sheet.easy],
        other=[with_words(block, change) for block in sheet.other],
        language=sheet.language,
    )
