"""What the letters about compliments and suggestions say."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from feedback.rules.kinds import Decision, Kind

ENDING = "Yours sincerely"


class Purpose(StrEnum):
    """What a letter is for."""

    THANKS = "thanks"
    ANSWER = "answer"

    @property
    def words(self) -> str:
        """Return the purpose for people."""
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class RemarkFacts:
    """What a letter is made from. `told` are the names of colleagues who have been told.

    `to_name` is empty for somebody who did not give their name.
    """

    kind: Kind
    reference: str
    received_on: date
    to_name: str
    signed: str
    words: str = ""
    told: Sequence[str] = ()
    decision: Decision | None = None


def letter_text(purpose: Purpose, facts: RemarkFacts) -> str:
    """Return the whole letter, from the greeting to the signature."""
    paragraphs = [
        f"Dear {facts.to_name}," if facts.to_name else "Hello,",
        *(_thanks(facts) if purpose is Purpose.THANKS else _answer(facts)),
        f"Your reference is {facts.reference}.",
        ENDING,
        facts.signed,
    ]
    return "\n\n".join(part for part in paragraphs if part)


def _thanks(facts: RemarkFacts) -> list[str]:
    received = f"{facts.received_on:%-d %B %Y}"
    if facts.kind is Kind.COMPLIMENT:
        told = (
            f"We have passed it on to {_list(facts.told)}."
            if facts.told
            else "We will pass it on to the people it is about."
        )
        return [
            f"Thank you for the kind words that reached us on {received}. They mean a lot to "
            f"us. {told}",
            facts.words,
        ]
    return [
        f"Thank you for your suggestion, which reached us on {received}. We are looking at it "
        "and will tell you what we decide.",
        facts.words,
    ]


def _answer(facts: RemarkFacts) -> list[str]:
    decided = {
        Decision.TAKEN_UP: "We will do what you suggest.",
        Decision.PARTLY: "We will do part of what you suggest.",
        Decision.NOT_TAKEN_UP: "We are not able to do what you suggest.",
    }
    opening = f"You made a suggestion on {facts.received_on:%-d %B %Y}. Thank you for it."
    return [f"{opening} {decided[facts.decision]}" if facts.decision else opening, facts.words]


def _list(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
