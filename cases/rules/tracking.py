"""Codes and links by which customers follow their complaint: how they look, and how long they live.

A code by e-mail has eight figures, works for minutes, in the browser that asked, and dies after
five tries. With at most twelve a day for a complaint, whoever guesses from morning to night has
less than one chance in a million. One that is read out or posted has sixty random bits.
"""

import re
import secrets
from datetime import timedelta

from cases.rules.references import ALPHABET

# The kind of e-mail that carries a code.
CODE_MESSAGE = "tracking_code"
RECEIPT_MESSAGE = "receipt"
# Where the links in e-mails lead, before what is secret in them.
LINK_PATH = "/track/link/"
# The same of a link by which thanks, or an answer to a suggestion, are read.
LETTER_PATH = "/track/letter/"
# The beginning of a link by which a customer says whether somebody may speak for them.
CONSENT_PATH = "/consent/"
LINK_LIFE = timedelta(days=30)
EMAILED_LIFE = timedelta(minutes=15)
READ_OUT_LIFE = timedelta(days=1)
POSTED_LIFE = timedelta(days=21)
TRIES = 5
# Codes by e-mail for one complaint: within a quarter of an hour, and within a day.
MOST_IN_A_WHILE = 3
A_WHILE = timedelta(minutes=15)
MOST_IN_A_DAY = 12
A_DAY = timedelta(days=1)
# An e-mail address opens nothing for so long after it was changed to it.
NEW_ADDRESS = timedelta(days=1)
# A visit ends when nothing was done for so long, and in any case after so long.
IDLE = timedelta(minutes=30)
LONGEST_VISIT = timedelta(hours=4)
# Codes and visits are forgotten after so long.
KEPT_CODES = timedelta(days=30)
KEPT_VISITS = timedelta(days=180)
_FORGIVEN = str.maketrans("OIL", "011")


def emailed_code() -> str:
    """Return eight random figures."""
    return f"{secrets.randbelow(10**8):08d}"


def handed_out_code() -> str:
    """Return twelve random characters in groups of four, without any that sound or look alike."""
    return in_groups("".join(secrets.choice(ALPHABET) for _ in range(12)))


def in_groups(characters: str) -> str:
    """Return twelve characters as people read and type them."""
    return "-".join(characters[place : place + 4] for place in (0, 4, 8))


_RECEIPT_CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b")


def without_code(receipt: str) -> str:
    """Return the words of a receipt without the code that shows how it stands."""
    return _RECEIPT_CODE.sub("(code-not-kept)", receipt)


# The words in a link by which somebody outside answers, and what stands there once the
# message was sent or stopped.
_SECRET = re.compile(r"(/(?:consent|asked)/)[\w-]{20,}(?=/)")
GONE = "(link-not-kept)"
# A link to a complaint or a letter becomes the page that asks for a code: the letter may have to go
# once more.
_FOLLOWING = re.compile(r"(/track/)(?:link|letter)/[\w-]{20,}/")


def without_links(body: str) -> str:
    """Return the words of a message without what opens the page behind a link in it."""
    return _FOLLOWING.sub(r"\1", _SECRET.sub(rf"\1{GONE}", body))


def tidy_code(text: str) -> str:
    """Return a code as it is compared: capitals and figures alone; O is 0, I and L are 1."""
    plain = "".join(each for each in text.upper() if each.isalnum() and each.isascii())
    return plain.translate(_FORGIVEN)


def is_emailed(code: str) -> bool:
    """Say whether a tidied code has the form of those sent by e-mail."""
    return len(code) == 8 and code.isdigit()
