"""What a provider outside sends for the landlord: letters on paper, and text messages."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cases.rules.wording import marked


class DispatchKind(StrEnum):
    """What is sent: a letter, a text that one is on its way, or a code by text.

    `BESIDE` is a letter of another part of the system: thanks, an answer, a survey.
    """

    LETTER = "letter"
    TEXT = "text"
    CODE = "code"
    BESIDE = "beside"


class DispatchState(StrEnum):
    """How far it got. `TAKEN`: the provider has it and has not said yet what became of it."""

    QUEUED = "queued"
    SENDING = "sending"
    TAKEN = "taken"
    DONE = "done"
    FAILED = "failed"


# Those about which there is still something to do.
ON_ITS_WAY = (DispatchState.QUEUED, DispatchState.SENDING, DispatchState.TAKEN)
# Those whose letters are not for anybody here to post.
THEIRS_TO_POST = (*ON_ITS_WAY, DispatchState.DONE)
# Those whose letters nobody can stop any more.
OUT_OF_HAND = (DispatchState.SENDING, DispatchState.TAKEN, DispatchState.DONE)

_LETTERS = {
    DispatchState.QUEUED: "Goes to the provider to be posted",
    DispatchState.SENDING: "Goes to the provider to be posted",
    DispatchState.TAKEN: "With the provider to be posted",
    DispatchState.DONE: "Posted by the provider",
    DispatchState.FAILED: "The provider could not post it",
}
_TEXTS = {
    DispatchState.QUEUED: "text waiting to be sent",
    DispatchState.SENDING: "text being sent",
    DispatchState.TAKEN: "text sent",
    DispatchState.DONE: "text delivered",
    DispatchState.FAILED: "text not delivered",
}


def letter_words(state: str) -> str:
    """Return how far a letter got with the provider, or nothing if it was not handed over."""
    return _LETTERS[DispatchState(state)] if state else ""


def text_words(state: str) -> str:
    """Return how far the text message about a letter got, or nothing without one."""
    return _TEXTS[DispatchState(state)] if state else ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What the provider says became of something: not known yet, done, or failed and why."""

    state: DispatchState
    words: str = ""


_MOBILE = re.compile(r"(?:\+44|0044|0)7\d{9}")
_BETWEEN = r"[\s().-]*"
_ABROAD = _BETWEEN.join((r"\+", "4", "4"))
# The same for a database, which is given the number as somebody wrote it.
MOBILE_AS_WRITTEN = (
    rf"^{_BETWEEN}({_ABROAD}|{_BETWEEN.join('0044')}|0)"
    rf"{_BETWEEN}7({_BETWEEN}[0-9]){{9}}{_BETWEEN}$"
)


def mobile_number(text: str) -> str:
    """Return a British mobile number as a provider takes it, or nothing if it is none."""
    digits = re.sub(r"[\s().-]", "", text)
    return f"+44{digits[-10:]}" if _MOBILE.fullmatch(digits) else ""


def text_message(
    *, landlord: str, reference: str, telephone: str, say: Callable[[str], str] = str
) -> str:
    """Return the text message that a letter is on its way: whoever sees it learns nothing else.

    `say` puts our words into the language of whoever reads it.
    """
    told = say(marked("{landlord}: we have written to you about your enquiry {reference}."))
    ring = say(marked("To have it read to you, ring {telephone}."))
    first = told.format(landlord=landlord, reference=reference)
    return f"{first} {ring.format(telephone=telephone)}" if telephone else first
