"""What is wrong with a procedure, and where it departs from the Complaint Handling Code."""

from dataclasses import dataclass

from cases.rules.events import EventKind
from cases.rules.parts import Part
from cases.rules.periods import Unit
from cases.rules.terms import (
    AnchorKind,
    ProcedureTerms,
    Stage,
    StageKind,
    Timescale,
)

# Anchors that are there as soon as the stay begins, or that people are asked for by a
# deadline of their own: a period that leads back to one of them cannot wait for ever.
SURE = frozenset({AnchorKind.RECEIVED, AnchorKind.STAGE_BEGAN, AnchorKind.ASKED_FOR_STAGE})
# What the Code wants in an answer that not every answer says anyway (6.9, 6.19).
CODE_PARTS = (Part.DEFINITION, Part.REMEDY, Part.ACTIONS)
CODE_GROUNDS = frozenset({"over_12_months", "legal_proceedings", "already_considered"})


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a procedure departs from a provision of the Code."""

    provision: str
    words: str


def problems(terms: ProcedureTerms) -> list[str]:
    """Return what is wrong with the procedure itself, a sentence each; none if it can run."""
    found: list[str] = []
    codes = [stage.code for stage in terms.stages]
    if len(set(codes)) != len(codes):
        found.append("Two stages have the same code.")
    if terms.first_stage not in codes:
        return [*found, f"The first stage, {terms.first_stage}, does not exist."]
    for stage in terms.stages:
        found += _stage_problems(stage, terms)
    reached = _reachable(terms)
    found += [
        f"{stage.name} cannot be reached." for stage in terms.stages if stage.code not in reached
    ]
    found += [
        f"{body.name} comes after {body.after}, which does not exist."
        for body in terms.outside_bodies
        if body.after and body.after not in codes
    ]
    return found


def _stage_problems(stage: Stage, terms: ProcedureTerms) -> list[str]:
    found = []
    codes = [timescale.code for timescale in stage.timescales]
    if len(set(codes)) != len(codes):
        found.append(f"{stage.name}: two promises have the same code.")
    for route in stage.routes:
        if route.to not in terms.by_code:
            found.append(f"{stage.name} leads to {route.to}, which does not exist.")
    if (stage.kind is StageKind.PANEL_HEARING) != (stage.panel is not None):
        found.append(f"{stage.name}: a panel hearing needs a panel, and nothing else has one.")
    if stage.panel and len(stage.panel.composition) != stage.panel.size:
        found.append(f"{stage.name}: every seat of the panel needs its roles.")
    if stage.panel and stage.panel.sends_back_to not in {"", *terms.by_code}:
        found.append(f"{stage.name} sends back to a stage that does not exist.")
    for timescale in stage.timescales:
        found += _timescale_problems(timescale, stage)
    return found + _letter_problems(stage, terms)


def _letter_problems(stage: Stage, terms: ProcedureTerms) -> list[str]:
    """Refuse what no letter of the stage could ever say, so that none could go."""
    found, letters = [], stage.letters
    asks = letters.acknowledgement_defines or letters.acknowledgement_encloses_policy
    if asks and not any(EventKind.ACKNOWLEDGED in each.met_by for each in stage.timescales):
        found.append(f"{stage.name}: its acknowledgement says more, and it promises none.")
    route = stage.customer_route
    appeals = route is not None and route.to in terms.by_code and terms.stage(route.to).panel
    if Part.APPEAL in letters.answer_parts and not appeals:
        found.append(f"{stage.name}: its answer says how appeals work, and it leads to no hearing.")
    found += [
        f"{stage.name}: “{phrase}” is the name of a part: put it among answer_parts."
        for phrase in letters.answer_says
        if phrase in set(Part)
    ]
    return found


def _timescale_problems(timescale: Timescale, stage: Stage) -> list[str]:
    name = f"{stage.name}, {timescale.words.lower()}"
    found = []
    if timescale.period.count <= 0 and AnchorKind.HEARING_DAY not in _kinds(timescale):
        found.append(f"{name}: only notice of a hearing counts backwards.")
    if timescale.period.unit is Unit.HOURS:
        found.append(f"{name}: a stage is counted in days, not in hours.")
    if not timescale.met_by:
        found.append(f"{name}: nothing can meet it.")
    for anchor in timescale.anchors:
        if anchor.kind is AnchorKind.DUE and stage.timescale(anchor.code) is None:
            found.append(f"{name}: it counts from {anchor}, which the stage does not promise.")
    if not _leads_back(timescale, stage, set()):
        found.append(f"{name}: it could wait for ever, because nothing sure starts it.")
    return found + _child_problems(timescale, stage, name)


def _kinds(timescale: Timescale) -> set[AnchorKind]:
    return {anchor.kind for anchor in timescale.anchors}


def _leads_back(timescale: Timescale, stage: Stage, seen: set[str]) -> bool:
    """Say whether the promise leads back to the start of the stay or to a guarded day."""
    if timescale.code in seen:
        return False
    for anchor in timescale.anchors:
        if anchor.kind in SURE:
            return True
        if anchor.kind is AnchorKind.HEARING_DAY:
            # The day of the hearing is itself asked for by the promise to hold it.
            return any(EventKind.HEARING_HELD in each.met_by for each in stage.timescales)
        other = stage.timescale(anchor.code) if anchor.kind is AnchorKind.DUE else None
        if other is not None and _leads_back(other, stage, {*seen, timescale.code}):
            return True
    return False


def _child_problems(timescale: Timescale, stage: Stage, name: str) -> list[str]:
    """Refuse a first contact or an acknowledgement that is due after the answer itself."""
    answer = stage.answer
    comparable = (
        answer is not None
        and answer is not timescale
        and answer.period.unit is timescale.period.unit
        and timescale.anchors == answer.anchors
    )
    if comparable and answer and timescale.period.count > answer.period.count:
        return [f"{name}: it is due after the answer of the stage."]
    return []


def _reachable(terms: ProcedureTerms) -> set[str]:
    reached: set[str] = set()
    waiting = [terms.first_stage]
    while waiting:
        code = waiting.pop()
        if code in reached or code not in terms.by_code:
            continue
        reached.add(code)
        waiting += [route.to for route in terms.stage(code).routes]
    return reached


def departures_from_code(terms: ProcedureTerms) -> list[Departure]:
    """Return where the procedure departs from the Complaint Handling Code of 2024."""
    return [
        *_departures_in_stages(terms),
        *_departures_in_days(terms),
        *_departures_in_requests(terms),
        *_departures_in_letters(terms),
        *_departures_outside(terms),
    ]


def _formal(terms: ProcedureTerms) -> list[Stage]:
    return [stage for stage in terms.stages if stage.kind is not StageKind.INITIAL_CONTACT]


def _departures_in_stages(terms: ProcedureTerms) -> list[Departure]:
    found = []
    formal = _formal(terms)
    if len(formal) > 2:
        found.append(Departure("5.3", f"{len(formal)} stages; the Code allows two at most."))
    for stage in terms.stages:
        if stage.kind is StageKind.INITIAL_CONTACT:
            found.append(
                Departure(
                    "5.2", f"“{stage.name}” is an extra stage before stage 1; the Code has none."
                )
            )
    if len(formal) > 1 and not formal[1].independence:
        found.append(Departure("6.13", f"{formal[1].name} may be decided by who decided before."))
    for stage in terms.stages:
        if stage.panel and stage.panel.includes_service_complained_about:
            found.append(
                Departure(
                    "6.13", f"On the panel of {stage.name} sits the service complained about."
                )
            )
    return found


def _days_from_start(stage: Stage, timescale: Timescale) -> int | None:
    """Return within how many working days of the start the promise falls at the latest."""
    if timescale.period.unit is not Unit.WORKING_DAYS:
        return None
    if any(
        anchor.kind in SURE or anchor.code == "received_by_team" for anchor in timescale.anchors
    ):
        return timescale.period.count
    days = []
    for anchor in timescale.anchors:
        other = stage.timescale(anchor.code) if anchor.kind is AnchorKind.DUE else None
        before = _days_from_start(stage, other) if other else None
        if before is not None:
            days.append(before + timescale.period.count)
    return min(days, default=None)


def _departures_in_days(terms: ProcedureTerms) -> list[Departure]:
    found = []
    limits = (("6.2", "6.3", 10), ("6.11", "6.14", 20))
    for stage, (first, then, days) in zip(_formal(terms), limits, strict=False):
        greetings = _greetings(stage, terms)
        if not any(each <= 5 for each in greetings) and (_latest_answer(stage) or 6) > 5:
            found.append(
                Departure(first, f"{stage.name} is not acknowledged within 5 working days.")
            )
        found += _answer_departure(stage, then, days)
    return found


def _greetings(stage: Stage, terms: ProcedureTerms) -> list[int]:
    """Return within how many working days the customer first hears, by each promise that says so.

    A contact before stage 1 counts for stage 1.
    """
    kinds = {EventKind.ACKNOWLEDGED, EventKind.CONTACTED, EventKind.ESCALATION_ACCEPTED}
    earlier = [each for each in terms.stages if each.kind is StageKind.INITIAL_CONTACT]
    stages = [stage, *earlier] if stage is _formal(terms)[0] else [stage]
    return [
        days
        for each in stages
        for timescale in each.timescales
        if kinds & set(timescale.met_by) and (days := _days_from_start(each, timescale)) is not None
    ]


def _latest_answer(stage: Stage) -> int | None:
    return _days_from_start(stage, stage.answer) if stage.answer else None


def _answer_departure(stage: Stage, provision: str, days: int) -> list[Departure]:
    """Compare the answer with the Code's, which counts from the acknowledgement."""
    answer = stage.answer
    if answer is None:
        return []
    from_acknowledgement = any(
        anchor.kind is AnchorKind.EVENT and anchor.code == EventKind.ACKNOWLEDGED
        for anchor in answer.anchors
    )
    latest = answer.period.count if from_acknowledgement else _latest_answer(stage)
    if latest is None or latest > days:
        told = f"{latest} working days" if latest else "no sure limit"
        return [Departure(provision, f"{stage.name} answers within {told}; the Code says {days}.")]
    return []


