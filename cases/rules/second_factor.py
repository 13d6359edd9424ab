"""The second factor of signing in: whom it is asked of, and how its codes are written."""

from datetime import date

# How SECOND_FACTOR says it; or the day from which it is demanded.
REQUIRED = "required"
OPTIONAL = "optional"
# An authenticator app shows another code every so many seconds.
STEP_SECONDS = 30
RECOVERY_CODES = 10
# Whoever types wrong codes knows the password: after so many in a row its owner is told.
TOLD_AFTER_WRONG = 10
# After so many in a day the app's codes count no more that day, recovery codes do: three
# count at a time, so whoever guesses for a month comes in with a chance of one in two hundred.
MOST_WRONG_A_DAY = 50
# None of these is taken for another. Sixteen of them make 78 bits: nobody can try them all.
RECOVERY_SIGNS = "abcdefghjkmnpqrstuvwxyz2346789"
RECOVERY_LENGTH = 16


def is_demanded(setting: str, today: date) -> bool:
    """Say whether nobody comes in without a second factor on this day.

    :raises ValueError: if the setting is neither of the two words nor a day.
    """
    if setting in (REQUIRED, OPTIONAL):
        return setting == REQUIRED
    return date.fromisoformat(setting) <= today


def tidied(typed: str) -> str:
    """Return a code without what people put between its signs, in small letters."""
    return "".join(sign for sign in typed.lower() if sign.isalnum())


def in_groups(signs: str, size: int) -> str:
    """Return a long code as people read it aloud: "abcd efgh …"."""
    return " ".join(signs[at : at + size] for at in range(0, len(signs), size))
