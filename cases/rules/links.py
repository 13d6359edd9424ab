"""How two complaints belong together, in the words of either of them."""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import Any

from cases.rules.events import Event


class LinkKind(StrEnum):
    """How a complaint belongs to another one."""

    FOLLOW_UP = "follow-up"
    SAME_MATTER = "same-matter"
    NEW_MATTER = "new-matter"
    CAUSED_BY = "caused-by"
    DIVIDED = "divided"

    @property
    def words(self) -> str:
        """Return what the one that names the other is to it."""
        return _WORDS[self][0]

    @property
    def words_back(self) -> str:
        """Return what the other one is to it."""
        return _WORDS[self][1]


_WORDS = {
    LinkKind.FOLLOW_UP: ("Follow-up of", "Followed by"),
    LinkKind.SAME_MATTER: ("About the same matter as", "About the same matter as"),
    LinkKind.NEW_MATTER: (
        "New matter raised at a later stage of",
        "A new matter raised at a later stage became",
    ),
    LinkKind.CAUSED_BY: ("Caused by", "Led to"),
    LinkKind.DIVIDED: ("Divided from", "Part of it became"),
}
# What somebody says of two complaints that are there; dividing one makes the other.
CHOOSABLE = tuple(kind for kind in LinkKind if kind is not LinkKind.DIVIDED)


_NAMING = ("linked", "unlinked", "divided", "considered_in", "merged_in", "merged_out")


def other_of(facts: Mapping[str, Any]) -> int | None:
    """Return the key of the complaint that an event links, parts, divides off or names."""
    found = (facts.get(name) for name in _NAMING)
    return next((int(key) for key in found if key), None)


def goes_on_in(facts: Mapping[str, Any]) -> int | None:
    """Return the key of the complaint into which an event merges its own, if it does."""
    return int(facts["into"]) if facts.get("into") else None


def without_the_other(event: Event) -> Event:
    """Return a merger without the reference of the complaint in which the matter goes on."""
    facts = {name: fact for name, fact in event.facts.items() if name != "into_reference"}
    return replace(event, facts=facts)
