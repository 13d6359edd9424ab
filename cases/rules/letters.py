"""What each letter to a customer says besides what the officer writes."""

from collections.abc import Callable, Mapping

from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_endings import what_next
from cases.rules.letter_facts import (
    FOR_THE_CUSTOMER_ALONE,
    STOPPED,
    SUBJECT,
    WITHOUT_COPIES,
    LetterFacts,
    LetterKind,
)
from cases.rules.letter_parts import (
    ANSWERING,
    Part,
    missing_parts,
    missing_phrases,
    parts_asked_of,
)
from cases.rules.letter_templates import (
    PARTS,
    filled,
    letter_of,
    pieces_of,
    shipped,
    unfilled,
    values_of,
)
from cases.rules.panels import hearing_offers
from cases.rules.points import PointWords, one_line

__all__ = [
    "FOR_THE_CUSTOMER_ALONE",
    "STOPPED",
    "SUBJECT",
    "WITHOUT_COPIES",
    "LetterFacts",
    "LetterKind",
    "letter_paragraphs",
    "what_is_missing",
]


def letter_paragraphs(facts: LetterFacts) -> list[str]:
    """Return the letter between the greeting and the signature, a paragraph each.

    A paragraph may have several lines. What the letter must say and does not is named in its place:
    "[missing: the reasons]".
    """
    sections = letter_sections(facts)
    for part in missing_parts(facts, sections):
        sections.setdefault(_PLACES[part], []).append(f"[missing: {part.words}]")
    return [paragraph for paragraphs in sections.values() for paragraph in paragraphs]


def letter_sections(facts: LetterFacts) -> dict[str, list[str]]:
    """Return the paragraphs of the letter by section, in the order of its template.

    Paragraphs of the template are sections too: “opening”, and then “text 2” and so on.
    """
    values = values_of(facts)
    sections: dict[str, list[str]] = {}
    texts = 0
    for piece in pieces_of(template_of(facts)):
        if piece.part:
            name = PARTS[piece.part][0]
            sections[name] = _SECTIONS[name](facts)
        else:
            texts += 1
            name = "opening" if texts == 1 else f"text {texts}"
            sections[name] = [filled(piece.text, values)]
    return sections


def template_of(facts: LetterFacts) -> str:
    """Return the template that a letter is made with: the landlord’s own, or else the shipped."""
    return facts.template or shipped(letter_of(facts))


def what_is_missing(facts: LetterFacts) -> list[str]:
    """Return what the letter must say and does not, in words; nothing of a whole letter."""
    parts = missing_parts(facts, letter_sections(facts))
    found = [
        *(part.words for part in parts),
        *missing_phrases(facts),
        *unfilled(template_of(facts), values_of(facts)),
    ]
    return list(dict.fromkeys(found))


# Where a part is named that is missing.
_PLACES = {
    Part.STAGE: "opening",
    Part.HEARING: "opening",
    Part.PLACE: "place",
    Part.TAKING_PART: "taking_part",
    Part.NEW_DAY: "opening",
    Part.DEFINITION: "definition",
    Part.DECISION: "decision",
    Part.REASONS: "words",
    Part.REMEDY: "remedies",
    Part.ACTIONS: "remedies",
    Part.FURTHER: "next",
    Part.APPEAL: "next",
    Part.OMBUDSMAN: "next",
    Part.POLICY: "enclosures",
    Part.REACH: "reach",
}


def _place(facts: LetterFacts) -> list[str]:
    named = (
        ("It is held at this place: {}.", facts.hearing_place),
        ("You can join by video or telephone: {}", facts.hearing_link),
    )
    return [words.format(where) for words, where in named if where]


def _taking_part(facts: LetterFacts) -> list[str]:
    offers = hearing_offers(facts.the_stage)
    return ["You are welcome to take part.", *([offers] if offers else [])]


# Letters that say back what the complaint is (Code 5.6, 5.7).
_SAYING_BACK = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.ESCALATION_ACCEPTED})


def _definition(facts: LetterFacts) -> list[str]:
    if facts.kind in ANSWERING:
        return _answered_definition(facts)
    if facts.kind not in _SAYING_BACK:
        return []
    if not facts.points:
        return [*([] if paragraphs_of(facts.words) else _as_told(facts)), *_asked_because(facts)]
    named = (
        ("You would like this to happen: {}", facts.sought),
        ("We are responsible for this: {}", facts.responsible),
        ("We are not responsible for this: {}", facts.not_responsible),
    )
    return [
        _as_understood(facts),
        *(words.format(one_line(text)) for words, text in named if text),
        *_asked_because(facts),
        "If we have misunderstood something, please tell us.",
    ]


