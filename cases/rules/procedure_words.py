"""A procedure in plain sentences: who decides, each promise, each way on, who is reminded."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from cases.rules.events import EventKind, PanelDecision
from cases.rules.grounds import ground_words
from cases.rules.periods import Period
from cases.rules.procedure_files import parse_reminder
from cases.rules.roles import Role
from cases.rules.terms import (
    Anchor,
    AnchorKind,
    Handover,
    Independence,
    NewMatters,
    OutsideBody,
    Panel,
    ProcedureTerms,
    Reminder,
    Route,
    Stage,
    StageKind,
    Timescale,
)

KINDS = {
    StageKind.INITIAL_CONTACT: "Initial contact",
    StageKind.INVESTIGATION: "Investigation",
    StageKind.REVIEW: "Review",
    StageKind.PANEL_HEARING: "Hearing",
}
MODES = {
    "in_person": "in person",
    "in_writing": "in writing",
    "in_absence": "in the customer’s absence",
}
DEFINES = (
    "The acknowledgement sets out the complaint: its points, what the customer wants, and what the "
    "landlord is and is not responsible for."
)
ENCLOSES_POLICY = "The complaints policy goes with the acknowledgement."
_HAPPENED = {
    EventKind.RECEIVED_BY_TEAM: "the team getting it",
    EventKind.ACKNOWLEDGED: "the acknowledgement",
    EventKind.CONTACTED: "the first contact",
    EventKind.MANAGER_CONTACTED: "the manager’s contact",
    EventKind.HEARING_HELD: "the hearing",
    EventKind.RESPONDED: "the response",
}
_INDEPENDENCE = {
    Independence.NOT_AN_EARLIER_HANDLER: "Nobody who dealt with an earlier stage may decide it.",
    Independence.MORE_SENIOR: "Only somebody more senior than the last to decide may decide it.",
}


@dataclass(frozen=True, slots=True)
class TimescaleWords:
    """One promise: its sentence, and below it what else is true of it."""

    code: str
    sentence: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StageWords:
    """One stage in sentences."""

    code: str
    name: str
    kind: str
    decided_by: str
    promises: tuple[TimescaleWords, ...]
    routes: tuple[str, ...]
    others: tuple[str, ...]
    answer: tuple[str, ...]


def in_a_row(words: Iterable[str], *, last: str = "and") -> str:
    """Return the words as a list in a sentence: "a, b and c"."""
    every = list(words)
    if len(every) < 2:
        return "".join(every)
    return f"{', '.join(every[:-1])} {last} {every[-1]}"


def lower_first(words: str) -> str:
    """Return the words as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


def stage_words(terms: ProcedureTerms, stage: Stage, *, usual: Collection[str] = ()) -> StageWords:
    """Return everything that a stage promises and asks, in sentences.

    `usual` are the codes of the promises that have the procedure's usual reminders: they are not
    told again for each.
    """
    return StageWords(
        code=stage.code,
        name=stage.name,
        kind=KINDS[stage.kind],
        decided_by=_decided_by(stage),
        promises=tuple(
            timescale_words(each, stage, is_usual=each.code in usual) for each in stage.timescales
        ),
        routes=tuple(route_sentence(each, terms) for each in stage.routes),
        others=tuple(_others(stage, terms)),
        answer=(*(part.words for part in stage.letters.answer_parts), *stage.letters.answer_says),
    )


def _decided_by(stage: Stage) -> str:
    """Return who decides in the procedure's words, and the roles that means."""
    roles = in_a_row((role.words for role in stage.decided_by), last="or")
    words = stage.decided_by_words
    return words if words.lower().removeprefix("the ") == roles else f"{words} ({roles})"


