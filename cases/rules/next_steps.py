"""What a complaint needs next, in the words of a list."""

from dataclasses import dataclass
from datetime import date

from cases.rules.periods import Unit
from cases.rules.promises import kind_of
from cases.rules.state import Status
from cases.rules.terms import ProcedureTerms, Stage


@dataclass(frozen=True, slots=True)
class Place:
    """Where a complaint stands, as its projection has it."""

    status: Status
    stage: str
    next_due: str
    window_until: date | None
    hearing_on: date | None
    needs_triage: bool
    has_officer: bool


def stage_name(terms: ProcedureTerms, code: str) -> str:
    """Return the short name of a stage: "Stage 2" for "Stage 2, review by a Director"."""
    stage = terms.by_code.get(code)
    return stage.name.split(",")[0] if stage else code


def next_step(place: Place, terms: ProcedureTerms) -> str:
    """Return what is to be done next, or what is waited for."""
    stage = terms.by_code.get(place.stage)
    if place.status is Status.CLOSED:
        return ""
    if place.needs_triage:
        return "Accept it as a complaint"
    if place.status is Status.AWAITING_DECISION:
        return f"Decide the request for {stage_name(terms, place.stage)}"
    promised = _promised(place.next_due, stage)
    if not place.has_officer and place.status is not Status.ANSWERED:
        return f"Name an officer. {promised}" if promised else "Name an officer"
    if promised:
        return promised
    if place.hearing_on is not None:
        return f"Hearing on {_day(place.hearing_on)}"
    return _after_the_answer(place, terms, stage)


def counts_working_days(terms: ProcedureTerms, stage: str, code: str) -> bool:
    """Say whether a promise is counted in working days, as one without a period is."""
    found = terms.by_code.get(stage)
    timescale = found.timescale(code) if found else None
    return timescale is None or timescale.period.unit is Unit.WORKING_DAYS


def _promised(code: str, stage: Stage | None) -> str:
    if not code:
        return ""
    if kind := kind_of(code):
        return kind.words
    timescale = stage.timescale(code) if stage else None
    return timescale.words if timescale else code.replace("-", " ").capitalize()


def _after_the_answer(place: Place, terms: ProcedureTerms, stage: Stage | None) -> str:
    if place.status is not Status.ANSWERED or stage is None:
        return "Nothing is promised"
    route = stage.customer_route
    if route is None:
        return "Answered at the last stage: close it"
    to = stage_name(terms, route.to)
    if place.window_until is not None:
        return f"Customer may ask for {to} until {_day(place.window_until)}"
    return f"Customer may ask for {to}"


def _day(day: date) -> str:
    return f"{day:%a %-d %b}"
