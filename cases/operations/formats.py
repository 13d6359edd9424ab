"""Which formats of letters this machine can make."""

from cases.operations.braille import NO_BRAILLE, can_make_braille
from cases.operations.speech import NO_SPEECH, can_read_out
from cases.rules.customers import LetterFormat


def why_not_made(letter_format: LetterFormat) -> str:
    """Return why this machine cannot make letters in a format, and what can be done; or nothing."""
    if letter_format is LetterFormat.BRAILLE and not can_make_braille():
        return NO_BRAILLE
    if letter_format is LetterFormat.AUDIO and not can_read_out():
        return NO_SPEECH
    return ""
