"""References: eight characters and a check character, easy to say on the telephone."""

import secrets
from contextlib import suppress

from cases.errors import ReferenceUnreadable

# Crockford's base 32: no I, L, O or U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# The check character is the number modulo 37, the prime above 32 (Crockford).
CHECK_ALPHABET = ALPHABET + "*~$=U"
_FORGIVEN = str.maketrans("OIL", "011", " -.\N{EN DASH}")


def new_reference() -> str:
    """Return a random reference such as KX7M-2QPD-6.

    Random and never sequential: a gap in a sequence tells that a hidden complaint exists. Numbers
    whose check character is not a letter or digit are not used, so that it can be spoken.
    """
    while True:
        number = secrets.randbits(40)
        if CHECK_ALPHABET[number % 37] in ALPHABET:
            return format_reference(number)


def format_reference(number: int) -> str:
    """Return the forty-bit number in groups of four with its check character."""
    characters = "".join(ALPHABET[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{characters[:4]}-{characters[4:]}-{CHECK_ALPHABET[number % 37]}"


def parse_reference(text: str) -> str:
    """Return the reference as stored, forgiving spaces, case, O for 0, and I or L for 1.

    :raises ReferenceUnreadable: if it is not nine characters, or its check character is wrong.
    """
    plain = text.upper().translate(_FORGIVEN)
    if len(plain) != 9 or not all(character in ALPHABET for character in plain[:8]):
        raise ReferenceUnreadable("A reference has nine letters and figures, like KX7M-2QPD-6.")
    number = 0
    for character in plain[:8]:
        number = number * 32 + ALPHABET.index(character)
    if CHECK_ALPHABET[number % 37] != plain[8]:
        raise ReferenceUnreadable("That reference has a slip in it: please check each character.")
    return format_reference(number)


def spellings(text: str) -> set[str]:
    """Return how a reference that was typed may be stored: ours, or that of another system."""
    found = {text.strip(), text.strip().upper()}
    with suppress(ReferenceUnreadable):
        found.add(parse_reference(text))
    return found


def may_be_reference(text: str) -> bool:
    """Say whether words may be a reference: one of ours, or with a figure in it as others have.

    One of ours in thirty has no figure at all.
    """
    with suppress(ReferenceUnreadable):
        parse_reference(text)
        return True
    return any(each.isdigit() for each in text)
