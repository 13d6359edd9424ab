"""Changing a draft of a procedure: its mapping with other words, figures, windows, reminders."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from cases.rules.stage_letters import StageLetters, read_letters, tell_letters

Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class RouteTerms:
    """What may be changed of the customer's way to the next stage. Empty `window`: at any time."""

    window: str
    rolls: bool
    reasons_required: bool
    grounds: Sequence[str]
    refusal_approved: bool = False


@dataclass(frozen=True, slots=True)
class PromiseTerms:
    """What may be changed of a promise. `longest_extension` is in working days."""

    period: str
    rolls: bool
    in_writing: bool
    longest_extension: int | None


def with_letters_told(words: Words) -> dict[str, Any]:
    """Return the mapping with what each stage asks of its letters told in full.

    So that nothing of it hangs on the words of a promise, which may be put otherwise.

    :raises ValueError: if what it tells cannot be read.
    """
    changed = deepcopy(dict(words))
    for stage in changed["stage"]:
        tell_letters(stage, read_letters(stage))
    return changed


def with_stage(
    words: Words,
    stage: str,
    *,
    name: str,
    decided_by_words: str,
    route: RouteTerms | None,
    letters: StageLetters | None = None,
    answer_in_writing: bool | None = None,
) -> dict[str, Any]:
    """Return the mapping with a stage's name, who decides it in words, and the customer's way on.

    With `letters` also with what it asks of its letters, with `answer_in_writing` whether the
    customer gets its answer in writing unasked; without them that stays as it is.

    :raises KeyError: if there is no such stage, or no way of the customer's where one is given.
    """
    changed = deepcopy(dict(words))
    found = _stage(changed, stage)
    found["name"] = name
    found["decided_by_words"] = decided_by_words
    if route is not None:
        way = _customer_route(found)
        _put(way, "window", route.window)
        _put(way, "rolls", route.rolls and bool(route.window))
        _put(way, "reasons_required", route.reasons_required)
        _put(way, "grounds", list(route.grounds))
        _put(way, "refusal_approved", route.refusal_approved)
    if letters is not None:
        tell_letters(found, letters)
    if answer_in_writing is not None:
        # The file says it only where it is not so.
        found.pop("answer_in_writing", None)
        found |= {} if answer_in_writing else {"answer_in_writing": False}
    return changed


def with_promise(words: Words, stage: str, code: str, promise: PromiseTerms) -> dict[str, Any]:
    """Return the mapping with the terms of a promise.

    :raises KeyError: if there is no such promise.
    """
    changed = deepcopy(dict(words))
    found = _timescale(changed, stage, code)
    found["period"] = promise.period
    _put(found, "rolls", promise.rolls)
    _put(found, "in_writing", promise.in_writing)
    _put(found, "longest_extension", promise.longest_extension)
    return changed


def with_reminders(
    words: Words, stage: str, code: str, reminders: Sequence[str] | None
) -> dict[str, Any]:
    """Return the mapping with a promise's own reminders, or with the procedure's for None.

    :raises KeyError: if there is no such promise.
    """
    changed = deepcopy(dict(words))
    found = _timescale(changed, stage, code)
    if reminders is None:
        found.pop("reminders", None)
    else:
        found["reminders"] = list(reminders)
    return changed


def with_usual_reminders(words: Words, reminders: Sequence[str]) -> dict[str, Any]:
    """Return the mapping with the reminders of every promise that has none of its own."""
    return {**deepcopy(dict(words)), "reminders": list(reminders)}


def timescale_of(words: Words, stage: str, code: str) -> dict[str, Any]:
    """Return the mapping of one promise.

    :raises KeyError: if there is no such promise.
    """
    return _timescale(words, stage, code)


def stage_of(words: Words, stage: str) -> dict[str, Any]:
    """Return the mapping of one stage.

    :raises KeyError: if there is no such stage.
    """
    return _stage(words, stage)


def customer_route_of(words: Words, stage: str) -> dict[str, Any] | None:
    """Return the mapping of the customer's way on from a stage, or nothing.

    :raises KeyError: if there is no such stage.
    """
    found = _stage(words, stage)
    return next((each for each in found.get("route", []) if each["by"] == "customer"), None)


def _stage(words: Words, code: str) -> dict[str, Any]:
    for each in words["stage"]:
        if each["code"] == code:
            found: dict[str, Any] = each
            return found
    raise KeyError(code)


def _timescale(words: Words, stage: str, code: str) -> dict[str, Any]:
    for each in _stage(words, stage)["timescale"]:
        if each["code"] == code:
            found: dict[str, Any] = each
            return found
    raise KeyError(code)


def _customer_route(stage: dict[str, Any]) -> dict[str, Any]:
    for each in stage.get("route", []):
        if each["by"] == "customer":
            found: dict[str, Any] = each
            return found
    raise KeyError("route")


def _put(table: dict[str, Any], key: str, value: Any) -> None:
    """Set what is said; leave out what the file leaves out too: no, none and nothing."""
    if value in (False, None, "", []):
        table.pop(key, None)
    else:
        table[key] = value
