"""What is held of somebody who asks for it: by when it is given, and what is looked at before."""

import unicodedata
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from cases.rules.bank_holidays import Nation, national_calendar
from cases.rules.periods import Period, Unit, due_on
from cases.rules.redaction import redactor, still_mentions
from feedback.rules.lessons import names_a_contact, who_is_named

# To the same day of the next month, or its last day; from a weekend or bank holiday to the next
# working day (UK GDPR, article 12(3), as the Information Commissioner counts it).
ONE_MONTH = Period(1, Unit.MONTHS, rolls=True)

OTHERS_NAMED = "Somebody else is named in it."
CONTACT_NAMED = "An address or a number stands in it that is not known to be theirs or ours."
AMONG_COLLEAGUES = (
    "Colleagues wrote it among themselves. It may tell of somebody else, or be the advice of "
    "lawyers."
)
SOMEBODY_ELSES = "It is somebody else's: what they said, what they were told, or how to reach them."
NOT_KNOWN_WHOSE = "It is not known whose it is, and whom it shows."
JOINT = "It is in the complaint of somebody else, in which they complain too."
RESTRICTED = "It is restricted who reads the complaint: telling it may harm somebody."
RESTRICTION = "It is about a restriction of their contact: telling it may harm colleagues."
BY_ADDRESS = "It is known by its e-mail address alone, and may be somebody else's."
ONCE_THEIRS = (
    "It went to or came from an address they had before, which may be somebody else's by now."
)
CANNOT_BE_OPENED = "The file cannot be opened here."


class Outcome(StrEnum):
    """What became of a request for everything that is held."""

    SENT = "sent"
    WITHDRAWN = "withdrawn"
    REFUSED = "refused"

    @property
    def words(self) -> str:
        """Return it for people."""
        return {
            "sent": "Their copy was given to them",
            "withdrawn": "They do not want it any more",
            "refused": "It was refused",
        }[self.value]


def answer_by(received_on: date, nation: Nation) -> date:
    """Return the last day on which a request that came on a day is answered in time.

    :raises OutsideCalendar: if that is beyond the bank holidays that are known.
    """
    return due_on(ONE_MONTH, received_on, national_calendar(nation))


@dataclass(frozen=True, slots=True)
class Held:
    """One thing that is held of somebody.

    `fields` have a label and words each, `file` is the key of a stored file. Whatever has a
    reason in `because` goes to nobody before somebody has looked at it.
    """

    section: str
    title: str
    on: date | datetime | None = None
    fields: tuple[tuple[str, str], ...] = ()
    file: str = ""
    because: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return all words of it."""
        return "\n".join([self.title, *(words for _, words in self.fields)])

    def also(self, *reasons: str) -> "Held":
        """Return it with further reasons to look at it."""
        return replace(self, because=tuple(dict.fromkeys((*self.because, *reasons))))


@dataclass(frozen=True, slots=True)
class Addresses:
    """The e-mail address of somebody, and those they had or gave before, in any case of letters."""

    now: str
    before: frozenset[str]

    @property
    def every(self) -> frozenset[str]:
        """Return all of them, in small letters."""
        return frozenset(each.casefold() for each in (self.now, *self.before) if each)

    def are_theirs(self, address: str) -> bool:
        """Say whether an address is theirs now."""
        return bool(address) and address.casefold() == self.now.casefold()

    def were_theirs(self, address: str) -> bool:
        """Say whether an address was theirs, and is not now."""
        return address.casefold() in self.every and not self.are_theirs(address)


Looking = Callable[[Held], Held]


def looking_for(
    others: Iterable[str],
    *,
    own: Iterable[str],
    known: Iterable[str],
    firms: Iterable[str] = (),
) -> Looking:
    """Return what looks through a thing for somebody else, and says so.

    `others` are names of other people, `own` what belongs to whoever asks, `known` what may stand
    anywhere, such as the landlord's own addresses. The names of `firms` are looked for whole:
    their parts are words of every day.
    """
    theirs = [" ".join(each.split()) for each in own if len(each.strip()) > 1]
    mine = {word.casefold() for each in theirs for word in each.split()}
    names = [" ".join(each.split()) for each in others if each.strip()]
    parts = " ".join(word for name in names for word in name.split() if word.casefold() not in mine)
    names += [" ".join(each.split()) for each in firms if each.strip()]
    whole = [name for name in names if name.casefold() not in {e.casefold() for e in theirs}]
    black_out, spaced = redactor(whole), still_mentions(whole)
    without_known = redactor([*theirs, *(each for each in known if len(each.strip()) > 1)])

    def names_somebody(text: str) -> bool:
        plain = unicodedata.normalize("NFC", text)
        return bool(who_is_named(plain, parts)) or black_out(plain) != plain or spaced(plain)

    def look(held: Held) -> Held:
        found = []
        if names_somebody(held.text):
            found.append(OTHERS_NAMED)
        if names_a_contact(without_known(held.text)):
            found.append(CONTACT_NAMED)
        return held.also(*found)

    return look


def last_digits(phone: str) -> str:
    """Return the last digits of a number, which a code of the country does not change."""
    return "".join(each for each in phone if each.isdigit())[-10:]


def spellings_of(phone: str) -> list[str]:
    """Return a telephone number as it may stand in a text: as it is, and from abroad or at home."""
    digits = last_digits(phone)
    return [phone, f"+44{digits}", f"0{digits}"] if len(digits) == 10 else [phone]


def fields_of(**told: object) -> tuple[tuple[str, str], ...]:
    """Return fields of what is known; `first_name="Ada"` is the field “First name”."""
    return tuple(
        (name.replace("_", " ").capitalize(), _in_words(value))
        for name, value in told.items()
        if value not in (None, "", [], (), False)
    )


def _in_words(value: object) -> str:
    match value:
        case True:
            return "Yes"
        case datetime():
            return f"{value:%Y-%m-%d %H:%M %Z}"
        case date():
            return value.isoformat()
        case list() | tuple():
            return ", ".join(map(str, value))
    return str(value)


def how_many(held: Collection[Held]) -> tuple[int, int]:
    """Return how many things can go as they are, and how many somebody has to look at."""
    waiting = sum(bool(each.because) for each in held)
    return len(held) - waiting, waiting
