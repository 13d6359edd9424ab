"""What the letters about compliments and suggestions say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cases.rules.letter_sentences import (
    ENGLISH,
    FORWARDED,
    NOT_TAKEN_UP,
    PASSED_ON,
    TAKEN_UP,
    TAKEN_UP_PARTLY,
    Tongue,
)
from cases.rules.letter_templates import (
    ANSWERED,
    SUGGESTED,
    THANKS,
    filled,
    pieces_of,
    shipped,
    unfilled,
)
from cases.rules.letters import paragraphs_of, untranslated
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

    `to_name` is empty for somebody who did not give their name; `template` the landlord's own
    words, nothing for the shipped ones; `merged` fills the merge fields that do not follow from the
    rest; `reach` says how to reach us, and `tongue` is the language in which it is made.
    """

    kind: Kind
    reference: str
    received_on: date
    to_name: str
    signed: str
    words: str = ""
    told: Sequence[str] = ()
    decision: Decision | None = None
    template: str = ""
    merged: Mapping[str, str] = field(default_factory=dict)
    reach: str = ""
    tongue: Tongue = ENGLISH


def letter_code(purpose: Purpose, kind: Kind) -> str:
    """Return which of the letters with words of the landlord's own it is."""
    if purpose is Purpose.ANSWER:
        return ANSWERED
    return THANKS if kind is Kind.COMPLIMENT else SUGGESTED


def letter_text(purpose: Purpose, facts: RemarkFacts) -> str:
    """Return the whole letter, from the greeting to the signature."""
    paragraphs = [
        f"Dear {facts.to_name}," if facts.to_name else "Hello,",
        *letter_paragraphs(purpose, facts),
        ENDING,
        facts.signed,
    ]
    return "\n\n".join(part for part in paragraphs if part)


def letter_paragraphs(purpose: Purpose, facts: RemarkFacts) -> list[str]:
    """Return the letter between the greeting and the signature; an empty merge field shows."""
    parts = {
        "to whom it goes": [_passed_on(facts)],
        "what was decided": [_decided(facts)],
        "what you write": paragraphs_of(facts.words),
        "how to reach us": [facts.reach],
    }
    found: list[str] = []
    for piece in pieces_of(_template(purpose, facts)):
        found += parts.get(piece.part, []) if piece.part else [filled(piece.text, _values(facts))]
    return [paragraph for paragraph in found if paragraph]


def what_is_missing(purpose: Purpose, facts: RemarkFacts) -> list[str]:
    """Return what the letter must say and does not, in words; nothing of a whole letter."""
    empty = unfilled(_template(purpose, facts), _values(facts))
    marks = untranslated(letter_paragraphs(purpose, facts)) if facts.tongue.name else []
    return [*empty, *marks]


def _template(purpose: Purpose, facts: RemarkFacts) -> str:
    return facts.template or shipped(letter_code(purpose, facts.kind))


def _values(facts: RemarkFacts) -> dict[str, str]:
    return {
        "landlord": facts.signed,
        **facts.merged,
        "reference": facts.reference,
        "day received": facts.tongue.plain_day(facts.received_on),
    }


def _passed_on(facts: RemarkFacts) -> str:
    if not facts.told:
        return facts.tongue.say(FORWARDED)
    return facts.tongue.say(PASSED_ON, who=_list(facts.told))


_DECISIONS = {
    Decision.TAKEN_UP: TAKEN_UP,
    Decision.PARTLY: TAKEN_UP_PARTLY,
    Decision.NOT_TAKEN_UP: NOT_TAKEN_UP,
}


def _decided(facts: RemarkFacts) -> str:
    return facts.tongue.say(_DECISIONS[facts.decision]) if facts.decision else ""


def _list(names: Sequence[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