def timescale_words(
    timescale: Timescale, stage: Stage, *, is_usual: bool = False
) -> TimescaleWords:
    """Return a promise in words."""
    details = [f"It binds the {timescale.binds.words}."]
    if timescale.may_be_agreed:
        details.append("A date agreed with the customer may take its place.")
    if timescale.longest_extension:
        most = count_of_days(timescale.longest_extension)
        details.append(f"It may be extended by at most {most}, with a reason.")
    if timescale.lifted_by:
        details.append(f"It falls away with “{lower_first(timescale.lifted_by.words)}”.")
    if timescale.renewed_by:
        details.append(f"It begins anew with “{lower_first(timescale.renewed_by.words)}”.")
    if timescale.is_gap:
        details.append("The procedure gives no figure: this one is the landlord’s own.")
    if not is_usual:
        details.append(reminders_sentence(timescale.reminders))
    return TimescaleWords(timescale.code, promise_sentence(timescale, stage), tuple(details))


def promise_sentence(timescale: Timescale, stage: Stage) -> str:
    """Return what is promised: "Acknowledge in writing within 3 working days of … (K3-10)"."""
    written = timescale.in_writing and "writ" not in timescale.words.lower()
    doing = f"{timescale.words}, in writing," if written else timescale.words
    return f"{doing} {period_words(timescale, stage)}{cited(timescale.rules)}."


def period_words(timescale: Timescale, stage: Stage) -> str:
    """Return how long and from when: "within 3 working days of the team getting it"."""
    starts = [anchor_words(anchor, stage) for anchor in timescale.anchors]
    if timescale.period.count < 0:
        ahead = count_of_days(-timescale.period.count)
        return f"at least {ahead} before {in_a_row(starts, last='or')}"
    if len(starts) == 1:
        since = starts[0]
    elif timescale.earliest:
        since = f"{in_a_row(starts, last='or')}, whichever is first"
    else:
        since = f"{starts[0]} or, failing that, of {in_a_row(starts[1:], last='or')}"
    return f"within {period_and_roll(timescale.period)} of {since}"


def anchor_words(anchor: Anchor, stage: Stage) -> str:
    """Return what starts a period, as it stands after "of"."""
    match anchor.kind:
        case AnchorKind.RECEIVED:
            return "the landlord getting it"
        case AnchorKind.STAGE_BEGAN:
            return "the stage beginning"
        case AnchorKind.ASKED_FOR_STAGE:
            return "the customer asking for it"
        case AnchorKind.HEARING_DAY:
            return "the day of the hearing"
        case AnchorKind.DUE:
            other = stage.timescale(anchor.code)
            named = lower_first(other.words) if other else anchor.code
            return f"the last day to {named}"
        case AnchorKind.EVENT:
            kind = EventKind(anchor.code)
            return _HAPPENED.get(kind, f"“{lower_first(kind.words)}”")


def period_and_roll(period: Period) -> str:
    """Return a period, and that it moves on where it ends on a day nobody works."""
    return f"{period} (or the next working day)" if period.rolls else str(period)


def count_of_days(days: int) -> str:
    """Return so many working days in words."""
    return f"{days} working day{'' if days == 1 else 's'}"


def reminders_sentence(reminders: Iterable[Reminder]) -> str:
    """Return when somebody is reminded, and who."""
    told = [f"{reminder_when(each)}, to the {_reminded(each)}" for each in reminders]
    return f"Reminders: {'; '.join(told)}." if told else "Nobody is reminded of it."


def usual_reminders(words: Mapping[str, Any]) -> tuple[list[str], dict[str, list[str]]]:
    """Return a procedure's usual reminders in words, and for each stage whose they are."""
    told = []
    for line in words.get("reminders", []):
        # Whom a promise binds differs; a line that names it is told so.
        when = reminder_when(parse_reminder(line, Role.RESPONSIBLE_OFFICER))
        to = [
            "whoever it binds" if each == "bound" else f"the {Role(each).words}"
            for each in line.split()[1:]
        ]
        told.append(f"{when}, to {in_a_row(to)}")
    theirs = {
        stage["code"]: [each["code"] for each in stage["timescale"] if "reminders" not in each]
        for stage in words["stage"]
    }
    return told, theirs


