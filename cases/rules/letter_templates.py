"""The words of letters that a landlord may change: text with merge fields and standing parts.

A template is paragraphs with an empty line between them. A merge field in a paragraph, such as
“{reference}”, is filled in. A standing part, such as “{what you write}”, is a paragraph of its own,
which the officer writes or the procedure says; it may be empty, but no template leaves it out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.rules.letter_facts import LetterFacts, LetterKind
from cases.rules.letter_sentences import SENTENCES
from cases.rules.terms import ProcedureTerms

LONGEST_TEMPLATE = 8_000
# An acknowledgement of a request for the next stage, which has words of its own.
AGAIN = "acknowledgement_again"

# The merge fields: what they are for people, and what they look like in a preview. None holds the
# customer's name or address, for others get copies; the greeting and the head of a letter do.
FIELDS: Mapping[str, tuple[str, str]] = {
    "reference": ("the reference of the complaint", "KX7M-2QPD-6"),
    "day received": ("the day the complaint was received", "8 June 2026"),
    "stage": ("the stage of the procedure", "Stage 1"),
    "officer": ("who writes the letter", "Sam Taylor"),
    "job title": ("the job title of who writes it", "Complaints officer"),
    "landlord": ("the landlord’s name", "Harbourside Homes"),
    "landlord’s telephone": ("the landlord’s telephone", "0800 000 0000"),
    "day asked": ("the day the next stage was asked for", "3 July 2026"),
    "new day": ("the new day", "Monday 20 July 2026"),
    "promise": ("the promise", "a plasterer by 10 July 2026"),
    "amount offered": ("the amount that was offered", "£75.00"),
    "who speaks": ("who says they speak for the customer", "Kim Morgan (sister)"),
    "day of the hearing": ("the day of the hearing", "Tuesday 21 July 2026"),
    "the panel": ("who sat on the panel", "Ann Lee, Chair of the Housing Committee"),
}
_EVERYWHERE = (
    "reference",
    "day received",
    "stage",
    "officer",
    "job title",
    "landlord",
    "landlord’s telephone",
)
_ONLY_IN: Mapping[str, frozenset[str]] = {
    "day asked": frozenset({AGAIN}),
    "new day": frozenset(
        kind.value
        for kind in (
            LetterKind.WINDOW_EXTENDED,
            LetterKind.PROMISE_MOVED,
            LetterKind.OFFER_OPEN,
            LetterKind.DELAY,
            LetterKind.EXTENSION,
        )
    ),
    "promise": frozenset({LetterKind.PROMISE_MOVED.value, LetterKind.PROMISE_WITHDRAWN.value}),
    "amount offered": frozenset({LetterKind.OFFER_OPEN.value, LetterKind.OFFER_WITHDRAWN.value}),
    "who speaks": frozenset({LetterKind.CONSENT_REQUEST.value}),
    "day of the hearing": frozenset(
        {LetterKind.INVITATION.value, LetterKind.PAPERS.value, LetterKind.OUTCOME.value}
    ),
    "the panel": frozenset({LetterKind.OUTCOME.value}),
}

# The standing parts: the section of the letter that each holds, and what it is for people.
PARTS: Mapping[str, tuple[str, str]] = {
    "ground": ("ground", "what the customer is told of the ground, where there is one"),
    "where it is heard": ("place", "the place of the hearing, and how to join from elsewhere"),
    "taking part": ("taking_part", "how the customer may take part in the hearing"),
    "the complaint": ("definition", "the complaint as it is understood"),
    "decision": ("decision", "why it is late, if it is, how it was heard, and the finding"),
    "points": ("points", "the finding on each point"),
    "what you write": ("words", "what the officer writes"),
    "what puts it right": ("remedies", "remedies, compensation and promises"),
    "what comes next": ("next", "what comes next, how to go further, and the Ombudsman"),
    "enclosures": ("enclosures", "what is enclosed"),
    "to whom it goes": ("passed_on", "to whom the kind words were passed on"),
    "what was decided": ("decided", "what was decided about the suggestion"),
    "how to reach us": ("reach", "how to reach you, and other formats"),
}
_WITH_A_GROUND = frozenset(
    kind.value
    for kind in (LetterKind.ESCALATION_REFUSED, LetterKind.NOT_ACCEPTED, LetterKind.REFERRED)
)

_OPENINGS: Mapping[str, str] = {
    LetterKind.ACKNOWLEDGEMENT: (
        "Thank you for telling us about your complaint, which reached us on {day received}. Your "
        "reference is {reference}. It is now being looked into at {stage}."
    ),
    AGAIN: (
        "Thank you for telling us that you would like your complaint to be looked at again. Your "
        "request reached us on {day asked}. Your complaint, reference {reference}, is now at "
        "{stage}."
    ),
    LetterKind.RESPONSE: "This is our answer to your complaint of {day received} at {stage}.",
    LetterKind.RESOLUTION: "This confirms how your complaint of {day received} was put right.",
    LetterKind.OUTCOME: (
        "Your complaint of {day received} was considered at {stage}. This is the outcome."
    ),
    LetterKind.ESCALATION_ACCEPTED: (
        "We have accepted your request: your complaint of {day received} goes to {stage}."
    ),
    LetterKind.ESCALATION_REFUSED: (
        "You asked for {stage} of our complaints procedure. We have considered your request and "
        "cannot accept it."
    ),
    LetterKind.WINDOW_EXTENDED: (
        "You have more time to ask for the next stage of your complaint of {day received}. Please "
        "tell us by {new day}."
    ),
    LetterKind.INVITATION: (
        "Your complaint of {day received} will be heard on {day of the hearing}."
    ),
    LetterKind.PAPERS: (
        "Your complaint of {day received} will be heard on {day of the hearing}. With this come "
        "the papers for the hearing: copies of what was written about your complaint, each with a "
        "number. The panel has the same papers."
    ),
    LetterKind.NOT_ACCEPTED: (
        "We have considered what you told us on {day received}, and cannot take it on as a "
        "complaint."
    ),
    LetterKind.REFERRED: (
        "We have considered what you told us on {day received}. It is not dealt with under our "
        "complaints procedure."
    ),
    LetterKind.UPDATE: "This is about your complaint of {day received}, reference {reference}.",
    LetterKind.CLOSING: "We have closed your complaint of {day received}.",
    LetterKind.COMPENSATION: (
        "We would like to offer you compensation for what went wrong with what you told us about "
        "on {day received}. Please tell us whether you accept it."
    ),
    LetterKind.PROMISE_MOVED: (
        "We promised you this about your complaint of {day received}: {promise}. We are sorry: it "
        "will now be done by {new day}. The reason is this:"
    ),
    LetterKind.PROMISE_WITHDRAWN: (
        "We promised you this about your complaint of {day received}: {promise}. We are sorry: we "
        "will not do it. The reason is this:"
    ),
    LetterKind.OFFER_OPEN: (
        "We offered you {amount offered} in compensation for what went wrong with what you told us "
        "about on {day received}. Our offer stays open to you until {new day}. Please tell us by "
        "then whether you accept it."
    ),
    LetterKind.OFFER_WITHDRAWN: (
        "We offered you {amount offered} in compensation for what went wrong with what you told us "
        "about on {day received}. We have not heard from you that you accept it, and withdraw the "
        "offer. The reason is this:"
    ),
    LetterKind.CONSENT_REQUEST: (
        "{who speaks} has told us that they speak for you about a complaint, which reached us on "
        "{day received}. Please tell us whether that is right. Until you have said yes we tell "
        "them nothing, and what we find goes to you. If you say yes, you can stop it at any time."
    ),
    LetterKind.DELAY: (
        "You should have heard from us by now about your complaint of {day received}, and have "
        "not. We are sorry. It will be done by {new day}. The reason for the delay is this:"
    ),
    LetterKind.EXTENSION: (
        "We need more time to answer your complaint at {stage}, and are sorry for that. You will "
        "now hear from us by {new day}. The reason is this:"
    ),
}
LETTERS = tuple(_OPENINGS)
# The letters about compliments and suggestions, which no procedure has, and where they stand.
BESIDE = "compliments-and-suggestions"
THANKS, SUGGESTED, ANSWERED = "compliment_thanks", "suggestion_thanks", "suggestion_answer"
_BESIDE: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    THANKS: (
        "Thanks for a compliment",
        "Thank you for the kind words that reached us on {day received}. They mean a lot to us.",
        ("to whom it goes", "what you write"),
    ),
    SUGGESTED: (
        "Thanks for a suggestion",
        "Thank you for your suggestion, which reached us on {day received}. We are looking at it "
        "and will tell you what we decide.",
        ("what you write",),
    ),
    ANSWERED: (
        "Answer to a suggestion",
        "You made a suggestion on {day received}. Thank you for it.",
        ("what was decided", "what you write"),
    ),
}
LETTERS_BESIDE = tuple(_BESIDE)
_OF_A_HEARING = (LetterKind.INVITATION, LetterKind.PAPERS, LetterKind.OUTCOME)
_FIELD = re.compile(r"\{([^{}]*)\}")
# A mark in a letter that cannot go like this.
GAP = re.compile(r"\[(?:missing|empty): [^\]\n]+\]")


def letters_of(terms: ProcedureTerms) -> list[str]:
    """Return the letters of a procedure, in the order in which they may go."""
    hears = any(stage.panel is not None for stage in terms.stages)
    asks = any(stage.routes for stage in terms.stages)
    without: set[str] = set()
    if not hears:
        without |= {each.value for each in _OF_A_HEARING}
    if not asks:
        without |= {AGAIN}
    return [str(letter) for letter in LETTERS if letter not in without]


def letter_words(letter: str) -> str:
    """Return the name of a letter for people."""
    if letter == SENTENCES:
        return "Sentences of all letters"
    if letter in _BESIDE:
        return _BESIDE[letter][0]
    if letter == AGAIN:
        return "Acknowledgement of a request for the next stage"
    return LetterKind(letter).words


def letter_of(facts: LetterFacts) -> str:
    """Return which letter it is."""
    is_again = facts.kind is LetterKind.ACKNOWLEDGEMENT and facts.asked_on is not None
    return AGAIN if is_again else facts.kind.value


def fields_in(letter: str) -> list[str]:
    """Return the merge fields that a letter can fill."""
    if letter in _BESIDE:
        return [name for name in _EVERYWHERE if name != "stage"]
    return [*_EVERYWHERE, *(name for name, letters in _ONLY_IN.items() if letter in letters)]


def parts_in(letter: str) -> list[str]:
    """Return the standing parts of a letter, in the order in which it is shipped."""
    if letter in _BESIDE:
        return [*_BESIDE[letter][2], "how to reach us"]
    without = {"to whom it goes", "what was decided"}
    if letter not in _WITH_A_GROUND:
        without.add("ground")
    if letter != LetterKind.INVITATION:
        without |= {"where it is heard", "taking part"}
    return [name for name in PARTS if name not in without]


def shipped(letter: str) -> str:
    """Return the template that comes with the product."""
    if letter in _BESIDE:
        *parts, reach = (f"{{{name}}}" for name in parts_in(letter))
        told = "Your reference is {reference}."
        return "\n\n".join([_BESIDE[letter][1], *parts, told, reach])
    return "\n\n".join([_OPENINGS[letter], *(f"{{{name}}}" for name in parts_in(letter))])


# The merge field without which a letter would lack a compulsory part.
_KEPT: Mapping[str, tuple[str, ...]] = {
    LetterKind.INVITATION: ("day of the hearing",),
    LetterKind.PAPERS: ("day of the hearing",),
    LetterKind.WINDOW_EXTENDED: ("new day",),
    LetterKind.PROMISE_MOVED: ("new day",),
    LetterKind.OFFER_OPEN: ("amount offered", "new day"),
    LetterKind.OFFER_WITHDRAWN: ("amount offered",),
    LetterKind.DELAY: ("new day",),
    **{
        letter: ("stage",)
        for letter in (
            LetterKind.ACKNOWLEDGEMENT,
            AGAIN,
            LetterKind.RESPONSE,
            LetterKind.OUTCOME,
            LetterKind.ESCALATION_ACCEPTED,
            LetterKind.ESCALATION_REFUSED,
        )
    },
    LetterKind.EXTENSION: ("stage", "new day"),
    LetterKind.CONSENT_REQUEST: ("who speaks",),
    **{letter: ("reference",) for letter in _BESIDE},
}


def problems_with(letter: str, text: str) -> list[str]:
    """Return why no letter could be made with a template, a sentence each; none of a good one."""
    pieces = pieces_of(text)
    placed = [piece.part for piece in pieces if piece.part]
    used = list(dict.fromkeys(name for each in pieces for name in _FIELD.findall(each.text)))
    bare = _FIELD.sub("", text)
    return [
        *_wrong_fields(letter, used),
        *_wrong_parts(letter, placed),
        *(
            f"{{{name}}} is left out: {PARTS[name][1]} would not be in the letter."
            for name in parts_in(letter)
            if name not in placed and name not in used
        ),
        *(
            f"{{{name}}} is left out: this letter must say {FIELDS[name][0]}."
            for name in _KEPT.get(letter, ())
            if name not in used
        ),
        *(["There is a brace without its other half."] if {"{", "}"} & set(bare) else []),
    ]


def _wrong_fields(letter: str, used: Sequence[str]) -> Iterator[str]:
    for name in used:
        if name in parts_in(letter):
            yield f"{{{name}}} must be a paragraph of its own."
        elif name not in fields_in(letter):
            yield f"{{{name}}} means nothing in this letter."


def _wrong_parts(letter: str, placed: Sequence[str]) -> Iterator[str]:
    for name in dict.fromkeys(placed):
        if name not in parts_in(letter):
            yield f"{{{name}}} means nothing in this letter."
        elif placed.count(name) > 1:
            yield f"{{{name}}} is there more than once."


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of a template: the standing part that it is, or its text."""

    part: str = ""
    text: str = ""


