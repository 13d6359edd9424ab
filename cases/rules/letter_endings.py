"""How a letter ends: what happens next and by when, and where the customer can turn."""

from collections.abc import Iterator
from datetime import date

from cases.rules.events import PanelDecision
from cases.rules.letter_facts import LetterFacts, LetterKind
from cases.rules.letter_sentences import (
    ADVICE,
    ASK_ANY_TIME,
    ASK_BY,
    DISAGREE,
    DISAGREE_WITH_DAY,
    FINAL,
    GOES_FURTHER,
    HEARD_BY,
    LOOK_AGAIN_BY,
    NOT_RIGHT,
    OUR_ANSWER,
    STILL_COMPLAIN,
    STILL_UNHAPPY,
    STILL_UNHAPPY_BY,
    TELL_WHY,
    TO_BE_HEARD,
    UNHAPPY_THERE,
    YES_OR_NO,
    YOURSELF_FROM,
    help_from,
)
from cases.rules.panels import offers_of
from cases.rules.terms import OutsideBody
from cases.rules.windows import WINDOW

# From this day on nobody had to wait before going to the Ombudsman themselves, whatever an older
# procedure says (KF-20, KF-21).
NO_MORE_WAITING_FROM = date(2022, 10, 1)


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
    notes = [facts.say(each) for each in _NOTES.get(facts.kind, ())]
    if facts.ground == "unreasonable":
        notes = list(_of_what_is_unreasonable(facts))
    return [*notes, *_ombudsman(facts, _OUTSIDE.get(facts.kind, ADVICE))]


def _of_what_is_unreasonable(facts: LetterFacts) -> Iterator[str]:
    if facts.new_due_on is not None:
        yield facts.say(LOOK_AGAIN_BY, day=facts.tongue.day(facts.new_due_on))
    yield facts.say(STILL_COMPLAIN)


_NOTES = {LetterKind.REFERRED: (UNHAPPY_THERE,), LetterKind.CONSENT_REQUEST: (YES_OR_NO,)}
_OUTSIDE = {
    LetterKind.EXTENSION: DISAGREE_WITH_DAY,
    LetterKind.ESCALATION_REFUSED: DISAGREE,
    LetterKind.NOT_ACCEPTED: DISAGREE,
    LetterKind.REFERRED: DISAGREE,
}


def _hearing_to_come(facts: LetterFacts) -> list[str]:
    panel = facts.the_stage.panel
    if panel is None:
        return []
    heard = facts.say(TO_BE_HEARD, who=facts.say(panel.make_up))
    return [" ".join([heard, *map(facts.say, offers_of(facts.the_stage))])]


def _next_promise(facts: LetterFacts) -> list[str]:
    # Of the stage it is in now, which a panel may have changed.
    answer = facts.terms.stage(facts.state.stage).answer
    if answer is None:
        return []
    deadline = facts.state.deadline(facts.state.stage, answer.code, facts.state.visit)
    if deadline is None or deadline.due_on is None:
        return []
    return [facts.say(OUR_ANSWER, day=facts.tongue.day(deadline.due_on))]


def _how_to_go_further(facts: LetterFacts) -> list[str]:
    """Say how and until when the next stage can be asked for, or that the next step is outside."""
    stage = facts.the_stage
    route = stage.customer_route
    if route is None:
        if not stage.routes:
            is_answered = facts.kind in (LetterKind.RESPONSE, LetterKind.OUTCOME)
            return [*([facts.say(FINAL)] if is_answered else []), *_outside(facts)]
        further = facts.terms.stage(stage.routes[0].to).name
        return [
            facts.say(GOES_FURTHER, stage=facts.say(further)),
            *_ombudsman(facts, ADVICE),
        ]
    window = facts.state.deadline(facts.stage, WINDOW, facts.visit)
    to = facts.terms.stage(route.to)
    named = facts.say(to.name)
    if window and window.due_on:
        asks = facts.say(ASK_BY, stage=named, day=facts.tongue.day(window.due_on))
    else:
        asks = facts.say(ASK_ANY_TIME, stage=named)
    if route.reasons_required:
        asks = f"{asks} {facts.say(TELL_WHY)}"
    appeal = []
    if to.panel:
        heard = facts.say(HEARD_BY, who=facts.say(to.panel.make_up))
        appeal = [" ".join([heard, *map(facts.say, offers_of(to))])]
    return [asks, *appeal, *_ombudsman(facts, ADVICE)]


def _after_closing(facts: LetterFacts) -> list[str]:
    if facts.state.answered_on is not None and facts.the_stage.routes:
        return _how_to_go_further(facts)
    return [
        facts.say(NOT_RIGHT),
        *_ombudsman(facts, ADVICE),
    ]


def _outside(facts: LetterFacts) -> list[str]:
    """Say to whom outside the landlord the customer can go after the last stage."""
    found = []
    for body in facts.terms.outside_bodies:
        if body.code == "ombudsman":
            found += _lines(facts, _take_it_to(facts))
            found += _waiting(facts, body)
        elif body.after in ("", facts.stage):
            also = facts.say(help_from(body))
            found.append("\n".join([also, *facts.others.get(body.code, ())]))
    return found


def _take_it_to(facts: LetterFacts) -> str:
    by = facts.state.deadline(facts.stage, "ombudsman-by", facts.visit)
    if by and by.due_on:
        return facts.say(STILL_UNHAPPY_BY, day=facts.tongue.plain_day(by.due_on))
    return facts.say(STILL_UNHAPPY)


def _waiting(facts: LetterFacts, body: OutsideBody) -> list[str]:
    start = facts.state.deadline(facts.stage, "ombudsman-from", facts.visit)
    answered = facts.the_visit.answered_on
    if start is None or start.due_on is None or body.wait is None or answered is None:
        return []
    if answered >= NO_MORE_WAITING_FROM:
        return []
    return [facts.say(YOURSELF_FROM, day=facts.tongue.day(start.due_on))]


def _ombudsman(facts: LetterFacts, introduction: str) -> list[str]:
    return _lines(facts, facts.say(introduction))


def _lines(facts: LetterFacts, introduction: str) -> list[str]:
    return ["\n".join([introduction, *facts.outside])] if facts.outside else []
