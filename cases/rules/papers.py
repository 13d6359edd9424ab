"""Papers made here: what a sheet says, and how a letter is set in each format."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cases.rules.blocks import Block, Heading, NewPage, Paragraph, as_json, plain_lines
from cases.rules.customers import LetterFormat
from cases.rules.languages import Language

PDF, BRF, OGG = "application/pdf", "application/x-brf", "audio/ogg"
# The size of type in points: each is set anew, so that lines never run out of the page.
PRINTED: Mapping[LetterFormat, int] = {
    LetterFormat.STANDARD: 14,
    LetterFormat.LARGE_PRINT: 18,
    LetterFormat.GIANT_PRINT: 24,
    LetterFormat.EASY_READ: 16,
}
_MADE_AS = {LetterFormat.BRAILLE: (BRF, "brf"), LetterFormat.AUDIO: (OGG, "ogg")}
# The size of every other paper.
PAPER_SIZE = 11


def media_type_of(letter_format: LetterFormat) -> str:
    """Return the kind of file a letter in this format is."""
    return _MADE_AS[letter_format][0] if letter_format in _MADE_AS else PDF


def ending_of(letter_format: LetterFormat) -> str:
    """Return how the name of such a file ends."""
    return _MADE_AS[letter_format][1] if letter_format in _MADE_AS else "pdf"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A letter as it was issued, whatever format it is then made in.

    `sender` and `to` are lines, the landlord's and the customer's; `easy` is what staff wrote for
    the easy read version, nothing without one; `other` what they wrote in another `language`.
    """

    reference: str
    title: str
    author: str
    day: str
    sender: Sequence[str]
    to: Sequence[str]
    greeting: str
    blocks: Sequence[Block]
    ending: str
    signed: Sequence[str]
    easy: Sequence[Block] = ()
    other: Sequence[Block] = ()
    language: Language | None = None

    def lines(self) -> list[str]:
        """Return all of it as plain text: what is read out, or set in Braille."""
        return [
            *self.sender,
            "",
            *self.to,
            "",
            self.day,
            "",
            self.title,
            "",
            self.greeting,
            "",
            *plain_lines(self.blocks),
            "",
            self.ending,
            "",
            *self.signed,
        ]


def letter_paper(sheet: Sheet, letter_format: LetterFormat) -> dict[str, Any]:
    """Return what the template of papers needs to set a letter.

    Easy read comes first, in the words that staff wrote; the whole letter follows it.
    """
    blocks = list(sheet.blocks)
    if letter_format is LetterFormat.EASY_READ and sheet.easy:
        whole = [Heading("The whole letter"), Paragraph((sheet.greeting,)), *blocks]
        blocks = [*sheet.easy, NewPage(), *whole]
    return {
        "layout": "letter",
        "size": PRINTED[letter_format],
        "title": sheet.title,
        "author": sheet.author,
        "footer": sheet.reference,
        "first": 1,
        "of": 0,
        "sender": list(sheet.sender),
        "to": list(sheet.to),
        "date": sheet.day,
        "greeting": sheet.greeting,
        "ending": sheet.ending,
        "signed": list(sheet.signed),
        "blocks": [as_json(block) for block in blocks],
        **_in_other_language(sheet),
    }


def _in_other_language(sheet: Sheet) -> dict[str, Any]:
    """Return what follows the letter in another language, on a page of its own."""
    if sheet.language is None:
        return {}
    return {
        "other": {
            "lang": sheet.language.tag,
            "dir": sheet.language.direction,
            "title": sheet.language.own_name,
            "blocks": [as_json(block) for block in sheet.other],
        }
    }


def stamps_paper(stamps: Sequence[str], *, title: str, author: str) -> dict[str, Any]:
    """Return what the template needs to set one stamp a page, each to be laid over a page."""
    paper = plain_paper(title, (), author=author, footer="")
    return {**paper, "layout": "stamps", "stamps": list(stamps)}


def plain_paper(
    title: str,
    blocks: Sequence[Block],
    *,
    author: str,
    footer: str,
    first: int = 1,
    of: int = 0,
) -> dict[str, Any]:
    """Return what the template needs to set any other paper.

    `first` is the number of its first page, `of` how many pages the whole has; 0 counts its own.
    """
    return {
        "layout": "paper",
        "size": PAPER_SIZE,
        "title": title,
        "author": author,
        "footer": footer,
        "first": first,
        "of": of,
        "blocks": [as_json(block) for block in blocks],
    }
