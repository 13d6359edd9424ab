"""What puts things right: the eight kinds of remedy of the Complaint Handling Code, 7.1."""

from collections.abc import Sequence
from datetime import date
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
    def is_deed(self) -> bool:
        """Say whether it is something to be done, which the letter alone does not do."""
        return self in _DONE

    @property
    def told(self) -> str:
        """Return what a letter says of it where nobody wrote more and no day is told."""
        return _TOLD[self]

    @property
    def done(self) -> str:
        """Return what a letter says of a deed that is done, before the day."""
        return _DONE[self]

    @property
    def to_do(self) -> str:
        """Return what a letter promises of a deed that is still to be done, before the day."""
        return _TO_DO[self]


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
# A deed has its day beside what is told of the whole complaint.
_TOLD = {
    Remedy.APOLOGY: "We apologise to you.",
    Remedy.ACKNOWLEDGEMENT: "We accept that things went wrong.",
    Remedy.EXPLANATION: "We have explained what happened and why.",
    Remedy.ACTION: "We put right what was delayed, as this letter says.",
    Remedy.RECONSIDERATION: "We look at the decision again, as this letter says.",
    Remedy.RECORD: "We put our records right, as this letter says.",
    Remedy.FINANCIAL: "We offer you compensation, as this letter says.",
    Remedy.CHANGE: "We change how we work, as this letter says.",
}
_DONE = {
    Remedy.ACTION: "We have done what was delayed",
    Remedy.RECONSIDERATION: "We have looked at the decision again",
    Remedy.RECORD: "We have put our records right",
    Remedy.CHANGE: "We have changed how we work, so that it does not happen again",
}
_TO_DO = {
    Remedy.ACTION: "We will do what was delayed",
    Remedy.RECONSIDERATION: "We will look at the decision again",
    Remedy.RECORD: "We will put our records right",
    Remedy.CHANGE: "We will change how we work, so that it does not happen again",
}


def remedy_sentences(chosen: Sequence[tuple[Remedy, str]]) -> list[str]:
    """Return what a letter says of the remedies chosen, a sentence or more for each."""
    return [_ended(words.strip() or remedy.told) for remedy, words in chosen]


def done_sentence(words: str, on: date) -> str:
    """Return what a letter says of a deed that was done on a day."""
    return f"{words.rstrip(' .')}, on {on:%A %-d %B %Y}."


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?")) else f"{words}."
