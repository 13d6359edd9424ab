"""Letters about compliments and suggestions in the format that their reader needs (HH-27)."""

from cases.models import Landlord, OutboundMessage
from cases.operations.documents import letterhead, make_letter
from cases.operations.enclosures import Enclosure
from cases.operations.letterheads import sender_lines
from cases.rules.blocks import blocks_of
from cases.rules.customers import LetterFormat
from cases.rules.languages import LANGUAGES
from cases.rules.letters import SUBJECT
from cases.rules.papers import Sheet
from cases.rules.periods import london_day
from feedback.models import RemarkLetter
from feedback.rules.remark_letters import ENDING
from feedback.selectors.remark_letters import KIND

# Nobody writes these letters in easy read: they are short, and made in standard print then.
AS_THE_EMAIL = (LetterFormat.STANDARD, LetterFormat.EASY_READ)


def enclosed_with(message: OutboundMessage) -> list[Enclosure] | None:
    """Return what goes with an e-mail about a remark, None for any other. One query if it is one.

    :raises NotMade: if it cannot be made: then the e-mail does not go either (HH-27).
    """
    if not message.kind.startswith(KIND):
        return None
    letter = RemarkLetter.objects.select_related("remark").filter(message=message).first()
    if letter is None:
        return None
    if letter.is_notice:
        return []
    letter_format = LetterFormat(letter.letter_format)
    if letter_format in AS_THE_EMAIL:
        return []
    content, media_type, name = remark_document(letter, letter_format)
    return [Enclosure(name, content, media_type)]


def remark_document(letter: RemarkLetter, letter_format: LetterFormat) -> tuple[bytes, str, str]:
    """Return a letter in a format, what kind of file it is, and its name.

    :raises NotMade: if this machine cannot make it, or not of these words.
    """
    made_in = LetterFormat.STANDARD if letter_format in AS_THE_EMAIL else letter_format
    content, media_type, ending = make_letter(
        sheet_of(letter), made_in, at=letter.issued_at, logo=letterhead(made_in)
    )
    reference = letter.remark.reference
    return content, media_type, f"{reference} {letter.purpose} {made_in.value}.{ending}"


def sheet_of(letter: RemarkLetter) -> Sheet:
    """Return a letter with what stands above and below its words."""
    landlord = Landlord.objects.defer("logo").first()
    sender = sender_lines(landlord)
    greeting, _, rest = letter.body.partition("\n\n")
    words, _, signed = rest.partition(f"\n\n{ENDING}")
    return Sheet(
        reference=letter.remark.reference,
        title=SUBJECT.format(reference=letter.remark.reference),
        author=sender[0] if sender else "",
        day=f"{london_day(letter.issued_at):%-d %B %Y}",
        sender=sender,
        to=[letter.to_name, *letter.to_address.splitlines()],
        greeting=greeting,
        blocks=blocks_of(words),
        ending=ENDING,
        other=blocks_of(letter.other_text),
        language=LANGUAGES.get(letter.other_language),
        signed=[line for line in signed.splitlines() if line],
    )
