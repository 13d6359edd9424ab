"""Calm advice on what is written to customers: contradictions, promises, long sentences, jargon.

It is advice and never a block.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cases.rules.events import Outcome
from cases.rules.written_promises import promises_in

# Words in a sentence beyond which many readers lose the thread.
LONGEST_SENTENCE = 25
SHOWN = 60
LONGEST_QUOTED = 120
# As it ships; administrators change it. A word or phrase on each line, and what to say instead.
JARGON = """advise: tell
commence: begin
endeavour: try
in respect of: about
liaise: talk
operative: worker
prior to: before
pursuant to: under
remedial works: repairs
subsequently: later
terminate: end
utilise: use
void: empty home"""
_NOT_UPHELD = re.compile(
    r"\b(?:not|cannot|do not|have not|did not|been unable to) (?:be )?(?:partly )?uph[eo]ld\b"
)
_UPHELD = re.compile(r"\b(?:is|are|was|were|we|have|partly|fully) (?:partly |fully )?uph[eo]ld\b")
_NAMED_POINT = re.compile(r"\bpoint (\d+)\b")


@dataclass(frozen=True, slots=True)
class _Plainly:
    """Says of all that a finding is about that it is upheld, or that it is not: nothing less."""

    refuses: re.Pattern[str]
    upholds: re.Pattern[str]


def _plainly(what: str) -> _Plainly:
    """Return what says so of a complaint or a point, with nothing after it that takes it back."""
    begins = r"(?:^|\bthat |\btherefore |\bso |\boverall,? )"
    is_so = rf"{begins}(?:{what})(?: as a whole)? (?:is|was|has been)"
    ends = r"(?=\s*(?:[.,;:!]?$|because\b|in full\b|as a whole\b))"
    refused = r"we (?:do not|don[’']t|cannot|could not|have not|did not)"
    return _Plainly(
        re.compile(rf"(?:{is_so} not upheld|\b{refused} uph[eo]ld (?:{what})){ends}"),
        re.compile(
            rf"(?:{is_so} (?:fully )?upheld|\bwe (?:have )?(?:fully )?uph[eo]ld (?:{what})){ends}"
        ),
    )


_OF_THE_COMPLAINT = _plainly("(?:your|this|the) complaint")
_OF_A_POINT = _plainly(r"(?:your|this|the) (?:complaint|point)|point \d+")


@dataclass(frozen=True, slots=True)
class Found:
    """What is found about a point, nothing yet perhaps, and why. `place` counts from 1."""

    place: int
    finding: Outcome | None
    reason: str


@dataclass(frozen=True, slots=True)
class Days:
    """Today, the days by which things are owed already, and those of promises with the letter."""

    today: date
    known: Collection[date] = ()
    recorded: Collection[date] = ()


def read_jargon(text: str) -> dict[str, str]:
    """Return what to say instead of each word or phrase; nothing where only the word is named."""
    found = {}
    for line in text.splitlines():
        word, _, instead = line.partition(":")
        if word.strip():
            found[word.strip().lower()] = instead.strip()
    return found


def advice(
    text: str,
    jargon: Mapping[str, str],
    outcome: Outcome | None = None,
    points: Sequence[Found] = (),
    days: Days | None = None,
) -> list[str]:
    """Return what would make a letter plainer or truer, a sentence each.

    `text` is what is written of the whole complaint, `points` what is found about each point. What
    it promises is looked for where `days` says by when things are owed already.
    """
    every = "\n\n".join(part for part in (*(each.reason for each in points), text) if part)
    return [
        *_contradictions(text, outcome, points),
        *(_promises(every, days) if days else ()),
        *_long_sentences(every),
        *_jargon(every, jargon),
    ]


def _promises(text: str, days: Days) -> Iterator[str]:
    for each in promises_in(text, today=days.today, known=days.known, recorded=days.recorded):
        yield (
            f"You promise: “{_short(each)}” Record it as a promise, with its day and who keeps it, "
            "so that it is chased."
        )


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST_QUOTED else f"{sentence[:SHOWN].rstrip()}…"


def _contradictions(text: str, outcome: Outcome | None, points: Sequence[Found]) -> Iterator[str]:
    """Yield what contradicts the outcome, and what the finding about a point.

    A sentence that names points is about these, wherever it stands.
    """
    of_the_whole = _about(text, 0) if points else text
    if claim := _contradicts(of_the_whole, outcome, _OF_THE_COMPLAINT):
        yield f"You write that {claim}"
    for each in points:
        said = "\n".join((_about(each.reason, each.place), _naming(text, each.place)))
        if claim := _contradicts(said, each.finding, _OF_A_POINT):
            yield f"About point {each.place} you write that {claim}"


def _about(text: str, place: int) -> str:
    """Return the sentences that name no point but one."""
    return "\n".join(each for each in _sentences(text) if _named(each) <= {place})


def _naming(text: str, place: int) -> str:
    """Return the sentences that name one point and no other."""
    return "\n".join(each for each in _sentences(text) if _named(each) == {place})


def _named(sentence: str) -> set[int]:
    return {int(number) for number in _NAMED_POINT.findall(sentence.lower())}


def _sentences(text: str) -> list[str]:
    return [each.strip() for each in re.split(r"(?<=[.!?:;])\s+|\n+", text)]


def _contradicts(text: str, finding: Outcome | None, plainly: _Plainly) -> str:
    """Return what a text says that the finding does not bear, with the finding; or nothing.

    What is partly upheld has something upheld and something not: only of the whole is it wrong.
    """
    said = text.lower()
    each = [" ".join(sentence.split()) for sentence in _sentences(said)]
    match finding:
        case Outcome.UPHELD if _NOT_UPHELD.search(said):
            return "something is not upheld, and the finding is: upheld."
        case Outcome.NOT_UPHELD if _UPHELD.search(_NOT_UPHELD.sub(" ", said)):
            return "something is upheld, and the finding is: not upheld."
        case Outcome.NOT_OURS if _NOT_UPHELD.search(said):
            return "something is not upheld, and the finding is: not our responsibility."
        case Outcome.NOT_OURS if _UPHELD.search(said):
            return "something is upheld, and the finding is: not our responsibility."
        case Outcome.PARTLY_UPHELD if any(map(plainly.refuses.search, each)):
            return "all of it is not upheld, and the finding is: partly upheld."
        case Outcome.PARTLY_UPHELD if any(map(plainly.upholds.search, each)):
            return "all of it is upheld, and the finding is: partly upheld."
    return ""


def _long_sentences(text: str) -> list[str]:
    found = []
    for sentence in re.split(r"(?<=[.!?])\s+|\n\s*\n", text):
        words = sentence.split()
        if len(words) > LONGEST_SENTENCE:
            start = " ".join(words)[:SHOWN].rstrip()
            found.append(f"A sentence of {len(words)} words is hard to follow: “{start}…”")
    return found


def _jargon(text: str, jargon: Mapping[str, str]) -> list[str]:
    said = text.lower()
    return [
        f"“{word}”: {f'say “{instead}”' if instead else 'say it more plainly'}."
        for word, instead in jargon.items()
        if re.search(rf"\b{re.escape(word)}\b", said)
    ]
