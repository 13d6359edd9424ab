"""What each letter to a customer says besides what the officer writes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from cases.rules.events import Outcome, PanelDecision
from cases.rules.state import CaseState
from cases.rules.terms import ProcedureTerms, Stage
from cases.rules.windows import WINDOW


class LetterKind(StrEnum):
    """The letters of the procedures."""

    ACKNOWLEDGEMENT = "acknowledgement"
    RESOLUTION = "resolution"
    RESPONSE = "response"
    EXTENSION = "extension"
    ESCALATION_ACCEPTED = "escalation_accepted"
    ESCALATION_REFUSED = "escalation_refused"
    INVITATION = "invitation"
    OUTCOME = "outcome"
    NOT_ACCEPTED = "not_accepted"
    REFERRED = "referred"
    CLOSING = "closing"

    @property
    def words(self) -> str:
        """Return the kind for people."""
        return self.value.replace("_", " ").capitalize()


# What the officer must have written or chosen for a letter to be complete.
NEEDS_ANSWER_PARTS = frozenset({LetterKind.RESPONSE, LetterKind.OUTCOME})


@dataclass(frozen=True, slots=True)
class LetterFacts:
    """What a letter is made from.

    `stage` and `visit` are those it tells of; `outside` has the lines of the Ombudsman's details.
    """

    kind: LetterKind
    stage: str
    visit: int
    reference: str
    terms: ProcedureTerms
    state: CaseState
    outside: Sequence[str]
    words: str
    outcome: Outcome | None = None
    panel_decision: PanelDecision | None = None
    remedies: Sequence[str] = ()
    amount: str = ""
    late_because: str = ""
    new_due_on: date | None = None
    hearing_on: date | None = None
    hearing_place: str = ""
    enclosures: Sequence[str] = field(default_factory=tuple)


def letter_paragraphs(facts: LetterFacts) -> list[str]:
    """Return the letter between the greeting and the signature, a paragraph each."""
    paragraphs = [*_opening(facts), *_decision(facts)]
    if facts.words:
        paragraphs += [part.strip() for part in facts.words.split("\n\n") if part.strip()]
    paragraphs += [*_remedies(facts), *_what_next(facts), *_enclosures(facts)]
    return paragraphs


def _stage(facts: LetterFacts) -> Stage:
    return facts.terms.stage(facts.stage)


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
        "We have accepted your request: your complaint goes to {stage}."
    ),
    LetterKind.ESCALATION_REFUSED: (
        "We have considered your request to take your complaint further."
    ),
    LetterKind.NOT_ACCEPTED: (
        "We have considered what you told us, and cannot take it on as a complaint."
    ),
    LetterKind.REFERRED: "What you told us is dealt with in another way, which we explain here.",
    LetterKind.CLOSING: "We have closed your complaint of {received}.",
}


def _opening(facts: LetterFacts) -> list[str]:
    if facts.kind is LetterKind.EXTENSION:
        return _extension(facts)
    if facts.kind is LetterKind.INVITATION:
        return _invitation(facts)
    return [
        _OPENINGS[facts.kind].format(
            received=f"{facts.state.received_on:%-d %B %Y}",
            reference=facts.reference,
            stage=_stage(facts).name,
        )
    ]


def _extension(facts: LetterFacts) -> list[str]:
    due = (
        f" You will now hear from us by {facts.new_due_on:%A %-d %B %Y}."
        if facts.new_due_on
        else ""
    )
    return [
        f"We need more time to answer your complaint at {_stage(facts).name}, and are sorry "
        f"for that.{due} The reason is this:"
    ]


def _invitation(facts: LetterFacts) -> list[str]:
    stage = _stage(facts)
    when = f" on {facts.hearing_on:%A %-d %B %Y}" if facts.hearing_on else ""
    where = f", {facts.hearing_place}" if facts.hearing_place else ""
    modes = stage.panel.modes if stage.panel else ()
    offers = [
        words
        for mode, words in (
            ("in_writing", "You may put your case in writing instead."),
            ("in_absence", "You need not come: it can be heard without you."),
        )
        if mode in modes
    ]
    if stage.companion:
        offers.append("A friend, a relative or an advocate may come with you and speak for you.")
    return [
        f"Your complaint will be heard{when}{where}. You are welcome to take part.",
        " ".join(offers),
    ]


def _decision(facts: LetterFacts) -> list[str]:
    found = []
    if facts.late_because:
        found.append(f"We are sorry that this answer is late. The reason is: {facts.late_because}")
    if facts.panel_decision is not None:
        found.append(f"The panel’s decision: {facts.panel_decision.words.lower()}.")
    if facts.outcome is not None and facts.kind in NEEDS_ANSWER_PARTS:
        found.append(f"Our finding: your complaint is {facts.outcome.words.lower()}.")
    return found


def _remedies(facts: LetterFacts) -> list[str]:
    found = []
    if facts.remedies:
        found.append("To put this right: " + "; ".join(facts.remedies) + ".")
    if facts.amount:
        found.append(f"We offer you £{facts.amount} in compensation.")
    return found


def _what_next(facts: LetterFacts) -> list[str]:
    if facts.panel_decision is PanelDecision.RE_INVESTIGATE:
        return [*_next_promise(facts), *_ombudsman(facts, "For advice at any time:")]
    match facts.kind:
        case LetterKind.ACKNOWLEDGEMENT | LetterKind.ESCALATION_ACCEPTED:
            return [
                *_next_promise(facts),
                *_ombudsman(facts, "You can ask for advice at any time:"),
            ]
        case LetterKind.RESPONSE | LetterKind.OUTCOME | LetterKind.RESOLUTION:
            return _how_to_go_further(facts)
        case LetterKind.EXTENSION:
            return _ombudsman(facts, "If you disagree with the new date you can contact:")
        case LetterKind.ESCALATION_REFUSED | LetterKind.NOT_ACCEPTED:
            return _ombudsman(facts, "If you disagree with this decision you can take it to:")
    return []


def _next_promise(facts: LetterFacts) -> list[str]:
    # Of the stage it is in now, which a panel may have changed.
    answer = facts.terms.stage(facts.state.stage).answer
    if answer is None:
        return []
    deadline = facts.state.deadline(facts.state.stage, answer.code, facts.state.visit)
    if deadline is None or deadline.due_on is None:
        return []
    return [f"You will have our answer by {deadline.due_on:%A %-d %B %Y}."]


def _how_to_go_further(facts: LetterFacts) -> list[str]:
    state, stage = facts.state, _stage(facts)
    route = stage.customer_route
    if route is None:
        return _ombudsman(facts, "If you are still unhappy you can take your complaint to:")
    window = state.deadline(facts.stage, WINDOW, facts.visit)
    by = f" by {window.due_on:%A %-d %B %Y}" if window and window.due_on else " at any time"
    reasons = " Please tell us why, and anything we did not know before."
    return [
        f"If you are not satisfied, you can ask for {facts.terms.stage(route.to).name}. Please "
        f"tell us{by}, in any way you like.{reasons if route.reasons_required else ''}",
        *_ombudsman(facts, "For advice at any time:"),
    ]


def _ombudsman(facts: LetterFacts, introduction: str) -> list[str]:
    return [f"{introduction} {', '.join(facts.outside)}."] if facts.outside else []


def _enclosures(facts: LetterFacts) -> list[str]:
    return [f"Enclosed: {', '.join(facts.enclosures)}."] if facts.enclosures else []