def _answered_definition(facts: LetterFacts) -> list[str]:
    """Say what is answered, where the procedure wants it and no point says it, and why again."""
    if Part.DEFINITION not in parts_asked_of(facts):
        return _asked_because(facts)
    if not facts.points:
        return [*_as_told(facts), *_asked_because(facts)]
    understood = [] if _point_by_point(facts) else [_as_understood(facts)]
    return [*understood, *_asked_because(facts)]


def _as_told(facts: LetterFacts) -> list[str]:
    words = paragraphs_of(facts.told)
    return [f"You told us this: {words[0]}", *words[1:]] if words else []


def _asked_because(facts: LetterFacts) -> list[str]:
    """Say back why the customer asked for this stage, if they told us; nobody has to."""
    words = paragraphs_of(facts.asked_because)
    return (
        [f"You told us why you asked for {facts.the_stage.name}: {words[0]}", *words[1:]]
        if words
        else []
    )


def _as_understood(facts: LetterFacts) -> str:
    lines = "\n".join(f"{each.place}. {one_line(each.text)}" for each in facts.points)
    return f"We understand your complaint like this:\n{lines}"


def _point_by_point(facts: LetterFacts) -> list[str]:
    """Say of every point what was found, why, and what goes with it."""
    if facts.outcome is None:
        return []
    return [
        paragraph
        for each in facts.points
        if each.point.finding is not None
        for paragraph in _about(each)
    ]


def _about(point: PointWords) -> list[str]:
    finding = point.point.finding.words.lower() if point.point.finding else ""
    head = f"{point.place}. {one_line(point.text)}\nOur finding on this point: {finding}."
    lines = "\n".join(f"- {sentence}" for sentence in point.remedy_sentences)
    return [
        head,
        *paragraphs_of(point.reason),
        *([f"To put this point right:\n{lines}"] if lines else []),
    ]


def paragraphs_of(text: str) -> list[str]:
    """Return what somebody wrote, a paragraph each."""
    plain = text.replace("\r\n", "\n")
    return [part.strip() for part in plain.split("\n\n") if part.strip()]


_PANEL_DECISIONS = {
    PanelDecision.CHANGED: "The panel changed the earlier decision.",
    PanelDecision.UPHELD: "The panel agreed with the earlier decision.",
    PanelDecision.RE_INVESTIGATE: "The panel decided that your complaint is to be looked at again.",
}
_FINDINGS = {
    Outcome.UPHELD: "Our finding: your complaint is upheld.",
    Outcome.PARTLY_UPHELD: "Our finding: your complaint is partly upheld.",
    Outcome.NOT_UPHELD: "Our finding: your complaint is not upheld.",
}


def _decision(facts: LetterFacts) -> list[str]:
    found = []
    if facts.kind is LetterKind.DELAY:
        return paragraphs_of(facts.late_because)
    if facts.late_because:
        what = "answer" if facts.kind in ANSWERING else "letter"
        found.append(f"We are sorry that this {what} is late. The reason is: {facts.late_because}")
    if facts.panel_decision is not None:
        found.append(_PANEL_DECISIONS[facts.panel_decision])
    if facts.outcome is not None:
        found.append(_FINDINGS[facts.outcome])
    return found


def _remedies(facts: LetterFacts) -> list[str]:
    found = []
    if facts.remedies:
        lines = "\n".join(f"- {sentence}" for sentence in facts.remedies)
        found.append(f"To put this right:\n{lines}")
    if facts.amount:
        found.append(f"We offer you £{facts.amount} in compensation.")
    if facts.promises:
        lines = "\n".join(f"- {sentence}" for sentence in facts.promises)
        found.append(f"What we will do, and by when:\n{lines}")
    if facts.promised_before:
        lines = "\n".join(f"- {sentence}" for sentence in facts.promised_before)
        found.append(f"What we promised you before, and still have to do:\n{lines}")
    is_owed = bool(facts.promises or facts.promised_before)
    if not is_owed and Part.ACTIONS in parts_asked_of(facts):
        besides = "Besides this, nothing" if facts.puts_right else "Nothing more"
        found.append(f"{besides} is outstanding from us.")
    return found


def _enclosures(facts: LetterFacts) -> list[str]:
    return [f"Enclosed: {', '.join(facts.enclosures)}."] if facts.enclosures else []


# What stands in each section that is not text of the template.
_SECTIONS: Mapping[str, Callable[[LetterFacts], list[str]]] = {
    "ground": lambda facts: [facts.ground_told] if facts.ground_told else [],
    "place": _place,
    "taking_part": _taking_part,
    "definition": _definition,
    "decision": _decision,
    "points": _point_by_point,
    "words": lambda facts: paragraphs_of(facts.words),
    "remedies": _remedies,
    "next": what_next,
    "enclosures": _enclosures,
    "reach": lambda facts: [facts.reach] if facts.reach else [],
}
