"""Calm advice about what is written to customers: long sentences, jargon, contradictions.

It is advice and never a block.
"""

import re
from collections.abc import Mapping

from cases.rules.events import Outcome

# Words in a sentence beyond which many readers lose the thread.
LONGEST_SENTENCE = 25
SHOWN = 60
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


def read_jargon(text: str) -> dict[str, str]:
    """Return what to say instead of each word or phrase; nothing where only the word is named."""
    found = {}
    for line in text.splitlines():
        word, _, instead = line.partition(":")
        if word.strip():
            found[word.strip().lower()] = instead.strip()
    return found


def advice(text: str, jargon: Mapping[str, str], outcome: Outcome | None = None) -> list[str]:
    """Return what would make a text plainer or truer, a sentence each."""
    return [
        *_contradictions(text, outcome),
        *_long_sentences(text),
        *_jargon(text, jargon),
    ]


def _contradictions(text: str, outcome: Outcome | None) -> list[str]:
    said = text.lower()
    refuses = _NOT_UPHELD.search(said) is not None
    upholds = _UPHELD.search(_NOT_UPHELD.sub(" ", said)) is not None
    if outcome is Outcome.UPHELD and refuses:
        return ["You write that something is not upheld, and the finding is: upheld."]
    if outcome is Outcome.NOT_UPHELD and upholds:
        return ["You write that something is upheld, and the finding is: not upheld."]
    return []


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
