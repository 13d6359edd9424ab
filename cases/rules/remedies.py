"""What puts things right: the eight kinds of remedy of the Complaint Handling Code, 7.1."""

from collections.abc import Sequence
from enum import StrEnum


class Remedy(StrEnum):
    """A kind of remedy."""

    APOLOGY = "apology"
    ACKNOWLEDGEMENT = "acknowledgement"
    EXPLANATION = "explanation"
    ACTION = "action"
    RECONSIDERATION = "reconsideration"
    RECORD = "record"
    FINANCIAL = "financial"
    CHANGE = "change"

    @property
    def words(self) -> str:
        """Return the remedy as staff choose it."""
        return _WORDS[self]

    @property
    def promise(self) -> str:
        """Return what a letter says of it where nobody wrote more."""
        return _PROMISES[self]


_WORDS = {
    Remedy.APOLOGY: "Apologise",
    Remedy.ACKNOWLEDGEMENT: "Acknowledge where things have gone wrong",
    Remedy.EXPLANATION: "Explain, help, or give reasons",
    Remedy.ACTION: "Take action where there was delay",
    Remedy.RECONSIDERATION: "Reconsider or change a decision",
    Remedy.RECORD: "Correct or add to a record",
    Remedy.FINANCIAL: "Pay compensation",
    Remedy.CHANGE: "Change a policy, procedure or practice",
}
_PROMISES = {
    Remedy.APOLOGY: "We apologise to you.",
    Remedy.ACKNOWLEDGEMENT: "We accept that things went wrong.",
    Remedy.EXPLANATION: "We have explained what happened and why.",
    Remedy.ACTION: "We are doing what was delayed.",
    Remedy.RECONSIDERATION: "We have looked at the decision again.",
    Remedy.RECORD: "We have put our records right.",
    Remedy.FINANCIAL: "We are paying you compensation.",
    Remedy.CHANGE: "We are changing how we work, so that it does not happen again.",
}


def remedy_sentences(chosen: Sequence[tuple[Remedy, str]]) -> list[str]:
    """Return what a letter says of the remedies chosen, a sentence or more for each."""
    return [_ended(words.strip() or remedy.promise) for remedy, words in chosen]


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
