"""Telling abuse of the form from use, without ever turning anybody away.

Whoever is over a limit is asked once more whether they are sending this, then taken in all the
same; far over it, what they send waits in quarantine for a person to look at it. Libraries,
offices and mobile networks share addresses, so there is no number at which anything is refused.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

# From one source (an IPv4 address, or an IPv6 network of 64 bits) in one hour.
SOURCE_WINDOW = timedelta(hours=1)
SOURCE_FRICTION = 10
SOURCE_QUARANTINE = 60
# With one e-mail address in one day.
EMAIL_WINDOW = timedelta(days=1)
EMAIL_QUARANTINE = 5
# From everybody together in one hour: the coordinators are told, and everybody is asked once more.
SITE_WINDOW = timedelta(hours=1)
SITE_FRICTION = 300
# Word for word the same in one day. Neighbours who send the same letter are not robots.
SAME_WORDS_WINDOW = timedelta(days=1)
SAME_WORDS_FRICTION = 1
SAME_WORDS_QUARANTINE = 5
# Addresses of web pages among the words.
LINKS_FRICTION = 3
LINKS_QUARANTINE = 10
# Nobody fills the form in faster.
QUICKEST = timedelta(seconds=3)
# Receipts by e-mail to one address in one day, so that nobody is bombarded through the form.
RECEIPTS_A_DAY = 3
# Files from one source in one hour, sent or not, and their bytes: they take up the disk.
FILES_AN_HOUR = 100
FILE_BYTES_AN_HOUR = 300 * 1024 * 1024

_LINK = re.compile(r"https?://|www\.|\[url|<a\s", re.IGNORECASE)


class Sign(StrEnum):
    """Something that speaks for abuse."""

    TRAP = "trap"
    TOO_QUICK = "too_quick"
    MANY_FROM_SOURCE = "many_from_source"
    FLOOD_FROM_SOURCE = "flood_from_source"
    MANY_WITH_EMAIL = "many_with_email"
    BUSY_SITE = "busy_site"
    SAME_WORDS = "same_words"
    FLOOD_OF_SAME_WORDS = "flood_of_same_words"
    LINKS = "links"
    FLOOD_OF_LINKS = "flood_of_links"

    @property
    def words(self) -> str:
        """Return the sign for the coordinators."""
        return _WORDS[self]


_WORDS = {
    Sign.TRAP: "A box that people cannot see was filled in",
    Sign.TOO_QUICK: f"Filled in within {QUICKEST.seconds} seconds",
    Sign.MANY_FROM_SOURCE: f"{SOURCE_FRICTION} or more from one place in an hour",
    Sign.FLOOD_FROM_SOURCE: f"{SOURCE_QUARANTINE} or more from one place in an hour",
    Sign.MANY_WITH_EMAIL: f"{EMAIL_QUARANTINE} or more with one e-mail address in a day",
    Sign.BUSY_SITE: f"{SITE_FRICTION} or more from everybody in an hour",
    Sign.SAME_WORDS: "The same words came before within a day",
    Sign.FLOOD_OF_SAME_WORDS: f"The same words {SAME_WORDS_QUARANTINE} times or more in a day",
    Sign.LINKS: "Addresses of web pages among the words",
    Sign.FLOOD_OF_LINKS: "Mostly addresses of web pages",
}

# The rest only ask the sender to confirm.
QUARANTINED_FOR = frozenset(
    {
        Sign.TRAP,
        Sign.FLOOD_FROM_SOURCE,
        Sign.MANY_WITH_EMAIL,
        Sign.FLOOD_OF_SAME_WORDS,
        Sign.FLOOD_OF_LINKS,
    }
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of a form that is being sent. The counts leave this form itself out."""

    is_trapped: bool
    took: timedelta
    from_source: int
    with_email: int
    on_site: int
    same_words: int
    links: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be done with a form: ask first, and take in or put into quarantine."""

    signs: tuple[Sign, ...]

    @property
    def asks_first(self) -> bool:
        """Say whether the sender is asked once more, whatever happens then."""
        return bool(self.signs)

    @property
    def is_quarantined(self) -> bool:
        """Say whether somebody has to look at it first."""
        return bool(QUARANTINED_FOR.intersection(self.signs))


def judge(seen: Seen) -> Verdict:
    """Return what is to be done with a form."""
    found = {
        Sign.TRAP: seen.is_trapped,
        Sign.TOO_QUICK: seen.took < QUICKEST,
        Sign.MANY_FROM_SOURCE: seen.from_source >= SOURCE_FRICTION,
        Sign.FLOOD_FROM_SOURCE: seen.from_source >= SOURCE_QUARANTINE,
        Sign.MANY_WITH_EMAIL: seen.with_email >= EMAIL_QUARANTINE,
        Sign.BUSY_SITE: seen.on_site >= SITE_FRICTION,
        Sign.SAME_WORDS: seen.same_words >= SAME_WORDS_FRICTION,
        Sign.FLOOD_OF_SAME_WORDS: seen.same_words >= SAME_WORDS_QUARANTINE,
        Sign.LINKS: seen.links >= LINKS_FRICTION,
        Sign.FLOOD_OF_LINKS: seen.links >= LINKS_QUARANTINE,
    }
    return Verdict(tuple(sign for sign, is_so in found.items() if is_so))


def links_in(words: str) -> int:
    """Return how many addresses of web pages are among the words."""
    return len(_LINK.findall(words))


def fingerprint(words: str) -> str:
    """Return the same short code for words that differ only in case, spaces and signs."""
    plain = "".join(character for character in words.casefold() if character.isalnum())
    return hashlib.sha256(plain.encode()).hexdigest()
