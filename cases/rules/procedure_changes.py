"""What a version of a procedure changes against the one before, in plain English."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cases.rules.procedure_words import (
    grounds_sentence,
    outside_sentence,
    period_and_roll,
    period_words,
    reminders_sentence,
    route_sentence,
    stage_words,
)
from cases.rules.terms import ProcedureTerms, Route, Stage, Timescale

NONE = "none"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is different: what, and where it has values, the old and the new."""

    what: str
    old: str = ""
    new: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.old} → {self.new}" if self.old or self.new else self.what


Differences = Iterator[Difference]


def procedure_changes(old: ProcedureTerms, new: ProcedureTerms) -> list[Difference]:
    """Return what is different, in the order of the procedure."""
    return list(_changes(old, new))


def _changes(old: ProcedureTerms, new: ProcedureTerms) -> Differences:
    yield from _moved("Name", old.name, new.name)
    yield from _moved("First stage", old.first_stage, new.first_stage)
    yield from _moved("What counts as a complaint", old.definition, new.definition)
    yield from _moved(
        "Compliments and suggestions acknowledged within",
        old.feedback_acknowledgement,
        new.feedback_acknowledgement,
    )
    yield from _moved("Working days that post takes", old.post_takes, new.post_takes)
    for stage in old.stages:
        if stage.code not in new.by_code:
            yield Difference(f"{stage.name} is no longer a stage.")
    for stage in new.stages:
        if stage.code in old.by_code:
            yield from _stage_changes(old.stage(stage.code), stage, old, new)
        else:
            yield Difference(f"{stage.name} is a new stage.")
    yield from _outside_changes(old, new)
    yield from _lines("Kinds of complaint", old.kinds_of_complaint, new.kinds_of_complaint)
    yield from _lines("Standards of customer care", old.care_standards, new.care_standards)
    yield from _lines("Targets of customer care", old.care_targets, new.care_targets)
    if _rest(old) != _rest(new):
        yield Difference("Who may complain, or what is not a complaint, is different.")


def _rest(terms: ProcedureTerms) -> tuple[object, ...]:
    return (
        terms.customer_categories,
        terms.not_complaints,
        terms.separate_register,
        terms.director_refuses_unreasonable,
    )


def _stage_changes(
    old: Stage, new: Stage, before: ProcedureTerms, after: ProcedureTerms
) -> Differences:
    yield from _moved(f"Name of {old.name}", old.name, new.name)
    was, now = stage_words(before, old), stage_words(after, new)
    yield from _moved(f"{new.name}, decided by", was.decided_by, now.decided_by)
    yield from _lines(f"{new.name}, other terms", was.others, now.others)
    yield from _lines(f"{new.name}, the answer says", was.answer, now.answer)
    known = {each.code: each for each in old.timescales}
    for timescale in new.timescales:
        if timescale.code in known:
            yield from _timescale_changes(known.pop(timescale.code), timescale, old, new)
        else:
            promised = f"{timescale.words} {period_words(timescale, new)}"
            yield Difference(f"{new.name}, new promise: {promised}.")
    for gone in known.values():
        yield Difference(f"{new.name}, no longer promised: {gone.words}.")
    yield from _route_changes(old, new, before, after)


def _timescale_changes(old: Timescale, new: Timescale, was_in: Stage, is_in: Stage) -> Differences:
    name = f"{is_in.name}, {new.words[:1].lower()}{new.words[1:]}"
    yield from _moved(f"Words of {name}", old.words, new.words)
    if (old.anchors, old.earliest) != (new.anchors, new.earliest):
        yield from _moved(name, period_words(old, was_in), period_words(new, is_in))
    else:
        yield from _moved(name, period_and_roll(old.period), period_and_roll(new.period))
    yield from _moved(f"{name}, binds", old.binds.words, new.binds.words)
    yield from _moved(f"{name}, in writing", _yes(old.in_writing), _yes(new.in_writing))
    yield from _moved(
        f"{name}, longest extension in working days",
        old.longest_extension or NONE,
        new.longest_extension or NONE,
    )
    yield from _moved(
        f"{name}, a date may be agreed", _yes(old.may_be_agreed), _yes(new.may_be_agreed)
    )
    if old.reminders != new.reminders:
        yield from _moved(
            f"{name}, reminders",
            reminders_sentence(old.reminders),
            reminders_sentence(new.reminders),
        )
    if (old.met_by, old.lifted_by, old.renewed_by) != (new.met_by, new.lifted_by, new.renewed_by):
        yield Difference(f"{name}: something else meets it.")


def _route_changes(
    old: Stage, new: Stage, before: ProcedureTerms, after: ProcedureTerms
) -> Differences:
    known = {(each.to, each.by_customer): each for each in old.routes}
    for route in new.routes:
        was = known.pop((route.to, route.by_customer), None)
        if was is None:
            yield Difference(f"{new.name}, new way on: {route_sentence(route, after)}")
        else:
            yield from _route_terms(was, route, f"{new.name}, request for the next stage")
    for gone in known.values():
        yield Difference(f"{new.name}, way on that is gone: {route_sentence(gone, before)}")


def _route_terms(old: Route, new: Route, name: str) -> Differences:
    yield from _moved(f"{name}, time to ask", _window(old), _window(new))
    yield from _moved(
        f"{name}, reasons asked for", _yes(old.reasons_required), _yes(new.reasons_required)
    )
    yield from _moved(f"{name}, refusal", grounds_sentence(old), grounds_sentence(new))
    yield from _moved(
        f"{name}, when the answer is overdue",
        _yes(old.when_answer_overdue),
        _yes(new.when_answer_overdue),
    )
    yield from _moved(f"{name}, takes effect", old.handover.value, new.handover.value)


def _window(route: Route) -> str:
    return period_and_roll(route.window) if route.window else "at any time"


def _outside_changes(old: ProcedureTerms, new: ProcedureTerms) -> Differences:
    was = [outside_sentence(each, old) for each in old.outside_bodies]
    now = [outside_sentence(each, new) for each in new.outside_bodies]
    yield from _lines("Outside bodies", was, now)


def _lines(name: str, old: Iterable[str], new: Iterable[str]) -> Differences:
    was, now = list(old), list(new)
    for line in was:
        if line not in now:
            yield Difference(f"{name}, no longer: {line}")
    for line in now:
        if line not in was:
            yield Difference(f"{name}, new: {line}")


def _moved(name: str, old: object, new: object) -> Differences:
    """Yield a line with the old and the new value if they differ."""
    if old != new:
        yield Difference(name, str(old), str(new))


def _yes(value: bool) -> str:
    return "yes" if value else "no"
