"""What the letters of a stage must say besides what they always say, and how a file tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.rules.parts import ANSWER_PARTS, Part

Words = Mapping[str, Any]
DEFINES = "acknowledgement_defines"
ENCLOSES_POLICY = "acknowledgement_encloses_policy"
PARTS = "answer_parts"
SAYS = "answer_says"


@dataclass(frozen=True, slots=True)
class StageLetters:
    """What a stage asks of its letters.

    Its acknowledgement may define the complaint (Code 5.6, 5.7) and enclose the policy (HH-14).
    Its answer has the parts named, and says what the writer alone can vouch for.
    """

    acknowledgement_defines: bool = False
    acknowledgement_encloses_policy: bool = False
    answer_parts: tuple[Part, ...] = ()
    answer_says: tuple[str, ...] = ()


NO_MORE = StageLetters()


def read_letters(stage: Words) -> StageLetters:
    """Return what the mapping of a stage asks of its letters.

    Versions published before a file could say so said it in words of their own. What is not told
    is read from those, as it was then.

    :raises ValueError: if yes or no is not told as such, or a part is none of an answer.
    """
    parts, phrases = _answer(stage)
    return StageLetters(
        _told(stage, DEFINES, "define"), _told(stage, ENCLOSES_POLICY, "policy"), parts, phrases
    )


def tell_letters(stage: dict[str, Any], letters: StageLetters) -> None:
    """Write what a stage asks of its letters into its mapping, so that no words are read for it.

    Yes and no are told where the stage promises an acknowledgement; parts and phrases where there
    are any.
    """
    sets_out, encloses = letters.acknowledgement_defines, letters.acknowledgement_encloses_policy
    acknowledged = is_acknowledged(stage)
    parts, says = [part.value for part in letters.answer_parts], list(letters.answer_says)
    for key, value, is_told in (
        (DEFINES, sets_out, acknowledged or sets_out),
        (ENCLOSES_POLICY, encloses, acknowledged or encloses),
        (PARTS, parts, parts or says),
        (SAYS, says, says),
    ):
        if is_told:
            stage[key] = value
        else:
            stage.pop(key, None)


def _told(stage: Words, key: str, word: str) -> bool:
    if key not in stage:
        return word in _acknowledging(stage)
    if not isinstance(stage[key], bool):
        raise ValueError(f"{key} is true or false.")
    return stage[key] is True


def is_acknowledged(stage: Words) -> bool:
    """Say whether the stage promises an acknowledgement."""
    return bool(_acknowledging(stage))


def _acknowledging(stage: Words) -> str:
    """Return what the promise to acknowledge says in words, nothing where there is none."""
    promises = stage.get("timescale", [])
    return next((str(each["words"]) for each in promises if "acknowledged" in each["met_by"]), "")


def _answer(stage: Words) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    phrases = tuple(stage.get(SAYS, []))
    if PARTS in stage:
        return _in_order(_answer_part(code) for code in stage[PARTS]), phrases
    meant = {phrase: part_meant(phrase) for phrase in phrases}
    parts = _in_order(part for part in meant.values() if part)
    return parts, tuple(phrase for phrase in phrases if meant[phrase] is None)


def _answer_part(code: str) -> Part:
    if code not in ANSWER_PARTS:
        raise ValueError(f"“{code}” is no part of an answer.")
    return Part(code)


def _in_order(parts: Iterable[Part]) -> tuple[Part, ...]:
    found = set(parts)
    return tuple(part for part in Part if part in found)


# What the words of earlier versions about their answers mean, the first that fits.
_PHRASES: tuple[tuple[str, Part], ...] = (
    ("ombudsman", Part.OMBUDSMAN),
    ("appeals work", Part.APPEAL),
    ("right to ask", Part.FURTHER),
    ("how to go to", Part.FURTHER),
    ("days to tell", Part.FURTHER),
    ("the stage", Part.STAGE),
    ("complaint as we understand", Part.DEFINITION),
    ("decision", Part.DECISION),
    ("outcome", Part.DECISION),
    ("finding", Part.DECISION),
    ("reason", Part.REASONS),
    ("outstanding action", Part.ACTIONS),
    ("actions required", Part.ACTIONS),
    ("action", Part.REMEDY),
    ("remedy", Part.REMEDY),
    ("resolved", Part.REMEDY),
)


def part_meant(phrase: str) -> Part | None:
    """Return the part that an earlier version meant by its words; nothing where nobody knows."""
    told = phrase.lower()
    return next((part for words, part in _PHRASES if words in told), None)