def reminder_when(reminder: Reminder) -> str:
    """Return on which day a reminder goes out."""
    if reminder.days == 0:
        return "on the due day"
    side = "before" if reminder.days < 0 else "after"
    return f"{count_of_days(abs(reminder.days))} {side}"


def _reminded(reminder: Reminder) -> str:
    return in_a_row((role.words for role in reminder.to), last="and the")


def route_sentence(route: Route, terms: ProcedureTerms) -> str:
    """Return a way to another stage, in a sentence."""
    to = terms.stage(route.to).name
    if not route.by_customer:
        return f"The landlord may pass the complaint on to {to}{cited(route.rules)}."
    within = (
        f"within {period_and_roll(route.window)} of having the answer"
        if route.window
        else "at any time"
    )
    reasons = "and must give reasons" if route.reasons_required else "without giving reasons"
    sentences = [f"The customer may ask for {to} {within}, {reasons}{cited(route.rules)}."]
    if route.when_answer_overdue:
        sentences.append("It may be asked for too when the answer is overdue.")
    if route.handover is Handover.ON_DECISION:
        sentences.append("The request takes effect when it is accepted.")
    sentences.append(grounds_sentence(route))
    return " ".join(sentences)


def grounds_sentence(route: Route) -> str:
    """Return on what grounds a request may be refused."""
    by_two = " A second person approves each refusal." if route.refusal_approved else ""
    if not route.grounds:
        return f"A request{' in time' if route.window else ''} is not refused.{by_two}"
    grounds = "; ".join(lower_first(ground_words(each)) for each in route.grounds)
    return f"It may be refused only because: {grounds}.{by_two}"


def _others(stage: Stage, terms: ProcedureTerms) -> Iterable[str]:
    yield from (_INDEPENDENCE[each] for each in stage.independence)
    if stage.panel:
        yield from _panel(stage.panel, terms)
    if stage.companion:
        yield "The customer may bring a friend or relative, who may speak."
    if stage.new_matters is NewMatters.LINKED:
        yield "New matters become a complaint of their own, linked to this one."
    if not stage.is_answered_in_writing:
        yield "The answer is written only if the customer asks for it."
    if stage.letters.acknowledgement_defines:
        yield DEFINES
    if stage.letters.acknowledgement_encloses_policy:
        yield ENCLOSES_POLICY
    if stage.answer_copied_to_coordinator:
        yield "The Complaints Coordinator gets a copy of the answer."


def _panel(panel: Panel, terms: ProcedureTerms) -> Iterable[str]:
    smallest = f", at least {panel.smallest}" if panel.smallest < panel.size else ""
    yield f"It is heard by a panel of {panel.size}{smallest}: {panel.make_up}."
    yield f"The hearing is held {in_a_row((MODES.get(m, m) for m in panel.modes), last='or')}."
    if panel.decisions:
        names = (lower_first(PanelDecision(each).words) for each in panel.decisions)
        yield f"The panel {in_a_row(names, last='or')}."
    if panel.sends_back_to:
        back = terms.stage(panel.sends_back_to).name
        yield f"What is to be investigated again goes back to {back}."
    if panel.includes_service_complained_about:
        yield "On the panel sits the service that is complained about."
    if panel.led_by_committee:
        yield "A panel member on it chairs or vice-chairs the committee concerned."
    if panel.on_any_day:
        yield "It may be heard on a day that is no working day."


def outside_sentence(body: OutsideBody, terms: ProcedureTerms) -> str:
    """Return when the customer may go to somebody outside, in a sentence."""
    after = terms.stage(body.after).name if body.after else ""
    if not after:
        when = "at any time"
    elif body.only_after:
        when = f"after {after}"
    else:
        when = f"at any time; the procedure names them after {after}"
    wait = f", {body.wait} after its answer" if body.wait else ""
    within = f", within {body.within} of its answer" if body.within else ""
    return f"{body.name}: the customer may go there {when}{wait}{within}{cited(body.rules)}."


def cited(rules: Iterable[str]) -> str:
    """Return the rules behind something, in brackets, or nothing."""
    every = ", ".join(rules)
    return f" ({every})" if every else ""
