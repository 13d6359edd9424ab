"""What goes with an e-mail: its letter in the format that the reader needs."""

from collections.abc import Callable
from dataclasses import dataclass

from cases.models import OutboundMessage, RestrictionLetter
from cases.operations.documents import enclosed_files, letterhead, make_letter
from cases.operations.files import open_file
from cases.rules.blocks import blocks_of
from cases.rules.customers import LetterFormat
from cases.rules.papers import Sheet
from cases.rules.periods import london_day
from cases.rules.restriction_letters import ENDING, HEADING
from cases.selectors.messages import restriction_letter_in


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with an e-mail."""

    name: str
    content: bytes
    media_type: str


# What other parts of the system send with their own e-mails: each returns what goes with a message,
# or None for one that is not its own.
ENCLOSERS: list[Callable[[OutboundMessage], list[Enclosure] | None]] = []


def enclosures(message: OutboundMessage) -> list[Enclosure]:
    """Return what goes with an e-mail.

    :raises NotMade: if it cannot be made: then the e-mail does not go either (HH-27).
    """
    if about := restriction_letter_in(message):
        if about.made_in is LetterFormat.STANDARD:
            return []
        content, media_type, name = restriction_letter_document(about, about.made_in)
        return [Enclosure(name, content, media_type)]
    for enclosed_by in ENCLOSERS:
        if (others := enclosed_by(message)) is not None:
            return others
    found = []
    for file in enclosed_files(message):
        with open_file(file) as kept:
            found.append(Enclosure(file.name, kept.read(), file.media_type))
    return found


def restriction_letter_document(
    letter: RestrictionLetter, letter_format: LetterFormat
) -> tuple[bytes, str, str]:
    """Return a letter in a format, what kind of file it is, and its name.

    Nobody writes these letters in easy read; they are made in standard print then.

    :raises NotMade: if this machine cannot make it, or not of these words.
    """
    made_in = letter_format
    if made_in is LetterFormat.EASY_READ:
        made_in = LetterFormat.STANDARD
    sheet = Sheet(
        reference=letter.restriction.code,
        title=HEADING,
        author=letter.sender.partition("\n")[0],
        day=f"{london_day(letter.issued_at):%-d %B %Y}",
        sender=letter.sender.splitlines(),
        to=[letter.to_name, *letter.to_address.splitlines()],
        greeting=f"Dear {letter.to_name},",
        blocks=blocks_of(letter.body),
        ending=ENDING,
        signed=letter.signed.splitlines(),
    )
    content, media_type, ending = make_letter(
        sheet, made_in, at=letter.issued_at, logo=letterhead(made_in)
    )
    return content, media_type, f"restriction {letter.number} {made_in.value}.{ending}"
