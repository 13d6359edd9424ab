"""How a customer is told: the ways, and what is checked and kept of the way that was chosen."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.errors import ActionNotAllowed
from cases.models import Customer
from cases.operations.formats import why_not_made
from cases.operations.promising import Promised
from cases.operations.record import CaseFile
from cases.operations.ways import CLOSED, channel_refusal
from cases.rules.customers import LetterFormat
from cases.rules.events import EventKind
from cases.rules.languages import LANGUAGES, Language, is_the_needed, language_needed
from cases.rules.letters import LetterKind
from cases.rules.timeline import UNTOLD
from cases.selectors.messages import CLOSED_WAY, LETTER_OF
from cases.selectors.restrictions import closed_ways

# The ways to tell a customer, as staff choose them.
ELSEWHERE = "letter_elsewhere"
TELLINGS = {
    "email": "E-mail, sent from here",
    "post": "Letter, made here to print and post",
    "phone": "By telephone",
    "in_person": "In person",
    ELSEWHERE: "Letter or e-mail written elsewhere",
}
# For acts of which the customer need not be told.
NOT_TOLD = UNTOLD


@dataclass(frozen=True, slots=True)
class Telling:
    """How the customer is told: the channel, and what the officer wrote.

    `channel` is "email" or "post" for a letter made here; anything else (telephone, in person,
    a letter written elsewhere) is only recorded. Left empty, `letter_format` is the one that the
    customer needs; any other needs `format_because`. `easy_read` is what staff wrote for it, and
    `other_text` what they wrote in `other_language`, a tag of `LANGUAGES`; `language_because` says
    why it is in English alone where the customer needs another. Where the landlord has words for
    the letter in that language, `other_text` is what the officer writes in it. `says` is what the
    procedure wants said that only the officer can vouch for. `closed_because` says why a way is
    used that a restriction of the customer's contact closes (HH-6), and `unwritten_because` why
    somebody who is turned away cannot be written to. Of a letter written elsewhere
    `copy` is the key of the file that shows it, and `contains` what its writer found in it.
    `promises` is what the customer is promised besides, each with its day: owed from then on,
    however they are told (Code 7.3).
    """

    channel: str
    words: str = ""
    letter_format: str = ""
    format_because: str = ""
    easy_read: str = ""
    other_language: str = ""
    other_text: str = ""
    says: Sequence[str] = ()
    closed_because: str = ""
    unwritten_because: str = ""
    language_because: str = ""
    copy: int | None = None
    contains: Sequence[str] = ()
    promises: Sequence[Promised] = ()

    @property
    def makes_letter(self) -> bool:
        """Say whether a letter is made here."""
        return self.channel in ("email", "post")

    @property
    def is_written(self) -> bool:
        """Say whether the customer gets something in writing."""
        return self.makes_letter or self.is_elsewhere

    @property
    def is_elsewhere(self) -> bool:
        """Say whether the letter was written elsewhere."""
        return self.channel == ELSEWHERE


def check_channel(customer: Customer, channel: str, *, closed_because: str = "") -> None:
    """Refuse a channel that is not safe for this customer, or for which there is no address.

    One that a restriction of their contact closes is refused unless somebody says why (HH-6).

    :raises ActionNotAllowed: if nothing may or can be sent that way.
    """
    if refusal := channel_refusal(customer, channel):
        raise ActionNotAllowed(f"{refusal} Choose another way to reach them.")
    if channel in closed_ways(customer) and not closed_because.strip():
        raise ActionNotAllowed(f"{CLOSED} Choose another way to reach them, or say why this one.")


def check_promises(kind: LetterKind, telling: Telling) -> None:
    """Refuse to promise in a letter that closes the complaint: it stays open until that is done.

    :raises ActionNotAllowed: if it does.
    """
    if kind is LetterKind.CLOSING and telling.promises:
        raise ActionNotAllowed(
            "A letter that closes a complaint promises nothing: it stays open until that is done."
        )


def format_of(customer: Customer, telling: Telling) -> LetterFormat:
    """Return the format in which a letter is made.

    :raises ActionNotAllowed: if it is not the one that the customer needs and nobody says why, if
        it is easy read and nobody wrote it, or an e-mail that would go without it (HH-27).
    """
    needed = LetterFormat(customer.letter_format)
    chosen = LetterFormat(telling.letter_format or needed)
    if telling.channel == "email" and (cannot := why_not_made(chosen)):
        raise ActionNotAllowed(
            f"{cannot} An e-mail would go without it: choose another format and say why, or post "
            "one that is made elsewhere."
        )
    if chosen is not needed and not telling.format_because.strip():
        raise ActionNotAllowed(
            f"{customer.name} needs letters in this format: {needed.words.lower()}. Choose it, or "
            "say why this letter is in another."
        )
    is_to_write = chosen is LetterFormat.EASY_READ and not telling.is_elsewhere
    if is_to_write and not telling.easy_read.strip():
        raise ActionNotAllowed(
            "Write the easy read version, or choose another format and say why. It is never made "
            "by itself."
        )
    return chosen


def other_language_of(telling: Telling, letter_format: LetterFormat) -> Language | None:
    """Return the language in which the letter is written too; nothing if only in English.

    :raises ActionNotAllowed: if nobody says which it is, or the format has none but English.
    """
    if not telling.other_text.strip():
        return None
    language = LANGUAGES.get(telling.other_language)
    if language is None:
        raise ActionNotAllowed("Say in which language the other text is written.")
    if letter_format in (LetterFormat.BRAILLE, LetterFormat.AUDIO):
        raise ActionNotAllowed(
            f"A letter in {letter_format.words} is made in English alone. Have the text in "
            f"{language.name} transcribed or read out elsewhere, or choose another format and say "
            "why."
        )
    return language


def note_format(case: CaseFile, telling: Telling, letter_format: LetterFormat) -> None:
    """Keep why a letter is in another format than the customer needs (HH-27)."""
    needed = LetterFormat(case.complaint.customer.letter_format)
    if letter_format is not needed:
        case.add(
            EventKind.NOTED,
            words={
                "note": f"The letter is in the format “{letter_format.words.lower()}”, and not in "
                f"“{needed.words.lower()}” as the customer needs. {telling.format_because.strip()}"
            },
        )


def note_language(case: CaseFile, telling: Telling, language: Language | None) -> str:
    """Return the language that the customer needs and does not get, and keep why; else nothing.

    :raises ActionNotAllowed: if a letter is in English alone, they need another language, and
        nobody says why.
    """
    customer, because = case.complaint.customer, telling.language_because.strip()
    needed = language_needed(customer.language)
    if not needed or is_the_needed(language, needed):
        return ""
    if not because:
        raise ActionNotAllowed(
            f"{customer.name} needs letters in {needed}. Add the text in it, or say why this one "
            "is in English alone."
        )
    told = f"The letter is not in {needed}, as the customer needs. {because}"
    case.add(EventKind.NOTED, words={"note": told})
    return needed


def note_closed_way(case: CaseFile, telling: Telling, event_number: int) -> None:
    """Keep why a way was used that a restriction of contact closes."""
    if telling.channel in closed_ways(case.complaint.customer):
        case.add(
            EventKind.NOTED,
            facts={CLOSED_WAY: telling.channel, LETTER_OF: event_number},
            words={"note": f"{CLOSED} Used all the same: {telling.closed_because.strip()}"},
        )
