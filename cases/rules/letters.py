"""What each letter to a customer says besides what the officer writes."""

from cases.rules.events import Outcome, PanelDecision
from cases.rules.letter_endings import what_next
from cases.rules.letter_facts import FOR_THE_CUSTOMER_ALONE, STOPPED, LetterFacts, LetterKind
from cases.rules.letter_parts import (
    ANSWERING,
    Part,
    missing_parts,
    missing_phrases,
    parts_asked_of,
)
from cases.rules.panels import hearing_offers
from cases.rules.points import PointWords, one_line

__all__ = [
    "FOR_THE_CUSTOMER_ALONE",
    "STOPPED",
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
    lacking = missing_parts(facts, sections)
    return [
        paragraph
        for name, paragraphs in sections.items()
        for paragraph in (
            *paragraphs,
            *(f"[missing: {part.words}]" for part in lacking if _PLACES[part] == name),
        )
    ]


def letter_sections(facts: LetterFacts) -> dict[str, list[str]]:
    """Return the paragraphs of the letter by section, in their order."""
    return {
        "opening": _opening(facts),
        "definition": _definition(facts),
        "decision": _decision(facts),
        "points": _point_by_point(facts),
        "words": paragraphs_of(facts.words),
        "remedies": _remedies(facts),
        "next": what_next(facts),
        "enclosures": _enclosures(facts),
        "reach": [facts.reach] if facts.reach else [],
    }


def what_is_missing(facts: LetterFacts) -> list[str]:
    """Return what the letter must say and does not, in words; nothing of a whole letter."""
    parts = missing_parts(facts, letter_sections(facts))
    return [*(part.words for part in parts), *missing_phrases(facts)]


# Where a part is named that is missing.
_PLACES = {
    Part.STAGE: "opening",
    Part.HEARING: "opening",
    Part.PLACE: "opening",
    Part.TAKING_PART: "opening",
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


_OPENINGS = {
    LetterKind.ACKNOWLEDGEMENT: (
        "Thank you for telling us about your complaint, which reached us on {received}. Your "
        "reference is {reference}. It is now being looked into at {stage}."
    ),
    LetterKind.RESPONSE: "This is our answer to your complaint of {received} at {stage}.",
    LetterKind.RESOLUTION: "This confirms how your complaint of {received} was put right.",
    LetterKind.OUTCOME: (
        "Your complaint of {received} was considered at {stage}. This is the outcome."
    ),
    LetterKind.ESCALATION_ACCEPTED: (
        "We have accepted your request: your complaint of {received} goes to {stage}."
    ),
    LetterKind.ESCALATION_REFUSED: (
        "You asked for {stage} of our complaints procedure. We have considered your request and "
        "cannot accept it. {ground}"
    ),
    LetterKind.WINDOW_EXTENDED: (
        "You have more time to ask for the next stage of your complaint of {received}. Please tell "
        "us by {new_day}."
    ),
    LetterKind.NOT_ACCEPTED: (
        "We have considered what you told us on {received}, and cannot take it on as a complaint. "
        "{ground}"
    ),
    LetterKind.REFERRED: (
        "We have considered what you told us on {received}. It is not dealt with under our "
        "complaints procedure. {ground}"
    ),
    LetterKind.UPDATE: "This is about your complaint of {received}, reference {reference}.",
    LetterKind.CLOSING: "We have closed your complaint of {received}.",
    LetterKind.COMPENSATION: (
        "We would like to offer you compensation for what went wrong with what you told us about "
        "on {received}. Please tell us whether you accept it."
    ),
    LetterKind.PROMISE_MOVED: (
        "We promised you this about your complaint of {received}: {promise}. We are sorry: it will "
        "now be done by {new_day}. The reason is this:"
    ),
    LetterKind.PROMISE_WITHDRAWN: (
        "We promised you this about your complaint of {received}: {promise}. We are sorry: we will "
        "not do it. The reason is this:"
    ),
    LetterKind.CONSENT_REQUEST: (
        "{speaker} has told us that they speak for you about a complaint, which reached us on "
        "{received}. Please tell us whether that is right. Until you have said yes we tell them "
        "nothing, and what we find goes to you. If you say yes, you can stop it at any time."
    ),
    LetterKind.DELAY: (
        "You should have heard from us by now about your complaint of {received}, and have not. We "
        "are sorry. It will be done by {new_day}. The reason for the delay is this:"
    ),
    LetterKind.EXTENSION: (
        "We need more time to answer your complaint at {stage}, and are sorry for that. You will "
        "now hear from us by {new_day}. The reason is this:"
    ),
}


def _opening(facts: LetterFacts) -> list[str]:
    if facts.kind is LetterKind.INVITATION:
        return _invitation(facts)
    if facts.kind is LetterKind.ACKNOWLEDGEMENT and facts.asked_on is not None:
        return [
            f"Thank you for telling us that you would like your complaint to be looked at again. "
            f"Your request reached us on {facts.asked_on:%-d %B %Y}. Your complaint, reference "
            f"{facts.reference}, is now at {facts.the_stage.name}."
        ]
    return [
        _OPENINGS[facts.kind]
        .format(
            received=f"{facts.state.received_on:%-d %B %Y}",
            reference=facts.reference,
            stage=facts.the_stage.name,
            promise=facts.promise,
            speaker=_speaker(facts),
            ground=facts.ground_told,
            new_day=f"{facts.new_due_on:%A %-d %B %Y}" if facts.new_due_on else "then",
        )
        .strip()
    ]


def _speaker(facts: LetterFacts) -> str:
    part = f" ({facts.speakers_part})" if facts.speakers_part else ""
    return f"{facts.speaker}{part}"


def _invitation(facts: LetterFacts) -> list[str]:
    when = f" on {facts.hearing_on:%A %-d %B %Y}" if facts.hearing_on else ""
    where = f" at this place: {facts.hearing_place}." if facts.hearing_place else "."
    heard = f"Your complaint of {facts.state.received_on:%-d %B %Y} will be heard{when}{where}"
    offers = hearing_offers(facts.the_stage)
    return [
        f"{heard} You are welcome to take part.",
        *([f"You can join by video or telephone: {facts.hearing_link}"] * bool(facts.hearing_link)),
        *([offers] if offers else []),
    ]


# Letters that say back what the complaint is (Code 5.6, 5.7).
_SAYING_BACK = frozenset({LetterKind.ACKNOWLEDGEMENT, LetterKind.ESCALATION_ACCEPTED})


def _definition(facts: LetterFacts) -> list[str]:
    if facts.kind in ANSWERING:
        return _answered_definition(facts)
    if facts.kind not in _SAYING_BACK:
        return []
    if not facts.points:
        return [] if paragraphs_of(facts.words) else _as_told(facts)
    named = (
        ("You would like this to happen: {}", facts.sought),
        ("We are responsible for this: {}", facts.responsible),
        ("We are not responsible for this: {}", facts.not_responsible),
    )
    return [
        _as_understood(facts),
        *(words.format(one_line(text)) for words, text in named if text),
        "If we have misunderstood something, please tell us.",
    ]


def _answered_definition(facts: LetterFacts) -> list[str]:
    """Say what is answered, where the procedure wants it and no point says it."""
    if Part.DEFINITION not in parts_asked_of(facts):
        return []
    if facts.points:
        return [] if _point_by_point(facts) else [_as_understood(facts)]
    return _as_told(facts)


def _as_told(facts: LetterFacts) -> list[str]:
    words = paragraphs_of(facts.told)
    return [f"You told us this: {words[0]}", *words[1:]] if words else []


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
    remedies = "; ".join(words.lower() for words in point.remedy_words)
    return [
        head,
        *paragraphs_of(point.reason),
        *([f"What puts this point right: {remedies}."] if remedies else []),
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
    if not facts.puts_right and Part.ACTIONS in parts_asked_of(facts):
        found.append("Nothing more is outstanding from us.")
    return found


def _enclosures(facts: LetterFacts) -> list[str]:
    return [f"Enclosed: {', '.join(facts.enclosures)}."] if facts.enclosures else []
