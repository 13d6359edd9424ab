"""The facts of an entry of the story in words."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cases.rules.attendance import COMPANION, CUSTOMER, Attended
from cases.rules.authority import Authority
from cases.rules.awards import Head
from cases.rules.customers import Channel
from cases.rules.events import DesignatedStep, Event, EventKind, Finding, PanelDecision
from cases.rules.foresight import in_full
from cases.rules.grounds import ground_words
from cases.rules.letter_facts import LetterKind
from cases.rules.panels import MODES
from cases.rules.points import findings_in_words
from cases.rules.remedies import Remedy


@dataclass(frozen=True, slots=True)
class Lookup:
    """The names behind the keys in the facts of events."""

    people: Mapping[int, str] = field(default_factory=dict)
    areas: Mapping[int, str] = field(default_factory=dict)
    categories: Mapping[int, str] = field(default_factory=dict)
    files: Mapping[int, str] = field(default_factory=dict)
    stages: Mapping[str, str] = field(default_factory=dict)
    # Who speaks for the customer, by the key of the representative.
    speakers: Mapping[int, str] = field(default_factory=dict)

    def person(self, key: int | None) -> str:
        """Return somebody's name."""
        return self.people.get(key or 0, "somebody")

    def all_people(self, keys: list[int]) -> str:
        """Return names, with commas."""
        return ", ".join(self.person(key) for key in keys)


_CHANNELS = {each.value: each.words for each in Channel} | {
    "letter_elsewhere": "Letter or e-mail written elsewhere",
    "none": "Not told, as nobody could reach them",
}


def channel_words(code: str) -> str:
    """Return a channel in words; an unknown code as it is."""
    return _CHANNELS.get(code, code.replace("_", " ").capitalize())


def facts_in_words(event: Event, lookup: Lookup) -> Iterator[tuple[str, str, str]]:
    """Yield of each fact worth telling its name, its label and its words."""
    for name, (label, how) in _FACTS.items():
        value = event.facts.get(name)
        if value in (None, "", [], False) or event.kind in _ELSEWHERE_TOLD.get(name, ()):
            continue
        yield name, label, how(value, lookup)


def _named(words: Mapping[str, str]) -> Callable[[Any, Lookup], str]:
    return lambda code, _lookup: words.get(code, str(code).replace("_", " "))


def _people(keys: list[int], lookup: Lookup) -> str:
    return lookup.all_people(keys)


def _day(value: str, _lookup: Lookup) -> str:
    return in_full(date.fromisoformat(value))


def _attendance(took_part: list[tuple[str, str]], lookup: Lookup) -> str:
    known = {CUSTOMER: "The customer", COMPANION: "Their companion"}
    return "\n".join(
        f"{known.get(who) or lookup.person(int(who))}: {Attended(how).words.lower()}"
        for who, how in took_part
    )


_REMEDIES = {each.value: each.words for each in Remedy}
_FACTS: dict[str, tuple[str, Callable[[Any, Lookup], str]]] = {
    "panel_decision": ("Panel’s decision", _named({d.value: d.words for d in PanelDecision})),
    "changed": ("Decision", lambda *_: "Changed on review: it takes the place of the one before"),
    "finding": ("Finding", _named({each.value: each.words for each in Finding})),
    "findings": ("Findings", lambda found, _: findings_in_words(found)),
    "issues": (
        "Finding on each issue",
        lambda codes, _: "; ".join(Finding(code).words for code in codes),
    ),
    "heads": (
        "For",
        lambda heads, _: "; ".join(f"{Head(code).words} £{amount}" for code, amount in heads),
    ),
    "approved": ("Decision", lambda *_: "Approved"),
    "given_up": ("Decision", lambda *_: "Given up: the customer was not told of it"),
    "letter_kind": ("Letter", _named({each.value: each.words for each in LetterKind})),
    "approver": ("Put to", lambda key, lookup: lookup.person(key)),
    "accepted": ("Answer", lambda *_: "Accepted"),
    "withdrawn": ("Answer", lambda *_: "None: the offer was withdrawn"),
    "within_limit": ("Approval", lambda *_: "Within the limit of whoever offers it"),
    "set_off": ("Arrears", lambda *_: "Set off against them"),
    "step": ("What they did", _named({each.value: each.words for each in DesignatedStep})),
    "ground": ("Ground", lambda code, _: ground_words(code)),
    "to": ("Dealt with as", lambda code, _: ground_words(code)),
    "due_on": ("By", _day),
    "officer": ("Who keeps it", lambda key, lookup: lookup.person(key)),
    "new_due_on": ("New day", _day),
    "avoidable": ("Could it have been avoided?", lambda code, _: str(code).capitalize()),
    "done_by": ("To be done by", _day),
    "exceptional": ("Length", lambda *_: "Beyond the longest extension, with good reason"),
    "hearing_on": ("Day of the hearing", _day),
    "arranged_for": ("Arranged for", _day),
    "mode": ("How it is heard", _named(MODES)),
    "members": ("Panel", _people),
    "pages": ("Papers", lambda count, _: f"{count} page{'' if count == 1 else 's'}"),
    "sent_to": ("Colleagues told", _people),
    "attendance": ("Took part", _attendance),
    "remedies": (
        "To put it right",
        lambda codes, _: "; ".join(_REMEDIES.get(code, code) for code in codes),
    ),
    "amount": ("Compensation", lambda amount, _: f"£{amount}"),
    "apologised": ("Apology", lambda *_: "An apology was given"),
    "area": ("Service area", lambda key, lookup: lookup.areas.get(key, "another area")),
    "category": ("Category", lambda key, lookup: lookup.categories.get(key, "another category")),
    "level": ("Level", lambda code, _: code.capitalize()),
    "listed": ("May see it", _people),
    "subjects": ("Closed to, because it is about them", _people),
    "conflicted": ("Closed to, because of a conflict of interest", _people),
    "cover": ("Covers it while its officer is away", lambda key, lookup: lookup.person(key)),
    "cover_from": ("From", _day),
    "cover_until": ("Until", _day),
    "uncovered": ("No longer covers it", lambda key, lookup: lookup.person(key)),
    "authority": ("Authority", lambda code, _: Authority(code).words),
    "authority_ends_on": ("Ends after", _day),
    "keeper_lost": (
        "Why",
        lambda _, __: "Whoever was to keep it can no longer see the complaint",
    ),
    "into_reference": ("Goes on as", lambda reference, _: reference),
    "channel": ("How", lambda code, _: channel_words(code)),
    "written_in": ("Wrote in", lambda name, _: name),
}
# Facts that other parts of the page tell of these entries.
_ELSEWHERE_TOLD = {
    "officer": frozenset({EventKind.RECEIVED, EventKind.ASSIGNED}),
    "area": frozenset({EventKind.RECEIVED}),
    "category": frozenset({EventKind.RECEIVED}),
}