def _departures_in_requests(terms: ProcedureTerms) -> list[Departure]:
    found = []
    for stage in terms.stages:
        route = stage.customer_route
        if route is None:
            continue
        to = terms.stage(route.to).name
        if route.reasons_required:
            found.append(Departure("6.12", f"The customer must give reasons to ask for {to}."))
        if set(route.grounds) - CODE_GROUNDS:
            found.append(Departure("5.11", f"A request for {to} may be refused on other grounds."))
    return found


def _departures_in_letters(terms: ProcedureTerms) -> list[Departure]:
    """Compare what the letters of the two stages say with what the Code wants said."""
    found = []
    formal = _formal(terms)[:2]
    undefined = [stage.name for stage in formal if not stage.letters.acknowledgement_defines]
    if undefined:
        stages = " or ".join(undefined)
        found.append(
            Departure("5.6", f"The complaint need not be set out as {stages} is acknowledged.")
        )
    for stage, provision in zip(formal, ("6.9", "6.19"), strict=False):
        lacking = [part.words for part in CODE_PARTS if part not in stage.letters.answer_parts]
        if lacking:
            told = "; ".join(lacking)
            found.append(Departure(provision, f"The answer of {stage.name} need not say: {told}."))
        if not stage.is_answered_in_writing:
            found.append(Departure(provision, f"The answer of {stage.name} need not be written."))
    return found


def _departures_outside(terms: ProcedureTerms) -> list[Departure]:
    found = []
    for body in terms.outside_bodies:
        if body.code != "ombudsman":
            continue
        if body.wait is not None:
            found.append(Departure("3.7", f"The customer must wait {body.wait} for the Ombudsman."))
        elif body.only_after:
            found.append(Departure("3.7", "The Ombudsman may be asked only after the last stage."))
    return found
