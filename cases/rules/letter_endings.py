"""How a letter ends: what happens next and by when, and where the customer can turn."""

from datetime import date

from cases.rules.events import PanelDecision
from cases.rules.letter_facts import LetterFacts, LetterKind
from cases.rules.panels import hearing_offers
from cases.rules.terms import OutsideBody
from cases.rules.windows import WINDOW

# From this day on nobody had to wait before going to the Ombudsman themselves, whatever an older
# procedure says (KF-20, KF-21).
NO_MORE_WAITING_FROM = date(2022, 10, 1)
ADVICE = "You can ask for advice at any time:"
# Said where no further stage follows (Code 6.10, 6.14): the way on leads outside.
FINAL = "This is our final answer to your complaint. It has been through all of our procedure."
DISAGREE = "If you disagree with this decision you can take it to:"


def what_next(facts: LetterFacts) -> list[str]:
    """Return the paragraphs about what comes next."""
    if facts.panel_decision is PanelDecision.RE_INVESTIGATE:
        return [*_next_promise(facts), *_ombudsman(facts, ADVICE)]
    match facts.kind:
        case LetterKind.ACKNOWLEDGEMENT | LetterKind.ESCALATION_ACCEPTED:
            return [*_hearing_to_come(facts), *_next_promise(facts), *_ombudsman(facts, ADVICE)]
        case LetterKind.RESPONSE | LetterKind.OUTCOME | LetterKind.RESOLUTION:
            return _how_to_go_further(facts)
        case LetterKind.UPDATE:
            # It decides nothing, and is no answer.
            return []
        case LetterKind.CLOSING:
            return _after_closing(facts)
    return [*_NOTES.get(facts.kind, ()), *_ombudsman(facts, _OUTSIDE.get(facts.kind, ADVICE))]


_NOTES = {
    LetterKind.REFERRED: (
        "If you are unhappy with how it is dealt with there, you can complain to us.",
    )
}
_OUTSIDE = {
    LetterKind.EXTENSION: "If you disagree with the new date you can contact:",
    LetterKind.ESCALATION_REFUSED: DISAGREE,
    LetterKind.NOT_ACCEPTED: DISAGREE,
    LetterKind.REFERRED: DISAGREE,
}


def _hearing_to_come(facts: LetterFacts) -> list[str]:
    panel = facts.the_stage.panel
    if panel is None:
        return []
    return [
        f"Your complaint will be heard by {panel.make_up}. We will write to you with the day. "
        f"{hearing_offers(facts.the_stage)}".strip()
    ]


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
    """Say how and until when the next stage can be asked for, or that the next step is outside."""
    stage = facts.the_stage
    route = stage.customer_route
    if route is None:
        if not stage.routes:
            is_answered = facts.kind in (LetterKind.RESPONSE, LetterKind.OUTCOME)
            return [*([FINAL] if is_answered else []), *_outside(facts)]
        further = facts.terms.stage(stage.routes[0].to).name
        return [
            f"If this has not put things right, please tell us. Your complaint then goes to "
            f"{further}.",
            *_ombudsman(facts, ADVICE),
        ]
    window = facts.state.deadline(facts.stage, WINDOW, facts.visit)
    by = f"by {window.due_on:%A %-d %B %Y}" if window and window.due_on else "at any time"
    reasons = " Please tell us why, and anything we did not know before."
    to = facts.terms.stage(route.to)
    asks = (
        f"If you are not satisfied, you can ask for {to.name}. Please tell us {by}, in any way you "
        f"like.{reasons if route.reasons_required else ''}"
    )
    appeal = (
        [f"It would be heard by {to.panel.make_up}. {hearing_offers(to)}".strip()]
        if to.panel
        else []
    )
    return [asks, *appeal, *_ombudsman(facts, ADVICE)]


def _after_closing(facts: LetterFacts) -> list[str]:
    if facts.state.answered_on is not None and facts.the_stage.routes:
        return _how_to_go_further(facts)
    return [
        "If this is not right, or you change your mind, please tell us.",
        *_ombudsman(facts, ADVICE),
    ]


def _outside(facts: LetterFacts) -> list[str]:
    """Say to whom outside the landlord the customer can go after the last stage."""
    found = []
    for body in facts.terms.outside_bodies:
        if body.code == "ombudsman":
            found += _ombudsman(facts, f"If you are still unhappy you can {_take_it_to(facts)}:")
            found += _waiting(facts, body)
        elif body.after in ("", facts.stage):
            also = (
                f"You can also ask a {body.name[:1].lower()}{body.name[1:]}. They can help to "
                "settle it with us, or refer it to the Ombudsman for you."
            )
            found.append("\n".join([also, *facts.others.get(body.code, ())]))
    return found


def _take_it_to(facts: LetterFacts) -> str:
    by = facts.state.deadline(facts.stage, "ombudsman-by", facts.visit)
    until = f", by {by.due_on:%-d %B %Y}," if by and by.due_on else ""
    return f"take your complaint{until} to"


def _waiting(facts: LetterFacts, body: OutsideBody) -> list[str]:
    start = facts.state.deadline(facts.stage, "ombudsman-from", facts.visit)
    answered = facts.the_visit.answered_on
    if start is None or start.due_on is None or body.wait is None or answered is None:
        return []
    if answered >= NO_MORE_WAITING_FROM:
        return []
    return [f"You can go to the Ombudsman yourself from {start.due_on:%A %-d %B %Y}."]


def _ombudsman(facts: LetterFacts, introduction: str) -> list[str]:
    return ["\n".join([introduction, *facts.outside])] if facts.outside else []
