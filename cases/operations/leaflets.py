"""The leaflet about complaints as a document: for everybody, and enclosed with a letter.

As a PDF it is set when somebody first asks for it, and kept a while.
"""

from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import translation

from cases.errors import NotMade
from cases.models import Document, DocumentKind, Landlord, Letter, OutsideBodyDetails
from cases.operations.braille import braille_of
from cases.operations.files import remove_stored, store_made
from cases.operations.speech import sound_of
from cases.operations.typesetting import TOO_MUCH, set_paper
from cases.rules.blocks import plain_lines
from cases.rules.customers import LetterFormat
from cases.rules.papers import BRF, PDF, PRINTED
from cases.rules.periods import london_day
from cases.selectors.landlords_words import read_once
from cases.selectors.leaflet import LeafletWords, leaflet_words

# In points: the leaflet as it is, and in large print.
SIZES = {"standard": 12, "large-print": 18}
# Kept in the place of a leaflet that cannot be made.
NOTHING = b""
KEPT_SECONDS = 24 * 60 * 60
TRIED_AGAIN_SECONDS = 10 * 60


def leaflet_pdf(told: LeafletWords, *, size: int, now: datetime) -> bytes:
    """Return the leaflet as a tagged PDF, its type of a `size` in points.

    What was set of the same words within a day is handed out again: nobody can keep the machine
    busy by asking often.

    :raises NotMade: if it would take more time or memory than a paper may.
    """
    paper, mark = told.paper(size=size)
    key = f"leaflet:{mark}"
    made: bytes | None = cache.get(key)
    if made is None:
        try:
            made = set_paper(paper, at=now)
        except NotMade:
            made = NOTHING
        cache.set(key, made, KEPT_SECONDS if made else TRIED_AGAIN_SECONDS)
    if made == NOTHING:
        raise NotMade(TOO_MUCH)
    return made


def enclosed_policy(
    letter: Letter, letter_format: LetterFormat | None = None, *, now: datetime
) -> Document | None:
    """Return the complaints policy and procedure that a letter encloses (HH-14), or nothing.

    It says what the procedure of that complaint says, whatever runs today, in the format of the
    letter unless another is named, and in its language if that is one of the public's. It is made
    once and kept: whoever asks again gets the same bytes. Two queries for one that is kept.

    :raises NotMade: if this machine cannot make it in that format.
    """
    if not letter.encloses_policy:
        return None
    chosen = letter_format or LetterFormat(letter.letter_format)
    kept = Document.objects.filter(
        letter=letter, kind=DocumentKind.POLICY.value, letter_format=chosen.value
    )
    if found := kept.select_related("file").first():
        return found
    tongue = letter.other_language
    is_spoken = tongue in settings.PUBLIC_LANGUAGES
    with translation.override(tongue if is_spoken else settings.LANGUAGE_CODE), read_once():
        content, media_type, ending = _made_in(chosen, _words_for(letter), now=now)
    file = store_made(
        [content],
        name=f"complaints policy and procedure {chosen.value}.{ending}",
        media_type=media_type,
        now=now,
    )
    try:
        with transaction.atomic():
            return Document.objects.create(
                complaint_id=letter.complaint_id,
                kind=DocumentKind.POLICY.value,
                letter=letter,
                letter_format=chosen.value,
                file=file,
                made_at=now,
            )
    except IntegrityError:
        # Somebody else made it at the same moment: theirs counts.
        remove_stored(file)
        return kept.select_related("file").get()


def _words_for(letter: Letter) -> LeafletWords:
    """Return what it says: of the procedure of the complaint, and of who is outside that day."""
    on = london_day(letter.issued_at)
    bodies = {code: row.lines for code, row in OutsideBodyDetails.objects.all_on(on).items()}
    landlord = Landlord.objects.defer("logo").first() or Landlord()
    return leaflet_words(letter.complaint.procedure_version.terms, landlord, bodies)


def _made_in(
    letter_format: LetterFormat, told: LeafletWords, *, now: datetime
) -> tuple[bytes, str, str]:
    if letter_format in PRINTED:
        return leaflet_pdf(told, size=PRINTED[letter_format], now=now), PDF, "pdf"
    lines = [told.title, "", *plain_lines(told.blocks)]
    if letter_format is LetterFormat.BRAILLE:
        return braille_of(lines), BRF, "brf"
    return sound_of(lines)