def pieces_of(text: str) -> list[Piece]:
    """Return the paragraphs of a template."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n"))
    found = []
    for paragraph in filter(None, (each.strip() for each in paragraphs)):
        alone = _FIELD.fullmatch(paragraph)
        is_part = alone is not None and alone[1] in PARTS
        found.append(Piece(part=alone[1]) if alone and is_part else Piece(text=paragraph))
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a paragraph with its merge fields filled in; what is empty shows itself.

    What is filled in is never read for merge fields itself.
    """

    def value(match: re.Match[str]) -> str:
        name = match[1]
        words = values.get(name, "").strip()
        return words or f"[empty: {FIELDS[name][0] if name in FIELDS else name}]"

    return _FIELD.sub(value, text)


def unfilled(text: str, values: Mapping[str, str]) -> list[str]:
    """Return what the merge fields of a template lack, in words, each once."""
    names = (name for piece in pieces_of(text) for name in _FIELD.findall(piece.text))
    empty = (name for name in dict.fromkeys(names) if not values.get(name, "").strip())
    return [FIELDS[name][0] if name in FIELDS else f"{{{name}}}" for name in empty]


def values_of(facts: LetterFacts) -> dict[str, str]:
    """Return what fills the merge fields of a letter."""
    hearing_on = facts.heard.on if facts.heard else facts.hearing_on
    part = f" ({facts.speakers_part})" if facts.speakers_part else ""
    return {
        **facts.merged,
        "reference": facts.reference,
        "day received": facts.tongue.plain_day(facts.state.received_on),
        "stage": facts.say(facts.the_stage.name),
        "day asked": facts.tongue.plain_day(facts.asked_on) if facts.asked_on else "",
        "new day": facts.tongue.day(facts.new_due_on) if facts.new_due_on else "",
        "promise": facts.promise,
        "amount offered": facts.offered,
        "who speaks": f"{facts.speaker}{part}" if facts.speaker else "",
        "day of the hearing": facts.tongue.day(hearing_on) if hearing_on else "",
        "the panel": "; ".join(facts.panel),
    }


def example(letter: str, text: str, *, is_filled: bool = True) -> list[str]:
    """Return the paragraphs of a made-up letter, with its standing parts named.

    Without `is_filled` every merge field shows what it looks like when it is empty.
    """
    values = {name: FIELDS[name][1] for name in fields_in(letter)} if is_filled else {}
    return [
        f"({PARTS[piece.part][1]})" if piece.part else filled(piece.text, values)
        for piece in pieces_of(text)
    ]


def split_at_gaps(text: str) -> Sequence[tuple[str, bool]]:
    """Return a paragraph in pieces, and of each whether it marks something that is missing."""
    found, end = [], 0
    for match in GAP.finditer(text):
        found += [(text[end : match.start()], False), (match[0], True)]
        end = match.end()
    return [piece for piece in [*found, (text[end:], False)] if piece[0]]
